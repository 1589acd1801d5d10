//! One-to-one messages, those to chatbots among them.

use serde_json::{Value, json};

use super::{joined, push};
use crate::families::Context;
use crate::state::State;
use crate::state::messages::Message;
use crate::webhooks::verdict::Verdict;

fn about(message: &Message) -> Value {
    json!({
        "From_Account": message.from,
        "To_Account": message.to,
        "MsgSeq": message.seq,
        "MsgRandom": message.random,
        "MsgTime": message.time_s,
        "MsgKey": message.key,
        "OnlineOnlyFlag": u8::from(message.online_only),
        "MsgBody": message.body,
        "CloudCustomData": message.custom.as_deref().unwrap_or_default(),
    })
}

/// The unread one-to-one messages of a user, from all senders.
fn unread(state: &State, user: &str) -> u64 {
    state.messages.unread(user).values().sum()
}

/// A question for each receiver.
pub fn before_send(context: &mut Context<'_>, message: &Message) -> Option<Verdict> {
    context.question("C2C.CallbackBeforeSendMsg", &message.to, |_| about(message))
}

/// The message as it was delivered. A chatbot's owner is told, too, and so is who follows pushes.
pub fn after_send(context: &mut Context<'_>, message: &Message) {
    let body = |context: &Context<'_>| {
        let unread = unread(context.state, &message.to);
        let result = json!({"SendMsgResult": 0, "ErrorInfo": "send msg succeed", "UnreadMsgNum": unread});
        joined(about(message), result)
    };
    context.tell("C2C.CallbackAfterSendMsg", body);
    if context.state.robots.is_enabled(&message.to) {
        context.tell("Bot.OnC2CMessage", body);
    }
}

/// The message needs an offline push.
pub fn pushed(context: &mut Context<'_>, message: &Message) {
    if !context.exchange.is_on(push::OFFLINE_PUSH) {
        return;
    }
    let about = json!({
        "EventType": 1,
        "From_Account": message.from,
        "MsgKey": message.key,
        "GroupID": "",
        "MsgSeq": message.seq,
        "MsgRandom": message.random,
        "MsgTime": message.time_s,
    });
    push::offline(context, &[&message.to], &about);
}

pub fn read(context: &mut Context<'_>, reader: &str, peer: &str, until_s: u64) {
    context.tell("C2C.CallbackAfterMsgReport", |context| {
        json!({
            "Report_Account": reader,
            "Peer_Account": peer,
            "LastReadTime": until_s,
            "UnreadMsgNum": unread(context.state, reader),
        })
    });
}

pub fn recalled(context: &mut Context<'_>, from: &str, to: &str, key: &str) {
    context.tell("C2C.CallbackAfterMsgWithDraw", |context| {
        json!({
            "From_Account": from,
            "To_Account": to,
            "MsgKey": key,
            "UnreadMsgNum": unread(context.state, to),
        })
    });
}

/// The key values as the call's answer has them.
pub fn extended(context: &mut Context<'_>, request: &Value, results: &[Value], seq: u64) {
    context.tell("C2C.CallbackAfterC2CMsgExtension", |context| {
        let about = json!({
            "From_Account": context.sender(request),
            "To_Account": request["To_Account"],
            "MsgKey": request["MsgKey"],
        });
        joined(about, extensions(request, results, seq, context.now_ms))
    });
}

/// What changed of the key values of any message.
pub fn extensions(request: &Value, results: &[Value], seq: u64, now_ms: u64) -> Value {
    let list: Vec<&Value> = results.iter().map(|result| &result["Extension"]).collect();
    json!({"OperateType": request["OperateType"], "ExtensionList": list, "Seq": seq, "EventTime": now_ms})
}
