//! Where users are logged in, by both paths.

use serde_json::{Value, json};

use crate::harness::*;

/// Both paths, each with its word for the state.
const PATHS: [(&str, &str); 2] = [(ONLINE, "Status"), (STATE, "State")];

fn three_users() -> Server {
    let server = Server::start();
    server.call(IMPORT_MANY, json!({"Accounts": ["id1", "id2", "id3"]}));
    server.set(
        "online",
        json!({"users": [
            {"user_id": "id1", "platforms": {"iPhone": "PushOnline", "Web": "Online"}},
            {"user_id": "id3", "status": "PushOnline"},
        ]}),
    );
    server
}

#[test]
fn states_detail_and_unknown_names() {
    let server = three_users();
    for (path, word) in PATHS {
        let answer = server.call(path, json!({"IsNeedDetail": 1, "To_Account": ["id1", "id2", "id3", "id4"]}));
        assert_eq!((code(&answer), &answer["ActionStatus"]), (0, &json!("OK")), "{path}");
        let detail = json!([{"Platform": "Web", "Status": "Online"}, {"Platform": "iPhone", "Status": "PushOnline"}]);
        assert_eq!(
            answer["QueryResult"],
            json!([
                {"To_Account": "id1", word: "Online", "Detail": detail},
                {"To_Account": "id2", word: "Offline"},
                {"To_Account": "id3", word: "PushOnline"},
            ]),
            "{path}"
        );
        assert_eq!(answer["ErrorList"], json!([{"To_Account": "id4", "ErrorCode": 70107}]), "{path}");
    }
}

#[test]
fn detail_only_where_it_is_asked_for() {
    let server = three_users();
    for (path, word) in PATHS {
        for body in [json!({"To_Account": ["id1"]}), json!({"To_Account": ["id1"], "IsNeedDetail": 0})] {
            let answer = server.call(path, body);
            assert_eq!(answer["QueryResult"], json!([{"To_Account": "id1", word: "Online"}]), "{path}");
            assert_eq!(answer["ErrorList"], json!([]), "{path}");
        }
    }
    let flags = json!({"To_Account": ["id2"], "IsReturnInstid": 1, "IsReturnCustomStatus": 1});
    assert_eq!(server.code(ONLINE, flags), 0);
}

#[test]
fn the_call_fails_only_when_all_names_do() {
    let server = three_users();
    for (path, _) in PATHS {
        let none = server.call(path, json!({"To_Account": ["id4", "id5"]}));
        assert_eq!((code(&none), &none["ActionStatus"]), (70107, &json!("FAIL")), "{path}");
        assert_eq!(none["ErrorList"].as_array().map(Vec::len), Some(2), "{path}");
        assert_eq!(server.code(path, json!({"To_Account": ["id4", "id1"]})), 0, "{path}");
    }
    server.set("config", json!({"failing": {"id1": 90994}}));
    let failing = server.call(ONLINE, json!({"To_Account": ["id1", "id2"]}));
    assert_eq!((code(&failing), &failing["ErrorList"][0]["ErrorCode"]), (0, &json!(90994)));
    assert_eq!(server.code(ONLINE, json!({"To_Account": ["id1"]})), 90994);
}

#[test]
fn the_codes_for_a_bad_list() {
    let server = three_users();
    let many = |count: usize| -> Vec<String> { (0..count).map(|number| format!("u{number}")).collect() };
    for (path, _) in PATHS {
        for (list, expected) in [
            (json!([]), 90001),
            (json!("id1"), 90003),
            (json!({"a": "id1"}), 90003),
            (json!(5), 90003),
            (json!(null), 90003),
            (json!(["id1", 5]), 90003),
            (json!([null]), 90003),
            (json!([["id1"]]), 90003),
            (json!([""]), 90003),
            (json!(["x".repeat(33)]), 90003),
            (json!(many(501)), 90011),
        ] {
            assert_eq!(server.code(path, json!({"To_Account": list})), expected, "{path} {list:.100}");
        }
        assert_eq!(server.code(path, json!({})), 90003, "{path}");
        for flag in [json!(2), json!("1"), json!([])] {
            assert_eq!(server.code(path, json!({"To_Account": ["id1"], "IsNeedDetail": flag})), 90001, "{path} {flag}");
        }
        let mut most = many(499);
        most.push("id1".into());
        let answer = server.call(path, json!({"To_Account": most}));
        assert_eq!((code(&answer), answer["ErrorList"].as_array().map(Vec::len)), (0, Some(499)), "{path}");
    }
}

#[test]
fn a_user_is_as_online_as_the_best_of_its_devices() {
    let server = three_users();
    for (platforms, expected) in [
        (json!({"PC": "Offline", "Mac": "PushOnline"}), "PushOnline"),
        (json!({"PC": "Offline"}), "Offline"),
        (json!({"PC": "Online", "Mac": "PushOnline"}), "Online"),
    ] {
        server.set("online", json!({"users": [{"user_id": "id2", "platforms": platforms}]}));
        let answer = server.call(ONLINE, json!({"To_Account": ["id2"]}));
        assert_eq!(answer["QueryResult"][0]["Status"], expected);
    }
}

#[test]
fn states_are_set_for_accounts_that_exist_and_all_or_none() {
    let server = three_users();
    let bad: [(Value, &str); 6] = [
        (
            json!({"users": [{"user_id": "id2", "status": "Online"}, {"user_id": "nobody", "status": "Online"}]}),
            "nobody",
        ),
        (json!({"users": [{"user_id": "id2", "status": "online"}]}), "online"),
        (json!({"users": [{"user_id": "id2"}]}), "id2"),
        (json!({"users": [{"user_id": "id2", "status": "Online", "platforms": {"PC": "Online"}}]}), "id2"),
        (json!({"users": [], "user": []}), "user"),
        (json!({"users": [], "sdk_app_id": 1}), "app: 1"),
    ];
    for (body, expected) in bad {
        let reason = server.refused("online", body);
        assert!(reason.contains(expected), "{reason}");
    }
    assert_eq!(server.account("id2")["status"], "Offline");
    // The other app has its own users.
    server.refused("online", json!({"sdk_app_id": OTHER_APP, "users": [{"user_id": "id2", "status": "Online"}]}));
    server.set("online", json!({"sdk_app_id": OTHER_APP, "users": [{"user_id": ADMIN, "status": "Online"}]}));
    assert_eq!(server.account(ADMIN)["status"], "Offline");
}
