//! Who may not speak in a group, and who may not come in.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{NO_ACCOUNT, group_of, group_unless};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{page, texts, uint};
use crate::state::groups::{Group, GroupKind, end_of, holds};

/// Most users banned in one call, and most in one answer.
const MAX_BANNED: usize = 20;
const MAX_SHOWN: u64 = 100;

/// The mutes of the group, or of the topic that the request names.
fn mutes_of<'a>(group: &'a mut Group, body: &Value) -> Result<&'a mut BTreeMap<String, u64>, Answer> {
    match body["TopicId"].as_str() {
        None => Ok(&mut group.mutes),
        Some(_) if !group.has_topics => Err(Answer::fail(11000)),
        Some(id) => group.topics.get_mut(id).map(|topic| &mut topic.mutes).ok_or_else(|| Answer::fail(10010)),
    }
}

/// A mute outlives the membership, so whoever is named need not be in the group.
pub(super) fn mute(context: &mut Context<'_>, body: &Value) -> Outcome {
    group_unless(context, body, &[GroupKind::Private], 10007)?;
    for account in texts(body, "Members_Account") {
        context.need(account, NO_ACCOUNT)?;
    }
    let now_s = context.now_s;
    let seconds = uint(body, "MuteTime").or_else(|| uint(body, "ShutUpTime"));
    let seconds = seconds.ok_or_else(|| Answer::fail_with(10004, "MuteTime is missing"))?;
    let mutes = mutes_of(group_of(context, body)?, body)?;
    let mut effects = 0;
    for account in texts(body, "Members_Account") {
        let before = match seconds {
            0 => mutes.remove(account),
            seconds => mutes.insert(account.to_owned(), end_of(seconds, now_s)),
        };
        effects += u64::from(seconds != 0 || before.is_some());
    }
    Ok(Answer::ok().changed(effects))
}

pub(super) fn list_muted(context: &mut Context<'_>, body: &Value) -> Outcome {
    muted(context, body, "MutedAccountList", "MutedUntil")
}

/// Older pages name the call and its fields so.
pub(super) fn list_muted_the_older_way(context: &mut Context<'_>, body: &Value) -> Outcome {
    muted(context, body, "ShuttedUinList", "ShuttedUntil")
}

fn muted(context: &mut Context<'_>, body: &Value, list: &'static str, until: &str) -> Outcome {
    let now_s = context.now_s;
    let group = group_of(context, body)?;
    let id = group.id.clone();
    let shown: Vec<Value> = mutes_of(group, body)?
        .iter()
        .filter(|(_, until_s)| holds(**until_s, now_s))
        .map(|(account, until_s)| json!({"Member_Account": account, until: until_s}))
        .collect();
    Ok(Answer::ok().with("GroupId", id).with(list, shown))
}

/// A banned user is out at once and cannot come in until the ban ends.
pub(super) fn ban(context: &mut Context<'_>, body: &Value) -> Outcome {
    group_of(context, body)?;
    let accounts: Vec<&str> = texts(body, "Members_Account").collect();
    if accounts.len() > MAX_BANNED {
        return Err(Answer::fail(10005));
    }
    for account in &accounts {
        context.need(account, NO_ACCOUNT)?;
    }
    let seconds = uint(body, "Duration").ok_or_else(|| Answer::fail_with(10004, "Duration is missing"))?;
    let until_s = end_of(seconds, context.now_s);
    let group = group_of(context, body)?;
    for account in &accounts {
        group.leave(account);
        group.bans.insert((*account).to_owned(), until_s);
    }
    Ok(Answer::ok().changed(accounts.len() as u64))
}

pub(super) fn unban(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_of(context, body)?;
    if texts(body, "Members_Account").count() > MAX_BANNED {
        return Err(Answer::fail(10005));
    }
    let ended = texts(body, "Members_Account").filter(|account| group.bans.remove(*account).is_some()).count();
    Ok(Answer::ok().changed(ended as u64))
}

/// In the order in which the bans end.
pub(super) fn list_banned(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let group = group_of(context, body)?;
    let mut banned: Vec<(&String, u64)> =
        group.bans.iter().map(|(account, until_s)| (account, *until_s)).filter(|(_, end)| holds(*end, now_s)).collect();
    banned.sort_by_key(|(_, until_s)| *until_s);
    let offset = uint(body, "Offset").unwrap_or(0);
    let limit = uint(body, "Limit").filter(|limit| *limit > 0).unwrap_or(MAX_SHOWN).min(MAX_SHOWN);
    let shown = page(&banned, offset, limit);
    let end = offset + shown.len() as u64;
    let next = if end < banned.len() as u64 { end } else { 0 };
    let shown: Vec<Value> =
        shown.iter().map(|(account, until_s)| json!({"Member_Account": account, "BannedUntil": until_s})).collect();
    Ok(Answer::ok().with("BannedAccountList", shown).with("NextOffset", next))
}

/// The code where a sender may not speak in a group or topic.
pub fn silenced(group: &Group, topic: Option<&str>, sender: &str, is_app_admin: bool, now_s: u64) -> Option<i64> {
    let topic = topic.and_then(|id| group.topics.get(id));
    let is_muted = |mutes: &BTreeMap<String, u64>| mutes.get(sender).is_some_and(|until_s| holds(*until_s, now_s));
    let all_are_muted = group.is_muted || topic.is_some_and(|topic| topic.is_muted);
    let is_free = is_app_admin || group.is_led_by(sender);
    let alone = is_muted(&group.mutes) || topic.is_some_and(|topic| is_muted(&topic.mutes));
    (alone || all_are_muted && !is_free).then_some(10017)
}
