//! Users who come and go.

use serde_json::{Value, json};

use crate::state::Status;

/// Came, went, or lost the connection.
pub fn changed(user: &str, to: Status, now_ms: u64) -> Value {
    let (action, reason) = match to {
        Status::Online => ("Login", "Register"),
        Status::PushOnline => ("Disconnect", "LinkClose"),
        Status::Offline => ("Logout", "Unregister"),
    };
    json!({"EventTime": now_ms, "Info": {"Action": action, "To_Account": user, "Reason": reason}})
}
