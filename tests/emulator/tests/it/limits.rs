//! The documented rates. The clock stands still, so that exactly so many calls pass.

use serde_json::{Value, json};
use tencent_im_core::api;
use tencent_im_emulator::Settings;

use crate::harness::*;

fn limited() -> Server {
    let server = Server::with_settings(Settings { rate_limits: true, ..Settings::default() });
    server.set("clock", json!({"now_s": now_s()}));
    server
}

/// How many calls pass, and what the first that does not is answered.
fn passing(server: &Server, path: &str, query: &str, body: &Value) -> (u32, i64) {
    let body = body.to_string();
    for passed in 0..1000 {
        let code = code(&server.call_with(path, query, &body));
        if code != 0 {
            return (passed, code);
        }
    }
    panic!("no limit in sight");
}

#[test]
fn every_call_has_its_own_documented_rate() {
    let server = limited();
    for (path, body) in all_calls() {
        let rate = api::all().find(|op| op.path == path).and_then(|op| op.rate).expect("a documented rate");
        assert_eq!(rate.per_ms, 1000, "{path}");
        // A name that is deleted or kicked again and again stays a success of the call.
        assert_eq!(passing(&server, path, &good_query(), &body), (rate.calls, 60007), "{path}");
    }
    let counted = server.counted(IMPORT);
    assert_eq!((&counted["codes"]["0"], &counted["codes"]["60007"]), (&json!(200), &json!(1)));
}

#[test]
fn the_bucket_fills_again_evenly_and_not_beyond_its_size() {
    let server = limited();
    let body = json!({"CheckItem": [{"UserID": "a"}]});
    let passing = || passing(&server, CHECK, &good_query(), &body).0;
    assert_eq!(passing(), 100);
    server.set("clock", json!({"advance_s": 0.25}));
    assert_eq!(passing(), 25);
    server.set("clock", json!({"advance_s": 0.005}));
    assert_eq!(passing(), 0, "half a call is none");
    server.set("clock", json!({"advance_s": 0.005}));
    assert_eq!(passing(), 1, "two halves are one");
    server.set("clock", json!({"advance_s": 3600}));
    assert_eq!(passing(), 100);
}

#[test]
fn an_app_s_calls_cost_another_app_nothing() {
    let server = limited();
    let body = json!({"CheckItem": [{"UserID": "a"}]});
    assert_eq!(passing(&server, CHECK, &good_query(), &body).0, 100);
    let other = query_with(OTHER_APP, ADMIN, &sign(OTHER_APP, OTHER_KEY, ADMIN, now_s(), 3600));
    assert_eq!(passing(&server, CHECK, &other, &body).0, 100);
}

#[test]
fn rates_can_be_set_and_switched() {
    let server = limited();
    let body = json!({"CheckItem": [{"UserID": "a"}]});
    server.set("config", json!({"rates": {CHECK: 3}}));
    assert_eq!(passing(&server, CHECK, &good_query(), &body), (3, 60007));
    server.set("config", json!({"rate_limits": false}));
    for _ in 0..300 {
        assert_eq!(server.code(CHECK, body.clone()), 0);
    }
    server.set("config", json!({"rate_limits": true}));
    assert_eq!(server.code(CHECK, body.clone()), 60007, "what was used stays used");
    let reason = server.refused("config", json!({"rates": {"v4/openim/nothing": 3}}));
    assert!(reason.contains("v4/openim/nothing"), "{reason}");
}

#[test]
fn limits_are_off_unless_asked_for() {
    let server = Server::start();
    server.set("clock", json!({"now_s": now_s()}));
    for _ in 0..250 {
        assert_eq!(server.code(CHECK, json!({"CheckItem": [{"UserID": "a"}]})), 0);
    }
}

#[test]
fn a_refused_call_has_no_effect() {
    let server = limited();
    server.set("config", json!({"rates": {IMPORT: 1}}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
    assert_eq!(server.code(IMPORT, json!({"UserID": "b"})), 60007);
    assert!(server.account("b").is_null());
}
