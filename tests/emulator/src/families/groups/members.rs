//! Who is in a group.

use serde_json::{Map, Value, json};

use super::info::is_wanted;
use super::{NO_ACCOUNT, group_unless, show_custom};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{list, page, text, texts, uint};
use crate::state::groups::{Group, GroupKind, Member, Role, holds};
use crate::webhooks::{events, verdict};

/// The live group keeps no list of its members.
const LIVE: &[GroupKind] = &[GroupKind::AVChatRoom];

/// Most members in one answer.
const MAX_SHOWN: u64 = 6_000;

/// Most members added in one call.
const MAX_ADDED: usize = 20;

/// What became of an account to add.
const FAILED: u8 = 0;
const DONE: u8 = 1;
const ALREADY_IN: u8 = 2;

/// A member's fields that a filter names. `Member_Account` always comes.
pub(super) fn show_member(group: &Group, member: &Member, filter: &Value, keys: Option<&Value>, now_s: u64) -> Value {
    let muted_until_s = group.mutes.get(&member.account).copied().filter(|until_s| holds(*until_s, now_s)).unwrap_or(0);
    let fields = [
        ("Role", "", json!(member.role.as_str())),
        ("JoinTime", "", json!(member.joined_s)),
        ("MsgSeq", "", json!(member.read_seq)),
        ("MsgFlag", "", json!(member.msg_flag.as_deref().unwrap_or("AcceptAndNotify"))),
        ("LastSendMsgTime", "", json!(member.last_sent_s)),
        ("MuteUntil", "ShutUpUntil", json!(muted_until_s)),
        ("NameCard", "", json!(member.name_card)),
    ];
    let mut shown: Map<String, Value> = fields
        .into_iter()
        .filter(|(field, older, _)| is_wanted(filter, field, older))
        .map(|(field, _, value)| (field.to_owned(), value))
        .collect();
    shown.insert("Member_Account".into(), json!(member.account));
    shown.insert("AppMemberDefinedData".into(), show_custom(&member.custom, keys));
    Value::Object(shown)
}

/// A member as a list shows it; whether it is online comes only where the filter names it.
fn show(context: &Context<'_>, group: &Group, member: &Member, body: &Value) -> Value {
    let keys = body.get("AppDefinedDataFilter_GroupMember").filter(|keys| !keys.is_null());
    let filter = &body["MemberInfoFilter"];
    let mut shown = show_member(group, member, filter, keys, context.now_s);
    if texts(body, "MemberInfoFilter").any(|field| field == "OnlineStatus") {
        let account = context.state.accounts.get(&member.account);
        let is_online = account.is_some_and(|account| account.presence.status.as_str() == "Online");
        shown["OnlineStatus"] = if is_online { "Online" } else { "Offline" }.into();
    }
    shown
}

fn has_role(member: &Member, body: &Value) -> bool {
    body["MemberRoleFilter"].is_null() || texts(body, "MemberRoleFilter").any(|role| role == member.role.as_str())
}

/// A community pages by Next, all others by Offset.
pub(super) fn list_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = group_unless(context, body, LIVE, 10007)?.id.clone();
    let group = context.state.groups.get(&id).ok_or_else(|| Answer::fail(10010))?;
    let is_community = group.kind == GroupKind::Community;
    if is_community && body["Next"].is_null() {
        return Err(Answer::fail_with(10004, "Next: a community pages by it, from 0 or an empty text on"));
    }
    let from = match (is_community, &body["Next"]) {
        (true, Value::String(next)) if next.is_empty() => 0,
        (true, _) => uint(body, "Next").ok_or_else(|| Answer::fail_with(10004, "Next: not from an answer"))?,
        _ => uint(body, "Offset").unwrap_or(0),
    };
    let wanted: Vec<&Member> = group.members.iter().filter(|member| has_role(member, body)).collect();
    let limit = uint(body, "Limit").filter(|limit| *limit > 0).unwrap_or(MAX_SHOWN).min(MAX_SHOWN);
    let shown = page(&wanted, from, limit);
    let members: Vec<Value> = shown.iter().map(|member| show(context, group, member, body)).collect();
    let end = from + members.len() as u64;
    let answer = Answer::ok().with("MemberNum", group.members.len()).with("MemberList", members);
    let next = if end < wanted.len() as u64 { end.to_string() } else { String::new() };
    Ok(if is_community { answer.with("Next", next) } else { answer })
}

/// Accounts that are not in the group are left out.
pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = group_unless(context, body, LIVE, 10007)?.id.clone();
    let group = context.state.groups.get(&id).ok_or_else(|| Answer::fail(10010))?;
    let members: Vec<Value> = texts(body, "Member_List_Account")
        .filter_map(|account| group.member(account))
        .filter(|member| has_role(member, body))
        .map(|member| show(context, group, member, body))
        .collect();
    Ok(Answer::ok().with("GroupId", id).with("MemberList", members))
}

/// A banned account, or one that the app's backend refuses, fails alone; one that was never imported fails the call.
pub(super) fn add(context: &mut Context<'_>, body: &Value) -> Outcome {
    group_unless(context, body, LIVE, 10007)?;
    let accounts: Vec<&str> = list(body, "MemberList").iter().map(|item| text(item, "Member_Account")).collect();
    if accounts.len() > MAX_ADDED {
        return Err(Answer::fail(10005));
    }
    for account in &accounts {
        context.need(account, NO_ACCOUNT)?;
    }
    let now_s = context.now_s;
    let group = group_unless(context, body, LIVE, 10007)?;
    let new = accounts.iter().filter(|account| group.member(account).is_none() && !group.is_banned(account, now_s));
    if (group.members.len() + new.count()) as u64 > group.max_members {
        return Err(Answer::fail(10014));
    }
    let id = group.id.clone();
    let answer = events::groups::before_add(context, &id, &accounts)?.pass()?.unwrap_or_default();
    let refused = verdict::refused(&answer, "RefusedMembers_Account");
    let group = group_unless(context, body, LIVE, 10007)?;
    let mut joined = Vec::new();
    let results = accounts.iter().map(|account| {
        let result = if group.member(account).is_some() {
            ALREADY_IN
        } else if group.is_banned(account, now_s) || refused.contains(account) {
            FAILED
        } else {
            group.join(account, Role::Member, now_s);
            joined.push(*account);
            DONE
        };
        json!({"Member_Account": account, "Result": result})
    });
    let results: Vec<Value> = results.collect();
    events::groups::added(context, &id, &joined);
    Ok(Answer::ok().with("MemberList", results).changed(joined.len() as u64))
}

/// An account that is not in the group is passed over.
pub(super) fn remove(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, LIVE, 10004)?;
    let gone: Vec<&str> = texts(body, "MemberToDel_Account").filter(|account| group.leave(account)).collect();
    let id = group.id.clone();
    events::groups::removed(context, &id, &gone);
    Ok(Answer::ok().changed(gone.len() as u64))
}

/// A member joined after the group was made and before now, or it fails.
pub(super) fn import_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    group_unless(context, body, LIVE, 10007)?;
    let is_known: Vec<bool> = list(body, "MemberList")
        .iter()
        .map(|item| context.fault(text(item, "Member_Account"), NO_ACCOUNT).is_none())
        .collect();
    let now_s = context.now_s;
    let group = group_unless(context, body, LIVE, 10007)?;
    let mut effects = 0;
    let results = list(body, "MemberList").iter().zip(is_known).map(|(item, is_known)| {
        let account = text(item, "Member_Account");
        let joined_s = uint(item, "JoinTime").unwrap_or(now_s);
        let result = if group.member(account).is_some() {
            ALREADY_IN
        } else if !is_known || !(group.created_s..=now_s).contains(&joined_s) {
            FAILED
        } else {
            let role = if text(item, "Role") == "Admin" { Role::Admin } else { Role::Member };
            let last_seq = group.log.last_seq();
            let member = group.join(account, role, joined_s);
            member.read_seq = last_seq - uint(item, "UnreadMsgNum").unwrap_or(0).min(last_seq);
            effects += 1;
            DONE
        };
        json!({"Member_Account": account, "Result": result})
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("MemberList", results).changed(effects))
}

/// Groups that count nothing unread take the call and leave everything as it is.
pub(super) fn set_unread_count(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, &[], 10007)?;
    if matches!(group.kind, GroupKind::ChatRoom | GroupKind::AVChatRoom) {
        return Ok(Answer::ok());
    }
    let unread = uint(body, "UnreadMsgNum").ok_or_else(|| Answer::fail_with(10004, "UnreadMsgNum is missing"))?;
    let last_seq = group.log.last_seq();
    let member = group.member_mut(text(body, "Member_Account"));
    let member = member.ok_or_else(|| Answer::fail_with(10007, "Member_Account is not in the group"))?;
    let read_seq = last_seq - unread.min(last_seq);
    let effects = u64::from(member.read_seq != read_seq);
    member.read_seq = read_seq;
    Ok(Answer::ok().changed(effects))
}
