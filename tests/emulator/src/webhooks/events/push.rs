//! Results of pushes. Each event has a command and a time of its own, in seconds.

use serde_json::{Value, json};

use super::joined;
use crate::families::Context;
use crate::state::Status;

/// The webhook of ordinary messages.
pub const OFFLINE_PUSH: &str = "Push.OfflinePush";

/// Most events in one body.
const MAX_EVENTS: usize = 100;

/// Event types: a push to a user whose app is closed, and to one who has it open.
const OFFLINE: u8 = 1;
const ONLINE: u8 = 2;

/// The push was sent, from a platform that is not known.
fn sent(command: &str, to: &str, now_s: u64) -> Value {
    json!({
        "CallbackCommand": command,
        "EventTime": now_s,
        "To_Account": to,
        "PushPlatform": 0,
        "PushStage": 1,
        "ErrCode": 0,
        "ErrInfo": "OK",
    })
}

/// An ordinary message was pushed to those of its receivers who are logged in and have lost their connection.
pub fn offline(context: &mut Context<'_>, receivers: &[&str], about: &Value) {
    const COMMAND: &str = OFFLINE_PUSH;
    let is_away = |user: &&&str| {
        context.state.accounts.get(**user).is_some_and(|account| account.presence.status == Status::PushOnline)
    };
    let away: Vec<&str> = receivers.iter().filter(is_away).copied().collect();
    for users in away.chunks(MAX_EVENTS) {
        context.tell(COMMAND, |context| {
            let event = |user: &&str| joined(sent(COMMAND, user, context.now_s), about.clone());
            json!({"Events": users.iter().map(event).collect::<Vec<_>>()})
        });
    }
}

/// A push to all or to users named went out.
pub fn task(context: &mut Context<'_>, id: &str, receivers: &[String]) {
    const COMMAND: &str = "Push.AllMemberPush";
    for users in receivers.chunks(MAX_EVENTS) {
        context.tell(COMMAND, |context| {
            let event = |user: &String| {
                let account = context.state.accounts.get(user);
                let is_online = account.is_some_and(|account| account.presence.status == Status::Online);
                let about = json!({
                    "EventType": if is_online { ONLINE } else { OFFLINE },
                    "TaskId": id,
                    "TaskTime": context.now_s,
                });
                joined(sent(COMMAND, user, context.now_s), about)
            };
            json!({"Events": users.iter().map(event).collect::<Vec<_>>()})
        });
    }
}
