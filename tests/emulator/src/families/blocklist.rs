//! Whom a user blocks.

use serde_json::{Value, json};

use super::body::{page, text, texts, uint};
use super::friends::{NO_ACCOUNT, Results, one_of};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/sns/black_list_add", add),
    Call::new("v4/sns/black_list_delete", remove),
    Call::new("v4/sns/black_list_get", list_blocked),
    Call::new("v4/sns/black_list_check", check),
];

/// Most accounts that a user blocks.
const MAX_BLOCKED: usize = 1_000;

/// Blocking ends a friendship in both directions.
fn add(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let now_s = context.now_s;
    let (mut results, mut new) = (Results::new(), Vec::new());
    for to in texts(body, "To_Account") {
        let fault = context.fault(to, NO_ACCOUNT);
        let relations = &mut context.state.relations;
        let (code, info) = match fault {
            Some(code) => (code, meaning(code)),
            None if to == from => (30001, meaning(30001)),
            None if relations.blocks(from, to) => (30001, "Err_SNS_BlackListAdd_Already_Exist"),
            None if relations.of(from).blocked.len() >= MAX_BLOCKED => (30013, meaning(30013)),
            None => {
                relations.of(from).blocked.push((to.to_owned(), now_s));
                relations.of(from).block_sequence += 1;
                relations.of(from).remove_friend(to);
                relations.of(to).remove_friend(from);
                new.push((from.to_owned(), to.to_owned()));
                (0, "")
            }
        };
        results.add(to, code, info);
    }
    events::friends::blocked(context, &new);
    Ok(results.answer("ResultItem").changed(new.len() as u64))
}

/// An account that is not blocked succeeds: the page does not say what it is answered.
fn remove(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let (mut results, mut gone) = (Results::new(), Vec::new());
    for to in texts(body, "To_Account") {
        let code = context.fault(to, NO_ACCOUNT).unwrap_or(0);
        results.add(to, code, meaning(code));
        let relation = context.state.relations.of(from);
        let before = relation.blocked.len();
        relation.blocked.retain(|(blocked, _)| code != 0 || blocked != to);
        if relation.blocked.len() < before {
            relation.block_sequence += 1;
            gone.push((from.to_owned(), to.to_owned()));
        }
    }
    events::friends::unblocked(context, &gone);
    Ok(results.answer("ResultItem").changed(gone.len() as u64))
}

fn list_blocked(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let relation = context.state.relations.of(from);
    let start = uint(body, "StartIndex").unwrap_or(0);
    let limit = uint(body, "MaxLimited").filter(|limit| *limit > 0);
    let limit = limit.ok_or_else(|| Answer::fail_with(30001, "MaxLimited: 1 or more"))?;
    let shown: Vec<Value> = page(&relation.blocked, start, limit)
        .iter()
        .map(|(account, since_s)| json!({"To_Account": account, "AddBlackTimeStamp": since_s}))
        .collect();
    let end = start + shown.len() as u64;
    let next = if end < relation.blocked.len() as u64 { end } else { 0 };
    Ok(Answer::ok()
        .with("BlackListItem", shown)
        .with("StartIndex", next)
        .with("CurruentSequence", relation.block_sequence)
        .with("ErrorDisplay", ""))
}

fn check(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let is_both = one_of(body, "CheckType", "", "BlackCheckResult_Type_Single", "BlackCheckResult_Type_Both")?;
    let mut results = Results::new();
    for to in texts(body, "To_Account") {
        let code = context.fault(to, NO_ACCOUNT).unwrap_or(0);
        let relations = &context.state.relations;
        let relation = match (relations.blocks(from, to), is_both && relations.blocks(to, from)) {
            _ if code != 0 => "BlackCheckResult_Type_NO",
            (true, true) => "BlackCheckResult_Type_BothWay",
            (true, false) => "BlackCheckResult_Type_AWithB",
            (false, true) => "BlackCheckResult_Type_BWithA",
            (false, false) => "BlackCheckResult_Type_NO",
        };
        let item = json!({"To_Account": to, "Relation": relation, "ResultCode": code, "ResultInfo": meaning(code)});
        results.add_item(code, item, to);
    }
    Ok(results.answer("BlackListCheckItem"))
}
