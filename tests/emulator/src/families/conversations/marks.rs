//! The marks of conversations, and reading them with the groups.

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::groups::{MAX_CONVERSATIONS, TOO_MANY_CONVERSATIONS};
use super::{BAD, NO_ACCOUNT, PAGE, contact_of, exists, show_contact, show_marks};
use crate::answer::{Answer, Outcome, meaning};
use crate::families::body::{list, page, text, uint};
use crate::families::{Context, refused_field};
use crate::state::contacts::{Contact, ContactList, Marked};

/// No conversation to mark, or more than this.
const WRONG_NUMBER: i64 = 51006;
const MAX_MARKED: usize = 100;

const MAX_CUSTOM_BYTES: usize = 256;

pub(super) fn refused(body: &Value, error: &Error) -> Option<i64> {
    let marked = list(body, "MarkItem").len();
    let is_number = refused_field(error)? == "MarkItem" && body["MarkItem"].is_array();
    (is_number && !(1..=MAX_MARKED).contains(&marked)).then_some(WRONG_NUMBER)
}

/// The bits of marks, which count from 1 to 64.
fn bits_of(item: &Value, field: &str) -> Option<u64> {
    list(item, field).iter().try_fold(0, |bits, mark| {
        let mark = mark.as_u64().filter(|mark| (1..=64).contains(mark))?;
        Some(bits | 1 << (mark - 1))
    })
}

/// OptType says which marks an item changes: 1 the standard ones, 2 the custom one, 3 both.
pub(super) fn mark(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let items = list(body, "MarkItem");
    if !(1..=MAX_MARKED).contains(&items.len()) {
        return Err(Answer::fail(WRONG_NUMBER));
    }
    let (mut results, mut effects) = (Vec::new(), 0);
    for item in items {
        let contact = contact_of(&item["ContactItem"], "ToGroupId")?;
        let code = match mark_one(context, user, &contact, item) {
            Ok(changed) => {
                effects += u64::from(changed);
                0
            }
            Err(code) => code,
        };
        results.push(json!({
            "OptType": item["OptType"],
            "ContactItem": show_contact(&contact, "ToGroupId"),
            "ResultCode": code,
            "ResultInfo": meaning(code),
        }));
    }
    Ok(Answer::ok().with("ResultItem", results).with("ErrorDisplay", "").changed(effects))
}

/// Changes the marks of one conversation. Says whether anything changed.
fn mark_one(context: &mut Context<'_>, user: &str, contact: &Contact, item: &Value) -> Result<bool, i64> {
    let kind = uint(item, "OptType").filter(|kind| (1..=3).contains(kind)).ok_or(BAD)?;
    let (set, clear) = (bits_of(item, "SetMark").ok_or(BAD)?, bits_of(item, "ClearMark").ok_or(BAD)?);
    let custom = text(item, "CustomMark");
    if custom.len() > MAX_CUSTOM_BYTES || !exists(context, contact) {
        return Err(BAD);
    }
    let now_s = context.now_s;
    let contacts = context.state.contacts.of(user);
    if contacts.marked_besides(contact) >= MAX_CONVERSATIONS {
        return Err(TOO_MANY_CONVERSATIONS);
    }
    let marked = contacts.marked_mut(contact.clone(), now_s);
    let before = (marked.standard, marked.custom.clone());
    if kind != 2 {
        marked.standard = marked.standard & !clear | set;
    }
    if kind != 1 {
        marked.custom = custom.to_owned();
    }
    let changed = before != (marked.standard, marked.custom.clone());
    if marked.is_bare() {
        contacts.marked.remove(contact);
    }
    Ok(changed)
}

fn show(contact: &Contact, marked: &Marked) -> Value {
    let mut shown = show_contact(contact, "ToGroupId");
    shown.extend(show_marks(marked));
    shown.insert("Timestamp".into(), json!(marked.changed_s));
    Value::Object(shown)
}

fn groups_of(contacts: &ContactList) -> Vec<Value> {
    contacts.groups.iter().map(|(number, name)| json!({"GroupName": name, "GroupId": number})).collect()
}

pub(super) fn list_all(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let start = uint(body, "StartIndex").unwrap_or(0);
    let contacts = context.state.contacts.of(user);
    let all: Vec<(&Contact, &Marked)> = contacts.marked.iter().filter(|(_, marked)| !marked.is_bare()).collect();
    let shown = page(&all, start, PAGE);
    let end = start + shown.len() as u64;
    let is_complete = end >= all.len() as u64;
    let shown: Vec<Value> = shown.iter().map(|(contact, marked)| show(contact, marked)).collect();
    Ok(Answer::ok()
        .with("ContactItem", shown)
        .with("GroupItem", groups_of(contacts))
        .with("CompleteFlag", u8::from(is_complete))
        .with("NextStartIndex", if is_complete { 0 } else { end }))
}

/// Conversations without groups and marks are left out.
pub(super) fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let contacts = context.state.contacts.of(user);
    let mut shown = Vec::new();
    for item in list(body, "ContactItem") {
        let contact = contact_of(item, "ToGroupId")?;
        let marked = contacts.marked.get(&contact).filter(|marked| !marked.is_bare());
        shown.extend(marked.map(|marked| show(&contact, marked)));
    }
    Ok(Answer::ok().with("ContactResultItem", shown).with("GroupItem", groups_of(contacts)).with("ErrorDisplay", ""))
}
