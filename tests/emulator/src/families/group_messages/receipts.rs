//! Who has read a message: only for messages sent with NeedReadReceipt, not in live groups and communities.

use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{list, page, text, uint};
use crate::families::groups::{NO_ACCOUNT, group_unless};
use crate::state::groups::{Group, GroupKind};
use crate::webhooks::events;

const WITHOUT: &[GroupKind] = &[GroupKind::AVChatRoom, GroupKind::Community];

/// No receipts are kept for the message.
const NO_RECEIPTS: i64 = 10062;

/// Most members in one answer.
const PAGE: u64 = 200;

/// Those who have read a message, and those who have not; the sender is neither.
fn split(group: &Group, seq: u64) -> Option<(Vec<String>, Vec<String>)> {
    let message = group.log.get(seq)?;
    let readers = message.readers.as_ref()?;
    let others = group.members.iter().map(|member| member.account.clone()).filter(|account| *account != message.from);
    Some(others.partition(|account| readers.contains(account)))
}

fn show(group: &Group, seq: u64) -> Value {
    match split(group, seq) {
        None => json!({"Code": NO_RECEIPTS, "MsgSeq": seq, "ReadNum": 0, "UnreadNum": 0}),
        Some((read, unread)) => {
            json!({"Code": 0, "MsgSeq": seq, "ReadNum": read.len(), "UnreadNum": unread.len()})
        }
    }
}

pub(super) fn send(context: &mut Context<'_>, body: &Value) -> Outcome {
    let reader = text(body, "From_Account");
    context.need(reader, NO_ACCOUNT)?;
    let group = group_unless(context, body, WITHOUT, 10007)?;
    if group.member(reader).is_none() {
        return Err(Answer::fail_with(10007, "From_Account is not in the group"));
    }
    let (mut results, mut counts) = (Vec::new(), Vec::new());
    for item in list(body, "MsgSeqList") {
        let seq = uint(item, "MsgSeq").unwrap_or(0);
        let readers = group.log.get_mut(seq).and_then(|message| message.readers.as_mut());
        let is_new = readers.is_some_and(|readers| readers.insert(reader.to_owned()));
        let shown = show(group, seq);
        counts.extend(is_new.then(|| shown.clone()));
        results.push(shown);
    }
    let group_id = group.id.clone();
    events::group_messages::read(context, &group_id, reader, &counts);
    Ok(Answer::ok().with("GroupMsgReceiptList", results).changed(counts.len() as u64))
}

pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, WITHOUT, 10007)?;
    let seqs = list(body, "MsgSeqList").iter().map(|item| uint(item, "MsgSeq").unwrap_or(0));
    let results: Vec<Value> = seqs.map(|seq| show(group, seq)).collect();
    Ok(Answer::ok().with("GroupMsgReceiptList", results))
}

/// The marker of a page is the place of its first member, as a text.
pub(super) fn list_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, WITHOUT, 10007)?;
    let seq = uint(body, "MsgSeq").unwrap_or_else(|| group.log.last_seq());
    let (read, unread) = split(group, seq).ok_or_else(|| Answer::fail(NO_RECEIPTS))?;
    let (all, list, field) = match uint(body, "Filter") {
        Some(0) => (read, "ReadList", "Read_Account"),
        Some(1) => (unread, "UnreadList", "Unread_Account"),
        _ => return Err(Answer::fail_with(10004, "Filter: 0 or 1")),
    };
    let from = match text(body, "Cursor") {
        "" => 0,
        cursor => cursor.parse().map_err(|_| Answer::fail_with(10004, "Cursor: not from an answer"))?,
    };
    let shown = page(&all, from, uint(body, "Count").unwrap_or(PAGE).min(PAGE));
    let end = from.saturating_add(shown.len() as u64);
    let is_finished = end >= all.len() as u64;
    let shown: Vec<Value> = shown.iter().map(|account| json!({field: account})).collect();
    let cursor = if is_finished { String::new() } else { end.to_string() };
    Ok(Answer::ok()
        .with("Cursor", cursor)
        .with("IsFinish", u8::from(is_finished))
        .with("MsgSeq", seq)
        .with(list, shown))
}
