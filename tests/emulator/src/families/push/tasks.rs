//! Pushes to users named, to all, or to those who fit a condition; and recalling them.

use serde_json::{Value, json};
use tencent_im_core::Error;

use crate::answer::{Answer, Outcome};
use crate::families::body::{list, text, texts, uint};
use crate::families::{Context, refused_field};
use crate::state::push::Push;
use crate::webhooks::events;

/// Seconds for which a push is known by its random number: seven days where its page says so, else its second.
const OLDER_KNOWN_S: u64 = 604_800;
const KNOWN_S: u64 = 1;

/// Seconds for which a push can be recalled.
const RECALLABLE_S: u64 = 86_400;

/// The codes of the pages.
const NO_ACCOUNT: i64 = 90048;
const MIXED: i64 = 90039;
const EMPTY_TAG: i64 = 90040;
const LONG_TAG: i64 = 90020;
const SAME_TAG: i64 = 90022;
const NO_TASK: i64 = 90049;
const RECALLED: i64 = 90050;

pub(super) fn refused(body: &Value, error: &Error) -> Option<i64> {
    match refused_field(error)? {
        "DataId" if body["DataId"].is_string() => Some(90057),
        "MsgBody" => Some(90002),
        "MsgRandom" => Some(90005),
        "MsgLifeTime" => Some(90026),
        "Condition" => fault_of(&body["Condition"]),
        _ => None,
    }
}

/// To everybody, or to those who fit the condition.
pub(super) fn broadcast(context: &mut Context<'_>, body: &Value) -> Outcome {
    push(context, body, KNOWN_S)
}

/// The older service knows a push for seven days.
pub(super) fn broadcast_the_older_way(context: &mut Context<'_>, body: &Value) -> Outcome {
    push(context, body, OLDER_KNOWN_S)
}

fn push(context: &mut Context<'_>, body: &Value, window_s: u64) -> Outcome {
    context.need(&context.sender(body), NO_ACCOUNT)?;
    let random = uint(body, "MsgRandom").ok_or_else(|| Answer::fail(90005))?;
    if let Some(code) = fault_of(&body["Condition"]) {
        return Err(Answer::fail(code));
    }
    let fits = |account: &&String| fits(&context.state.push, account, &body["Condition"]);
    let receivers: Vec<String> = context.state.accounts.keys().filter(fits).cloned().collect();
    let (id, is_new) = make(context, random, receivers, window_s);
    Ok(Answer::ok().with("TaskId", id).changed(is_new.into()))
}

fn make(context: &mut Context<'_>, random: u64, receivers: Vec<String>, window_s: u64) -> (String, bool) {
    let now_s = context.now_s;
    let push = &mut context.state.push;
    match push.repeated(random, window_s, now_s) {
        Some(task) => (task.id.clone(), false),
        None => {
            let id = push.make(random, receivers.clone(), now_s);
            events::push::task(context, &id, &receivers);
            (id, true)
        }
    }
}

/// To users named. One that was never imported fails alone, and all of them together have no push.
pub(super) fn send(context: &mut Context<'_>, body: &Value) -> Outcome {
    context.need(&context.sender(body), NO_ACCOUNT)?;
    let random = uint(body, "MsgRandom").ok_or_else(|| Answer::fail(90001))?;
    let (mut receivers, mut failed) = (Vec::new(), Vec::new());
    for account in texts(body, "To_Account") {
        match context.fault(account, super::NO_ACCOUNT) {
            Some(code) => failed.push(json!({"To_Account": account, "ErrorCode": code})),
            None => receivers.push(account.to_owned()),
        }
    }
    let (id, is_new) = make(context, random, receivers, KNOWN_S);
    let answer = Answer::ok().with("TaskId", id).changed(is_new.into());
    Ok(if failed.is_empty() { answer } else { answer.with("ErrorList", failed) })
}

/// The code of a condition that is not one. Tags and attributes exclude each other.
fn fault_of(condition: &Value) -> Option<i64> {
    let has = |fields: &[&str]| fields.iter().any(|field| !condition[*field].is_null());
    let tags = || ["TagsOr", "TagsAnd", "TagsNot"].into_iter().flat_map(|field| texts(condition, field));
    match () {
        () if has(&["TagsOr", "TagsAnd", "TagsNot"]) && has(&["AttrsOr", "AttrsAnd"]) => Some(MIXED),
        () if tags().any(str::is_empty) => Some(EMPTY_TAG),
        () if tags().any(|tag| tag.len() > super::MAX_BYTES) => Some(LONG_TAG),
        () if list(condition, "TagsOr").len().max(list(condition, "TagsAnd").len()) > super::MAX_ADDED => {
            Some(super::TOO_MANY_TAGS)
        }
        () if texts(condition, "TagsOr").any(|tag| texts(condition, "TagsAnd").any(|other| other == tag)) => {
            Some(SAME_TAG)
        }
        () => None,
    }
}

/// Whether a user fits a condition. Somebody is left out who has all of the tags of `TagsNot`.
fn fits(push: &Push, account: &str, condition: &Value) -> bool {
    let has_tag = |tag: &str| push.tags.get(account).is_some_and(|tags| tags.contains(tag));
    let has_attribute = |(name, value): (&String, &Value)| {
        push.attributes.get(account).and_then(|held| held.get(name)).is_some_and(|held| value == held)
    };
    let attributes = |field: &str| condition[field].as_object().into_iter().flatten();
    let is_given = |field: &str| !condition[field].is_null();
    (!is_given("TagsOr") || texts(condition, "TagsOr").any(has_tag))
        && texts(condition, "TagsAnd").all(has_tag)
        && (list(condition, "TagsNot").is_empty() || !texts(condition, "TagsNot").all(has_tag))
        && (!is_given("AttrsOr") || attributes("AttrsOr").any(has_attribute))
        && attributes("AttrsAnd").all(has_attribute)
}

/// A push of the last 24 hours, once.
pub(super) fn recall(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let task = context.state.push.task_mut(text(body, "TaskId"));
    let task = task.filter(|task| now_s < task.made_s + RECALLABLE_S).ok_or_else(|| Answer::fail(NO_TASK))?;
    if task.is_recalled {
        return Err(Answer::fail(RECALLED));
    }
    task.is_recalled = true;
    Ok(Answer::ok().changed(1))
}
