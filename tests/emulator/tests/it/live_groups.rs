//! What only live groups have; communities and their topics.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE: &str = "v4/group_open_http_svc/create_group";
const SEND: &str = "v4/group_open_http_svc/send_group_msg";
const HISTORY: &str = "v4/group_open_http_svc/group_msg_get_simple";
const MUTE: &str = "v4/group_open_http_svc/forbid_send_msg";
const BAN: &str = "v4/group_open_http_svc/ban_group_member";
const UPDATE_GROUP: &str = "v4/group_open_http_svc/modify_group_base_info";
const COUNT: &str = "v4/group_open_http_svc/get_online_member_num";
const COUNT_COMMUNITY: &str = "v4/million_group_open_http_svc/get_online_member_num";
const MEMBERS: &str = "v4/group_open_avchatroom_http_svc/get_members";
const CHECK_MEMBERS: &str = "v4/group_open_avchatroom_http_svc/check_members";
const MARK: &str = "v4/group_open_avchatroom_http_svc/modify_user_info";
const ADD_ROBOTS: &str = "v4/group_open_avchatroom_http_svc/add_robots";
const REMOVE_ROBOTS: &str = "v4/group_open_avchatroom_http_svc/del_robots";
const ADMINS: &str = "v4/group_open_avchatroom_http_svc/modify_admin";
const LIST_ADMINS: &str = "v4/group_open_avchatroom_http_svc/get_admin_list";
const CREATE_TOPIC: &str = "v4/million_group_open_http_svc/create_topic";
const IMPORT_TOPIC: &str = "v4/group_open_http_svc/import_topic";
const GET_TOPICS: &str = "v4/million_group_open_http_svc/get_topic";
const UPDATE_TOPIC: &str = "v4/million_group_open_http_svc/modify_topic";
const DESTROY_TOPICS: &str = "v4/million_group_open_http_svc/destroy_topic";

const NOW_S: u64 = 1_700_000_000;
const COMMUNITY: &str = "@TGS#_club";

fn with_live_group() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve", "bot"]);
    server.set("clock", json!({"now_s": NOW_S}));
    let live = json!({"Type": "AVChatRoom", "Name": "live", "GroupId": "live", "Owner_Account": "ann"});
    assert_eq!(server.code(CREATE, live), 0);
    assert_eq!(server.code(CREATE, json!({"Type": "Public", "Name": "not live", "GroupId": "public"})), 0);
    server
}

fn with_community() -> Server {
    let server = with_live_group();
    let community = json!({
        "Type": "Community", "Name": "club", "GroupId": COMMUNITY, "SupportTopic": 1, "Owner_Account": "ann",
        "MemberList": [{"Member_Account": "bob"}],
    });
    assert_eq!(server.code(CREATE, community), 0);
    server
}

fn online(server: &Server, more: Value) -> Vec<String> {
    let mut body = json!({"GroupId": "live", "Timestamp": 0});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let members = server.call(MEMBERS, body)["MemberList"].as_array().expect("a list").clone();
    members.iter().map(|member| member["Member_Account"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn users_come_and_go_by_themselves() {
    let server = with_live_group();
    server.set("live", json!({"group_id": "live", "join": ["bob", "eve"]}));
    assert_eq!(online(&server, json!({})), ["bob", "eve"]);
    assert_eq!(server.call(COUNT, json!({"GroupId": "live"}))["OnlineMemberNum"], 2);
    assert_eq!(server.code(COUNT, json!({"GroupId": "public"})), 10007);
    let inside = server.call(CHECK_MEMBERS, json!({"GroupId": "live", "Member_Account": ["ann", "bob"]}));
    assert_eq!(inside["Member_Account"], json!(["bob"]), "its owner is not in it either");
    server.set("live", json!({"group_id": "live", "leave": ["eve"]}));
    assert_eq!(server.code(BAN, json!({"GroupId": "live", "Members_Account": ["bob"], "Duration": 60})), 0);
    assert_eq!(online(&server, json!({})), Vec::<String>::new());
    assert_eq!(server.refused("live", json!({"group_id": "live", "join": ["bob"]})), "bob is banned");
    server.set("clock", json!({"advance_s": 60}));
    server.set("live", json!({"group_id": "live", "join": ["bob"]}));
    for bad in [json!({"group_id": "public", "join": ["bob"]}), json!({"group_id": "live", "join": ["nobody"]})] {
        server.refused("live", bad);
    }
}

#[test]
fn those_who_are_there_are_marked_and_robots_are_always_there() {
    let server = with_live_group();
    server.set("live", json!({"group_id": "live", "join": ["bob", "eve"]}));
    let mark = |command: u8, name: &str, marks: Value| {
        let list = json!([{"Member_Account": name, "Marks": marks}]);
        server.call(MARK, json!({"GroupId": "live", "CommandType": command, "MemberList": list}))
    };
    let set = mark(1, "bob", json!([1000, 600]));
    assert_eq!(
        (&set["CommandType"], &set["MemberList"]),
        (&json!(1), &json!([{"Member_Account": "bob", "Marks": [1000, 600]}]))
    );
    assert_eq!(online(&server, json!({})), ["eve"], "mark 600 hides");
    assert_eq!(online(&server, json!({"Mark": 1000})), ["bob"]);
    assert_eq!((code(&mark(1, "ann", json!([1000]))), code(&mark(1, "eve", json!([7])))), (10004, 10004));
    assert_eq!(code(&mark(2, "bob", json!([600]))), 0);
    assert_eq!(online(&server, json!({})), ["bob", "eve"]);
    server.set("live", json!({"group_id": "live", "leave": ["bob"], "join": []}));
    server.set("live", json!({"group_id": "live", "join": ["bob"]}));
    assert_eq!(online(&server, json!({"Mark": 1000})), Vec::<String>::new(), "leaving takes the marks away");
    assert_eq!(server.code(ADD_ROBOTS, json!({"GroupId": "live", "Member_Account": ["bot"]})), 0);
    assert_eq!(online(&server, json!({})), ["bob", "bot", "eve"]);
    assert_eq!(server.code(REMOVE_ROBOTS, json!({"GroupId": "live", "Member_Account": ["bot"]})), 0);
    assert_eq!(online(&server, json!({})), ["bob", "eve"]);
}

#[test]
fn admins_of_a_live_group_speak_when_all_are_muted() {
    let server = with_live_group();
    let admins = |command: u8, names: Value| {
        server.code(ADMINS, json!({"GroupId": "live", "CommandType": command, "Admin_Account": names}))
    };
    assert_eq!(admins(1, json!(["bob"])), 0);
    let shown = server.call(LIST_ADMINS, json!({"GroupId": "live"}));
    assert_eq!(shown["Admin_List"], json!([{"Admin_Account": "bob", "NickName": "", "Avatar": ""}]));
    assert_eq!(server.code(UPDATE_GROUP, json!({"GroupId": "live", "MuteAllMember": "On"})), 0);
    let says = |from: &str, random: u64| {
        server.code(SEND, json!({"GroupId": "live", "From_Account": from, "Random": random, "MsgBody": text("hi")}))
    };
    assert_eq!((says("bob", 1), says("eve", 2), says("ann", 3)), (0, 10017, 0));
    assert_eq!((admins(2, json!(["bob"])), says("bob", 4)), (0, 10017));
    server.import(&["a", "b", "c", "d", "e", "f"]);
    assert_eq!(admins(1, json!(["a", "b", "c", "d", "e", "f"])), 10004, "at most 5");
}

#[test]
fn a_topic_s_life() {
    let server = with_community();
    let own = format!("{COMMUNITY}@TOPIC#_news");
    let create = |more: Value| {
        let mut body = json!({"GroupId": COMMUNITY, "TopicName": "news"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        server.call(CREATE_TOPIC, body)
    };
    assert_eq!(create(json!({"TopicId": own}))["TopicId"], json!(own));
    assert_eq!(code(&create(json!({"TopicId": own}))), 10025);
    assert_eq!(code(&create(json!({"TopicId": "@TGS#_other@TOPIC#_x"}))), 10004);
    assert_eq!(code(&create(json!({"GroupId": "public"}))), 10007);
    let plain = json!({"Type": "Community", "Name": "plain", "GroupId": "@TGS#_plain"});
    assert_eq!(server.code(CREATE, plain), 0);
    assert_eq!(code(&create(json!({"GroupId": "@TGS#_plain"}))), 11000);
    let drawn = create(json!({}))["TopicId"].as_str().expect("an id").to_owned();
    assert!(drawn.starts_with(&format!("{COMMUNITY}@TOPIC#_@TOPIC#c")), "{drawn}");
    let import = json!({"GroupId": COMMUNITY, "TopicId": own, "TopicName": "old"});
    assert_eq!(server.code(IMPORT_TOPIC, import), 10021);
    // Messages and mutes of a topic are its own.
    let says = |from: &str, random: u64| {
        let body = json!({
            "GroupId": COMMUNITY, "TopicId": own, "From_Account": from, "Random": random, "MsgBody": text("hi"),
        });
        server.code(SEND, body)
    };
    assert_eq!(says("bob", 1), 0);
    let mute = json!({"GroupId": COMMUNITY, "TopicId": own, "Members_Account": ["bob"], "MuteTime": 60});
    assert_eq!((server.code(MUTE, mute), says("bob", 2)), (0, 10017));
    let elsewhere = json!({"GroupId": COMMUNITY, "From_Account": "bob", "Random": 3, "MsgBody": text("hi")});
    assert_eq!(server.code(SEND, elsewhere), 0);
    let history = server.call(HISTORY, json!({"GroupId": COMMUNITY, "TopicId": own, "ReqMsgNumber": 9}));
    assert_eq!(history["RspMsgList"].as_array().map(Vec::len), Some(1));
    let changes = json!({"GroupId": COMMUNITY, "TopicId": own, "TopicName": "late news", "MuteAllMember": "On"});
    assert_eq!(server.code(UPDATE_TOPIC, changes), 0);
    let body = json!({"GroupId": COMMUNITY, "From_Account": "bob", "TopicIdList": [own, "none"]});
    let topics = server.call(GET_TOPICS, body)["TopicAndSelfInfo"].clone();
    assert_eq!(topics[0]["SelfInfo"]["MsgSeq"], 1, "bob has read what he said");
    let info = &topics[0]["TopicInfo"];
    assert_eq!(
        (&info["TopicName"], &info["MuteAllMember"], &info["NextMsgSeq"]),
        (&json!("late news"), &json!("On"), &json!(2))
    );
    assert_eq!((&info["GroupID"], &topics[0]["SelfInfo"]["ShutUpTime"]), (&json!(COMMUNITY), &json!(NOW_S + 60)));
    assert_eq!(topics[1]["ErrorCode"], 110003);
    assert_eq!((says("bob", 4), says("ann", 5)), (10017, 0));
    let read_by = |user: &str| {
        let body = json!({"GroupId": COMMUNITY, "From_Account": user, "TopicIdList": [own, drawn]});
        server.call(GET_TOPICS, body)["TopicAndSelfInfo"].as_array().expect("a list").clone()
    };
    let seqs = |user: &str| read_by(user).iter().map(|topic| topic["SelfInfo"]["MsgSeq"].clone()).collect::<Vec<_>>();
    assert_eq!(seqs("bob"), [json!(1), json!(0)], "each topic has numbers of its own");
    assert_eq!(seqs("ann"), [json!(0), json!(0)], "she has not read the first");
    let destroy = json!({"GroupId": COMMUNITY, "TopicIdList": [own]});
    assert_eq!(server.call(DESTROY_TOPICS, destroy.clone())["DestroyResultItem"][0]["ErrorCode"], 0);
    assert_eq!(server.call(DESTROY_TOPICS, destroy)["DestroyResultItem"][0]["ErrorCode"], 110003);
    assert_eq!(says("ann", 6), 10010);
}

#[test]
fn members_of_a_community_who_are_online_are_counted() {
    let server = with_community();
    server.set(
        "online",
        json!({"users": [{"user_id": "bob", "status": "Online"}, {"user_id": "eve", "status": "Online"}]}),
    );
    assert_eq!(server.call(COUNT_COMMUNITY, json!({"GroupId": COMMUNITY}))["OnlineMemberNum"], 1);
    assert_eq!(server.code(COUNT_COMMUNITY, json!({"GroupId": "live"})), 10007);
}
