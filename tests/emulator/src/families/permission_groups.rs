//! Permission groups of communities.

use serde_json::{Map, Value, json};

use super::body::{given, list, page, text, texts, uint};
use super::groups::group_of;
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::groups::{Group, GroupKind};
use crate::state::permissions::PermissionGroup;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/group_open_http_svc/create_permission_group", create),
    Call::new("v4/group_open_http_svc/get_permission_group", list_groups),
    Call::new("v4/group_open_http_svc/modify_permission_group", update),
    Call::new("v4/group_open_http_svc/destroy_permission_group", delete),
    Call::new("v4/group_open_http_svc/add_permission_group_member", add_members),
    Call::new("v4/group_open_http_svc/delete_permission_group_member", remove_members),
    Call::new("v4/group_open_http_svc/get_permission_group_member_list", list_members),
    Call::new("v4/group_open_http_svc/add_topic_permission_group", set_topics),
    Call::new("v4/group_open_http_svc/set_topic_permission_group", set_topics),
    Call::new("v4/group_open_http_svc/delete_topic_permission_group", remove_topics),
    Call::new("v4/group_open_http_svc/get_topic_permission_group", list_topics),
];

/// How an id of one's own begins.
const PREFIX: &str = "@PMG#_";

/// No such permission group: the code for a group that is not there, as the pages list no other.
const NO_GROUP: i64 = 10010;

/// The code of the calls on topics for one that is not there.
const NO_TOPIC: i64 = 110003;

/// Most permission groups and most members in one answer.
const MAX_GROUPS: u64 = 20;
const MAX_MEMBERS: u64 = 50;

/// What became of an account to add.
const FAILED: u8 = 0;
const DONE: u8 = 1;
const ALREADY_IN: u8 = 2;

/// The community that a request names.
fn community<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Group, Answer> {
    let group = group_of(context, body)?;
    match group.kind {
        GroupKind::Community => Ok(group),
        _ => Err(Answer::fail_with(10007, "only communities have permission groups")),
    }
}

/// The permission group that a request names, to change.
fn named<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut PermissionGroup, Answer> {
    let groups = &mut community(context, body)?.permissions.groups;
    groups.get_mut(text(body, "PermissionGroupId")).ok_or_else(missing)
}

fn missing() -> Answer {
    Answer::fail_with(NO_GROUP, "there is no such permission group")
}

/// The place of a page's first entry, as a text.
fn position(body: &Value) -> Result<u64, Answer> {
    match text(body, "Next") {
        "" => Ok(0),
        next => next.parse().map_err(|_| Answer::fail_with(10004, "this Next is from no answer")),
    }
}

/// The marker of the page that follows; empty at the end.
fn next(from: u64, shown: usize, all: usize) -> String {
    let end = from.saturating_add(shown as u64);
    if end < all as u64 { end.to_string() } else { String::new() }
}

fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let permissions = &mut community(context, body)?.permissions;
    let id = match given(body, "PermissionGroupId") {
        None => permissions.free_id(),
        Some(id) if !id.starts_with(PREFIX) => {
            return Err(Answer::fail_with(10004, "the id of a permission group begins with @PMG#_"));
        }
        Some(id) if permissions.groups.contains_key(&id) => {
            return Err(Answer::fail_with(10004, "the id of the permission group is taken"));
        }
        Some(id) => id,
    };
    let group = PermissionGroup {
        name: text(body, "PermissionGroupName").into(),
        permission: uint(body, "Permission").unwrap_or(0),
        custom: given(body, "CustomString"),
        ..PermissionGroup::default()
    };
    permissions.groups.insert(id.clone(), group);
    Ok(Answer::ok().with("PermissionGroupId", id).changed(1))
}

/// Those named, as far as they are there, or a page of all.
fn list_groups(context: &mut Context<'_>, body: &Value) -> Outcome {
    let groups = &community(context, body)?.permissions.groups;
    let ids: Vec<&str> = texts(body, "PermissionGroupIdList").collect();
    if !ids.is_empty() {
        let found = ids.into_iter().filter_map(|id| Some(show(id, groups.get(id)?)));
        return Ok(Answer::ok().with("PermissionGroupInfoList", found.collect::<Vec<_>>()).with("Next", ""));
    }
    let all: Vec<Value> = groups.iter().map(|(id, group)| show(id, group)).collect();
    let from = position(body)?;
    let shown = page(&all, from, uint(body, "Limit").unwrap_or(MAX_GROUPS).min(MAX_GROUPS));
    let next = next(from, shown.len(), all.len());
    Ok(Answer::ok().with("PermissionGroupInfoList", shown).with("Next", next))
}

fn show(id: &str, group: &PermissionGroup) -> Value {
    let mut shown = Map::new();
    shown.insert("PermissionGroupId".into(), id.into());
    shown.insert("PermissionGroupName".into(), group.name.as_str().into());
    shown.insert("Permission".into(), group.permission.into());
    if let Some(custom) = &group.custom {
        shown.insert("CustomString".into(), custom.as_str().into());
    }
    shown.insert("MemberNum".into(), group.members.len().into());
    Value::Object(shown)
}

fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = named(context, body)?;
    if let Some(name) = given(body, "PermissionGroupName") {
        group.name = name;
    }
    if let Some(permission) = uint(body, "Permission") {
        group.permission = permission;
    }
    if let Some(custom) = given(body, "CustomString") {
        group.custom = Some(custom);
    }
    Ok(Answer::ok().changed(1))
}

fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let groups = &mut community(context, body)?.permissions.groups;
    let mut effects = 0;
    let results = texts(body, "PermissionGroupIdList").map(|id| {
        let code = if groups.remove(id).is_some() { 0 } else { NO_GROUP };
        effects += u64::from(code == 0);
        json!({"PermissionGroupId": id, "ErrorCode": code, "ErrorInfo": meaning(code)})
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("PermissionGroupResultList", results).changed(effects))
}

/// Only members of the community can be added.
fn add_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    let community = community(context, body)?;
    let is_in: Vec<bool> =
        list(body, "MemberList").iter().map(|item| community.member(text(item, "Member_Account")).is_some()).collect();
    let group = community.permissions.groups.get_mut(text(body, "PermissionGroupId")).ok_or_else(missing)?;
    let mut effects = 0;
    let results = list(body, "MemberList").iter().zip(is_in).map(|(item, is_in)| {
        let account = text(item, "Member_Account");
        let result = if group.members.iter().any(|member| member == account) {
            ALREADY_IN
        } else if is_in {
            group.members.push(account.to_owned());
            effects += 1;
            DONE
        } else {
            FAILED
        };
        json!({"Member_Account": account, "Result": result})
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("MemberList", results).changed(effects))
}

/// Somebody who is not in the permission group is passed over, which is a success.
fn remove_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = named(context, body)?;
    let before = group.members.len();
    let accounts: Vec<&str> = list(body, "MemberList").iter().map(|item| text(item, "Member_Account")).collect();
    group.members.retain(|member| !accounts.contains(&member.as_str()));
    let effects = before - group.members.len();
    let results = accounts.iter().map(|account| json!({"Member_Account": account, "Result": DONE}));
    Ok(Answer::ok().with("MemberList", results.collect::<Vec<_>>()).changed(effects as u64))
}

fn list_members(context: &mut Context<'_>, body: &Value) -> Outcome {
    let all = &named(context, body)?.members;
    let from = position(body)?;
    let shown = page(all, from, uint(body, "Limit").unwrap_or(MAX_MEMBERS).min(MAX_MEMBERS));
    let next = next(from, shown.len(), all.len());
    let members: Vec<Value> = shown.iter().map(|account| json!({"Member_Account": account})).collect();
    Ok(Answer::ok().with("MemberList", members).with("Next", next))
}

/// Adding and changing do the same: what adding a topic again does is not documented.
fn set_topics(context: &mut Context<'_>, body: &Value) -> Outcome {
    let community = community(context, body)?;
    let group = community.permissions.groups.get_mut(text(body, "PermissionGroupId")).ok_or_else(missing)?;
    let mut effects = 0;
    let results = list(body, "TopicPermissionList").iter().map(|item| {
        let id = text(item, "TopicId");
        let is_there = community.topics.contains_key(id);
        if is_there {
            group.topics.insert(id.to_owned(), uint(item, "Permission").unwrap_or(0));
            effects += 1;
        }
        result_of_topic(id, is_there)
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("TopicPermissionResultList", results).changed(effects))
}

fn result_of_topic(id: &str, is_done: bool) -> Value {
    let code = if is_done { 0 } else { NO_TOPIC };
    json!({"TopicId": id, "ErrorCode": code, "ErrorInfo": meaning(code)})
}

fn remove_topics(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = named(context, body)?;
    let mut effects = 0;
    let results = texts(body, "TopicIdList").map(|id| {
        let was_there = group.topics.remove(id).is_some();
        effects += u64::from(was_there);
        result_of_topic(id, was_there)
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("TopicPermissionResultList", results).changed(effects))
}

fn list_topics(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = named(context, body)?;
    let wanted: Vec<&str> = texts(body, "TopicIdList").collect();
    let shown: Vec<Value> = group
        .topics
        .iter()
        .filter(|(id, _)| wanted.is_empty() || wanted.contains(&id.as_str()))
        .map(|(id, permission)| json!({"TopicId": id, "Permission": permission}))
        .collect();
    Ok(Answer::ok().with("TopicPermissionList", shown))
}
