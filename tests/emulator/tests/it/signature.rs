//! UserSigs over HTTP: the vendor's vectors, expiry, other names, apps and keys, kicks.

use serde_json::{Value, json};
use tencent_im_emulator::App;

use crate::harness::*;

const VECTORS: &str = include_str!("../../../vectors/usersig/vectors.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("JSON")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no text {name} in {value}"))
}

fn app_of(inputs: &Value) -> u32 {
    inputs["sdkappid"].as_u64().and_then(|id| id.try_into().ok()).expect("an app")
}

/// An emulator for the app, key and caller of a vector.
fn server_for(inputs: &Value) -> Server {
    Server::with(|config| {
        config.apps = vec![App::new(app_of(inputs), text(inputs, "key"))];
        config.admins = vec![text(inputs, "identifier").to_owned()];
    })
}

fn code_at(server: &Server, now: &Value, app: u32, identifier: &str, sig: &str) -> i64 {
    server.set("clock", json!({"now_s": now}));
    code(&server.call_with(CHECK, &query_with(app, identifier, sig), r#"{"CheckItem":[{"UserID":"a"}]}"#))
}

#[test]
fn every_vector_of_the_official_signers_is_good_to_its_last_second() {
    let vectors = vectors();
    let valid = vectors["vectors"].as_array().expect("a list");
    assert_eq!(valid.len(), 30);
    for vector in valid {
        let (inputs, sig) = (&vector["inputs"], text(vector, "usersig"));
        let (app, identifier) = (app_of(inputs), text(inputs, "identifier"));
        let name = format!("{} by {}", text(vector, "name"), text(vector, "implementation"));
        let server = server_for(inputs);
        assert_eq!(code_at(&server, &inputs["time"], app, identifier, sig), 0, "{name}");
        assert_eq!(code_at(&server, &vector["verify"]["valid_at"], app, identifier, sig), 0, "{name}");
        // The emulator remembers by now that this one is genuine; that must not outlive it.
        assert_eq!(code_at(&server, &vector["verify"]["expired_at"], app, identifier, sig), 70001, "{name}");
    }
}

#[test]
fn every_invalid_vector_has_the_code_it_carries() {
    let vectors = vectors();
    let invalid = vectors["invalid"].as_array().expect("a list");
    assert!(invalid.len() >= 13, "vectors are added, not taken away");
    for vector in invalid {
        let (with, expected) = (&vector["verify_with"], text(vector, "expected"));
        let expected = match expected.split_once("server: ") {
            Some((_, code)) => code.trim_end_matches(')').parse().expect("a code"),
            None if expected == "signature mismatch" => 70009,
            None if expected.contains("a strict decoder refuses it") => 70003,
            None => panic!("no code in {expected}"),
        };
        let got =
            code_at(&server_for(with), &with["now"], app_of(with), text(with, "identifier"), text(vector, "usersig"));
        assert_eq!(got, expected, "{}", text(vector, "name"));
    }
}

#[test]
fn what_is_remembered_of_a_good_usersig_helps_nobody_else() {
    let server = Server::start();
    let sig = sign(APP, KEY, ADMIN, now_s(), 60);
    let code_of = |app, identifier: &str| {
        code(&server.call_with(CHECK, &query_with(app, identifier, &sig), r#"{"CheckItem":[{"UserID":"a"}]}"#))
    };
    for _ in 0..2 {
        assert_eq!(code_of(APP, ADMIN), 0);
        assert_eq!(code_of(APP, "Administrator"), 70013);
        assert_eq!(code_of(OTHER_APP, ADMIN), 70014);
    }
}

#[test]
fn a_usersig_expires_by_the_emulators_clock() {
    let server = Server::start();
    let query = query_with(APP, ADMIN, &sign(APP, KEY, ADMIN, now_s(), 600));
    let body = r#"{"UserID":"a"}"#;
    assert_eq!(code(&server.call_with(IMPORT, &query, body)), 0);
    server.set("clock", json!({"offset_s": 700}));
    assert_eq!(code(&server.call_with(IMPORT, &query, body)), 70001);
    server.set("clock", json!({"offset_s": 0}));
    assert_eq!(code(&server.call_with(IMPORT, &query, body)), 0);
}

#[test]
fn keys_can_be_rotated() {
    let server = Server::start();
    let (old, new) = (sign(APP, KEY, ADMIN, now_s(), 60), sign(APP, OTHER_KEY, ADMIN, now_s(), 60));
    let code_of =
        |sig: &str| code(&server.call_with(CHECK, &query_with(APP, ADMIN, sig), r#"{"CheckItem":[{"UserID":"a"}]}"#));
    assert_eq!((code_of(&old), code_of(&new)), (0, 70009));
    server.set("keys", json!({"sdk_app_id": APP, "keys": [KEY, OTHER_KEY]}));
    assert_eq!((code_of(&old), code_of(&new)), (0, 0));
    server.set("keys", json!({"keys": [OTHER_KEY]}));
    assert_eq!((code_of(&old), code_of(&new)), (70009, 0));
    server.set("reset", json!({}));
    assert_eq!((code_of(&old), code_of(&new)), (0, 70009));
}

#[test]
fn a_kick_voids_what_was_signed_before_it() {
    let server = Server::with(|config| config.admins.push("second".into()));
    let at = now_s() + 1000;
    server.set("clock", json!({"now_s": at}));
    let code_of = |user: &str, issued_at_s| {
        let query = query_with(APP, user, &sign(APP, KEY, user, issued_at_s, 100_000));
        code(&server.call_with(CHECK, &query, r#"{"CheckItem":[{"UserID":"a"}]}"#))
    };
    assert_eq!((code_of("second", at - 10), code_of("second", at)), (0, 0));
    assert_eq!(server.code(KICK, json!({"UserID": "second"})), 0);
    assert_eq!(code_of("second", at - 10), 70052, "signed long before");
    assert_eq!(code_of("second", at - 1), 70052, "signed a second before");
    assert_eq!(code_of("second", at), 0, "signed in the second of the kick");
    assert_eq!(code_of("second", at + 1), 0, "signed later");
    assert_eq!(code_of(ADMIN, at - 10), 0, "somebody else's");
    // A later kick reaches further; another app's user of that name is somebody else.
    server.set("clock", json!({"advance_s": 60}));
    assert_eq!(server.code(KICK, json!({"Identifier": "second"})), 0);
    assert_eq!((code_of("second", at + 59), code_of("second", at + 60)), (70052, 0));
    let other = query_with(OTHER_APP, "second", &sign(OTHER_APP, OTHER_KEY, "second", at - 10, 100_000));
    assert_eq!(code(&server.call_with(CHECK, &other, r#"{"CheckItem":[{"UserID":"a"}]}"#)), 0);
}

#[test]
fn more_clients_than_are_remembered() {
    let server = Server::start();
    for user in 0..1100 {
        let query = query_as(&format!("user{user}"));
        assert_eq!(code(&server.call_with(CHECK, &query, "{}")), 70403, "{user}");
    }
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
}
