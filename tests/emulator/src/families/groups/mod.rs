//! Groups of every type: one file for what is made, read and changed of them.

mod attributes;
mod counters;
mod create;
mod info;
mod members;
mod mutes;
mod roles;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{list, text};
use super::{Call, Context, refused_field};
pub use mutes::silenced;

use crate::answer::Answer;
use crate::state::groups::{Group, GroupKind};

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/group_open_http_svc/create_group", create::create).refusing(too_many_members),
    Call::new("v4/group_open_http_svc/import_group", create::import_group),
    Call::new("v4/group_open_http_svc/destroy_group", create::delete),
    Call::new("v4/group_open_http_svc/get_group_info", info::get),
    Call::new("v4/group_open_http_svc/get_appid_group_list", info::list_ids),
    Call::new("v4/group_open_http_svc/get_joined_group_list", info::list_joined),
    Call::new("v4/group_open_http_svc/modify_group_base_info", info::update),
    Call::new("v4/group_open_http_svc/add_group_member", members::add).refusing(too_many_members),
    Call::new("v4/group_open_http_svc/delete_group_member", members::remove),
    Call::new("v4/group_open_http_svc/get_group_member_info", members::list_members),
    Call::new("v4/group_open_http_svc/get_specified_group_member_info", members::get),
    Call::new("v4/group_open_http_svc/import_group_member", members::import_members).refusing(too_many_members),
    Call::new("v4/group_open_http_svc/set_unread_msg_num", members::set_unread_count),
    Call::new("v4/group_open_http_svc/modify_group_member_info", roles::update_member),
    Call::new("v4/group_open_http_svc/get_role_in_group", roles::get_roles),
    Call::new("v4/group_open_http_svc/change_group_owner", roles::change_owner),
    Call::new("v4/group_open_http_svc/forbid_send_msg", mutes::mute),
    Call::new("v4/group_open_http_svc/get_group_muted_account", mutes::list_muted),
    Call::new("v4/group_open_http_svc/get_group_shutted_uin", mutes::list_muted_the_older_way),
    Call::new("v4/group_open_http_svc/ban_group_member", mutes::ban).refusing(too_many_banned),
    Call::new("v4/group_open_http_svc/unban_group_member", mutes::unban).refusing(too_many_banned),
    Call::new("v4/group_open_http_svc/get_group_ban_member", mutes::list_banned),
    Call::new("v4/group_open_attr_http_svc/get_group_attr", attributes::get),
    Call::new("v4/group_open_http_svc/modify_group_attr", attributes::update).refusing(attributes::refused),
    Call::new("v4/group_open_http_svc/set_group_attr", attributes::set).refusing(attributes::refused),
    Call::new("v4/group_open_http_svc/clear_group_attr", attributes::clear),
    Call::new("v4/group_open_http_svc/delete_group_attr", attributes::delete).refusing(attributes::refused),
    Call::new("v4/group_open_http_svc/update_group_counter", counters::update).refusing(counters::refused),
    Call::new("v4/group_open_http_svc/get_group_counter", counters::get),
    Call::new("v4/group_open_http_svc/delete_group_counter", counters::delete),
];

/// An account does not exist.
pub const NO_ACCOUNT: i64 = 10019;

/// The pages have a code for lists of members that are too long.
fn too_many_members(body: &Value, error: &Error) -> Option<i64> {
    (refused_field(error)? == "MemberList" && list(body, "MemberList").len() > 20).then_some(10005)
}

fn too_many_banned(body: &Value, error: &Error) -> Option<i64> {
    (refused_field(error)? == "Members_Account" && list(body, "Members_Account").len() > 20).then_some(10005)
}

/// The group that a request names.
pub fn group_of<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Group, Answer> {
    let id = text(body, "GroupId");
    if id.is_empty() || !id.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return Err(Answer::fail(10015));
    }
    context.state.groups.get_mut(id).ok_or_else(|| Answer::fail(10010))
}

/// The group that a request names, unless it is of a type that refuses the call with this code.
pub fn group_unless<'a>(
    context: &'a mut Context<'_>,
    body: &Value,
    refusing: &[GroupKind],
    code: i64,
) -> Result<&'a mut Group, Answer> {
    let group = group_of(context, body)?;
    if refusing.contains(&group.kind) {
        return Err(Answer::fail_with(code, format!("not for a group of type {}", group.kind.as_str())));
    }
    Ok(group)
}

/// Custom fields of a request: an empty value removes a field.
pub fn set_custom(custom: &mut BTreeMap<String, String>, body: &Value, field: &str) -> bool {
    for entry in list(body, field) {
        let (key, value) = (text(entry, "Key").to_owned(), text(entry, "Value").to_owned());
        if value.is_empty() { drop(custom.remove(&key)) } else { drop(custom.insert(key, value)) }
    }
    !list(body, field).is_empty()
}

/// Custom fields as an answer shows them: those named, or all.
pub fn show_custom(custom: &BTreeMap<String, String>, wanted: Option<&Value>) -> Value {
    let is_wanted =
        |key: &str| wanted.is_none_or(|keys| keys.as_array().is_some_and(|keys| keys.iter().any(|k| k == key)));
    let shown = custom.iter().filter(|(key, _)| is_wanted(key));
    shown.map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}
