//! Official accounts, their subscribers and messages.

use serde_json::{Value, json};

use super::{each, joined, texts};
use crate::answer::Answer;
use crate::families::Context;
use crate::state::official_accounts::{OfficialAccount, OfficialMessage};
use crate::webhooks::verdict::Verdict;

pub fn before_create(context: &mut Context<'_>, owner: &str, name: &str) -> Result<Verdict, Answer> {
    context.ask("OfficialAccount.CallbackBeforeCreateOfficialAccount", |context| {
        json!({
            "Operator_Account": context.caller,
            "Owner_Account": owner,
            "Name": name,
            "EventTime": context.now_ms,
        })
    })
}

pub fn created(context: &mut Context<'_>, id: &str, owner: &str, name: &str) {
    context.tell("OfficialAccount.CallbackAfterCreateOfficialAccount", |context| {
        json!({
            "Operator_Account": context.caller,
            "Official_Account": id,
            "Owner_Account": owner,
            "Name": name,
            "EventTime": context.now_ms,
        })
    });
}

/// With the fields that the request has.
pub fn info_changed(context: &mut Context<'_>, id: &str, request: &Value) {
    let changed = texts(request, ["Introduction", "Name", "FaceUrl", "Organization"]);
    if changed.is_empty() {
        return;
    }
    context.tell("OfficialAccount.CallbackAfterOfficialAccountInfoChanged", |context| {
        let about = json!({"Official_Account": id, "Operator_Account": context.caller, "EventTime": context.now_ms});
        joined(about, Value::Object(changed))
    });
}

pub fn destroyed(context: &mut Context<'_>, id: &str, account: &OfficialAccount) {
    context.tell("OfficialAccount.CallbackAfterOfficialAccountDestroyed", |context| {
        json!({
            "Official_Account": id,
            "Owner_Account": account.owner,
            "Name": account.texts.get("Name").map_or("", String::as_str),
            "EventTime": context.now_ms,
        })
    });
}

fn subscribers(context: &Context<'_>, id: &str, users: &[&str]) -> Value {
    json!({
        "Official_Account": id,
        "Operator_Account": context.caller,
        "SubscribeAccountList": each("Subscriber_Account", users.iter().copied()),
        "EventTime": context.now_ms,
    })
}

pub fn before_subscribe(context: &mut Context<'_>, id: &str, users: &[&str]) -> Result<Verdict, Answer> {
    context.ask("OfficialAccount.CallbackBeforeAddSubscriber", |context| subscribers(context, id, users))
}

/// Users subscribed; the last of them may have taken the last place.
pub fn subscribed(context: &mut Context<'_>, id: &str, users: &[&str]) {
    if users.is_empty() {
        return;
    }
    context.tell("OfficialAccount.CallbackAfterAddSubscriber", |context| subscribers(context, id, users));
    let is_full = |account: &OfficialAccount| account.subscribers.len() as u64 >= account.max_subscribers;
    if context.state.official_accounts.by_id.get(id).is_some_and(is_full) {
        context.tell(
            "OfficialAccount.CallbackAfterOfficialAccountFull",
            |context| json!({"Official_Account": id, "EventTime": context.now_ms}),
        );
    }
}

pub fn unsubscribed(context: &mut Context<'_>, id: &str, users: &[&str]) {
    if !users.is_empty() {
        context.tell("OfficialAccount.CallbackAfterDeleteSubscriber", |context| subscribers(context, id, users));
    }
}

fn about(id: &str, message: &OfficialMessage, custom: Option<&str>, now_ms: u64) -> Value {
    json!({
        "Official_Account": id,
        "OnlineOnlyFlag": u8::from(message.online_only),
        "MsgBody": message.body,
        "CloudCustomData": custom.unwrap_or_default(),
        "EventTime": now_ms,
    })
}

/// The message has no key yet.
pub fn before_send(
    context: &mut Context<'_>,
    id: &str,
    message: &OfficialMessage,
    custom: Option<&str>,
) -> Result<Verdict, Answer> {
    context.ask("OfficialAccount.CallbackBeforeSendMsg", |context| about(id, message, custom, context.now_ms))
}

/// The message as it was delivered.
pub fn after_send(context: &mut Context<'_>, id: &str, message: &OfficialMessage, custom: Option<&str>) {
    context.tell("OfficialAccount.CallbackAfterSendMsg", |context| {
        let numbered = json!({"MsgKey": message.key, "MsgTime": message.time_s});
        joined(about(id, message, custom, context.now_ms), numbered)
    });
}

pub fn recalled(context: &mut Context<'_>, id: &str, keys: &[&str]) {
    if !keys.is_empty() {
        context.tell("OfficialAccount.CallbackAfterMsgWithDraw", |context| {
            json!({
                "Official_Account": id,
                "WithdrawMsgList": each("MsgKey", keys.iter().copied()),
                "EventTime": context.now_ms,
            })
        });
    }
}
