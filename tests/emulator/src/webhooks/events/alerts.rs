//! Limits that are near.

use serde_json::json;

use crate::webhooks::exchange::Exchange;

/// The calls of a path in one second are beyond 80 % of what is allowed.
pub fn over_limit(exchange: &mut Exchange, path: &str, requests: u32, limit: u32) {
    let mut parts = path.rsplit('/');
    let (command, service) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    exchange.tell(
        "Alert.RequestOverLimit",
        || json!({"ServiceName": service, "Command": command, "Request": requests, "Limit": limit}),
    );
}
