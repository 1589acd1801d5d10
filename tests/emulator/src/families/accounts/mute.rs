//! The global mute of an account. Its answers have no ActionStatus.

use serde_json::Value;
use tencent_im_core::Error;

use crate::answer::{Answer, Outcome};
use crate::families::body::{text, uint};
use crate::families::{Context, refused_field};
use crate::state::groups::{FOR_EVER, end_of, holds};

/// The code for what the table refuses.
pub(super) fn refused(body: &Value, error: &Error) -> Option<i64> {
    Some(match refused_field(error) {
        Some("Set_Account") if body["Set_Account"].is_null() => 130004,
        Some("Set_Account") => 130005,
        Some("Get_Account") if body["Get_Account"].is_null() => 130002,
        Some("Get_Account") => 130003,
        // A rule over both times has no path.
        None => 130008,
        Some(_) => return None,
    })
}

/// A time that is left out leaves its mute as it is.
pub(super) fn mute(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "Set_Account");
    context.need(user, 130005)?;
    let (one_to_one, groups) = (uint(body, "C2CmsgNospeakingTime"), uint(body, "GroupmsgNospeakingTime"));
    if one_to_one.is_none() && groups.is_none() {
        return Err(Answer::fail(130008));
    }
    let now_s = context.now_s;
    let end = |seconds: u64| if seconds == 0 { 0 } else { end_of(seconds, now_s) };
    let muted = &mut context.state.account(user).muted;
    muted.one_to_one_until_s = one_to_one.map_or(muted.one_to_one_until_s, end);
    muted.groups_until_s = groups.map_or(muted.groups_until_s, end);
    Ok(Answer::ok().changed(1))
}

pub(super) fn get_mute(context: &mut Context<'_>, body: &Value) -> Outcome {
    let user = text(body, "Get_Account");
    context.need(user, 130003)?;
    let now_s = context.now_s;
    let left = |until_s: u64| match until_s {
        FOR_EVER.. => FOR_EVER,
        until_s if holds(until_s, now_s) => until_s - now_s,
        _ => 0,
    };
    let muted = context.state.account(user).muted;
    Ok(Answer::ok()
        .with("C2CmsgNospeakingTime", left(muted.one_to_one_until_s))
        .with("GroupmsgNospeakingTime", left(muted.groups_until_s)))
}
