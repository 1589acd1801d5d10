//! Making groups and ending them.

use serde_json::Value;

use super::{NO_ACCOUNT, group_of, set_custom};
use crate::answer::{Answer, Outcome};
use crate::families::Context;
use crate::families::body::{flag, list, text, uint};
use crate::state::groups::{Group, GroupKind, Role};
use crate::webhooks::events;

/// Most members in the request that makes a group.
const MAX_FIRST_MEMBERS: usize = 100;

/// Longest id of somebody's own choice, in bytes.
const MAX_ID_BYTES: usize = 48;

pub(super) fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let kind = kind_of(body)?;
    let members = list(body, "MemberList");
    if kind == GroupKind::AVChatRoom && !members.is_empty() {
        // Users of a live group, its owner among them, come in by themselves.
        return Err(Answer::fail_with(10007, "a live group takes no members"));
    }
    if members.len() > MAX_FIRST_MEMBERS {
        return Err(Answer::fail(10005));
    }
    for member in members {
        context.need(text(member, "Member_Account"), NO_ACCOUNT)?;
        if !matches!(text(member, "Role"), "" | "Admin" | "Member") {
            return Err(Answer::fail_with(10004, "MemberList: Role is Admin or left out"));
        }
    }
    // Every group is this app's own, so a taken id is taken by the caller itself.
    let mut group = group_to_make(context, body, kind, 10025)?;
    let names: Vec<&str> = members.iter().map(|member| text(member, "Member_Account")).collect();
    for member in members {
        let account = text(member, "Member_Account");
        if group.member(account).is_none() {
            let role = if text(member, "Role") == "Admin" { Role::Admin } else { Role::Member };
            let joined = group.join(account, role, context.now_s);
            set_custom(&mut joined.custom, member, "AppMemberDefinedData");
        }
    }
    if group.members.len() as u64 > group.max_members {
        return Err(Answer::fail(10038));
    }
    events::groups::before_create(context, &group, &names)?.pass()?;
    let id = group.id.clone();
    let answer = insert(context, group);
    events::groups::created(context, &id, &names);
    Ok(answer)
}

/// As [`create`], without first members, at a time of the past, and not for live groups.
pub(super) fn import_group(context: &mut Context<'_>, body: &Value) -> Outcome {
    let kind = kind_of(body)?;
    if kind == GroupKind::AVChatRoom {
        return Err(Answer::fail_with(10007, "a live group cannot be imported"));
    }
    let mut group = group_to_make(context, body, kind, 10021)?;
    if let Some(created_s) = uint(body, "CreateTime") {
        if created_s > context.now_s {
            return Err(Answer::fail_with(10004, "CreateTime: later than now"));
        }
        group.created_s = created_s;
        for member in &mut group.members {
            member.joined_s = created_s;
        }
    }
    Ok(insert(context, group))
}

pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = group_of(context, body)?.id.clone();
    let group = context.state.groups.remove(&id);
    context.state.contacts.forget_group(&id);
    if let Some(group) = group {
        events::groups::destroyed(context, &group);
    }
    Ok(Answer::ok().changed(1))
}

fn kind_of(body: &Value) -> Result<GroupKind, Answer> {
    GroupKind::parse(text(body, "Type")).ok_or_else(|| Answer::fail_with(10004, "Type: not a type of group"))
}

/// A group as a request describes it, with an id that is free and its owner inside.
fn group_to_make(context: &mut Context<'_>, body: &Value, kind: GroupKind, taken: i64) -> Result<Group, Answer> {
    let has_topics = flag(body, "SupportTopic");
    if has_topics && kind != GroupKind::Community {
        return Err(Answer::fail_with(10004, "SupportTopic: only for a community"));
    }
    if text(body, "Name").is_empty() {
        return Err(Answer::fail_with(10004, "Name is missing"));
    }
    let owner = body["Owner_Account"].as_str();
    if let Some(owner) = owner {
        context.need(owner, NO_ACCOUNT)?;
    }
    let id = match body["GroupId"].as_str() {
        Some(id) => check_id(id, kind).map(|()| id.to_owned())?,
        None => context.state.groups.free_id(kind),
    };
    if context.state.groups.is_taken(&id) {
        return Err(Answer::fail(taken));
    }
    let mut group = Group::new(id, kind, context.now_s);
    for field in ["Name", "Introduction", "Notification", "FaceUrl"] {
        group.texts.insert(field, text(body, field).to_owned());
    }
    group.options.insert("ApplyJoinOption", body["ApplyJoinOption"].as_str().unwrap_or("NeedPermission").to_owned());
    group.options.insert("InviteJoinOption", body["InviteJoinOption"].as_str().unwrap_or("FreeAccess").to_owned());
    if let Some(most) = uint(body, "MaxMemberCount") {
        group.max_members = most.min(kind.most_members());
    }
    group.has_topics = has_topics;
    set_custom(&mut group.custom, body, "AppDefinedData");
    if let Some(owner) = owner {
        group.owner = Some(owner.to_owned());
        if kind != GroupKind::AVChatRoom {
            group.join(owner, Role::Owner, context.now_s);
        }
    }
    Ok(group)
}

/// An id of somebody's own choice is printable ASCII and does not look like one of the service's. Only that of a
/// community has to: it begins `@TGS#_`.
fn check_id(id: &str, kind: GroupKind) -> Result<(), Answer> {
    let is_printable = id.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    if id.is_empty() || id.len() > MAX_ID_BYTES || !is_printable {
        return Err(Answer::fail_with(10004, "GroupId: 1 to 48 bytes of printable ASCII"));
    }
    match kind {
        GroupKind::Community if !id.starts_with("@TGS#_") => {
            Err(Answer::fail_with(10004, "GroupId: that of a community begins @TGS#_"))
        }
        GroupKind::Community => Ok(()),
        _ if id.starts_with("@TGS") => Err(Answer::fail_with(10004, "GroupId: only the service's own begin @TGS")),
        _ => Ok(()),
    }
}

fn insert(context: &mut Context<'_>, group: Group) -> Answer {
    let id = group.id.clone();
    context.state.groups.insert(group);
    Answer::ok().with("GroupId", id).changed(1)
}
