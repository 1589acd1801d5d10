//! Reading the messages of a group.

use serde_json::{Value, json};

use super::log_of;
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{flag, uint};
use crate::families::groups::group_unless;
use crate::state::group_log::GroupMessage;
use crate::state::groups::GroupKind;

/// Most messages in one answer.
const PAGE: usize = 20;

/// From the newest, or from ReqMsgSeq, back. Messages that were recalled come only where they are asked for; one that
/// reached members online only leaves a gap. What is older than histories are kept has expired: IsFinished is 2 then.
pub(super) fn list_messages(context: &mut Context<'_>, body: &Value) -> Outcome {
    let kept_from_s = context.kept_from_s();
    let group = group_unless(context, body, &[GroupKind::AVChatRoom], 10007)?;
    let id = group.id.clone();
    let most = uint(body, "ReqMsgNumber").ok_or_else(|| Answer::fail_with(10004, "ReqMsgNumber is missing"))?;
    let log = log_of(group, body)?;
    let from = uint(body, "ReqMsgSeq").unwrap_or(u64::MAX);
    let with_recalled = flag(body, "WithRecalledMsg");
    let in_range: Vec<&GroupMessage> = log
        .all()
        .iter()
        .rev()
        .filter(|message| message.seq <= from && (with_recalled || !message.is_recalled))
        .take(PAGE.min(usize::try_from(most).unwrap_or(PAGE)))
        .collect();
    let kept = in_range.iter().filter(|message| message.time_s >= kept_from_s);
    let shown: Vec<Value> = kept.copied().map(show).collect();
    let is_finished = match () {
        _ if shown.len() < in_range.len() => 2,
        _ if most <= PAGE as u64 => 1,
        _ => 0,
    };
    Ok(Answer::ok().with("GroupId", id).with("IsFinished", is_finished).with("RspMsgList", shown))
}

fn show(message: &GroupMessage) -> Value {
    let place = match message {
        GroupMessage { is_recalled: true, .. } => 2,
        GroupMessage { online_only: true, .. } => 1,
        _ => 0,
    };
    let mut shown = json!({
        "From_Account": message.from,
        "IsPlaceMsg": place,
        "IsSystemMsg": 0,
        "MsgBody": if place == 1 { json!([]) } else { message.body.clone() },
        "MsgPriority": message.priority,
        "MsgRandom": message.random,
        "MsgSeq": message.seq,
        "MsgTimeStamp": message.time_s,
    });
    if let Some(custom) = &message.custom {
        shown["CloudCustomData"] = custom.as_str().into();
    }
    shown
}

/// Only a mark for the members; an admin still reads all.
pub(super) fn clear(context: &mut Context<'_>, body: &Value) -> Outcome {
    let log = &mut group_unless(context, body, &[GroupKind::Community], 10007)?.log;
    let to = uint(body, "MsgSeq").unwrap_or(u64::MAX).min(log.last_seq());
    let effects = u64::from(to > log.cleared_to);
    log.cleared_to = log.cleared_to.max(to);
    Ok(Answer::ok().changed(effects))
}
