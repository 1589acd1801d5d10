//! UserSig functions with plain values in and out, for the bindings: one entry, [`tool`], by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{
    Belief, Expect, Privileges, Room, Signer, UserSig, UserbufRule, explain, inspect, parse_private_map_key, verify,
};
use crate::credentials::SecretKey;
use crate::error::{Error, Kind, Result};
use crate::json::object;
use crate::schema::names::Style;
use crate::schema::walk::{self, Input};
use crate::schema::{Redacted, Settings, settings};

settings! {
    /// What a UserSig must state to be accepted, beside the key that must have signed it.
    pub struct VerifyUserSig {
        /// The app's secret key, or several during a key's rotation.
        secret_key: Vec<Redacted> = "secret_key" (items 1..=16),
        /// The app. Defaults to any.
        sdk_app_id: Option<u32> = "sdk_app_id" (range 1..=4294967295),
        /// The user. Defaults to any.
        user_id: Option<String> = "user_id",
        /// The time, in Unix seconds.
        now: u64 = "now",
        /// Seconds to go on accepting it after its end.
        leeway: Option<u32> = "leeway",
        /// Accepts a UserSig with a userbuf, such as a PrivateMapKey, which Chat itself never has.
        allow_userbuf: Option<bool> = "allow_userbuf",
    }
}

settings! {
    /// A UserSig and what its sender believes about it.
    pub struct ExplainUserSig {
        /// The UserSig, however broken.
        user_sig: String = "user_sig",
        /// The app's secret key, or several; none to leave the signature unchecked.
        secret_key: Option<Vec<Redacted>> = "secret_key" (items ..=16),
        /// The app that it is for.
        sdk_app_id: Option<u32> = "sdk_app_id" (range 1..=4294967295),
        /// The user that it is for.
        user_id: Option<String> = "user_id",
        /// The region that is called.
        region: Option<String> = "region",
        /// The time, in Unix seconds.
        now: u64 = "now",
    }
}

settings! {
    /// A PrivateMapKey to sign: lets one user into one room of TRTC.
    pub struct SignPrivateMapKey {
        /// The app.
        sdk_app_id: u32 = "sdk_app_id" (range 1..=4294967295),
        /// The app's secret key.
        secret_key: Redacted = "secret_key",
        /// The user.
        user_id: String = "user_id",
        /// The room's number.
        room_id: Option<u32> = "room_id",
        /// The room's name.
        room_name: Option<String> = "room_name",
        /// The rights by name, such as `enter_room`. Defaults to all.
        privileges: Option<Vec<String>> = "privileges" (items ..=8),
        /// The time, in Unix seconds.
        now: u64 = "now",
        /// Lifetime in seconds.
        expire: u64 = "expire",
    }
    exactly_one(room_id, room_name);
}

settings! {
    /// A PrivateMapKey to read.
    pub struct ParsePrivateMapKey {
        /// The PrivateMapKey as it was signed.
        private_map_key: Option<String> = "private_map_key",
        /// Its userbuf alone, in standard base64.
        userbuf: Option<String> = "userbuf",
    }
    exactly_one(private_map_key, userbuf);
}

/// Runs a function by its name: `explain_user_sig`, `sign_private_map_key`, `parse_private_map_key`.
pub fn tool(name: &str, params: &mut dyn Input, style: Style) -> Result<Value> {
    match name {
        "explain_user_sig" => read(ExplainUserSig::shape, params, style).map(|params| explain_value(&params, style))?,
        "sign_private_map_key" => sign_private_map_key(&read(SignPrivateMapKey::shape, params, style)?),
        "parse_private_map_key" => parse_value(&read(ParsePrivateMapKey::shape, params, style)?, style),
        _ => Err(Error::new(Kind::Internal, "no such function")),
    }
}

fn read<T: Settings>(table: crate::schema::Table, params: &mut dyn Input, style: Style) -> Result<T> {
    walk::settings(table, Kind::InvalidInput, params, style)
}

fn keys_of(keys: Vec<Redacted>) -> Result<Vec<SecretKey>> {
    keys.into_iter().map(|key| SecretKey::new(key.0)).collect()
}

/// Verifies with the parameters of [`VerifyUserSig`] and gives what the UserSig states.
pub fn verify_value(user_sig: &str, params: &mut dyn Input, style: Style) -> Result<Value> {
    let params: VerifyUserSig = read(VerifyUserSig::shape, params, style)?;
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
    verify(user_sig, &keys_of(params.secret_key)?, &expect).map(|sig| describe(&sig, params.now, style))
}

/// Inspects and gives what the UserSig states.
pub fn inspect_value(user_sig: &str, now_s: u64, style: Style) -> Result<Value> {
    inspect(user_sig).map(|sig| describe(&sig, now_s, style))
}

fn explain_value(params: &ExplainUserSig, style: Style) -> Result<Value> {
    let keys = keys_of(params.secret_key.clone().unwrap_or_default())?;
    let belief = Belief {
        sdk_app_id: params.sdk_app_id,
        keys: &keys,
        user_id: params.user_id.as_deref(),
        region: params.region.as_deref(),
        now_s: params.now,
    };
    let explanation = explain(&params.user_sig, &belief);
    Ok(named(
        style,
        [
            ("ok", json!(explanation.ok)),
            ("code", json!(explanation.code)),
            ("mistake", json!(explanation.mistake)),
            ("cause", json!(explanation.cause)),
            ("cure", json!(explanation.cure)),
            ("user_sig", explanation.user_sig.map_or(Value::Null, |sig| describe(&sig, params.now, style))),
        ],
    ))
}

fn sign_private_map_key(params: &SignPrivateMapKey) -> Result<Value> {
    let signer = Signer::new(params.sdk_app_id, &SecretKey::new(params.secret_key.0.clone())?)?;
    let room = match (&params.room_name, params.room_id) {
        (Some(name), _) => Room::Text(name.clone()),
        (None, number) => Room::Number(number.unwrap_or_default()),
    };
    let privileges = match &params.privileges {
        Some(names) => Privileges::from_names(names.iter().map(String::as_str))?,
        None => Privileges::ALL,
    };
    signer.private_map_key(&params.user_id, &room, privileges, params.now, params.expire).map(Value::from)
}

fn parse_value(params: &ParsePrivateMapKey, style: Style) -> Result<Value> {
    let no_userbuf =
        || Error::new(Kind::InvalidInput, "it holds no userbuf").cure("pass a PrivateMapKey, not a UserSig");
    let userbuf = match (&params.private_map_key, &params.userbuf) {
        (Some(sig), _) => inspect(sig)?.userbuf.ok_or_else(|| no_userbuf().at("private_map_key"))?,
        (None, text) => STANDARD.decode(text.as_deref().unwrap_or_default()).map_err(|_| {
            Error::new(Kind::InvalidInput, "the userbuf is not standard base64").at("userbuf").cure("encode its bytes")
        })?,
    };
    let key = parse_private_map_key(&userbuf)?;
    let (room_id, room_name) = match &key.room {
        Room::Number(number) => (json!(number), Value::Null),
        Room::Text(name) => (Value::Null, json!(name)),
    };
    Ok(named(
        style,
        [
            ("user_id", json!(key.user_id)),
            ("sdk_app_id", json!(key.sdk_app_id)),
            ("room_id", room_id),
            ("room_name", room_name),
            ("expires_at", json!(key.expires_at_s)),
            ("privileges", json!(key.privileges.names().collect::<Vec<_>>())),
        ],
    ))
}

fn describe(sig: &UserSig, now_s: u64, style: Style) -> Value {
    named(
        style,
        [
            ("version", json!(sig.version)),
            ("sdk_app_id", json!(sig.sdk_app_id)),
            ("user_id", json!(sig.user_id)),
            ("issued_at", json!(sig.issued_at_s)),
            ("expire", json!(sig.expire_s)),
            ("expires_at", json!(sig.expires_at_s())),
            ("remaining", json!(sig.remaining_s(now_s))),
            ("userbuf", json!(sig.userbuf.as_ref().map(|bytes| STANDARD.encode(bytes)))),
        ],
    )
}

/// An object with names in the caller's style.
fn named<const N: usize>(style: Style, facts: [(&'static str, Value); N]) -> Value {
    Value::Object(object(facts.into_iter().map(|(key, value)| (style.name(key).into_owned(), value))))
}
