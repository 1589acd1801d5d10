//! Profiles of users: standard fields, each with its type and values, and fields of the app's own.

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{list, text, texts};
use super::{Call, Context, refused_field};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::Account;
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] =
    &[Call::new("v4/profile/portrait_set", update), Call::new("v4/profile/portrait_get", get).refusing(refused_of_get)];

/// Longest value, in bytes.
const MAX_VALUE_BYTES: usize = 500;

/// The account does not exist.
const NO_ACCOUNT: i64 = 40003;

/// The fields that the account itself has.
pub const NICK: &str = "Tag_Profile_IM_Nick";
pub const IMAGE: &str = "Tag_Profile_IM_Image";
/// How others may add the user as a friend.
pub const ALLOW_TYPE: &str = "Tag_Profile_IM_AllowType";
/// Whether the user may add friends.
pub const FORBID_TYPE: &str = "Tag_Profile_IM_AdminForbidType";

/// What a field takes.
enum Kind {
    /// A text of at most so many bytes.
    Text(usize),
    /// A whole number of 32 bits.
    Number,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

fn refused_of_get(body: &Value, error: &Error) -> Option<i64> {
    (refused_field(error)? == "To_Account" && body["To_Account"].is_null()).then_some(40002)
}

/// The kind of a field; `None` if there is no such field.
fn kind_of(tag: &str) -> Option<Kind> {
    let custom = tag.strip_prefix("Tag_Profile_Custom_");
    if let Some(keyword) = custom {
        let is_keyword = (1..=8).contains(&keyword.len()) && keyword.bytes().all(|byte| byte.is_ascii_alphabetic());
        return is_keyword.then_some(Kind::Text(MAX_VALUE_BYTES));
    }
    Some(match tag.strip_prefix("Tag_Profile_IM_")? {
        "Nick" | "SelfSignature" | "Image" => Kind::Text(MAX_VALUE_BYTES),
        "Location" => Kind::Text(16),
        "BirthDay" | "Language" | "MsgSettings" | "Level" | "Role" => Kind::Number,
        "Gender" => Kind::OneOf(&["Gender_Type_Unknown", "Gender_Type_Female", "Gender_Type_Male"]),
        "AllowType" => {
            Kind::OneOf(&["AllowType_Type_NeedConfirm", "AllowType_Type_AllowAny", "AllowType_Type_DenyAny"])
        }
        "AdminForbidType" => Kind::OneOf(&["AdminForbid_Type_None", "AdminForbid_Type_SendOut"]),
        _ => return None,
    })
}

/// The code for a value that its field does not take.
fn fault_of(tag: &str, value: &Value) -> Option<i64> {
    match (kind_of(tag), value) {
        (None, _) => Some(40009),
        (Some(Kind::Text(_)), Value::String(text)) if text.len() > MAX_VALUE_BYTES => Some(40601),
        (Some(Kind::Text(most)), Value::String(text)) => (text.len() > most).then_some(40605),
        (Some(Kind::Number), Value::Number(number)) => {
            number.as_u64().is_none_or(|number| u32::try_from(number).is_err()).then_some(40605)
        }
        (Some(Kind::OneOf(values)), Value::String(text)) => (!values.contains(&text.as_str())).then_some(40605),
        (Some(_), _) => Some(40610),
    }
}

/// A field of an account, where it was set.
pub fn value_of(account: &Account, tag: &str) -> Option<Value> {
    match tag {
        NICK => account.nick.as_deref().map(Value::from),
        IMAGE => account.face_url.as_deref().map(Value::from),
        _ => account.profile.get(tag).cloned(),
    }
}

/// All fields are checked before one is set.
fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "From_Account");
    context.need(user, NO_ACCOUNT)?;
    let items = list(body, "ProfileItem");
    if items.is_empty() {
        return Err(Answer::fail_with(40001, "ProfileItem: it has no field"));
    }
    for item in items {
        if let Some(code) = fault_of(text(item, "Tag"), &item["Value"]) {
            return Err(Answer::fail_with(code, format!("{}: {}", text(item, "Tag"), meaning(code))));
        }
    }
    let account = context.state.account(user);
    let mut changed = Vec::new();
    for item in items {
        let (tag, value) = (text(item, "Tag"), &item["Value"]);
        changed.extend((value_of(account, tag).as_ref() != Some(value)).then(|| json!({"Tag": tag, "Value": value})));
        match tag {
            NICK => account.nick = value.as_str().map(str::to_owned),
            IMAGE => account.face_url = value.as_str().map(str::to_owned),
            _ => drop(account.profile.insert(tag.to_owned(), value.clone())),
        }
    }
    let effects = changed.len() as u64;
    if !changed.is_empty() {
        events::profiles::changed(context, user, changed);
    }
    Ok(Answer::ok().with("ErrorDisplay", "").changed(effects))
}

/// A field that was never set is left out; an account that was never imported fails alone.
fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    if let Some(tag) = texts(body, "TagList").find(|tag| kind_of(tag).is_none()) {
        return Err(Answer::fail_with(40009, format!("{tag}: no such field")));
    }
    let (mut profiles, mut failed) = (Vec::new(), Vec::new());
    for user in texts(body, "To_Account") {
        if let Some(code) = context.fault(user, NO_ACCOUNT) {
            failed.push(Value::from(user));
            profiles.push(json!({"To_Account": user, "ResultCode": code, "ResultInfo": meaning(code)}));
            continue;
        }
        let account = &context.state.accounts[user];
        let items: Vec<Value> = texts(body, "TagList")
            .filter_map(|tag| Some(json!({"Tag": tag, "Value": value_of(account, tag)?})))
            .collect();
        profiles.push(json!({"To_Account": user, "ProfileItem": items, "ResultCode": 0, "ResultInfo": ""}));
    }
    let answer = Answer::ok().with("UserProfileItem", profiles);
    let answer = if failed.is_empty() { answer } else { answer.with("Fail_Account", failed) };
    Ok(answer.with("ErrorDisplay", ""))
}
