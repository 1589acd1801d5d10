//! What happens to a group message after it was sent: recalled, changed, extended.

use serde_json::{Value, json};

use super::log_of;
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{given, list, text, uint};
use crate::families::groups::{group_of, group_unless};
use crate::families::messages::{extensions, is_too_long};
use crate::state::extensions::Extensions;
use crate::state::groups::GroupKind;
use crate::webhooks::events;

const LIVE: &[GroupKind] = &[GroupKind::AVChatRoom];

/// No such message, and one that cannot be recalled, such as one that was already.
const NO_MESSAGE: i64 = 10030;
const NOT_RECALLABLE: i64 = 10032;

/// Histories do not keep the message any more.
const EXPIRED: i64 = 10031;

/// Messages back to which a sender's are recalled.
const RECALLED_OF_SENDER: u64 = 1000;

pub(super) fn recall(context: &mut Context<'_>, body: &Value) -> Outcome {
    let kept_from_s = context.kept_from_s();
    let group = group_unless(context, body, LIVE, 10033)?;
    let log = log_of(group, body)?;
    let mut recalled = Vec::new();
    let results = list(body, "MsgSeqList").iter().map(|item| {
        let seq = uint(item, "MsgSeq").unwrap_or(0);
        let code = match log.get_mut(seq) {
            None => NO_MESSAGE,
            Some(message) if message.time_s < kept_from_s => EXPIRED,
            Some(message) if message.is_recalled || message.online_only => NOT_RECALLABLE,
            Some(message) => {
                message.is_recalled = true;
                recalled.push(seq);
                0
            }
        };
        json!({"MsgSeq": seq, "RetCode": code})
    });
    let results: Vec<Value> = results.collect();
    events::group_messages::recalled(context, body, &recalled);
    Ok(Answer::ok().with("RecallRetList", results).changed(recalled.len() as u64))
}

/// A live group, which stores no history, takes the call without an effect.
pub(super) fn recall_by_sender(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_of(context, body)?;
    if group.kind == GroupKind::AVChatRoom {
        return Ok(Answer::ok());
    }
    let log = log_of(group, body)?;
    let from = log.last_seq().saturating_sub(RECALLED_OF_SENDER);
    let mut effects = 0;
    for message in log.all_mut() {
        if message.seq > from && message.from == text(body, "Sender_Account") && !message.is_recalled {
            message.is_recalled = true;
            effects += 1;
        }
    }
    Ok(Answer::ok().changed(effects))
}

/// The page's codes are those of one-to-one messages, without one for a message that does not exist.
pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (elements, custom) = (&body["MsgBody"], given(body, "CloudCustomData"));
    if elements.is_null() && custom.is_none() {
        return Err(Answer::fail_with(90010, "give MsgBody, CloudCustomData or both"));
    }
    if elements.as_array().is_some_and(Vec::is_empty) {
        return Err(Answer::fail(90002));
    }
    if is_too_long(body) {
        return Err(Answer::fail(80002));
    }
    let group = group_unless(context, body, LIVE, 10007)?;
    let log = log_of(group, body)?;
    let message = uint(body, "MsgSeq").and_then(|seq| log.get_mut(seq)).filter(|message| !message.is_recalled);
    let message = message.ok_or_else(|| Answer::fail(20022))?;
    if !elements.is_null() {
        message.body = elements.clone();
    }
    if custom.is_some() {
        message.custom = custom;
    }
    let mut answer = Answer::ok().changed(1);
    answer.info = "succeed".into();
    Ok(answer)
}

fn extensions_of<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Extensions, Answer> {
    let group = group_unless(context, body, LIVE, 10004)?;
    let message = uint(body, "MsgSeq").and_then(|seq| group.log.get_mut(seq));
    let message = message.filter(|message| !message.is_recalled && !message.online_only);
    let message = message.ok_or_else(|| Answer::fail(extensions::NO_MESSAGE))?;
    if message.extensible { Ok(&mut message.extensions) } else { Err(Answer::fail(extensions::NOT_EXTENSIBLE)) }
}

pub(super) fn update_extensions(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let (answer, results, seq) = extensions::change(extensions_of(context, body)?, body, now_s)?;
    events::group_messages::extended(context, body, &results, seq);
    Ok(answer)
}

pub(super) fn list_extensions(context: &mut Context<'_>, body: &Value) -> Outcome {
    Ok(extensions::show(extensions_of(context, body)?, body))
}
