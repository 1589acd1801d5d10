//! The control plane itself.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::json;
use tencent_im_core::api;

use crate::harness::*;

#[test]
fn the_index_lists_every_endpoint_and_every_call() {
    let server = Server::start();
    for path in ["_emulator", "_emulator/"] {
        let reply = server.request("GET", path, b"").expect("an answer");
        let index = reply.json();
        let endpoints = index["endpoints"].as_object().expect("a list");
        assert!(endpoints.len() >= 12);
        for endpoint in endpoints.keys() {
            let (method, path) = endpoint.split_once(" /").expect("method and path");
            let body: &[u8] = if method == "GET" { b"" } else { b"{}" };
            let status = server.request(method, path, body).expect("an answer").status;
            assert!([200, 400].contains(&status), "{endpoint}: {status}");
        }
        let paths = |list: &str| -> Vec<String> {
            let list = index[list].as_array().expect("a list").iter();
            list.map(|path| path.as_str().expect("a path").to_owned()).collect()
        };
        let with_state = paths("calls_with_state");
        for (path, _) in all_calls() {
            assert!(with_state.iter().any(|served| served == path), "{path}");
        }
        let from_tables = paths("calls_from_tables");
        for op in api::all() {
            assert!(with_state.iter().chain(&from_tables).any(|served| served == op.path), "{}", op.path);
        }
    }
    assert_eq!(server.request("GET", "_emulator/nothing", b"").expect("an answer").status, 404);
    assert_eq!(server.request("GET", "_emulator/reset", b"").expect("an answer").status, 405);
}

#[test]
fn a_body_that_comes_late_does_not_cost_the_connection() {
    let server = Server::start();
    let host = server.url.strip_prefix("http://").expect("plain http");
    for path in ["counters", "reset", "nothing"] {
        let mut socket = TcpStream::connect(host).expect("a connection");
        let head = format!("POST /_emulator/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
        socket.write_all(head.as_bytes()).expect("a request");
        thread::sleep(Duration::from_millis(50));
        socket
            .write_all(b"{}GET /_emulator/clock HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .expect("a request");
        let mut answers = String::new();
        socket.read_to_string(&mut answers).expect("answers");
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{path}: {answers}");
    }
}

#[test]
fn the_readme_names_every_endpoint_fault_setting_and_group() {
    let readme = include_str!("../../README.md");
    let server = Server::start();
    let index = server.get("");
    for endpoint in index["endpoints"].as_object().expect("a list").keys() {
        let (method, path) = endpoint.split_once(' ').expect("method and path");
        assert!(readme.contains(&format!("`{method} {path}`")), "{endpoint}");
    }
    let with_state = index["calls_with_state"].as_array().expect("a list");
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for op in api::all() {
        let (some, all) = groups.entry(op.group()).or_default();
        *some += usize::from(with_state.iter().any(|path| path == op.path));
        *all += 1;
    }
    for (group, (some, all)) in groups {
        assert!(readme.contains(&format!("\n| `{group}` | {some} of {all} |")), "{group}: {some} of {all}");
    }
    for setting in server.get("config").as_object().expect("settings").keys() {
        assert!(readme.contains(&format!("`{setting}`")), "{setting}");
    }
    for kind in
        "http_status reset_before reset_after delay cut_body empty_body oversized_body error_code not_json never"
            .split(' ')
    {
        assert!(readme.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[test]
fn state_shows_accounts_and_no_keys() {
    let server = Server::start();
    server.call(IMPORT, json!({"UserID": "a", "Nick": "n"}));
    server.call(IMPORT, json!({"UserID": "b"}));
    server.call(DELETE, json!({"DeleteItem": [{"UserID": "b"}]}));
    let state = server.get("state");
    let app = &state["apps"][APP.to_string()];
    assert_eq!(
        app["accounts"]["a"],
        json!({
            "internal_id": 2, "nick": "n", "face_url": null, "is_admin": false, "status": "Offline", "platforms": {},
        })
    );
    assert_eq!(app["accounts"][ADMIN]["is_admin"], true);
    assert!(app["deleted_at"]["b"].as_u64().is_some_and(|at| at >= now_s() - 60));
    assert_eq!(state["admins"], json!([ADMIN]));
    let other = state["apps"][OTHER_APP.to_string()]["accounts"].as_object().expect("accounts");
    assert_eq!(other.len(), 1);
    assert!(!state.to_string().contains(KEY));
}

#[test]
fn counters_by_call_and_code() {
    let server = Server::start();
    server.call(IMPORT, json!({"UserID": "a"}));
    server.call(IMPORT, json!({"UserID": "a"}));
    server.call(IMPORT, json!({}));
    server.call_with("v4/openim/nothing", &good_query(), "{}");
    let counters = server.get("counters");
    assert_eq!(
        counters["calls"],
        json!({
            IMPORT: {
                "requests": 3, "ok": 2, "codes": {"0": 2, "70402": 1}, "applied": 2, "effects": 1, "faults": {},
            },
            "other": {"requests": 1, "ok": 0, "codes": {"60009": 1}, "applied": 0, "effects": 0, "faults": {}},
        })
    );
    server.set("counters", json!({}));
    assert_eq!(server.get("counters")["calls"], json!({}));
    assert!(server.account("a").is_object(), "only the counters");
}

#[test]
fn randoms_are_told_apart() {
    let server = Server::start();
    let query = good_query();
    for random in ["7", "8", "7", "4294967295", "x", "0", "7"] {
        server.call_with(IMPORT, &query.replace("random=7", &format!("random={random}")), r#"{"UserID":"a"}"#);
    }
    assert_eq!(server.get("counters")["random"], json!({"total": 6, "distinct": 4, "repeated": 2}));
}

#[test]
fn connections_and_concurrency() {
    let server = Server::start();
    server.set("faults", json!([{"kind": "never"}]));
    server.set("counters", json!({}));
    let sockets: Vec<_> = (0..5).map(|_| server.send(IMPORT, r#"{"UserID":"a"}"#)).collect();
    wait_until(|| server.get("counters")["requests"]["now"] == 5);
    drop(sockets);
    wait_until(|| server.get("counters")["requests"]["now"] == 0);
    wait_until(|| server.get("counters")["connections"]["open"] == 1);
    let counters = server.get("counters");
    assert_eq!(counters["requests"]["max_concurrent"], 5);
    let connections = json!({"accepted": 5, "with_calls": 5, "open": 1, "max_open": 6});
    assert_eq!(counters["connections"], connections, "the control plane's was accepted before");
}

#[test]
fn the_clock_runs_stands_and_moves() {
    let server = Server::start();
    let now = || server.get("clock")["now_s"].as_u64().expect("a time");
    let is_near = |got: u64, expected: u64| got.abs_diff(expected) <= 5;
    assert!(is_near(now(), now_s()));
    server.set("clock", json!({"offset_s": -1000.5}));
    assert!(is_near(now(), now_s() - 1000));
    server.set("clock", json!({"advance_s": 500}));
    assert!(is_near(now(), now_s() - 500));
    let stopped = server.set("clock", json!({"now_s": 1_700_000_000}));
    assert_eq!((&stopped["now_ms"], &stopped["is_stopped"]), (&json!(1_700_000_000_000_u64), &json!(true)));
    thread::sleep(Duration::from_millis(20));
    assert_eq!(server.get("clock")["now_ms"], 1_700_000_000_000_u64);
    server.set("clock", json!({"advance_s": 1.5}));
    assert_eq!(server.get("clock")["now_ms"], 1_700_000_001_500_u64);
    for bad in [json!({}), json!({"now_s": -1}), json!({"now_s": 1, "offset_s": 1}), json!({"now": 1}), json!([])] {
        server.refused("clock", bad);
    }
    server.set("clock", json!({"offset_s": 0}));
    assert!(is_near(now(), now_s()));
    // Numbers out of all reason are harmless.
    for extreme in [1e300_f64, -1e300] {
        server.set("clock", json!({"offset_s": extreme}));
        // Before 1970 no UserSig has expired, after 9999 every one has.
        let expected = if extreme < 0.0 { 0 } else { 70001 };
        assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), expected);
        server.set("clock", json!({"now_s": extreme.abs()}));
        server.set("clock", json!({"advance_s": extreme}));
        server.set("clock", json!({"advance_s": extreme}));
        assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), expected);
    }
}

#[test]
fn a_moved_clock_shows_in_the_date_header() {
    let server = Server::start();
    server.set("clock", json!({"now_s": 1_700_000_000}));
    let reply = server.try_call(IMPORT, json!({"UserID": "a"})).expect("an answer");
    assert_eq!(reply.header("date"), Some("Tue, 14 Nov 2023 22:13:20 GMT"));
}

#[test]
fn settings_change_one_by_one() {
    let server = Server::start();
    let before = server.get("config");
    assert_eq!(
        before,
        json!({
            "account_quota": null, "block_deleted": false, "allow_deletion": true, "rate_limits": false,
            "rates": {}, "failing": {}, "allow_unknown_fields": false, "history_days": 7,
        })
    );
    let after = server.set("config", json!({"account_quota": 7}));
    assert_eq!((&after["account_quota"], &after["allow_deletion"]), (&json!(7), &json!(true)));
    for bad in [json!({"quota": 1}), json!({"account_quota": -1}), json!({"rate_limits": 1}), json!([]), json!(null)] {
        server.refused("config", bad);
    }
    assert_eq!(server.get("config"), after, "what was refused changed nothing");
}

#[test]
fn keys_that_are_none_are_refused() {
    let server = Server::start();
    for bad in
        [json!({"keys": []}), json!({"keys": [""]}), json!({"keys": [" k"]}), json!({"keys": ["k"], "sdk_app_id": 1})]
    {
        server.refused("keys", bad);
    }
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
}

#[test]
fn a_reset_leads_back_to_the_start() {
    let server = Server::with(|config| config.settings.account_quota = Some(9));
    let begin = (server.get("state"), server.get("config"), server.get("faults"));
    server.call(IMPORT, json!({"UserID": "a"}));
    server.call(KICK, json!({"UserID": ADMIN}));
    server.set("config", json!({"account_quota": null, "rate_limits": true}));
    server.set("faults", json!([{"kind": "never"}]));
    server.set("clock", json!({"now_s": 1}));
    server.set("keys", json!({"keys": ["other"]}));
    server.set("reset", json!({}));
    assert_eq!((server.get("state"), server.get("config"), server.get("faults")), begin);
    let counters = server.get("counters");
    assert_eq!((&counters["calls"], &counters["random"]["total"]), (&json!({}), &json!(0)));
    assert_eq!(server.get("clock")["is_stopped"], false);
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
    assert_eq!(server.account("a")["internal_id"], 2, "ids begin anew");
}
