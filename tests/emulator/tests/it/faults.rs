//! Faults on demand: what the client gets to see, and what took effect all the same.

use std::io::{ErrorKind, Read};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

fn import(name: &str) -> Value {
    json!({"UserID": name})
}

/// An emulator with one rule, once.
fn spoilt_once(mut rule: Value) -> Server {
    let server = Server::start();
    rule["next"] = json!(1);
    server.set("faults", json!([rule]));
    server
}

/// The next call is good again, and the fault is counted.
#[track_caller]
fn assert_over(server: &Server, kind: &str) {
    assert_eq!(server.code(IMPORT, import("after")), 0);
    assert_eq!(server.counted(IMPORT)["faults"], json!({kind: 1}));
    let rules = server.get("faults");
    assert_eq!((&rules[0]["kind"], &rules[0]["fired"], &rules[0]["left"]), (&json!(kind), &json!(1), &json!(0)));
}

#[test]
fn another_http_status() {
    let server = spoilt_once(json!({"kind": "http_status"}));
    let reply = server.try_call(IMPORT, import("a")).expect("an answer");
    assert_eq!((reply.status, reply.header("content-type")), (502, Some("text/html")));
    assert!(reply.body.contains("<h1>Bad Gateway</h1>"));
    assert!(server.account("a").is_null());
    assert_over(&server, "http_status");

    let rule =
        json!({"kind": "http_status", "status": 503, "headers": {"retry-after": "7"}, "body": "x", "applied": true});
    let server = spoilt_once(rule);
    let reply = server.try_call(IMPORT, import("a")).expect("an answer");
    assert_eq!((reply.status, reply.header("retry-after"), reply.body.as_str()), (503, Some("7"), "x"));
    assert!(server.account("a").is_object());
}

#[test]
fn a_reset_before_and_after_the_effect() {
    for (kind, is_applied) in [("reset_before", false), ("reset_after", true)] {
        let server = spoilt_once(json!({"kind": kind}));
        let (answer, end) = server.raw_call(IMPORT, r#"{"UserID":"a"}"#);
        assert_eq!(answer, b"", "{kind}");
        assert_eq!(end.expect_err(kind).kind(), ErrorKind::ConnectionReset, "{kind}");
        assert_eq!(server.account("a").is_object(), is_applied, "{kind}");
        let counted = server.counted(IMPORT);
        assert_eq!((&counted["requests"], &counted["ok"]), (&json!(1), &json!(0)), "{kind}");
        assert_eq!(counted["applied"], u64::from(is_applied), "{kind}");
        assert_eq!(counted["effects"], u64::from(is_applied), "{kind}");
        assert_over(&server, kind);
    }
}

#[test]
fn a_plain_close_instead_of_a_reset() {
    for (kind, is_applied) in [("reset_before", false), ("reset_after", true)] {
        let server = spoilt_once(json!({"kind": kind, "fin": true}));
        let (answer, end) = server.raw_call(IMPORT, r#"{"UserID":"a"}"#);
        assert_eq!(answer, b"", "{kind}");
        end.expect("a clean end of the stream");
        assert_eq!(server.account("a").is_object(), is_applied, "{kind}");
    }
}

#[test]
fn a_client_sees_the_reset_as_a_broken_connection() {
    let server = Server::start();
    // The pooled connection is used first, which a client may take for a stale one and try again: both must fail.
    server.code(CHECK, json!({"CheckItem": [{"UserID": "a"}]}));
    server.set("faults", json!([{"kind": "reset_before", "call": "account_import"}]));
    server.try_call(IMPORT, import("a")).expect_err("no answer");
    assert!(server.account("a").is_null());
}

#[test]
fn a_late_answer() {
    let server = spoilt_once(json!({"kind": "delay", "delay_ms": 300}));
    let begin = Instant::now();
    assert_eq!(server.code(IMPORT, import("a")), 0);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.counted(IMPORT)["ok"], 1);
    assert_over(&server, "delay");
}

#[test]
fn a_client_that_gives_up_cannot_undo_the_effect() {
    let server = spoilt_once(json!({"kind": "delay", "delay_ms": 60_000}));
    let socket = server.send(IMPORT, r#"{"UserID":"a"}"#);
    wait_until(|| server.account("a").is_object());
    drop(socket);
    wait_until(|| server.get("counters")["requests"]["now"] == 0);
    assert_eq!(server.counted(IMPORT)["codes"], json!({}), "nothing was answered");
}

#[test]
fn half_an_answer() {
    let server = spoilt_once(json!({"kind": "cut_body", "call": "account_check"}));
    server.code(IMPORT, import("a"));
    let (answer, end) = server.raw_call(CHECK, r#"{"CheckItem":[{"UserID":"a"}]}"#);
    end.expect("a clean end of the stream");
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("headers");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let stated: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).expect("a length");
    assert_eq!(body.len(), stated / 2);
    assert!(body.starts_with(r#"{"ActionStatus":"OK""#), "{body}");
    serde_json::from_str::<Value>(body).expect_err("it is cut");
}

#[test]
fn half_an_answer_is_of_a_call_that_took_effect_unless_told_otherwise() {
    for (rule, is_applied) in
        [(json!({"kind": "cut_body"}), true), (json!({"kind": "cut_body", "applied": false}), false)]
    {
        let server = spoilt_once(rule);
        server.try_call(IMPORT, import("a")).expect_err("it is cut");
        assert_eq!(server.account("a").is_object(), is_applied);
        assert_over(&server, "cut_body");
    }
}

#[test]
fn no_body_and_no_json() {
    for (kind, expected) in [("empty_body", ""), ("not_json", "not json at all")] {
        for is_applied in [false, true] {
            let mut rule = json!({"kind": kind, "applied": is_applied});
            if kind == "not_json" {
                rule["body"] = expected.into();
            }
            let server = spoilt_once(rule);
            let reply = server.try_call(IMPORT, import("a")).expect("an answer");
            assert_eq!((reply.status, reply.body.as_str()), (200, expected), "{kind}");
            assert_eq!(server.account("a").is_object(), is_applied, "{kind}");
            assert_over(&server, kind);
        }
    }
}

#[test]
fn a_body_without_measure() {
    for is_chunked in [false, true] {
        let server = spoilt_once(json!({"kind": "oversized_body", "mib": 20, "chunked": is_chunked}));
        let reply = server.try_call(IMPORT, import("a")).expect("an answer");
        assert_eq!(reply.body.len(), 20 << 20);
        assert_eq!(code(&reply.json()), 0, "it is JSON all the same");
        assert_eq!(reply.header("content-length").is_none(), is_chunked);
        assert!(server.account("a").is_null());
        assert_over(&server, "oversized_body");
    }
}

#[test]
fn any_error_code_with_or_without_effect() {
    for is_applied in [false, true] {
        let server = spoilt_once(json!({"kind": "error_code", "code": 70500, "applied": is_applied}));
        let answer = server.call(IMPORT, import("a"));
        assert_eq!((code(&answer), &answer["ActionStatus"]), (70500, &json!("FAIL")));
        assert_ne!(answer["ErrorInfo"], "", "the documented meaning");
        assert_eq!(server.account("a").is_object(), is_applied);
        assert_eq!(server.counted(IMPORT)["codes"], json!({"70500": 1}));
        assert_over(&server, "error_code");
    }
    let server = spoilt_once(json!({"kind": "error_code", "code": 123456, "info": "own words"}));
    let answer = server.call(IMPORT, import("a"));
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (123456, &json!("own words")));
}

#[test]
fn never_an_answer() {
    for is_applied in [false, true] {
        let server = spoilt_once(json!({"kind": "never", "applied": is_applied}));
        let mut socket = server.send(IMPORT, r#"{"UserID":"a"}"#);
        wait_until(|| server.counted(IMPORT)["faults"]["never"] == 1);
        wait_until(|| server.account("a").is_object() == is_applied);
        socket.set_read_timeout(Some(Duration::from_millis(300))).expect("a timeout");
        let end = socket.read(&mut [0]).expect_err("no answer");
        assert!(matches!(end.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{end}");
        drop(socket);
        // The request ends when the client goes.
        wait_until(|| server.get("counters")["requests"]["now"] == 0);
        assert_over(&server, "never");
    }
}

#[test]
fn an_emulator_stops_although_a_request_hangs() {
    let server = spoilt_once(json!({"kind": "never"}));
    let url = server.url.clone();
    let client = thread::spawn(move || {
        agent().post(format!("{url}/{IMPORT}?{}", good_query())).send(r#"{"UserID":"a"}"#).map(drop)
    });
    wait_until(|| server.get("counters")["requests"]["now"] == 1);
    let begin = Instant::now();
    drop(server);
    client.join().expect("no panic").expect_err("the connection was ended");
    assert!(begin.elapsed() < PATIENCE / 2);
}

#[test]
fn a_delay_goes_with_every_kind() {
    let server = spoilt_once(json!({"kind": "error_code", "code": 70169, "delay_ms": 200}));
    let begin = Instant::now();
    assert_eq!(server.code(IMPORT, import("a")), 70169);
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_rule_can_be_for_one_call_only() {
    for (filter, hit, spared) in [
        ("account_import", IMPORT, CHECK),
        (IMPORT, IMPORT, IMPORT_MANY),
        ("im_open_login_svc", CHECK, ONLINE),
        ("accounts.import_account", IMPORT, CHECK),
        ("accounts.query_state", STATE, ONLINE),
    ] {
        let server = Server::start();
        server.set("faults", json!([{"kind": "error_code", "code": 60008, "call": filter}]));
        let bodies: std::collections::HashMap<_, _> = all_calls().into_iter().collect();
        assert_eq!(server.code(hit, bodies[hit].clone()), 60008, "{filter}");
        assert_eq!(server.code(spared, bodies[spared].clone()), 0, "{filter}");
    }
    // Half a name is not a name.
    let server = Server::start();
    server.set("faults", json!([{"kind": "error_code", "code": 60008, "call": "import"}]));
    assert_eq!(server.code(IMPORT, import("a")), 0);
}

#[test]
fn skip_and_next_count_the_calls_that_match() {
    let server = Server::start();
    server.set("faults", json!([{"kind": "error_code", "code": 60008, "call": IMPORT, "skip": 2, "next": 3}]));
    let mut codes = Vec::new();
    for _ in 0..7 {
        server.code(CHECK, json!({"CheckItem": [{"UserID": "a"}]}));
        codes.push(server.code(IMPORT, import("a")));
    }
    assert_eq!(codes, [0, 0, 60008, 60008, 60008, 0, 0]);
}

#[test]
fn the_first_rule_that_fires_decides() {
    let server = Server::start();
    server.set(
        "faults",
        json!([
            {"kind": "error_code", "code": 60008, "next": 1},
            {"kind": "error_code", "code": 70169, "next": 1},
            {"kind": "error_code", "code": 70500, "skip": 1},
        ]),
    );
    let codes: Vec<i64> = (0..4).map(|_| server.code(IMPORT, import("a"))).collect();
    assert_eq!(codes, [60008, 70169, 0, 70500]);
    server.set("faults", json!([]));
    assert_eq!(server.code(IMPORT, import("a")), 0);
}

#[test]
fn chance_repeats_itself_by_its_seed() {
    let server = Server::start();
    let run = |seed: u64| -> Vec<bool> {
        server
            .set("faults", json!({"seed": seed, "rules": [{"kind": "error_code", "code": 60008, "probability": 0.3}]}));
        (0..300).map(|_| server.code(CHECK, json!({"CheckItem": [{"UserID": "a"}]})) != 0).collect()
    };
    let first = run(1);
    assert_eq!(run(1), first);
    assert_ne!(run(2), first);
    let hits = first.iter().filter(|hit| **hit).count();
    assert!((50..130).contains(&hits), "{hits} of 300 at 30 %");
    for (probability, expected) in [(0.0, 0), (1.0, 60008)] {
        server.set("faults", json!([{"kind": "error_code", "code": 60008, "probability": probability}]));
        for _ in 0..20 {
            assert_eq!(server.code(IMPORT, import("a")), expected);
        }
    }
}

#[test]
fn the_control_plane_is_never_spoilt() {
    let server = Server::start();
    server.set("faults", json!([{"kind": "reset_before"}]));
    server.get("state");
    server.set("faults", json!([]));
    assert_eq!(server.code(IMPORT, import("a")), 0);
}

#[test]
fn rules_that_make_no_sense_are_refused_and_change_nothing() {
    let server = Server::start();
    server.set("faults", json!([{"kind": "error_code", "code": 60008}]));
    for (rule, expected) in [
        (json!({}), "kind"),
        (json!({"kind": "explode"}), "explode"),
        (json!({"kind": "delay"}), "delay_ms"),
        (json!({"kind": "error_code"}), "code"),
        (json!({"kind": "error_code", "code": 0}), "code"),
        (json!({"kind": "error_code", "code": 1, "cod": 1}), "cod"),
        (json!({"kind": "error_code", "code": 1, "status": 500}), "status"),
        (json!({"kind": "http_status", "status": 99}), "99"),
        (json!({"kind": "http_status", "status": 600}), "600"),
        (json!({"kind": "http_status", "headers": {"a b": "c"}}), "a b"),
        (json!({"kind": "oversized_body"}), "mib"),
        (json!({"kind": "oversized_body", "mib": 0}), "mib"),
        (json!({"kind": "never", "probability": 1.5}), "probability"),
        (json!({"kind": "never", "fin": true}), "fin"),
        (json!({"kind": "reset_before", "applied": true}), "applied"),
        (json!({"kind": "delay", "delay_ms": 1, "applied": false}), "applied"),
    ] {
        let reason = server.refused("faults", json!([{"kind": "never"}, rule]));
        assert!(reason.contains("rule 1") && reason.contains(expected), "{rule}: {reason}");
    }
    for body in [json!({}), json!(5), json!({"rules": [], "sead": 1})] {
        server.refused("faults", body);
    }
    assert_eq!(server.code(IMPORT, import("a")), 60008, "the old rules are in force");
}
