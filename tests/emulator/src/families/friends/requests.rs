//! What users do with a client SDK: they ask others to be friends, and answer such requests. The app's backend decides
//! about each account.

use serde_json::{Value, json};

use super::{NO_ACCOUNT, befriend, request};
use crate::answer::{Answer, meaning};
use crate::families::Context;
use crate::webhooks::events::friends as events;
use crate::webhooks::verdict;

/// The other one must agree first; there is no such request.
pub const PENDING: i64 = 30539;
const NO_REQUEST: i64 = 30614;

/// How a client says where a request comes from.
const SOURCE: &str = "AddSource_Type_Web";

fn result(account: &str, code: i64, info: &str) -> Value {
    json!({"user_id": account, "code": code, "info": info})
}

/// Asks others to be friends, both ways.
pub fn send(context: &mut Context<'_>, from: &str, to: &[String]) -> Result<Vec<Value>, Answer> {
    context.need(from, NO_ACCOUNT)?;
    let items: Vec<Value> = to.iter().map(|to| json!({"To_Account": to, "AddSource": SOURCE})).collect();
    let decided = events::before_add(context, from, &items)?.pass()?.unwrap_or_default();
    let (mut results, mut new) = (Vec::new(), Vec::new());
    for (to, item) in to.iter().zip(&items) {
        if let Some((code, info)) = verdict::refused_account(&decided, to) {
            results.push(result(to, code, info));
            continue;
        }
        let (code, pairs) = request(context, from, item, false, true);
        new.extend(pairs);
        results.push(result(to, code, meaning(code)));
    }
    events::added_by_client(context, from, "friend_add", &new);
    Ok(results)
}

/// Answers requests: whoever is accepted has the user as a friend, and the other way round.
pub fn respond(
    context: &mut Context<'_>,
    user: &str,
    accept: &[String],
    decline: &[String],
) -> Result<Vec<Value>, Answer> {
    context.need(user, NO_ACCOUNT)?;
    let answers: Vec<(&String, bool)> =
        accept.iter().map(|from| (from, true)).chain(decline.iter().map(|from| (from, false))).collect();
    let decided = events::before_response(context, user, &answers)?.pass()?.unwrap_or_default();
    let mut results = Vec::new();
    for (from, is_accepted) in answers {
        let (code, info) = if let Some(refused) = verdict::refused_account(&decided, from) {
            refused
        } else if !context.state.relations.of(user).take_request(from) {
            (NO_REQUEST, meaning(NO_REQUEST))
        } else {
            if is_accepted {
                let item = json!({"To_Account": user, "AddSource": SOURCE});
                let new = befriend(context, from, &item, true);
                events::added_by_client(context, from, "friend_response", &new);
            }
            (0, "")
        };
        results.push(result(from, code, info));
    }
    Ok(results)
}
