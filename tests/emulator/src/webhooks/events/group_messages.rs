//! Messages of groups and topics.

use serde_json::{Value, json};

use super::{about_group, each, fields, joined, push};
use crate::answer::Answer;
use crate::families::Context;
use crate::state::group_log::GroupMessage;
use crate::webhooks::verdict::Verdict;

/// Adds the topic, where the message is in one.
fn in_topic(mut body: Value, topic: &Value) -> Value {
    if topic.is_string() {
        body["TopicId"] = topic.clone();
    }
    body
}

fn about(context: &Context<'_>, request: &Value, message: &GroupMessage) -> Value {
    let id = request["GroupId"].as_str().unwrap_or_default();
    let about = json!({
        "From_Account": message.from,
        "Operator_Account": context.caller,
        "Random": message.random,
        "OnlineOnlyFlag": u8::from(message.online_only),
        "MsgBody": message.body,
        "CloudCustomData": message.custom.as_deref().unwrap_or_default(),
    });
    in_topic(about_group(context, id, about), &request["TopicId"])
}

/// The message has no number yet.
pub fn before_send(context: &mut Context<'_>, request: &Value, message: &GroupMessage) -> Result<Verdict, Answer> {
    context.ask("Group.CallbackBeforeSendMsg", |context| about(context, request, message))
}

/// The message as it was delivered. The owners of chatbots that it mentions are told, too.
pub fn after_send(context: &mut Context<'_>, request: &Value, message: &GroupMessage, seq: u64) {
    let numbered = |context: &Context<'_>| {
        joined(about(context, request, message), json!({"MsgSeq": seq, "MsgTime": message.time_s}))
    };
    let mentions = request["GroupAtInfo"].as_array().map_or(&[][..], Vec::as_slice);
    context.tell("Group.CallbackAfterSendMsg", |context| {
        let mut body = numbered(context);
        if !mentions.is_empty() {
            body["GroupAtInfo"] = mentions.into();
        }
        body
    });
    let mentioned = mentions.iter().filter_map(|mention| mention["GroupAt_Account"].as_str());
    let bots: Vec<&str> = mentioned.filter(|account| context.state.robots.is_enabled(account)).collect();
    if !bots.is_empty() {
        let event_time = context.now_ms;
        context.tell("Bot.OnGroupMessage", |context| {
            joined(numbered(context), json!({"AtRobots_Account": bots, "EventTime": event_time}))
        });
    }
}

/// The message needs an offline push to some members.
pub fn pushed(context: &mut Context<'_>, group_id: &str, message: &GroupMessage, seq: u64) {
    if !context.exchange.is_on(push::OFFLINE_PUSH) {
        return;
    }
    let members: Vec<String> = context.state.groups.get(group_id).map_or_else(Vec::new, |group| {
        group.members.iter().map(|member| member.account.clone()).filter(|account| *account != message.from).collect()
    });
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let about = json!({
        "EventType": 2,
        "From_Account": message.from,
        "MsgKey": "",
        "GroupID": group_id,
        "MsgSeq": seq,
        "MsgRandom": 0,
        "MsgTime": message.time_s,
    });
    push::offline(context, &members, &about);
}

pub fn recalled(context: &mut Context<'_>, request: &Value, seqs: &[u64]) {
    if seqs.is_empty() {
        return;
    }
    context.tell("Group.CallbackAfterRecallMsg", |context| {
        let id = request["GroupId"].as_str().unwrap_or_default();
        let list: Vec<Value> = seqs.iter().map(|seq| json!({"MsgSeq": seq})).collect();
        let about = json!({"Operator_Account": context.caller, "MsgSeqList": list});
        in_topic(about_group(context, id, about), &request["TopicId"])
    });
}

/// The key values as the call's answer has them.
pub fn extended(context: &mut Context<'_>, request: &Value, results: &[Value], seq: u64) {
    context.tell("Group.CallbackAfterGroupMsgExtension", |context| {
        let about = json!({"GroupId": request["GroupId"], "MsgSeq": request["MsgSeq"]});
        joined(about, super::messages::extensions(request, results, seq, context.now_ms))
    });
}

/// Who has read which messages now, with their counts as the call's answer has them.
pub fn read(context: &mut Context<'_>, group_id: &str, reader: &str, counts: &[Value]) {
    if counts.is_empty() {
        return;
    }
    context.tell("Group.CallbackAfterReadReceipt", |context| {
        let receipt = |count: &Value| {
            let mut receipt = fields(count.clone());
            receipt.remove("Code");
            receipt.insert("ReadReceiptMembers".into(), each("Member_Account", [reader]));
            Value::Object(receipt)
        };
        let list: Vec<Value> = counts.iter().map(receipt).collect();
        about_group(context, group_id, json!({"GroupMsgReceiptList": list}))
    });
}
