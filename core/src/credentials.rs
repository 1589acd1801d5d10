//! Who signs: the app and its secret key.

use core::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::variables::stray;

/// Longest secret key accepted, in bytes. The console hands out 64 hex digits.
const MAX_KEY_BYTES: usize = 1024;

/// The app's secret key from the console. Its characters are the HMAC key as they stand: they are not hex-decoded.
///
/// Wiped from memory on drop; `Debug` never shows it.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Takes the key as the console shows it. White space or quotation marks around it are refused rather than cut off:
    /// a key with either signs UserSigs that the service answers with 70009, and whoever handed it over should know.
    pub fn new(key: impl Into<String>) -> Result<Self> {
        let key = Zeroizing::new(key.into());
        // Nearly every key, told at a glance: `sign_user_sig` of Python takes one in for each signature.
        if (1..=MAX_KEY_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(Self(key));
        }
        let fault = if key.is_empty() {
            "the secret key is empty"
        } else if key.len() > MAX_KEY_BYTES {
            "the secret key is longer than 1024 bytes"
        } else if key.trim().len() != key.len() {
            "the secret key has white space or a line break around it"
        } else if key.chars().any(char::is_control) {
            "the secret key has control characters in it"
        } else if let Some((fault, cure)) = stray(&key) {
            return Err(Error::new(Kind::Config, fault).at("secret_key").cure(cure));
        } else {
            return Ok(Self(key));
        };
        Err(Error::new(Kind::Config, fault)
            .at("secret_key")
            .cure("copy the key of this SDKAppID from the console: it is usually 64 hex digits"))
    }

    /// The bytes of the HMAC key.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// What to do about an app id that is wrong.
pub(crate) const APP_ID_CURE: &str = "take the SDKAppID from the console, for example 1400000000";

/// Checks an app id: the console's SDKAppID, never 0.
pub fn check_app_id(sdk_app_id: u32) -> Result<u32> {
    if sdk_app_id == 0 {
        return Err(Error::new(Kind::Config, "the SDKAppID is 0").at("sdk_app_id").cure(APP_ID_CURE));
    }
    Ok(sdk_app_id)
}

/// Longest user id, in bytes of UTF-8.
pub const MAX_USER_ID_BYTES: usize = 32;

/// Says what is wrong with a user id and what would be right, or nothing when it is good.
pub fn user_id_fault(user_id: &str) -> Option<(String, &'static str)> {
    if user_id.is_empty() {
        Some(("the user id is empty".into(), "name a user: 1 to 32 bytes"))
    } else if is_uuid(user_id) {
        Some((
            format!("the user id has {} bytes", user_id.len()),
            "use at most 32 bytes: this is a UUID, which has 32 without its dashes",
        ))
    } else if user_id.len() > MAX_USER_ID_BYTES {
        Some((
            format!("the user id has {} bytes", user_id.len()),
            "use at most 32 bytes of UTF-8 (letters and digits count one byte, other characters two to four)",
        ))
    } else if user_id.chars().any(char::is_control) {
        Some(("the user id has a control character or line break in it".into(), "use printable characters only"))
    } else {
        None
    }
}

/// Whether a text is a UUID with dashes, the commonest id that is too long.
fn is_uuid(text: &str) -> bool {
    let groups = [8, 4, 4, 4, 12];
    text.split('-').map(str::len).eq(groups) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
