//! Chatbots: how many there may be, and what they say piece by piece.

use serde_json::{Value, json};

use crate::harness::*;

const CREATE: &str = "v4/openim_robot_http_svc/create_robot";
const LIST: &str = "v4/openim_robot_http_svc/get_all_robots";
const DISABLE: &str = "v4/openim_robot_http_svc/delete_robot";
const SEND: &str = "v4/openim_robot_http_svc/send_stream_msg";

fn names(server: &Server) -> Value {
    server.call(LIST, json!({}))["Robot_Account"].clone()
}

#[test]
fn a_chatbot_is_made_once_and_comes_back() {
    let server = Server::start();
    for effects in [1, 1] {
        assert_eq!(server.code(CREATE, json!({"UserID": "@RBT#a", "Nick": "A"})), 0);
        assert_eq!(server.counted(CREATE)["effects"], effects);
    }
    assert_eq!((names(&server), &server.account("@RBT#a")["nick"]), (json!(["@RBT#a"]), &json!("A")));
    assert_ne!(server.code(CREATE, json!({"UserID": "robot"})), 0);
    assert_eq!(server.code(DISABLE, json!({"Robot_Account": "@RBT#a"})), 0);
    assert_eq!((names(&server), server.account("@RBT#a").is_object()), (json!([]), true));
    assert_eq!(server.code(DISABLE, json!({"Robot_Account": "@RBT#b"})), 10004);
    for number in 0..20 {
        assert_eq!(server.code(CREATE, json!({"UserID": format!("@RBT#{number:02}")})), 0);
    }
    assert_eq!(server.code(CREATE, json!({"UserID": "@RBT#a"})), 10008, "the 21st");
    assert_eq!(server.code(CREATE, json!({"UserID": "@RBT#07"})), 0, "it is there already");
}

#[test]
fn a_message_grows_until_it_is_finished() {
    let server = Server::start();
    server.import(&["ann"]);
    assert_eq!(server.code(CREATE, json!({"UserID": "@RBT#a"})), 0);
    let piece = |chunk: &str| json!({"From_Account": "@RBT#a", "To_Account": "ann", "Chunk": chunk});
    let key = server.call(SEND, piece("hel"))["MsgKey"].clone();
    let mut last = piece("lo");
    last["MsgKey"] = key.clone();
    last["Finish"] = json!(1);
    assert_eq!(server.call(SEND, last.clone())["MsgKey"], key);
    let robots = server.get("state")["apps"][APP.to_string()]["robots"].clone();
    let message = json!({"from": "@RBT#a", "to": "ann", "text": "hello", "is_finished": true});
    assert_eq!(robots["messages"], json!([message]));
    assert_eq!(server.code(SEND, last.clone()), 10004, "it is finished");
    last["MsgKey"] = json!("1_2_3");
    for (field, value) in [("MsgKey", "1_2_3"), ("From_Account", "ann"), ("To_Account", "nobody")] {
        let mut bad = piece("x");
        bad[field] = json!(value);
        assert_eq!(server.code(SEND, bad), 10004, "{field}");
    }
}
