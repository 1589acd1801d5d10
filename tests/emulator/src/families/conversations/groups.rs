//! The groups that a user puts conversations in.

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::{BAD, NO_ACCOUNT, contact_of, exists, show_contact};
use crate::answer::{Answer, Outcome, meaning};
use crate::families::Context;
use crate::families::body::{list, text, texts, uint};
use crate::state::contacts::Contact;

const MAX_GROUPS: usize = 20;
const MAX_NAME_BYTES: usize = 32;
pub const MAX_CONVERSATIONS: usize = 1_000;

/// The codes of these limits, and of a group that is not there.
pub const TOO_MANY_CONVERSATIONS: i64 = 51008;
const NO_GROUP: i64 = 51009;
const TOO_MANY_GROUPS: i64 = 51010;
const LONG_NAME: i64 = 51011;

/// The codes of what the table finds too long.
pub(super) fn refused(body: &Value, _: &Error) -> Option<i64> {
    let new_name = text(&body["UpdateGroup"], "NewGroupName");
    let mut names = list(body, "GroupContactItem").iter().map(|item| text(item, "GroupName")).chain([new_name]);
    names.any(|name| name.len() > MAX_NAME_BYTES).then_some(LONG_NAME)
}

fn check_name(name: &str) -> Result<(), Answer> {
    match name.len() {
        0 => Err(Answer::fail_with(BAD, "the group has no name")),
        1..=MAX_NAME_BYTES => Ok(()),
        _ => Err(Answer::fail(LONG_NAME)),
    }
}

/// Puts a conversation into a group, or takes it out. Gives the code, and whether anything changed.
fn place(context: &mut Context<'_>, user: &str, contact: &Contact, group: u64, is_adding: bool) -> (i64, bool) {
    if is_adding && !exists(context, contact) {
        return (BAD, false);
    }
    let now_s = context.now_s;
    let contacts = context.state.contacts.of(user);
    if is_adding && contacts.marked_besides(contact) >= MAX_CONVERSATIONS {
        return (TOO_MANY_CONVERSATIONS, false);
    }
    let groups = &mut contacts.marked_mut(contact.clone(), now_s).groups;
    (0, if is_adding { groups.insert(group) } else { groups.remove(&group) })
}

/// One group a call. A name that the user has already is refused: what the service does is not documented.
pub(super) fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let [item] = list(body, "GroupContactItem") else {
        return Err(Answer::fail_with(BAD, "GroupContactItem: one group a call"));
    };
    let name = text(item, "GroupName");
    check_name(name)?;
    let members: Vec<Contact> =
        list(item, "ContactItem").iter().map(|item| contact_of(item, "ToGroupId")).collect::<Result<_, _>>()?;
    let contacts = context.state.contacts.of(user);
    if contacts.group(name).is_some() {
        return Err(Answer::fail_with(BAD, "GroupName: there is such a group"));
    }
    if contacts.groups.len() >= MAX_GROUPS {
        return Err(Answer::fail(TOO_MANY_GROUPS));
    }
    let number = contacts.add_group(name);
    let results = members.iter().map(|contact| {
        let (code, _) = place(context, user, contact, number, true);
        json!({"ContactItem": show_contact(contact, "ToGroupId"), "ResultCode": code, "ResultInfo": meaning(code)})
    });
    let results: Vec<Value> = results.collect();
    let group = json!({"GroupItem": {"GroupName": name, "GroupId": number}, "ResultItem": results});
    Ok(Answer::ok().with("GroupResultItem", json!([group])).with("ErrorDisplay", "").changed(1))
}

/// 1 renames a group, 2 changes what is in it.
pub(super) fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    if uint(body, "UpdateType") != Some(1) {
        return Err(Answer::fail_with(BAD, "UpdateType: 1"));
    }
    let change = &body["UpdateGroup"];
    let (kind, old_name) = (uint(change, "UpdateGroupType"), text(change, "OldGroupName"));
    let contacts = context.state.contacts.of(user);
    let number = contacts.group(old_name).ok_or_else(|| Answer::fail(NO_GROUP))?;
    let (mut name, mut results, mut effects) = (old_name, Vec::new(), 0);
    match kind {
        Some(1) => {
            name = text(change, "NewGroupName");
            check_name(name)?;
            if contacts.group(name).is_some_and(|known| known != number) {
                return Err(Answer::fail_with(BAD, "NewGroupName: there is such a group"));
            }
            effects += u64::from(name != old_name);
            contacts.groups.insert(number, name.to_owned());
        }
        Some(2) => {
            for item in list(change, "ContactUpdateItem") {
                let contact = contact_of(&item["ContactItem"], "ToGroupId")?;
                let operation = uint(item, "ContactOptType");
                let (code, changed) = match operation {
                    Some(1 | 2) => place(context, user, &contact, number, operation == Some(1)),
                    _ => (BAD, false),
                };
                effects += u64::from(changed);
                results.push(json!({
                    "ContactOptType": operation,
                    "ContactItem": show_contact(&contact, "ToGroupId"),
                    "ResultCode": code,
                    "ResultInfo": meaning(code),
                }));
            }
        }
        _ => return Err(Answer::fail_with(BAD, "UpdateGroupType: 1 or 2")),
    }
    let result = json!({
        "UpdateGroupType": kind,
        "GroupName": name,
        "OldGroupName": old_name,
        "GroupId": number,
        "ContactResultItem": results,
    });
    Ok(Answer::ok().with("UpdateType", 1).with("UpdateGroupResult", result).changed(effects))
}

pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let name = texts(body, "GroupName").next().unwrap_or_default();
    let contacts = context.state.contacts.of(user);
    let number = contacts.group(name).ok_or_else(|| Answer::fail(NO_GROUP))?;
    contacts.groups.remove(&number);
    for marked in contacts.marked.values_mut() {
        marked.groups.remove(&number);
    }
    contacts.marked.retain(|_, marked| !marked.is_bare());
    let group = json!([{"GroupName": name, "GroupId": number}]);
    Ok(Answer::ok().with("GroupItem", group).changed(1))
}
