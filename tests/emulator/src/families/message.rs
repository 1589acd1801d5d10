//! One-to-one messages.

use serde_json::{Value, json};
use tencent_im_core::Error;
use tencent_im_core::api::messages::{SEND, SEND_BATCH};

use super::{Call, Context, list, text};
use crate::answer::Answer;
use crate::chat::Message;

/// The family.
pub static CALLS: &[Call] = &[
    Call { op: SEND.op(), run: send_message, refuse: refused },
    Call { op: SEND_BATCH.op(), run: batch_send_message, refuse: refused_of_batch },
];

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

/// The batch call's page has fewer codes.
fn refused_of_batch(body: &Value, error: &Error) -> Option<i64> {
    let too_many = body["To_Account"].as_array().is_some_and(|receivers| receivers.len() > 500);
    match refused(body, error)? {
        90003 if too_many => Some(90011),
        code @ (90002 | 90026) => Some(code),
        _ => None,
    }
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
    let (message, is_new) = store(context, body, to, random);
    Answer::ok().with("MsgTime", message.time_s).with("MsgKey", message.key).changed(is_new.into())
}

/// A receiver that is not imported fails alone; where all of them fail, the call does.
fn batch_send_message(context: &mut Context<'_>, body: &Value) -> Answer {
    let Some(random) = body["msg_random"].as_u64() else { return Answer::fail_with(90010, "MsgRandom is missing") };
    if body["from_account"].as_str().is_some_and(|from| !context.state.accounts.contains_key(from)) {
        return Answer::fail(90008);
    }
    let (mut failed, mut key, mut effects) = (Vec::new(), None, 0);
    for to in list(body, "to_accounts").iter().filter_map(Value::as_str) {
        let code = context.failing(to).or_else(|| (!context.state.accounts.contains_key(to)).then_some(70107));
        if let Some(code) = code {
            failed.push(json!({"To_Account": to, "ErrorCode": code}));
            continue;
        }
        let (message, is_new) = store(context, body, to, random);
        key.get_or_insert(message.key);
        effects += u64::from(is_new);
    }
    match key {
        None => Answer::fail(90012).with("ErrorList", failed),
        Some(key) if failed.is_empty() => Answer::ok().with("MsgKey", key).changed(effects),
        Some(key) => Answer::ok().partly().with("MsgKey", key).with("ErrorList", failed).changed(effects),
    }
}

/// Stores a message for one receiver. Gives it, and whether it is new.
fn store(context: &mut Context<'_>, body: &Value, to: &str, random: u64) -> (Message, bool) {
    let seq = body["msg_seq"].as_u64().unwrap_or_default();
    let message = Message {
        to: to.into(),
        from: body["from_account"].as_str().map(Into::into),
        body: body["msg_body"].clone(),
        time_s: context.now_s,
        key: format!("{seq}_{random}_{}", context.now_s).into(),
    };
    context.state.chat.send(message, seq, random)
}
