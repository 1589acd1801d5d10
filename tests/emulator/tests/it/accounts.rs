//! Importing, deleting, checking and kicking accounts.

use std::collections::BTreeMap;
use std::thread;

use serde_json::{Value, json};
use tencent_im_emulator::Settings;

use crate::harness::*;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("user{number}")).collect()
}

fn statuses(server: &Server, names: &[&str]) -> Vec<String> {
    let items: Vec<Value> = names.iter().map(|name| json!({"UserID": name})).collect();
    let answer = server.call(CHECK, json!({"CheckItem": items}));
    assert_eq!(code(&answer), 0);
    let results = answer["ResultItem"].as_array().expect("a list");
    let shown: Vec<&str> = results.iter().filter_map(|result| result["UserID"].as_str()).collect();
    assert_eq!(shown, names, "in the order of the request");
    assert!(results.iter().all(|result| result["ResultCode"] == 0 && result["ResultInfo"] == ""));
    results.iter().filter_map(|result| result["AccountStatus"].as_str().map(str::to_owned)).collect()
}

#[test]
fn importing_again_keeps_the_one_internal_id() {
    let server = Server::start();
    assert_eq!(server.code(IMPORT, json!({"Identifier": "test", "Nick": "t", "FaceUrl": "http://www.qq.com"})), 0);
    let first = server.account("test");
    assert_eq!((&first["nick"], &first["face_url"]), (&json!("t"), &json!("http://www.qq.com")));
    assert_eq!(server.code(IMPORT, json!({"UserID": "test"})), 0);
    assert_eq!(server.account("test"), first, "what is left out stays");
    assert_eq!(server.code(IMPORT, json!({"UserID": "test", "Nick": "new"})), 0);
    let renamed = server.account("test");
    assert_eq!((&renamed["nick"], &renamed["face_url"]), (&json!("new"), &json!("http://www.qq.com")));
    assert_eq!(renamed["internal_id"], first["internal_id"]);
    assert_eq!(server.code(IMPORT, json!({"UserID": "test2", "Nick": null})), 0);
    assert_ne!(server.account("test2")["internal_id"], first["internal_id"]);
    // Made, nothing, renamed, made.
    assert_eq!(server.counted(IMPORT)["applied"], 4);
    assert_eq!(server.counted(IMPORT)["effects"], 3);
}

#[test]
fn what_import_refuses() {
    let server = Server::start();
    let (long_name, long_nick) = ("x".repeat(33), "x".repeat(501));
    for (body, expected, field) in [
        (json!({}), 70402, "Identifier"),
        (json!({"Nick": "x"}), 70402, "Identifier"),
        (json!({"UserID": ""}), 70402, "Identifier"),
        (json!({"UserID": 5}), 70402, "Identifier"),
        (json!({"UserID": null}), 70402, "Identifier"),
        (json!({"UserID": ["a"]}), 70402, "Identifier"),
        (json!({"UserID": long_name}), 70402, "Identifier"),
        (json!({"UserID": "a\nb"}), 70402, "Identifier"),
        (json!({"userid": "a"}), 70402, "Identifier"),
        (json!({"UserID": "a", "Identifier": "b"}), 70402, "Identifier"),
        (json!({"UserID": "a", "Nick": 5}), 70402, "Nick"),
        (json!({"UserID": "a", "FaceUrl": {}}), 70402, "FaceUrl"),
        (json!({"UserID": "a", "Nick": long_nick}), 40601, "Nick"),
        (json!({"UserID": "a", "FaceUrl": long_nick}), 40601, "FaceUrl"),
        (json!({"UserID": "a", "Nick": "汉".repeat(167)}), 40601, "Nick"),
    ] {
        let answer = server.call(IMPORT, body.clone());
        assert_eq!(code(&answer), expected, "{body}");
        let info = answer["ErrorInfo"].as_str().expect("a text");
        assert!(info.starts_with(field), "{body}: {info}");
    }
    assert!(server.account("a").is_null());
    assert_eq!(server.counted(IMPORT)["effects"], 0);
}

#[test]
fn what_import_just_takes() {
    let server = Server::start();
    for body in [
        json!({"UserID": "x".repeat(32)}),
        json!({"UserID": "汉字汉字汉字汉字汉字"}),
        json!({"UserID": "a", "Nick": "x".repeat(500), "FaceUrl": "x".repeat(500)}),
        json!({"UserID": "b", "Nick": ""}),
    ] {
        assert_eq!(server.code(IMPORT, body.clone()), 0, "{body}");
    }
    assert_eq!(server.account("b")["nick"], "");
}

#[test]
fn a_field_that_is_not_declared_is_refused_unless_it_may_pass() {
    let server = Server::start();
    let tomorrow = json!({"UserID": "c", "AFieldOfTomorrow": [1]});
    let answer = server.call(IMPORT, tomorrow.clone());
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (70402, &json!("AFieldOfTomorrow: unknown field")));
    let inside = json!({"AccountList": [{"UserID": "a"}, {"UserID": "b", "nick": "c"}]});
    assert_eq!(server.call(IMPORT_MANY, inside)["ErrorInfo"], "AccountList[1].nick: unknown field");
    assert!(server.account("a").is_null(), "nothing takes effect");
    server.set("config", json!({"allow_unknown_fields": true}));
    assert_eq!(server.code(IMPORT, tomorrow), 0);
}

#[test]
fn many_at_once_in_both_forms() {
    let server = Server::start();
    let answer = server.call(IMPORT_MANY, json!({"Accounts": names(100)}));
    assert_eq!((code(&answer), &answer["FailAccounts"]), (0, &json!([])));
    assert_eq!(server.counted(IMPORT_MANY)["effects"], 100);
    let accounts: Vec<Value> =
        names(100).iter().map(|name| json!({"UserID": name, "Nick": format!("N {name}"), "FaceUrl": "f"})).collect();
    let before = server.account("user7");
    assert_eq!(server.code(IMPORT_MANY, json!({"AccountList": accounts})), 0);
    let after = server.account("user7");
    assert_eq!((&after["nick"], &after["face_url"]), (&json!("N user7"), &json!("f")));
    assert_eq!(after["internal_id"], before["internal_id"]);
    assert_eq!(server.code(IMPORT_MANY, json!({"AccountList": accounts})), 0);
    assert_eq!(server.counted(IMPORT_MANY)["effects"], 200, "the third time nothing changed");
}

#[test]
fn what_many_at_once_refuses() {
    let server = Server::start();
    for body in [
        json!({}),
        json!({"Accounts": []}),
        json!({"AccountList": []}),
        json!({"Accounts": names(101)}),
        json!({"AccountList": names(101).iter().map(|name| json!({"UserID": name})).collect::<Vec<_>>()}),
        json!({"Accounts": ["a"], "AccountList": [{"UserID": "b"}]}),
        json!({"Accounts": ["a", 5]}),
        json!({"Accounts": ["a", "x".repeat(33)]}),
        json!({"Accounts": ["a", ""]}),
        json!({"Accounts": "a"}),
        json!({"AccountList": ["a"]}),
        json!({"AccountList": [{"Nick": "a"}]}),
        json!({"AccountList": [{"UserID": "a"}, {"UserID": "b", "Nick": "x".repeat(501)}]}),
    ] {
        assert_eq!(server.code(IMPORT_MANY, body.clone()), 70402, "{body}");
    }
    assert!(server.account("a").is_null(), "all or nothing");
}

#[test]
fn names_that_fail_are_listed_although_the_call_succeeds() {
    let server = Server::start();
    server.set("config", json!({"failing": {"user1": 70500, "user3": 40006}}));
    let answer = server.call(IMPORT_MANY, json!({"Accounts": names(5)}));
    assert_eq!((code(&answer), &answer["ActionStatus"]), (0, &json!("OK")));
    assert_eq!(answer["FailAccounts"], json!(["user1", "user3"]));
    assert_eq!(statuses(&server, &["user0", "user2", "user4"]), ["Imported"; 3]);
    assert_eq!(server.counted(IMPORT_MANY)["effects"], 3);
    assert_eq!(server.code(IMPORT, json!({"UserID": "user1"})), 70500);
    assert_eq!(server.code(IMPORT, json!({"UserID": "user3"})), 40006);
    assert_eq!(server.code(KICK, json!({"UserID": "user1"})), 70500);
    let only_failing = server.call(IMPORT_MANY, json!({"Accounts": ["user1"]}));
    assert_eq!((code(&only_failing), &only_failing["FailAccounts"]), (0, &json!(["user1"])));
    let checked = server.call(CHECK, json!({"CheckItem": [{"UserID": "user1"}, {"UserID": "user0"}]}));
    assert_eq!(checked["ResultItem"][0]["ResultCode"], 70500);
    assert_eq!(checked["ResultItem"][1]["ResultCode"], 0);
    let deleted = server.call(DELETE, json!({"DeleteItem": [{"UserID": "user1"}, {"UserID": "user0"}]}));
    assert_eq!((code(&deleted), &deleted["ResultItem"][0]["ResultCode"]), (0, &json!(70500)));
    assert_eq!(deleted["ResultItem"][1]["ResultCode"], 0);
    server.set("config", json!({"failing": {}}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "user1"})), 0);
}

#[test]
fn the_quota_stops_new_accounts_only() {
    let server = Server::with_settings(Settings { account_quota: Some(3), ..Settings::default() });
    assert_eq!(server.code(IMPORT, json!({"UserID": "user0"})), 0);
    let answer = server.call(IMPORT_MANY, json!({"Accounts": names(5)}));
    assert_eq!((code(&answer), &answer["FailAccounts"]), (0, &json!(["user3", "user4"])));
    assert_eq!(server.code(IMPORT, json!({"UserID": "user4"})), 70398);
    assert_eq!(server.code(IMPORT, json!({"UserID": "user0", "Nick": "n"})), 0, "it exists already");
    let all_failed = server.call(IMPORT_MANY, json!({"Accounts": ["user3", "user4"]}));
    assert_eq!((code(&all_failed), &all_failed["ActionStatus"]), (70398, &json!("FAIL")));
    assert_eq!(all_failed["FailAccounts"], json!(["user3", "user4"]));
    assert_eq!(server.code(DELETE, json!({"DeleteItem": [{"UserID": "user0"}]})), 0);
    assert_eq!(server.code(IMPORT, json!({"UserID": "user4"})), 0, "room again");
    server.set("config", json!({"account_quota": null}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "user3"})), 0);
    // The admin's account is not among the three.
    assert_eq!(statuses(&server, &[ADMIN]), ["Imported"]);
}

#[test]
fn an_admin_s_account_can_go_and_then_counts_like_any_other() {
    let server = Server::with_settings(Settings { account_quota: Some(1), ..Settings::default() });
    assert_eq!(server.code(DELETE, json!({"DeleteItem": [{"UserID": ADMIN}]})), 0);
    assert_eq!(server.code(IMPORT, json!({"UserID": ADMIN})), 0, "it is the name that has the rights");
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 70398);
}

#[test]
fn deletion_is_for_good_and_item_by_item() {
    let server = Server::start();
    server.call(IMPORT_MANY, json!({"AccountList": [{"UserID": "UserID_1", "Nick": "n"}, {"UserID": "UserID_3"}]}));
    let before = server.account("UserID_1");
    let delete = json!({"DeleteItem": [{"UserID": "UserID_1"}, {"UserID": "UserID_2"}, {"UserID": "UserID_1"}]});
    let answer = server.call(DELETE, delete);
    assert_eq!((code(&answer), &answer["ActionStatus"]), (0, &json!("OK")));
    let gone =
        |name| json!({"ResultCode": 70107, "ResultInfo": "Err_TLS_PT_Open_Login_Account_Not_Exist", "UserID": name});
    let deleted = json!({"ResultCode": 0, "ResultInfo": "", "UserID": "UserID_1"});
    assert_eq!(answer["ResultItem"], json!([deleted, gone("UserID_2"), gone("UserID_1")]));
    assert_eq!(statuses(&server, &["UserID_1", "UserID_2", "UserID_3"]), ["NotImported", "NotImported", "Imported"]);
    assert_eq!(server.counted(DELETE)["effects"], 1);
    assert_eq!(server.code(IMPORT, json!({"UserID": "UserID_1"})), 0);
    let after = server.account("UserID_1");
    assert_ne!(after["internal_id"], before["internal_id"]);
    assert!(after["nick"].is_null());
}

#[test]
fn what_delete_and_check_refuse() {
    let server = Server::start();
    for (path, list) in [(DELETE, "DeleteItem"), (CHECK, "CheckItem")] {
        let items: Vec<Value> = names(101).iter().map(|name| json!({"UserID": name})).collect();
        for bad in [
            json!([]),
            json!(items),
            json!(null),
            json!({"UserID": "a"}),
            json!(["a"]),
            json!([{}]),
            json!([{"UserID": 5}]),
            json!([{"UserID": "x".repeat(33)}]),
        ] {
            let body = json!({list: bad});
            assert_eq!(server.code(path, body.clone()), 70402, "{path} {body}");
        }
        assert_eq!(server.code(path, json!({})), 70402, "{path}");
        assert_eq!(server.code(path, json!({list: items[..100]})), 0, "{path}");
    }
}

#[test]
fn deletion_can_be_switched_off() {
    let server = Server::with_settings(Settings { allow_deletion: false, ..Settings::default() });
    server.call(IMPORT, json!({"UserID": "a"}));
    assert_eq!(server.code(DELETE, json!({"DeleteItem": [{"UserID": "a"}]})), 71000);
    assert_eq!(statuses(&server, &["a"]), ["Imported"]);
    server.set("config", json!({"allow_deletion": true}));
    assert_eq!(server.code(DELETE, json!({"DeleteItem": [{"UserID": "a"}]})), 0);
    assert_eq!(statuses(&server, &["a"]), ["NotImported"]);
}

#[test]
fn a_deleted_name_is_barred_for_three_months() {
    let server = Server::with_settings(Settings { block_deleted: true, ..Settings::default() });
    server.call(IMPORT_MANY, json!({"Accounts": ["a", "b"]}));
    server.call(DELETE, json!({"DeleteItem": [{"UserID": "a"}]}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 70399);
    let answer = server.call(IMPORT_MANY, json!({"Accounts": ["a", "c"]}));
    assert_eq!((code(&answer), &answer["FailAccounts"]), (0, &json!(["a"])));
    assert_eq!(statuses(&server, &["a", "b", "c"]), ["NotImported", "Imported", "Imported"]);
}

#[test]
fn three_months_are_ninety_days_to_the_second() {
    let server = Server::with_settings(Settings { block_deleted: true, ..Settings::default() });
    let begin = now_s();
    let query = query_with(APP, ADMIN, &sign(APP, KEY, ADMIN, begin, 100 * 86_400));
    server.set("clock", json!({"now_s": begin}));
    server.call(IMPORT, json!({"UserID": "a"}));
    server.call(DELETE, json!({"DeleteItem": [{"UserID": "a"}]}));
    for (after, expected) in [(0, 70399), (90 * 86_400 - 1, 70399), (90 * 86_400, 0)] {
        server.set("clock", json!({"now_s": begin + after}));
        assert_eq!(code(&server.call_with(IMPORT, &query, r#"{"UserID":"a"}"#)), expected, "{after} s later");
    }
}

#[test]
fn a_deleted_name_is_free_at_once_on_the_trial_edition() {
    let server = Server::start();
    server.call(IMPORT, json!({"UserID": "a"}));
    server.call(DELETE, json!({"DeleteItem": [{"UserID": "a"}]}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 0);
    server.call(DELETE, json!({"DeleteItem": [{"UserID": "a"}]}));
    server.set("config", json!({"block_deleted": true}));
    assert_eq!(server.code(IMPORT, json!({"UserID": "a"})), 70399);
}

#[test]
fn a_kick_needs_an_account_and_logs_it_out() {
    let server = Server::start();
    assert_eq!(server.code(KICK, json!({"UserID": "a"})), 70107);
    assert_eq!(server.code(KICK, json!({})), 70402);
    server.call(IMPORT, json!({"UserID": "a"}));
    server.set("online", json!({"users": [{"user_id": "a", "platforms": {"Web": "Online"}}]}));
    for field in ["UserID", "Identifier"] {
        assert_eq!(server.code(KICK, json!({field: "a"})), 0);
    }
    assert_eq!((&server.account("a")["status"], &server.account("a")["platforms"]), (&json!("Offline"), &json!({})));
    assert_eq!(server.counted(KICK)["effects"], 2);
    assert!(
        server.get("state")["apps"][APP.to_string()]["kicked_at"]["a"].as_u64().is_some_and(|at| at >= now_s() - 60)
    );
}

#[test]
fn clients_at_once_make_one_account_of_one_name() {
    let server = Server::start();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for name in names(20) {
                    assert_eq!(server.code(IMPORT, json!({"UserID": name})), 0);
                }
            });
        }
    });
    let counted = server.counted(IMPORT);
    assert_eq!((&counted["requests"], &counted["ok"], &counted["effects"]), (&json!(160), &json!(160), &json!(20)));
    let state = server.get("state");
    let accounts = state["apps"][APP.to_string()]["accounts"].as_object().expect("accounts");
    let ids: BTreeMap<u64, &str> = accounts
        .iter()
        .map(|(name, account)| (account["internal_id"].as_u64().expect("an id"), name.as_str()))
        .collect();
    assert_eq!((accounts.len(), ids.len()), (21, 21), "twenty and the admin, each with an id of its own");
}
