//! Groups and their members.

use serde_json::{Value, json};

use super::{about_group, each, joined as both, texts};
use crate::answer::Answer;
use crate::families::Context;
use crate::state::groups::Group;
use crate::webhooks::verdict::Verdict;

/// Custom fields of a group.
fn own_fields(group: &Group) -> Value {
    group.custom.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// The number is that of the groups of this type which the owner has now.
pub fn before_create(context: &mut Context<'_>, group: &Group, members: &[&str]) -> Result<Verdict, Answer> {
    context.ask("Group.CallbackBeforeCreateGroup", |context| {
        let all = context.state.groups.all();
        let own = all.iter().filter(|other| other.kind == group.kind && other.owner == group.owner).count();
        json!({
            "Operator_Account": context.caller,
            "Owner_Account": group.owner.as_deref().unwrap_or_default(),
            "Type": group.kind.as_str(),
            "Name": group.texts.get("Name"),
            "CreateGroupNum": own,
            "MemberList": each("Member_Account", members.iter().copied()),
            "EventTime": context.now_ms.to_string(),
        })
    })
}

pub fn created(context: &mut Context<'_>, id: &str, members: &[&str]) {
    context.tell("Group.CallbackAfterCreateGroup", |context| {
        let Some(group) = context.state.groups.get(id) else { return Value::Null };
        let mut body = json!({
            "Operator_Account": context.caller,
            "Owner_Account": group.owner.as_deref().unwrap_or_default(),
            "Name": group.texts.get("Name"),
            "MemberList": each("Member_Account", members.iter().copied()),
        });
        if !group.custom.is_empty() {
            body["UserDefinedDataList"] = own_fields(group);
        }
        about_group(context, id, body)
    });
}

/// With the members at the end.
pub fn destroyed(context: &mut Context<'_>, group: &Group) {
    context.tell("Group.CallbackAfterGroupDestroyed", |context| {
        json!({
            "GroupId": group.id,
            "Type": group.kind.as_str(),
            "Owner_Account": group.owner.as_deref().unwrap_or_default(),
            "Name": group.texts.get("Name"),
            "MemberList": each("Member_Account", group.members.iter().map(|member| member.account.as_str())),
            "EventTime": context.now_ms.to_string(),
        })
    });
}

pub fn before_add(context: &mut Context<'_>, id: &str, accounts: &[&str]) -> Result<Verdict, Answer> {
    context.ask("Group.CallbackBeforeInviteJoinGroup", |context| {
        let members = each("Member_Account", accounts.iter().copied());
        about_group(context, id, json!({"Operator_Account": context.caller, "DestinationMembers": members}))
    })
}

/// Members were pulled in; the last of them may have taken the last place.
pub fn added(context: &mut Context<'_>, id: &str, accounts: &[&str]) {
    if accounts.is_empty() {
        return;
    }
    came_in(context, id, "Invited", context.caller, accounts);
    let is_full = |group: &Group| group.members.len() as u64 >= group.max_members;
    if context.state.groups.get(id).is_some_and(is_full) {
        context.tell(
            "Group.CallbackAfterGroupFull",
            |context| json!({"GroupId": id, "EventTime": context.now_ms.to_string()}),
        );
    }
}

pub fn removed(context: &mut Context<'_>, id: &str, accounts: &[&str]) {
    if !accounts.is_empty() {
        went_out(context, id, "Kicked", context.caller, accounts);
    }
}

/// Name, introduction, notice or photo changed; of other fields nobody is told.
pub fn info_changed(context: &mut Context<'_>, id: &str, changed: &[(&'static str, String)]) {
    if changed.is_empty() {
        return;
    }
    context.tell("Group.CallbackAfterGroupInfoChanged", |context| {
        let texts = changed.iter().map(|(field, value)| ((*field).to_owned(), value.as_str().into()));
        let about = both(json!({"Operator_Account": context.caller}), Value::Object(texts.collect()));
        about_group(context, id, about)
    });
}

/// A role or a name card; of other settings nobody is told.
pub fn member_changed(context: &mut Context<'_>, request: &Value) {
    let changed = texts(request, ["Role", "NameCard"]);
    if changed.is_empty() {
        return;
    }
    context.tell("Group.CallbackAfterMemberFieldChanged", |context| {
        let about = json!({"Operator_Account": context.caller, "Member_Account": request["Member_Account"]});
        let id = request["GroupId"].as_str().unwrap_or_default();
        about_group(context, id, both(about, Value::Object(changed)))
    });
}

/// The option is `set`, `modify`, `clear` or `delete`.
pub fn attributes_changed(context: &mut Context<'_>, id: &str, option: &str, attributes: Vec<Value>) {
    context.tell("Group.CallbackAfterGroupAttrChanged", |context| {
        let about = json!({
            "Operator_Account": context.caller,
            "OptionType": option,
            "GroupAttr": attributes,
            "EventTime": context.now_ms,
        });
        about_group(context, id, about)
    });
}

pub fn owner_changed(context: &mut Context<'_>, id: &str, old: Option<&str>, new: &str) {
    context.tell("Group.CallbackAfterChangeGroupOwner", |context| {
        let about = json!({
            "Operator_Account": context.caller,
            "OldOwner_Account": old.unwrap_or_default(),
            "NewOwner_Account": new,
            "EventTime": context.now_ms,
        });
        about_group(context, id, about)
    });
}

/// A user comes into a live group by itself.
pub fn before_join(context: &mut Context<'_>, id: &str, user: &str) -> Option<Verdict> {
    context.question("Group.CallbackBeforeApplyJoinGroup", user, |context| {
        about_group(context, id, json!({"Requestor_Account": user}))
    })
}

pub fn joined(context: &mut Context<'_>, id: &str, user: &str) {
    came_in(context, id, "Apply", user, &[user]);
}

pub fn left(context: &mut Context<'_>, id: &str, user: &str) {
    went_out(context, id, "Quit", user, &[user]);
}

fn came_in(context: &mut Context<'_>, id: &str, join_type: &str, operator: &str, accounts: &[&str]) {
    context.tell("Group.CallbackAfterNewMemberJoin", |context| {
        let members = each("Member_Account", accounts.iter().copied());
        let about = json!({"JoinType": join_type, "Operator_Account": operator, "NewMemberList": members});
        about_group(context, id, about)
    });
}

fn went_out(context: &mut Context<'_>, id: &str, exit_type: &str, operator: &str, accounts: &[&str]) {
    context.tell("Group.CallbackAfterMemberExit", |context| {
        let members = each("Member_Account", accounts.iter().copied());
        let about = json!({"ExitType": exit_type, "Operator_Account": operator, "ExitMemberList": members});
        about_group(context, id, about)
    });
}

/// A member of a live group has lost the network, or has it again.
pub fn live_state(id: &str, event_type: &str, user: &str) -> Value {
    json!({"GroupId": id, "EventType": event_type, "MemberList": each("Member_Account", [user])})
}
