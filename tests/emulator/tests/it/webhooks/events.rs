//! Users, relations, official accounts, pushes.

use serde_json::{Value, json};
use tencent_im_core::webhook::{AccountDecision, Decision};

use super::*;

const OFFICIAL: &str = "v4/official_account_open_http_svc";

fn pairs(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(from, to)| json!({"From_Account": from, "To_Account": to})).collect()
}

#[test]
fn friends_come_and_go() {
    let app = App::start();
    let add = |kind: &str| {
        json!({
            "From_Account": "ann", "AddType": kind,
            "AddFriendItem": [{"To_Account": "bob", "AddSource": "AddSource_Type_Web"}],
        })
    };
    assert_eq!(app.server.code("v4/sns/friend_add", add("Add_Type_Both")), 0);
    let body = app.body("Sns.CallbackFriendAdd");
    let pair = |from: &str, to: &str| json!({"From_Account": from, "To_Account": to, "Initiator_Account": "ann"});
    assert_eq!(body["PairList"], json!([pair("ann", "bob"), pair("bob", "ann")]));
    assert_eq!((&body["ClientCmd"], &body["ForceFlag"]), (&json!("friend_add"), &json!(0)));
    assert_eq!(body["Admin_Account"], ADMIN);
    // Who is a friend already is no new one.
    app.server.call("v4/sns/friend_add", add("Add_Type_Both"));
    assert_eq!(app.bodies("Sns.CallbackFriendAdd").len(), 1);

    let delete = json!({"From_Account": "ann", "To_Account": ["bob", "cat"], "DeleteType": "Delete_Type_Both"});
    assert_eq!(app.server.code("v4/sns/friend_delete", delete), 0);
    assert_eq!(app.body("Sns.CallbackFriendDelete")["PairList"], pairs(&[("ann", "bob"), ("bob", "ann")]));

    app.backend.forget();
    app.server.call("v4/sns/friend_add", add("Add_Type_Both"));
    let all = json!({"From_Account": "ann", "DeleteType": "Delete_Type_Both"});
    assert_eq!(app.server.code("v4/sns/friend_delete_all", all), 0);
    assert_eq!(app.body("Sns.CallbackFriendDelete")["PairList"], pairs(&[("ann", "bob"), ("bob", "ann")]));

    let block = json!({"From_Account": "ann", "To_Account": ["bob", "ann"]});
    for _ in 0..2 {
        app.server.call("v4/sns/black_list_add", block.clone());
    }
    assert_eq!(app.body("Sns.CallbackBlackListAdd")["PairList"], pairs(&[("ann", "bob")]));
    for _ in 0..2 {
        app.server.call("v4/sns/black_list_delete", block.clone());
    }
    assert_eq!(app.body("Sns.CallbackBlackListDelete")["PairList"], pairs(&[("ann", "bob")]));
}

#[test]
fn friend_requests_of_users_are_decided_account_by_account() {
    let app = App::start();
    app.server.import(&["eve"]);
    let confirm = json!([{"Tag": "Tag_Profile_IM_AllowType", "Value": "AllowType_Type_NeedConfirm"}]);
    app.server.call("v4/profile/portrait_set", json!({"From_Account": "cat", "ProfileItem": confirm}));
    app.server.call("v4/profile/portrait_set", json!({"From_Account": "eve", "ProfileItem": confirm}));
    let decision = |account: &str, code: i32, info: &str| AccountDecision {
        account: account.into(),
        code,
        info: Some(info.into()),
    };
    let results = vec![decision("dan", 38_001, "not him"), decision("bob", 0, "")];
    app.backend.decide("Sns.CallbackPrevFriendAdd", Decision::Decide { results });
    let add = json!({"user_id": "ann", "add": ["bob", "cat", "dan", "eve", "nobody"]});
    let answer = app.server.set("friends", add);
    let codes = |answer: &Value| -> Vec<Value> {
        answer["results"].as_array().expect("a list").iter().map(|result| result["code"].clone()).collect()
    };
    assert_eq!(codes(&answer), [0, 30539, 38_001, 30539, 30003]);
    assert_eq!(answer["results"][2]["info"], "not him");
    let before = app.body("Sns.CallbackPrevFriendAdd");
    assert_eq!((&before["From_Account"], &before["AddType"]), (&json!("ann"), &json!("Add_Type_Both")));
    assert_eq!(before["FriendItem"].as_array().map(Vec::len), Some(5));
    let added = app.body("Sns.CallbackFriendAdd");
    assert_eq!((&added["ClientCmd"], &added["Admin_Account"]), (&json!("friend_add"), &json!("")));
    assert_eq!(added["PairList"].as_array().map(Vec::len), Some(2));

    // An answer that the app's backend refuses leaves the request open.
    app.backend.decide("Sns.CallbackPrevFriendResponse", Decision::Refuse { accounts: vec!["ann".into()] });
    let accept = json!({"user_id": "cat", "accept": ["ann"]});
    assert_eq!(codes(&app.server.set("friends", accept.clone())), [38_000]);
    app.backend.decide("Sns.CallbackPrevFriendResponse", Decision::Allow);
    app.backend.forget();
    assert_eq!(codes(&app.server.set("friends", accept.clone())), [0]);
    let asked = app.body("Sns.CallbackPrevFriendResponse")["ResponseFriendItem"].clone();
    assert_eq!(asked, json!([{"To_Account": "ann", "ResponseAction": "Response_Action_AgreeAndAdd"}]));
    let added = app.body("Sns.CallbackFriendAdd");
    let pair = |from: &str, to: &str| json!({"From_Account": from, "To_Account": to, "Initiator_Account": "ann"});
    assert_eq!(added["PairList"], json!([pair("ann", "cat"), pair("cat", "ann")]));
    assert_eq!(added["ClientCmd"], "friend_response");
    assert_eq!(codes(&app.server.set("friends", accept)), [30614]);
    let decline = json!({"user_id": "eve", "decline": ["ann"]});
    assert_eq!(codes(&app.server.set("friends", decline.clone())), [0]);
    assert_eq!(codes(&app.server.set("friends", decline)), [30614]);
    assert_eq!(app.bodies("Sns.CallbackFriendAdd").len(), 1);
    // What a call has asked for is answered in the same way.
    let add = json!({
        "From_Account": "bob", "AddFriendItem": [{"To_Account": "eve", "AddSource": "AddSource_Type_Web"}],
    });
    app.server.call("v4/sns/friend_add", add);
    assert_eq!(codes(&app.server.set("friends", json!({"user_id": "eve", "accept": ["bob"]}))), [0]);
    for nonsense in [json!({"user_id": "ann"}), json!({"user_id": "ann", "add": ["bob"], "accept": ["bob"]})] {
        assert!(app.server.refused("friends", nonsense).contains("give either"));
    }
    assert!(app.server.refused("friends", json!({"user_id": "nobody", "add": ["bob"]})).starts_with("30003 "));
}

#[test]
fn follows_come_and_go() {
    let app = App::start();
    let follow = json!({"From_Account": "ann", "FollowItem": [{"To_Account": "bob"}, {"To_Account": "nobody"}]});
    for _ in 0..2 {
        app.server.call("v4/follow/follow_add", follow.clone());
    }
    assert_eq!(app.body("Follow.CallbackAfterFollowAdd")["FollowList"], json!([{"To_Account": "bob"}]));
    let unfollow = json!({"From_Account": "ann", "To_Account": ["bob", "cat"]});
    app.server.call("v4/follow/follow_delete", unfollow);
    assert_eq!(app.body("Follow.CallbackAfterFollowDelete")["To_Account"], json!(["bob"]));
}

#[test]
fn profiles_with_what_changed() {
    let app = App::start();
    let nick = |nick: &str| json!({"Tag": "Tag_Profile_IM_Nick", "Value": nick});
    let level = json!({"Tag": "Tag_Profile_IM_Level", "Value": 3});
    let set = |items: Value| json!({"From_Account": "ann", "ProfileItem": items});
    app.server.call("v4/profile/portrait_set", set(json!([nick("A")])));
    app.server.call("v4/profile/portrait_set", set(json!([nick("A"), level])));
    app.server.call("v4/profile/portrait_set", set(json!([nick("A")])));
    let bodies = app.bodies("Profile.CallbackPortraitSet");
    let items: Vec<&Value> = bodies.iter().map(|body| &body["ProfileItem"]).collect();
    assert_eq!(items, [&json!([nick("A")]), &json!([level])]);
    assert_eq!((&bodies[0]["Operator_Account"], &bodies[0]["From_Account"]), (&json!(ADMIN), &json!("ann")));
}

#[test]
fn users_log_in_and_out() {
    let app = App::start();
    let online = |users: Value| drop(app.server.set("online", json!({"users": users})));
    online(json!([{"user_id": "ann", "platforms": {"iOS": "Online", "Web": "Online"}}]));
    online(json!([{"user_id": "ann", "platforms": {"iOS": "Online", "Web": "PushOnline"}}]));
    online(json!([{"user_id": "bob", "status": "Online"}]));
    online(json!([{"user_id": "bob", "status": "Online"}]));
    app.settle();
    for (user, expected) in [("ann", 3), ("bob", 1), ("cat", 0)] {
        let told =
            app.backend.bodies("State.StateChange").into_iter().filter(|body| body["Info"]["To_Account"] == user);
        assert_eq!(told.count(), expected, "{user}");
    }
    let mut said: Vec<String> = app
        .backend
        .seen()
        .iter()
        .map(|seen| {
            let platform = seen.query.split("OptPlatform=").nth(1).and_then(|rest| rest.split('&').next());
            let info = &seen.body["Info"];
            format!("{} {} {} {}", info["To_Account"], info["Action"], info["Reason"], platform.unwrap_or_default())
        })
        .collect();
    said.sort();
    assert_eq!(
        said,
        [
            r#""ann" "Disconnect" "LinkClose" Web"#,
            r#""ann" "Login" "Register" IOS"#,
            r#""ann" "Login" "Register" Web"#,
            r#""bob" "Login" "Register" Unknown"#,
        ]
    );
    // A kick logs out; who is offline already is not logged out again.
    app.backend.forget();
    for _ in 0..2 {
        assert_eq!(app.server.code(KICK, json!({"UserID": "bob"})), 0);
    }
    let info = app.body("State.StateChange")["Info"].clone();
    assert_eq!(info, json!({"Action": "Logout", "To_Account": "bob", "Reason": "Unregister"}));
}

#[test]
fn official_accounts() {
    let app = App::start();
    let call = |name: &str, body: Value| app.server.call(&format!("{OFFICIAL}/{name}"), body);
    let create =
        |id: &str| json!({"Owner_Account": "ann", "Name": "News", "OfficialAccountUserID": id, "MaxSubscriberNum": 2});
    app.backend.reject("OfficialAccount.CallbackBeforeCreateOfficialAccount", Some(120_003), "no");
    assert_eq!(code(&call("create_official_account", create("@TOA#_n"))), 120_003);
    app.backend.decide("OfficialAccount.CallbackBeforeCreateOfficialAccount", Decision::Allow);
    assert_eq!(code(&call("create_official_account", create("@TOA#_n"))), 0);
    assert_eq!(app.body("OfficialAccount.CallbackAfterCreateOfficialAccount")["Official_Account"], "@TOA#_n");

    let change = json!({"Official_Account": "@TOA#_n", "Introduction": "i", "CustomString": "c"});
    call("modify_official_account_base_info", change);
    let changed = app.body("OfficialAccount.CallbackAfterOfficialAccountInfoChanged");
    assert_eq!((&changed["Introduction"], &changed["CustomString"]), (&json!("i"), &Value::Null));

    let users = |names: &[&str]| -> Value { names.iter().map(|name| json!({"Subscriber_Account": name})).collect() };
    let subscribe = |names: &[&str]| json!({"Official_Account": "@TOA#_n", "SubscriberList": users(names)});
    let refuse = Decision::Refuse { accounts: vec!["cat".into()] };
    app.backend.decide("OfficialAccount.CallbackBeforeAddSubscriber", refuse);
    let answer = call("add_subscriber", subscribe(&["bob", "cat"]));
    let results: Vec<&Value> =
        answer["SubscriberList"].as_array().expect("a list").iter().map(|one| &one["Result"]).collect();
    assert_eq!(results, [1, 0]);
    assert_eq!(app.body("OfficialAccount.CallbackAfterAddSubscriber")["SubscribeAccountList"], users(&["bob"]));
    app.backend.reject("OfficialAccount.CallbackBeforeAddSubscriber", None, "");
    assert_eq!(code(&call("add_subscriber", subscribe(&["dan"]))), 10016);
    app.backend.decide("OfficialAccount.CallbackBeforeAddSubscriber", Decision::Allow);
    assert_eq!(app.bodies("OfficialAccount.CallbackAfterOfficialAccountFull"), Vec::<Value>::new());
    assert_eq!(code(&call("add_subscriber", subscribe(&["dan"]))), 0);
    assert_eq!(app.body("OfficialAccount.CallbackAfterOfficialAccountFull")["Official_Account"], "@TOA#_n");
    call("delete_subscriber", json!({"Official_Account": "@TOA#_n", "SubscriberToDel_Account": ["dan", "cat"]}));
    assert_eq!(app.body("OfficialAccount.CallbackAfterDeleteSubscriber")["SubscribeAccountList"], users(&["dan"]));

    call("destroy_official_account", json!({"Official_Account": "@TOA#_n"}));
    let destroyed = app.body("OfficialAccount.CallbackAfterOfficialAccountDestroyed");
    assert_eq!((&destroyed["Owner_Account"], &destroyed["Name"]), (&json!("ann"), &json!("News")));
}

#[test]
fn messages_of_official_accounts() {
    let app = App::start();
    let call = |name: &str, body: Value| app.server.call(&format!("{OFFICIAL}/{name}"), body);
    let create = json!({"Owner_Account": "ann", "Name": "News", "OfficialAccountUserID": "@TOA#_n"});
    assert_eq!(code(&call("create_official_account", create)), 0);
    let message = |random: u32| json!({"Official_Account": "@TOA#_n", "Random": random, "MsgBody": text("hello"), "CloudCustomData": "own"});
    const BEFORE: &str = "OfficialAccount.CallbackBeforeSendMsg";
    const AFTER: &str = "OfficialAccount.CallbackAfterSendMsg";
    let sent = call("send_official_account_msg", message(1));
    assert_eq!(call("send_official_account_msg", message(1))["MsgKey"], sent["MsgKey"]);
    let before = app.body(BEFORE);
    assert_eq!((&before["MsgBody"], &before["CloudCustomData"]), (&text("hello"), &json!("own")));
    assert_eq!((&before["MsgKey"], &app.body(AFTER)["MsgKey"]), (&Value::Null, &sent["MsgKey"]));

    app.backend.reject(BEFORE, Some(120_004), "no");
    assert_eq!(code(&call("send_official_account_msg", message(2))), 120_004);
    app.backend.reject(BEFORE, None, "");
    assert_eq!(code(&call("send_official_account_msg", message(2))), 10016);
    app.backend.decide(BEFORE, Decision::Drop);
    let dropped = call("send_official_account_msg", message(2));
    assert_eq!((code(&dropped), dropped["MsgKey"].is_string()), (0, true));
    let elements = serde_json::from_value(text("***")).expect("elements");
    let replace = Decision::Replace { msg_body: Some(elements), cloud_custom_data: Some("new".into()) };
    app.backend.decide(BEFORE, replace);
    let sent = call("send_official_account_msg", message(3));
    // The repeat is known by what was sent.
    assert_eq!(call("send_official_account_msg", message(3))["MsgKey"], sent["MsgKey"]);
    let after = app.bodies(AFTER)[1].clone();
    assert_eq!((&after["MsgBody"], &after["CloudCustomData"]), (&text("***"), &json!("new")));
    let history = json!({"Official_Account": "@TOA#_n", "ReqMsgNumber": 9});
    let kept = call("official_account_msg_get_simple", history)["RspMsgList"].clone();
    let bodies: Vec<&Value> = kept.as_array().expect("a list").iter().map(|message| &message["MsgBody"]).collect();
    assert_eq!(bodies, [&text("***"), &text("hello")]);

    let recall = json!({"Official_Account": "@TOA#_n", "MsgKeyList": [sent["MsgKey"], "1_1_1"]});
    call("official_account_msg_recall", recall);
    let recalled = app.body("OfficialAccount.CallbackAfterMsgWithDraw");
    assert_eq!(recalled["WithdrawMsgList"], json!([{"MsgKey": sent["MsgKey"]}]));
    let mut quiet = message(4);
    quiet["ForbidCallbackControl"] = json!(["ForbidBeforeSendMsgCallback", "ForbidAfterSendMsgCallback"]);
    app.backend.forget();
    assert_eq!(code(&call("send_official_account_msg", quiet)), 0);
    assert_eq!(app.commands(), Vec::<String>::new());
}

#[test]
fn pushes_in_bodies_of_a_hundred() {
    let app = App::start();
    let names: Vec<String> = (0..100).map(|at| format!("user{at}")).collect();
    app.server.import(&names.iter().map(String::as_str).collect::<Vec<_>>());
    app.server.set("online", json!({"users": [{"user_id": "user7", "status": "Online"}]}));
    let push = json!({
        "MsgRandom": 1, "OfflinePushInfo": {"Title": "t", "Desc": "d"},
        "MsgBody": text("x"), "From_Account": ADMIN,
    });
    let id = app.server.call("v4/all_member_push/im_push", push.clone())["TaskId"].clone();
    app.server.call("v4/all_member_push/im_push", push);
    let bodies = app.bodies("Push.AllMemberPush");
    let mut sizes: Vec<usize> = bodies.iter().map(|body| body["Events"].as_array().map_or(0, Vec::len)).collect();
    sizes.sort_unstable();
    // The users, the four of every test, and the admin.
    assert_eq!(sizes, [5, 100]);
    let all: Vec<&Value> = bodies.iter().flat_map(|body| body["Events"].as_array().expect("a list")).collect();
    assert!(all.iter().all(|event| event["TaskId"] == id));
    let online: Vec<&Value> =
        all.iter().filter(|event| event["EventType"] == 2).map(|event| &event["To_Account"]).collect();
    assert_eq!(online, ["user7"]);
}

#[test]
fn a_limit_that_is_near_is_told_once_a_second() {
    let app = App::with(json!({"commands": []}));
    app.server.set("config", json!({"rate_limits": true, "rates": {CHECK: 10}}));
    let time = now_s();
    for second in 0..2 {
        app.server.set("clock", json!({"now_s": time + second}));
        let codes: Vec<i64> =
            (0..12).map(|_| app.server.code(CHECK, json!({"CheckItem": [{"UserID": "a"}]}))).collect();
        assert_eq!(codes.iter().filter(|code| **code == 60007).count(), 2);
    }
    let bodies = app.bodies("Alert.RequestOverLimit");
    let about = json!({
        "CallbackCommand": "Alert.RequestOverLimit", "ServiceName": "im_open_login_svc", "Command": "account_check",
        "Request": 9, "Limit": 10,
    });
    assert_eq!(bodies, [about.clone(), about]);
}
