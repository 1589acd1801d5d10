//! A user's conversation list: reading it, pinning, deleting. Conversation groups and marks are in [`groups`] and
//! [`marks`].

mod groups;
mod marks;

use serde_json::{Map, Value, json};

use super::body::{flag, list, page, text, uint};
use super::{Call, Context};
use crate::answer::{Answer, Outcome};
use crate::state::contacts::{Contact, Listed, Marked};

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/recentcontact/get_list", list_all),
    Call::new("v4/recentcontact/delete", delete),
    Call::new("v4/recentcontact/top", pin),
    Call::new("v4/recentcontact/create_contact_group", groups::create).refusing(groups::refused),
    Call::new("v4/recentcontact/update_contact_group", groups::update).refusing(groups::refused),
    Call::new("v4/recentcontact/del_contact_group", groups::delete),
    Call::new("v4/recentcontact/mark_contact", marks::mark).refusing(marks::refused),
    Call::new("v4/recentcontact/get_contact_group", marks::list_all),
    Call::new("v4/recentcontact/search_contact_group", marks::get),
];

/// The account was not imported; a parameter is bad.
const NO_ACCOUNT: i64 = 50001;
const BAD: i64 = 50002;

/// Conversations on a page, of each kind; the service chooses the number by itself.
const PAGE: u64 = 100;

/// Bits of AssistFlags.
const WITH_PINNED: u64 = 1;
const WITH_EMPTY: u64 = 2;

/// The conversation that an object names. The field of a group is spelled in three ways, each in its own call.
fn contact_of(body: &Value, group_field: &str) -> Result<Contact, Answer> {
    let named = |field: &str| body[field].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let contact = match uint(body, "Type") {
        Some(1) => named("To_Account").map(Contact::User),
        Some(2) => named(group_field).map(Contact::Group),
        _ => None,
    };
    contact.ok_or_else(|| Answer::fail_with(BAD, format!("Type 1 with To_Account, or 2 with {group_field}")))
}

/// A conversation as an answer names it.
fn show_contact(contact: &Contact, group_field: &str) -> Map<String, Value> {
    let fields = match contact {
        Contact::User(user) => [("Type", json!(1)), ("To_Account", json!(user))],
        Contact::Group(group) => [("Type", json!(2)), (group_field, json!(group))],
    };
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// Whether the other side of a conversation exists.
fn exists(context: &Context<'_>, contact: &Contact) -> bool {
    match contact {
        Contact::User(user) => context.state.accounts.contains_key(user),
        Contact::Group(group) => context.state.groups.is_taken(group),
    }
}

/// Standard marks as a text of bits: its n-th digit is mark n.
fn bits_of(marks: u64) -> String {
    let bits = (0..64 - marks.leading_zeros()).map(|bit| if marks >> bit & 1 == 1 { '1' } else { '0' });
    bits.collect()
}

/// The groups and marks of a conversation, those it has.
fn show_marks(marked: &Marked) -> Map<String, Value> {
    let mut shown = Map::new();
    if marked.standard != 0 {
        shown.insert("StandardMark".into(), json!(bits_of(marked.standard)));
    }
    if !marked.custom.is_empty() {
        shown.insert("CustomMark".into(), json!(marked.custom));
    }
    if !marked.groups.is_empty() {
        shown.insert("ContactGroupId".into(), json!(marked.groups));
    }
    shown
}

/// The newest conversation comes first. Pinned ones come before all others and have positions of their own.
fn list_all(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let flags = uint(body, "AssistFlags").unwrap_or(0);
    let has = |bit: u64| flags & bit != 0;
    let contacts = context.state.contacts.of(user);
    let mut all: Vec<(&Contact, &Listed)> =
        contacts.listed.iter().filter(|(_, listed)| has(WITH_EMPTY) || !listed.is_empty).collect();
    all.sort_by(|(one, a), (other, b)| (b.time_s, one).cmp(&(a.time_s, other)));
    let (pinned, ordinary): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, listed)| has(WITH_PINNED) && listed.is_pinned);
    let (pinned_from, from) = (uint(body, "TopStartIndex").unwrap_or(0), uint(body, "StartIndex").unwrap_or(0));
    let (shown_pinned, shown) = (page(&pinned, pinned_from, PAGE), page(&ordinary, from, PAGE));
    let (pinned_end, end) = (pinned_from + shown_pinned.len() as u64, from + shown.len() as u64);
    let is_complete = pinned_end >= pinned.len() as u64 && end >= ordinary.len() as u64;
    let last_time = |shown: &[(&Contact, &Listed)], before: &str| {
        shown.last().map_or_else(|| uint(body, before).unwrap_or(0), |(_, listed)| listed.time_s)
    };
    let show = |(contact, listed): &(&Contact, &Listed)| {
        let mut item = show_contact(contact, "GroupId");
        item.insert("MsgTime".into(), json!(listed.time_s));
        item.insert("TopFlag".into(), json!(u8::from(listed.is_pinned)));
        item.extend(contacts.marked.get(*contact).map(show_marks).unwrap_or_default());
        Value::Object(item)
    };
    let items: Vec<Value> = shown_pinned.iter().chain(shown).map(show).collect();
    Ok(Answer::ok()
        .with("SessionItem", items)
        .with("CompleteFlag", u8::from(is_complete))
        .with("TimeStamp", last_time(shown, "TimeStamp"))
        .with("StartIndex", end)
        .with("TopTimeStamp", last_time(shown_pinned, "TopTimeStamp"))
        .with("TopStartIndex", pinned_end)
        .with("ErrorDisplay", ""))
}

/// One that is not in the list is passed over. ClearRamble takes the user's side of the history away, too.
fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let contact = contact_of(body, "ToGroupid")?;
    let was_listed = context.state.contacts.of(user).listed.remove(&contact).is_some();
    if let Contact::User(peer) = &contact
        && flag(body, "ClearRamble")
    {
        for message in context.state.messages.between_mut(user, peer) {
            if message.is_seen_by(user) {
                message.hidden_from.push(user.to_owned());
            }
        }
    }
    Ok(Answer::ok().with("ErrorDisplay", "").changed(was_listed.into()))
}

/// A conversation that is not in the list yet comes in empty.
fn pin(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let is_pinning = match uint(body, "OperationType") {
        Some(1) => true,
        Some(2) => false,
        _ => return Err(Answer::fail_with(BAD, "OperationType: 1 or 2")),
    };
    let named: Vec<Contact> =
        list(body, "RecentContactItem").iter().map(|item| contact_of(item, "GroupId")).collect::<Result<_, _>>()?;
    if named.iter().any(|contact| !exists(context, contact)) {
        return Err(Answer::fail_with(BAD, "RecentContactItem: no such user or group"));
    }
    let now_s = context.now_s;
    let listed = &mut context.state.contacts.of(user).listed;
    let mut effects = 0;
    for contact in named {
        if is_pinning {
            let empty = Listed { time_s: now_s, is_pinned: false, is_empty: true };
            let entry = listed.entry(contact).or_insert(empty);
            effects += u64::from(!entry.is_pinned);
            entry.is_pinned = true;
        } else if let Some(entry) = listed.get_mut(&contact) {
            effects += u64::from(entry.is_pinned);
            entry.is_pinned = false;
        }
    }
    Ok(Answer::ok().with("ErrorDisplay", "").changed(effects))
}
