//! The counters of a group. A community has none.

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::group_unless;
use crate::answer::{Answer, Outcome};
use crate::families::body::{list, text, texts};
use crate::families::{Context, refused_field};
use crate::state::groups::GroupKind;

const WITHOUT: &[GroupKind] = &[GroupKind::Community];

/// Most counters in one call.
const MAX_COUNTERS: usize = 20;

pub(super) fn refused(body: &Value, error: &Error) -> Option<i64> {
    (refused_field(error)? == "GroupCounter" && list(body, "GroupCounter").len() > MAX_COUNTERS).then_some(10063)
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, WITHOUT, 10007)?;
    let changes = list(body, "GroupCounter");
    let mode = body["Mode"].as_str();
    if mode.is_some_and(|mode| !["Set", "Increase", "Decrease"].contains(&mode)) {
        return Err(Answer::fail_with(10004, "Mode: Set, Increase or Decrease"));
    }
    if changes.len() > MAX_COUNTERS {
        return Err(Answer::fail(10063));
    }
    let mut shown = Vec::new();
    for change in changes {
        let (key, value) = (text(change, "Key"), change["Value"].as_i64().unwrap_or_default());
        let counter = group.counters.entry(key.into()).or_default();
        *counter = match mode {
            Some("Increase") => counter.saturating_add(value),
            Some("Decrease") => counter.saturating_sub(value),
            // The page names no default; setting is the reading that a repeat cannot make wrong.
            _ => value,
        };
        shown.push(json!({"Key": key, "Value": *counter}));
    }
    Ok(Answer::ok().changed(shown.len() as u64).with("GroupCounter", shown))
}

/// Without keys all come; a key that is not there is left out.
pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, WITHOUT, 10007)?;
    let is_wanted =
        |key: &str| list(body, "GroupCounterKeys").is_empty() || texts(body, "GroupCounterKeys").any(|k| k == key);
    let shown: Vec<Value> = group
        .counters
        .iter()
        .filter(|(key, _)| is_wanted(key))
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    Ok(Answer::ok().with("GroupCounter", shown))
}

/// Without keys all go.
pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, WITHOUT, 10007)?;
    let before = group.counters.len();
    let all = list(body, "GroupCounterKeys").is_empty();
    group.counters.retain(|key, _| !all && texts(body, "GroupCounterKeys").all(|named| named != key));
    Ok(Answer::ok().changed((before - group.counters.len()) as u64))
}
