//! The fields that a user keeps about a friend.

use serde_json::{Value, json};

use super::{MAX_GROUPS, NO_ACCOUNT, Results};
use crate::answer::{Outcome, meaning};
use crate::families::Context;
use crate::families::body::{list, text};
use crate::state::relations::{Friend, Relation};

/// Longest note, and longest name of a friend group, in bytes.
const MAX_REMARK_BYTES: usize = 96;
pub const MAX_GROUP_BYTES: usize = 30;

/// A field of the app's own: the prefix and 1 to 8 letters.
pub fn is_custom(tag: &str) -> bool {
    tag.strip_prefix("Tag_SNS_Custom_").is_some_and(|keyword| {
        (1..=8).contains(&keyword.len()) && keyword.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// The fields of a friend as answers show them; those without a value are left out.
pub fn show(friend: &Friend) -> Vec<(&str, Value)> {
    let mut shown: Vec<(&str, Value)> = Vec::new();
    let texts = [
        ("Tag_SNS_IM_AddSource", &friend.source),
        ("Tag_SNS_IM_Remark", &friend.remark),
        ("Tag_SNS_IM_AddWording", &friend.wording),
    ];
    shown.extend(texts.into_iter().filter_map(|(tag, text)| Some((tag, json!(text.as_deref()?)))));
    if !friend.groups.is_empty() {
        shown.push(("Tag_SNS_IM_Group", json!(friend.groups)));
    }
    shown.push(("Tag_SNS_IM_AddTime", json!(friend.added_s)));
    shown.extend(friend.custom.iter().map(|(tag, value)| (tag.as_str(), value.clone())));
    shown
}

/// Only the note, the groups and fields of the app's own can be changed; one bad field leaves its friend as it is.
pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let (mut results, mut effects) = (Results::new(), 0);
    for item in list(body, "UpdateItem") {
        let to = text(item, "To_Account");
        let fault = context.fault(to, NO_ACCOUNT);
        let relation = context.state.relations.of(from);
        let changed = match (fault, relation.friend(to)) {
            (Some(code), _) => Err(code),
            (None, None) => Err(30001),
            (None, Some(friend)) => changed(relation, friend, list(item, "SnsItem")),
        };
        let code = match changed {
            Err(code) => code,
            Ok(friend) => {
                effects += u64::from(relation.friend(to) != Some(&friend));
                relation.put_friend(friend);
                0
            }
        };
        results.add(to, code, meaning(code));
    }
    Ok(results.answer("ResultItem").changed(effects))
}

/// A friend after a change, or the code that the change fails with.
fn changed(relation: &Relation, friend: &Friend, items: &[Value]) -> Result<Friend, i64> {
    let mut friend = friend.clone();
    for item in items {
        match (text(item, "Tag"), &item["Value"]) {
            ("Tag_SNS_IM_Remark", Value::String(remark)) if remark.len() <= MAX_REMARK_BYTES => {
                friend.remark = Some(remark.clone());
            }
            ("Tag_SNS_IM_Group", Value::Array(groups)) => {
                let names: Option<Vec<String>> = groups
                    .iter()
                    .map(|group| group.as_str().filter(|name| (1..=MAX_GROUP_BYTES).contains(&name.len())))
                    .map(|name| name.map(str::to_owned))
                    .collect();
                let names = names.ok_or(30001)?;
                let new = names.iter().filter(|name| !relation.groups.contains(name)).count();
                if relation.groups.len() + new > MAX_GROUPS {
                    return Err(30011);
                }
                friend.groups = names;
            }
            (tag, value @ (Value::String(_) | Value::Number(_))) if is_custom(tag) => {
                friend.custom.insert(tag.to_owned(), value.clone());
            }
            _ => return Err(30001),
        }
    }
    Ok(friend)
}
