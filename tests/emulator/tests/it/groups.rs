//! Groups: what each type refuses, and a group's life.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE: &str = "v4/group_open_http_svc/create_group";
const IMPORT_GROUP: &str = "v4/group_open_http_svc/import_group";
const DESTROY: &str = "v4/group_open_http_svc/destroy_group";
const INFO: &str = "v4/group_open_http_svc/get_group_info";
const LIST: &str = "v4/group_open_http_svc/get_appid_group_list";
const JOINED: &str = "v4/group_open_http_svc/get_joined_group_list";
const UPDATE: &str = "v4/group_open_http_svc/modify_group_base_info";
const ADD: &str = "v4/group_open_http_svc/add_group_member";
const REMOVE: &str = "v4/group_open_http_svc/delete_group_member";
const MEMBERS: &str = "v4/group_open_http_svc/get_group_member_info";
const SOME_MEMBERS: &str = "v4/group_open_http_svc/get_specified_group_member_info";
const UPDATE_MEMBER: &str = "v4/group_open_http_svc/modify_group_member_info";
const ROLES: &str = "v4/group_open_http_svc/get_role_in_group";
const OWNER: &str = "v4/group_open_http_svc/change_group_owner";
const MUTE: &str = "v4/group_open_http_svc/forbid_send_msg";
const MUTED: &str = "v4/group_open_http_svc/get_group_muted_account";
const SHUTTED: &str = "v4/group_open_http_svc/get_group_shutted_uin";
const BAN: &str = "v4/group_open_http_svc/ban_group_member";
const UNBAN: &str = "v4/group_open_http_svc/unban_group_member";
const BANNED: &str = "v4/group_open_http_svc/get_group_ban_member";
const IMPORT_MEMBERS: &str = "v4/group_open_http_svc/import_group_member";
const SET_UNREAD: &str = "v4/group_open_http_svc/set_unread_msg_num";
const SEND: &str = "v4/group_open_http_svc/send_group_msg";
const COUNTER: &str = "v4/group_open_http_svc/update_group_counter";
const GET_COUNTER: &str = "v4/group_open_http_svc/get_group_counter";
const DELETE_COUNTER: &str = "v4/group_open_http_svc/delete_group_counter";
const GET_ATTR: &str = "v4/group_open_attr_http_svc/get_group_attr";
const SET_ATTR: &str = "v4/group_open_http_svc/set_group_attr";
const UPDATE_ATTR: &str = "v4/group_open_http_svc/modify_group_attr";
const DELETE_ATTR: &str = "v4/group_open_http_svc/delete_group_attr";
const CLEAR_ATTR: &str = "v4/group_open_http_svc/clear_group_attr";

const NOW_S: u64 = 1_700_000_000;

fn with_users() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve", "joe"]);
    server.set("clock", json!({"now_s": NOW_S}));
    server
}

/// A group of this type, owned by ann, with bob in it unless it is a live one.
fn with_group(kind: &str) -> (Server, String) {
    let server = with_users();
    let mut group = json!({"Type": kind, "Name": "g", "Owner_Account": "ann"});
    if kind != "AVChatRoom" {
        group["MemberList"] = json!([{"Member_Account": "bob"}]);
    }
    let answer = server.call(CREATE, group);
    assert_eq!(code(&answer), 0, "{answer}");
    let id = answer["GroupId"].as_str().expect("an id").to_owned();
    (server, id)
}

#[test]
fn ids_of_one_s_own_choice_do_not_look_like_the_service_s() {
    let server = with_users();
    let create = |kind: &str, id: &str| server.code(CREATE, json!({"Type": kind, "Name": "g", "GroupId": id}));
    for id in ["@TGS#1", "@TGS#_x", "@TGSx", "größe", "a\tb", &"x".repeat(49), ""] {
        assert_eq!(create("Public", id), 10004, "{id}");
    }
    for id in ["mine", "@TGS#1", "@TGSx"] {
        assert_eq!(create("Community", id), 10004, "{id}: a community's begins @TGS#_");
    }
    assert_eq!((create("Public", "a b~"), create("Community", "@TGS#_mine")), (0, 0));
    assert_eq!(server.chat()["groups"].as_object().expect("a map").len(), 2);
}

#[test]
fn a_new_group_never_takes_the_place_of_an_old_one() {
    let server = with_users();
    let made = |kind: &str| {
        let answer = server.call(CREATE, json!({"Type": kind, "Name": "g"}));
        answer["GroupId"].as_str().expect("an id").to_owned()
    };
    let id = made("Community");
    assert!(id.starts_with("@TGS#_@TGS#c"), "{id}");
    // The id that would come next is somebody's own choice.
    let digits = id.trim_start_matches("@TGS#_@TGS#c");
    let next: u64 = digits.parse().expect("a number");
    for number in next + 1..next + 9 {
        let taken = format!("@TGS#_@TGS#c{number:08}");
        assert_eq!(server.code(CREATE, json!({"Type": "Community", "Name": "old", "GroupId": taken})), 0);
    }
    let new = made("Community");
    let groups = server.chat()["groups"].clone();
    assert_eq!((groups.as_object().expect("a map").len(), &groups[&new]["name"]), (10, &json!("g")));
    let named = json!({"Type": "Public", "Name": "g", "GroupId": "mine", "Owner_Account": "ann"});
    assert_eq!((server.code(CREATE, named.clone()), server.code(CREATE, named.clone())), (0, 10025));
    assert_eq!(server.code(IMPORT_GROUP, named.clone()), 10021);
    assert_eq!(server.code(DESTROY, json!({"GroupId": "mine"})), 0);
    assert_eq!(server.code(DESTROY, json!({"GroupId": "mine"})), 10010);
    assert_eq!(server.code(CREATE, named), 0, "the id is free again");
}

#[test]
fn what_create_refuses() {
    let server = with_users();
    for (more, expected) in [
        (json!({"Type": "Pubic"}), 10004),
        (json!({"Type": "public"}), 10004),
        (json!({"Type": "BChatRoom"}), 10004),
        (json!({"Owner_Account": "nobody"}), 10019),
        (json!({"MemberList": [{"Member_Account": "nobody"}]}), 10019),
        (json!({"MemberList": [{"Member_Account": "bob", "Role": "Owner"}]}), 10004),
        (json!({"MemberList": vec![json!({"Member_Account": "bob"}); 101]}), 10005),
        (json!({"Type": "AVChatRoom", "MemberList": [{"Member_Account": "bob"}]}), 10007),
        (json!({"SupportTopic": 1}), 10004),
        (json!({"MaxMemberCount": 1, "Owner_Account": "ann", "MemberList": [{"Member_Account": "bob"}]}), 10038),
        (json!({"Name": ""}), 10004),
    ] {
        let mut body = json!({"Type": "Public", "Name": "g"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        assert_eq!(server.code(CREATE, body), expected, "{more}");
    }
    assert_eq!(server.chat()["groups"], json!({}));
}

#[test]
fn a_live_group_lists_nobody_not_even_its_owner() {
    let (server, id) = with_group("AVChatRoom");
    assert_eq!(server.chat()["groups"][&id]["members"], json!([]));
    let of = |more: Value| {
        let mut body = json!({"GroupId": id});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    for (path, more, expected) in [
        (ADD, json!({"MemberList": [{"Member_Account": "bob"}]}), 10007),
        (REMOVE, json!({"MemberToDel_Account": ["bob"]}), 10004),
        (MEMBERS, json!({}), 10007),
        (SOME_MEMBERS, json!({"Member_List_Account": ["ann"]}), 10007),
        (UPDATE_MEMBER, json!({"Member_Account": "ann", "NameCard": "x"}), 10007),
        (ROLES, json!({"User_Account": ["ann"]}), 10007),
        (OWNER, json!({"NewOwner_Account": "bob"}), 10007),
        (IMPORT_MEMBERS, json!({"MemberList": [{"Member_Account": "bob"}]}), 10007),
        (SET_UNREAD, json!({"Member_Account": "ann", "UnreadMsgNum": 1}), 0),
        (MUTE, json!({"Members_Account": ["bob"], "MuteTime": 60}), 0),
    ] {
        assert_eq!(server.code(path, of(more)), expected, "{path}");
    }
    let live = json!({"Type": "AVChatRoom", "Name": "g"});
    assert_eq!(server.code(IMPORT_GROUP, live), 10007);
}

#[test]
fn a_group_s_life() {
    let (server, id) = with_group("Public");
    let add = |names: &[&str]| {
        let list: Vec<Value> = names.iter().map(|name| json!({"Member_Account": name})).collect();
        server.call(ADD, json!({"GroupId": id, "MemberList": list}))
    };
    assert_eq!(
        add(&["eve", "bob"])["MemberList"],
        json!([{"Member_Account": "eve", "Result": 1}, {"Member_Account": "bob", "Result": 2}])
    );
    assert_eq!((code(&add(&["nobody"])), code(&add(&["joe"; 21]))), (10019, 10005));
    let member = |more: Value| {
        let mut body = json!({"GroupId": id, "Member_Account": "bob"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.code(UPDATE_MEMBER, body)
    };
    assert_eq!(member(json!({"Role": "Admin", "NameCard": "Bob!", "MsgFlag": "Discard", "MuteTime": 60})), 0);
    assert_eq!(member(json!({"Role": "Owner"})), 10004);
    assert_eq!(member(json!({"Member_Account": "joe", "NameCard": "x"})), 10007);
    let list = server.call(MEMBERS, json!({"GroupId": id, "MemberRoleFilter": ["Admin"]}));
    assert_eq!((&list["MemberNum"], list["MemberList"].as_array().map(Vec::len)), (&json!(3), Some(1)));
    let bob = &list["MemberList"][0];
    assert_eq!((&bob["NameCard"], &bob["MsgFlag"]), (&json!("Bob!"), &json!("Discard")));
    assert_eq!(bob["MuteUntil"], NOW_S + 60);
    assert_eq!(server.code(OWNER, json!({"GroupId": id, "NewOwner_Account": "joe"})), 10007, "no member");
    assert_eq!(server.code(OWNER, json!({"GroupId": id, "NewOwner_Account": "eve"})), 0);
    let roles = server.call(ROLES, json!({"GroupId": id, "User_Account": ["ann", "bob", "eve", "joe"]}));
    let roles: Vec<&str> =
        roles["UserIdList"].as_array().expect("a list").iter().filter_map(|user| user["Role"].as_str()).collect();
    assert_eq!(roles, ["Member", "Admin", "Owner", "NotMember"]);
    let changes =
        json!({"GroupId": id, "Name": "new", "Introduction": "about", "AppDefinedData": [{"Key": "k", "Value": "v"}]});
    assert_eq!(server.code(UPDATE, changes), 0);
    let info = server.call(INFO, json!({"GroupIdList": [id, "other"]}));
    let (group, other) = (&info["GroupInfo"][0], &info["GroupInfo"][1]);
    assert_eq!(
        (&group["Name"], &group["Owner_Account"], &group["MemberNum"]),
        (&json!("new"), &json!("eve"), &json!(3))
    );
    assert_eq!(
        (&group["AppDefinedData"], &group["MaxMemberNum"]),
        (&json!([{"Key": "k", "Value": "v"}]), &json!(6000))
    );
    assert_eq!((code(&info), &other["ErrorCode"]), (0, &json!(10010)));
    let filter = json!({"GroupBaseInfoFilter": ["Type"], "MemberInfoFilter": ["Account", "Role"]});
    let filtered = server.call(INFO, json!({"GroupIdList": [id], "ResponseFilter": filter}));
    let group = filtered["GroupInfo"][0].as_object().expect("an object");
    assert_eq!(group.keys().collect::<Vec<_>>(), ["ErrorCode", "ErrorInfo", "GroupId", "MemberList", "Type"]);
    assert_eq!(server.code(REMOVE, json!({"GroupId": id, "MemberToDel_Account": ["bob", "joe"]})), 0);
    let rest = server.call(MEMBERS, json!({"GroupId": id, "Limit": 1, "Offset": 1, "MemberInfoFilter": ["Role"]}));
    assert_eq!(rest["MemberList"], json!([{"Member_Account": "eve", "Role": "Owner", "AppMemberDefinedData": []}]));
    assert_eq!(server.code(DESTROY, json!({"GroupId": id})), 0);
    assert_eq!(server.code(MEMBERS, json!({"GroupId": id})), 10010);
}

#[test]
fn a_full_group_takes_nobody() {
    let (server, id) = with_group("Public");
    assert_eq!(server.code(UPDATE, json!({"GroupId": id, "MaxMemberNum": 2})), 0);
    let add = |name: &str| server.code(ADD, json!({"GroupId": id, "MemberList": [{"Member_Account": name}]}));
    assert_eq!((add("eve"), add("bob")), (10014, 0));
}

#[test]
fn who_is_muted_cannot_speak_until_the_mute_ends() {
    let (server, id) = with_group("Public");
    let mut random = 0;
    let mut says = |from: &str| {
        random += 1;
        server.code(SEND, json!({"GroupId": id, "From_Account": from, "Random": random, "MsgBody": text("hi")}))
    };
    let mute =
        |seconds: u64| server.code(MUTE, json!({"GroupId": id, "Members_Account": ["bob"], "MuteTime": seconds}));
    assert_eq!((says("bob"), mute(60), says("bob"), says("ann")), (0, 0, 10017, 0));
    let muted = server.call(MUTED, json!({"GroupId": id}));
    assert_eq!(muted["MutedAccountList"], json!([{"Member_Account": "bob", "MutedUntil": NOW_S + 60}]));
    let older = server.call(SHUTTED, json!({"GroupId": id}));
    assert_eq!(older["ShuttedUinList"], json!([{"Member_Account": "bob", "ShuttedUntil": NOW_S + 60}]));
    // Leaving does not help.
    server.call(REMOVE, json!({"GroupId": id, "MemberToDel_Account": ["bob"]}));
    server.call(ADD, json!({"GroupId": id, "MemberList": [{"Member_Account": "bob"}]}));
    assert_eq!(says("bob"), 10017);
    server.set("clock", json!({"advance_s": 60}));
    assert_eq!((says("bob"), mute(u64::from(u32::MAX))), (0, 0));
    server.set("clock", json!({"advance_s": 10_000_000}));
    assert_eq!((says("bob"), mute(0), says("bob")), (10017, 0, 0));
    assert_eq!(server.code(UPDATE, json!({"GroupId": id, "MuteAllMember": "On"})), 0);
    assert_eq!((says("bob"), says("ann"), says(ADMIN)), (10017, 0, 0), "owner and app admins may speak");
    let (private, id) = with_group("Private");
    assert_eq!(private.code(MUTE, json!({"GroupId": id, "Members_Account": ["bob"], "MuteTime": 1})), 10007);
    assert_eq!(private.code(UPDATE_MEMBER, json!({"GroupId": id, "Member_Account": "bob", "MuteTime": 1})), 10007);
}

#[test]
fn who_is_banned_is_out_and_stays_out_until_the_ban_ends() {
    let (server, id) = with_group("Public");
    let ban = |name: &str, seconds: u64| {
        server.code(BAN, json!({"GroupId": id, "Members_Account": [name], "Duration": seconds}))
    };
    let add = |name: &str| {
        server.call(ADD, json!({"GroupId": id, "MemberList": [{"Member_Account": name}]}))["MemberList"][0]["Result"]
            .clone()
    };
    assert_eq!((ban("bob", 3600), ban("eve", 60)), (0, 0));
    assert_eq!((add("bob"), server.chat()["groups"][&id]["members"].clone()), (json!(0), json!(["ann"])));
    let first = server.call(BANNED, json!({"GroupId": id, "Limit": 1, "Offset": 0}));
    assert_eq!(first["BannedAccountList"], json!([{"Member_Account": "eve", "BannedUntil": NOW_S + 60}]));
    let second = server.call(BANNED, json!({"GroupId": id, "Limit": 1, "Offset": first["NextOffset"]}));
    assert_eq!((&second["BannedAccountList"][0]["Member_Account"], &second["NextOffset"]), (&json!("bob"), &json!(0)));
    server.set("clock", json!({"advance_s": 60}));
    assert_eq!(add("eve"), 1);
    assert_eq!(server.code(UNBAN, json!({"GroupId": id, "Members_Account": ["bob"]})), 0);
    assert_eq!(add("bob"), 1);
    let many = json!({"GroupId": id, "Members_Account": vec!["bob"; 21], "Duration": 1});
    assert_eq!(server.code(BAN, many), 10005);
}

#[test]
fn groups_are_listed_page_by_page() {
    let server = with_users();
    for number in 0..5 {
        let kind = if number == 3 { "ChatRoom" } else { "Public" };
        server
            .call(CREATE, json!({"Type": kind, "Name": "g", "GroupId": format!("g{number}"), "Owner_Account": "ann"}));
    }
    let (mut seen, mut next) = (Vec::new(), json!(0));
    loop {
        let page = server.call(LIST, json!({"Limit": 2, "Next": next, "GroupType": "Public"}));
        assert_eq!(page["TotalCount"], 4);
        let ids = page["GroupIdList"].as_array().expect("a list").iter();
        seen.extend(ids.map(|item| item["GroupId"].as_str().expect("an id").to_owned()));
        next = page["Next"].clone();
        if next == 0 {
            break;
        }
    }
    assert_eq!(seen, ["g0", "g1", "g2", "g4"]);
    let filter = json!({"GroupBaseInfoFilter": ["Name"], "SelfInfoFilter": ["Role"]});
    let joined =
        server.call(JOINED, json!({"Member_Account": "ann", "Limit": 1, "Offset": 4, "ResponseFilter": filter}));
    assert_eq!(joined["TotalCount"], 5);
    assert_eq!(joined["GroupIdList"], json!([{"GroupId": "g4", "Name": "g", "SelfInfo": {"Role": "Owner"}}]));
    server.call(CREATE, json!({"Type": "Private", "Name": "unused", "Owner_Account": "bob"}));
    let of_bob = |more: u8| {
        server.call(JOINED, json!({"Member_Account": "bob", "WithNoActiveGroups": more}))["TotalCount"].clone()
    };
    assert_eq!((of_bob(0), of_bob(1)), (json!(0), json!(1)), "a Private group shows once it is used");
}

#[test]
fn a_community_lists_its_members_by_marker() {
    let (server, id) = with_group("Community");
    assert_eq!(server.code(MEMBERS, json!({"GroupId": id, "Limit": 1, "Offset": 0})), 10004);
    let first = server.call(MEMBERS, json!({"GroupId": id, "Limit": 1, "Next": ""}));
    let second = server.call(MEMBERS, json!({"GroupId": id, "Limit": 1, "Next": first["Next"]}));
    assert_eq!(first["MemberList"][0]["Member_Account"], "ann");
    assert_eq!((&second["MemberList"][0]["Member_Account"], &second["Next"]), (&json!("bob"), &json!("")));
}

#[test]
fn members_of_another_system_come_with_their_time_and_unread_count() {
    let server = with_users();
    let group = json!({"Type": "Public", "Name": "old", "GroupId": "old", "CreateTime": NOW_S - 1000});
    assert_eq!(server.code(IMPORT_GROUP, group), 0);
    let future = json!({"Type": "Public", "Name": "old", "CreateTime": NOW_S + 1000});
    assert_eq!(server.code(IMPORT_GROUP, future), 10004);
    for random in 1..=3 {
        server.call(SEND, json!({"GroupId": "old", "Random": random, "MsgBody": text("hi")}));
    }
    let list = json!([
        {"Member_Account": "ann", "Role": "Admin", "JoinTime": NOW_S - 500, "UnreadMsgNum": 2},
        {"Member_Account": "bob", "UnreadMsgNum": 99},
        {"Member_Account": "eve", "JoinTime": NOW_S - 2000},
        {"Member_Account": "ann"},
        {"Member_Account": "nobody"},
    ]);
    let answer = server.call(IMPORT_MEMBERS, json!({"GroupId": "old", "MemberList": list}));
    let results: Vec<u64> =
        answer["MemberList"].as_array().expect("a list").iter().filter_map(|item| item["Result"].as_u64()).collect();
    assert_eq!(results, [1, 1, 0, 2, 0]);
    let members = server.call(SOME_MEMBERS, json!({"GroupId": "old", "Member_List_Account": ["ann", "bob", "joe"]}));
    let shown: Vec<(&Value, &Value)> = members["MemberList"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|member| (&member["Member_Account"], &member["MsgSeq"]))
        .collect();
    assert_eq!(shown, [(&json!("ann"), &json!(1)), (&json!("bob"), &json!(0))], "3 messages less the unread ones");
    assert_eq!(server.code(SET_UNREAD, json!({"GroupId": "old", "Member_Account": "bob", "UnreadMsgNum": 1})), 0);
    let bob = server.call(SOME_MEMBERS, json!({"GroupId": "old", "Member_List_Account": ["bob"]}));
    assert_eq!(bob["MemberList"][0]["MsgSeq"], 2);
}

#[test]
fn attributes_have_limits_of_their_own() {
    let (server, id) = with_group("Public");
    let write = |path: &str, list: Value| server.code(path, json!({"GroupId": id, "GroupAttr": list}));
    let pair = |key: &str, value: &str| json!({"key": key, "value": value});
    assert_eq!(write(SET_ATTR, json!([pair("a", "1"), pair("b", "1")])), 0);
    assert_eq!(write(UPDATE_ATTR, json!([pair("b", "2"), pair("c", "3")])), 0);
    let shown = || server.call(GET_ATTR, json!({"GroupId": id}))["GroupAttrAry"].clone();
    assert_eq!(shown(), json!([pair("a", "1"), pair("b", "2"), pair("c", "3")]));
    assert_eq!(write(UPDATE_ATTR, json!([pair(&"k".repeat(33), "")])), 10045);
    assert_eq!(write(UPDATE_ATTR, json!([pair("k", &"v".repeat(4001))])), 10046);
    let many: Vec<Value> = (0..14).map(|key| pair(&format!("k{key}"), "")).collect();
    assert_eq!(write(UPDATE_ATTR, json!(many)), 10047);
    let long: Vec<Value> = (0..5).map(|key| pair(&format!("k{key}"), &"v".repeat(3201))).collect();
    assert_eq!(write(UPDATE_ATTR, json!(long)), 10048);
    assert_eq!(write(DELETE_ATTR, json!([{"key": "a"}, {"key": "z"}])), 10050);
    assert_eq!(write(DELETE_ATTR, json!([{"key": "a"}])), 0);
    assert_eq!(write(SET_ATTR, json!([pair("z", "1")])), 0);
    assert_eq!(shown(), json!([pair("z", "1")]));
    assert_eq!(server.code(CLEAR_ATTR, json!({"GroupId": id})), 0);
    assert_eq!(shown(), json!([]));
    server.set("config", json!({"rate_limits": true}));
    server.set("clock", json!({"advance_s": 1}));
    let codes: Vec<i64> = (0..6).map(|value| write(SET_ATTR, json!([pair("z", &value.to_string())]))).collect();
    assert_eq!(codes, [0, 0, 0, 0, 0, 10049]);
    let (server, id) = with_group("Community");
    assert_eq!(server.code(CLEAR_ATTR, json!({"GroupId": id})), 10007);
}

#[test]
fn counters_count_each_time_and_a_community_has_none() {
    let (server, id) = with_group("Public");
    let change = |mode: &str, value: i64| {
        let body = json!({"GroupId": id, "Mode": mode, "GroupCounter": [{"Key": "like", "Value": value}]});
        server.call(COUNTER, body)["GroupCounter"][0]["Value"].as_i64().expect("a value")
    };
    assert_eq!((change("Set", 5), change("Increase", 2), change("Decrease", 1)), (5, 7, 6));
    server.call(COUNTER, json!({"GroupId": id, "GroupCounter": [{"Key": "no", "Value": 1}]}));
    let get = |more: Value| server.call(GET_COUNTER, more)["GroupCounter"].clone();
    assert_eq!(get(json!({"GroupId": id})), json!([{"Key": "like", "Value": 6}, {"Key": "no", "Value": 1}]));
    assert_eq!(server.code(DELETE_COUNTER, json!({"GroupId": id, "GroupCounterKeys": ["no"]})), 0);
    assert_eq!(get(json!({"GroupId": id, "GroupCounterKeys": ["no", "like"]})), json!([{"Key": "like", "Value": 6}]));
    assert_eq!(server.code(DELETE_COUNTER, json!({"GroupId": id})), 0);
    assert_eq!(get(json!({"GroupId": id})), json!([]));
    assert_eq!(server.code(COUNTER, json!({"GroupId": "g2", "GroupCounter": [{"Key": "k", "Value": 1}]})), 10010);
    let many: Vec<Value> = (0..21).map(|key| json!({"Key": key.to_string(), "Value": 1})).collect();
    assert_eq!(server.code(COUNTER, json!({"GroupId": id, "GroupCounter": many})), 10063);
    let (server, id) = with_group("Community");
    for (path, more) in
        [(COUNTER, json!([{"Key": "k", "Value": 1}])), (GET_COUNTER, json!(null)), (DELETE_COUNTER, json!(null))]
    {
        let mut body = json!({"GroupId": id});
        if !more.is_null() {
            body["GroupCounter"] = more;
        }
        assert_eq!(server.code(path, body), 10007, "{path}");
    }
}
