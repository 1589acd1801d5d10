//! Friends, friend groups, blocked users, follows.

use serde_json::{Value, json};

use crate::harness::*;

const ADD: &str = "v4/sns/friend_add";
const IMPORT_FRIENDS: &str = "v4/sns/friend_import";
const UPDATE: &str = "v4/sns/friend_update";
const REMOVE: &str = "v4/sns/friend_delete";
const CLEAR: &str = "v4/sns/friend_delete_all";
const CHECK_FRIENDS: &str = "v4/sns/friend_check";
const LIST: &str = "v4/sns/friend_get";
const GET: &str = "v4/sns/friend_get_list";
const BLOCK: &str = "v4/sns/black_list_add";
const UNBLOCK: &str = "v4/sns/black_list_delete";
const BLOCKED: &str = "v4/sns/black_list_get";
const CHECK_BLOCKED: &str = "v4/sns/black_list_check";
const ADD_GROUPS: &str = "v4/sns/group_add";
const DELETE_GROUPS: &str = "v4/sns/group_delete";
const GET_GROUPS: &str = "v4/sns/group_get";
const FOLLOW: &str = "v4/follow/follow_add";
const UNFOLLOW: &str = "v4/follow/follow_delete";
const FOLLOWS: &str = "v4/follow/follow_get";
const CHECK_FOLLOWS: &str = "v4/follow/follow_check";
const COUNT_FOLLOWS: &str = "v4/follow/follow_get_info";
const SET_PROFILE: &str = "v4/profile/portrait_set";

const NOW_S: u64 = 1_700_000_000;

fn with_users() -> Server {
    let server = Server::start();
    server.import(&["ann", "bob", "eve", "joe"]);
    server.set("clock", json!({"now_s": NOW_S}));
    server
}

fn friend(name: &str) -> Value {
    json!({"To_Account": name, "AddSource": "AddSource_Type_Web"})
}

fn add(server: &Server, from: &str, items: Value, more: Value) -> Value {
    let mut body = json!({"From_Account": from, "AddFriendItem": items});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    server.call(ADD, body)
}

/// The code of each item.
#[track_caller]
fn codes(answer: &Value) -> Vec<i64> {
    assert_eq!(code(answer), 0, "{answer}");
    answer["ResultItem"].as_array().expect("a list").iter().filter_map(|item| item["ResultCode"].as_i64()).collect()
}

fn relation(server: &Server, from: &str, to: &str) -> String {
    let body = json!({"From_Account": from, "To_Account": [to], "CheckType": "CheckResult_Type_Both"});
    server.call(CHECK_FRIENDS, body)["InfoItem"][0]["Relation"].as_str().expect("a relation").to_owned()
}

#[test]
fn a_friendship_s_life() {
    let server = with_users();
    let item = json!({
        "To_Account": "bob", "AddSource": "AddSource_Type_Web", "Remark": "Bobby", "GroupName": "mates", "AddWording": "hi",
    });
    assert_eq!(codes(&add(&server, "ann", json!([item]), json!({}))), [0]);
    assert_eq!(relation(&server, "ann", "bob"), "CheckResult_Type_BothWay");
    assert_eq!(codes(&add(&server, "eve", json!([friend("ann")]), json!({"AddType": "Add_Type_Single"}))), [0]);
    assert_eq!(relation(&server, "ann", "eve"), "CheckResult_Type_BWithA");
    assert_eq!(relation(&server, "ann", "joe"), "CheckResult_Type_NoRelation");
    let update = |to: &str, tag: &str, value: Value| {
        let items = json!([{"To_Account": to, "SnsItem": [{"Tag": tag, "Value": value}]}]);
        codes(&server.call(UPDATE, json!({"From_Account": "ann", "UpdateItem": items})))
    };
    assert_eq!(update("bob", "Tag_SNS_IM_Remark", json!("Rob")), [0]);
    assert_eq!(update("bob", "Tag_SNS_Custom_Test", json!("x")), [0]);
    assert_eq!(update("bob", "Tag_SNS_IM_AddTime", json!(1)), [30001], "that one cannot be changed");
    assert_eq!(update("joe", "Tag_SNS_IM_Remark", json!("x")), [30001], "not a friend");
    let all = server.call(LIST, json!({"From_Account": "ann", "StartIndex": 0}));
    assert_eq!((&all["FriendNum"], &all["CompleteFlag"]), (&json!(1), &json!(1)));
    assert_eq!(
        all["UserDataItem"][0]["ValueItem"],
        json!([
            {"Tag": "Tag_SNS_IM_AddSource", "Value": "AddSource_Type_Web"},
            {"Tag": "Tag_SNS_IM_Remark", "Value": "Rob"},
            {"Tag": "Tag_SNS_IM_AddWording", "Value": "hi"},
            {"Tag": "Tag_SNS_IM_Group", "Value": ["mates"]},
            {"Tag": "Tag_SNS_IM_AddTime", "Value": NOW_S},
            {"Tag": "Tag_SNS_Custom_Test", "Value": "x"},
        ])
    );
    let known = json!({"From_Account": "ann", "StartIndex": 0, "StandardSequence": all["StandardSequence"]});
    let rest = server.call(LIST, known);
    assert_eq!(rest["UserDataItem"][0]["ValueItem"], json!([{"Tag": "Tag_SNS_Custom_Test", "Value": "x"}]));
    server.call(
        SET_PROFILE,
        json!({"From_Account": "bob", "ProfileItem": [{"Tag": "Tag_Profile_IM_Nick", "Value": "B"}]}),
    );
    let tags = json!(["Tag_Profile_IM_Nick", "Tag_SNS_IM_Remark", "Tag_Profile_IM_Gender"]);
    let got = server.call(GET, json!({"From_Account": "ann", "To_Account": ["bob", "joe"], "TagList": tags}));
    assert_eq!(
        got["InfoItem"][0]["SnsProfileItem"],
        json!([{"Tag": "Tag_Profile_IM_Nick", "Value": "B"}, {"Tag": "Tag_SNS_IM_Remark", "Value": "Rob"}])
    );
    assert_eq!((&got["InfoItem"][1]["ResultCode"], &got["Fail_Account"]), (&json!(30001), &json!(["joe"])));
    let remove = json!({"From_Account": "ann", "To_Account": ["bob", "joe"], "DeleteType": "Delete_Type_Both"});
    assert_eq!(codes(&server.call(REMOVE, remove)), [0, 31704]);
    assert_eq!(relation(&server, "ann", "bob"), "CheckResult_Type_NoRelation");
}

#[test]
fn whether_a_request_is_taken_is_the_other_s_choice_unless_it_is_forced() {
    let server = with_users();
    let allow = |user: &str, tag: &str, value: &str| {
        let items = json!([{"Tag": tag, "Value": value}]);
        assert_eq!(server.code(SET_PROFILE, json!({"From_Account": user, "ProfileItem": items})), 0);
    };
    allow("bob", "Tag_Profile_IM_AllowType", "AllowType_Type_DenyAny");
    allow("eve", "Tag_Profile_IM_AllowType", "AllowType_Type_NeedConfirm");
    let items = json!([friend("bob"), friend("eve"), friend("joe"), friend("nobody"), friend("ann")]);
    let answer = add(&server, "ann", items.clone(), json!({}));
    assert_eq!(codes(&answer), [30516, 30539, 0, 30003, 30001]);
    assert_eq!(answer["Fail_Account"], json!(["bob", "nobody", "ann"]), "eve's is a success in waiting");
    assert_eq!(relation(&server, "ann", "eve"), "CheckResult_Type_NoRelation");
    assert_eq!(codes(&add(&server, "ann", items, json!({"ForceAddFlags": 1}))), [0, 0, 0, 30003, 30001]);
    let bad_source = json!([{"To_Account": "joe", "AddSource": "Web"}]);
    assert_eq!(codes(&add(&server, "bob", bad_source, json!({}))), [30001]);
    allow("joe", "Tag_Profile_IM_AdminForbidType", "AdminForbid_Type_SendOut");
    assert_eq!(code(&add(&server, "joe", json!([friend("bob")]), json!({}))), 30009);
    assert_eq!(code(&add(&server, "nobody", json!([friend("bob")]), json!({}))), 30003);
}

#[test]
fn imported_friends_go_one_way_and_keep_their_time() {
    let server = with_users();
    let item = json!({
        "To_Account": "bob", "AddSource": "AddSource_Type_Old", "AddTime": 1_420_000_001, "GroupName": ["a", "b"],
        "CustomItem": [{"Tag": "Tag_SNS_Custom_Test", "Value": "x"}],
    });
    let import = || codes(&server.call(IMPORT_FRIENDS, json!({"From_Account": "ann", "AddFriendItem": [item]})));
    assert_eq!((import(), import()), (vec![0], vec![0]));
    assert_eq!(server.counted(IMPORT_FRIENDS)["effects"], 1, "the second time changes nothing");
    assert_eq!(relation(&server, "ann", "bob"), "CheckResult_Type_AWithB");
    let tags = json!(["Tag_SNS_IM_AddTime", "Tag_SNS_IM_Group"]);
    let got = server.call(GET, json!({"From_Account": "ann", "To_Account": ["bob"], "TagList": tags}));
    assert_eq!(
        got["InfoItem"][0]["SnsProfileItem"],
        json!([{"Tag": "Tag_SNS_IM_AddTime", "Value": 1_420_000_001}, {"Tag": "Tag_SNS_IM_Group", "Value": ["a", "b"]}])
    );
    assert_eq!(server.code(CLEAR, json!({"From_Account": "ann"})), 0);
    assert_eq!(relation(&server, "ann", "bob"), "CheckResult_Type_NoRelation");
}

#[test]
fn long_friend_lists_come_page_by_page() {
    let server = with_users();
    let names: Vec<String> = (0..150).map(|number| format!("friend{number:03}")).collect();
    for part in names.chunks(100) {
        assert_eq!(server.code(IMPORT_MANY, json!({"Accounts": part})), 0);
    }
    let items: Vec<Value> = names.iter().map(|name| friend(name)).collect();
    assert_eq!(code(&add(&server, "ann", json!(items), json!({}))), 0);
    let (mut seen, mut start) = (Vec::new(), json!(0));
    loop {
        let page = server.call(LIST, json!({"From_Account": "ann", "StartIndex": start}));
        let items = page["UserDataItem"].as_array().expect("a list").iter();
        seen.extend(items.map(|item| item["To_Account"].as_str().expect("a name").to_owned()));
        start = page["NextStartIndex"].clone();
        if page["CompleteFlag"] != 0 {
            break;
        }
    }
    assert_eq!(seen, names);
}

#[test]
fn blocking_ends_a_friendship_and_keeps_it_from_beginning() {
    let server = with_users();
    add(&server, "ann", json!([friend("bob")]), json!({}));
    let block = |to: Value| server.call(BLOCK, json!({"From_Account": "ann", "To_Account": to}));
    assert_eq!(codes(&block(json!(["bob", "eve"]))), [0, 0]);
    let again = block(json!(["bob", "nobody"]));
    assert_eq!((codes(&again), &again["Fail_Account"]), (vec![30001, 30003], &json!(["bob", "nobody"])));
    assert_eq!(again["ResultItem"][0]["ResultInfo"], "Err_SNS_BlackListAdd_Already_Exist");
    assert_eq!(relation(&server, "ann", "bob"), "CheckResult_Type_NoRelation");
    assert_eq!(codes(&add(&server, "ann", json!([friend("bob")]), json!({}))), [30515]);
    assert_eq!(codes(&add(&server, "bob", json!([friend("ann")]), json!({}))), [30525]);
    let page = |start: u64| {
        server.call(BLOCKED, json!({"From_Account": "ann", "StartIndex": start, "MaxLimited": 1, "LastSequence": 0}))
    };
    assert_eq!(page(0)["BlackListItem"], json!([{"To_Account": "bob", "AddBlackTimeStamp": NOW_S}]));
    assert_eq!((&page(0)["StartIndex"], &page(1)["StartIndex"]), (&json!(1), &json!(0)));
    assert_eq!(page(1)["CurruentSequence"], 2);
    let check = |from: &str, to: &str| {
        let body = json!({"From_Account": from, "To_Account": [to], "CheckType": "BlackCheckResult_Type_Both"});
        server.call(CHECK_BLOCKED, body)["BlackListCheckItem"][0]["Relation"].clone()
    };
    assert_eq!(
        (check("ann", "bob"), check("bob", "ann")),
        ("BlackCheckResult_Type_AWithB".into(), "BlackCheckResult_Type_BWithA".into())
    );
    assert_eq!(codes(&server.call(UNBLOCK, json!({"From_Account": "ann", "To_Account": ["bob"]}))), [0]);
    assert_eq!(check("ann", "bob"), "BlackCheckResult_Type_NO");
}

#[test]
fn friend_groups_hold_friends_only() {
    let server = with_users();
    add(&server, "ann", json!([friend("bob")]), json!({}));
    let body = json!({"From_Account": "ann", "GroupName": ["work", "home"], "To_Account": ["bob", "eve"]});
    let made = server.call(ADD_GROUPS, body);
    assert_eq!((codes(&made), &made["Fail_Account"]), (vec![0, 32216], &json!(["eve"])));
    let all = server
        .call(GET_GROUPS, json!({"From_Account": "ann", "LastSequence": 0, "NeedFriend": "Need_Friend_Type_Yes"}));
    assert_eq!(
        all["ResultItem"],
        json!([
            {"GroupName": "work", "FriendNumber": 1, "To_Account": ["bob"]},
            {"GroupName": "home", "FriendNumber": 1, "To_Account": ["bob"]},
        ])
    );
    assert_eq!(all["CurrentSequence"], made["CurrentSequence"]);
    assert_eq!(server.code(DELETE_GROUPS, json!({"From_Account": "ann", "GroupName": ["work", "none"]})), 0);
    let rest =
        server.call(GET_GROUPS, json!({"From_Account": "ann", "LastSequence": 0, "GroupName": ["work", "home"]}));
    assert_eq!(rest["ResultItem"], json!([{"GroupName": "home", "FriendNumber": 1}]));
    let many: Vec<String> = (0..32).map(|number| format!("group{number}")).collect();
    assert_eq!(server.code(ADD_GROUPS, json!({"From_Account": "ann", "GroupName": many})), 30011);
}

#[test]
fn following_is_one_way_and_both_ways_is_mutual() {
    let server = with_users();
    let follow = |from: &str, to: &str| {
        codes(&server.call(FOLLOW, json!({"From_Account": from, "FollowItem": [{"To_Account": to}]})))
    };
    assert_eq!((follow("ann", "bob"), follow("bob", "ann"), follow("eve", "ann")), (vec![0], vec![0], vec![0]));
    assert_eq!((follow("ann", "nobody"), follow("ann", "ann")), (vec![30003], vec![30001]));
    let list = |kind: u8, cursor: &str| {
        server.call(FOLLOWS, json!({"From_Account": "ann", "FollowType": kind, "StartCursor": cursor, "WantNum": 1}))
    };
    let first = list(1, "");
    assert_eq!(
        (&first["FollowItem"][0]["To_Account"], &first["FollowItem"][0]["FollowTime"]),
        (&json!("bob"), &json!(NOW_S))
    );
    let second = list(1, first["NextCursor"].as_str().expect("a cursor"));
    assert_eq!((&second["FollowItem"][0]["To_Account"], &second["NextCursor"]), (&json!("eve"), &json!("")));
    assert_eq!(list(3, "")["FollowItem"][0]["To_Account"], "bob");
    let check = server.call(CHECK_FOLLOWS, json!({"From_Account": "ann", "To_Account": ["bob", "eve", "joe"]}));
    let kinds: Vec<u64> =
        check["ResultItem"].as_array().expect("a list").iter().filter_map(|item| item["FollowType"].as_u64()).collect();
    assert_eq!(kinds, [3, 1, 0]);
    let counts =
        server.call(COUNT_FOLLOWS, json!({"From_Account": "eve", "To_Account": ["ann"]}))["FollowInfo"][0].clone();
    assert_eq!(
        (&counts["FollowerCount"], &counts["FollowingCount"], &counts["MutualFollowingCount"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(codes(&server.call(UNFOLLOW, json!({"From_Account": "ann", "To_Account": ["bob"]}))), [0]);
    assert_eq!(list(3, "")["FollowItem"], json!([]));
}

#[test]
fn an_account_that_is_deleted_is_gone_from_the_lists_of_others() {
    let server = with_users();
    add(&server, "ann", json!([friend("bob")]), json!({}));
    assert_eq!(server.code(DELETE, json!({"DeleteItem": [{"UserID": "bob"}]})), 0);
    assert_eq!(server.call(LIST, json!({"From_Account": "ann", "StartIndex": 0}))["FriendNum"], 0);
}
