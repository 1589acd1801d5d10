//! Groups: made, joined, spoken in, changed, ended; and topics.

use serde_json::{Value, json};
use tencent_im_core::webhook::Decision;

use super::*;

const CREATE: &str = "v4/group_open_http_svc/create_group";
const ADD: &str = "v4/group_open_http_svc/add_group_member";
const SEND: &str = "v4/group_open_http_svc/send_group_msg";
const INFO: &str = "v4/group_open_http_svc/modify_group_base_info";

fn group(id: &str) -> Value {
    json!({"Type": "Public", "Name": "G", "GroupId": id, "Owner_Account": "ann"})
}

fn message(random: u32) -> Value {
    json!({"GroupId": "g", "From_Account": "ann", "Random": random, "MsgBody": text("hello")})
}

/// An app with a group of ann and bob, of which nobody was told.
fn with_group() -> App {
    let app = App::with(json!({"commands": []}));
    let mut group = group("g");
    group["MemberList"] = json!([{"Member_Account": "bob"}]);
    assert_eq!(app.server.code(CREATE, group), 0);
    app.configure(json!({}));
    app
}

/// What a body says beside its command and the time, which is near the emulator's.
#[track_caller]
fn said(mut body: Value) -> Value {
    let fields = body.as_object_mut().expect("an object");
    fields.remove("CallbackCommand");
    if let Some(time) = fields.remove("EventTime") {
        let ms = time.as_u64().or_else(|| time.as_str()?.parse().ok()).expect("a time");
        assert!((ms / 1000).abs_diff(now_s()) < 20, "{time}");
    }
    body
}

fn names(field: &str, names: &[&str]) -> Value {
    names.iter().map(|name| json!({field: name})).collect()
}

#[test]
fn a_group_is_asked_about_and_told_of() {
    let app = App::start();
    assert_eq!(app.server.code(CREATE, group("first")), 0);
    app.settle();
    app.backend.forget();
    let mut second = group("second");
    second["MemberList"] = names("Member_Account", &["bob"]);
    second["AppDefinedData"] = json!([{"Key": "k", "Value": "v"}]);
    assert_eq!(app.server.code(CREATE, second), 0);
    let members = names("Member_Account", &["bob"]);
    let mut about = json!({
        "Operator_Account": ADMIN, "Owner_Account": "ann", "Type": "Public", "Name": "G", "MemberList": members,
        "CreateGroupNum": 1,
    });
    assert_eq!(said(app.body("Group.CallbackBeforeCreateGroup")), about);
    about.as_object_mut().expect("an object").remove("CreateGroupNum");
    about["GroupId"] = "second".into();
    about["UserDefinedDataList"] = json!([{"Key": "k", "Value": "v"}]);
    assert_eq!(said(app.body("Group.CallbackAfterCreateGroup")), about);

    app.backend.reject("Group.CallbackBeforeCreateGroup", Some(10_100), "enough groups");
    let answer = app.server.call(CREATE, group("third"));
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (10_100, &json!("enough groups")));
    app.backend.reject("Group.CallbackBeforeCreateGroup", None, "");
    assert_eq!(app.server.code(CREATE, group("third")), 10016);
    let groups = app.server.chat()["groups"].as_object().map(|groups| groups.len());
    assert_eq!(groups, Some(2));

    let id = json!({"GroupId": "second"});
    assert_eq!(app.server.code("v4/group_open_http_svc/destroy_group", id), 0);
    let about = json!({
        "GroupId": "second", "Type": "Public", "Owner_Account": "ann", "Name": "G",
        "MemberList": names("Member_Account", &["ann", "bob"]),
    });
    assert_eq!(said(app.body("Group.CallbackAfterGroupDestroyed")), about);
}

#[test]
fn imported_groups_and_topics_are_announced_to_nobody() {
    let app = App::start();
    assert_eq!(app.server.code("v4/group_open_http_svc/import_group", group("old")), 0);
    let community = json!({"Type": "Community", "Name": "C", "GroupId": "@TGS#_c", "SupportTopic": 1});
    assert_eq!(app.server.code("v4/group_open_http_svc/import_group", community), 0);
    let topic = json!({"GroupId": "@TGS#_c", "TopicName": "t"});
    assert_eq!(app.server.code("v4/group_open_http_svc/import_topic", topic), 0);
    assert_eq!(app.commands(), Vec::<String>::new());
}

#[test]
fn members_come_but_for_those_refused() {
    let app = with_group();
    app.server.set("webhooks/log", json!({}));
    let refuse = Decision::Refuse { accounts: vec!["cat".into()] };
    app.backend.decide("Group.CallbackBeforeInviteJoinGroup", refuse);
    let add = |names_: &[&str]| json!({"GroupId": "g", "MemberList": names("Member_Account", names_)});
    let answer = app.server.call(ADD, add(&["cat", "dan"]));
    let results = json!([{"Member_Account": "cat", "Result": 0}, {"Member_Account": "dan", "Result": 1}]);
    assert_eq!((code(&answer), &answer["MemberList"]), (0, &results));
    let about = json!({
        "GroupId": "g", "Type": "Public", "Operator_Account": ADMIN,
        "DestinationMembers": names("Member_Account", &["cat", "dan"]),
    });
    assert_eq!(said(app.body("Group.CallbackBeforeInviteJoinGroup")), about);
    let about = json!({
        "GroupId": "g", "Type": "Public", "JoinType": "Invited", "Operator_Account": ADMIN,
        "NewMemberList": names("Member_Account", &["dan"]),
    });
    assert_eq!(said(app.body("Group.CallbackAfterNewMemberJoin")), about);

    app.backend.reject("Group.CallbackBeforeInviteJoinGroup", Some(10_199), "no");
    assert_eq!(app.server.code(ADD, add(&["cat"])), 10_199);
    app.backend.reject("Group.CallbackBeforeInviteJoinGroup", None, "");
    assert_eq!(app.server.code(ADD, add(&["cat"])), 10016);

    let remove = json!({"GroupId": "g", "MemberToDel_Account": ["dan", "cat"]});
    assert_eq!(app.server.code("v4/group_open_http_svc/delete_group_member", remove), 0);
    let about = json!({
        "GroupId": "g", "Type": "Public", "ExitType": "Kicked", "Operator_Account": ADMIN,
        "ExitMemberList": names("Member_Account", &["dan"]),
    });
    assert_eq!(said(app.body("Group.CallbackAfterMemberExit")), about);
}

#[test]
fn the_last_place_is_told_of() {
    let app = with_group();
    assert_eq!(app.server.code(INFO, json!({"GroupId": "g", "MaxMemberNum": 4})), 0);
    let add = |name: &str| json!({"GroupId": "g", "MemberList": names("Member_Account", &[name])});
    assert_eq!(app.server.code(ADD, add("cat")), 0);
    assert_eq!(app.bodies("Group.CallbackAfterGroupFull"), Vec::<Value>::new());
    assert_eq!(app.server.code(ADD, add("dan")), 0);
    assert_eq!(said(app.body("Group.CallbackAfterGroupFull")), json!({"GroupId": "g"}));
}

#[test]
fn group_messages_are_asked_about_and_told_of() {
    let app = with_group();
    let mut first = message(1);
    first["CloudCustomData"] = "own".into();
    first["GroupAtInfo"] = json!([{"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}]);
    let sent = app.server.call(SEND, first);
    let mut about = json!({
        "GroupId": "g", "Type": "Public", "From_Account": "ann", "Operator_Account": ADMIN, "Random": 1,
        "OnlineOnlyFlag": 0, "MsgBody": text("hello"), "CloudCustomData": "own",
    });
    assert_eq!(said(app.body("Group.CallbackBeforeSendMsg")), about);
    about["MsgSeq"] = sent["MsgSeq"].clone();
    about["MsgTime"] = sent["MsgTime"].clone();
    about["GroupAtInfo"] = json!([{"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}]);
    assert_eq!(said(app.body("Group.CallbackAfterSendMsg")), about);
    // A repeat is known.
    assert_eq!(app.server.call(SEND, message(1))["MsgSeq"], sent["MsgSeq"]);
    assert_eq!(app.bodies("Group.CallbackBeforeSendMsg").len(), 1);

    app.backend.reject("Group.CallbackBeforeSendMsg", Some(10_150), "no");
    let answer = app.server.call(SEND, message(2));
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (10_150, &json!("no")));
    app.backend.reject("Group.CallbackBeforeSendMsg", None, "");
    assert_eq!(app.server.code(SEND, message(2)), 10016);
    app.backend.decide("Group.CallbackBeforeSendMsg", Decision::Drop);
    assert_eq!(app.server.call(SEND, message(3))["MsgSeq"], 2);
    assert_eq!(app.server.messages(), 1);
    let replaced = Decision::Replace {
        msg_body: Some(serde_json::from_value(text("***")).expect("elements")),
        cloud_custom_data: None,
    };
    app.backend.decide("Group.CallbackBeforeSendMsg", replaced);
    assert_eq!(app.server.call(SEND, message(4))["MsgSeq"], 2);
    let history = json!({"GroupId": "g", "ReqMsgNumber": 1});
    let newest = app.server.call("v4/group_open_http_svc/group_msg_get_simple", history)["RspMsgList"][0].clone();
    assert_eq!(newest["MsgBody"], text("***"));
    assert_eq!(app.bodies("Group.CallbackAfterSendMsg")[1]["MsgBody"], text("***"));

    app.backend.forget();
    let mut quiet = message(5);
    quiet["ForbidCallbackControl"] = json!(["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"]);
    assert_eq!(app.server.code(SEND, quiet), 0);
    assert_eq!(app.commands(), Vec::<String>::new());
}

#[test]
fn what_comes_after_a_group_message() {
    let app = with_group();
    let mut first = message(1);
    first["NeedReadReceipt"] = 1.into();
    first["SupportMessageExtension"] = 1.into();
    app.server.call(SEND, first);

    let read = json!({"GroupId": "g", "From_Account": "bob", "MsgSeqList": [{"MsgSeq": 1}]});
    for _ in 0..2 {
        assert_eq!(app.server.code("v4/group_open_http_svc/group_msg_receipt", read.clone()), 0);
    }
    let receipts =
        json!([{"MsgSeq": 1, "ReadNum": 1, "UnreadNum": 0, "ReadReceiptMembers": names("Member_Account", &["bob"])}]);
    let about = json!({"GroupId": "g", "Type": "Public", "GroupMsgReceiptList": receipts});
    assert_eq!(said(app.body("Group.CallbackAfterReadReceipt")), about);

    let set = json!({"GroupId": "g", "MsgSeq": 1, "OperateType": 1, "ExtensionList": [{"Key": "k", "Value": "v"}]});
    assert_eq!(app.server.code("v4/openim_msg_ext_http_svc/group_set_key_values", set), 0);
    let changed = json!([{"Key": "k", "Value": "v", "Seq": 1}]);
    let about = json!({"GroupId": "g", "MsgSeq": 1, "OperateType": 1, "ExtensionList": changed, "Seq": 1});
    assert_eq!(said(app.body("Group.CallbackAfterGroupMsgExtension")), about);

    let recall = json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 1}, {"MsgSeq": 9}]});
    assert_eq!(app.server.code("v4/group_open_http_svc/group_msg_recall", recall), 0);
    let about = json!({"GroupId": "g", "Type": "Public", "Operator_Account": ADMIN, "MsgSeqList": [{"MsgSeq": 1}]});
    assert_eq!(said(app.body("Group.CallbackAfterRecallMsg")), about);
}

#[test]
fn mentioned_chatbots_and_members_who_are_away() {
    let app = with_group();
    assert_eq!(app.server.code("v4/openim_robot_http_svc/create_robot", json!({"UserID": "@RBT#1", "Nick": "Bot"})), 0);
    app.server.set("online", json!({"users": [{"user_id": "bob", "status": "PushOnline"}]}));
    let mut first = message(1);
    first["GroupAtInfo"] =
        json!([{"GroupAtAllFlag": 0, "GroupAt_Account": "@RBT#1"}, {"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}]);
    app.server.call(SEND, first);
    assert_eq!(app.body("Bot.OnGroupMessage")["AtRobots_Account"], json!(["@RBT#1"]));
    let events = app.body("Push.OfflinePush")["Events"].clone();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
    assert_eq!((&events[0]["To_Account"], &events[0]["EventType"]), (&json!("bob"), &json!(2)));
    assert_eq!((&events[0]["GroupID"], &events[0]["MsgSeq"]), (&json!("g"), &json!(1)));
}

#[test]
fn changes_of_a_group_and_its_members() {
    let app = with_group();
    // Only what changed, and only the fields that the page names.
    for (change, told) in [
        (json!({"Name": "G"}), None),
        (json!({"ApplyJoinOption": "FreeAccess"}), None),
        (
            json!({"Name": "H", "Introduction": "", "Notification": "n"}),
            Some(json!({"Name": "H", "Notification": "n"})),
        ),
    ] {
        app.backend.forget();
        let mut request = change.clone();
        request["GroupId"] = "g".into();
        assert_eq!(app.server.code(INFO, request), 0);
        let bodies = app.bodies("Group.CallbackAfterGroupInfoChanged");
        let told = told.map(|mut told| {
            told["GroupId"] = "g".into();
            told["Type"] = "Public".into();
            told["Operator_Account"] = ADMIN.into();
            told
        });
        assert_eq!(bodies.into_iter().map(said).next(), told, "{change}");
    }

    let role = json!({"GroupId": "g", "Member_Account": "bob", "Role": "Admin", "NameCard": "b"});
    assert_eq!(app.server.code("v4/group_open_http_svc/modify_group_member_info", role), 0);
    let mute = json!({"GroupId": "g", "Member_Account": "bob", "MuteTime": 60});
    assert_eq!(app.server.code("v4/group_open_http_svc/modify_group_member_info", mute), 0);
    let about = json!({
        "GroupId": "g", "Type": "Public", "Operator_Account": ADMIN, "Member_Account": "bob", "Role": "Admin",
        "NameCard": "b",
    });
    assert_eq!(said(app.body("Group.CallbackAfterMemberFieldChanged")), about);

    let owner = json!({"GroupId": "g", "NewOwner_Account": "bob"});
    for _ in 0..2 {
        assert_eq!(app.server.code("v4/group_open_http_svc/change_group_owner", owner.clone()), 0);
    }
    let about = json!({
        "GroupId": "g", "Type": "Public", "Operator_Account": ADMIN, "OldOwner_Account": "ann", "NewOwner_Account": "bob",
    });
    assert_eq!(said(app.body("Group.CallbackAfterChangeGroupOwner")), about);
}

#[test]
fn attributes_by_what_was_done_to_them() {
    let app = with_group();
    let pairs = json!([{"key": "k", "value": "v"}]);
    for (call, option, sent, attributes) in [
        ("set_group_attr", "set", pairs.clone(), pairs.clone()),
        ("modify_group_attr", "modify", pairs.clone(), pairs.clone()),
        ("delete_group_attr", "delete", json!([{"key": "k"}]), json!([{"key": "k", "value": ""}])),
        ("clear_group_attr", "clear", Value::Null, json!([])),
    ] {
        app.backend.forget();
        let mut request = json!({"GroupId": "g"});
        if !sent.is_null() {
            request["GroupAttr"] = sent;
        }
        assert_eq!(app.server.code(&format!("v4/group_open_http_svc/{call}"), request), 0, "{call}");
        let body = said(app.body("Group.CallbackAfterGroupAttrChanged"));
        assert_eq!((&body["OptionType"], &body["GroupAttr"]), (&json!(option), &attributes));
    }
}

#[test]
fn topics_are_asked_about_and_told_of() {
    let app = App::with(json!({"commands": [
        "Group.CallbackBeforeCreateGroup", "Group.CallbackAfterCreateTopic", "Group.CallbackAfterTopicDestroyed",
        "Group.CallbackAfterGroupInfoChanged", "Group.CallbackBeforeSendMsg", "Group.CallbackAfterRecallMsg",
    ]}));
    let community =
        json!({"Type": "Community", "Name": "C", "GroupId": "@TGS#_c", "SupportTopic": 1, "Owner_Account": "ann"});
    assert_eq!(app.server.code(CREATE, community), 0);
    app.settle();
    app.backend.forget();
    let create = json!({"GroupId": "@TGS#_c", "TopicName": "t"});
    let id = app.server.call("v4/million_group_open_http_svc/create_topic", create.clone())["TopicId"].clone();
    let about = json!({"Operator_Account": ADMIN, "Type": "Community", "Name": "t"});
    assert_eq!(said(app.body("Group.CallbackBeforeCreateTopic")), about);
    let about = json!({
        "GroupId": "@TGS#_c", "TopicId": id, "Operator_Account": ADMIN, "Owner_Account": "ann", "Type": "Community",
        "Name": "t",
    });
    assert_eq!(said(app.body("Group.CallbackAfterCreateTopic")), about);
    app.backend.reject("Group.CallbackBeforeCreateTopic", Some(10_101), "no");
    assert_eq!(app.server.code("v4/million_group_open_http_svc/create_topic", create), 10_101);

    let message =
        json!({"GroupId": "@TGS#_c", "TopicId": id, "From_Account": "ann", "Random": 1, "MsgBody": text("hello")});
    assert_eq!(app.server.code(SEND, message), 0);
    assert_eq!(app.body("Group.CallbackBeforeSendMsg")["TopicId"], id);
    let recall = json!({"GroupId": "@TGS#_c", "TopicId": id, "MsgSeqList": [{"MsgSeq": 1}]});
    assert_eq!(app.server.code("v4/group_open_http_svc/group_msg_recall", recall), 0);
    assert_eq!(app.body("Group.CallbackAfterRecallMsg")["TopicId"], id);

    let rename = json!({"GroupId": "@TGS#_c", "TopicId": id, "TopicName": "u"});
    assert_eq!(app.server.code("v4/million_group_open_http_svc/modify_topic", rename), 0);
    let about = json!({"GroupId": "@TGS#_c", "Type": "Community", "Operator_Account": ADMIN, "Name": "u"});
    assert_eq!(said(app.body("Group.CallbackAfterTopicInfoChanged")), about);
    let destroy = json!({"GroupId": "@TGS#_c", "TopicIdList": [id, "@TGS#_c@TOPIC#_none"]});
    assert_eq!(app.server.code("v4/million_group_open_http_svc/destroy_topic", destroy), 0);
    assert_eq!(app.body("Group.CallbackAfterTopicDestroyed")["TopicIdList"], json!([id]));
}

#[test]
fn users_come_into_a_live_group_if_they_may() {
    let app = App::start();
    let live = json!({"Type": "AVChatRoom", "Name": "L", "GroupId": "live", "Owner_Account": "ann"});
    assert_eq!(app.server.code(CREATE, live), 0);
    app.server.set("live", json!({"group_id": "live", "join": ["bob"]}));
    let about = json!({"GroupId": "live", "Type": "AVChatRoom", "Requestor_Account": "bob"});
    assert_eq!(said(app.body("Group.CallbackBeforeApplyJoinGroup")), about);
    let body = said(app.body("Group.CallbackAfterNewMemberJoin"));
    assert_eq!((&body["JoinType"], &body["Operator_Account"]), (&json!("Apply"), &json!("bob")));

    app.backend.reject("Group.CallbackBeforeApplyJoinGroup", Some(10_102), "not today");
    let reason = app.server.refused("live", json!({"group_id": "live", "join": ["cat"], "leave": ["bob"]}));
    assert_eq!(reason, "10102 not today");
    let left = app.server.set("live", json!({"group_id": "live", "leave": ["bob", "dan"]}));
    assert_eq!(left, json!({"online": {}}));
    let body = said(app.body("Group.CallbackAfterMemberExit"));
    assert_eq!((&body["ExitType"], &body["ExitMemberList"]), (&json!("Quit"), &names("Member_Account", &["bob"])));
}

#[test]
fn members_of_a_live_group_lose_the_network_and_have_it_again() {
    let app = App::with(json!({"commands": ["Group.CallbackOnMemberStateChange"]}));
    let live = json!({"Type": "AVChatRoom", "Name": "L", "GroupId": "live", "Owner_Account": "ann"});
    assert_eq!(app.server.code(CREATE, live), 0);
    app.server.set("live", json!({"group_id": "live", "join": ["bob"]}));
    let is = |user: &str, status: &str| {
        app.server.set("online", json!({"users": [{"user_id": user, "status": status}]}));
    };
    is("bob", "Online");
    is("cat", "Online");
    assert_eq!(app.commands(), Vec::<String>::new());
    for (status, event_type) in [("PushOnline", "Offline"), ("Online", "Online")] {
        app.backend.forget();
        is("bob", status);
        is("cat", status);
        let about =
            json!({"GroupId": "live", "EventType": event_type, "MemberList": names("Member_Account", &["bob"])});
        assert_eq!(said(app.body("Group.CallbackOnMemberStateChange")), about);
    }
    app.backend.forget();
    is("bob", "Offline");
    assert_eq!(app.commands(), Vec::<String>::new());
}
