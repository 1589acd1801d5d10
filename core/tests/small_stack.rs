//! Data of any depth is read in a thread with as little stack as musl gives: a fault here would end the process.

use std::thread;

use tencent_im_core::Kind;
use tencent_im_core::api::messages::SEND;
use tencent_im_core::http::Reply;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::{self, Json, RequestOptions};

const OPTIONS: RequestOptions<'static> =
    RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 7 };

/// What is found is told outside: a panic needs more stack than that.
fn in_a_small_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new().stack_size(128 << 10).spawn(work).expect("a thread").join().expect("no panic")
}

/// Lists and objects, nested 900 levels deep.
fn deep() -> [String; 2] {
    let lists = format!("{}{}", "[".repeat(900), "]".repeat(900));
    let objects = format!("{}1{}", "{\"a\":".repeat(900), "}".repeat(900));
    [lists, objects]
}

#[test]
fn requests() {
    for deep in deep() {
        for rest in [
            format!(r#""cloud_custom_data": {deep}"#),
            format!(r#""msg_body": {deep}"#),
            format!(r#""msg_body": [{{"msg_type": "TIMTextElem", "msg_content": {deep}}}]"#),
            format!(r#""msg_body": [{{"msg_content": {deep}, "msg_type": "TIMTextElem"}}]"#),
            format!(r#""msg_body": [{{"msg_content": {deep}}}]"#),
            format!(r#""msg_body": [{{"msg_content": {{}}, "msg_type": {deep}}}]"#),
            format!(r#""msg_body": [{{"msg_type": {deep}, "msg_content": {{}}}}]"#),
            format!(r#""msg_body": [{{"msg_type": "New", "msg_content": {deep}}}]"#),
        ] {
            let input = format!(r#"{{"to_account": "u", {rest}}}"#);
            let wire = input
                .replace("to_account", "To_Account")
                .replace("msg_body", "MsgBody")
                .replace("msg_type", "MsgType")
                .replace("msg_content", "MsgContent");
            let (written, served) = in_a_small_thread(move || {
                (walk::request(SEND.op(), &mut Json(&input), OPTIONS), walk::served(SEND.request, wire.as_bytes()))
            });
            let error = written.expect_err("refused");
            assert_eq!(error.kind, Kind::InvalidInput, "{error}");
            assert!(error.path.is_some(), "{error}");
            served.expect_err("refused");
        }
    }
}

#[test]
fn replies() {
    for deep in deep() {
        for body in [
            format!(r#"{{"ErrorCode": 0, "MsgKey": {deep}}}"#),
            format!(r#"{{"ErrorCode": 0, "New": {deep}}}"#),
            format!(r#"{{"ErrorCode": {deep}}}"#),
            format!(r#"{{"ErrorCode": 1, "ErrorInfo": {deep}}}"#),
            deep.clone(),
        ] {
            let is_envelope =
                body.contains("ErrorCode\": [") || body.contains("ErrorCode\": {") || body.contains("ErrorInfo");
            let (checked, read) = in_a_small_thread(move || {
                let reply = Reply { status: 200, body: body.into_bytes(), ..Reply::default() };
                let checked = Answer::check(SEND.op(), reply.clone()).and_then(|answer| answer.to_javascript());
                (checked, SEND.read(&Answer { op: SEND.op(), reply, attempts: 1 }))
            });
            assert!(checked.is_err());
            // The envelope is passed over where it was checked before.
            assert_eq!(read.is_ok(), is_envelope);
        }
    }
}
