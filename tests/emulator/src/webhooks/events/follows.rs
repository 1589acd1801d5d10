//! Who follows whom. The one body has a list of objects, the other a list of names.

use serde_json::json;

use super::each;
use crate::families::Context;

pub fn added(context: &mut Context<'_>, from: &str, to: &[&str]) {
    if !to.is_empty() {
        context.tell("Follow.CallbackAfterFollowAdd", |context| {
            json!({
                "From_Account": from,
                "FollowList": each("To_Account", to.iter().copied()),
                "EventTime": context.now_ms,
            })
        });
    }
}

pub fn deleted(context: &mut Context<'_>, from: &str, to: &[&str]) {
    if !to.is_empty() {
        context.tell(
            "Follow.CallbackAfterFollowDelete",
            |context| json!({"From_Account": from, "To_Account": to, "EventTime": context.now_ms}),
        );
    }
}
