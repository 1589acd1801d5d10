//! Messages of groups and topics: sending them here, the rest in a file each.

mod changes;
mod history;
mod import;
mod receipts;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{flag, given, list, text, texts, uint};
use super::groups::{NO_ACCOUNT, group_of, silenced};
use super::messages::{NO_AFTER, NO_BEFORE, forbids, is_pushed, is_too_long};
use super::{Call, Context, refused_field};
use crate::answer::{Answer, Outcome};
use crate::state::group_log::{GroupMessage, KNOWN_S, Log};
use crate::state::groups::{Group, GroupKind, holds};
use crate::webhooks::{events, verdict};

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/group_open_http_svc/send_group_msg", send),
    Call::new("v4/group_open_http_svc/send_group_system_notification", send_notice),
    Call::new("v4/group_open_http_svc/send_broadcast_msg", broadcast),
    Call::new("v4/group_open_http_svc/group_msg_get_simple", history::list_messages),
    Call::new("v4/group_open_http_svc/clear_group_msg", history::clear),
    Call::new("v4/group_open_http_svc/group_msg_recall", changes::recall),
    Call::new("v4/group_open_http_svc/delete_group_msg_by_sender", changes::recall_by_sender),
    Call::new("v4/openim/modify_group_msg", changes::update).refusing(refused_of_update),
    Call::new("v4/openim_msg_ext_http_svc/group_set_key_values", changes::update_extensions),
    Call::new("v4/openim_msg_ext_http_svc/group_get_key_values", changes::list_extensions),
    Call::new("v4/group_open_http_svc/group_msg_receipt", receipts::send),
    Call::new("v4/group_open_http_svc/get_group_msg_receipt", receipts::get),
    Call::new("v4/group_open_http_svc/get_group_msg_receipt_detail", receipts::list_members),
    Call::new("v4/group_open_http_svc/import_group_msg", import::import_messages),
];

fn refused_of_update(_: &Value, error: &Error) -> Option<i64> {
    (refused_field(error)? == "MsgBody").then_some(90002)
}

/// The messages of the group, or of the topic that the request names.
fn log_of<'a>(group: &'a mut Group, body: &Value) -> Result<&'a mut Log, Answer> {
    match body["TopicId"].as_str() {
        None => Ok(&mut group.log),
        Some(_) if !group.has_topics => Err(Answer::fail(11000)),
        Some(id) => group.topics.get_mut(id).map(|topic| &mut topic.log).ok_or_else(|| Answer::fail(10010)),
    }
}

/// A priority as the history shows it.
fn priority_of(body: &Value) -> Result<u64, Answer> {
    match text(body, "MsgPriority") {
        "High" => Ok(1),
        "" | "Normal" => Ok(2),
        "Low" => Ok(3),
        "Lowest" => Ok(4),
        _ => Err(Answer::fail_with(10004, "MsgPriority: case matters")),
    }
}

/// What the type of a group does not take.
fn check_options(group: &Group, body: &Value) -> Result<(), Answer> {
    let bad = |info: &'static str| Err(Answer::fail_with(10004, info));
    let online_only = flag(body, "OnlineOnlyFlag");
    let has_controls = !list(body, "SendMsgControl").is_empty();
    let mentions_all = list(body, "GroupAtInfo").iter().any(|mention| flag(mention, "GroupAtAllFlag"));
    match group.kind {
        GroupKind::AVChatRoom if online_only => bad("OnlineOnlyFlag: not for a live group"),
        GroupKind::AVChatRoom if has_controls => bad("SendMsgControl: not for a live group"),
        GroupKind::AVChatRoom | GroupKind::Community if !body["To_Account"].is_null() => {
            bad("To_Account: not for a group of this type")
        }
        GroupKind::Community if mentions_all => bad("GroupAtInfo: a community cannot mention everybody"),
        _ if online_only && has_controls => bad("SendMsgControl: not with OnlineOnlyFlag"),
        _ => Ok(()),
    }
}

fn message_of(body: &Value, from: &str, random: u64, time_s: u64) -> Result<GroupMessage, Answer> {
    Ok(GroupMessage {
        from: from.into(),
        random,
        time_s,
        body: body["MsgBody"].clone(),
        custom: given(body, "CloudCustomData"),
        priority: priority_of(body)?,
        online_only: flag(body, "OnlineOnlyFlag"),
        extensible: flag(body, "SupportMessageExtension"),
        readers: flag(body, "NeedReadReceipt").then(Default::default),
        ..GroupMessage::default()
    })
}

/// A message with the same Random within five minutes is a repeat, and answered as the first was.
fn send(context: &mut Context<'_>, body: &Value) -> Outcome {
    let random = uint(body, "Random").ok_or_else(|| Answer::fail_with(10004, "Random is missing"))?;
    if list(body, "MsgBody").is_empty() {
        return Err(Answer::fail_with(10004, "MsgBody: it has no element"));
    }
    if is_too_long(body) {
        return Err(Answer::fail(80002));
    }
    check_options(group_of(context, body)?, body)?;
    let from = context.sender(body);
    context.need(&from, NO_ACCOUNT)?;
    let now_s = context.now_s;
    let is_admin = context.is_admin(&from);
    if holds(context.state.accounts[&from].muted.groups_until_s, now_s) {
        return Err(Answer::fail(10017));
    }
    let group = group_of(context, body)?;
    if let Some(code) = silenced(group, body["TopicId"].as_str(), &from, is_admin, now_s) {
        return Err(Answer::fail(code));
    }
    let mut message = message_of(body, &from, random, now_s)?;
    let log = log_of(group, body)?;
    if let Some((seq, time_s)) = log.repeated(random, now_s) {
        return Ok(Answer::ok().with("MsgTime", time_s).with("MsgSeq", seq));
    }
    let next_seq = log.last_seq() + 1;
    if !forbids(body, NO_BEFORE) {
        let verdict = events::group_messages::before_send(context, body, &message)?;
        let Some(answer) = verdict.pass()? else {
            // Nobody gets it. The sender sees a number like any other.
            return Ok(Answer::ok().with("MsgTime", now_s).with("MsgSeq", next_seq));
        };
        verdict::replace(&answer, &mut message.body, &mut message.custom);
    }
    let group = group_of(context, body)?;
    let seq = log_of(group, body)?.push(message.clone(), Some(random), now_s);
    match body["TopicId"].as_str().and_then(|id| group.topics.get_mut(id)) {
        Some(topic) => topic.note_sent(&from, seq),
        None => {
            note_sent(group, &from, seq, now_s);
            note_contacts(context, body);
        }
    }
    if !forbids(body, NO_AFTER) {
        events::group_messages::after_send(context, body, &message, seq);
    }
    if is_pushed(body, message.online_only) {
        events::group_messages::pushed(context, text(body, "GroupId"), &message, seq);
    }
    Ok(Answer::ok().with("MsgTime", now_s).with("MsgSeq", seq).changed(1))
}

/// The sender has read its own message, where it had read all before it.
fn note_sent(group: &mut Group, from: &str, seq: u64, now_s: u64) {
    if let Some(member) = group.member_mut(from) {
        member.last_sent_s = now_s;
        if member.read_seq + 1 == seq {
            member.read_seq = seq;
        }
    }
}

/// Puts the group into the conversation lists of its members, unless the message says not to.
fn note_contacts(context: &mut Context<'_>, body: &Value) {
    let is_quiet = texts(body, "SendMsgControl").any(|control| control == "NoLastMsg");
    let Some(group) = context.state.groups.get(text(body, "GroupId")) else { return };
    if is_quiet || flag(body, "OnlineOnlyFlag") {
        return;
    }
    for member in &group.members {
        context.state.contacts.note_group(&member.account, &group.id, context.now_s);
    }
}

/// A live group tells all; elsewhere members can be named.
fn send_notice(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let group = group_of(context, body)?;
    let to: Vec<&str> = texts(body, "ToMembers_Account").collect();
    if group.kind == GroupKind::AVChatRoom && !to.is_empty() {
        return Err(Answer::fail_with(10004, "ToMembers_Account: a live group tells all"));
    }
    log_of(group, body)?;
    group.notices.push(json!({"content": text(body, "Content"), "to": to, "time_s": now_s}));
    Ok(Answer::ok().changed(1))
}

/// Reaches every live group of the app at once.
fn broadcast(context: &mut Context<'_>, body: &Value) -> Outcome {
    let random = uint(body, "Random").ok_or_else(|| Answer::fail_with(10004, "Random is missing"))?;
    let from = context.sender(body);
    context.need(&from, NO_ACCOUNT)?;
    if list(body, "MsgBody").is_empty() || is_too_long(body) {
        return Err(Answer::fail_with(10004, "MsgBody: no element, or over 12 KB"));
    }
    let now_s = context.now_s;
    let message = message_of(body, &from, random, now_s)?;
    let groups = &mut context.state.groups;
    if let Some((seq, came_s)) = groups.broadcasts.get(&random)
        && now_s < came_s + KNOWN_S
    {
        return Ok(Answer::ok().with("MsgSeq", *seq));
    }
    let seq = groups.broadcasts.len() as u64 + 1;
    groups.broadcasts.insert(random, (seq, now_s));
    for group in groups.all_mut().filter(|group| group.kind == GroupKind::AVChatRoom) {
        group.log.push(message.clone(), None, now_s);
    }
    Ok(Answer::ok().with("MsgSeq", seq).changed(1))
}
