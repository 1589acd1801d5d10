//! The online state: one page, two paths. The older one says `State` where the newer one says `Status`.

use serde_json::{Value, json};
use tencent_im_core::Error;

use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{flag, list};

/// Most accounts in one request.
const MAX_ACCOUNTS: usize = 500;

pub(super) fn query_online_status(context: &mut Context<'_>, body: &Value) -> Outcome {
    query(context, body, "Status")
}

pub(super) fn query_state(context: &mut Context<'_>, body: &Value) -> Outcome {
    query(context, body, "State")
}

/// `IsReturnInstid` and `IsReturnCustomStatus` add nothing: how the answer to them looks is not known.
fn query(context: &mut Context<'_>, body: &Value, state_field: &str) -> Outcome {
    let with_detail = flag(body, "IsNeedDetail");
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    let mut first_code = 0;
    for user_id in list(body, "To_Account") {
        let name = user_id.as_str().unwrap_or_default();
        let code = match (context.failing(name), context.state.accounts.get(name)) {
            (Some(code), _) => code,
            (None, None) => 70107,
            (None, Some(account)) => {
                let presence = &account.presence;
                let mut result = json!({"To_Account": name, state_field: presence.status.as_str()});
                if with_detail && !presence.platforms.is_empty() {
                    let detail = presence.platforms.iter();
                    result["Detail"] = detail
                        .map(|(platform, status)| json!({"Platform": platform, "Status": status.as_str()}))
                        .collect();
                }
                results.push(result);
                continue;
            }
        };
        if first_code == 0 {
            first_code = code;
        }
        errors.push(json!({"To_Account": name, "ErrorCode": code}));
    }
    // One account that could be read makes the call a success.
    let answer = if results.is_empty() { Answer::fail(first_code) } else { Answer::ok() };
    Ok(answer.with("QueryResult", results).with("ErrorList", errors))
}

/// The page tells apart what can be wrong with the list.
pub(super) fn refused(body: &Value, _: &Error) -> Option<i64> {
    match &body["To_Account"] {
        Value::Array(names) if names.is_empty() => Some(90001),
        Value::Array(names) if names.len() > MAX_ACCOUNTS => Some(90011),
        Value::Array(names) => {
            let is_name = |name: &Value| name.as_str().is_some_and(|name| (1..=32).contains(&name.len()));
            (!names.iter().all(is_name)).then_some(90003)
        }
        // Missing, or no list at all.
        _ => Some(90003),
    }
}
