//! Who subscribes to an official account.

use serde_json::{Value, json};

use super::{BAD_PARAMETER, named, show};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{given, list, page, text, texts, uint};
use crate::state::official_accounts::Subscriber;
use crate::webhooks::{events, verdict};

/// Most entries in one answer.
const PAGE: u64 = 200;

/// What became of a user.
const FAILED: u8 = 0;
const DONE: u8 = 1;
const NOTHING_TO_DO: u8 = 2;

/// A user who was never imported fails alone, as does one for whom there is no room or whom the app's backend refuses.
pub(super) fn add(context: &mut Context<'_>, body: &Value) -> Outcome {
    let users: Vec<&str> = list(body, "SubscriberList").iter().map(|item| text(item, "Subscriber_Account")).collect();
    let is_known: Vec<bool> = users.iter().map(|user| context.fault(user, BAD_PARAMETER).is_none()).collect();
    let now_s = context.now_s;
    named(context, body)?;
    let id = text(body, "Official_Account");
    let answer = events::official_accounts::before_subscribe(context, id, &users)?.pass()?.unwrap_or_default();
    let refused = verdict::refused(&answer, "RefusedSubscribers_Account");
    let account = named(context, body)?;
    let mut new = Vec::new();
    let results = users.into_iter().zip(is_known).map(|(user, is_known)| {
        let result = if account.subscriber(user).is_some() {
            NOTHING_TO_DO
        } else if !is_known || refused.contains(&user) || account.subscribers.len() as u64 >= account.max_subscribers {
            FAILED
        } else {
            account.subscribers.push(Subscriber { account: user.into(), since_s: now_s, custom: String::new() });
            new.push(user);
            DONE
        };
        json!({"Subscriber_Account": user, "Result": result})
    });
    let results: Vec<Value> = results.collect();
    events::official_accounts::subscribed(context, id, &new);
    Ok(Answer::ok().with("SubscriberList", results).changed(new.len() as u64))
}

/// Users come in either of two lists: the page's sample has one, its table of fields the other.
pub(super) fn remove(context: &mut Context<'_>, body: &Value) -> Outcome {
    let in_table = list(body, "SubscriberList").iter().map(|item| text(item, "Subscriber_Account"));
    let users: Vec<&str> = texts(body, "SubscriberToDel_Account").chain(in_table).collect();
    let account = named(context, body)?;
    let mut gone = Vec::new();
    let results = users.into_iter().map(|user| {
        let before = account.subscribers.len();
        account.subscribers.retain(|subscriber| subscriber.account != user);
        let was_in = account.subscribers.len() < before;
        gone.extend(was_in.then_some(user));
        json!({"Subscriber_Account": user, "Result": if was_in { DONE } else { NOTHING_TO_DO }})
    });
    let results: Vec<Value> = results.collect();
    events::official_accounts::unsubscribed(context, text(body, "Official_Account"), &gone);
    Ok(Answer::ok().with("SubscriberList", results).changed(gone.len() as u64))
}

/// The marker of a page is the place of its first entry, as a text.
pub(super) fn list_subscribers(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = match text(body, "Next") {
        "" => 0,
        next => next.parse().map_err(|_| Answer::fail_with(BAD_PARAMETER, "this Next is from no answer"))?,
    };
    let account = named(context, body)?;
    let last_s = account.messages.last().map_or(0, |message| message.time_s);
    let shown = page(&account.subscribers, from, uint(body, "Limit").unwrap_or(u64::MAX).min(PAGE));
    let end = from.saturating_add(shown.len() as u64);
    let next = if end < account.subscribers.len() as u64 { end.to_string() } else { String::new() };
    let shown = shown.iter().map(|subscriber| {
        json!({
            "Subscriber_Account": subscriber.account,
            "SubscribeTime": subscriber.since_s,
            "CustomString": subscriber.custom,
            "LastSendMsgTime": last_s,
        })
    });
    let shown: Vec<Value> = shown.collect();
    let count = account.subscribers.len();
    Ok(Answer::ok().with("Next", next).with("SubscriberNum", count).with("SubscriberList", shown))
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "Subscriber_Account");
    let account = named(context, body)?;
    let subscriber = account.subscribers.iter_mut().find(|subscriber| subscriber.account == user);
    let subscriber = subscriber.ok_or_else(|| Answer::fail_with(BAD_PARAMETER, "the user does not subscribe"))?;
    if let Some(custom) = given(body, "CustomString") {
        subscriber.custom = custom;
    }
    Ok(Answer::ok().changed(1))
}

/// With each the user's own part of it.
pub(super) fn list_subscribed(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "Subscriber_Account");
    context.need(user, BAD_PARAMETER)?;
    let filter = &body["ResponseFilter"];
    let is_wanted = |field: &str| {
        filter["SelfInfoFilter"].is_null() || texts(filter, "SelfInfoFilter").any(|wanted| wanted == field)
    };
    let all: Vec<Value> = context
        .state
        .official_accounts
        .by_id
        .iter()
        .filter_map(|(id, account)| {
            let subscriber = account.subscriber(user)?;
            let mut own = json!({"SubscribeTime": subscriber.since_s, "CustomString": subscriber.custom});
            own.as_object_mut()?.retain(|field, _| is_wanted(field));
            let mut shown = show(id, account, filter);
            shown.insert("SelfInfo".into(), own);
            Some(Value::Object(shown))
        })
        .collect();
    let from = uint(body, "Offset").unwrap_or(0);
    let shown = page(&all, from, uint(body, "Limit").unwrap_or(PAGE).min(PAGE));
    let end = from.saturating_add(shown.len() as u64);
    Ok(Answer::ok()
        .with("OfficialAccountInfoList", shown)
        .with("TotalCount", all.len())
        .with("CompleteFlag", u8::from(end >= all.len() as u64))
        .with("Next", end))
}
