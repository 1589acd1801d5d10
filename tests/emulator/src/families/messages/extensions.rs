//! The key values of a message; those of group messages are read and changed in the same way.

use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{list, text, uint};
use crate::state::extensions::Extensions;
use crate::webhooks::events;

/// Most key values in one call, and most in one answer.
const MAX_CHANGES: usize = 20;
const PAGE: usize = 200;

/// The message may not have extensions, or does not exist.
pub const NOT_EXTENSIBLE: i64 = 23002;
pub const NO_MESSAGE: i64 = 23004;

/// The extensions of the message named, whichever of the two sent it.
fn extensions_of<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Extensions, Answer> {
    let (from, to) = (context.sender(body), text(body, "To_Account"));
    let message = context.state.messages.find_mut(&from, to, text(body, "MsgKey"));
    let message = message.filter(|message| !message.is_recalled && !message.online_only);
    let message = message.ok_or_else(|| Answer::fail(NO_MESSAGE))?;
    if message.extensible { Ok(&mut message.extensions) } else { Err(Answer::fail(NOT_EXTENSIBLE)) }
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let (answer, results, seq) = change(extensions_of(context, body)?, body, now_s)?;
    events::messages::extended(context, body, &results, seq);
    Ok(answer)
}

pub(super) fn list_pairs(context: &mut Context<'_>, body: &Value) -> Outcome {
    Ok(show(extensions_of(context, body)?, body))
}

/// Does what OperateType says: 1 sets, 2 removes, 3 clears. An admin's Seq is not looked at, and only admins call.
/// Gives the answer, and for the webhook the results and the newest version.
pub fn change(extensions: &mut Extensions, body: &Value, now_s: u64) -> Result<(Answer, Vec<Value>, u64), Answer> {
    let pairs = list(body, "ExtensionList");
    let operation = uint(body, "OperateType");
    match operation {
        Some(1 | 2) if pairs.is_empty() => return Err(Answer::fail_with(10004, "ExtensionList is missing")),
        Some(1 | 2) if pairs.len() > MAX_CHANGES => return Err(Answer::fail_with(10004, "ExtensionList: over 20")),
        Some(1..=3) => {}
        _ => return Err(Answer::fail_with(10004, "OperateType: not 1, 2 or 3")),
    }
    if operation == Some(1) && !extensions.has_room_for(pairs.iter().map(|pair| text(pair, "Key"))) {
        return Err(Answer::fail_with(10004, "ExtensionList: a message has at most 300"));
    }
    if extensions.is_too_often(pairs.len().max(1), now_s) {
        return Err(Answer::fail(23003));
    }
    if operation == Some(3) {
        extensions.clear();
        let answer = Answer::ok().with("ExtensionList", json!([])).changed(1);
        return Ok((answer, Vec::new(), extensions.latest_seq));
    }
    let results = pairs.iter().map(|pair| {
        let key = text(pair, "Key");
        let (value, seq) = match operation {
            Some(1) => (text(pair, "Value"), extensions.set(key, text(pair, "Value"))),
            _ => ("", extensions.remove(key)),
        };
        json!({"ErrorCode": 0, "Extension": {"Key": key, "Value": value, "Seq": seq}})
    });
    let results: Vec<Value> = results.collect();
    let answer = Answer::ok().changed(results.len() as u64).with("ExtensionList", results.clone());
    Ok((answer, results, extensions.latest_seq))
}

/// Shows the key values from StartSeq on.
pub fn show(extensions: &Extensions, body: &Value) -> Answer {
    let pairs = extensions.since(uint(body, "StartSeq").unwrap_or(0));
    let page: Vec<Value> =
        pairs.iter().take(PAGE).map(|(key, pair)| json!({"Key": key, "Value": pair.value, "Seq": pair.seq})).collect();
    Answer::ok()
        .with("ExtensionList", page)
        .with("CompleteFlag", u8::from(pairs.len() <= PAGE))
        .with("LatestSeq", extensions.latest_seq)
        .with("ClearSeq", extensions.clear_seq)
}
