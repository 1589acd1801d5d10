//! Messages: asked about before, told of after.

use std::thread;

use serde_json::{Value, json};
use tencent_im_core::api::elements::MsgElement;
use tencent_im_core::webhook::Decision;

use super::backend::{Gate, Plan};
use super::*;

pub const SEND: &str = "v4/openim/sendmsg";
const SEND_BATCH: &str = "v4/openim/batchsendmsg";
pub const BEFORE: &str = "C2C.CallbackBeforeSendMsg";
pub const AFTER: &str = "C2C.CallbackAfterSendMsg";

pub fn message(to: &str, random: u32) -> Value {
    json!({"From_Account": "ann", "To_Account": to, "MsgSeq": 7, "MsgRandom": random, "MsgBody": text("hello")})
}

fn elements(words: &str) -> Vec<MsgElement> {
    serde_json::from_value(text(words)).expect("elements")
}

/// What one user has in its history with another.
fn history(app: &App, user: &str, peer: &str) -> Value {
    let body =
        json!({"Operator_Account": user, "Peer_Account": peer, "MaxCnt": 9, "MinTime": 0, "MaxTime": now_s() + 100});
    app.server.call("v4/openim/admin_getroammsg", body)["MsgList"].clone()
}

#[test]
fn a_message_is_asked_about_and_told_of() {
    let app = App::start();
    let sent = app.server.call(
        SEND,
        json!({
            "From_Account": "ann", "To_Account": "bob", "MsgSeq": 7, "MsgRandom": 1, "MsgBody": text("hello"),
            "CloudCustomData": "own", "OnlineOnlyFlag": 0,
        }),
    );
    let before = app.body(BEFORE);
    let expected = json!({
        "CallbackCommand": BEFORE, "From_Account": "ann", "To_Account": "bob", "MsgSeq": 7, "MsgRandom": 1,
        "MsgTime": sent["MsgTime"], "MsgKey": sent["MsgKey"], "OnlineOnlyFlag": 0, "MsgBody": text("hello"),
        "CloudCustomData": "own",
    });
    assert_eq!(before, expected);
    let after = app.body(AFTER);
    let mut expected = expected;
    expected["CallbackCommand"] = AFTER.into();
    expected["SendMsgResult"] = 0.into();
    expected["ErrorInfo"] = "send msg succeed".into();
    expected["UnreadMsgNum"] = 1.into();
    assert_eq!(after, expected);
    // The keys that the service draws are one and the same, too, though the call is run again after the answer.
    app.backend.forget();
    let sent = app.server.call(SEND, json!({"To_Account": "bob", "MsgRandom": 2, "MsgBody": text("x")}));
    assert_eq!(app.body(BEFORE)["MsgKey"], sent["MsgKey"]);
    assert_eq!(app.body(AFTER)["MsgKey"], sent["MsgKey"]);
    assert_eq!(app.body(BEFORE)["From_Account"], ADMIN);
}

#[test]
fn a_rejection_reaches_the_sender_with_its_code() {
    let app = App::start();
    app.backend.reject(BEFORE, Some(120_001), "no advertisements");
    let answer = app.server.call(SEND, message("bob", 1));
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (120_001, &json!("no advertisements")));
    // Without a code of its own it is the service's, with the service's words.
    app.backend.reject(BEFORE, None, "nobody sees this");
    let answer = app.server.call(SEND, message("bob", 1));
    assert_eq!(code(&answer), 20006);
    assert!(!answer["ErrorInfo"].as_str().expect("a text").contains("nobody"), "{answer}");
    assert_eq!(history(&app, "ann", "bob"), json!([]));
    assert_eq!(app.server.counted(SEND)["effects"], 0);
    assert_eq!(app.bodies(AFTER), Vec::<Value>::new());
    // A rejected message is asked about anew, and sent once it is allowed.
    app.backend.decide(BEFORE, Decision::Allow);
    assert_eq!(app.server.code(SEND, message("bob", 1)), 0);
    assert_eq!(app.bodies(BEFORE).len(), 3);
}

#[test]
fn a_code_that_the_webhook_does_not_take_lets_the_message_pass() {
    let app = App::start();
    for code in [2_i64.pow(40), -1, 3, 10_100, 120_000, 130_001] {
        let answer = json!({"ActionStatus": "OK", "ErrorCode": code, "ErrorInfo": "no"});
        app.backend.plan(BEFORE, Plan::Answer(200, answer.to_string()));
        assert_eq!(app.server.code(SEND, message("bob", code as u32)), 0, "{code}");
    }
    assert_eq!(app.server.messages(), 6);
}

#[test]
fn a_dropped_message_looks_sent() {
    let app = App::start();
    app.backend.decide(BEFORE, Decision::Drop);
    let answer = app.server.call(SEND, message("bob", 1));
    assert_eq!((code(&answer), answer["MsgKey"].is_string()), (0, true));
    assert_eq!((history(&app, "ann", "bob"), app.server.messages()), (json!([]), 0));
    assert_eq!(app.bodies(AFTER), Vec::<Value>::new());
}

#[test]
fn a_replaced_message_is_what_the_receiver_has() {
    let app = App::start();
    let replace = Decision::Replace { msg_body: Some(elements("***")), cloud_custom_data: Some("checked".into()) };
    app.backend.decide(BEFORE, replace);
    let first = app.server.call(SEND, message("bob", 1));
    for (user, peer) in [("ann", "bob"), ("bob", "ann")] {
        let seen = &history(&app, user, peer)[0];
        assert_eq!((&seen["MsgBody"], &seen["CloudCustomData"]), (&text("***"), &json!("checked")), "{user}");
    }
    let after = app.body(AFTER);
    assert_eq!((&after["MsgBody"], &after["CloudCustomData"]), (&text("***"), &json!("checked")));
    // A repeat is known by what was sent, answered as the first was, and not asked about.
    assert_eq!(app.server.call(SEND, message("bob", 1)), first);
    assert_eq!((app.bodies(BEFORE).len(), app.server.messages()), (1, 1));
    // Only the custom data.
    let replace = Decision::Replace { msg_body: None, cloud_custom_data: Some("seen".into()) };
    app.backend.decide(BEFORE, replace);
    assert_eq!(app.server.code(SEND, message("cat", 2)), 0);
    let seen = &history(&app, "cat", "ann")[0];
    assert_eq!((&seen["MsgBody"], &seen["CloudCustomData"]), (&text("hello"), &json!("seen")));
}

#[test]
fn a_message_can_keep_its_webhooks_off() {
    let app = App::start();
    app.backend.reject(BEFORE, None, "");
    let mut quiet = message("bob", 1);
    quiet["ForbidCallbackControl"] = json!(["ForbidBeforeSendMsgCallback"]);
    assert_eq!(app.server.code(SEND, quiet), 0);
    assert_eq!(app.commands(), [AFTER]);
    app.backend.forget();
    let mut quiet = message("bob", 2);
    quiet["ForbidCallbackControl"] = json!(["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"]);
    assert_eq!(app.server.code(SEND, quiet), 0);
    assert_eq!(app.commands(), Vec::<String>::new());
}

#[test]
fn a_batch_is_asked_about_receiver_by_receiver_at_once() {
    let app = App::with(json!({"timeout_ms": 60_000}));
    let body = |random: u32| json!({"From_Account": "ann", "To_Account": ["bob", "cat", "nobody"], "MsgRandom": random, "MsgBody": text("x")});
    let gate = Gate::default();
    app.backend.plan(BEFORE, Plan::Held(gate.clone()));
    let answer = thread::scope(|scope| {
        let answer = scope.spawn(|| app.server.call(SEND_BATCH, body(1)));
        // Both are asked about before there is an answer for either.
        wait_until(|| app.backend.bodies(BEFORE).len() == 2);
        gate.open();
        answer.join().expect("no panic")
    });
    assert_eq!((code(&answer), answer["ErrorList"].as_array().map(Vec::len)), (0, Some(1)));
    let mut asked: Vec<String> = app.bodies(BEFORE).iter().map(|body| body["To_Account"].to_string()).collect();
    asked.sort();
    assert_eq!(asked, ["\"bob\"", "\"cat\""]);
    assert_eq!(app.bodies(AFTER).len(), 2);

    app.backend.reject(BEFORE, Some(120_002), "no");
    let answer = app.server.call(SEND_BATCH, body(2));
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (120_002, &json!("no")));
    let mut codes: Vec<i64> = answer["ErrorList"].as_array().expect("a list").iter().map(code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [70107, 120_002, 120_002]);
    assert_eq!(app.server.messages(), 2);
}

#[test]
fn what_comes_after_a_message() {
    let app = App::start();
    let key = app.server.call(SEND, json!({
        "From_Account": "ann", "To_Account": "bob", "MsgRandom": 1, "MsgBody": text("x"), "SupportMessageExtension": 1,
    }))["MsgKey"].clone();
    app.server.call(SEND, message("bob", 2));
    let set = json!({
        "From_Account": "ann", "To_Account": "bob", "MsgKey": key, "OperateType": 1,
        "ExtensionList": [{"Key": "k", "Value": "v"}],
    });
    assert_eq!(app.server.code("v4/openim_msg_ext_http_svc/set_key_values", set), 0);
    let changed = app.body("C2C.CallbackAfterC2CMsgExtension");
    assert_eq!(changed["ExtensionList"], json!([{"Key": "k", "Value": "v", "Seq": 1}]));
    assert_eq!((&changed["MsgKey"], &changed["OperateType"], &changed["Seq"]), (&key, &json!(1), &json!(1)));

    let recall = json!({"From_Account": "ann", "To_Account": "bob", "MsgKey": key});
    assert_eq!(app.server.code("v4/openim/admin_msgwithdraw", recall.clone()), 0);
    assert_eq!(app.server.code("v4/openim/admin_msgwithdraw", recall), 20023);
    let recalled = app.body("C2C.CallbackAfterMsgWithDraw");
    assert_eq!((&recalled["MsgKey"], &recalled["UnreadMsgNum"]), (&key, &json!(1)));

    let read = json!({"Report_Account": "bob", "Peer_Account": "ann", "MsgReadTime": now_s() + 5});
    assert_eq!(app.server.code("v4/openim/admin_set_msg_read", read), 0);
    let read = app.body("C2C.CallbackAfterMsgReport");
    assert_eq!((&read["Report_Account"], &read["UnreadMsgNum"]), (&json!("bob"), &json!(0)));
}

#[test]
fn a_chatbot_hears_what_it_is_told() {
    let app = App::start();
    assert_eq!(app.server.code("v4/openim_robot_http_svc/create_robot", json!({"UserID": "@RBT#1", "Nick": "Bot"})), 0);
    assert_eq!(app.server.code(SEND, message("@RBT#1", 1)), 0);
    assert_eq!(app.body("Bot.OnC2CMessage")["To_Account"], "@RBT#1");
    app.server.call("v4/openim_robot_http_svc/delete_robot", json!({"Robot_Account": "@RBT#1"}));
    assert_eq!(app.server.code(SEND, message("@RBT#1", 2)), 0);
    assert_eq!(app.bodies("Bot.OnC2CMessage").len(), 1);
}

#[test]
fn a_receiver_who_is_away_gets_a_push() {
    let app = App::with(json!({"commands": ["Push.OfflinePush"]}));
    app.server.set(
        "online",
        json!({"users": [
            {"user_id": "bob", "status": "PushOnline"}, {"user_id": "cat", "status": "Online"},
        ]}),
    );
    let sent = app.server.call(SEND, message("bob", 1));
    app.server.call(SEND, message("cat", 2));
    let mut unpushed = message("bob", 3);
    unpushed["OfflinePushInfo"] = json!({"PushFlag": 1});
    app.server.call(SEND, unpushed);
    let events = app.body("Push.OfflinePush")["Events"].clone();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
    assert_eq!((&events[0]["To_Account"], &events[0]["MsgKey"]), (&json!("bob"), &sent["MsgKey"]));
    assert_eq!((&events[0]["EventType"], &events[0]["CallbackCommand"]), (&json!(1), &json!("Push.OfflinePush")));
}
