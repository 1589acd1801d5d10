//! Live groups: who is in one now, marks, robots, admins; and how many of a community are online. Users come into a live
//! group by a client SDK, here by the control plane.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::body::{list, page, text, texts, uint};
use super::groups::{NO_ACCOUNT, group_of};
use super::{Call, Context};
use crate::answer::{Answer, Outcome};
use crate::state::State;
use crate::state::groups::{Group, GroupKind};

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/group_open_http_svc/get_online_member_num", count_online),
    Call::new("v4/million_group_open_http_svc/get_online_member_num", count_online_of_community),
    Call::new("v4/group_open_avchatroom_http_svc/get_members", list_online),
    Call::new("v4/group_open_avchatroom_http_svc/check_members", check),
    Call::new("v4/group_open_avchatroom_http_svc/modify_user_info", mark),
    Call::new("v4/group_open_avchatroom_http_svc/add_robots", add_robots),
    Call::new("v4/group_open_avchatroom_http_svc/del_robots", remove_robots),
    Call::new("v4/group_open_avchatroom_http_svc/modify_admin", update_admins),
    Call::new("v4/group_open_avchatroom_http_svc/get_admin_list", list_admins),
];

/// Members on a page.
const PAGE: u64 = 500;

/// Counts a user as online who is not; hides one who is, unless asked for by it; the app's own begin here.
const AS_ONLINE: u64 = 500;
const HIDDEN: u64 = 600;
const FIRST_OWN: u64 = 1000;

/// Most marks of the app's own in a group, and most admins.
const MAX_MARKS: usize = 10;
const MAX_ADMINS: usize = 5;

fn live<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Group, Answer> {
    let group = group_of(context, body)?;
    match group.kind {
        GroupKind::AVChatRoom => Ok(group),
        _ => Err(Answer::fail_with(10007, "not a live group")),
    }
}

fn count_online(context: &mut Context<'_>, body: &Value) -> Outcome {
    let count = live(context, body)?.online().len();
    Ok(Answer::ok().with("OnlineMemberNum", count))
}

fn count_online_of_community(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = group_of(context, body)?.id.clone();
    let state = &context.state;
    let group = state.groups.get(&id).filter(|group| group.kind == GroupKind::Community);
    let group = group.ok_or_else(|| Answer::fail_with(10007, "not a community"))?;
    let is_online =
        |account: &str| state.accounts.get(account).is_some_and(|account| account.presence.status.as_str() == "Online");
    let count = group.members.iter().filter(|member| is_online(&member.account)).count();
    Ok(Answer::ok().with("OnlineMemberNum", count))
}

/// Nickname and photo as this service names them.
fn profile(state: &State, account: &str) -> (String, String) {
    state.accounts.get(account).map_or_else(Default::default, |known| {
        (known.nick.clone().unwrap_or_default(), known.face_url.clone().unwrap_or_default())
    })
}

/// The marker of a page is the place of its first member.
fn list_online(context: &mut Context<'_>, body: &Value) -> Outcome {
    let wanted = uint(body, "Mark");
    let start = uint(body, "Timestamp").ok_or_else(|| Answer::fail_with(10004, "Timestamp is missing"))?;
    let group = live(context, body)?;
    let has_mark = |account: &str, mark: u64| group.live.marks.get(account).is_some_and(|marks| marks.contains(&mark));
    let is_shown = |account: &str| match wanted {
        Some(mark) => has_mark(account, mark),
        None => !has_mark(account, HIDDEN),
    };
    let online: Vec<(String, u64)> = group
        .online()
        .into_iter()
        .filter(|(account, _)| is_shown(account))
        .map(|(account, since_s)| (account.to_owned(), since_s))
        .collect();
    let shown = page(&online, start, PAGE);
    let end = start.saturating_add(shown.len() as u64);
    let next = if end < online.len() as u64 { end } else { 0 };
    let show = |(account, since_s): &(String, u64)| {
        let (nick, avatar) = profile(context.state, account);
        json!({"Member_Account": account, "JoinTime": since_s, "NickName": nick, "Avatar": avatar})
    };
    let shown: Vec<Value> = shown.iter().map(show).collect();
    Ok(Answer::ok().with("MemberList", shown).with("NextTimestamp", next))
}

fn check(context: &mut Context<'_>, body: &Value) -> Outcome {
    let online = live(context, body)?.online();
    let inside: Vec<&str> = texts(body, "Member_Account").filter(|account| online.contains_key(account)).collect();
    Ok(Answer::ok().with("Member_Account", inside))
}

/// Only those who are in the group take a mark, but for 500; the call fails where it changes nobody.
fn mark(context: &mut Context<'_>, body: &Value) -> Outcome {
    let is_setting = match uint(body, "CommandType") {
        Some(1) => true,
        Some(2) => false,
        _ => return Err(Answer::fail_with(10004, "CommandType: 1 or 2")),
    };
    let known: Vec<bool> = list(body, "MemberList")
        .iter()
        .map(|item| context.fault(text(item, "Member_Account"), NO_ACCOUNT).is_none())
        .collect();
    let group = live(context, body)?;
    let marks_of = |item: &Value| list(item, "Marks").iter().filter_map(Value::as_u64).collect::<Vec<u64>>();
    let all: Vec<u64> = list(body, "MemberList").iter().flat_map(marks_of).collect();
    if all.is_empty() || all.iter().any(|mark| *mark < FIRST_OWN && ![AS_ONLINE, HIDDEN].contains(mark)) {
        return Err(Answer::fail_with(10004, "Marks: 1000 and above, or 500 and 600"));
    }
    let held = group.live.marks.values().flatten().copied();
    let own: BTreeSet<u64> = held.chain(all.iter().copied()).filter(|mark| *mark >= FIRST_OWN).collect();
    if is_setting && own.len() > MAX_MARKS {
        return Err(Answer::fail_with(10004, "Marks: a group has at most 10 of its own"));
    }
    let mut changed = Vec::new();
    for (item, is_known) in list(body, "MemberList").iter().zip(known) {
        let (account, marks) = (text(item, "Member_Account"), marks_of(item));
        let is_inside = group.online().contains_key(account) || marks.contains(&AS_ONLINE);
        if !is_known || !is_inside {
            continue;
        }
        let held = group.live.marks.entry(account.to_owned()).or_default();
        for mark in &marks {
            if is_setting {
                held.insert(*mark)
            } else {
                held.remove(mark)
            };
        }
        if held.is_empty() {
            group.live.marks.remove(account);
        }
        changed.push(json!({"Member_Account": account, "Marks": marks}));
    }
    if changed.is_empty() {
        return Err(Answer::fail_with(10004, "MemberList: nobody of it is in the group"));
    }
    let effects = changed.len() as u64;
    Ok(Answer::ok().with("CommandType", u8::from(!is_setting) + 1).with("MemberList", changed).changed(effects))
}

/// The same as setting mark 500.
fn add_robots(context: &mut Context<'_>, body: &Value) -> Outcome {
    for account in texts(body, "Member_Account") {
        context.need(account, NO_ACCOUNT)?;
    }
    let marks = &mut live(context, body)?.live.marks;
    let added = texts(body, "Member_Account")
        .filter(|account| marks.entry((*account).to_owned()).or_default().insert(AS_ONLINE))
        .count();
    Ok(Answer::ok().changed(added as u64))
}

fn remove_robots(context: &mut Context<'_>, body: &Value) -> Outcome {
    let marks = &mut live(context, body)?.live.marks;
    let removed = texts(body, "Member_Account")
        .filter(|account| marks.get_mut(*account).is_some_and(|held| held.remove(&AS_ONLINE)))
        .count();
    Ok(Answer::ok().changed(removed as u64))
}

/// An admin need not be in the group and stays one over leaving and coming back.
fn update_admins(context: &mut Context<'_>, body: &Value) -> Outcome {
    for account in texts(body, "Admin_Account") {
        context.need(account, NO_ACCOUNT)?;
    }
    let admins = &mut live(context, body)?.live.admins;
    let named = texts(body, "Admin_Account").map(str::to_owned);
    let mut after = admins.clone();
    match uint(body, "CommandType") {
        Some(1) => named.for_each(|account| {
            if !after.contains(&account) {
                after.push(account)
            }
        }),
        Some(2) => named.for_each(|account| after.retain(|admin| *admin != account)),
        _ => return Err(Answer::fail_with(10004, "CommandType: 1 or 2")),
    }
    if after.len() > MAX_ADMINS {
        return Err(Answer::fail_with(10004, "Admin_Account: a live group has at most 5"));
    }
    let effects = after.len().abs_diff(admins.len()) as u64;
    *admins = after;
    Ok(Answer::ok().changed(effects))
}

fn list_admins(context: &mut Context<'_>, body: &Value) -> Outcome {
    let admins = live(context, body)?.live.admins.clone();
    let show = |account: &String| {
        let (nick, avatar) = profile(context.state, account);
        json!({"Admin_Account": account, "NickName": nick, "Avatar": avatar})
    };
    let shown: Vec<Value> = admins.iter().map(show).collect();
    Ok(Answer::ok().with("Admin_List", shown))
}
