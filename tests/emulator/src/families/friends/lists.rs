//! Reading friend lists.

use serde_json::{Value, json};

use super::{NO_ACCOUNT, Results, fields, one_of};
use crate::answer::{Answer, Outcome, meaning};
use crate::families::Context;
use crate::families::body::{page, text, texts, uint};
use crate::families::profiles::value_of;
use crate::state::relations::Friend;

/// Friends on a page; the service chooses the number by itself.
const PAGE: u64 = 100;

pub(super) fn check(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let is_both = one_of(body, "CheckType", "", "CheckResult_Type_Single", "CheckResult_Type_Both")?;
    let mut results = Results::new();
    for to in texts(body, "To_Account") {
        let code = context.fault(to, NO_ACCOUNT).unwrap_or(0);
        let relations = &context.state.relations;
        let here = relations.is_friend(from, to);
        let there = is_both && relations.is_friend(to, from);
        let relation = match (here, there) {
            _ if code != 0 => "CheckResult_Type_NoRelation",
            (true, true) => "CheckResult_Type_BothWay",
            (true, false) => "CheckResult_Type_AWithB",
            (false, true) => "CheckResult_Type_BWithA",
            (false, false) => "CheckResult_Type_NoRelation",
        };
        let item = json!({"To_Account": to, "Relation": relation, "ResultCode": code, "ResultInfo": meaning(code)});
        results.add_item(code, item, to);
    }
    Ok(results.answer("InfoItem"))
}

/// Fields whose version the caller has already are left out.
pub(super) fn list_all(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let relation = context.state.relations.of(from);
    let start = uint(body, "StartIndex").unwrap_or(0);
    let is_known = |field: &str, sequence: u64| sequence > 0 && uint(body, field) == Some(sequence);
    let has_standard = is_known("StandardSequence", relation.standard_sequence);
    let has_custom = is_known("CustomSequence", relation.custom_sequence);
    let show = |friend: &Friend| {
        let items: Vec<Value> = fields::show(friend)
            .into_iter()
            .filter(|(tag, _)| if fields::is_custom(tag) { !has_custom } else { !has_standard })
            .map(|(tag, value)| json!({"Tag": tag, "Value": value}))
            .collect();
        json!({"To_Account": friend.account, "ValueItem": items})
    };
    let shown: Vec<Value> = page(&relation.friends, start, PAGE).iter().map(show).collect();
    let end = start + shown.len() as u64;
    let is_complete = end >= relation.friends.len() as u64;
    Ok(Answer::ok()
        .with("UserDataItem", shown)
        .with("StandardSequence", relation.standard_sequence)
        .with("CustomSequence", relation.custom_sequence)
        .with("FriendNum", relation.friends.len())
        .with("CompleteFlag", u8::from(is_complete))
        .with("NextStartIndex", if is_complete { 0 } else { end })
        .with("ErrorDisplay", ""))
}

/// Somebody who is not a friend fails alone.
pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let mut results = Results::new();
    for to in texts(body, "To_Account") {
        let fault = context.fault(to, NO_ACCOUNT);
        let friend = context.state.relations.get(from).and_then(|relation| relation.friend(to));
        let (Some(friend), None) = (friend, fault) else {
            let code = fault.unwrap_or(30001);
            let info = if code == 30001 { "Err_SNS_FriendGetList_Friend_Not_Exist" } else { meaning(code) };
            results.add(to, code, info);
            continue;
        };
        let kept = fields::show(friend);
        let value = |tag: &str| {
            let of_friend = kept.iter().find(|(known, _)| *known == tag).map(|(_, value)| value.clone());
            of_friend.or_else(|| value_of(&context.state.accounts[to], tag))
        };
        let items: Vec<Value> =
            texts(body, "TagList").filter_map(|tag| Some(json!({"Tag": tag, "Value": value(tag)?}))).collect();
        let item = json!({"To_Account": to, "SnsProfileItem": items, "ResultCode": 0, "ResultInfo": ""});
        results.add_item(0, item, to);
    }
    Ok(results.answer("InfoItem"))
}
