//! Roles and settings of members, and the owner.

use serde_json::{Value, json};

use super::{group_unless, set_custom};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{text, texts, uint};
use crate::state::groups::{GroupKind, Role, end_of};
use crate::webhooks::events;

const LIVE: &[GroupKind] = &[GroupKind::AVChatRoom];

const FLAGS: [&str; 4] = ["AcceptAndNotify", "AcceptNotNotify", "Discard", "AcceptNotNotifyExceptAt"];

pub(super) fn update_member(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let group = group_unless(context, body, LIVE, 10007)?;
    let account = text(body, "Member_Account");
    let role = match body["Role"].as_str() {
        None => None,
        Some("Admin") => Some(Role::Admin),
        Some("Member") => Some(Role::Member),
        Some(_) => return Err(Answer::fail_with(10004, "Role: Admin or Member; change_group_owner makes an owner")),
    };
    let flag = body["MsgFlag"].as_str();
    if flag.is_some_and(|flag| !FLAGS.contains(&flag)) {
        return Err(Answer::fail_with(10004, "MsgFlag: not a message setting"));
    }
    let muted_s = uint(body, "MuteTime").or_else(|| uint(body, "ShutUpTime"));
    if muted_s.is_some() && group.kind == GroupKind::Private {
        return Err(Answer::fail_with(10007, "a Private group cannot mute"));
    }
    let member = group.member_mut(account);
    let member = member.ok_or_else(|| Answer::fail_with(10007, "Member_Account is not in the group"))?;
    if role.is_some() && member.role == Role::Owner {
        return Err(Answer::fail_with(10007, "the owner's role changes by change_group_owner only"));
    }
    member.role = role.unwrap_or(member.role);
    if let Some(flag) = flag {
        member.msg_flag = Some(flag.to_owned());
    }
    if let Some(name) = body["NameCard"].as_str() {
        member.name_card = name.to_owned();
    }
    set_custom(&mut member.custom, body, "AppMemberDefinedData");
    match muted_s {
        None => {}
        Some(0) => drop(group.mutes.remove(account)),
        Some(seconds) => drop(group.mutes.insert(account.to_owned(), end_of(seconds, now_s))),
    }
    events::groups::member_changed(context, body);
    Ok(Answer::ok().changed(1))
}

pub(super) fn get_roles(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = group_unless(context, body, LIVE, 10007)?;
    let role = |account: &str| group.member(account).map_or("NotMember", |member| member.role.as_str());
    let roles: Vec<Value> =
        texts(body, "User_Account").map(|account| json!({"Member_Account": account, "Role": role(account)})).collect();
    Ok(Answer::ok().with("UserIdList", roles))
}

/// The old owner stays as an ordinary member. It gives an owner to a group that had none, too.
pub(super) fn change_owner(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let group = group_unless(context, body, LIVE, 10007)?;
    let account = text(body, "NewOwner_Account");
    if group.member(account).is_none() {
        return Err(Answer::fail_with(10007, "NewOwner_Account is not in the group"));
    }
    if group.owner.as_deref() == Some(account) {
        return Ok(Answer::ok());
    }
    for member in &mut group.members {
        if member.role == Role::Owner {
            member.role = Role::Member;
        }
        if member.account == account {
            member.role = Role::Owner;
        }
    }
    let old = group.owner.replace(account.to_owned());
    group.changed(now_s);
    let id = group.id.clone();
    events::groups::owner_changed(context, &id, old.as_deref(), account);
    Ok(Answer::ok().changed(1))
}
