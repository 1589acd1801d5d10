//! Pushes, and the tags and attributes that they are addressed by, over both services.

use serde_json::{Value, json};

use crate::harness::*;

const GET_TAGS: &str = "v4/timpush/get_tag";
const ADD_TAGS: &str = "v4/timpush/add_tag";
const REMOVE_TAGS: &str = "v4/timpush/remove_tag";
const CLEAR_TAGS: &str = "v4/timpush/clear_all_tags";
const GET: &str = "v4/timpush/get_attr";
const SET: &str = "v4/timpush/set_attr";
const REMOVE: &str = "v4/timpush/remove_attr";
const NAMES: &str = "v4/timpush/get_attr_name";
const SET_NAMES: &str = "v4/timpush/set_attr_name";
const OLD_GET_TAGS: &str = "v4/all_member_push/im_get_tag";
const OLD_ADD_TAGS: &str = "v4/all_member_push/im_add_tag";
const OLD_GET: &str = "v4/all_member_push/im_get_attr";
const OLD_NAMES: &str = "v4/all_member_push/im_get_attr_name";

const BROADCAST: &str = "v4/timpush/push";
const SEND: &str = "v4/timpush/batch";
const RECALL: &str = "v4/timpush/revoke";
const OLD_BROADCAST: &str = "v4/all_member_push/im_push";

fn with_users() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob"]);
    server
}

fn tags(server: &Server, user: &str) -> Value {
    server.call(GET_TAGS, json!({"To_Account": [user]}))["UserTags"][0]["Tags"].clone()
}

fn of(user: &str, tags: &[&str]) -> Value {
    json!({"To_Account": user, "Tags": tags})
}

#[test]
fn tags_are_added_replaced_and_removed() {
    let server = with_users();
    let added = server.call(ADD_TAGS, json!({"UserTags": [of("ann", &["a", "b"]), of("nobody", &["a"])]}));
    assert_eq!((code(&added), &added["ErrorList"]), (0, &json!([{"To_Account": "nobody", "ErrorCode": 70107}])));
    server.call(ADD_TAGS, json!({"UserTags": [of("ann", &["b", "c"])]}));
    assert_eq!(tags(&server, "ann"), json!(["a", "b", "c"]));
    assert_eq!(server.code(REMOVE_TAGS, json!({"UserTags": [of("ann", &["a", "z"])]})), 0);
    assert_eq!(tags(&server, "ann"), json!(["b", "c"]));
    server.call(ADD_TAGS, json!({"Replace": 1, "UserTags": [of("ann", &["d"])]}));
    assert_eq!(tags(&server, "ann"), json!(["d"]));
    let old = server.call(OLD_GET_TAGS, json!({"To_Account": ["ann"]}));
    assert_eq!(old["UserTags"], json!([of("ann", &["d"])]), "both services know the same tags");
    assert_eq!(server.code(OLD_ADD_TAGS, json!({"UserTags": [of("nobody", &["a"])]})), 70107);
    assert_eq!(server.code(CLEAR_TAGS, json!({"To_Account": ["ann"]})), 0);
    assert_eq!(tags(&server, "ann"), json!([]));
    let many: Vec<String> = (0..101).map(|number| format!("user{number}")).collect();
    assert_eq!(server.code(GET_TAGS, json!({"To_Account": many})), 90018);
}

#[test]
fn attributes_are_named_before_they_are_set() {
    let server = with_users();
    let set = |attributes: Value| server.call(SET, json!({"UserAttrs": [{"To_Account": "ann", "Attrs": attributes}]}));
    assert_eq!(set(json!({"sex": "f"}))["ErrorList"], json!([{"To_Account": "ann", "ErrorCode": 90033}]));
    assert_eq!(server.code(SET_NAMES, json!({"AttrNames": {"0": "sex", "1": "city"}, "AttrTypes": {"1": 0}})), 0);
    assert_eq!(server.code(SET_NAMES, json!({"AttrNames": {"2": "sex"}})), 90033, "a name is used once");
    assert_eq!(server.code(SET_NAMES, json!({"AttrNames": {"1": "city"}, "AttrTypes": {"1": 1}})), 90033);
    let names = server.call(NAMES, json!({}));
    assert_eq!(
        (&names["AttrNames"], &names["AttrTypes"]),
        (&json!({"0": "sex", "1": "city"}), &json!({"0": 0, "1": 0}))
    );
    assert_eq!(server.call(OLD_NAMES, json!({}))["AttrNames"], json!({"0": "sex", "1": "city"}));
    assert!(set(json!({"sex": "f", "city": "Rome"}))["ErrorList"].is_null());
    let shown = || server.call(GET, json!({"To_Account": ["ann"]}))["UserAttrs"][0]["Attrs"].clone();
    assert_eq!(shown(), json!({"sex": "f", "city": "Rome"}));
    assert_eq!(server.code(REMOVE, json!({"UserAttrs": [{"To_Account": "ann", "Attrs": ["sex"]}]})), 0);
    assert_eq!(shown(), json!({"city": "Rome"}));
    assert_eq!(
        server.call(OLD_GET, json!({"To_Account": ["bob"]}))["UserAttrs"],
        json!([{"To_Account": "bob", "Attrs": {}}])
    );
}

#[test]
fn a_push_reaches_those_who_fit_and_is_recalled_once() {
    let server = with_users();
    server.set("clock", json!({"now_s": 1_700_000_000}));
    server.call(ADD_TAGS, json!({"UserTags": [of("ann", &["a", "b"]), of("bob", &["b"])]}));
    let push = |random: u32, condition: Value| {
        let mut body = json!({"From_Account": ADMIN, "MsgRandom": random, "OfflinePushInfo": {"Desc": "hi"}});
        if !condition.is_null() {
            body["Condition"] = condition;
        }
        server.call(BROADCAST, body)
    };
    let reached = || -> Vec<Value> {
        let state = server.get("state")["apps"][APP.to_string()]["pushes"].clone();
        state.as_array().expect("a list").iter().map(|task| task["receivers"].clone()).collect()
    };
    assert_eq!(code(&push(1, json!(null))), 0);
    assert_eq!(code(&push(2, json!({"TagsOr": ["a", "z"]}))), 0);
    assert_eq!(code(&push(3, json!({"TagsAnd": ["b"], "TagsNot": ["a", "b"]}))), 0);
    assert_eq!(reached(), [json!([ADMIN, "ann", "bob"]), json!(["ann"]), json!(["bob"])]);
    for (condition, expected) in [
        (json!({"TagsOr": [""]}), 90040),
        (json!({"TagsOr": ["x".repeat(51)]}), 90020),
        (json!({"TagsOr": vec!["a"; 11]}), 90032),
        (json!({"TagsOr": ["a"], "TagsAnd": ["a"]}), 90022),
        (json!({"TagsOr": ["a"], "AttrsOr": {"sex": "f"}}), 90039),
    ] {
        assert_eq!(code(&push(4, condition.clone())), expected, "{condition}");
    }
    let task = push(3, json!({"TagsAnd": ["b"]}))["TaskId"].clone();
    assert_eq!(reached().len(), 3, "the same number in the same second is the same push");
    let recall = |id: &Value| server.code(RECALL, json!({"TaskId": id, "OfflinePushInfo": {"Desc": "gone"}}));
    assert_eq!((recall(&task), recall(&task), recall(&json!("none"))), (0, 90050, 90049));
    let to = json!(["ann", "nobody"]);
    let body = json!({"From_Account": ADMIN, "To_Account": to, "MsgRandom": 9, "OfflinePushInfo": {"Desc": "hi"}});
    let sent = server.call(SEND, body);
    assert_eq!((code(&sent), &sent["ErrorList"]), (0, &json!([{"To_Account": "nobody", "ErrorCode": 70107}])));
    server.set("clock", json!({"advance_s": 86_400}));
    assert_eq!(recall(&sent["TaskId"]), 90049, "only for a day");
}

#[test]
fn the_older_service_knows_a_push_for_seven_days() {
    let server = with_users();
    server.set("clock", json!({"now_s": 1_700_000_000}));
    let push = || server.call(OLD_BROADCAST, json!({"MsgRandom": 1, "MsgBody": text("hi")}))["TaskId"].clone();
    let first = push();
    server.set("clock", json!({"advance_s": 604_799}));
    assert_eq!(push(), first);
    server.set("clock", json!({"advance_s": 1}));
    assert_ne!(push(), first);
}
