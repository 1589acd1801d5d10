//! Conversation lists, conversation groups and marks.

use serde_json::{Value, json};

use crate::harness::*;

const LIST: &str = "v4/recentcontact/get_list";
const DELETE_CONVERSATION: &str = "v4/recentcontact/delete";
const PIN: &str = "v4/recentcontact/top";
const MARK: &str = "v4/recentcontact/mark_contact";
const CREATE_GROUP: &str = "v4/recentcontact/create_contact_group";
const UPDATE_GROUP: &str = "v4/recentcontact/update_contact_group";
const DELETE_GROUP: &str = "v4/recentcontact/del_contact_group";
const ALL_MARKS: &str = "v4/recentcontact/get_contact_group";
const SOME_MARKS: &str = "v4/recentcontact/search_contact_group";
const SEND: &str = "v4/openim/sendmsg";
const HISTORY: &str = "v4/openim/admin_getroammsg";
const CREATE: &str = "v4/group_open_http_svc/create_group";
const GROUP_SEND: &str = "v4/group_open_http_svc/send_group_msg";

const NOW_S: u64 = 1_700_000_000;

/// Ann has talked with bob, then in a group, then with eve.
fn with_conversations() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve", "joe"]);
    server.set("clock", json!({"now_s": NOW_S}));
    server.call(CREATE, json!({"Type": "Public", "Name": "g", "GroupId": "g", "Owner_Account": "ann"}));
    let send = |to: &str| {
        let body = json!({"From_Account": "ann", "To_Account": to, "MsgRandom": 1, "MsgBody": text("hi")});
        assert_eq!(server.code(SEND, body), 0);
    };
    send("bob");
    server.set("clock", json!({"advance_s": 1}));
    assert_eq!(server.code(GROUP_SEND, json!({"GroupId": "g", "Random": 1, "MsgBody": text("hi")})), 0);
    server.set("clock", json!({"advance_s": 1}));
    send("eve");
    server
}

fn list_with(server: &Server, user: &str, flags: u64) -> Vec<Value> {
    let body = json!({
        "From_Account": user, "TimeStamp": 0, "StartIndex": 0, "TopTimeStamp": 0, "TopStartIndex": 0, "AssistFlags": flags,
    });
    let answer = server.call(LIST, body);
    assert_eq!((code(&answer), &answer["CompleteFlag"]), (0, &json!(1)));
    answer["SessionItem"].as_array().expect("a list").clone()
}

/// The conversations by the other side's name.
fn names(server: &Server, user: &str, flags: u64) -> Vec<String> {
    let name = |item: &Value| item["To_Account"].as_str().or(item["GroupId"].as_str()).expect("a name").to_owned();
    list_with(server, user, flags).iter().map(name).collect()
}

#[test]
fn the_newest_conversation_comes_first_and_pinned_ones_before_it() {
    let server = with_conversations();
    assert_eq!(names(&server, "ann", 63), ["eve", "g", "bob"]);
    assert_eq!(
        list_with(&server, "ann", 63)[1],
        json!({"Type": 2, "GroupId": "g", "MsgTime": NOW_S + 1, "TopFlag": 0})
    );
    assert_eq!(names(&server, "bob", 63), ["ann"]);
    let pin = |operation: u8, item: Value| {
        server.code(PIN, json!({"From_Account": "ann", "OperationType": operation, "RecentContactItem": [item]}))
    };
    assert_eq!(pin(1, json!({"Type": 1, "To_Account": "bob"})), 0);
    assert_eq!(pin(1, json!({"Type": 1, "To_Account": "joe"})), 0, "there is no message with joe yet");
    assert_eq!(names(&server, "ann", 63), ["joe", "bob", "eve", "g"]);
    assert_eq!(names(&server, "ann", 1), ["bob", "eve", "g"], "empty ones come where bit 1 asks for them");
    assert_eq!(list_with(&server, "ann", 63)[1]["TopFlag"], 1);
    assert_eq!(pin(2, json!({"Type": 1, "To_Account": "bob"})), 0);
    assert_eq!(names(&server, "ann", 1), ["eve", "g", "bob"]);
    assert_eq!(pin(1, json!({"Type": 2, "GroupId": "none"})), 50002);
    let nobody =
        json!({"From_Account": "nobody", "OperationType": 1, "RecentContactItem": [{"Type": 1, "To_Account": "bob"}]});
    assert_eq!(server.code(PIN, nobody), 50001);
}

#[test]
fn a_message_may_leave_the_list_as_it_is() {
    let server = with_conversations();
    let quiet = json!({
        "From_Account": "joe", "To_Account": "ann", "MsgRandom": 1, "SendMsgControl": ["NoLastMsg"], "MsgBody": text("x"),
    });
    assert_eq!(server.code(SEND, quiet), 0);
    let one_sided = json!({
        "From_Account": "joe", "To_Account": "bob", "MsgRandom": 2, "SyncOtherMachine": 2, "MsgBody": text("x"),
    });
    assert_eq!(server.code(SEND, one_sided), 0);
    assert_eq!((names(&server, "ann", 63).len(), names(&server, "joe", 63).len()), (3, 0));
    assert_eq!(names(&server, "bob", 63), ["joe", "ann"]);
}

#[test]
fn a_conversation_is_deleted_for_one_side() {
    let server = with_conversations();
    let delete = |more: Value| {
        let mut body = json!({"From_Account": "ann"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.code(DELETE_CONVERSATION, body)
    };
    assert_eq!(delete(json!({"Type": 2, "ToGroupid": "g"})), 0);
    assert_eq!(delete(json!({"Type": 1, "To_Account": "bob", "ClearRamble": 1})), 0);
    assert_eq!(
        (names(&server, "ann", 63), names(&server, "bob", 63)),
        (vec!["eve".to_owned()], vec!["ann".to_owned()])
    );
    let seen_by = |user: &str, peer: &str| {
        let body = json!({"Operator_Account": user, "Peer_Account": peer, "MaxCnt": 9, "MinTime": NOW_S, "MaxTime": NOW_S + 9});
        server.call(HISTORY, body)["MsgCnt"].clone()
    };
    assert_eq!((seen_by("ann", "bob"), seen_by("bob", "ann"), seen_by("ann", "eve")), (json!(0), json!(1), json!(1)));
}

#[test]
fn conversations_are_put_into_groups() {
    let server = with_conversations();
    let create = |name: &str, items: Value| {
        let group = json!([{"GroupName": name, "ContactItem": items}]);
        server.call(CREATE_GROUP, json!({"From_Account": "ann", "GroupContactItem": group}))
    };
    let made = create("work", json!([{"Type": 1, "To_Account": "bob"}, {"Type": 2, "ToGroupId": "none"}]));
    let group = &made["GroupResultItem"][0];
    assert_eq!(group["GroupItem"], json!({"GroupName": "work", "GroupId": 1}));
    assert_eq!(group["ResultItem"][0]["ContactItem"], json!({"Type": 1, "To_Account": "bob"}));
    assert_eq!(
        (&group["ResultItem"][0]["ResultCode"], &group["ResultItem"][1]["ResultCode"]),
        (&json!(0), &json!(50002))
    );
    assert_eq!(code(&create(&"x".repeat(33), json!([{"Type": 1, "To_Account": "bob"}]))), 51011);
    let update = |change: Value| {
        server.call(UPDATE_GROUP, json!({"From_Account": "ann", "UpdateType": 1, "UpdateGroup": change}))
    };
    let renamed = update(json!({"UpdateGroupType": 1, "OldGroupName": "work", "NewGroupName": "job"}));
    assert_eq!(
        (&renamed["UpdateGroupResult"]["GroupName"], &renamed["UpdateGroupResult"]["GroupId"]),
        (&json!("job"), &json!(1))
    );
    let moved = update(json!({
        "UpdateGroupType": 2, "OldGroupName": "job",
        "ContactUpdateItem": [
            {"ContactOptType": 2, "ContactItem": {"Type": 1, "To_Account": "bob"}},
            {"ContactOptType": 1, "ContactItem": {"Type": 2, "ToGroupId": "g"}},
        ],
    }));
    assert_eq!(moved["UpdateGroupResult"]["ContactResultItem"][1]["ResultCode"], 0);
    let all = server.call(ALL_MARKS, json!({"From_Account": "ann", "StartIndex": 0}));
    assert_eq!(all["GroupItem"], json!([{"GroupName": "job", "GroupId": 1}]));
    assert_eq!(
        all["ContactItem"],
        json!([{"Type": 2, "ToGroupId": "g", "ContactGroupId": [1], "Timestamp": NOW_S + 2}])
    );
    assert_eq!(list_with(&server, "ann", 63)[1]["ContactGroupId"], json!([1]));
    assert_eq!(code(&update(json!({"UpdateGroupType": 1, "OldGroupName": "none", "NewGroupName": "x"}))), 51009);
    let delete = || server.call(DELETE_GROUP, json!({"From_Account": "ann", "GroupName": ["job"]}));
    assert_eq!(delete()["GroupItem"], json!([{"GroupName": "job", "GroupId": 1}]));
    assert_eq!(code(&delete()), 51009);
    for number in 0..20 {
        assert_eq!(code(&create(&format!("group {number}"), json!([{"Type": 1, "To_Account": "bob"}]))), 0);
    }
    assert_eq!(code(&create("one more", json!([{"Type": 1, "To_Account": "bob"}]))), 51010);
}

#[test]
fn conversations_are_marked() {
    let server = with_conversations();
    let mark = |more: Value| {
        let mut item = json!({"ContactItem": {"Type": 1, "To_Account": "bob"}});
        item.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.call(MARK, json!({"From_Account": "ann", "MarkItem": [item]}))["ResultItem"][0]["ResultCode"].clone()
    };
    assert_eq!(mark(json!({"OptType": 3, "SetMark": [1, 4, 33], "CustomMark": "mine"})), 0);
    assert_eq!(mark(json!({"OptType": 1, "ClearMark": [33], "SetMark": [2]})), 0);
    assert_eq!(mark(json!({"OptType": 1, "SetMark": [65]})), 50002);
    let of = |items: Value| server.call(SOME_MARKS, json!({"From_Account": "ann", "ContactItem": items}));
    let found = of(json!([{"Type": 1, "To_Account": "bob"}, {"Type": 1, "To_Account": "eve"}]));
    assert_eq!(
        found["ContactResultItem"],
        json!([{"Type": 1, "To_Account": "bob", "StandardMark": "1101", "CustomMark": "mine", "Timestamp": NOW_S + 2}])
    );
    assert_eq!(mark(json!({"OptType": 3, "ClearMark": [1, 2, 4], "CustomMark": ""})), 0);
    assert_eq!(server.call(ALL_MARKS, json!({"From_Account": "ann", "StartIndex": 0}))["ContactItem"], json!([]));
    let item = json!({"OptType": 2, "CustomMark": "x", "ContactItem": {"Type": 1, "To_Account": "bob"}});
    assert_eq!(server.code(MARK, json!({"From_Account": "ann", "MarkItem": vec![item; 101]})), 51006);
}
