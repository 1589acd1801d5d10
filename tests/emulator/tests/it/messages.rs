//! One-to-one messages: what is sent once, what is read, recalled, changed and deleted.

use serde_json::{Value, json};

use crate::harness::*;

const SEND: &str = "v4/openim/sendmsg";
const BATCH: &str = "v4/openim/batchsendmsg";
const IMPORT_MESSAGE: &str = "v4/openim/importmsg";
const HISTORY: &str = "v4/openim/admin_getroammsg";
const RECALL: &str = "v4/openim/admin_msgwithdraw";
const READ: &str = "v4/openim/admin_set_msg_read";
const UNREAD: &str = "v4/openim/get_c2c_unread_msg_num";
const UPDATE: &str = "v4/openim/modify_c2c_msg";
const DELETE_MESSAGES: &str = "v4/openim/delete_c2c_msg_ramble";
const RECEIPT: &str = "v4/openim/c2c_msg_read_receipt";
const SET_EXTENSIONS: &str = "v4/openim_msg_ext_http_svc/set_key_values";
const GET_EXTENSIONS: &str = "v4/openim_msg_ext_http_svc/get_key_values";

fn with_users() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve"]);
    server.set("clock", json!({"now_s": 1_700_000_000}));
    server
}

fn message(random: u32, says: &str) -> Value {
    json!({"From_Account": "ann", "To_Account": "bob", "MsgRandom": random, "MsgSeq": random, "MsgBody": text(says)})
}

/// Sends a message from ann to bob. Gives its key.
#[track_caller]
fn send(server: &Server, random: u32, says: &str) -> String {
    let answer = server.call(SEND, message(random, says));
    assert_eq!(code(&answer), 0, "{answer}");
    answer["MsgKey"].as_str().expect("a key").to_owned()
}

fn history(server: &Server, of: &str, with: &str) -> Vec<Value> {
    let range = json!({
        "Operator_Account": of, "Peer_Account": with, "MaxCnt": 100, "MinTime": 1_600_000_000, "MaxTime": 1_800_000_000,
    });
    server.call(HISTORY, range)["MsgList"].as_array().expect("a list").clone()
}

fn said(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["MsgBody"][0]["MsgContent"]["Text"].as_str().expect("a text")).collect()
}

#[test]
fn a_message_is_known_for_two_minutes_by_its_sender_numbers_and_content() {
    let server = with_users();
    let first = server.call(SEND, message(7, "hi"));
    assert_eq!((code(&first), &first["MsgTime"]), (0, &json!(1_700_000_000)));
    server.set("clock", json!({"now_s": 1_700_000_119}));
    let repeated = server.call(SEND, message(7, "hi"));
    assert_eq!((&repeated["MsgKey"], &repeated["MsgTime"]), (&first["MsgKey"], &first["MsgTime"]));
    assert_eq!(server.messages(), 1);
    let mut by_eve = message(7, "hi");
    by_eve["From_Account"] = json!("eve");
    for other in [message(7, "ho"), message(8, "hi"), by_eve] {
        assert_eq!(server.code(SEND, other), 0);
    }
    assert_eq!(server.messages(), 4, "another content, number or sender is another message");
    server.set("clock", json!({"now_s": 1_700_000_120}));
    assert_ne!(server.call(SEND, message(7, "hi"))["MsgKey"], first["MsgKey"]);
    assert_eq!((server.messages(), server.counted(SEND)["effects"].as_u64()), (5, Some(5)));
}

#[test]
fn a_number_that_is_left_out_is_drawn_so_that_no_repeat_is_known() {
    let server = with_users();
    let message = json!({"To_Account": "bob", "MsgRandom": 7, "MsgBody": text("hi")});
    let key = || server.call(SEND, message.clone())["MsgKey"].as_str().expect("a key").to_owned();
    let (one, other) = (key(), key());
    assert_ne!(one, other);
    for key in [one, other] {
        assert_ne!(key.split('_').next(), Some("0"), "{key}");
        assert!(key.ends_with("_7_1700000000"), "{key}");
    }
    assert_eq!(server.messages(), 2);
}

#[test]
fn a_batch_reaches_those_it_can() {
    let server = with_users();
    let batch = |to: Value| json!({"To_Account": to, "MsgRandom": 7, "MsgSeq": 8, "MsgBody": text("hi")});
    let partly = server.call(BATCH, batch(json!(["bob", "nobody", "eve"])));
    assert_eq!((code(&partly), &partly["ActionStatus"]), (0, &json!("SomeError")));
    assert_eq!(partly["ErrorList"], json!([{"To_Account": "nobody", "ErrorCode": 70107}]));
    assert!(partly["MsgKey"].is_string());
    assert_eq!((server.messages(), server.counted(BATCH)["effects"].as_u64()), (2, Some(2)));
    assert_eq!(server.code(BATCH, batch(json!(["bob"]))), 0);
    assert_eq!(server.messages(), 2, "known for its second");
    server.set("clock", json!({"advance_s": 1}));
    let whole = server.call(BATCH, batch(json!(["bob"])));
    assert_eq!((&whole["ActionStatus"], &whole["ErrorList"], server.messages()), (&json!("OK"), &Value::Null, 3));
    let none = server.call(BATCH, batch(json!(["nobody"])));
    assert_eq!((code(&none), &none["ErrorList"][0]["ErrorCode"]), (90012, &json!(70107)));
    assert_eq!(server.code(BATCH, batch(json!(vec!["bob"; 501]))), 90011);
    assert_eq!(server.code(BATCH, json!({"To_Account": ["bob"], "MsgBody": text("x")})), 90010);
    let from = json!({"To_Account": ["bob"], "From_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")});
    assert_eq!(server.code(BATCH, from), 90008);
}

#[test]
fn what_sendmsg_refuses() {
    let server = with_users();
    let two_custom = json!([
        {"MsgType": "TIMCustomElem", "MsgContent": {"Data": "1"}},
        {"MsgType": "TIMCustomElem", "MsgContent": {"Data": "2"}},
    ]);
    for (body, expected) in [
        (json!({"To_Account": "bob", "MsgBody": text("x")}), 90005),
        (json!({"To_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")}), 90012),
        (json!({"To_Account": "bob", "From_Account": "nobody", "MsgRandom": 1, "MsgBody": text("x")}), 20003),
        (json!({"To_Account": 5, "MsgRandom": 1, "MsgBody": text("x")}), 90003),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": "x"}), 90002),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": []}), 90002),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": two_custom}), 90002),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": text(&"x".repeat(12 << 10))}), 93000),
        (json!({"To_Account": "bob", "MsgRandom": "x", "MsgBody": text("x")}), 90005),
        (json!({"To_Account": "bob", "MsgRandom": 1, "MsgLifeTime": 604_801, "MsgBody": text("x")}), 90026),
    ] {
        assert_eq!(server.code(SEND, body.clone()), expected, "{body}");
    }
    assert_eq!(server.messages(), 0);
}

#[test]
fn a_message_is_recalled_once_and_still_there_to_read() {
    let server = with_users();
    let key = send(&server, 1, "oops");
    send(&server, 2, "hello");
    let recall = |key: &str| server.code(RECALL, json!({"From_Account": "ann", "To_Account": "bob", "MsgKey": key}));
    assert_eq!(server.call(UNREAD, json!({"To_Account": "bob"}))["AllC2CUnreadMsgNum"], 2);
    assert_eq!((recall(&key), recall(&key)), (0, 20023));
    assert_eq!((recall("1_2_3"), recall("no key")), (20022, 90054));
    let to_eve = json!({"From_Account": "ann", "To_Account": "eve", "MsgKey": key});
    assert_eq!(server.code(RECALL, to_eve), 20022, "it is between ann and bob");
    assert_eq!(server.call(UNREAD, json!({"To_Account": "bob"}))["AllC2CUnreadMsgNum"], 1);
    let shown = history(&server, "bob", "ann");
    let flags: Vec<&Value> = shown.iter().map(|message| &message["MsgFlagBits"]).collect();
    assert_eq!((said(&shown), flags), (vec!["oops", "hello"], vec![&json!(8), &json!(0)]));
}

#[test]
fn unread_messages_are_counted_by_sender_and_read_up_to_a_time() {
    let server = with_users();
    send(&server, 1, "one");
    let quiet = json!({"From_Account": "eve", "To_Account": "bob", "MsgRandom": 9, "MsgBody": text("psst")});
    assert_eq!(server.code(SEND, quiet), 0);
    server.set("clock", json!({"advance_s": 10}));
    send(&server, 2, "two");
    let uncounted = [
        json!({"From_Account": "ann", "To_Account": "bob", "MsgRandom": 3, "SendMsgControl": ["NoUnread"], "MsgBody": text("x")}),
        json!({"From_Account": "ann", "To_Account": "bob", "MsgRandom": 4, "MsgLifeTime": 0, "MsgBody": text("x")}),
    ];
    for message in uncounted {
        assert_eq!(server.code(SEND, message), 0);
    }
    let counts = |peers: Value| server.call(UNREAD, json!({"To_Account": "bob", "Peer_Account": peers}));
    let both = counts(json!(["ann", "eve", "nobody"]));
    assert_eq!(
        both["C2CUnreadMsgNumList"],
        json!([{"Peer_Account": "ann", "C2CUnreadMsgNum": 2}, {"Peer_Account": "eve", "C2CUnreadMsgNum": 1}])
    );
    assert_eq!(both["ErrorList"], json!([{"Peer_Account": "nobody", "ErrorCode": 70107}]));
    let up_to = json!({"Report_Account": "bob", "Peer_Account": "ann", "MsgReadTime": 1_700_000_000});
    assert_eq!(server.code(READ, up_to), 0);
    assert_eq!(counts(json!(["ann"]))["C2CUnreadMsgNumList"][0]["C2CUnreadMsgNum"], 1);
    assert_eq!(server.code(READ, json!({"Report_Account": "bob", "Peer_Account": "ann"})), 0);
    assert_eq!(server.call(UNREAD, json!({"To_Account": "bob"}))["AllC2CUnreadMsgNum"], 1, "eve's");
}

#[test]
fn each_side_has_its_own_history() {
    let server = with_users();
    let key = send(&server, 1, "both see it");
    let mut unsynced = message(2, "only bob sees it");
    unsynced["SyncOtherMachine"] = json!(2);
    assert_eq!(server.code(SEND, unsynced), 0);
    let mut fleeting = message(3, "nobody sees it later");
    fleeting["MsgLifeTime"] = json!(0);
    assert_eq!(server.code(SEND, fleeting), 0);
    assert_eq!(said(&history(&server, "ann", "bob")), ["both see it"]);
    assert_eq!(said(&history(&server, "bob", "ann")), ["both see it", "only bob sees it"]);
    let delete = json!({"Operator_Account": "bob", "Peer_Account": "ann", "MsgKeyList": [key, "not a key", "1_2_3"]});
    let deleted = server.call(DELETE_MESSAGES, delete);
    assert_eq!((code(&deleted), &deleted["InvalidMsgKeyList"]), (0, &json!(["not a key"])));
    assert_eq!(said(&history(&server, "bob", "ann")), ["only bob sees it"]);
    assert_eq!(said(&history(&server, "ann", "bob")), ["both see it"]);
}

#[test]
fn history_goes_back_page_by_page() {
    let server = with_users();
    for number in 1..=5 {
        send(&server, number, &format!("message {number}"));
        server.set("clock", json!({"advance_s": u8::from(number % 2 == 0)}));
    }
    let (mut pages, mut last_key, mut to_s) = (Vec::new(), String::new(), 1_700_000_100_u64);
    loop {
        let page = server.call(
            HISTORY,
            json!({
                "Operator_Account": "ann", "Peer_Account": "bob", "MaxCnt": 2, "MinTime": 1_700_000_000,
                "MaxTime": to_s, "LastMsgKey": last_key,
            }),
        );
        let messages = page["MsgList"].as_array().expect("a list").clone();
        assert_eq!(page["MsgCnt"], messages.len());
        pages.push(said(&messages).join(", "));
        last_key = page["LastMsgKey"].as_str().expect("a key").to_owned();
        to_s = page["LastMsgTime"].as_u64().expect("a time");
        if page["Complete"] == 1 {
            break;
        }
    }
    assert_eq!(pages, ["message 4, message 5", "message 2, message 3", "message 1"]);
    let older = json!({"From_Account": "ann", "To_Account": "bob", "MaxCnt": 9, "MinTime": 0, "MaxTime": 1});
    assert_eq!(server.call(HISTORY, older)["Complete"], 1, "the older pages name the parties so");
}

#[test]
fn history_keeps_a_message_for_seven_days() {
    let server = with_users();
    for number in 0..2 {
        server.set("clock", json!({"now_s": 1_700_000_000 + number}));
        send(&server, 1 + number, &format!("message {number}"));
    }
    server.set("clock", json!({"now_s": 1_700_000_000 + 7 * 86_400}));
    assert_eq!(said(&history(&server, "ann", "bob")), ["message 0", "message 1"]);
    server.set("clock", json!({"advance_s": 1}));
    assert_eq!(said(&history(&server, "ann", "bob")), ["message 1"]);
    server.set("config", json!({"history_days": 30}));
    assert_eq!(said(&history(&server, "ann", "bob")), ["message 0", "message 1"]);
}

#[test]
fn a_message_is_changed_in_place() {
    let server = with_users();
    let key = send(&server, 1, "helo");
    let change = |more: Value| {
        let mut body = json!({"From_Account": "ann", "To_Account": "bob", "MsgKey": key});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.code(UPDATE, body)
    };
    assert_eq!(change(json!({"MsgBody": text("hello")})), 0);
    assert_eq!(change(json!({"CloudCustomData": "{}"})), 0);
    let shown = history(&server, "bob", "ann");
    assert_eq!((said(&shown), &shown[0]["CloudCustomData"]), (vec!["hello"], &json!("{}")));
    assert_ne!(change(json!({})), 0);
    assert_eq!(change(json!({"MsgBody": text("x"), "MsgKey": "1_2_3"})), 20022);
}

#[test]
fn the_receiver_sends_a_receipt() {
    let server = with_users();
    let key = send(&server, 1, "read me");
    let receipt = |operator: &str, peer: &str| {
        let info = json!([{"From_Account": "ann", "To_Account": "bob", "MsgKey": key}]);
        server.code(RECEIPT, json!({"Operator_Account": operator, "Peer_Account": peer, "C2CMsgInfo": info}))
    };
    assert_eq!(receipt("ann", "bob"), 90001, "ann is the sender");
    assert_eq!(receipt("bob", "ann"), 0);
    assert_eq!(history(&server, "ann", "bob")[0]["IsPeerRead"], 1);
}

#[test]
fn importing_knows_a_message_by_numbers_and_time_whoever_sent_it() {
    let server = with_users();
    let message = |from: &str, to: &str, kind: u8| {
        json!({
            "SyncFromOldSystem": kind, "From_Account": from, "To_Account": to, "MsgSeq": 1, "MsgRandom": 2,
            "MsgTimeStamp": 1_600_000_001, "MsgBody": text("old"),
        })
    };
    assert_eq!(server.code(IMPORT_MESSAGE, message("ann", "bob", 2)), 0);
    assert_eq!(server.code(IMPORT_MESSAGE, message("bob", "ann", 2)), 0);
    assert_eq!(server.messages(), 1);
    assert_eq!(server.call(UNREAD, json!({"To_Account": "bob"}))["AllC2CUnreadMsgNum"], 0, "an old message is read");
    assert_eq!(server.code(IMPORT_MESSAGE, message("ann", "eve", 5)), 0);
    assert_eq!(server.call(UNREAD, json!({"To_Account": "eve"}))["AllC2CUnreadMsgNum"], 1, "a live one is not");
    assert_eq!(server.code(IMPORT_MESSAGE, message("ann", "bob", 1)), 90030);
    assert_eq!(server.code(IMPORT_MESSAGE, message("nobody", "bob", 2)), 90008);
    assert_eq!(server.code(IMPORT_MESSAGE, message("ann", "nobody", 2)), 90012);
}

#[test]
fn extensions_are_set_removed_and_cleared() {
    let server = with_users();
    let mut extensible = message(1, "vote");
    extensible["SupportMessageExtension"] = json!(1);
    let key = server.call(SEND, extensible)["MsgKey"].clone();
    let plain = send(&server, 2, "no vote");
    let of = |key: &Value, more: Value| {
        let mut body = json!({"From_Account": "ann", "To_Account": "bob", "MsgKey": key});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let set = |pairs: Value| server.call(SET_EXTENSIONS, of(&key, json!({"OperateType": 1, "ExtensionList": pairs})));
    let first = set(json!([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}]));
    assert_eq!(first["ExtensionList"][1], json!({"ErrorCode": 0, "Extension": {"Key": "b", "Value": "1", "Seq": 2}}));
    assert_eq!(code(&set(json!([{"Key": "a", "Value": "2"}]))), 0);
    let since = |seq: u64| server.call(GET_EXTENSIONS, of(&key, json!({"StartSeq": seq})));
    let shown = since(3);
    assert_eq!(shown["ExtensionList"], json!([{"Key": "a", "Value": "2", "Seq": 3}]));
    assert_eq!((&shown["LatestSeq"], &shown["CompleteFlag"], &shown["ClearSeq"]), (&json!(3), &json!(1), &json!(0)));
    let remove = of(&key, json!({"OperateType": 2, "ExtensionList": [{"Key": "a", "Value": ""}]}));
    assert_eq!(server.code(SET_EXTENSIONS, remove), 0);
    assert_eq!(since(0)["ExtensionList"], json!([{"Key": "b", "Value": "1", "Seq": 2}]));
    assert_eq!(server.code(SET_EXTENSIONS, of(&key, json!({"OperateType": 3}))), 0);
    assert_eq!((since(0)["ExtensionList"].clone(), since(0)["ClearSeq"].clone()), (json!([]), json!(5)));
    assert_eq!(server.code(SET_EXTENSIONS, of(&json!(plain), json!({"OperateType": 3}))), 23002);
    assert_eq!(server.code(GET_EXTENSIONS, of(&json!("1_2_3"), json!({}))), 23004);
}
