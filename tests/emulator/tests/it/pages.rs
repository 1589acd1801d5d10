//! Every list with state, read to its end by the core's own pager: each item comes once, and the pages end.

use serde_json::{Map, Value, json};
use tencent_im_core::api;
use tencent_im_core::flow::Pages;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{JsonSink, walk};

use crate::harness::*;

const NOW_S: u64 = 1_700_000_000;

/// Makes a call by its public name and fields. Gives its reply with the same kind of names.
#[track_caller]
fn call(server: &Server, name: &str, fields: &Map<String, Value>) -> Map<String, Value> {
    let op = api::find(name).expect("a call");
    let options = walk::RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 5 };
    let mut input = Value::Object(fields.clone());
    let (body, _) = walk::request(op, &mut input, options).expect(name);
    let answer = server.call_with(op.path, &good_query(), body);
    assert_eq!(code(&answer), 0, "{name}: {answer}");
    let mut sink = JsonSink::new(1 << 24);
    walk::reply(op.reply, &answer.to_string(), Style::Snake, &mut sink).expect(name);
    serde_json::from_slice(&sink.into_bytes()).expect("an object")
}

/// Reads a list to its end. Gives the given field of each item, and how many pages there were.
#[track_caller]
fn read_all(server: &Server, name: &str, params: Value, field: &str) -> (Vec<Value>, usize) {
    let op = api::find(name).expect("a call");
    let params = params.as_object().expect("an object").clone();
    let mut pages = Pages::new(op, &params, None, Style::Snake).expect(name);
    let (mut seen, mut count) = (Vec::new(), 0);
    while let Some(position) = pages.next() {
        let mut fields = params.clone();
        fields.extend(position.clone());
        let reply = call(server, name, &fields);
        for list in pages.items() {
            let items = reply.get(&list).and_then(Value::as_array).into_iter().flatten();
            seen.extend(items.map(|item| item[field].clone()));
        }
        pages.turn(&reply).expect(name);
        count += 1;
        assert!(count < 100, "{name}: it goes on");
    }
    (seen, count)
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number:03}")).collect()
}

fn with_users(count: usize) -> (Server, Vec<String>) {
    let server = Server::start();
    server.set("clock", json!({"now_s": NOW_S}));
    let users = names("user", count);
    for part in users.chunks(100) {
        assert_eq!(server.code(IMPORT_MANY, json!({"Accounts": part})), 0);
    }
    (server, users)
}

#[track_caller]
fn done(server: &Server, path: &str, body: Value) {
    let answer = server.call(path, body);
    assert_eq!(code(&answer), 0, "{path}: {answer}");
}

#[test]
fn groups_and_the_groups_of_a_user() {
    let (server, _) = with_users(1);
    let ids = names("group", 7);
    for id in &ids {
        let body = json!({"Type": "Public", "Name": "g", "GroupId": id, "Owner_Account": "user000"});
        done(&server, "v4/group_open_http_svc/create_group", body);
    }
    assert_eq!(read_all(&server, "groups.list", json!({"limit": 3}), "group_id"), (json_list(&ids), 3));
    let joined = json!({"member_account": "user000", "limit": 3});
    assert_eq!(read_all(&server, "groups.list_joined", joined, "group_id"), (json_list(&ids), 3));
}

fn json_list(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!(name)).collect()
}

#[test]
fn members_of_a_group_and_of_a_community() {
    let (server, users) = with_users(7);
    for (kind, id) in [("Public", "g"), ("Community", "@TGS#_g")] {
        done(&server, "v4/group_open_http_svc/create_group", json!({"Type": kind, "Name": "g", "GroupId": id}));
        let list: Vec<Value> = users.iter().map(|user| json!({"Member_Account": user})).collect();
        done(&server, "v4/group_open_http_svc/add_group_member", json!({"GroupId": id, "MemberList": list}));
        let params = json!({"group_id": id, "limit": 3});
        let read = read_all(&server, "groups.list_members", params, "member_account");
        assert_eq!(read, (json_list(&users), 3), "{kind}");
    }
    let ban = json!({"GroupId": "g", "Members_Account": users, "Duration": 60});
    done(&server, "v4/group_open_http_svc/ban_group_member", ban);
    let (banned, pages) =
        read_all(&server, "groups.list_banned_members", json!({"group_id": "g", "limit": 3}), "member_account");
    assert_eq!((banned.len(), pages), (7, 3));
}

#[test]
fn messages_of_a_group_with_those_who_read_one() {
    let (server, users) = with_users(6);
    let list: Vec<Value> = users.iter().map(|user| json!({"Member_Account": user})).collect();
    let group = json!({"Type": "Public", "Name": "g", "GroupId": "g", "MemberList": list});
    done(&server, "v4/group_open_http_svc/create_group", group);
    for random in 1..=45 {
        let body = json!({"GroupId": "g", "Random": random, "NeedReadReceipt": 1, "MsgBody": text("hi")});
        done(&server, "v4/group_open_http_svc/send_group_msg", body);
    }
    let seqs: Vec<Value> = (1..=45).rev().map(|seq| json!(seq)).collect();
    let (seen, pages) = read_all(&server, "group_messages.list", json!({"group_id": "g"}), "msg_seq");
    assert_eq!((seen, pages), (seqs, 3), "there is nothing before number 1");
    let params = json!({"group_id": "g", "msg_seq": 1, "filter": 1, "count": 4});
    let (unread, pages) = read_all(&server, "group_messages.list_read_members", params, "unread_account");
    assert_eq!((unread, pages), (json_list(&users), 2));
}

#[test]
fn one_to_one_messages_with_their_extensions() {
    let (server, _) = with_users(2);
    let mut keys = Vec::new();
    for random in 1..=7 {
        let body = json!({
            "From_Account": "user000", "To_Account": "user001", "MsgRandom": random, "MsgSeq": random,
            "SupportMessageExtension": 1, "MsgBody": text("hi"),
        });
        keys.push(server.call("v4/openim/sendmsg", body)["MsgKey"].clone());
        server.set("clock", json!({"advance_s": random % 2}));
    }
    let params = json!({
        "operator_account": "user001", "peer_account": "user000", "max_count": 3, "min_time": NOW_S, "max_time": NOW_S + 99,
    });
    let (mut seen, pages) = read_all(&server, "messages.list", params, "msg_key");
    seen.sort_by_key(Value::to_string);
    keys.sort_by_key(Value::to_string);
    assert_eq!((&seen, pages), (&keys, 3));
    let of = json!({"From_Account": "user000", "To_Account": "user001", "MsgKey": keys[0], "OperateType": 1});
    for part in names("key", 240).chunks(20).enumerate() {
        // 200 changes a minute.
        server.set("clock", json!({"advance_s": 10}));
        let mut body = of.clone();
        body["ExtensionList"] = part.1.iter().map(|key| json!({"Key": key, "Value": "v"})).collect();
        done(&server, "v4/openim_msg_ext_http_svc/set_key_values", body);
    }
    let params = json!({"from_account": "user000", "to_account": "user001", "msg_key": keys[0]});
    let (pairs, pages) = read_all(&server, "messages.list_extensions", params, "key");
    assert_eq!((pairs, pages), (json_list(&names("key", 240)), 2));
}

#[test]
fn friends_blocked_users_and_followers() {
    let (server, users) = with_users(230);
    let others = &users[1..];
    let items: Vec<Value> =
        others.iter().map(|user| json!({"To_Account": user, "AddSource": "AddSource_Type_Web"})).collect();
    done(&server, "v4/sns/friend_add", json!({"From_Account": "user000", "AddFriendItem": items}));
    let (friends, pages) = read_all(&server, "friends.list", json!({"from_account": "user000"}), "to_account");
    assert_eq!((friends, pages), (json_list(others), 3));
    for user in &others[..5] {
        let body = json!({"From_Account": user, "FollowItem": [{"To_Account": "user000"}]});
        done(&server, "v4/follow/follow_add", body);
    }
    let params = json!({"from_account": "user000", "follow_type": 1, "want_num": 2});
    assert_eq!(read_all(&server, "follows.list", params, "to_account"), (json_list(&others[..5]), 3));
    done(&server, "v4/sns/black_list_add", json!({"From_Account": "user000", "To_Account": &others[..5]}));
    let params = json!({"from_account": "user000", "max_limited": 2, "last_sequence": 0});
    assert_eq!(read_all(&server, "blocklist.list", params, "to_account"), (json_list(&others[..5]), 3));
}

#[test]
fn conversations_and_their_marks() {
    let (server, users) = with_users(121);
    for (random, user) in users[1..].iter().enumerate() {
        let body = json!({"From_Account": "user000", "To_Account": user, "MsgRandom": random, "MsgBody": text("hi")});
        done(&server, "v4/openim/sendmsg", body);
    }
    let pinned: Vec<Value> = users[1..4].iter().map(|user| json!({"Type": 1, "To_Account": user})).collect();
    let pin = json!({"From_Account": "user000", "OperationType": 1, "RecentContactItem": pinned});
    done(&server, "v4/recentcontact/top", pin);
    let params = json!({"from_account": "user000", "assist_flags": 63});
    let (seen, pages) = read_all(&server, "conversations.list", params, "to_account");
    assert_eq!((seen.len(), pages), (120, 2));
    assert_eq!(seen[..3], json_list(&users[1..4]), "pinned ones come first");
    for part in users[1..].chunks(100) {
        let items: Vec<Value> = part
            .iter()
            .map(|user| json!({"OptType": 1, "SetMark": [1], "ContactItem": {"Type": 1, "To_Account": user}}))
            .collect();
        done(&server, "v4/recentcontact/mark_contact", json!({"From_Account": "user000", "MarkItem": items}));
    }
    let (marked, pages) =
        read_all(&server, "conversations.list_groups_and_marks", json!({"from_account": "user000"}), "to_account");
    assert_eq!((marked, pages), (json_list(&users[1..]), 2));
}

#[test]
fn those_online_in_a_live_group() {
    let (server, users) = with_users(520);
    done(&server, "v4/group_open_http_svc/create_group", json!({"Type": "AVChatRoom", "Name": "g", "GroupId": "g"}));
    server.set("live", json!({"group_id": "g", "join": users}));
    let (seen, pages) =
        read_all(&server, "live_groups.list_online_members", json!({"group_id": "g"}), "member_account");
    assert_eq!((seen, pages), (json_list(&users), 2));
}
