//! Rust's own types read what the walker reads: what the service really sends, beside what it documents.

use tencent_im_core::api::accounts::{CHECK, GET_ONLINE_STATUS, IMPORT_ACCOUNTS};
use tencent_im_core::api::messages::SEND;
use tencent_im_core::http::Reply;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::Endpoint;

fn read<Request, Output: serde::de::DeserializeOwned>(
    op: &'static Endpoint<Request, Output>,
    body: impl Into<Vec<u8>>,
) -> Output {
    let reply = Reply { status: 200, body: body.into(), ..Reply::default() };
    op.read(&Answer::check(op.op(), reply).expect("a success")).expect("a readable answer")
}

#[test]
fn null_and_missing_lists_are_empty() {
    for body in [r#"{"ErrorCode":0,"ResultItem":null}"#, r#"{"ErrorCode":0}"#] {
        assert_eq!(read(&CHECK, body).results, []);
    }
    let reply = read(&GET_ONLINE_STATUS, r#"{"ErrorCode":0,"QueryResult":[{"To_Account":null,"Status":"Online"}]}"#);
    assert_eq!((reply.results[0].user_id.as_str(), reply.errors.len()), ("", 0));
}

#[test]
fn null_for_a_number_is_its_default() {
    let reply = read(&SEND, r#"{"ErrorCode":0,"MsgTime":null,"MsgKey":"k"}"#);
    assert_eq!((reply.msg_time.0, reply.msg_key.as_str()), (0, "k"));
}

#[test]
fn broken_texts_are_read() {
    let reply = read(&IMPORT_ACCOUNTS, b"{\"ErrorCode\":0,\"FailAccounts\":[\"\\ud83d\",\"\xc3\xd3\"]}".to_vec());
    assert_eq!(reply.fail_accounts, ["\u{fffd}", "\u{fffd}\u{fffd}"]);
}

#[test]
fn what_has_another_type_is_told() {
    let body = br#"{"ErrorCode":0,"ResultItem":"odd"}"#.to_vec();
    let reply = Reply { status: 200, body, ..Reply::default() };
    let error = CHECK.read(&Answer::check(CHECK.op(), reply).expect("a success")).expect_err("no list");
    assert!(error.maybe_applied && error.cause.is_some(), "{error}");
}
