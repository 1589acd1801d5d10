//! Profiles, and the global mute of accounts.

use serde_json::{Value, json};

use crate::harness::*;

const SET: &str = "v4/profile/portrait_set";
const GET: &str = "v4/profile/portrait_get";
const MUTE: &str = "v4/openconfigsvr/setnospeaking";
const GET_MUTE: &str = "v4/openconfigsvr/getnospeaking";
const SEND: &str = "v4/openim/sendmsg";
const CREATE: &str = "v4/group_open_http_svc/create_group";
const GROUP_SEND: &str = "v4/group_open_http_svc/send_group_msg";

fn set(server: &Server, tag: &str, value: Value) -> i64 {
    server.code(SET, json!({"From_Account": "ann", "ProfileItem": [{"Tag": tag, "Value": value}]}))
}

#[test]
fn what_was_set_comes_back_and_the_rest_is_left_out() {
    let server = Server::start();
    assert_eq!(server.code(IMPORT, json!({"UserID": "ann", "Nick": "Ann"})), 0);
    assert_eq!(set(&server, "Tag_Profile_IM_Gender", json!("Gender_Type_Female")), 0);
    assert_eq!(set(&server, "Tag_Profile_IM_BirthDay", json!(20_190_419)), 0);
    assert_eq!(set(&server, "Tag_Profile_Custom_Test", json!("mine")), 0);
    let tags = ["Nick", "Image", "Gender", "BirthDay"].map(|tag| format!("Tag_Profile_IM_{tag}"));
    let got = server.call(GET, json!({"To_Account": ["ann", "nobody"], "TagList": tags}));
    assert_eq!(
        got["UserProfileItem"][0]["ProfileItem"],
        json!([
            {"Tag": "Tag_Profile_IM_Nick", "Value": "Ann"},
            {"Tag": "Tag_Profile_IM_Gender", "Value": "Gender_Type_Female"},
            {"Tag": "Tag_Profile_IM_BirthDay", "Value": 20_190_419},
        ])
    );
    assert_eq!((&got["UserProfileItem"][1]["ResultCode"], &got["Fail_Account"]), (&json!(40003), &json!(["nobody"])));
    assert_eq!(set(&server, "Tag_Profile_IM_Nick", json!("Anna")), 0);
    assert_eq!(server.account("ann")["nick"], "Anna", "importing and the profile write the same nickname");
}

#[test]
fn each_field_has_its_type_and_its_values() {
    let server = Server::start();
    server.import(&["ann"]);
    for (tag, value, expected) in [
        ("Tag_Profile_IM_Nik", json!("x"), 40009),
        ("Tag_Profile_Custom_", json!("x"), 40009),
        ("Tag_Profile_Custom_Ninechars", json!("x"), 40009),
        ("Tag_Profile_IM_Nick", json!(5), 40610),
        ("Tag_Profile_IM_Nick", json!("x".repeat(501)), 40601),
        ("Tag_Profile_IM_Location", json!("x".repeat(17)), 40605),
        ("Tag_Profile_IM_Gender", json!("female"), 40605),
        ("Tag_Profile_IM_Level", json!("5"), 40610),
        ("Tag_Profile_IM_Level", json!(1_u64 << 32), 40605),
    ] {
        assert_eq!(set(&server, tag, value.clone()), expected, "{tag} {value}");
    }
    let items = json!([{"Tag": "Tag_Profile_IM_Nick", "Value": "x"}, {"Tag": "Tag_Nothing", "Value": "x"}]);
    assert_eq!(server.code(SET, json!({"From_Account": "ann", "ProfileItem": items})), 40009);
    assert!(server.account("ann")["nick"].is_null(), "one bad field keeps all from being set");
    let nobody = json!({"From_Account": "nobody", "ProfileItem": [{"Tag": "Tag_Profile_IM_Nick", "Value": "x"}]});
    assert_eq!(server.code(SET, nobody), 40003);
    assert_eq!(server.code(GET, json!({"TagList": ["Tag_Profile_IM_Nick"]})), 40002);
    assert_eq!(server.code(GET, json!({"To_Account": ["ann"], "TagList": ["Tag_Nothing"]})), 40009);
}

#[test]
fn a_muted_account_sends_nothing_until_the_mute_ends() {
    let server = Server::start();
    server.import(&["ann", "bob"]);
    server.set("clock", json!({"now_s": 1_700_000_000}));
    assert_eq!(server.code(CREATE, json!({"Type": "Public", "Name": "g", "GroupId": "g"})), 0);
    let mut random = 0;
    let mut codes = || {
        random += 1;
        let direct = json!({"From_Account": "ann", "To_Account": "bob", "MsgRandom": random, "MsgBody": text("hi")});
        let group = json!({"From_Account": "ann", "GroupId": "g", "Random": random, "MsgBody": text("hi")});
        (server.code(SEND, direct), server.code(GROUP_SEND, group))
    };
    assert_eq!(codes(), (0, 0));
    let muted = server.call(MUTE, json!({"Set_Account": "ann", "C2CmsgNospeakingTime": 4_294_967_295_u32}));
    assert_eq!((code(&muted), &muted["ActionStatus"]), (0, &Value::Null), "this service answers without ActionStatus");
    assert_eq!(codes(), (20012, 0));
    assert_eq!(server.code(MUTE, json!({"Set_Account": "ann", "GroupmsgNospeakingTime": 60})), 0);
    assert_eq!(codes(), (20012, 10017));
    server.set("clock", json!({"advance_s": 20}));
    let left = server.call(GET_MUTE, json!({"Get_Account": "ann"}));
    assert_eq!(
        (&left["C2CmsgNospeakingTime"], &left["GroupmsgNospeakingTime"]),
        (&json!(4_294_967_295_u32), &json!(40))
    );
    server.set("clock", json!({"advance_s": 40}));
    assert_eq!(codes(), (20012, 0));
    assert_eq!(server.code(MUTE, json!({"Set_Account": "ann", "C2CmsgNospeakingTime": 0})), 0);
    assert_eq!(codes(), (0, 0));
    for (path, body, expected) in [
        (MUTE, json!({"Set_Account": "ann"}), 130008),
        (MUTE, json!({"C2CmsgNospeakingTime": 1}), 130004),
        (MUTE, json!({"Set_Account": "nobody", "C2CmsgNospeakingTime": 1}), 130005),
        (GET_MUTE, json!({}), 130002),
        (GET_MUTE, json!({"Get_Account": "nobody"}), 130003),
    ] {
        assert_eq!(server.code(path, body.clone()), expected, "{path} {body}");
    }
}
