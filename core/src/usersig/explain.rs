//! Saying in words what is wrong with a UserSig.

use subtle::ConstantTimeEq;

use super::inspect::{UserSig, read};
use super::mac::Keyed;
use super::mistakes::{self, Fault, Mistake};
use super::readings::{self, unhex};
use super::verify::{Expect, UserbufRule, signed_by_one_of, stated_fault};
use super::{MAX_EXPIRE_S, MAX_TIME_S, MIN_TIME_S, text};
use crate::credentials::{MAX_USER_ID_BYTES, SecretKey};
use crate::endpoint::find_region;

/// Seconds by which two clocks may differ without being remarked on.
const CLOCK_TOLERANCE_S: i64 = 300;

/// What the caller believes about a UserSig. All but the time may be left open.
#[derive(Clone, Copy, Debug)]
pub struct Belief<'a> {
    /// The app it is for.
    pub sdk_app_id: Option<u32>,
    /// The app's secret key; several during a rotation; none to leave the signature unchecked.
    pub keys: &'a [SecretKey],
    /// The user it is for.
    pub user_id: Option<&'a str>,
    /// The region that is called, by its name in the options. A UserSig does not tell its own.
    pub region: Option<&'a str>,
    /// The time, in Unix seconds.
    pub now_s: u64,
}

/// What is wrong with a UserSig, if anything.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether it is good: it can be read, states what the caller believes, has not expired, is signed with one of
    /// the keys, and has no odd values. Never true when no key was given.
    pub ok: bool,
    /// What the service answers; none where it accepts the UserSig or its answer is not documented.
    pub code: Option<i64>,
    /// Stable name of the mistake, one of [`MISTAKES`](super::MISTAKES), or `ok`.
    pub mistake: &'static str,
    /// Why, in one sentence.
    pub cause: String,
    /// What to do about it.
    pub cure: String,
    /// What it states, where that can be made out; perhaps only after undoing the mistake.
    pub user_sig: Option<UserSig>,
}

/// Says which code the service would answer to a UserSig, why, and what to do.
///
/// Goes through the same checks as [`verify`](super::verify) in the same order and gives the first that fails, then
/// looks closer: how a text that cannot be read got spoilt, what was done wrong with the key, and values that no
/// verifier refuses but nobody means. Takes any text; more than
/// [`MAX_USER_SIG_CHARS`](super::MAX_USER_SIG_CHARS) characters are not looked at.
pub fn explain(user_sig: &str, belief: &Belief) -> Explanation {
    match read(user_sig) {
        Ok(user_sig) => match first_fault(&user_sig, belief) {
            Some(fault) => explanation(&fault, Some(user_sig)),
            None => fine(user_sig, belief),
        },
        Err(fault) if UNREADABLE.contains(&fault.mistake) => {
            let (fault, user_sig) = readings::find(user_sig, belief.keys).unwrap_or((fault, None));
            explanation(&fault, user_sig)
        }
        Err(fault) => explanation(&fault, None),
    }
}

/// Faults that another reading of the text may explain better.
const UNREADABLE: [&Mistake; 5] =
    [&mistakes::NOT_BASE64, &mistakes::CUT_SHORT, &mistakes::NOT_ZLIB, &mistakes::DAMAGED, &mistakes::TOO_LARGE];

fn explanation(fault: &Fault, user_sig: Option<UserSig>) -> Explanation {
    Explanation {
        ok: false,
        code: fault.mistake.code,
        mistake: fault.mistake.id,
        cause: format!("{}: {}", fault.mistake.message, fault.cause()),
        cure: fault.mistake.cure.into(),
        user_sig,
    }
}

/// Nothing is wrong that can be seen from here; the rest is with the service.
fn fine(user_sig: UserSig, belief: &Belief) -> Explanation {
    let region = belief.region.unwrap_or("that is called");
    Explanation {
        ok: true,
        code: None,
        mistake: "ok",
        cause: format!(
            "nothing is wrong with it, and it is good for {} more seconds",
            user_sig.remaining_s(belief.now_s)
        ),
        cure: format!(
            "nothing to do; should the service answer 70016 or 70020 all the same, the app does not live in the data \
             centre {region}, and 70052 means that a kick has ended this UserSig"
        ),
        user_sig: Some(user_sig),
    }
}

/// The first thing wrong with a UserSig that can be read.
fn first_fault(user_sig: &UserSig, belief: &Belief) -> Option<Fault> {
    let expect = Expect {
        sdk_app_id: belief.sdk_app_id,
        user_id: belief.user_id,
        userbuf: UserbufRule::Any,
        ..Expect::at(belief.now_s)
    };
    odd_now(belief.now_s)
        .or_else(|| stated_fault(user_sig, &expect).map(|fault| closer(fault, user_sig, belief)))
        .or_else(|| signature_fault(user_sig, belief.keys))
        .or_else(|| odd_values(user_sig, belief.now_s))
        .or_else(|| unknown_region(belief.region?))
        .or_else(|| belief.keys.is_empty().then(|| Fault::new(&mistakes::NO_KEY_GIVEN)))
}

/// Without a sane time nothing can be said about expiry.
fn odd_now(now_s: u64) -> Option<Fault> {
    match now_s {
        ..MIN_TIME_S => Some(Fault::new(&mistakes::NOW_NOT_SET)),
        MIN_TIME_S..=MAX_TIME_S => None,
        _ => Some(Fault::new(&mistakes::NOW_IN_MILLISECONDS)),
    }
}

/// Nothing in a UserSig tells its region, so that only the name can be checked.
fn unknown_region(name: &str) -> Option<Fault> {
    let error = find_region(name).err()?;
    Some(Fault::new(&mistakes::UNKNOWN_REGION).detail(error.cure.as_deref().unwrap_or_default().to_owned()))
}

/// Says more about a statement that does not hold.
fn closer(fault: Fault, user_sig: &UserSig, belief: &Belief) -> Fault {
    if fault.mistake == &mistakes::EXPIRED {
        return if user_sig.issued_at_s < MIN_TIME_S as i64 { Fault::new(&mistakes::CLOCK_NOT_SET) } else { fault };
    }
    let more = match belief.user_id {
        Some(user_id) if fault.mistake == &mistakes::OTHER_USER => {
            if user_sig.user_id.eq_ignore_ascii_case(user_id) {
                "; they differ in letter case only"
            } else if user_sig.user_id.trim() == user_id.trim() {
                "; they differ in white space only"
            } else {
                ""
            }
        }
        _ if fault.mistake == &mistakes::OTHER_APP && signed_by_one_of(user_sig, belief.keys) => {
            "; the key given is the one it was signed with"
        }
        _ => "",
    };
    let detail = fault.detail.unwrap_or_default() + more;
    Fault { mistake: fault.mistake, detail: Some(detail) }
}

/// Whether the signature fails, and if so, whether one of the usual slips with key or content makes it.
fn signature_fault(user_sig: &UserSig, keys: &[SecretKey]) -> Option<Fault> {
    if keys.is_empty() || signed_by_one_of(user_sig, keys) {
        return None;
    }
    let right = user_sig.content();
    let made_by = |key: &[u8], content: &[u8]| bool::from(Keyed::new(key).mac(content).ct_eq(&user_sig.mac));
    let slip = keys.iter().map(SecretKey::as_bytes).find_map(|key| {
        let slip = KEY_SLIPS.iter().find(|(_, slip)| slip(key).iter().any(|wrong| made_by(wrong, &right)));
        if let Some((mistake, _)) = slip {
            return Some(Fault::new(mistake));
        }
        if made_by(&right, key) {
            let detail = "key and content changed places in the call of HMAC".into();
            return Some(Fault::new(&mistakes::CONTENT_DIFFERS).detail(detail));
        }
        let slip = CONTENT_SLIPS.iter().find(|(_, slip)| made_by(key, &slip(&right)));
        slip.map(|(detail, _)| Fault::new(&mistakes::CONTENT_DIFFERS).detail((*detail).into()))
    });
    Some(slip.unwrap_or_else(|| Fault::new(&mistakes::KEY_OF_ANOTHER_APP)))
}

/// A key to the keys that were used for it by mistake.
type KeySlip = fn(&[u8]) -> Vec<Vec<u8>>;

static KEY_SLIPS: &[(&Mistake, KeySlip)] = &[
    (&mistakes::KEY_HEX_DECODED, |key| core::str::from_utf8(key).ok().and_then(unhex).into_iter().collect()),
    (&mistakes::KEY_BASE64_DECODED, |key| {
        core::str::from_utf8(key).ok().and_then(text::decode_field).into_iter().collect()
    }),
    (&mistakes::KEY_LETTER_CASE, |key| vec![key.to_ascii_lowercase(), key.to_ascii_uppercase()]),
    (&mistakes::KEY_WITH_WHITE_SPACE, |key| {
        let around = [("", "\n"), ("", "\r\n"), ("", "\r"), ("", " "), (" ", ""), ("\"", "\""), ("'", "'")];
        around.map(|(before, after)| [before.as_bytes(), key, after.as_bytes()].concat()).into()
    }),
];

/// The right content to the one that was signed by mistake.
type ContentSlip = fn(&[u8]) -> Vec<u8>;

static CONTENT_SLIPS: &[(&str, ContentSlip)] = &[
    ("the last line has no line feed", |content| content.strip_suffix(b"\n").unwrap_or(content).into()),
    ("lines end with carriage return and line feed", |content| replace(content, b'\n', b"\r\n")),
    ("lines are not ended at all", |content| replace(content, b'\n', b"")),
    ("there is a space after each colon", |content| replace(content, b':', b": ")),
    ("the userbuf is not signed", |content| {
        let text = String::from_utf8_lossy(content);
        text.lines()
            .filter(|line| !line.starts_with("TLS.userbuf:"))
            .fold(String::new(), |all, line| all + line + "\n")
            .into()
    }),
];

fn replace(content: &[u8], from: u8, to: &[u8]) -> Vec<u8> {
    content.split(|byte| *byte == from).collect::<Vec<_>>().join(to)
}

/// Values that verify and are wrong all the same.
fn odd_values(user_sig: &UserSig, now_s: u64) -> Option<Fault> {
    let UserSig { issued_at_s, expire_s, .. } = *user_sig;
    if !(1..=u64::from(u32::MAX)).contains(&user_sig.sdk_app_id) {
        return Some(Fault::new(&mistakes::NO_SUCH_APP));
    }
    if !(1..=MAX_USER_ID_BYTES).contains(&user_sig.user_id.len()) {
        return Some(Fault::new(&mistakes::NAME_OUT_OF_RANGE));
    }
    if expire_s <= 0 {
        return Some(Fault::new(&mistakes::EXPIRE_NOT_POSITIVE));
    }
    if issued_at_s > MAX_TIME_S as i64 {
        return Some(Fault::new(&mistakes::TIME_IN_MILLISECONDS).detail(format!("TLS.time is {issued_at_s}")));
    }
    if expire_s > MAX_EXPIRE_S as i64 {
        let mistake = odd_expire(issued_at_s, expire_s);
        return Some(Fault::new(mistake).detail(format!("TLS.expire is {expire_s}")));
    }
    if issued_at_s > (now_s as i64).saturating_add(CLOCK_TOLERANCE_S) {
        let detail = format!("it was signed at {issued_at_s}, now is {now_s}");
        return Some(Fault::new(&mistakes::ISSUED_IN_THE_FUTURE).detail(detail));
    }
    None
}

/// A lifetime over 50 years: whole hours in milliseconds, a time to come, in seconds or milliseconds, or just too long.
fn odd_expire(issued_at_s: i64, expire_s: i64) -> &'static Mistake {
    let lifetimes = 1..=MAX_EXPIRE_S as i64;
    if expire_s % 3_600_000 == 0 && lifetimes.contains(&(expire_s / 1000)) {
        &mistakes::EXPIRE_IN_MILLISECONDS
    } else if lifetimes.contains(&(expire_s - issued_at_s)) || lifetimes.contains(&(expire_s / 1000 - issued_at_s)) {
        &mistakes::EXPIRE_IS_AN_INSTANT
    } else {
        &mistakes::EXPIRE_TOO_LONG
    }
}
