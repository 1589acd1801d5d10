//! Importing old messages of a group.

use serde_json::{Value, json};

use super::log_of;
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{flag, given, list, text, uint};
use crate::families::groups::{NO_ACCOUNT, group_unless};
use crate::state::group_log::GroupMessage;
use crate::state::groups::GroupKind;

/// Longest message of another system, in bytes.
const MAX_IMPORTED_BYTES: usize = 8000;

/// Messages come in the order of time, each before now, after the making of the group and after the newest message.
/// Afterwards nobody has anything unread.
pub(super) fn import_messages(context: &mut Context<'_>, body: &Value) -> Outcome {
    group_unless(context, body, &[GroupKind::AVChatRoom], 10007)?;
    for item in list(body, "MsgList") {
        context.need(text(item, "From_Account"), NO_ACCOUNT)?;
    }
    let now_s = context.now_s;
    let group = group_unless(context, body, &[GroupKind::AVChatRoom], 10007)?;
    let with_contacts =
        flag(body, "RecentContactFlag") && !matches!(group.kind, GroupKind::Community | GroupKind::AVChatRoom);
    let created_s = group.created_s;
    let log = log_of(group, body)?;
    let (mut results, mut effects) = (Vec::new(), 0);
    for item in list(body, "MsgList") {
        let time_s = uint(item, "SendTime").unwrap_or(0);
        let random = uint(item, "Random");
        let repeated = random.and_then(|random| log.repeated(random, now_s));
        let (seq, time_s, code) = if let Some((seq, time_s)) = repeated {
            (seq, time_s, 0)
        } else if item["MsgBody"].to_string().len() > MAX_IMPORTED_BYTES {
            (0, time_s, 80002)
        } else if !(created_s..=now_s).contains(&time_s) || time_s <= log.last_time_s() {
            (0, time_s, 10004)
        } else {
            let message = GroupMessage {
                from: text(item, "From_Account").to_owned(),
                random: random.unwrap_or(0),
                time_s,
                body: item["MsgBody"].clone(),
                custom: given(item, "CloudCustomData"),
                priority: 2,
                ..GroupMessage::default()
            };
            effects += 1;
            (log.push(message, random, now_s), time_s, 0)
        };
        results.push(json!({"MsgSeq": seq, "MsgTime": time_s, "Result": code}));
    }
    if body["TopicId"].is_null() {
        let last_seq = group.log.last_seq();
        for member in &mut group.members {
            member.read_seq = last_seq;
        }
    }
    if with_contacts && effects > 0 {
        let (id, last_s) = (group.id.clone(), group.log.last_time_s());
        let members: Vec<String> = group.members.iter().map(|member| member.account.clone()).collect();
        for member in members {
            context.state.contacts.note_group(&member, &id, last_s);
        }
    }
    Ok(Answer::ok().with("ImportMsgResult", results).changed(effects))
}
