//! Permission groups of communities: their members, and what they may do in topics.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE_GROUP: &str = "v4/group_open_http_svc/create_group";
const REMOVE_MEMBER: &str = "v4/group_open_http_svc/delete_group_member";
const CREATE_TOPIC: &str = "v4/million_group_open_http_svc/create_topic";
const DESTROY_TOPIC: &str = "v4/million_group_open_http_svc/destroy_topic";
const CREATE: &str = "v4/group_open_http_svc/create_permission_group";
const LIST: &str = "v4/group_open_http_svc/get_permission_group";
const UPDATE: &str = "v4/group_open_http_svc/modify_permission_group";
const DESTROY: &str = "v4/group_open_http_svc/destroy_permission_group";
const ADD: &str = "v4/group_open_http_svc/add_permission_group_member";
const REMOVE: &str = "v4/group_open_http_svc/delete_permission_group_member";
const MEMBERS: &str = "v4/group_open_http_svc/get_permission_group_member_list";
const ADD_TOPICS: &str = "v4/group_open_http_svc/add_topic_permission_group";
const SET_TOPICS: &str = "v4/group_open_http_svc/set_topic_permission_group";
const REMOVE_TOPICS: &str = "v4/group_open_http_svc/delete_topic_permission_group";
const TOPICS: &str = "v4/group_open_http_svc/get_topic_permission_group";

const CLUB: &str = "@TGS#_club";
const WRITERS: &str = "@PMG#_writers";

/// A community with a permission group, of which ann and bob are members.
fn with_writers() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve"]);
    let members = json!([{"Member_Account": "bob"}]);
    let community = json!({
        "Type": "Community", "Name": "club", "GroupId": CLUB, "SupportTopic": 1, "Owner_Account": "ann", "MemberList": members,
    });
    assert_eq!(server.code(CREATE_GROUP, community), 0);
    assert_eq!(server.code(CREATE, of(json!({"PermissionGroupName": "writers", "Permission": 64}))), 0);
    server
}

/// A request about the permission group.
fn of(more: Value) -> Value {
    let mut body = json!({"GroupId": CLUB, "PermissionGroupId": WRITERS});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

fn accounts(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"Member_Account": name})).collect()
}

fn outcomes(answer: &Value) -> Vec<i64> {
    let items = answer["MemberList"].as_array().expect("a list").iter();
    items.map(|item| item["Result"].as_i64().expect("a number")).collect()
}

fn codes(answer: &Value, list: &str) -> Vec<i64> {
    let items = answer[list].as_array().expect("a list").iter();
    items.map(|item| item["ErrorCode"].as_i64().expect("a number")).collect()
}

#[test]
fn permission_groups_are_made_changed_and_destroyed() {
    let server = with_writers();
    let drawn = server.call(CREATE, json!({"GroupId": CLUB, "PermissionGroupName": "x", "Permission": u64::MAX}));
    let drawn = drawn["PermissionGroupId"].as_str().expect("an id").to_owned();
    assert!(drawn.starts_with("@PMG#_@PMG#c"), "{drawn}");
    assert_eq!(server.code(CREATE, of(json!({"PermissionGroupName": "again", "Permission": 1}))), 10004);
    assert_eq!(server.code(UPDATE, of(json!({"PermissionGroupName": "editors", "CustomString": "{}"}))), 0);
    let page = server.call(LIST, json!({"GroupId": CLUB, "Limit": 1}));
    let next = json!({"GroupId": CLUB, "Limit": 1, "Next": page["Next"]});
    let last = server.call(LIST, next);
    let both: Vec<&Value> =
        [&page, &last].map(|page| &page["PermissionGroupInfoList"][0]["PermissionGroupName"]).into();
    assert_eq!((both, &last["Next"]), (vec![&json!("x"), &json!("editors")], &json!("")));
    let named = server.call(LIST, json!({"GroupId": CLUB, "PermissionGroupIdList": [WRITERS, "@PMG#_none"]}));
    let shown = json!({
        "PermissionGroupId": WRITERS, "PermissionGroupName": "editors", "Permission": 64, "CustomString": "{}", "MemberNum": 0,
    });
    assert_eq!(named["PermissionGroupInfoList"], json!([shown]));
    let destroyed = server.call(DESTROY, json!({"GroupId": CLUB, "PermissionGroupIdList": [WRITERS, drawn, WRITERS]}));
    assert_eq!(codes(&destroyed, "PermissionGroupResultList"), [0, 0, 10010]);
    assert_eq!(server.code(UPDATE, of(json!({"Permission": 1}))), 10010);
    assert_eq!(server.code(CREATE_GROUP, json!({"Type": "Public", "Name": "g", "GroupId": "g"})), 0);
    assert_eq!(server.code(LIST, json!({"GroupId": "g", "Limit": 1})), 10007);
}

#[test]
fn members_of_the_community_come_in_and_leave_with_it() {
    let server = with_writers();
    let added = server.call(ADD, of(json!({"MemberList": accounts(&["bob", "eve", "ann", "bob"])})));
    assert_eq!(outcomes(&added), [1, 0, 1, 2], "eve is not in the community");
    let page = server.call(MEMBERS, of(json!({"Limit": 1})));
    assert_eq!(page["MemberList"], accounts(&["bob"]));
    let rest = server.call(MEMBERS, of(json!({"Next": page["Next"]})));
    assert_eq!((&rest["MemberList"], &rest["Next"]), (&accounts(&["ann"]), &json!("")));
    assert_eq!(outcomes(&server.call(REMOVE, of(json!({"MemberList": accounts(&["ann", "eve"])})))), [1, 1]);
    assert_eq!(server.code(REMOVE_MEMBER, json!({"GroupId": CLUB, "MemberToDel_Account": ["bob"]})), 0);
    assert_eq!(server.call(MEMBERS, of(json!({})))["MemberList"], json!([]));
}

#[test]
fn permissions_in_topics() {
    let server = with_writers();
    let topic = format!("{CLUB}@TOPIC#_news");
    assert_eq!(server.code(CREATE_TOPIC, json!({"GroupId": CLUB, "TopicId": topic, "TopicName": "news"})), 0);
    let permit = |number: u64| {
        of(json!({"TopicPermissionList": [
            {"TopicId": topic, "Permission": number}, {"TopicId": "none", "Permission": 1},
        ]}))
    };
    assert_eq!(codes(&server.call(ADD_TOPICS, permit(7)), "TopicPermissionResultList"), [0, 110003]);
    assert_eq!(codes(&server.call(SET_TOPICS, permit(u64::MAX)), "TopicPermissionResultList"), [0, 110003]);
    let listed = || server.call(TOPICS, of(json!({})))["TopicPermissionList"].clone();
    assert_eq!(listed(), json!([{"TopicId": topic, "Permission": u64::MAX}]));
    assert_eq!(server.call(TOPICS, of(json!({"TopicIdList": ["none"]})))["TopicPermissionList"], json!([]));
    let removed = server.call(REMOVE_TOPICS, of(json!({"TopicIdList": [topic, topic]})));
    assert_eq!(codes(&removed, "TopicPermissionResultList"), [0, 110003]);
    server.call(ADD_TOPICS, permit(7));
    assert_eq!(server.code(DESTROY_TOPIC, json!({"GroupId": CLUB, "TopicIdList": [topic]})), 0);
    assert_eq!(listed(), json!([]), "the topic is gone");
}
