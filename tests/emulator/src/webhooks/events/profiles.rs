//! Profiles of users.

use serde_json::{Value, json};

use crate::families::Context;

/// With the fields that changed.
pub fn changed(context: &mut Context<'_>, user: &str, items: Vec<Value>) {
    context.tell("Profile.CallbackPortraitSet", |context| {
        json!({
            "Operator_Account": context.caller,
            "From_Account": user,
            "EventTime": context.now_ms,
            "ProfileItem": items,
        })
    });
}
