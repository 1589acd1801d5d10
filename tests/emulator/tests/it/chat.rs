//! Messages and groups: what counts as a repeat, and what the service remembers.

use serde_json::{Value, json};

use crate::harness::*;

const SEND: &str = "v4/openim/sendmsg";
const BATCH: &str = "v4/openim/batchsendmsg";
const CREATE: &str = "v4/group_open_http_svc/create_group";
const GROUP_SEND: &str = "v4/group_open_http_svc/send_group_msg";
const COUNTER: &str = "v4/group_open_http_svc/update_group_counter";

fn text(text: &str) -> Value {
    json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}])
}

fn stored(server: &Server) -> usize {
    server.get("state")["apps"][APP.to_string()]["chat"]["messages"].as_array().expect("a list").len()
}

#[test]
fn a_message_is_known_by_its_random_for_one_second() {
    let server = Server::start();
    assert_eq!(server.code(IMPORT, json!({"UserID": "bob"})), 0);
    server.set("clock", json!({"now_s": 1_700_000_000}));
    let message = json!({"To_Account": "bob", "MsgRandom": 7, "MsgSeq": 8, "MsgBody": text("hi")});
    let first = server.call(SEND, message.clone());
    assert_eq!((code(&first), &first["MsgTime"]), (0, &json!(1_700_000_000)));
    assert_eq!(server.call(SEND, message.clone())["MsgKey"], first["MsgKey"]);
    assert_eq!(stored(&server), 1);
    server.set("clock", json!({"now_s": 1_700_000_001}));
    assert_ne!(server.call(SEND, message)["MsgKey"], first["MsgKey"]);
    assert_eq!(stored(&server), 2);
    assert_eq!(server.counted(SEND)["effects"], 2);
}

#[test]
fn a_batch_reaches_those_it_can() {
    let server = Server::start();
    for name in ["bob", "eve"] {
        assert_eq!(server.code(IMPORT, json!({"UserID": name})), 0);
    }
    let batch = |to: Value| json!({"To_Account": to, "MsgRandom": 7, "MsgSeq": 8, "MsgBody": text("hi")});
    let partly = server.call(BATCH, batch(json!(["bob", "nobody", "eve"])));
    assert_eq!((code(&partly), &partly["ActionStatus"]), (0, &json!("SomeError")));
    assert_eq!(partly["ErrorList"], json!([{"To_Account": "nobody", "ErrorCode": 70107}]));
    assert!(partly["MsgKey"].is_string());
    assert_eq!((stored(&server), server.counted(BATCH)["effects"].as_u64()), (2, Some(2)));
    let whole = server.call(BATCH, batch(json!(["bob"])));
    assert_eq!((&whole["ActionStatus"], &whole["ErrorList"]), (&json!("OK"), &Value::Null));
    let none = server.call(BATCH, batch(json!(["nobody"])));
    assert_eq!((code(&none), &none["ErrorList"][0]["ErrorCode"]), (90012, &json!(70107)));
    assert_eq!(server.code(BATCH, batch(json!(vec!["bob"; 501]))), 90011);
    assert_eq!(server.code(BATCH, json!({"To_Account": ["bob"], "MsgBody": text("x")})), 90010);
    let from = json!({"To_Account": ["bob"], "From_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")});
    assert_eq!(server.code(BATCH, from), 90008);
}

#[test]
fn what_sendmsg_refuses() {
    let server = Server::start();
    assert_eq!(server.code(IMPORT, json!({"UserID": "bob"})), 0);
    for (body, expected) in [
        (json!({"To_Account": "bob", "MsgBody": text("x")}), 90005),
        (json!({"To_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")}), 90012),
        (json!({"To_Account": "bob", "From_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")}), 20003),
        (json!({"To_Account": 5, "MsgRandom": 1, "MsgBody": text("x")}), 90003),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": "x"}), 90002),
        (json!({"To_Account": "bob", "MsgRandom": "x", "MsgBody": text("x")}), 90005),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgLifeTime": 604_801, "MsgBody": text("x")}), 90026),
    ] {
        assert_eq!(server.code(SEND, body.clone()), expected, "{body}");
    }
    assert_eq!(stored(&server), 0);
}

#[test]
fn a_group_message_is_known_by_its_random_for_five_minutes() {
    let server = Server::start();
    server.set("clock", json!({"now_s": 1_700_000_000}));
    assert_eq!(server.call(CREATE, json!({"Type": "Public", "Name": "g", "GroupId": "g1"}))["GroupId"], "g1");
    let message = json!({"GroupId": "g1", "Random": 7, "MsgBody": text("hi")});
    for (now_s, seq, all) in [(1_700_000_000, 1, 1), (1_700_000_299, 1, 1), (1_700_000_300, 2, 2)] {
        server.set("clock", json!({"now_s": now_s}));
        let answer = server.call(GROUP_SEND, message.clone());
        assert_eq!((code(&answer), &answer["MsgSeq"], stored(&server)), (0, &json!(seq), all));
    }
    assert_eq!(server.code(GROUP_SEND, json!({"GroupId": "g1", "MsgBody": text("hi")})), 10004);
    assert_eq!(server.code(GROUP_SEND, json!({"GroupId": "g2", "Random": 7, "MsgBody": text("hi")})), 10010);
}

#[test]
fn groups_are_made_once_by_id_and_each_time_without_one() {
    let server = Server::start();
    assert_eq!(server.code(IMPORT, json!({"UserID": "ann"})), 0);
    let named = json!({"Type": "Public", "Name": "g", "GroupId": "mine", "Owner_Account": "ann"});
    assert_eq!(server.code(CREATE, named.clone()), 0);
    assert_eq!(server.code(CREATE, named), 10025);
    let unnamed = || server.call(CREATE, json!({"Type": "Public", "Name": "g"}))["GroupId"].clone();
    assert_ne!(unnamed(), unnamed());
    let live = json!({"Type": "AVChatRoom", "Name": "g", "MemberList": [{"Member_Account": "ann"}]});
    assert_eq!(server.code(CREATE, live), 10007);
    assert_eq!(server.code(CREATE, json!({"Type": "Public", "Name": "g", "Owner_Account": "nobody"})), 10004);
}

#[test]
fn counters_count_each_time() {
    let server = Server::start();
    server.code(CREATE, json!({"Type": "Public", "Name": "g", "GroupId": "g1"}));
    let change = |mode: &str, value: i64| {
        let body = json!({"GroupId": "g1", "Mode": mode, "GroupCounter": [{"Key": "like", "Value": value}]});
        server.call(COUNTER, body)["GroupCounter"][0]["Value"].as_i64().expect("a value")
    };
    assert_eq!((change("Set", 5), change("Increase", 2), change("Decrease", 1)), (5, 7, 6));
    assert_eq!(server.code(COUNTER, json!({"GroupId": "g2", "GroupCounter": [{"Key": "k", "Value": 1}]})), 10010);
}
