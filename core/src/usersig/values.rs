//! Verifying and inspecting with plain values in and out, for the bindings.

use serde::Deserializer;
use serde_json::{Value, json};

use super::{Expect, UserSig, UserbufRule, inspect, verify};
use crate::credentials::SecretKey;
use crate::error::{Kind, Result};
use crate::schema::names::{Style, camel};
use crate::schema::{shape, walk};

shape! {
    /// What a UserSig must state to be accepted, beside the key that must have signed it.
    pub struct VerifyUserSig {
        /// The app's secret key, or several during a key's rotation.
        secret_keys: Vec<String> = "secret_keys" (items 1..=16),
        /// The app; any where none is given.
        sdk_app_id: Option<u32> = "sdk_app_id" (range 1..=4294967295),
        /// The user; any where none is given.
        user_id: Option<String> = "user_id",
        /// The time, in Unix seconds.
        now: u64 = "now",
        /// Seconds to go on accepting it after its end.
        leeway: Option<u32> = "leeway",
        /// Accepts a UserSig with a userbuf, such as a PrivateMapKey, which Chat itself never has.
        allow_userbuf: Option<bool> = "allow_userbuf",
    }
}

/// Verifies with the parameters of [`VerifyUserSig`] and gives what the UserSig states.
pub fn verify_value<'de, D: Deserializer<'de>>(user_sig: &str, params: D, style: Style) -> Result<Value> {
    let params: VerifyUserSig = walk::settings(VerifyUserSig::shape, Kind::InvalidInput, params, style)?;
    let keys = params.secret_keys.into_iter().map(SecretKey::new).collect::<Result<Vec<_>>>()?;
    let expect = Expect {
        sdk_app_id: params.sdk_app_id,
        user_id: params.user_id.as_deref(),
        userbuf: match params.allow_userbuf {
            Some(true) => UserbufRule::Any,
            _ => UserbufRule::Absent,
        },
        now_s: params.now,
        leeway_s: params.leeway.unwrap_or(0).into(),
    };
    verify(user_sig, &keys, &expect).map(|sig| describe(&sig, params.now, style))
}

/// Inspects and gives what the UserSig states.
pub fn inspect_value(user_sig: &str, now_s: u64, style: Style) -> Result<Value> {
    inspect(user_sig).map(|sig| describe(&sig, now_s, style))
}

fn describe(sig: &UserSig, now_s: u64, style: Style) -> Value {
    use base64::Engine as _;
    let facts = [
        ("version", json!(sig.version)),
        ("sdk_app_id", json!(sig.sdk_app_id)),
        ("user_id", json!(sig.user_id)),
        ("issued_at", json!(sig.issued_at_s)),
        ("expire", json!(sig.expire_s)),
        ("expires_at", json!(sig.expires_at_s())),
        ("remaining", json!(sig.remaining_s(now_s))),
        ("userbuf", json!(sig.userbuf.as_ref().map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes)))),
    ];
    facts
        .into_iter()
        .map(|(name, value)| (if style == Style::Camel { camel(name) } else { name.into() }, value))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
