//! Step 3: the JSON object that carries the claims and their MAC.

use core::ops::Range;

use serde_json::{Map, Value};

use super::content::Claims;
use super::mistakes::{self, Fault};
use crate::json::distinct;

/// The version that every UserSig of this scheme states. It is not signed.
const VERSION: &str = "2.0";

/// The object as text, and where in it the MAC stands.
#[derive(Debug)]
pub struct Json {
    /// The text.
    pub text: Vec<u8>,
    /// The MAC's base64 in it.
    pub mac: Range<usize>,
}

/// Writes the object, without spaces.
///
/// `sig` is the MAC in standard base64. Order, spaces and escapes are free, and the official signers differ in them.
/// This order, texts first, gives the longest repeats to compress.
pub fn write(claims: &Claims, sig: &[u8]) -> Json {
    let userbuf = claims.userbuf.unwrap_or_default();
    let mut text = Vec::with_capacity(192 + 2 * claims.user_id.len() + userbuf.len());
    text.extend_from_slice(b"{\"TLS.ver\":\"2.0\",\"TLS.sig\":\"");
    let mac = text.len()..text.len() + sig.len();
    text.extend_from_slice(sig);
    text.extend_from_slice(b"\",\"TLS.identifier\":\"");
    push_escaped(&mut text, claims.user_id);
    if let Some(userbuf) = claims.userbuf {
        text.extend_from_slice(b"\",\"TLS.userbuf\":\"");
        text.extend_from_slice(userbuf.as_bytes());
    }
    text.extend_from_slice(b"\",\"TLS.time\":");
    text.extend_from_slice(claims.issued_at_s.as_bytes());
    text.extend_from_slice(b",\"TLS.sdkappid\":");
    text.extend_from_slice(claims.sdk_app_id.as_bytes());
    text.extend_from_slice(b",\"TLS.expire\":");
    text.extend_from_slice(claims.expire_s.as_bytes());
    text.push(b'}');
    Json { text, mac }
}

/// Names come without control characters, so two characters are left that JSON wants escaped.
fn push_escaped(out: &mut Vec<u8>, name: &str) {
    if !name.bytes().any(|byte| matches!(byte, b'"' | b'\\')) {
        return out.extend_from_slice(name.as_bytes());
    }
    for byte in name.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

/// The object's values, not yet checked against anything.
#[derive(Debug)]
pub struct Values {
    /// `TLS.ver`.
    pub version: String,
    /// `TLS.sdkappid`.
    pub sdk_app_id: u64,
    /// `TLS.identifier`.
    pub user_id: String,
    /// `TLS.time`.
    pub issued_at_s: i64,
    /// `TLS.expire`.
    pub expire_s: i64,
    /// `TLS.userbuf`, in standard base64.
    pub userbuf: Option<String>,
    /// `TLS.sig`, in standard base64.
    pub sig: String,
}

/// Reads the object. Any order, spacing and escaping will do, and white space after it (the Go signer ends with a
/// line feed). Every field must be there with its own type: no signer writes a number as a string.
pub fn read(json: &[u8]) -> Result<Values, Fault> {
    let json = core::str::from_utf8(json)
        .map_err(|e| Fault::new(&mistakes::NOT_JSON).detail(format!("no UTF-8 after byte {}", e.valid_up_to())))?;
    let mut object = distinct(json)
        .map_err(|e| Fault::new(&mistakes::NOT_JSON).detail(format!("line {}, column {}", e.line(), e.column())))?;
    if LEGACY_KEYS.iter().any(|key| object.contains_key(*key)) {
        return Err(Fault::new(&mistakes::LEGACY_ECDSA));
    }
    let version = text(&mut object, "TLS.ver")?;
    if version != VERSION {
        return Err(Fault::new(&mistakes::OTHER_VERSION));
    }
    Ok(Values {
        version,
        sdk_app_id: number(&object, "TLS.sdkappid", Value::as_u64)?,
        user_id: text(&mut object, "TLS.identifier")?,
        issued_at_s: number(&object, "TLS.time", Value::as_i64)?,
        expire_s: number(&object, "TLS.expire", Value::as_i64)?,
        userbuf: match object.contains_key("TLS.userbuf") {
            true => Some(text(&mut object, "TLS.userbuf")?),
            false => None,
        },
        sig: text(&mut object, "TLS.sig")?,
    })
}

/// Fields of the ECDSA scheme that apps made before 2019-07-19 may still use; none of them is in this one.
const LEGACY_KEYS: [&str; 5] =
    ["TLS.account_type", "TLS.appid_at_3rd", "TLS.sdk_appid", "TLS.expire_after", "TLS.version"];

fn text(object: &mut Map<String, Value>, key: &str) -> Result<String, Fault> {
    match object.remove(key) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Fault::new(&mistakes::WRONG_TYPE).detail(format!("{key} is not a string"))),
        None => Err(Fault::new(&mistakes::MISSING_FIELD).detail(format!("{key} is missing"))),
    }
}

fn number<N>(object: &Map<String, Value>, key: &str, read: fn(&Value) -> Option<N>) -> Result<N, Fault> {
    match object.get(key) {
        Some(value) => read(value)
            .ok_or_else(|| Fault::new(&mistakes::WRONG_TYPE).detail(format!("{key} is not a whole number in range"))),
        None => Err(Fault::new(&mistakes::MISSING_FIELD).detail(format!("{key} is missing"))),
    }
}
