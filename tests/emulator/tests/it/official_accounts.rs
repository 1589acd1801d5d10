//! Official accounts: who subscribes, and what they say to all at once.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE: &str = "v4/official_account_open_http_svc/create_official_account";
const GET: &str = "v4/official_account_open_http_svc/get_official_account_info";
const UPDATE: &str = "v4/official_account_open_http_svc/modify_official_account_base_info";
const DESTROY: &str = "v4/official_account_open_http_svc/destroy_official_account";
const SUBSCRIBE: &str = "v4/official_account_open_http_svc/add_subscriber";
const UNSUBSCRIBE: &str = "v4/official_account_open_http_svc/delete_subscriber";
const SUBSCRIBERS: &str = "v4/official_account_open_http_svc/get_subscriber_info";
const UPDATE_SUBSCRIBER: &str = "v4/official_account_open_http_svc/modify_subscriber_info";
const SUBSCRIBED: &str = "v4/official_account_open_http_svc/get_subscribed_official_account_list";
const SEND: &str = "v4/official_account_open_http_svc/send_official_account_msg";
const HISTORY: &str = "v4/official_account_open_http_svc/official_account_msg_get_simple";
const RECALL: &str = "v4/official_account_open_http_svc/official_account_msg_recall";

const NEWS: &str = "@TOA#_news";
const NOW_S: u64 = 1_700_000_000;

fn with_news() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve"]);
    server.set("clock", json!({"now_s": NOW_S}));
    let news = json!({"Owner_Account": "ann", "OfficialAccountUserID": NEWS, "Name": "news", "MaxSubscriberNum": 2});
    assert_eq!(server.call(CREATE, news)["OfficialAccountUserID"], NEWS);
    server
}

/// A request about the official account.
fn of(more: Value) -> Value {
    let mut body = json!({"Official_Account": NEWS});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

fn users(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"Subscriber_Account": name})).collect()
}

fn outcomes(answer: &Value) -> Vec<i64> {
    let items = answer["SubscriberList"].as_array().expect("a list").iter();
    items.map(|item| item["Result"].as_i64().expect("a number")).collect()
}

#[test]
fn official_accounts_are_made_changed_and_destroyed() {
    let server = with_news();
    let drawn = server.call(CREATE, json!({"Owner_Account": "bob", "Name": "other"}));
    let drawn = drawn["OfficialAccountUserID"].as_str().expect("an id").to_owned();
    assert!(drawn.starts_with("@TOA#_@TOA#"), "{drawn}");
    for (more, why) in [
        (json!({"OfficialAccountUserID": NEWS}), "taken"),
        (json!({"OfficialAccountUserID": "news"}), "begins with @TOA#_"),
        (json!({"Owner_Account": "nobody"}), "not imported"),
    ] {
        let mut body = json!({"Owner_Account": "ann", "Name": "news"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answer = server.call(CREATE, body);
        assert_eq!(code(&answer), 6017, "{why}: {answer}");
    }
    assert_eq!(server.code(UPDATE, of(json!({"Introduction": "all that is new"}))), 0);
    let filter = json!({"OfficialAccountBaseInfoFilter": ["Name", "Introduction", "SubscriberNum"]});
    let ids = json!([{"Official_Account": NEWS}, {"Official_Account": "none"}]);
    let got = server.call(GET, json!({"OfficialAccountIdList": ids, "ResponseFilter": filter}));
    let [news, none] = &got["OfficialAccountInfoList"].as_array().expect("a list")[..] else { panic!("{got}") };
    let shown = json!({
        "Official_Account": NEWS, "Name": "news", "Introduction": "all that is new", "SubscriberNum": 0,
        "ErrorCode": 0, "ErrorInfo": "", "ActionStatus": "OK",
    });
    assert_eq!((news, &none["ErrorCode"]), (&shown, &json!(6017)));
    assert_eq!(server.code(DESTROY, of(json!({}))), 0);
    assert_eq!(server.code(DESTROY, of(json!({}))), 6017);
}

#[test]
fn users_subscribe_and_unsubscribe() {
    let server = with_news();
    let added = server.call(SUBSCRIBE, of(json!({"SubscriberList": users(&["bob", "nobody", "ann", "bob", "eve"])})));
    assert_eq!(outcomes(&added), [1, 0, 1, 2, 0], "nobody is not imported, and two are the most");
    assert_eq!(server.code(UPDATE_SUBSCRIBER, of(json!({"Subscriber_Account": "bob", "CustomString": "vip"}))), 0);
    assert_eq!(server.code(UPDATE_SUBSCRIBER, of(json!({"Subscriber_Account": "eve"}))), 6017);
    let first = server.call(SUBSCRIBERS, of(json!({"Limit": 1, "Next": ""})));
    let bob = &first["SubscriberList"][0];
    assert_eq!(
        (&bob["Subscriber_Account"], &bob["CustomString"], &bob["SubscribeTime"]),
        (&json!("bob"), &json!("vip"), &json!(NOW_S))
    );
    let last = server.call(SUBSCRIBERS, of(json!({"Next": first["Next"]})));
    assert_eq!((&last["SubscriberList"][0]["Subscriber_Account"], &last["Next"]), (&json!("ann"), &json!("")));
    server.call(CREATE, json!({"Owner_Account": "ann", "OfficialAccountUserID": "@TOA#_other", "Name": "other"}));
    server.call(SUBSCRIBE, json!({"Official_Account": "@TOA#_other", "SubscriberList": users(&["bob"])}));
    let page = server.call(SUBSCRIBED, json!({"Subscriber_Account": "bob", "Limit": 1}));
    assert_eq!((&page["CompleteFlag"], &page["Next"], &page["TotalCount"]), (&json!(0), &json!(1), &json!(2)));
    assert_eq!(page["OfficialAccountInfoList"][0]["SelfInfo"], json!({"SubscribeTime": NOW_S, "CustomString": "vip"}));
    let page = server.call(SUBSCRIBED, json!({"Subscriber_Account": "bob", "Offset": page["Next"]}));
    assert_eq!(page["CompleteFlag"], 1);
    let removed = server.call(UNSUBSCRIBE, of(json!({"SubscriberToDel_Account": ["bob", "eve"]})));
    assert_eq!(outcomes(&removed), [1, 2]);
    assert_eq!(outcomes(&server.call(UNSUBSCRIBE, of(json!({"SubscriberList": users(&["ann"])})))), [1]);
}

#[test]
fn messages_are_known_read_back_recalled_and_expire() {
    let server = with_news();
    let says = |random: u32, what: &str| {
        let answer = server.call(SEND, of(json!({"Random": random, "MsgBody": text(what)})));
        assert_eq!(code(&answer), 0, "{answer}");
        answer["MsgKey"].as_str().expect("a key").to_owned()
    };
    let first = says(7, "hi");
    server.set("clock", json!({"advance_s": 299}));
    assert_eq!(says(7, "hi"), first, "a repeat");
    let other = says(7, "ho");
    assert_ne!(other, first, "another content");
    server.set("clock", json!({"advance_s": 300}));
    let third = says(7, "hi");
    assert_ne!(third, first, "later");
    let quiet = json!({"Random": 8, "MsgBody": text("now"), "OnlineOnlyFlag": 1});
    assert_eq!(server.code(SEND, of(quiet.clone())), 0);
    let mut both = quiet;
    both["SendMsgControl"] = json!(["NoLastMsg"]);
    assert_eq!(server.code(SEND, of(both)), 6017);

    let keys = |page: &Value| {
        let messages = page["RspMsgList"].as_array().expect("a list").iter();
        messages.map(|message| message["MsgKey"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
    };
    let page = server.call(HISTORY, of(json!({"ReqMsgNumber": 2})));
    assert_eq!((keys(&page), &page["IsFinished"]), (vec![third.clone(), other.clone()], &json!(0)));
    let rest = server.call(HISTORY, of(json!({"ReqMsgNumber": 2, "LastMsgKey": page["LastMsgKey"]})));
    assert_eq!((keys(&rest), &rest["IsFinished"]), (vec![first.clone()], &json!(1)));

    let recalled = server.call(RECALL, of(json!({"MsgKeyList": [first, first, "1_2_3"]})));
    let codes: Vec<&Value> =
        recalled["RecallRetList"].as_array().expect("a list").iter().map(|item| &item["RetCode"]).collect();
    assert_eq!(codes, [0, 10032, 10030]);
    let all = server.call(HISTORY, of(json!({"ReqMsgNumber": 20, "WithRecalledMsg": 1})));
    assert_eq!((keys(&all).len(), &all["RspMsgList"][2]["IsPlaceMsg"]), (3, &json!(2)));
    assert_eq!(keys(&server.call(HISTORY, of(json!({"ReqMsgNumber": 20})))), [third.clone(), other]);

    // The third came 599 seconds after the first.
    server.set("clock", json!({"now_s": NOW_S + 7 * 86_400 + 599}));
    let kept = server.call(HISTORY, of(json!({"ReqMsgNumber": 20})));
    assert_eq!((keys(&kept), &kept["IsFinished"]), (vec![third], &json!(2)));
}
