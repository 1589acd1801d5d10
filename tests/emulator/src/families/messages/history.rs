//! Reading one-to-one messages, and counting those that are unread.

use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{list, text, texts, uint};
use crate::state::messages::Message;

/// An answer is cut at about so many bytes of messages.
const MAX_ANSWER_BYTES: usize = 13_000;

/// The older pages name the two parties From_Account and To_Account.
fn parties(body: &Value) -> (&str, &str) {
    let either = |newer: &str, older: &str| body[newer].as_str().unwrap_or_else(|| text(body, older));
    (either("Operator_Account", "From_Account"), either("Peer_Account", "To_Account"))
}

/// Goes back in time from page to page: the newest messages of the range come first, each page by itself in the order
/// of time, so that its first message is the one to go on from.
pub(super) fn list_messages(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (operator, peer) = parties(body);
    context.need(operator, 90008)?;
    context.need(peer, 90003)?;
    let (Some(most), Some(from_s), Some(to_s)) = (uint(body, "MaxCnt"), uint(body, "MinTime"), uint(body, "MaxTime"))
    else {
        return Err(Answer::fail_with(90001, "MaxCnt, MinTime and MaxTime are required"));
    };
    let all = context.state.messages.between(operator, peer);
    let from_s = from_s.max(context.kept_from_s());
    let in_range: Vec<&Message> = all
        .iter()
        .filter(|message| (from_s..=to_s).contains(&message.time_s) && message.is_seen_by(operator))
        .collect();
    // A key that is not there any more leaves the range as it is.
    let last_key = text(body, "LastMsgKey");
    let end = in_range.iter().position(|message| message.key == last_key).unwrap_or(in_range.len());
    let (mut start, mut bytes) = (end, 0);
    while start > 0 && ((end - start) as u64) < most {
        bytes += in_range[start - 1].body.to_string().len();
        if bytes > MAX_ANSWER_BYTES && start < end {
            break;
        }
        start -= 1;
    }
    let page: Vec<Value> = in_range[start..end].iter().map(|message| show(message)).collect();
    let first = in_range[start..end].first();
    Ok(Answer::ok()
        .with("Complete", u8::from(start == 0))
        .with("MsgCnt", page.len())
        .with("LastMsgTime", first.map_or(0, |message| message.time_s))
        .with("LastMsgKey", first.map_or("", |message| message.key.as_str()))
        .with("MsgList", page))
}

fn show(message: &Message) -> Value {
    let mut shown = json!({
        "From_Account": message.from,
        "To_Account": message.to,
        "MsgSeq": message.seq,
        "MsgRandom": message.random,
        "MsgTimeStamp": message.time_s,
        "MsgFlagBits": if message.is_recalled { 8 } else { 0 },
        "IsPeerRead": u8::from(message.has_receipt),
        "MsgKey": message.key,
        "MsgBody": message.body,
    });
    if let Some(custom) = &message.custom {
        shown["CloudCustomData"] = custom.as_str().into();
    }
    shown
}

/// Without Peer_Account the answer is the total, with it the count of each conversation named.
pub(super) fn get_unread_counts(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "To_Account");
    context.need(user, 90003)?;
    let unread = context.state.messages.unread(user);
    if list(body, "Peer_Account").is_empty() {
        return Ok(Answer::ok().with("AllC2CUnreadMsgNum", unread.values().sum::<u64>()));
    }
    let (mut counts, mut failed) = (Vec::new(), Vec::new());
    for peer in texts(body, "Peer_Account") {
        match context.fault(peer, 70107) {
            Some(code) => failed.push(json!({"Peer_Account": peer, "ErrorCode": code})),
            None => counts.push(json!({
                "Peer_Account": peer,
                "C2CUnreadMsgNum": unread.get(peer).copied().unwrap_or(0),
            })),
        }
    }
    Ok(Answer::ok().with("C2CUnreadMsgNumList", counts).with("ErrorList", failed))
}
