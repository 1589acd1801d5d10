//! Official accounts: made, read and changed here; [`subscribers`] and [`messages`] for the rest.
//!
//! Most of these calls are known from SDKs only, which have no codes: those of the one page that has some stand in.

mod messages;
mod subscribers;

use serde_json::{Map, Value, json};

use super::body::{given, list, text, texts, uint};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::official_accounts::OfficialAccount;
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/official_account_open_http_svc/create_official_account", create),
    Call::new("v4/official_account_open_http_svc/get_official_account_info", get),
    Call::new("v4/official_account_open_http_svc/modify_official_account_base_info", update),
    Call::new("v4/official_account_open_http_svc/destroy_official_account", delete),
    Call::new("v4/official_account_open_http_svc/add_subscriber", subscribers::add),
    Call::new("v4/official_account_open_http_svc/delete_subscriber", subscribers::remove),
    Call::new("v4/official_account_open_http_svc/get_subscriber_info", subscribers::list_subscribers),
    Call::new("v4/official_account_open_http_svc/modify_subscriber_info", subscribers::update),
    Call::new("v4/official_account_open_http_svc/get_subscribed_official_account_list", subscribers::list_subscribed),
    Call::new("v4/official_account_open_http_svc/send_official_account_msg", messages::send),
    Call::new("v4/official_account_open_http_svc/official_account_msg_get_simple", messages::list_messages),
    Call::new("v4/official_account_open_http_svc/official_account_msg_recall", messages::recall),
];

/// A bad request parameter: also for an official account that is not there.
const BAD_PARAMETER: i64 = 6017;

/// How an id of one's own begins.
const PREFIX: &str = "@TOA#_";

/// Most subscribers where a request names no number.
const MAX_SUBSCRIBERS: u64 = 100_000;

const TEXTS: [&str; 5] = ["Name", "Introduction", "FaceUrl", "Organization", "CustomString"];

fn missing() -> Answer {
    Answer::fail_with(BAD_PARAMETER, "there is no such official account")
}

/// The official account that a request names.
fn named<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut OfficialAccount, Answer> {
    context.state.official_accounts.by_id.get_mut(text(body, "Official_Account")).ok_or_else(missing)
}

fn set_fields(account: &mut OfficialAccount, body: &Value) {
    for field in TEXTS {
        if let Some(value) = given(body, field) {
            account.texts.insert(field, value);
        }
    }
    if let Some(most) = uint(body, "MaxSubscriberNum") {
        account.max_subscribers = most;
    }
}

fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let owner = text(body, "Owner_Account");
    context.need(owner, BAD_PARAMETER)?;
    let accounts = &mut context.state.official_accounts;
    let id = match given(body, "OfficialAccountUserID") {
        None => accounts.free_id(),
        Some(id) if !id.starts_with(PREFIX) => {
            return Err(Answer::fail_with(BAD_PARAMETER, "the id of an official account begins with @TOA#_"));
        }
        Some(id) if accounts.by_id.contains_key(&id) => {
            return Err(Answer::fail_with(BAD_PARAMETER, "the id of the official account is taken"));
        }
        Some(id) => id,
    };
    events::official_accounts::before_create(context, owner, text(body, "Name"))?.pass()?;
    let mut account = OfficialAccount::new(owner, MAX_SUBSCRIBERS, context.now_s);
    set_fields(&mut account, body);
    context.state.official_accounts.by_id.insert(id.clone(), account);
    events::official_accounts::created(context, &id, owner, text(body, "Name"));
    Ok(Answer::ok().with("OfficialAccountUserID", id).changed(1))
}

fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    set_fields(named(context, body)?, body);
    events::official_accounts::info_changed(context, text(body, "Official_Account"), body);
    Ok(Answer::ok().changed(1))
}

fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = text(body, "Official_Account");
    let account = context.state.official_accounts.by_id.remove(id).ok_or_else(missing)?;
    events::official_accounts::destroyed(context, id, &account);
    Ok(Answer::ok().changed(1))
}

/// Each has a code of its own.
fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let shown = list(body, "OfficialAccountIdList").iter().map(|item| {
        let id = text(item, "Official_Account");
        let Some(account) = context.state.official_accounts.by_id.get(id) else {
            let info = meaning(BAD_PARAMETER);
            return json!({"Official_Account": id, "ErrorCode": BAD_PARAMETER, "ErrorInfo": info, "ActionStatus": "FAIL"});
        };
        let mut shown = show(id, account, &body["ResponseFilter"]);
        shown.insert("ErrorCode".into(), 0.into());
        shown.insert("ErrorInfo".into(), "".into());
        shown.insert("ActionStatus".into(), "OK".into());
        Value::Object(shown)
    });
    let shown: Vec<Value> = shown.collect();
    Ok(Answer::ok().with("OfficialAccountInfoList", shown))
}

/// Whatever a filter does not name is left out, but for the id.
fn show(id: &str, account: &OfficialAccount, filter: &Value) -> Map<String, Value> {
    let texts_of = TEXTS.into_iter().map(|field| (field, json!(account.texts.get(field).map_or("", String::as_str))));
    let others = [
        ("CreateTime", json!(account.created_s)),
        ("Owner_Account", json!(account.owner)),
        ("LastMsgTime", json!(account.messages.last().map_or(0, |message| message.time_s))),
        ("SubscriberNum", json!(account.subscribers.len())),
    ];
    let is_wanted = |field: &str| {
        filter["OfficialAccountBaseInfoFilter"].is_null()
            || texts(filter, "OfficialAccountBaseInfoFilter").any(|wanted| wanted == field)
    };
    let fields = texts_of.chain(others).filter(|(field, _)| is_wanted(field));
    let mut shown: Map<String, Value> = fields.map(|(field, value)| (field.to_owned(), value)).collect();
    shown.insert("Official_Account".into(), id.into());
    shown
}
