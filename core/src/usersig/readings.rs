//! Other readings of text that is not a UserSig: each undoes one way in which a UserSig gets damaged.

use base64::Engine;
use base64::alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::PAD_INDIFFERENT;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use percent_encoding::percent_decode_str;

use super::inspect::{UserSig, inflate, read_json};
use super::mistakes::{self, Fault, Mistake};
use super::{MAX_JSON_BYTES, text};
use crate::credentials::SecretKey;

const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, PAD_INDIFFERENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, PAD_INDIFFERENT);

/// A way back from the text to the JSON object.
type Reading = fn(&str) -> Option<Vec<u8>>;

/// All readings; the first that leads to a UserSig's JSON object tells the mistake.
static READINGS: &[(&Mistake, Reading)] = &[
    (&mistakes::WHITE_SPACE, |text| service(&text.split_ascii_whitespace().collect::<String>())),
    (&mistakes::QUOTES, |text| service(text.trim_matches(['"', '\'', '`']))),
    (&mistakes::PADDING_MISSING, |text| {
        let padding = ["", "_", "__", "___"][text.len().wrapping_neg() % 4];
        service(&format!("{text}{padding}"))
    }),
    (&mistakes::STANDARD_BASE64, standard),
    (&mistakes::URL_DECODED, |text| standard(&text.replace(' ', "+"))),
    (&mistakes::URL_SAFE_BASE64, url_safe),
    (&mistakes::PERCENT_ENCODED, |text| service(&percent_decoded(text)?)),
    (&mistakes::STANDARD_BASE64, |text| standard(&percent_decoded(text)?)),
    (&mistakes::URL_SAFE_BASE64, |text| url_safe(&percent_decoded(text)?)),
    (&mistakes::PERCENT_ENCODED_TWICE, |text| {
        let text = percent_decoded(&percent_decoded(text)?)?;
        service(&text).or_else(|| standard(&text)).or_else(|| url_safe(&text))
    }),
    (&mistakes::BASE64_TWICE, |text| {
        let inner = String::from_utf8(any_base64(text)?).ok()?;
        let inner = inner.trim();
        service(inner).or_else(|| standard(inner)).or_else(|| url_safe(inner))
    }),
    (&mistakes::NOT_ENCODED, |text| Some(text.as_bytes().to_vec())),
    (&mistakes::NOT_COMPRESSED, any_base64),
    (&mistakes::RAW_DEFLATE, |text| raw(&any_base64(text)?)),
    (&mistakes::GZIP, |text| {
        // Ten bytes of header, when none of the optional fields is there: no encoder of a buffer writes any.
        raw(any_base64(text)?.strip_prefix(&[0x1f, 0x8b, 8, 0])?.get(6..)?)
    }),
    (&mistakes::HEX, |text| inflate(&unhex(text)?).ok()),
];

/// Looks for the reading under which the text is a UserSig after all, and gives what it then states.
pub(super) fn find(text: &str, keys: &[SecretKey]) -> Option<(Fault, Option<UserSig>)> {
    for (mistake, reading) in READINGS {
        let Some(json) = reading(text) else { continue };
        match read_json(&json) {
            Ok(user_sig) => return Some((Fault::new(mistake), Some(user_sig))),
            Err(fault) if fault.mistake == &mistakes::NOT_JSON => {}
            // It is a UserSig's JSON under this reading, if a poor one: a spoilt signature of the older scheme, say.
            Err(_) => return Some((Fault::new(mistake), None)),
        }
    }
    Some((Fault::new(lookalike(text, keys)?), None))
}

/// What the text looks like, if no reading leads anywhere.
fn lookalike(text: &str, keys: &[SecretKey]) -> Option<&'static Mistake> {
    let trimmed = text.trim();
    let is_key = trimmed.len() == 64 && trimmed.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_key || keys.iter().any(|key| key.as_bytes() == trimmed.as_bytes()) {
        return Some(&mistakes::SECRET_KEY_SENT);
    }
    if trimmed.starts_with("eyJ") && trimmed.split('.').count() == 3 {
        return Some(&mistakes::JWT);
    }
    // A hundred letters of random case are all of one case by chance once in 2^100 times.
    let letters = || trimmed.chars().filter(char::is_ascii_alphabetic);
    if letters().count() > 100
        && (letters().all(|c| c.is_ascii_lowercase()) || letters().all(|c| c.is_ascii_uppercase()))
    {
        return Some(&mistakes::LETTER_CASE_LOST);
    }
    // Cut at any place: whole groups of four are left, and they inflate as far as they go.
    let groups = trimmed.get(..trimmed.len() & !3)?;
    match text::decode(groups).map(|zlib| inflate(&zlib)) {
        Some(Err(fault)) if fault.mistake == &mistakes::CUT_SHORT => Some(&mistakes::CUT_SHORT),
        _ => None,
    }
}

fn service(text: &str) -> Option<Vec<u8>> {
    inflate(&text::decode(text)?).ok()
}

fn standard(text: &str) -> Option<Vec<u8>> {
    inflate(&STANDARD.decode(text).ok()?).ok()
}

fn url_safe(text: &str) -> Option<Vec<u8>> {
    inflate(&URL_SAFE.decode(text).ok()?).ok()
}

fn any_base64(text: &str) -> Option<Vec<u8>> {
    text::decode(text).or_else(|| STANDARD.decode(text).ok()).or_else(|| URL_SAFE.decode(text).ok())
}

fn raw(deflated: &[u8]) -> Option<Vec<u8>> {
    decompress_to_vec_with_limit(deflated, MAX_JSON_BYTES).ok()
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// Bytes from hexadecimal digits, of either case.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
