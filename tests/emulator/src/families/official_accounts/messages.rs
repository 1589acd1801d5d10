//! What an official account says to its subscribers.

use serde_json::{Value, json};

use super::{BAD_PARAMETER, named};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{flag, given, list, text, texts, uint};
use crate::families::messages::{NO_AFTER, NO_BEFORE, forbids, is_too_long};
use crate::state::official_accounts::OfficialMessage;
use crate::webhooks::{events, verdict};

/// Seconds for which a message is known by its random number and content.
const KNOWN_S: u64 = 300;

/// Most messages in one answer.
const PAGE: usize = 20;

/// As in groups, whose class of results SDKs share: no such message, and one that cannot be recalled.
const NO_MESSAGE: i64 = 10030;
const NOT_RECALLABLE: i64 = 10032;

/// A repeat is answered as the first was.
pub(super) fn send(context: &mut Context<'_>, body: &Value) -> Outcome {
    let random = uint(body, "Random").ok_or_else(|| Answer::fail_with(BAD_PARAMETER, "Random is missing"))?;
    if list(body, "MsgBody").is_empty() || is_too_long(body) {
        return Err(Answer::fail_with(BAD_PARAMETER, "the message has no element, or over 12 KB"));
    }
    let online_only = flag(body, "OnlineOnlyFlag");
    if online_only && texts(body, "SendMsgControl").any(|control| control == "NoLastMsg") {
        return Err(Answer::fail_with(BAD_PARAMETER, "NoLastMsg does not go with OnlineOnlyFlag"));
    }
    let time_s = context.now_s;
    let mut message =
        OfficialMessage { random, time_s, body: body["MsgBody"].clone(), online_only, ..OfficialMessage::default() };
    let answer =
        |message: &OfficialMessage| Answer::ok().with("MsgTime", message.time_s).with("MsgKey", message.key.as_str());
    let (id, account) = (text(body, "Official_Account"), named(context, body)?);
    if let Some(known) = account.repeated(&message, KNOWN_S) {
        return Ok(answer(known));
    }
    let mark = message.body.clone();
    let mut custom = given(body, "CloudCustomData");
    if !forbids(body, NO_BEFORE) {
        let verdict = events::official_accounts::before_send(context, id, &message, custom.as_deref())?;
        let Some(changes) = verdict.pass()? else {
            // Nobody gets it. The sender sees a key like any other.
            return Ok(answer(&named(context, body)?.numbered(message)));
        };
        verdict::replace(&changes, &mut message.body, &mut custom);
    }
    let sent = named(context, body)?.send(mark, message).clone();
    if !forbids(body, NO_AFTER) {
        events::official_accounts::after_send(context, id, &sent, custom.as_deref());
    }
    Ok(answer(&sent).changed(1))
}

/// From the newest, or from the message before `LastMsgKey`, back.
pub(super) fn list_messages(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = text(body, "Official_Account").to_owned();
    let kept_from_s = context.kept_from_s();
    let account = named(context, body)?;
    let most = PAGE.min(usize::try_from(uint(body, "ReqMsgNumber").unwrap_or(0)).unwrap_or(PAGE));
    let with_recalled = flag(body, "WithRecalledMsg");
    let last_key = text(body, "LastMsgKey");
    // A key that is not there any more begins anew.
    let end = account.messages.iter().position(|message| message.key == last_key).unwrap_or(account.messages.len());
    let mut all = account.messages[..end]
        .iter()
        .rev()
        .filter(|message| !message.online_only && (with_recalled || !message.is_recalled))
        .peekable();
    let mut shown = Vec::new();
    while shown.len() < most
        && let Some(message) = all.next_if(|message| message.time_s >= kept_from_s)
    {
        shown.push(message);
    }
    let is_finished = match all.peek() {
        None => 1,
        Some(message) if message.time_s < kept_from_s => 2,
        Some(_) => 0,
    };
    let last_key = shown.last().map_or("", |message| message.key.as_str()).to_owned();
    let shown: Vec<Value> = shown.into_iter().map(|message| show(&id, message)).collect();
    Ok(Answer::ok()
        .with("Official_Account", id)
        .with("IsFinished", is_finished)
        .with("RspMsgList", shown)
        .with("LastMsgKey", last_key))
}

fn show(id: &str, message: &OfficialMessage) -> Value {
    json!({
        "From_Account": id,
        "IsPlaceMsg": if message.is_recalled { 2 } else { 0 },
        "IsSystemMsg": 0,
        "MsgBody": message.body,
        "MsgKey": message.key,
        "MsgPriority": 2,
        "MsgRandom": message.random,
        "MsgSeq": message.seq,
        "MsgTimeStamp": message.time_s,
    })
}

pub(super) fn recall(context: &mut Context<'_>, body: &Value) -> Outcome {
    let account = named(context, body)?;
    let mut recalled = Vec::new();
    let results = texts(body, "MsgKeyList").map(|key| {
        let code = match account.messages.iter_mut().find(|message| message.key == key) {
            None => NO_MESSAGE,
            Some(message) if message.is_recalled || message.online_only => NOT_RECALLABLE,
            Some(message) => {
                message.is_recalled = true;
                recalled.push(key);
                0
            }
        };
        json!({"MsgKey": key, "RetCode": code})
    });
    let results: Vec<Value> = results.collect();
    events::official_accounts::recalled(context, text(body, "Official_Account"), &recalled);
    Ok(Answer::ok().with("RecallRetList", results).changed(recalled.len() as u64))
}
