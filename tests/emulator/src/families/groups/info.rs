//! The details of groups.

use serde_json::{Map, Value, json};

use super::members::show_member;
use super::{NO_ACCOUNT, group_of, set_custom, show_custom};
use crate::answer::{Answer, Outcome, meaning};
use crate::families::Context;
use crate::families::body::{flag, page, text, texts, uint};
use crate::state::groups::{Group, GroupKind, Member};
use crate::webhooks::events;

/// Most ids in one answer.
const MAX_IDS: u64 = 10_000;

/// Whether a filter names a field; without a filter every field comes.
pub(super) fn is_wanted(filter: &Value, field: &str, older: &str) -> bool {
    let names = |names: &Vec<Value>| names.iter().any(|name| name == field || (!older.is_empty() && name == older));
    filter.is_null() || filter.as_array().is_some_and(names)
}

/// The group's own fields that a filter names.
fn base_info(group: &Group, filter: &Value) -> Map<String, Value> {
    let muted = if group.is_muted { "On" } else { "Off" };
    let fields = [
        ("Type", json!(group.kind.as_str())),
        ("Name", json!(group.texts.get("Name"))),
        ("Introduction", json!(group.texts.get("Introduction"))),
        ("Notification", json!(group.texts.get("Notification"))),
        ("FaceUrl", json!(group.texts.get("FaceUrl"))),
        ("Owner_Account", json!(group.owner.as_deref().unwrap_or_default())),
        ("CreateTime", json!(group.created_s)),
        ("InfoSeq", json!(group.info_seq)),
        ("LastInfoTime", json!(group.changed_s)),
        ("LastMsgTime", json!(group.log.last_time_s())),
        ("NextMsgSeq", json!(group.log.last_seq() + 1)),
        ("MemberNum", json!(group.members.len())),
        ("MaxMemberNum", json!(group.max_members)),
        ("ApplyJoinOption", json!(group.options.get("ApplyJoinOption"))),
        ("InviteJoinOption", json!(group.options.get("InviteJoinOption"))),
        ("MuteAllMember", json!(muted)),
    ];
    let older = |field: &str| if field == "MuteAllMember" { "ShutUpAllMember" } else { "" };
    let mut shown: Map<String, Value> = fields
        .into_iter()
        .filter(|(field, _)| is_wanted(filter, field, older(field)))
        .map(|(field, value)| (field.to_owned(), value))
        .collect();
    if group.kind == GroupKind::Community && filter.is_null() {
        shown.insert("SupportTopic".into(), json!(u8::from(group.has_topics)));
    }
    shown
}

/// What comes of a group by a filter: whatever it does not name is left out.
pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let filter = &body["ResponseFilter"];
    let part = |name: &str| if filter.is_null() { &Value::Null } else { &filter[name] };
    let is_asked = |name: &str| filter.is_null() || !filter[name].is_null();
    let infos = texts(body, "GroupIdList").map(|id| {
        let Some(group) = context.state.groups.get(id) else {
            return json!({"GroupId": id, "ErrorCode": 10010, "ErrorInfo": meaning(10010)});
        };
        let mut info =
            if is_asked("GroupBaseInfoFilter") { base_info(group, part("GroupBaseInfoFilter")) } else { Map::new() };
        info.insert("GroupId".into(), id.into());
        info.insert("ErrorCode".into(), 0.into());
        info.insert("ErrorInfo".into(), "".into());
        if is_asked("AppDefinedDataFilter_Group") {
            let keys = Some(part("AppDefinedDataFilter_Group")).filter(|keys| !keys.is_null());
            info.insert("AppDefinedData".into(), show_custom(&group.custom, keys));
        }
        if is_asked("MemberInfoFilter") || is_asked("AppDefinedDataFilter_GroupMember") {
            let keys = Some(part("AppDefinedDataFilter_GroupMember")).filter(|keys| !keys.is_null());
            let fields = part("MemberInfoFilter");
            let members = group.members.iter();
            let shown = members.map(|member| show_member(group, member, fields, keys, context.now_s)).collect();
            info.insert("MemberList".into(), shown);
        }
        Value::Object(info)
    });
    let infos: Vec<Value> = infos.collect();
    Ok(Answer::ok().with("GroupInfo", infos))
}

/// The marker of a page is the place of its first group in the order of creation.
pub(super) fn list_ids(context: &mut Context<'_>, body: &Value) -> Outcome {
    let kind = body["GroupType"].as_str();
    if kind.is_some_and(|kind| kind != "BChatRoom" && GroupKind::parse(kind).is_none()) {
        return Err(Answer::fail_with(10004, "GroupType: not a type of group"));
    }
    let mut all = context.state.groups.all();
    all.retain(|group| kind.is_none_or(|kind| kind == group.kind.as_str()));
    let from = uint(body, "Next").unwrap_or(0);
    let start = all.partition_point(|group| group.ordinal < from);
    let limit = uint(body, "Limit").filter(|limit| *limit > 0).unwrap_or(MAX_IDS).min(MAX_IDS);
    let shown = page(&all, start as u64, limit);
    let next = all.get(start + shown.len()).map_or(0, |group| group.ordinal);
    let ids: Vec<Value> = shown.iter().map(|group| json!({"GroupId": group.id})).collect();
    Ok(Answer::ok().with("TotalCount", all.len()).with("GroupIdList", ids).with("Next", next))
}

/// Live groups come only where they are asked for, as do Private groups that have not been used yet.
pub(super) fn list_joined(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "Member_Account");
    context.need(user, NO_ACCOUNT)?;
    let (with_live, with_unused) = (flag(body, "WithHugeGroups"), flag(body, "WithNoActiveGroups"));
    let kind = body["GroupType"].as_str();
    let is_shown = |group: &&Group| {
        let is_in = group.member(user).is_some() || group.live.online.contains_key(user);
        let is_unused = group.kind == GroupKind::Private && group.log.last_seq() == 0;
        is_in
            && (with_live || group.kind != GroupKind::AVChatRoom)
            && (with_unused || !is_unused)
            && kind.is_none_or(|kind| kind == group.kind.as_str())
            && (!flag(body, "SupportTopic") || group.has_topics)
    };
    let all: Vec<&Group> = context.state.groups.all().into_iter().filter(is_shown).collect();
    let limit = uint(body, "Limit").filter(|limit| *limit > 0).unwrap_or(u64::MAX);
    let filter = &body["ResponseFilter"];
    let shown: Vec<Value> = page(&all, uint(body, "Offset").unwrap_or(0), limit)
        .iter()
        .map(|group| {
            let base = &filter["GroupBaseInfoFilter"];
            let mut info = if base.is_null() { Map::new() } else { base_info(group, base) };
            info.insert("GroupId".into(), json!(group.id));
            if let (Some(member), Some(wanted)) = (group.member(user), filter["SelfInfoFilter"].as_array()) {
                info.insert("SelfInfo".into(), self_info(member, wanted));
            }
            if flag(body, "SupportTopic") {
                info.insert("SupportTopic".into(), 1.into());
            }
            Value::Object(info)
        })
        .collect();
    Ok(Answer::ok().with("TotalCount", all.len()).with("GroupIdList", shown))
}

fn self_info(member: &Member, wanted: &[Value]) -> Value {
    let fields = [
        ("Role", json!(member.role.as_str())),
        ("JoinTime", json!(member.joined_s)),
        ("MsgFlag", json!(member.msg_flag.as_deref().unwrap_or("AcceptAndNotify"))),
        ("MsgSeq", json!(member.read_seq)),
    ];
    let shown = fields.into_iter().filter(|(field, _)| wanted.iter().any(|name| name == field));
    shown.map(|(field, value)| (field.to_owned(), value)).collect::<Map<_, _>>().into()
}

pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    if let Some(from) = body["From_Account"].as_str() {
        context.need(from, NO_ACCOUNT)?;
    }
    let now_s = context.now_s;
    let group = group_of(context, body)?;
    if group.kind == GroupKind::AVChatRoom && !body["InviteJoinOption"].is_null() {
        return Err(Answer::fail_with(10007, "InviteJoinOption: not for a live group"));
    }
    let muted = body["MuteAllMember"].as_str().or_else(|| body["ShutUpAllMember"].as_str());
    if muted.is_some_and(|muted| muted != "On" && muted != "Off") {
        return Err(Answer::fail_with(10004, "MuteAllMember: On or Off"));
    }
    if body["Name"] == "" {
        return Err(Answer::fail_with(10004, "Name: it is empty"));
    }
    let mut changed = set_custom(&mut group.custom, body, "AppDefinedData");
    let mut texts = Vec::new();
    for field in ["Name", "Introduction", "Notification", "FaceUrl"] {
        if let Some(value) = body[field].as_str() {
            let is_new = group.texts.insert(field, value.to_owned()).as_deref() != Some(value);
            texts.extend(is_new.then(|| (field, value.to_owned())));
        }
    }
    changed |= !texts.is_empty();
    for field in ["ApplyJoinOption", "InviteJoinOption"] {
        if let Some(value) = body[field].as_str() {
            changed |= group.options.insert(field, value.to_owned()).as_deref() != Some(value);
        }
    }
    if let Some(most) = uint(body, "MaxMemberNum")
        && group.kind != GroupKind::AVChatRoom
    {
        changed |= group.max_members != most.min(group.kind.most_members());
        group.max_members = most.min(group.kind.most_members());
    }
    if let Some(muted) = muted {
        changed |= group.is_muted != (muted == "On");
        group.is_muted = muted == "On";
    }
    if changed {
        group.changed(now_s);
    }
    let id = group.id.clone();
    events::groups::info_changed(context, &id, &texts);
    Ok(Answer::ok().changed(changed.into()))
}
