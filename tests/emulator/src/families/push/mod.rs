//! Tags and attributes that pushes are addressed by, of the push service and of the older one, which are the same; the
//! pushes themselves are in [`tasks`].
//!
//! The older one has no list of accounts that failed: one that was never imported fails the call there.

mod tasks;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{flag, list, text, texts};
use super::{Call, Context, refused_field};
use crate::answer::{Answer, Outcome};
use crate::state::push::Push;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/timpush/push", tasks::broadcast).refusing(tasks::refused),
    Call::new("v4/timpush/batch", tasks::send).refusing(tasks::refused),
    Call::new("v4/timpush/revoke", tasks::recall),
    Call::new("v4/all_member_push/im_push", tasks::broadcast_the_older_way).refusing(tasks::refused),
    Call::new("v4/timpush/get_tag", |context, body| get_tags(context, body, true)).refusing(refused),
    Call::new("v4/timpush/add_tag", |context, body| add_tags(context, body, true)).refusing(refused),
    Call::new("v4/timpush/remove_tag", |context, body| remove_tags(context, body, true)).refusing(refused),
    Call::new("v4/timpush/clear_all_tags", |context, body| clear_tags(context, body, true)).refusing(refused),
    Call::new("v4/timpush/get_attr", |context, body| get_attributes(context, body, true)).refusing(refused),
    Call::new("v4/timpush/set_attr", |context, body| set_attributes(context, body, true)).refusing(refused),
    Call::new("v4/timpush/remove_attr", |context, body| delete_attributes(context, body, true)).refusing(refused),
    Call::new("v4/timpush/get_attr_name", |context, body| get_names(context, body, true)),
    Call::new("v4/timpush/set_attr_name", set_names),
    Call::new("v4/all_member_push/im_get_tag", |context, body| get_tags(context, body, false)).refusing(refused),
    Call::new("v4/all_member_push/im_add_tag", |context, body| add_tags(context, body, false)).refusing(refused),
    Call::new("v4/all_member_push/im_remove_tag", |context, body| remove_tags(context, body, false)).refusing(refused),
    Call::new("v4/all_member_push/im_remove_all_tags", |context, body| clear_tags(context, body, false))
        .refusing(refused),
    Call::new("v4/all_member_push/im_get_attr", |context, body| get_attributes(context, body, false)).refusing(refused),
    Call::new("v4/all_member_push/im_set_attr", |context, body| set_attributes(context, body, false)).refusing(refused),
    Call::new("v4/all_member_push/im_remove_attr", |context, body| delete_attributes(context, body, false))
        .refusing(refused),
    Call::new("v4/all_member_push/im_get_attr_name", |context, body| get_names(context, body, false)),
    Call::new("v4/all_member_push/im_set_attr_name", set_names),
];

const MAX_ACCOUNTS: usize = 100;
const MAX_BYTES: usize = 50;
const MAX_TAGS: usize = 100;
const MAX_ADDED: usize = 10;
const MAX_NAMES: usize = 10;

/// The account does not exist; too many accounts; too many tags; an attribute that is not valid; a tag that is too long.
const NO_ACCOUNT: i64 = 70107;
const TOO_MANY_ACCOUNTS: i64 = 90018;
const TOO_MANY_TAGS: i64 = 90032;
const BAD_ATTRIBUTE: i64 = 90033;
const LONG_TAG: i64 = 90034;

fn refused(body: &Value, error: &Error) -> Option<i64> {
    let field = refused_field(error)?;
    (list(body, field).len() > MAX_ACCOUNTS).then_some(TOO_MANY_ACCOUNTS)
}

/// The code with which one account of a batch fails.
type ItemFault<'a> = Option<&'a dyn Fn(&Push, &Value) -> Option<i64>>;

/// Goes through the accounts of a request. Those that fail are listed, or fail the call.
fn for_each(
    context: &mut Context<'_>,
    items: &[Value],
    is_partial: bool,
    fault: ItemFault<'_>,
    mut act: impl FnMut(&mut Push, &str, &Value) -> u64,
) -> Outcome {
    let account = |item: &Value| item.as_str().unwrap_or_else(|| text(item, "To_Account")).to_owned();
    let fault = |context: &Context<'_>, item: &Value| {
        context.fault(&account(item), NO_ACCOUNT).or_else(|| fault?(&context.state.push, item))
    };
    if !is_partial && let Some(code) = items.iter().find_map(|item| fault(context, item)) {
        return Err(Answer::fail(code));
    }
    let (mut failed, mut effects) = (Vec::new(), 0);
    for item in items {
        match fault(context, item) {
            Some(code) => failed.push(json!({"To_Account": account(item), "ErrorCode": code})),
            None => effects += act(&mut context.state.push, &account(item), item),
        }
    }
    let answer = Answer::ok().changed(effects);
    Ok(if failed.is_empty() { answer } else { answer.with("ErrorList", failed) })
}

fn get_tags(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    let mut shown = Vec::new();
    let answer = for_each(context, list(body, "To_Account"), is_partial, None, |push, account, _| {
        shown.push(json!({"To_Account": account, "Tags": push.tags.get(account).cloned().unwrap_or_default()}));
        0
    })?;
    Ok(answer.with("UserTags", shown))
}

/// The older call only adds.
fn add_tags(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    let replaces = is_partial && flag(body, "Replace");
    let most = if replaces { MAX_TAGS } else { MAX_ADDED };
    let fault = move |push: &Push, item: &Value| {
        let (held, new) = (push.tags.get(text(item, "To_Account")), list(item, "Tags").len());
        let added = texts(item, "Tags").filter(|tag| !held.is_some_and(|held| held.contains(*tag))).count();
        let held = if replaces { 0 } else { held.map_or(0, |held| held.len()) };
        match () {
            () if texts(item, "Tags").any(|tag| tag.len() > MAX_BYTES) => Some(LONG_TAG),
            () if new > most || (!replaces && held + added > MAX_TAGS) => Some(TOO_MANY_TAGS),
            () => None,
        }
    };
    for_each(context, list(body, "UserTags"), is_partial, Some(&fault), |push, account, item| {
        let held = push.tags.entry(account.to_owned()).or_default();
        let before = held.clone();
        if replaces {
            held.clear();
        }
        held.extend(texts(item, "Tags").map(str::to_owned));
        u64::from(*held != before)
    })
}

fn remove_tags(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    for_each(context, list(body, "UserTags"), is_partial, None, |push, account, item| {
        let Some(held) = push.tags.get_mut(account) else { return 0 };
        texts(item, "Tags").filter(|tag| held.remove(*tag)).count() as u64
    })
}

fn clear_tags(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    for_each(context, list(body, "To_Account"), is_partial, None, |push, account, _| {
        push.tags.remove(account).map_or(0, |held| held.len() as u64)
    })
}

fn get_attributes(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    let mut shown = Vec::new();
    let answer = for_each(context, list(body, "To_Account"), is_partial, None, |push, account, _| {
        let held = push.attributes.get(account).cloned().unwrap_or_default();
        shown.push(json!({"To_Account": account, "Attrs": held}));
        0
    })?;
    Ok(answer.with("UserAttrs", shown))
}

/// The names must have been set before.
fn set_attributes(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    let fault = |push: &Push, item: &Value| {
        let attributes = item["Attrs"].as_object()?;
        let is_bad = attributes.iter().any(|(name, value)| {
            let is_known = push.names.values().any(|known| known == name);
            !is_known || value.as_str().is_none_or(|value| value.len() > MAX_BYTES)
        });
        is_bad.then_some(BAD_ATTRIBUTE)
    };
    for_each(context, list(body, "UserAttrs"), is_partial, Some(&fault), |push, account, item| {
        let held = push.attributes.entry(account.to_owned()).or_default();
        let new = item["Attrs"].as_object().into_iter().flatten();
        let new = new.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        new.filter(|(name, value)| held.insert(name.clone(), value.clone()).as_ref() != Some(value)).count() as u64
    })
}

fn delete_attributes(context: &mut Context<'_>, body: &Value, is_partial: bool) -> Outcome {
    for_each(context, list(body, "UserAttrs"), is_partial, None, |push, account, item| {
        let Some(held) = push.attributes.get_mut(account) else { return 0 };
        texts(item, "Attrs").filter(|name| held.remove(*name).is_some()).count() as u64
    })
}

fn get_names(context: &mut Context<'_>, _: &Value, with_types: bool) -> Outcome {
    let push = &context.state.push;
    let answer = Answer::ok().with("AttrNames", json!(push.names));
    Ok(if with_types { answer.with("AttrTypes", json!(push.types)) } else { answer })
}

/// A number from 0 to 9 gets a name that no other number has. A type of account cannot be changed later.
fn set_names(context: &mut Context<'_>, body: &Value) -> Outcome {
    let push = &mut context.state.push;
    let (mut names, mut types) = (push.names.clone(), push.types.clone());
    let given = body["AttrNames"].as_object().filter(|given| !given.is_empty() && given.len() <= MAX_NAMES);
    let given = given.ok_or_else(|| Answer::fail_with(90001, "AttrNames: 1 to 10 names by their numbers"))?;
    for (number, name) in given {
        let name = name.as_str().filter(|name| (1..=MAX_BYTES).contains(&name.len()));
        let is_number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
        let (Some(name), true) = (name, is_number) else { return Err(Answer::fail(BAD_ATTRIBUTE)) };
        names.insert(number.clone(), name.to_owned());
        let kind = body["AttrTypes"][number].as_u64();
        let is_changed = types.get(number).is_some_and(|known| kind.is_some_and(|kind| kind != *known));
        if is_changed || kind.is_some_and(|kind| kind > 1) {
            return Err(Answer::fail(BAD_ATTRIBUTE));
        }
        types.entry(number.clone()).or_insert(kind.unwrap_or(0));
    }
    let distinct: BTreeSet<&String> = names.values().collect();
    if distinct.len() < names.len() {
        return Err(Answer::fail(BAD_ATTRIBUTE));
    }
    let effects = u64::from(names != push.names);
    (push.names, push.types) = (names, types);
    Ok(Answer::ok().changed(effects))
}
