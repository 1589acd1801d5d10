//! Reading a UserSig without a key.

use core::fmt;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::content::{Claims, content};
use super::mistakes::{self, Fault};
use super::{MAX_JSON_BYTES, MAX_USER_SIG_CHARS, json, text, zeros};
use crate::error::Result;

/// What a UserSig states. Whether it is genuine only [`verify`](super::verify) says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserSig {
    /// Version of the scheme, always `2.0`.
    pub version: String,
    /// The app.
    pub sdk_app_id: u64,
    /// The user.
    pub user_id: String,
    /// When it was signed, in Unix seconds.
    pub issued_at_s: i64,
    /// How long it lives from then on, in seconds.
    pub expire_s: i64,
    /// Extra data, such as a PrivateMapKey; none for Chat.
    pub userbuf: Option<Vec<u8>>,
    /// The MAC. Who has it together with the other fields has the UserSig, so it stays private.
    pub(super) mac: [u8; 32],
}

impl UserSig {
    /// The last second it is good for, in Unix seconds.
    pub fn expires_at_s(&self) -> i64 {
        self.issued_at_s.saturating_add(self.expire_s)
    }

    /// Seconds left at a time in Unix seconds; negative once it has expired, 0 in its last good second.
    pub fn remaining_s(&self, now_s: u64) -> i64 {
        self.expires_at_s().saturating_sub(i64::try_from(now_s).unwrap_or(i64::MAX))
    }

    /// The content that was signed.
    pub(super) fn content(&self) -> Vec<u8> {
        content(&Claims {
            sdk_app_id: &self.sdk_app_id.to_string(),
            user_id: &self.user_id,
            issued_at_s: &self.issued_at_s.to_string(),
            expire_s: &self.expire_s.to_string(),
            userbuf: self.userbuf.as_deref().map(text::encode_field).as_deref(),
        })
    }
}

impl fmt::Debug for UserSig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSig")
            .field("version", &self.version)
            .field("sdk_app_id", &self.sdk_app_id)
            .field("user_id", &self.user_id)
            .field("issued_at_s", &self.issued_at_s)
            .field("expire_s", &self.expire_s)
            .field("userbuf", &self.userbuf)
            .finish_non_exhaustive()
    }
}

/// Reads every field of a UserSig. Needs no key, so it proves nothing: anyone can write what this reads.
///
/// Takes at most [`MAX_USER_SIG_CHARS`] characters and inflates at most [`MAX_JSON_BYTES`] bytes.
/// Fails with [`Kind::Signature`](crate::Kind) and code 70002 (empty) or 70003 (anything else that cannot be read).
pub fn inspect(user_sig: &str) -> Result<UserSig> {
    Ok(read(user_sig)?)
}

/// [`inspect`] with the mistake still by its name.
pub(super) fn read(user_sig: &str) -> core::result::Result<UserSig, Fault> {
    if user_sig.is_empty() {
        return Err(Fault::new(&mistakes::EMPTY));
    }
    if user_sig.len() > MAX_USER_SIG_CHARS {
        return Err(Fault::new(&mistakes::TOO_LONG));
    }
    let zlib = text::decode(user_sig).ok_or_else(|| Fault::new(&mistakes::NOT_BASE64))?;
    read_json(&inflate(&zlib)?)
}

/// From the JSON object on.
pub(super) fn read_json(json: &[u8]) -> core::result::Result<UserSig, Fault> {
    check(json::read(json)?)
}

/// Inflates at most [`MAX_JSON_BYTES`].
pub(super) fn inflate(zlib: &[u8]) -> core::result::Result<Vec<u8>, Fault> {
    let mut json = zeros(MAX_JSON_BYTES);
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, read, written) = decompress(&mut Box::<DecompressorOxide>::default(), zlib, &mut json, 0, flags);
    json.truncate(written);
    match status {
        TINFLStatus::Done if read < zlib.len() => {
            Err(Fault::new(&mistakes::DAMAGED).detail(format!("{} bytes follow its end", zlib.len() - read)))
        }
        TINFLStatus::Done => Ok(json),
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => Err(Fault::new(&mistakes::CUT_SHORT)),
        TINFLStatus::HasMoreOutput => Err(Fault::new(&mistakes::TOO_LARGE)),
        TINFLStatus::Adler32Mismatch => Err(Fault::new(&mistakes::DAMAGED)),
        _ => Err(Fault::new(&mistakes::NOT_ZLIB)),
    }
}

/// Decodes the two fields in base64, and refuses a name that makes the signed content ambiguous.
fn check(values: json::Values) -> core::result::Result<UserSig, Fault> {
    if values.user_id.chars().any(char::is_control) {
        return Err(Fault::new(&mistakes::CONTROL_CHARACTER));
    }
    let bad_base64 = |key: &str| Fault::new(&mistakes::BAD_FIELD_BASE64).detail(key.to_owned());
    let userbuf = match &values.userbuf {
        Some(userbuf) => Some(text::decode_field(userbuf).ok_or_else(|| bad_base64("TLS.userbuf"))?),
        None => None,
    };
    let mac = text::decode_field(&values.sig).and_then(|mac| mac.try_into().ok()).ok_or_else(|| {
        let hex = text::decode_field(&values.sig).unwrap_or_default();
        if hex.len() == 64 && hex.iter().all(u8::is_ascii_hexdigit) {
            Fault::new(&mistakes::MAC_IN_HEX)
        } else {
            bad_base64("TLS.sig is not 32 bytes")
        }
    })?;
    Ok(UserSig {
        version: values.version,
        sdk_app_id: values.sdk_app_id,
        user_id: values.user_id,
        issued_at_s: values.issued_at_s,
        expire_s: values.expire_s,
        userbuf,
        mac,
    })
}
