//! Messages of groups: known by their number for a while, read back, recalled, changed.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE: &str = "v4/group_open_http_svc/create_group";
const SEND: &str = "v4/group_open_http_svc/send_group_msg";
const NOTICE: &str = "v4/group_open_http_svc/send_group_system_notification";
const BROADCAST: &str = "v4/group_open_http_svc/send_broadcast_msg";
const HISTORY: &str = "v4/group_open_http_svc/group_msg_get_simple";
const CLEAR: &str = "v4/group_open_http_svc/clear_group_msg";
const RECALL: &str = "v4/group_open_http_svc/group_msg_recall";
const RECALL_BY_SENDER: &str = "v4/group_open_http_svc/delete_group_msg_by_sender";
const UPDATE: &str = "v4/openim/modify_group_msg";
const SET_EXTENSIONS: &str = "v4/openim_msg_ext_http_svc/group_set_key_values";
const GET_EXTENSIONS: &str = "v4/openim_msg_ext_http_svc/group_get_key_values";
const SEND_RECEIPT: &str = "v4/group_open_http_svc/group_msg_receipt";
const GET_RECEIPTS: &str = "v4/group_open_http_svc/get_group_msg_receipt";
const READERS: &str = "v4/group_open_http_svc/get_group_msg_receipt_detail";
const IMPORT_MESSAGES: &str = "v4/group_open_http_svc/import_group_msg";
const IMPORT_GROUP: &str = "v4/group_open_http_svc/import_group";

const NOW_S: u64 = 1_700_000_000;

fn with_group(kind: &str) -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve"]);
    server.set("clock", json!({"now_s": NOW_S}));
    let id = if kind == "Community" { "@TGS#_g" } else { "g" };
    let mut group = json!({"Type": kind, "Name": "g", "GroupId": id, "Owner_Account": "ann"});
    if kind != "AVChatRoom" {
        group["MemberList"] = json!([{"Member_Account": "bob"}, {"Member_Account": "eve"}]);
    }
    assert_eq!(server.code(CREATE, group), 0);
    server
}

fn message(random: u32, more: Value) -> Value {
    let mut body = json!({"GroupId": "g", "Random": random, "MsgBody": text(&format!("message {random}"))});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

/// Numbers of the messages that the history shows.
fn seqs(answer: &Value) -> Vec<u64> {
    answer["RspMsgList"].as_array().expect("a list").iter().filter_map(|shown| shown["MsgSeq"].as_u64()).collect()
}

#[test]
fn a_group_message_is_known_by_its_random_for_five_minutes() {
    let server = with_group("Public");
    for (now_s, seq, all) in [(NOW_S, 1, 1), (NOW_S + 299, 1, 1), (NOW_S + 300, 2, 2)] {
        server.set("clock", json!({"now_s": now_s}));
        let answer = server.call(SEND, message(7, json!({})));
        assert_eq!((code(&answer), &answer["MsgSeq"], server.messages()), (0, &json!(seq), all));
    }
    assert_eq!(server.counted(SEND)["effects"], 2);
}

#[test]
fn history_keeps_a_message_for_seven_days() {
    let server = with_group("Public");
    for number in 1..=3 {
        server.set("clock", json!({"now_s": NOW_S + u64::from(number)}));
        server.call(SEND, message(number, json!({})));
    }
    server.set("clock", json!({"now_s": NOW_S + 7 * 86_400 + 2}));
    let read = |more: Value| {
        let mut body = json!({"GroupId": "g", "ReqMsgNumber": 20});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answer = server.call(HISTORY, body);
        (seqs(&answer), answer["IsFinished"].clone())
    };
    assert_eq!(read(json!({})), (vec![3, 2], json!(2)));
    assert_eq!(read(json!({"ReqMsgSeq": 1})), (vec![], json!(2)), "all have expired");
    let recalled = server.call(RECALL, json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 1}, {"MsgSeq": 2}]}));
    let codes: Vec<&Value> =
        recalled["RecallRetList"].as_array().expect("a list").iter().map(|item| &item["RetCode"]).collect();
    assert_eq!(codes, [10031, 0]);
    server.set("config", json!({"history_days": 30}));
    assert_eq!(read(json!({})), (vec![3, 1], json!(1)));
}

#[test]
fn what_a_group_does_not_take() {
    let server = with_group("Public");
    let mut without_random = message(1, json!({}));
    without_random.as_object_mut().expect("an object").remove("Random");
    assert_eq!(server.code(SEND, without_random), 10004);
    for (more, expected) in [
        (json!({"GroupId": "other"}), 10010),
        (json!({"From_Account": "nobody"}), 10019),
        (json!({"MsgPriority": "high"}), 10004),
        (json!({"MsgBody": []}), 10004),
        (json!({"MsgBody": text(&"x".repeat(12 << 10))}), 80002),
        (json!({"OnlineOnlyFlag": 1, "SendMsgControl": ["NoUnread"]}), 10004),
        (json!({"TopicId": "t"}), 11000),
    ] {
        assert_eq!(server.code(SEND, message(1, more.clone())), expected, "{more}");
    }
    let live = with_group("AVChatRoom");
    for more in [json!({"OnlineOnlyFlag": 1}), json!({"SendMsgControl": ["NoLastMsg"]}), json!({"To_Account": ["bob"]})]
    {
        assert_eq!(live.code(SEND, message(1, more.clone())), 10004, "{more}");
    }
    let community = with_group("Community");
    let everybody = json!({"GroupId": "@TGS#_g", "GroupAtInfo": [{"GroupAtAllFlag": 1}]});
    assert_eq!(community.code(SEND, message(1, everybody)), 10004);
    assert_eq!((server.messages(), live.messages(), community.messages()), (0, 0, 0));
}

#[test]
fn history_goes_back_by_number_and_shows_what_was_recalled_only_where_asked() {
    let server = with_group("Public");
    for random in 1..=25 {
        server.call(SEND, message(random, json!({"From_Account": "bob", "MsgPriority": "High"})));
    }
    server.call(SEND, message(26, json!({"OnlineOnlyFlag": 1})));
    let newest = server.call(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 3}));
    assert_eq!((seqs(&newest), &newest["IsFinished"]), (vec![26, 25, 24], &json!(1)));
    let (gap, whole) = (&newest["RspMsgList"][0], &newest["RspMsgList"][1]);
    assert_eq!((&gap["IsPlaceMsg"], &gap["MsgBody"]), (&json!(1), &json!([])));
    assert_eq!((&whole["IsPlaceMsg"], &whole["MsgPriority"], &whole["MsgRandom"]), (&json!(0), &json!(1), &json!(25)));
    let most = server.call(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 20, "ReqMsgSeq": 22}));
    assert_eq!(seqs(&most), (3..=22).rev().collect::<Vec<u64>>());
    assert_eq!(server.code(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 21})), 10004, "at most 20 come");
    let rest = server.call(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 20, "ReqMsgSeq": 2}));
    assert_eq!(seqs(&rest), [2, 1]);
    let recall = json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 2}, {"MsgSeq": 99}]});
    let codes = |answer: &Value| -> Vec<i64> {
        answer["RecallRetList"].as_array().expect("a list").iter().filter_map(|item| item["RetCode"].as_i64()).collect()
    };
    assert_eq!(codes(&server.call(RECALL, recall.clone())), [0, 10030]);
    assert_eq!(codes(&server.call(RECALL, recall)), [10032, 10030]);
    let range = json!({"GroupId": "g", "ReqMsgNumber": 20, "ReqMsgSeq": 2});
    assert_eq!(seqs(&server.call(HISTORY, range.clone())), [1]);
    let mut with_recalled = range;
    with_recalled["WithRecalledMsg"] = json!(1);
    assert_eq!(server.call(HISTORY, with_recalled)["RspMsgList"][0]["IsPlaceMsg"], 2);
    assert_eq!(server.code(RECALL_BY_SENDER, json!({"GroupId": "g", "Sender_Account": "bob"})), 0);
    assert_eq!(seqs(&server.call(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 20}))), [26]);
    assert_eq!(server.code(CLEAR, json!({"GroupId": "g"})), 0);
    let live = with_group("AVChatRoom");
    assert_eq!(live.code(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 1})), 10007);
    assert_eq!(live.code(RECALL, json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 1}]})), 10033);
    assert_eq!(live.code(RECALL_BY_SENDER, json!({"GroupId": "g", "Sender_Account": "bob"})), 0);
    assert_eq!(with_group("Community").code(CLEAR, json!({"GroupId": "@TGS#_g"})), 10007);
}

#[test]
fn a_group_message_is_changed_and_extended() {
    let server = with_group("Public");
    server.call(SEND, message(1, json!({"SupportMessageExtension": 1})));
    server.call(SEND, message(2, json!({})));
    assert_eq!(server.code(UPDATE, json!({"GroupId": "g", "MsgSeq": 1, "MsgBody": text("changed")})), 0);
    assert_eq!(server.code(UPDATE, json!({"GroupId": "g", "MsgSeq": 9, "MsgBody": text("x")})), 20022);
    let shown = server.call(HISTORY, json!({"GroupId": "g", "ReqMsgNumber": 1, "ReqMsgSeq": 1}));
    assert_eq!(shown["RspMsgList"][0]["MsgBody"], text("changed"));
    let set = |seq: u64| {
        let pairs = json!([{"Key": "k", "Value": "v"}]);
        server.code(SET_EXTENSIONS, json!({"GroupId": "g", "MsgSeq": seq, "OperateType": 1, "ExtensionList": pairs}))
    };
    assert_eq!((set(1), set(2), set(9)), (0, 23002, 23004));
    let shown = server.call(GET_EXTENSIONS, json!({"GroupId": "g", "MsgSeq": 1}));
    assert_eq!(shown["ExtensionList"], json!([{"Key": "k", "Value": "v", "Seq": 1}]));
}

#[test]
fn receipts_tell_who_has_read() {
    let server = with_group("Public");
    server.call(SEND, message(1, json!({"From_Account": "ann", "NeedReadReceipt": 1})));
    server.call(SEND, message(2, json!({"From_Account": "ann"})));
    let receipt = json!({"GroupId": "g", "From_Account": "bob", "MsgSeqList": [{"MsgSeq": 1}]});
    assert_eq!(server.code(SEND_RECEIPT, receipt), 0);
    let counts = server.call(GET_RECEIPTS, json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 1}, {"MsgSeq": 2}]}));
    assert_eq!(counts["GroupMsgReceiptList"][0], json!({"Code": 0, "MsgSeq": 1, "ReadNum": 1, "UnreadNum": 1}));
    assert_eq!(counts["GroupMsgReceiptList"][1]["Code"], 10062);
    let readers = |filter: u8| {
        server.call(READERS, json!({"GroupId": "g", "MsgSeq": 1, "Filter": filter, "Cursor": "", "Count": 10}))
    };
    assert_eq!(readers(0)["ReadList"], json!([{"Read_Account": "bob"}]));
    assert_eq!((&readers(1)["UnreadList"], &readers(1)["IsFinish"]), (&json!([{"Unread_Account": "eve"}]), &json!(1)));
    let community = with_group("Community");
    let body = json!({"GroupId": "@TGS#_g", "MsgSeqList": [{"MsgSeq": 1}]});
    assert_eq!(community.code(GET_RECEIPTS, body), 10007);
}

#[test]
fn old_messages_come_in_the_order_of_time() {
    let server = with_group("Public");
    let group = json!({"Type": "Public", "Name": "old", "GroupId": "old", "CreateTime": NOW_S - 1000});
    assert_eq!(server.code(IMPORT_GROUP, group), 0);
    let old = |from: &str, time_s: u64| json!({"From_Account": from, "SendTime": time_s, "MsgBody": text("old")});
    let list =
        json!([old("ann", NOW_S - 500), old("bob", NOW_S - 400), old("ann", NOW_S - 400), old("ann", NOW_S - 2000)]);
    let answer = server.call(IMPORT_MESSAGES, json!({"GroupId": "old", "MsgList": list}));
    let results: Vec<i64> = answer["ImportMsgResult"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|item| item["Result"].as_i64())
        .collect();
    assert_eq!(results, [0, 0, 10004, 10004]);
    assert_eq!(seqs(&server.call(HISTORY, json!({"GroupId": "old", "ReqMsgNumber": 9}))), [2, 1]);
    assert_eq!(server.code(IMPORT_MESSAGES, json!({"GroupId": "old", "MsgList": [old("nobody", NOW_S - 1)]})), 10019);
}

#[test]
fn a_broadcast_reaches_every_live_group_once() {
    let server = with_group("AVChatRoom");
    assert_eq!(server.code(CREATE, json!({"Type": "AVChatRoom", "Name": "other"})), 0);
    assert_eq!(server.code(CREATE, json!({"Type": "Public", "Name": "not live"})), 0);
    let broadcast = json!({"Random": 5, "MsgBody": text("to all")});
    let first = server.call(BROADCAST, broadcast.clone());
    assert_eq!((code(&first), server.call(BROADCAST, broadcast)["MsgSeq"].clone()), (0, first["MsgSeq"].clone()));
    assert_eq!(server.messages(), 2);
}

#[test]
fn notices_are_kept_with_their_group() {
    let server = with_group("Public");
    let notice = json!({"GroupId": "g", "Content": "hello", "ToMembers_Account": ["bob"]});
    assert_eq!(server.code(NOTICE, notice), 0);
    assert_eq!(server.chat()["groups"]["g"]["notices"], json!([{"content": "hello", "to": ["bob"], "time_s": NOW_S}]));
    let live = with_group("AVChatRoom");
    let to_one = json!({"GroupId": "g", "Content": "hello", "ToMembers_Account": ["bob"]});
    assert_eq!(live.code(NOTICE, to_one), 10004);
}
