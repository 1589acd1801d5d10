//! Groups: creating them, their messages, their counters.

use serde_json::{Value, json};
use tencent_im_core::api::group_messages::SEND;
use tencent_im_core::api::groups::{CREATE, UPDATE_COUNTERS};

use super::{Call, Context, as_its_service, list, text};
use crate::answer::Answer;
use crate::chat::{Group, Message};

/// The family.
pub static CALLS: &[Call] = &[
    Call { op: CREATE.op(), run: create_group, refuse: as_its_service },
    Call { op: SEND.op(), run: send_group_message, refuse: as_its_service },
    Call { op: UPDATE_COUNTERS.op(), run: update_group_counter, refuse: as_its_service },
];

fn create_group(context: &mut Context<'_>, body: &Value) -> Answer {
    let members = list(body, "members").iter().map(|member| text(member, "member_account"));
    let owner = body["owner_account"].as_str();
    let all: Vec<String> = owner.into_iter().chain(members).map(Into::into).collect();
    if all.iter().any(|name| !context.state.accounts.contains_key(name)) {
        return Answer::fail_with(10004, "a member is not imported");
    }
    let kind = text(body, "type");
    if kind == "AVChatRoom" && !list(body, "members").is_empty() {
        return Answer::fail(10007);
    }
    let id = match body["group_id"].as_str() {
        // All groups are this app's, so the id is taken by the caller itself.
        Some(id) if context.state.chat.groups.contains_key(id) => return Answer::fail(10025),
        Some(id) => id.to_owned(),
        None => context.state.chat.new_group_id(),
    };
    let group = Group::new(text(body, "name"), kind, all);
    context.state.chat.groups.insert(id.clone(), group);
    Answer::ok().with("GroupId", id).changed(1)
}

fn send_group_message(context: &mut Context<'_>, body: &Value) -> Answer {
    let Some(random) = body["random"].as_u64() else { return Answer::fail_with(10004, "Random is missing") };
    let message = Message {
        to: text(body, "group_id").into(),
        from: body["from_account"].as_str().map(Into::into),
        body: body["msg_body"].clone(),
        time_s: context.now_s,
        key: Value::Null,
    };
    match context.state.chat.send_to_group(message, random) {
        Some((seq, time_s, is_new)) => Answer::ok().with("MsgTime", time_s).with("MsgSeq", seq).changed(is_new.into()),
        None => Answer::fail(10010),
    }
}

fn update_group_counter(context: &mut Context<'_>, body: &Value) -> Answer {
    let Some(group) = context.state.chat.groups.get_mut(text(body, "group_id")) else { return Answer::fail(10010) };
    let mode = text(body, "mode");
    let mut shown = Vec::new();
    for change in list(body, "counters") {
        let (key, value) = (text(change, "key"), change["value"].as_i64().unwrap_or_default());
        let counter = group.counters.entry(key.into()).or_default();
        *counter = match mode {
            "Increase" => counter.saturating_add(value),
            "Decrease" => counter.saturating_sub(value),
            // The page names no default; setting is the reading that a repeat cannot make wrong.
            _ => value,
        };
        shown.push(json!({"Key": key, "Value": *counter}));
    }
    Answer::ok().changed(shown.len() as u64).with("GroupCounter", shown)
}
