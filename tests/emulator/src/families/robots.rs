//! Chatbots: accounts of the app's own that answer users.

use serde_json::Value;

use super::body::{flag, given, text};
use super::{Call, Context};
use crate::answer::{Answer, Outcome};
use crate::state::robots::MAX_ROBOTS;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/openim_robot_http_svc/create_robot", create),
    Call::new("v4/openim_robot_http_svc/get_all_robots", list),
    Call::new("v4/openim_robot_http_svc/delete_robot", delete),
    Call::new("v4/openim_robot_http_svc/send_stream_msg", send_chunk),
];

/// A bad parameter, and a bad request, such as one for too many chatbots.
const BAD_PARAMETER: i64 = 10004;
const BAD_REQUEST: i64 = 10008;

/// How the name of a chatbot begins, and no other account's.
const PREFIX: &str = "@RBT#";

/// A name that is there already makes no second one; one that was disabled is a chatbot again.
fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = text(body, "UserID");
    if !id.starts_with(PREFIX) {
        return Err(Answer::fail_with(BAD_PARAMETER, "the name of a chatbot begins with @RBT#"));
    }
    let robots = &mut context.state.robots;
    if !robots.is_enabled(id) && robots.enabled().count() >= MAX_ROBOTS {
        return Err(Answer::fail_with(BAD_REQUEST, "an app has at most 20 chatbots"));
    }
    let is_new = robots.enable(id);
    let account = context.state.account(id);
    account.nick = given(body, "Nick").or(account.nick.take());
    account.face_url = given(body, "FaceUrl").or(account.face_url.take());
    if let Some(signature) = body.get("SelfSignature").filter(|signature| signature.is_string()) {
        account.profile.insert("Tag_Profile_IM_SelfSignature".into(), signature.clone());
    }
    Ok(Answer::ok().changed(is_new.into()))
}

fn list(context: &mut Context<'_>, _: &Value) -> Outcome {
    let names: Vec<&str> = context.state.robots.enabled().collect();
    Ok(Answer::ok().with("Robot_Account", names))
}

/// The account stays; it only sends nothing any more.
fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    match context.state.robots.disable(text(body, "Robot_Account")) {
        Some(was_enabled) => Ok(Answer::ok().changed(was_enabled.into())),
        None => Err(Answer::fail_with(BAD_PARAMETER, "there is no such chatbot")),
    }
}

/// The first piece makes the message; the key that it is answered belongs to every later one.
fn send_chunk(context: &mut Context<'_>, body: &Value) -> Outcome {
    let (from, to) = (text(body, "From_Account"), text(body, "To_Account"));
    if !context.state.robots.is_enabled(from) {
        return Err(Answer::fail_with(BAD_PARAMETER, "the sender is no chatbot"));
    }
    context.need(to, BAD_PARAMETER)?;
    let key = match given(body, "MsgKey") {
        Some(key) => key,
        None => {
            let (seq, random) = (context.draw(), context.draw());
            let key = format!("{seq}_{random}_{}", context.now_s);
            context.state.robots.begin(&key, from, to);
            key
        }
    };
    let stream = context.state.robots.stream_mut(&key, from, to);
    let stream = stream.ok_or_else(|| Answer::fail_with(BAD_PARAMETER, "there is no such message"))?;
    if stream.is_finished {
        return Err(Answer::fail_with(BAD_PARAMETER, "the message is finished"));
    }
    stream.text += text(body, "Chunk");
    stream.is_finished = flag(body, "Finish");
    Ok(Answer::ok().with("MsgKey", key).changed(1))
}
