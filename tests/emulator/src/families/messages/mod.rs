//! One-to-one messages: sending them here; [`history`], [`changes`] and [`extensions`] for what comes after.

mod changes;
pub mod extensions;
mod history;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{flag, given, list, text, texts, uint};
use super::{Call, Context, refused_field};
use crate::answer::{Answer, Outcome};
use crate::state::groups::holds;
use crate::state::messages::{Mark, Message, Sent};
use crate::webhooks::exchange::waiting;
use crate::webhooks::{events, verdict};

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/openim/sendmsg", send).refusing(refused),
    Call::new("v4/openim/batchsendmsg", send_batch).refusing(refused_of_batch),
    Call::new("v4/openim/importmsg", import_message).refusing(refused),
    Call::new("v4/openim/admin_getroammsg", history::list_messages).refusing(refused),
    Call::new("v4/openim/get_c2c_unread_msg_num", history::get_unread_counts).refusing(refused),
    Call::new("v4/openim/admin_msgwithdraw", changes::recall).refusing(refused),
    Call::new("v4/openim/admin_set_msg_read", changes::mark_as_read).refusing(refused),
    Call::new("v4/openim/modify_c2c_msg", changes::update).refusing(refused),
    Call::new("v4/openim/delete_c2c_msg_ramble", changes::delete).refusing(refused),
    Call::new("v4/openim/c2c_msg_read_receipt", changes::send_read_receipts).refusing(refused),
    Call::new("v4/openim_msg_ext_http_svc/set_key_values", extensions::update),
    Call::new("v4/openim_msg_ext_http_svc/get_key_values", extensions::list_pairs),
];

/// Seconds for which sendmsg knows a message by its sender, both numbers and its content.
const KNOWN_S: u64 = 120;

/// The same for batchsendmsg.
const BATCH_KNOWN_S: u64 = 1;

/// What `ForbidCallbackControl` says to keep a message's webhooks off.
pub const NO_BEFORE: &str = "ForbidBeforeSendMsgCallback";
pub const NO_AFTER: &str = "ForbidAfterSendMsgCallback";

/// Longest body of a message, in bytes: 12 KB on the newest pages.
const MAX_MESSAGE_BYTES: usize = 12 << 10;

/// The codes that the pages have for single fields.
fn refused(_: &Value, error: &Error) -> Option<i64> {
    Some(match refused_field(error)? {
        "MsgBody" => 90002,
        "To_Account" | "Peer_Account" => 90003,
        "MsgRandom" => 90005,
        "MsgTimeStamp" => 90006,
        "From_Account" | "Operator_Account" | "Report_Account" => 90008,
        "SyncFromOldSystem" => 90030,
        "SyncOtherMachine" => 90031,
        "MsgLifeTime" => 90026,
        "MsgKey" => 90054,
        _ => return None,
    })
}

/// The batch call's page has fewer codes.
fn refused_of_batch(body: &Value, error: &Error) -> Option<i64> {
    let too_many = list(body, "To_Account").len() > 500;
    match refused(body, error)? {
        90003 if too_many => Some(90011),
        code @ (90002 | 90008 | 90026) => Some(code),
        _ => None,
    }
}

/// Whether a message is longer than the service takes.
pub fn is_too_long(body: &Value) -> bool {
    !body["MsgBody"].is_null() && body["MsgBody"].to_string().len() > MAX_MESSAGE_BYTES
}

/// Ends a call whose elements the service does not take.
fn check_body(body: &Value) -> Result<(), Answer> {
    if list(body, "MsgBody").is_empty() {
        return Err(Answer::fail_with(90002, "MsgBody: it has no element"));
    }
    let custom = list(body, "MsgBody").iter().filter(|element| element["MsgType"] == "TIMCustomElem").count();
    if custom > 1 {
        return Err(Answer::fail_with(90002, "MsgBody: more than one TIMCustomElem"));
    }
    if is_too_long(body) { Err(Answer::fail(93000)) } else { Ok(()) }
}

/// The message of a request for one receiver, at a time.
fn message_of(body: &Value, from: &str, to: &str, seq: u64, random: u64, time_s: u64) -> Message {
    let controls = |control: &str| texts(body, "SendMsgControl").any(|named| named == control);
    let online_only = flag(body, "OnlineOnlyFlag") || uint(body, "MsgLifeTime") == Some(0);
    Message {
        from: from.into(),
        to: to.into(),
        seq,
        random,
        time_s,
        key: format!("{seq}_{random}_{time_s}"),
        body: body["MsgBody"].clone(),
        custom: given(body, "CloudCustomData"),
        online_only,
        extensible: flag(body, "SupportMessageExtension"),
        is_unread: !online_only && !controls("NoUnread"),
        hidden_from: if uint(body, "SyncOtherMachine") == Some(2) { vec![from.into()] } else { Vec::new() },
        ..Message::default()
    }
}

/// The number that orders messages: the caller's, or one that the service draws, by which no repeat is known.
fn seq_of(context: &mut Context<'_>, body: &Value) -> u64 {
    uint(body, "MsgSeq").unwrap_or_else(|| context.draw())
}

/// A repeat within 120 seconds is answered as the first was: the page does not say what it is answered.
fn send(context: &mut Context<'_>, body: &Value) -> Outcome {
    let random = uint(body, "MsgRandom").ok_or_else(|| Answer::fail(90005))?;
    check_body(body)?;
    let (to, from) = (text(body, "To_Account"), context.sender(body));
    context.need(to, 90012)?;
    context.need(&from, 20003)?;
    if holds(context.state.accounts[&from].muted.one_to_one_until_s, context.now_s) {
        return Err(Answer::fail(20012));
    }
    let seq = seq_of(context, body);
    let message = message_of(body, &from, to, seq, random, context.now_s);
    let fate = fate_of(context, body, message, KNOWN_S).ok_or_else(waiting)?;
    let (sent, effects) = deliver(context, body, fate)?;
    Ok(Answer::ok().with("MsgTime", sent.time_s).with("MsgKey", sent.key).changed(effects))
}

/// What is to become of a message.
enum Fate {
    /// It came before, and this is what it was answered.
    Known(Sent),
    /// It is delivered, perhaps with another content; the mark is that of the message as it came.
    Delivered(Mark, Message),
    /// Nobody gets it, and its sender sees a success.
    Dropped(Message),
    /// Nobody gets it, and its sender gets this.
    Refused(Answer),
}

/// Whether a request keeps a webhook from one message.
pub fn forbids(body: &Value, callback: &str) -> bool {
    texts(body, "ForbidCallbackControl").any(|forbidden| forbidden == callback)
}

/// Asks the app's backend, where it has not been asked about the same message before. `None` until it has answered.
fn fate_of(context: &mut Context<'_>, body: &Value, mut message: Message, window_s: u64) -> Option<Fate> {
    let mark = message.mark();
    if let Some(sent) = context.state.messages.repeated(&mark, window_s, context.now_s) {
        return Some(Fate::Known(sent));
    }
    if forbids(body, NO_BEFORE) {
        return Some(Fate::Delivered(mark, message));
    }
    Some(match events::messages::before_send(context, &message)?.pass() {
        Err(refusal) => Fate::Refused(refusal),
        Ok(None) => Fate::Dropped(message),
        Ok(Some(answer)) => {
            verdict::replace(&answer, &mut message.body, &mut message.custom);
            Fate::Delivered(mark, message)
        }
    })
}

/// Gives what the sender is answered, and how many messages are new.
fn deliver(context: &mut Context<'_>, body: &Value, fate: Fate) -> Result<(Sent, u64), Answer> {
    match fate {
        Fate::Known(sent) => Ok((sent, 0)),
        Fate::Refused(refusal) => Err(refusal),
        Fate::Dropped(message) => Ok((Sent { time_s: message.time_s, key: message.key }, 0)),
        Fate::Delivered(mark, message) => {
            let sent = context.state.messages.send(mark, message.clone());
            note_contact(context, body, &message.from, &message.to);
            if !forbids(body, NO_AFTER) {
                events::messages::after_send(context, &message);
            }
            if is_pushed(body, message.online_only) {
                events::messages::pushed(context, &message);
            }
            Ok((sent, 1))
        }
    }
}

/// Whether receivers who lost their connection get an offline push.
pub fn is_pushed(body: &Value, online_only: bool) -> bool {
    !online_only && body["OfflinePushInfo"]["PushFlag"] != 1
}

/// A receiver that is not imported, or for whom the app's backend refuses the message, fails alone; where all of them
/// fail, the call does.
fn send_batch(context: &mut Context<'_>, body: &Value) -> Outcome {
    let random = uint(body, "MsgRandom").ok_or_else(|| Answer::fail_with(90010, "MsgRandom is missing"))?;
    check_body(body)?;
    let from = context.sender(body);
    context.need(&from, 90008)?;
    let seq = seq_of(context, body);
    let (mut failed, mut fates) = (Vec::new(), Vec::new());
    for to in texts(body, "To_Account") {
        match context.fault(to, 70107) {
            Some(code) => failed.push(json!({"To_Account": to, "ErrorCode": code})),
            None => {
                let message = message_of(body, &from, to, seq, random, context.now_s);
                fates.push((to, fate_of(context, body, message, BATCH_KNOWN_S)));
            }
        }
    }
    // All are asked about before one is sent.
    let fates: Option<Vec<(&str, Fate)>> = fates.into_iter().map(|(to, fate)| Some((to, fate?))).collect();
    let (mut key, mut effects, mut refusal) = (None, 0, None);
    for (to, fate) in fates.ok_or_else(waiting)? {
        match deliver(context, body, fate) {
            Ok((sent, new)) => {
                key.get_or_insert(sent.key);
                effects += new;
            }
            Err(refused) => {
                failed.push(json!({"To_Account": to, "ErrorCode": refused.code}));
                refusal.get_or_insert(refused);
            }
        }
    }
    Ok(match key {
        None => refusal.unwrap_or_else(|| Answer::fail(90012)).with("ErrorList", failed),
        Some(key) if failed.is_empty() => Answer::ok().with("MsgKey", key).changed(effects),
        Some(key) => Answer::ok().partly().with("MsgKey", key).with("ErrorList", failed).changed(effects),
    })
}

/// Puts the conversation into both lists, unless the message says not to.
fn note_contact(context: &mut Context<'_>, body: &Value, from: &str, to: &str) {
    if texts(body, "SendMsgControl").any(|control| control == "NoLastMsg") {
        return;
    }
    let now_s = context.now_s;
    if uint(body, "SyncOtherMachine") != Some(2) {
        context.state.contacts.note_user(from, to, now_s);
    }
    context.state.contacts.note_user(to, from, now_s);
}

/// 5 is a live message during a migration, which counts as unread; 2 is an old one.
fn import_message(context: &mut Context<'_>, body: &Value) -> Outcome {
    let is_live = match uint(body, "SyncFromOldSystem") {
        Some(5) => true,
        Some(2) => false,
        _ => return Err(Answer::fail(90030)),
    };
    let random = uint(body, "MsgRandom").ok_or_else(|| Answer::fail(90005))?;
    let time_s = uint(body, "MsgTimeStamp").ok_or_else(|| Answer::fail(90006))?;
    check_body(body)?;
    let (from, to) = (text(body, "From_Account"), text(body, "To_Account"));
    context.need(from, 90008)?;
    context.need(to, 90012)?;
    let seq = seq_of(context, body);
    let message = Message { is_unread: is_live, ..message_of(body, from, to, seq, random, time_s) };
    let is_new = context.state.messages.import(message);
    if is_new {
        context.state.contacts.note_user(from, to, time_s);
        context.state.contacts.note_user(to, from, time_s);
    }
    Ok(Answer::ok().changed(is_new.into()))
}
