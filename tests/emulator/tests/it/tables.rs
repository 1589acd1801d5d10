//! Calls without state: checked by their tables and answered from them.

use serde_json::{Value, json};

use crate::harness::*;

#[test]
fn a_call_without_state_is_checked_by_its_table() {
    let server = Server::start();
    server.import(&["ann"]);
    for (path, body, expected) in [
        // Missing, of the wrong type, over a limit, unknown: the code is its service's.
        ("v4/im_msg_audit/content_moderation", json!({}), 2003),
        ("v4/open_msg_svc/get_history", json!({"ChatType": 5, "MsgTime": "2015120121"}), 1002),
        ("v4/open_msg_svc/get_history", json!({"ChatType": "C2C", "MsgTime": "2015120121", "Other": 1}), 1002),
        ("v4/openim_robot_http_svc/create_robot", json!({"UserID": "x".repeat(33)}), 10004),
        ("v4/group_open_http_svc/create_permission_group", json!({"GroupId": "g"}), 10004),
        ("v4/timpush/batch", json!({"From_Account": "a", "To_Account": []}), 90001),
        ("v4/im_cos_msg/get_cos_sig", json!([]), 60003),
    ] {
        assert_eq!(server.code(path, body.clone()), expected, "{path} {body}");
    }
}

#[test]
fn its_answer_has_every_documented_field_and_speaks_of_the_request_s_items() {
    let server = Server::start();
    let history = server.call("v4/open_msg_svc/get_history", json!({"ChatType": "C2C", "MsgTime": "2015120121"}));
    assert_eq!(code(&history), 0, "{history}");
    let file = history["File"][0].as_object().expect("a file");
    for field in ["URL", "ExpireTime", "FileSize", "FileMD5", "GzipSize", "GzipMD5"] {
        assert!(file.contains_key(field), "{field}: {history}");
    }
    let file = |id: u32| json!({"ResourceID": id, "RawURL": "https://example.com/a.png"});
    let results =
        server.call("v4/im_cos_msg/get_cos_sig", json!({"RawURLs": [file(7), file(8)]}))["PreSigURLs"].clone();
    let shown: Vec<(&Value, &Value)> =
        results.as_array().expect("a list").iter().map(|item| (&item["ResourceID"], &item["Code"])).collect();
    assert_eq!(shown, [(&json!(7), &json!(0)), (&json!(8), &json!(0))]);
}

#[test]
fn some_services_leave_parts_of_the_envelope_out() {
    let server = Server::start();
    let info = server.call("v4/openconfigsvr/getappinfo", json!({}));
    assert_eq!((code(&info), info.get("ActionStatus")), (0, None));
    let refused = server.call("v4/openconfigsvr/getappinfo", json!([]));
    assert_eq!((code(&refused), refused.get("ActionStatus")), (130001, None));
    let ips = server.call("v4/ConfigSvc/GetIPList", json!({}));
    assert_eq!((code(&ips), ips.get("ErrorInfo")), (0, None));
}
