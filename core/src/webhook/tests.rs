use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::events::{friends, groups, messages, moderation, official_accounts, push, state};
use super::*;
use crate::Result;
use crate::schema::JsonSink;
use crate::schema::names::Style;

const APP: u32 = 1_400_000_001;
const TOKEN: &str = "xxxyyy";
/// When the fact file's test vector was signed, and its signature.
const AT: u64 = 1_669_872_112;
const SIGN: &str = "e78a85473bed2cdc8d6fa8c4d5a4ba4735fd64156e15a99516b9890293e135de";
const MESSAGE: &str = r#"{"CallbackCommand":"C2C.CallbackBeforeSendMsg","From_Account":"jared","To_Account":"John","MsgSeq":48374,"MsgRandom":2837546,"MsgTime":1557481126,"MsgKey":"48374_2837546_1557481126","OnlineOnlyFlag":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"red packet"}}],"CloudCustomData":"data"}"#;

fn receiver(settings: Value) -> Result<Receiver> {
    Receiver::open(&mut settings.clone(), Style::Snake)
}

fn signed() -> Receiver {
    receiver(json!({"sdk_app_id": APP, "token": ["older", TOKEN]})).expect("good settings")
}

fn unsigned() -> Receiver {
    receiver(json!({"sdk_app_id": APP, "verify": false})).expect("good settings")
}

/// The status and message with which a request is refused.
fn refusal(query: &str, now_s: u64) -> (u16, String) {
    let error = signed().read(query, MESSAGE.as_bytes(), now_s).expect_err(query);
    assert_eq!(error.kind, Kind::Webhook, "{error}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains(&SIGN[..8]), "{shown}");
    (error.http_status.unwrap_or_default(), error.message.to_string())
}

fn query(sign: &str, time: impl core::fmt::Display) -> String {
    format!("SdkAppid={APP}&CallbackCommand=C2C.CallbackBeforeSendMsg&Sign={sign}&RequestTime={time}")
}

fn event(command: &str, body: impl AsRef<[u8]>) -> Result<Event> {
    unsigned().read(&format!("SdkAppid={APP}&CallbackCommand={command}"), body.as_ref(), 0)
}

fn record(event: &Event) -> Value {
    let mut sink = JsonSink::new(1 << 20);
    event.record_into(Style::Snake, &mut sink).expect("a readable event");
    serde_json::from_slice(&sink.into_bytes()).expect("JSON")
}

#[test]
fn the_fact_files_signature_is_ours() {
    assert_eq!(sign(TOKEN, AT), SIGN);
    for now_s in [AT - 60, AT, AT + 60] {
        let event = signed().read(&query(SIGN, AT), MESSAGE.as_bytes(), now_s).expect("genuine");
        assert_eq!(event.command, "C2C.CallbackBeforeSendMsg");
    }
}

#[test]
fn what_is_not_signed_as_it_should_be_is_401() {
    let plain = format!("SdkAppid={APP}&CallbackCommand=C2C.CallbackBeforeSendMsg");
    let printed = "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
    for (query, now_s, says) in [
        (plain.clone(), AT, "has no Sign"),
        (format!("{plain}&Sign={SIGN}"), AT, "has no RequestTime"),
        (format!("{}&Sign={SIGN}", query(SIGN, AT)), AT, "has Sign twice"),
        (format!("{}&RequestTime={AT}", query(SIGN, AT)), AT, "has RequestTime twice"),
        (query(&SIGN.to_uppercase(), AT), AT, "capital letters"),
        (query(&SIGN.replace('e', "g"), AT), AT, "not hexadecimal"),
        (query(&SIGN[1..], AT), AT, "63 characters"),
        (query("", AT), AT, "0 characters"),
        (query(printed, AT), AT, "does not fit the token"),
        (query(SIGN, AT + 1), AT, "does not fit the token"),
        (query(SIGN, format!("{AT}.0")), AT, "not a Unix time"),
        (query(SIGN, format!("-{AT}")), AT, "not a Unix time"),
        (query(SIGN, ""), AT, "not a Unix time"),
        (query(SIGN, "9".repeat(30)), AT, "not a Unix time"),
        (query(&sign(TOKEN, AT * 1000), AT * 1000), AT, "looks like milliseconds"),
        (query(&sign(TOKEN, AT + 86_400), AT + 86_400), AT, "86400 s in the future"),
        (query(SIGN, AT), AT + 61, "61 s old"),
        (query(SIGN, AT), 0, "in the future"),
        (query(SIGN, AT), u64::MAX, "s old"),
    ] {
        let (status, message) = refusal(&query, now_s);
        assert!(status == 401 && message.contains(says), "{query}: {status} {message}, not {says}");
    }
}

#[test]
fn another_app_is_403_and_a_broken_query_400() {
    let signed = format!("CallbackCommand=C2C.CallbackBeforeSendMsg&Sign={SIGN}&RequestTime={AT}");
    for (query, status, says) in [
        (format!("SdkAppid=1400000002&{signed}"), 403, "the app 1400000002"),
        (format!("SdkAppid=x%0ay&{signed}"), 403, "the app xy"),
        (signed.clone(), 400, "no SdkAppid"),
        (format!("SdkAppid={APP}&SdkAppid={APP}&{signed}"), 400, "SdkAppid twice"),
        ("a".repeat(8193), 400, "longer than 8192"),
        (query(SIGN, AT).replace("BeforeSendMsg", "AfterSendMsg"), 400, "the body C2C.CallbackBeforeSendMsg"),
        (query(SIGN, AT).replace("C2C.CallbackBeforeSendMsg", ""), 400, "is not a CallbackCommand"),
        (query(SIGN, AT).replace("C2C.", &"C".repeat(200)), 400, "is not a CallbackCommand"),
    ] {
        let (got, message) = refusal(&query, AT);
        assert!(got == status && message.contains(says), "{query}: {got} {message}, not {says}");
    }
}

#[test]
fn a_query_is_read_as_it_arrives() {
    let query = format!("/im/hook?own=1&{}&ClientIP=::1&OptPlatform=IOS&contenttype=JSON", query(SIGN, AT))
        .replace("C2C.C", "C2C%2EC")
        .replace("::1", "%3A%3a1");
    let event = signed().read(&query, MESSAGE.as_bytes(), AT).expect("genuine");
    assert_eq!((event.platform, event.client_ip.as_deref()), (Some(Platform::Ios), Some("::1")));
    for whole in [
        // Question marks and slashes of the app's own parameters cut nothing off.
        format!("{}&next=/a?b=1", self::query(SIGN, AT)),
        format!("next=/a?b&{}", self::query(SIGN, AT)),
        format!("next=https://example.com/?q=1&{}", self::query(SIGN, AT)),
        format!("?{}&why=what?", self::query(SIGN, AT)),
        format!("/hook;a=b&c?{}&next=https://example.com/?q=1", self::query(SIGN, AT)),
        format!("https://example.com/hook?{}", self::query(SIGN, AT)),
        format!("hook?{}", self::query(SIGN, AT)),
    ] {
        assert!(signed().read(&whole, MESSAGE.as_bytes(), AT).is_ok(), "{whole}");
    }
    for (given, read) in
        [("iOS", "iOS"), ("macOS", "Mac"), ("Unkown", "Unknown"), ("Glasses", "Unknown"), ("restapi", "RESTAPI")]
    {
        let query = format!("SdkAppid={APP}&CallbackCommand=C2C.CallbackBeforeSendMsg&OptPlatform={given}");
        let event = unsigned().read(&query, MESSAGE.as_bytes(), 0).expect("an event");
        assert_eq!(event.platform.map(Platform::as_str), Some(read), "{given}");
    }
}

#[test]
fn settings_say_whether_requests_are_verified() {
    for (settings, path, says) in [
        (json!({"sdk_app_id": APP}), "token", "there is no token"),
        (json!({"sdk_app_id": APP, "verify": true}), "token", "there is no token"),
        (json!({"sdk_app_id": APP, "token": ["t"], "verify": false}), "verify", "switched off"),
        (json!({"sdk_app_id": APP, "token": []}), "token", "0 items"),
        (json!({"sdk_app_id": APP, "token": ["t", ""]}), "token[1]", "empty"),
        (json!({"sdk_app_id": APP, "token": ["t\n"]}), "token[0]", "white space"),
        (json!({"sdk_app_id": APP, "token": ["\"t\""]}), "token[0]", "quotation marks"),
        (json!({"sdk_app_id": 0, "token": ["t"]}), "sdk_app_id", "out of range"),
        (json!({"token": ["t"]}), "sdk_app_id", "missing"),
        (json!({"sdk_app_id": APP, "token": ["t"], "tolerance": 0}), "tolerance", "out of range"),
        (json!({"sdk_app_id": APP, "token": ["t"], "verfy": true}), "verfy", "did you mean verify"),
    ] {
        let error = receiver(settings.clone()).expect_err("bad settings");
        assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some(path)), "{settings}: {error}");
        assert!(error.message.contains(says) && error.cure.is_some(), "{settings}: {error}");
    }
    assert!(!format!("{:?}", signed()).contains(TOKEN));
}

#[test]
fn requests_are_looked_at_before_their_body() {
    let check = |method: &str, content_type, length| {
        check_request(&unsigned(), method, content_type, length).map_err(|error| error.http_status.unwrap_or_default())
    };
    for fine in [None, Some("application/json; charset=utf-8"), Some("text/plain"), Some("application/octet-stream")] {
        assert_eq!(check("POST", fine, Some(1 << 20)), Ok(()));
    }
    assert_eq!(check("GET", None, None), Err(405));
    for other in ["multipart/form-data; boundary=x", "image/png", "text/html", "application/xml", "image/svg+xml"] {
        assert_eq!(check("POST", Some(other), None), Err(415), "{other}");
    }
    assert_eq!(check("POST", None, Some((1 << 20) + 1)), Err(413));
}

#[test]
fn bodies_that_cannot_be_read_are_refused() {
    let deep = format!("{{\"MsgBody\":{}{}}}", "[".repeat(100), "]".repeat(100));
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(1 << 20));
    for (body, status, says) in [
        ("", 400, "empty"),
        (" \n", 400, "empty"),
        ("[]", 400, "not the JSON object"),
        ("null", 400, "not the JSON object"),
        ("{\"MsgKey\":", 400, "cut short"),
        ("{\"MsgKey\":1} x", 400, "not the JSON object"),
        ("MsgKey=1", 400, "not the JSON object"),
        ("{\"CallbackCommand\":7}", 400, "not text"),
        ("{\"MsgKey\":\"1\",\"MsgKey\":\"2\"}", 400, "not the JSON object"),
        (&long, 413, "longer than 1048576"),
    ] {
        let error = event("C2C.CallbackBeforeSendMsg", body).expect_err("a bad body");
        assert_eq!((error.kind, error.http_status), (Kind::Webhook, Some(status)), "{error}");
        assert!(error.message.contains(says), "{error}");
    }
    let event = event("C2C.CallbackBeforeSendMsg", &deep).expect("flat fields");
    let error = event.read_into(Style::Snake, &mut JsonSink::new(1 << 20)).expect_err("too deep");
    assert_eq!(
        (error.kind, error.http_status, error.operation),
        (Kind::Webhook, Some(400), Some("C2C.CallbackBeforeSendMsg"))
    );
}

#[test]
fn an_event_is_read_into_its_rust_type() {
    let event = event("C2C.CallbackBeforeSendMsg", MESSAGE).expect("an event");
    let message = messages::BEFORE_SEND_MSG.read(&event).expect("a message");
    assert_eq!(
        (message.from_account.as_str(), message.msg_time.0, message.online_only_flag.0),
        ("jared", 1_557_481_126, true)
    );
    assert!(
        matches!(&message.msg_body[..], [crate::api::elements::MsgElement::Text(text)] if text.text == "red packet")
    );
    let error = messages::AFTER_SEND_MSG.read(&event).expect_err("another webhook");
    assert!(error.kind == Kind::InvalidInput && error.message.contains("not C2C.CallbackAfterSendMsg"), "{error}");
}

#[test]
fn times_are_milliseconds_whatever_was_sent() {
    for (time, read) in [
        ("1670574414123", json!(1_670_574_414_123_u64)),
        ("\"1670574414123\"", json!(1_670_574_414_123_u64)),
        ("1670574414", json!(1_670_574_414_000_u64)),
        ("0", Value::Null),
        ("null", Value::Null),
        ("\"soon\"", Value::Null),
    ] {
        let body = format!(r#"{{"GroupId":"g","EventTime":{time}}}"#);
        let event = event("Group.CallbackAfterGroupFull", body).expect("an event");
        let record = record(&event);
        assert_eq!(record["event_time"], read, "{time}");
        // A time that cannot be read is not lost.
        assert_eq!(record["body"].get("EventTime").is_some(), read.is_null(), "{time}: {record}");
        assert!(record["body"].get("CallbackCommand").is_none());
    }
}

#[test]
fn unknown_fields_and_webhooks_are_kept() {
    let event = event("Group.CallbackAfterSomethingNew", r#"{"EventTime":1,"New_Field":{"A":[1,"\ud83d"]}}"#)
        .expect("an event");
    assert!(event.webhook.is_none());
    let record = record(&event);
    assert_eq!((&record["kind"], &record["command"]), (&json!("unknown"), &json!("Group.CallbackAfterSomethingNew")));
    assert_eq!(record["body"]["New_Field"], json!({"A": [1, "\u{fffd}"]}));
    assert_eq!(event.answer(&Decision::Allow).expect("OK"), br#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}"#);
    assert!(event.answer(&Decision::Reject { code: None, info: None }).is_err());
    let known = self::event("Group.CallbackAfterGroupFull", r#"{"GroupId":"g","New":7}"#).expect("an event");
    assert_eq!(self::record(&known)["body"], json!({"group_id": "g", "New": 7}));
}

#[test]
fn an_event_keeps_the_names_of_an_errors_envelope() {
    let body = r#"{"GroupId":"g","ErrorCode":10023,"ErrorInfo":"too many"}"#;
    let event = event("Group.CallbackSendMsgException", body).expect("an event");
    let body = record(&event)["body"].clone();
    assert_eq!((&body["error_code"], &body["error_info"]), (&json!(10023), &json!("too many")));
}

#[test]
fn a_command_may_stand_in_the_query_or_the_body_alone() {
    let moderated = r#"{"Scene":"C2C","From_Account":"jared","CtxcbRequestId":"241e","CtxcbResult":1}"#;
    let event = event("ContentCallback.ResultNotify", moderated).expect("an event");
    assert_eq!(event.id, "ContentCallback.ResultNotify/241e");
    assert!(moderation::RESULT_NOTIFY.read(&event).expect("a result").is_blocked.0);
    let event = unsigned().read(&format!("SdkAppid={APP}"), MESSAGE.as_bytes(), 0).expect("an event");
    assert_eq!(event.command, "C2C.CallbackBeforeSendMsg");
    let error = unsigned().read(&format!("SdkAppid={APP}"), moderated.as_bytes(), 0).expect_err("no command");
    assert!(error.message.contains("neither"), "{error}");
}

#[test]
fn pushes_come_as_lists_with_seconds() {
    let body = |command: &str| {
        format!(
            r#"{{"Events":[{{"CallbackCommand":"{command}","EventTime":1557481127,"PushStage":1,"GroupID":"g"}},{{}}]}}"#
        )
    };
    let event = event("Push.OfflinePush", body("Push.OfflinePush")).expect("an event");
    assert_eq!(event.event_time_ms, Some(1_557_481_127_000));
    let events = push::OFFLINE_PUSH.read(&event).expect("a push").events;
    assert_eq!((events.len(), events[0].event_time.0, events[0].group_id.as_str()), (2, 1_557_481_127, "g"));
    let error = self::event("Push.OfflinePush", body("Push.AllMemberPush")).expect_err("another webhook");
    assert!(error.message.contains("the body Push.AllMemberPush"), "{error}");
}

#[test]
fn ids_tell_events_apart_and_are_the_same_in_a_retry() {
    let id = |command: &str, body: &str| event(command, body).expect("an event").id;
    let after = "Group.CallbackAfterSendMsg";
    let c2c = |from: &str| format!(r#"{{"From_Account":"{from}","To_Account":"b","MsgKey":"1_2_3"}}"#);
    assert_eq!(id("C2C.CallbackAfterSendMsg", &c2c("a")), "C2C.CallbackAfterSendMsg/a/b/1_2_3");
    // Clients choose what makes a key: it does not hide the message of another.
    assert_ne!(id("C2C.CallbackAfterSendMsg", &c2c("a")), id("C2C.CallbackAfterSendMsg", &c2c("c")));
    let hostile = id("C2C.CallbackAfterSendMsg", &c2c(r"a%\n\u202e你"));
    assert_eq!(hostile, "C2C.CallbackAfterSendMsg/a%25%0A%E2%80%AE你/b/1_2_3");
    let long = id("C2C.CallbackAfterSendMsg", &c2c(&"a".repeat(100_000)));
    assert!(long.len() < 100 && long.contains("/sha256:"), "{long}");
    assert_eq!(id(after, r#"{"GroupId":"@TGS#1","MsgSeq":7}"#), "Group.CallbackAfterSendMsg/@TGS#1//7");
    assert_eq!(id(after, r#"{"GroupId":"a","TopicId":"b/c","MsgSeq":7}"#), "Group.CallbackAfterSendMsg/a/b%2Fc/7");
    let hashed = |body: &str| {
        let id = id(after, body);
        assert!(id.starts_with("Group.CallbackAfterSendMsg/sha256:") && id.len() == after.len() + 8 + 32, "{id}");
        id
    };
    assert_eq!(hashed(r#"{"MsgSeq":7}"#), hashed(r#"{"MsgSeq":7}"#));
    let all = [
        r#"{"MsgSeq":7}"#,
        r#"{"GroupId":"","MsgSeq":7}"#,
        r#"{"GroupId":null,"MsgSeq":7}"#,
        r#"{"GroupId":[],"MsgSeq":7}"#,
    ];
    assert_eq!(all.map(hashed).iter().collect::<BTreeSet<_>>().len(), all.len());
}

/// What an event of a webhook is answered with, for a decision.
fn answered(command: &str, body: &str, decision: Value) -> Result<Value> {
    let event = event(command, body).expect("an event");
    let mut decision = decision;
    let body = answer(&event.command, &event.accounts, &mut decision, Style::Snake)?;
    Ok(serde_json::from_slice(&body).expect("JSON"))
}

fn ok(code: i32, info: &str) -> Value {
    json!({"ActionStatus": "OK", "ErrorCode": code, "ErrorInfo": info})
}

#[test]
fn decisions_become_answers() {
    let c2c = |decision| answered("C2C.CallbackBeforeSendMsg", MESSAGE, decision).expect("a good decision");
    assert_eq!(c2c(json!({"action": "allow"})), ok(0, ""));
    assert_eq!(c2c(json!({"action": "reject"})), ok(1, ""));
    assert_eq!(c2c(json!({"action": "reject", "code": 120_001, "info": "no"})), ok(120_001, "no"));
    assert_eq!(c2c(json!({"action": "drop"})), ok(2, ""));
    let elements = json!([{"msg_type": "TIMTextElem", "msg_content": {"text": "t"}}]);
    let replaced = c2c(json!({"action": "replace", "msg_body": elements, "cloud_custom_data": "d"}));
    assert_eq!(replaced["MsgBody"], json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": "t"}}]));
    assert_eq!((&replaced["CloudCustomData"], &replaced["ErrorCode"]), (&json!("d"), &json!(0)));
    let event = event("C2C.CallbackBeforeSendMsg", MESSAGE).expect("an event");
    let body = event.answer(&Decision::Reject { code: Some(130_000), info: Some("no".into()) }).expect("an answer");
    assert_eq!(serde_json::from_slice::<Value>(&body).expect("JSON"), ok(130_000, "no"));
}

#[test]
fn accounts_are_decided_one_by_one() {
    let friends = r#"{"From_Account":"id","FriendItem":[{"To_Account":"id1"},{"To_Account":"id2"}]}"#;
    let results = |decision| {
        let answer = answered("Sns.CallbackPrevFriendAdd", friends, decision).expect("a good decision");
        assert_eq!(answer["ErrorCode"], 0);
        let codes = answer["ResultItem"].as_array().expect("results").iter();
        codes
            .map(|item| (item["To_Account"].clone(), item["ResultCode"].clone(), item["ResultInfo"].clone()))
            .collect::<Vec<_>>()
    };
    let both = |one: (i32, &str), two: (i32, &str)| {
        vec![(json!("id1"), json!(one.0), json!(one.1)), (json!("id2"), json!(two.0), json!(two.1))]
    };
    assert_eq!(results(json!({"action": "allow"})), both((0, ""), (0, "")));
    assert_eq!(results(json!({"action": "reject"})), both((38_000, ""), (38_000, "")));
    assert_eq!(
        results(json!({"action": "reject", "code": 39_000, "info": "no"})),
        both((39_000, "no"), (39_000, "no"))
    );
    assert_eq!(results(json!({"action": "refuse", "accounts": ["id2"]})), both((0, ""), (38_000, "")));
    let decide = json!({"action": "decide", "results": [{"account": "id2", "code": 38_001, "info": "no"}]});
    assert_eq!(results(decide), both((0, ""), (38_001, "no")));

    let invited = r#"{"GroupId":"g","DestinationMembers":[{"Member_Account":"jared"},{"Member_Account":"leckie"}]}"#;
    let answer =
        answered("Group.CallbackBeforeInviteJoinGroup", invited, json!({"action": "refuse", "accounts": ["jared"]}));
    assert_eq!(answer.expect("a good decision")["RefusedMembers_Account"], json!(["jared"]));
    let added = r#"{"SubscribeAccountList":[{"Subscriber_Account":"jared"}]}"#;
    let answer = answered(
        "OfficialAccount.CallbackBeforeAddSubscriber",
        added,
        json!({"action": "refuse", "accounts": ["jared"]}),
    );
    assert_eq!(answer.expect("a good decision")["RefusedSubscribers_Account"], json!(["jared"]));
}

#[test]
fn decisions_that_the_service_would_ignore_are_refused() {
    let (c2c, group) = ("C2C.CallbackBeforeSendMsg", "Group.CallbackBeforeSendMsg");
    let (friends, invite) = ("Sns.CallbackPrevFriendAdd", "Group.CallbackBeforeInviteJoinGroup");
    let subscribe = "OfficialAccount.CallbackBeforeAddSubscriber";
    for (command, decision, path, says, cure) in [
        (c2c, json!({"action": "reject", "code": 10_100}), "code", "10100 is not a code", "120001 to 130000"),
        (c2c, json!({"action": "reject", "code": 0}), "code", "0 is not a code", "120001"),
        (c2c, json!({"action": "reject", "code": 2}), "code", "2 is not a code", "120001"),
        (c2c, json!({"action": "reject", "code": -1}), "code", "-1 is not a code", "120001"),
        (group, json!({"action": "reject", "code": 10_201}), "code", "10201 is not a code", "10100 to 10200"),
        (friends, json!({"action": "reject", "code": 1}), "code", "1 is not a code", "38000 to 39000"),
        (subscribe, json!({"action": "reject", "code": 120_001}), "code", "no code of the app's own", "leave it out"),
        (c2c, json!({"action": "replace"}), "msg_body", "nothing to replace", "allow"),
        (c2c, json!({"action": "replace", "msg_body": []}), "msg_body", "0 items", "at least 1"),
        (
            c2c,
            json!({"action": "replace", "msg_body": [{"msg_type": "TIMTextElm", "msg_content": {}}]}),
            "msg_body[0].msg_type",
            "did you mean TIMTextElem",
            "",
        ),
        (
            c2c,
            json!({"action": "refuse", "accounts": ["a"]}),
            "action",
            "does not take refuse",
            "allow, reject, drop, replace",
        ),
        (friends, json!({"action": "drop"}), "action", "does not take drop", "decide"),
        (
            invite,
            json!({"action": "refuse", "accounts": ["jon"]}),
            "accounts[0]",
            "does not name \"jon\"",
            "accounts of the event",
        ),
        (invite, json!({"action": "refuse"}), "accounts", "missing", "name the accounts"),
        (
            friends,
            json!({"action": "decide", "results": [{"account": "id1", "code": 7}]}),
            "results[0].code",
            "7 is not a code",
            "38000",
        ),
        (
            friends,
            json!({"action": "decide", "results": [{"account": "x", "code": 0}]}),
            "results[0].account",
            "does not name",
            "",
        ),
        (
            friends,
            json!({"action": "decide", "results": [{"account": "id1", "code": 0}, {"account": "id1", "code": 38_000}]}),
            "results[1].account",
            "decided twice",
            "",
        ),
        (c2c, json!({"action": "allow", "code": 0}), "code", "allow does not take it", ""),
        (c2c, json!({"action": "Reject"}), "action", "did you mean reject?", ""),
        (c2c, json!({"action": "explode"}), "action", "unknown action", "allow, reject"),
        (c2c, json!({}), "action", "missing", ""),
        (c2c, json!({"action": "reject", "coed": 1}), "coed", "did you mean code?", ""),
        ("C2C.CallbackAfterSendMsg", json!({"action": "reject"}), "action", "has happened", "allow"),
        ("Alert.RequestOverLimit", json!({"action": "reject"}), "action", "only be acknowledged", "allow"),
    ] {
        let body = json!({"FriendItem": [{"To_Account": "id1"}], "DestinationMembers": [{"Member_Account": "jared"}]});
        let error = answered(command, &body.to_string(), decision.clone()).expect_err("a bad decision");
        assert_eq!(
            (error.kind, error.path.as_deref(), error.operation),
            (Kind::InvalidInput, Some(path), Some(command)),
            "{decision}: {error}"
        );
        let cured = error.cure.as_deref().unwrap_or_default();
        assert!(error.message.contains(says) && !cured.is_empty() && cured.contains(cure), "{decision}: {error}");
    }
}

#[test]
fn commands_and_bodies_fit() {
    let commands: BTreeSet<&str> = all().map(|webhook| webhook.command).collect();
    assert_eq!(commands.len(), all().count(), "a command is declared twice");
    for webhook in all() {
        let shape = (webhook.body)();
        for name in webhook.id {
            assert!(shape.fields.iter().any(|field| field.name == *name), "{}: {name}", webhook.command);
        }
        for reserved in ["CallbackCommand", "EventTime"] {
            assert!(shape.fields.iter().all(|field| field.wire != reserved), "{}: {reserved}", webhook.command);
        }
        if let Some(asked) = webhook.answers().and_then(Answers::asked) {
            let list = shape.fields.iter().find(|field| field.wire == asked.list).expect("the list of accounts");
            let crate::schema::Ty::List(crate::schema::Ty::Object(item)) = list.ty else {
                panic!("{}", webhook.command)
            };
            assert!(item().fields.iter().any(|field| field.wire == asked.account), "{}", webhook.command);
        }
        let begins = webhook.command.contains("Before") || webhook.command.contains("Prev");
        assert_eq!(webhook.answers().is_some(), begins, "{}", webhook.command);
        assert!(core::ptr::eq(find(webhook.command).expect("itself"), webhook));
    }
    // What the types say is what the tables say.
    assert!(friends::BEFORE_FRIEND_ADD.answers().is_some() && groups::AFTER_GROUP_FULL.answers().is_none());
    assert!(state::STATE_CHANGE.webhook().doc_url().ends_with("1047/34357"));
    assert!(official_accounts::OFFICIAL_ACCOUNT_FULL.id.is_empty() && push::OFFLINE_PUSH.is_list());
}
