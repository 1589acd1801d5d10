//! The checks that every call shares.

use serde_json::json;

use crate::harness::*;

#[test]
fn a_success_has_the_documented_envelope_and_headers() {
    let server = Server::start();
    let reply = server.try_call(IMPORT, json!({"UserID": "a"})).expect("an answer");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-methods"), Some("POST"));
    assert!(reply.header("date").is_some());
}

#[test]
fn a_failure_says_fail_and_why() {
    let server = Server::start();
    let answer = server.call(KICK, json!({"UserID": "nobody"}));
    assert_eq!(answer["ActionStatus"], "FAIL");
    assert_eq!(answer["ErrorCode"], 70107);
    assert_eq!(answer["ErrorInfo"], "The account does not exist or was not imported");
}

#[test]
fn only_post_is_served() {
    let server = Server::start();
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
        let reply = server.request(method, &format!("{IMPORT}?{}", good_query()), br#"{"UserID":"a"}"#).expect(method);
        assert_eq!((reply.status, code(&reply.json())), (200, 60002), "{method}");
    }
    let reply = server.request("HEAD", &format!("{IMPORT}?{}", good_query()), b"").expect("an answer");
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert!(server.account("a").is_null());
}

#[test]
fn unknown_paths_are_answered_60009() {
    let server = Server::start();
    for path in [
        "v4/im_open_login_svc/account_imports",
        "v4/im_open_login_svc/account_import/",
        "v4/im_open_login_svc/Account_Import",
        "v4/im_open_login_svc",
        "v4/openim/account_import",
        "v3/im_open_login_svc/account_import",
        "im_open_login_svc/account_import",
        "/v4/im_open_login_svc/account_import",
        "v4/nothing/at_all",
        "",
    ] {
        assert_eq!(code(&server.call_with(path, &good_query(), "{}")), 60009, "{path}");
    }
}

#[test]
fn every_query_parameter_is_checked() {
    let server = Server::start();
    let sig = sign(APP, KEY, ADMIN, now_s(), 3600);
    let app = APP.to_string();
    let good =
        [("sdkappid", &*app), ("identifier", ADMIN), ("usersig", &*sig), ("random", "0"), ("contenttype", "json")];
    let body = r#"{"UserID":"a"}"#;
    assert_eq!(code(&server.call_with(IMPORT, &query(&good), body)), 0);

    let long_name = "x".repeat(33);
    let without =
        [("sdkappid", 60012), ("identifier", 60004), ("usersig", 60005), ("random", 60002), ("contenttype", 60002)];
    for (name, expected) in without {
        let left: Vec<_> = good.into_iter().filter(|(key, _)| *key != name).collect();
        assert_eq!(code(&server.call_with(IMPORT, &query(&left), body)), expected, "without {name}");
        // Names are case-sensitive.
        let renamed: Vec<_> =
            good.into_iter().map(|(key, value)| (if key == name { "SomeThing" } else { key }, value)).collect();
        assert_eq!(code(&server.call_with(IMPORT, &query(&renamed), body)), expected, "other case of {name}");
        let twice: Vec<_> = good.into_iter().chain(good.into_iter().filter(|(key, _)| *key == name)).collect();
        assert_eq!(code(&server.call_with(IMPORT, &query(&twice), body)), 60002, "{name} twice");
    }
    for (name, value, expected) in [
        ("sdkappid", "", 60006),
        ("sdkappid", "x", 60006),
        ("sdkappid", "0", 60006),
        ("sdkappid", "-1", 60006),
        ("sdkappid", "+1400000001", 60006),
        ("sdkappid", "1400000001.0", 60006),
        ("sdkappid", "4294967296", 60006),
        ("sdkappid", "1400000009", 70020),
        ("sdkappid", "4294967295", 70020),
        ("identifier", "", 60004),
        ("identifier", &long_name, 60004),
        ("usersig", "", 70002),
        ("random", "", 60002),
        ("random", "x", 60002),
        ("random", "-1", 60002),
        ("random", "+1", 60002),
        ("random", "1.5", 60002),
        ("random", "4294967296", 60002),
        ("random", "99999999999999999999999", 60002),
        ("random", "4294967295", 0),
        ("random", "0", 0),
        ("contenttype", "", 60002),
        ("contenttype", "xml", 60002),
        ("contenttype", "JSON", 60002),
    ] {
        let changed: Vec<_> = good.into_iter().map(|(key, old)| (key, if key == name { value } else { old })).collect();
        assert_eq!(code(&server.call_with(IMPORT, &query(&changed), body)), expected, "{name}={value}");
    }
    assert_eq!(code(&server.call_with(IMPORT, "", body)), 60012);
    let broken = query(&good).replace("administrator", "%ff");
    assert_eq!(code(&server.call_with(IMPORT, &broken, body)), 60002);
}

#[test]
fn order_of_parameters_is_free_and_further_ones_pass() {
    let server = Server::start();
    let reversed: Vec<_> = good_query().split('&').rev().map(str::to_owned).collect();
    let query = format!("nettype=1&{}&x", reversed.join("&"));
    assert_eq!(code(&server.call_with(IMPORT, &query, r#"{"UserID":"a"}"#)), 0);
}

#[test]
fn a_name_in_the_query_may_be_percent_encoded() {
    let name = "管理 员+/&=%";
    let server = Server::with(|config| config.admins = vec![name.into()]);
    assert_eq!(code(&server.call_with(IMPORT, &query_as(name), r#"{"UserID":"a"}"#)), 0);
    let server = Server::with(|config| config.admins = vec!["a b".into()]);
    let plus = query_as("a b").replace("a%20b", "a+b");
    assert!(plus.contains("a+b"));
    assert_eq!(code(&server.call_with(IMPORT, &plus, r#"{"UserID":"a"}"#)), 0);
}

#[test]
fn only_admins_may_call() {
    let server = Server::start();
    for (path, body) in all_calls() {
        let expected = if path.contains("openim") { 90009 } else { 70403 };
        assert_eq!(code(&server.call_with(path, &query_as("bob"), body.to_string())), expected, "{path}");
        assert_eq!(server.code(path, body), 0, "{path}");
    }
}

#[test]
fn several_admins_and_no_default_one() {
    let server = Server::with(|config| config.admins = vec!["x".into(), "y".into()]);
    for (admin, expected) in [("x", 0), ("y", 0), (ADMIN, 70403)] {
        assert_eq!(code(&server.call_with(IMPORT, &query_as(admin), r#"{"UserID":"a"}"#)), expected, "{admin}");
    }
}

#[test]
fn a_body_that_is_no_json_object_has_its_service_s_code() {
    let server = Server::start();
    for body in
        ["", " ", "{", "[]", "5", "null", "\"x\"", "{'UserID':'a'}", r#"{"UserID":"a"} x"#, r#"{"UserID":"a"}{}"#]
    {
        assert_eq!(code(&server.call_with(IMPORT, &good_query(), body)), 70402, "{body}");
        assert_eq!(code(&server.call_with(ONLINE, &good_query(), body)), 90001, "{body}");
    }
    let not_utf8 = b"{\"UserID\":\"\xff\"}";
    assert_eq!(code(&server.call_with(IMPORT, &good_query(), not_utf8)), 70402);
    assert_eq!(server.counted(IMPORT)["applied"], 0);
}

#[test]
fn the_signature_comes_before_rights_and_body() {
    let server = Server::start();
    let expired = query_with(APP, "bob", &sign(APP, KEY, "bob", now_s() - 100, 10));
    assert_eq!(code(&server.call_with(IMPORT, &expired, "{")), 70001);
    assert_eq!(code(&server.call_with(IMPORT, &query_as("bob"), "{")), 70403);
}

#[test]
fn a_body_without_end_is_refused_and_the_answer_still_arrives() {
    let server = Server::start();
    // Far more than fits on the way: the emulator must go on reading what it has refused.
    let huge = format!(r#"{{"UserID":"a","Nick":"{}"}}"#, "x".repeat(64 << 20));
    assert_eq!(code(&server.call_with(IMPORT, &good_query(), huge)), 60002);
    // In pieces, but within bounds: the call's own limits apply.
    let large = format!(r#"{{"UserID":"a","Nick":"{}"}}"#, "x".repeat(3 << 20));
    assert_eq!(code(&server.call_with(IMPORT, &good_query(), large)), 40601);
}

#[test]
fn connections_are_kept() {
    let server = Server::start();
    for path in [CHECK, "v4/openim/nothing", CHECK] {
        server.call(path, json!({"CheckItem": [{"UserID": "a"}]}));
    }
    assert_eq!(server.get("counters")["connections"]["with_calls"], 1);
}

#[test]
fn apps_have_nothing_in_common() {
    let server = Server::start();
    let other = query_with(OTHER_APP, ADMIN, &sign(OTHER_APP, OTHER_KEY, ADMIN, now_s(), 60));
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
    let answer = server.call_with(CHECK, &other, r#"{"CheckItem":[{"UserID":"a"}]}"#);
    assert_eq!(answer["ResultItem"][0]["AccountStatus"], "NotImported");
}
