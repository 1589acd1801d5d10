//! The attributes of a group: key values with codes of their own for each limit.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::{group_of, group_unless};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{list, text};
use crate::state::groups::{Group, GroupKind};
use crate::webhooks::events;

const MAX_KEYS: usize = 16;
const MAX_KEY_BYTES: usize = 32;
const MAX_VALUE_BYTES: usize = 4_000;
const MAX_BYTES: usize = 16_000;
const MAX_CHANGES_A_SECOND: u32 = 5;

/// The code for a limit that the table finds broken.
pub(super) fn refused(body: &Value, _: &Error) -> Option<i64> {
    let entries = list(body, "GroupAttr");
    let is_over = |field: &str, most: usize| entries.iter().any(|entry| text(entry, field).len() > most);
    match () {
        () if is_over("key", MAX_KEY_BYTES) => Some(10045),
        () if is_over("value", MAX_VALUE_BYTES) => Some(10046),
        () if entries.len() > MAX_KEYS => Some(10047),
        () => None,
    }
}

fn entries(body: &Value) -> Result<BTreeMap<String, String>, Answer> {
    let entries = list(body, "GroupAttr");
    if entries.is_empty() {
        return Err(Answer::fail_with(10004, "GroupAttr is missing"));
    }
    Ok(entries.iter().map(|entry| (text(entry, "key").to_owned(), text(entry, "value").to_owned())).collect())
}

/// Ends the call where these attributes are over a limit.
fn check(attributes: &BTreeMap<String, String>) -> Result<(), Answer> {
    match () {
        () if attributes.keys().any(|key| key.len() > MAX_KEY_BYTES) => Err(Answer::fail(10045)),
        () if attributes.values().any(|value| value.len() > MAX_VALUE_BYTES) => Err(Answer::fail(10046)),
        () if attributes.len() > MAX_KEYS => Err(Answer::fail(10047)),
        () if attributes.values().map(String::len).sum::<usize>() > MAX_BYTES => Err(Answer::fail(10048)),
        () => Ok(()),
    }
}

/// Five changes a second on one group, where limits are on.
fn count_change(group: &mut Group, rate_limits: bool, now_s: u64) -> Result<(), Answer> {
    let (second, changes) = group.attribute_changes;
    let changes = if second == now_s { changes + 1 } else { 1 };
    if rate_limits && changes > MAX_CHANGES_A_SECOND {
        return Err(Answer::fail(10049));
    }
    group.attribute_changes = (now_s, changes);
    Ok(())
}

pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let attributes = &group_of(context, body)?.attributes;
    let shown: Vec<Value> = attributes.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    Ok(Answer::ok().with("GroupAttrAry", shown))
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    write(context, body, "modify", |group| group.attributes.clone())
}

pub(super) fn set(context: &mut Context<'_>, body: &Value) -> Outcome {
    write(context, body, "set", |_| BTreeMap::new())
}

fn write(
    context: &mut Context<'_>,
    body: &Value,
    option: &str,
    base: impl FnOnce(&Group) -> BTreeMap<String, String>,
) -> Outcome {
    let (rate_limits, now_s) = (context.settings.rate_limits, context.now_s);
    let group = group_of(context, body)?;
    let mut attributes = base(group);
    attributes.extend(entries(body)?);
    check(&attributes)?;
    count_change(group, rate_limits, now_s)?;
    let effects = u64::from(group.attributes != attributes);
    group.attributes = attributes;
    events::groups::attributes_changed(context, text(body, "GroupId"), option, list(body, "GroupAttr").to_vec());
    Ok(Answer::ok().changed(effects))
}

pub(super) fn clear(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (rate_limits, now_s) = (context.settings.rate_limits, context.now_s);
    let group = group_unless(context, body, &[GroupKind::Community], 10007)?;
    count_change(group, rate_limits, now_s)?;
    let effects = u64::from(!group.attributes.is_empty());
    group.attributes.clear();
    events::groups::attributes_changed(context, text(body, "GroupId"), "clear", Vec::new());
    Ok(Answer::ok().changed(effects))
}

/// A key that is not there fails the call, and nothing is removed.
pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (rate_limits, now_s) = (context.settings.rate_limits, context.now_s);
    let group = group_of(context, body)?;
    let keys = entries(body)?;
    if keys.keys().any(|key| !group.attributes.contains_key(key)) {
        return Err(Answer::fail(10050));
    }
    count_change(group, rate_limits, now_s)?;
    group.attributes.retain(|key, _| !keys.contains_key(key));
    let gone = keys.keys().map(|key| json!({"key": key, "value": ""})).collect();
    events::groups::attributes_changed(context, text(body, "GroupId"), "delete", gone);
    Ok(Answer::ok().changed(keys.len() as u64))
}
