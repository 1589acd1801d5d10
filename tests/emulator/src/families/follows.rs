//! Who follows whom. The pages have no codes; those of friends stand in.

use serde_json::{Value, json};

use super::body::{list, page, text, texts, uint};
use super::friends::NO_ACCOUNT;
use super::profiles::{IMAGE, NICK, value_of};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/follow/follow_add", add),
    Call::new("v4/follow/follow_delete", remove),
    Call::new("v4/follow/follow_get", list_users),
    Call::new("v4/follow/follow_check", check),
    Call::new("v4/follow/follow_get_info", get_counts),
];

/// Users on a page without a number, and at most.
const PAGE: u64 = 100;
const MAX_PAGE: u64 = 1_000;

fn result(account: &str, code: i64) -> Value {
    json!({"To_Account": account, "ResultCode": code, "ResultInfo": meaning(code)})
}

fn answer(results: Vec<Value>) -> Answer {
    Answer::ok().with("ResultItem", results).with("ErrorDisplay", "")
}

fn add(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let now_s = context.now_s;
    let (mut results, mut new) = (Vec::new(), Vec::new());
    for item in list(body, "FollowItem") {
        let to = text(item, "To_Account");
        let code = context.fault(to, NO_ACCOUNT).or_else(|| (to == from).then_some(30001)).unwrap_or(0);
        if code == 0 && context.state.relations.follows(from, to).is_none() {
            context.state.relations.of(from).following.push((to.to_owned(), now_s));
            new.push(to);
        }
        results.push(result(to, code));
    }
    events::follows::added(context, from, &new);
    Ok(answer(results).changed(new.len() as u64))
}

fn remove(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let (mut results, mut gone) = (Vec::new(), Vec::new());
    for to in texts(body, "To_Account") {
        let code = context.fault(to, NO_ACCOUNT).unwrap_or(0);
        let following = &mut context.state.relations.of(from).following;
        let before = following.len();
        following.retain(|(followed, _)| code != 0 || followed != to);
        gone.extend((following.len() < before).then_some(to));
        results.push(result(to, code));
    }
    events::follows::deleted(context, from, &gone);
    Ok(answer(results).changed(gone.len() as u64))
}

/// Those whom a user follows, its followers, or those who are both.
fn users(context: &Context<'_>, user: &str, kind: u64) -> Option<Vec<(String, u64)>> {
    let relations = &context.state.relations;
    let following = || relations.get(user).map_or_else(Vec::new, |relation| relation.following.clone());
    match kind {
        1 => Some(relations.followers(user)),
        2 => Some(following()),
        3 => Some(following().into_iter().filter(|(other, _)| relations.follows(other, user).is_some()).collect()),
        _ => None,
    }
}

/// The marker of a page is the place of its first user, as a text.
fn list_users(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let all = uint(body, "FollowType").and_then(|kind| users(context, from, kind));
    let all = all.ok_or_else(|| Answer::fail_with(30001, "FollowType: 1, 2 or 3"))?;
    let start = match text(body, "StartCursor") {
        "" => 0,
        cursor => cursor.parse().map_err(|_| Answer::fail_with(30001, "StartCursor: not from an answer"))?,
    };
    let shown = page(&all, start, uint(body, "WantNum").unwrap_or(PAGE).min(MAX_PAGE));
    let end = start.saturating_add(shown.len() as u64);
    let next = if end < all.len() as u64 { end.to_string() } else { String::new() };
    let show = |(account, since_s): &(String, u64)| {
        let profile = context.state.accounts.get(account);
        let value = |tag: &str| Some(json!({"Tag": tag, "Value": value_of(profile?, tag)?}));
        let profile: Vec<Value> = [NICK, IMAGE].into_iter().filter_map(value).collect();
        json!({"To_Account": account, "FollowTime": since_s, "ProfileItem": profile})
    };
    let shown: Vec<Value> = shown.iter().map(show).collect();
    Ok(Answer::ok().with("FollowItem", shown).with("NextCursor", next).with("ErrorDisplay", ""))
}

fn check(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let results = texts(body, "To_Account").map(|to| {
        let relations = &context.state.relations;
        let kind = match (relations.follows(to, from).is_some(), relations.follows(from, to).is_some()) {
            (false, false) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (true, true) => 3,
        };
        let mut result = result(to, context.fault(to, NO_ACCOUNT).unwrap_or(0));
        result["FollowType"] = kind.into();
        result
    });
    Ok(answer(results.collect()))
}

fn get_counts(context: &mut Context<'_>, body: &Value) -> Outcome {
    context.need(text(body, "From_Account"), NO_ACCOUNT)?;
    let infos = texts(body, "To_Account").map(|to| {
        let mut info = result(to, context.fault(to, NO_ACCOUNT).unwrap_or(0));
        let count = |kind: u64| users(context, to, kind).map_or(0, |users| users.len());
        info["FollowerCount"] = count(1).into();
        info["FollowingCount"] = count(2).into();
        info["MutualFollowingCount"] = count(3).into();
        info
    });
    let infos: Vec<Value> = infos.collect();
    Ok(Answer::ok().with("FollowInfo", infos).with("ErrorDisplay", ""))
}
