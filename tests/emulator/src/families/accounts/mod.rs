//! Accounts: importing, deleting, checking, logging out; the online state is in [`online`], the global mute
//! in [`mute`].

mod mute;
mod online;

use serde_json::{Value, json};
use tencent_im_core::Error;

use super::body::{list, user_id};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::Status;
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/im_open_login_svc/account_import", import_account).refusing(import_refused),
    Call::new("v4/im_open_login_svc/multiaccount_import", import_accounts),
    Call::new("v4/im_open_login_svc/account_delete", delete_accounts),
    Call::new("v4/im_open_login_svc/account_check", check_accounts),
    Call::new("v4/im_open_login_svc/kick", kick),
    Call::new("v4/openim/query_online_status", online::query_online_status).refusing(online::refused),
    Call::new("v4/openim/querystate", online::query_state).refusing(online::refused),
    Call::new("v4/openconfigsvr/setnospeaking", mute::mute).refusing(mute::refused),
    Call::new("v4/openconfigsvr/getnospeaking", mute::get_mute).refusing(mute::refused),
];

/// The text that the page of account_delete shows for 70107.
const NOT_EXIST: &str = "Err_TLS_PT_Open_Login_Account_Not_Exist";

/// Makes the account, or writes nickname and photo of the one that exists. Gives how many things changed.
fn import(context: &mut Context<'_>, user_id: &str, profile: &Value) -> Result<u64, i64> {
    if let Some(code) = context.failing(user_id) {
        return Err(code);
    }
    let exists = context.state.accounts.contains_key(user_id);
    if !exists {
        if context.settings.block_deleted && context.state.is_barred(user_id, context.now_s) {
            return Err(70399);
        }
        let quota = context.settings.account_quota;
        if quota.is_some_and(|quota| context.state.counted_accounts() >= quota as usize) {
            return Err(70398);
        }
    }
    let account = context.state.account(user_id);
    let mut changed = !exists;
    for (field, slot) in [("Nick", &mut account.nick), ("FaceUrl", &mut account.face_url)] {
        if let Some(value) = profile[field].as_str()
            && slot.as_deref() != Some(value)
        {
            *slot = Some(value.to_owned());
            changed = true;
        }
    }
    Ok(changed.into())
}

fn import_account(context: &mut Context<'_>, body: &Value) -> Outcome {
    import(context, user_id(body), body).map(|effects| Answer::ok().changed(effects)).map_err(Answer::fail)
}

/// A profile value over 500 bytes has a code of its own here, and that code is where the limit is documented at all.
/// Length is the only thing that can be wrong with a nickname or photo that is a text.
fn import_refused(body: &Value, error: &Error) -> Option<i64> {
    let field = error.path.as_deref().filter(|path| ["Nick", "FaceUrl"].contains(path))?;
    body[field].is_string().then_some(40601)
}

/// Names that fail are listed while the call succeeds. Only when the quota kept out every one of them is the call
/// itself answered with the quota's code, which its page lists.
fn import_accounts(context: &mut Context<'_>, body: &Value) -> Outcome {
    let with_profile = list(body, "AccountList").iter().map(|account| (user_id(account), account));
    let by_name = list(body, "Accounts").iter().map(|name| (name.as_str().unwrap_or_default(), &Value::Null));
    let mut failed = Vec::new();
    let (mut all, mut effects, mut over_quota) = (0, 0, 0);
    for (user_id, profile) in with_profile.chain(by_name) {
        all += 1;
        match import(context, user_id, profile) {
            Ok(changed) => effects += changed,
            Err(code) => {
                over_quota += usize::from(code == 70398);
                failed.push(Value::from(user_id));
            }
        }
    }
    let answer = if over_quota == all { Answer::fail(70398) } else { Answer::ok() };
    Ok(answer.with("FailAccounts", failed).changed(effects))
}

fn delete_accounts(context: &mut Context<'_>, body: &Value) -> Outcome {
    if !context.settings.allow_deletion {
        return Err(Answer::fail(71000));
    }
    let mut effects = 0;
    let results = list(body, "DeleteItem").iter().map(|account| {
        let user_id = user_id(account);
        let code = match context.failing(user_id) {
            Some(code) => code,
            None if context.state.delete(user_id, context.now_s) => {
                effects += 1;
                0
            }
            None => 70107,
        };
        let info = if code == 70107 { NOT_EXIST } else { meaning(code) };
        json!({"ResultCode": code, "ResultInfo": info, "UserID": user_id})
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("ResultItem", results).changed(effects))
}

fn check_accounts(context: &mut Context<'_>, body: &Value) -> Outcome {
    let results = list(body, "CheckItem").iter().map(|account| {
        let user_id = user_id(account);
        if let Some(code) = context.failing(user_id) {
            return json!({"UserID": user_id, "ResultCode": code, "ResultInfo": meaning(code)});
        }
        let status = if context.state.accounts.contains_key(user_id) { "Imported" } else { "NotImported" };
        json!({"UserID": user_id, "ResultCode": 0, "ResultInfo": "", "AccountStatus": status})
    });
    let results: Vec<Value> = results.collect();
    Ok(Answer::ok().with("ResultItem", results))
}

/// Voids the UserSigs signed before this second and logs the user out. A UserSig of this very second stays good:
/// its time is in whole seconds, and one signed just after the kick must work.
fn kick(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user_id = user_id(body);
    if let Some(code) = context.failing(user_id) {
        return Err(Answer::fail(code));
    }
    let account = context.state.accounts.get_mut(user_id).ok_or_else(|| Answer::fail(70107))?;
    let before = std::mem::take(&mut account.presence);
    context.state.kicked.insert(user_id.to_owned(), context.now_s);
    if before.status != Status::Offline {
        context.tell("State.StateChange", |context| events::state::changed(user_id, Status::Offline, context.now_ms));
    }
    Ok(Answer::ok().changed(1))
}
