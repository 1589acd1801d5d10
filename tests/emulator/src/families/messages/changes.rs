//! What happens to a one-to-one message after it was sent: read, recalled, changed, deleted for one side.

use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{given, list, text, texts, uint};
use crate::state::messages::Message;
use crate::webhooks::events;

/// The message does not exist. The page of recalling has this code; those of changing and of receipts have none.
const NO_MESSAGE: i64 = 20022;

/// Whether a key has the form that the service gives: sequence number, random number and time.
fn is_key(key: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    key.split('_').count() == 3 && key.split('_').all(is_number)
}

/// The message that `from` sent to `to`.
fn message_of<'a>(context: &'a mut Context<'_>, from: &str, to: &str, key: &str) -> Result<&'a mut Message, Answer> {
    let found = context.state.messages.find_mut(from, to, key);
    found
        .filter(|message| message.from == from && message.to == to && !message.online_only)
        .ok_or_else(|| Answer::fail(NO_MESSAGE))
}

pub(super) fn recall(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (from, to, key) = (text(body, "From_Account"), text(body, "To_Account"), text(body, "MsgKey"));
    context.need(from, 90008)?;
    context.need(to, 90003)?;
    if !is_key(key) {
        return Err(Answer::fail(90054));
    }
    let message = message_of(context, from, to, key)?;
    if message.is_recalled {
        return Err(Answer::fail(20023));
    }
    message.is_recalled = true;
    events::messages::recalled(context, from, to, key);
    Ok(Answer::ok().changed(1))
}

pub(super) fn mark_as_read(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (reader, peer) = (text(body, "Report_Account"), text(body, "Peer_Account"));
    context.need(reader, 90008)?;
    context.need(peer, 90003)?;
    let until_s = uint(body, "MsgReadTime").unwrap_or(context.now_s);
    let mut effects = 0;
    for message in context.state.messages.between_mut(reader, peer) {
        if message.to == reader && message.is_unread && message.time_s <= until_s {
            message.is_unread = false;
            effects += 1;
        }
    }
    events::messages::read(context, reader, peer, until_s);
    Ok(Answer::ok().changed(effects))
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (from, to, key) = (text(body, "From_Account"), text(body, "To_Account"), text(body, "MsgKey"));
    context.need(from, 20003)?;
    context.need(to, 90012)?;
    let (elements, custom) = (&body["MsgBody"], given(body, "CloudCustomData"));
    if elements.is_null() && custom.is_none() {
        return Err(Answer::fail_with(90010, "give MsgBody, CloudCustomData or both"));
    }
    if elements.as_array().is_some_and(Vec::is_empty) {
        return Err(Answer::fail(90002));
    }
    if super::is_too_long(body) {
        return Err(Answer::fail(93000));
    }
    let message = message_of(context, from, to, key)?;
    if !elements.is_null() {
        message.body = elements.clone();
    }
    if custom.is_some() {
        message.custom = custom;
    }
    // As the page shows it: a success of this call says so.
    let mut answer = Answer::ok().changed(1);
    answer.info = "succeed".into();
    Ok(answer)
}

/// Only one side loses them. A key that is well-formed and unknown is passed over.
pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (operator, peer) = (text(body, "Operator_Account"), text(body, "Peer_Account"));
    context.need(operator, 90008)?;
    context.need(peer, 90003)?;
    let (mut malformed, mut effects) = (Vec::new(), 0);
    for key in texts(body, "MsgKeyList") {
        if !is_key(key) {
            malformed.push(Value::from(key));
        } else if let Some(message) = context.state.messages.find_mut(operator, peer, key)
            && message.is_seen_by(operator)
        {
            message.hidden_from.push(operator.into());
            effects += 1;
        }
    }
    let answer = Answer::ok().changed(effects);
    Ok(if malformed.is_empty() { answer } else { answer.with("InvalidMsgKeyList", malformed) })
}

/// Only the receiver of a message sends its receipt.
pub(super) fn send_read_receipts(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (operator, peer) = (text(body, "Operator_Account"), text(body, "Peer_Account"));
    context.need(operator, 90008)?;
    context.need(peer, 90003)?;
    for item in list(body, "C2CMsgInfo") {
        if text(item, "From_Account") != peer || text(item, "To_Account") != operator {
            return Err(Answer::fail_with(90001, "C2CMsgInfo: not from Peer_Account to Operator_Account"));
        }
        message_of(context, peer, operator, text(item, "MsgKey"))?;
    }
    let mut effects = 0;
    for item in list(body, "C2CMsgInfo") {
        let message = message_of(context, peer, operator, text(item, "MsgKey"))?;
        effects += u64::from(!message.has_receipt);
        message.has_receipt = true;
        message.is_unread = false;
    }
    Ok(Answer::ok().changed(effects))
}
