//! One-to-one messages.

use serde_json::Value;
use tencent_im_core::Error;
use tencent_im_core::api::message::SEND_MESSAGE;

use super::{Call, Context, text};
use crate::answer::Answer;
use crate::chat::Message;

/// The family.
pub static CALLS: &[Call] = &[Call { op: SEND_MESSAGE.op(), run: send_message, refuse: refused }];

/// The codes that the page has for single fields.
fn refused(_: &Value, error: &Error) -> Option<i64> {
    let field = error.path.as_deref()?.split(['.', '[']).next()?;
    Some(match field {
        "MsgBody" => 90002,
        "To_Account" => 90003,
        "MsgRandom" => 90005,
        "MsgTimeStamp" => 90006,
        "SyncOtherMachine" => 90031,
        "MsgLifeTime" => 90026,
        _ => return None,
    })
}

/// The service drops a repeat with the same MsgSeq and MsgRandom only within one second.
fn send_message(context: &mut Context<'_>, body: &Value) -> Answer {
    let Some(random) = body["msg_random"].as_u64() else { return Answer::fail(90005) };
    let (to, from) = (text(body, "to_account"), body["from_account"].as_str());
    if let Some(code) = context.failing(to) {
        return Answer::fail(code);
    }
    if !context.state.accounts.contains_key(to) {
        return Answer::fail(90012);
    }
    if from.is_some_and(|from| !context.state.accounts.contains_key(from)) {
        return Answer::fail(20003);
    }
    let seq = body["msg_seq"].as_u64().unwrap_or_default();
    let message = Message {
        to: to.into(),
        from: from.map(Into::into),
        body: body["msg_body"].clone(),
        time_s: context.now_s,
        key: format!("{seq}_{random}_{}", context.now_s).into(),
    };
    let (message, is_new) = context.state.chat.send(message, seq, random);
    Answer::ok().with("MsgTime", message.time_s).with("MsgKey", message.key).changed(is_new.into())
}
