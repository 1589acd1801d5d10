//! Topics of communities. A topic's messages and mutes are those of the group calls with `TopicId`.

use serde_json::{Map, Value, json};

use super::body::{given, list, text, texts, uint};
use super::groups::{NO_ACCOUNT, group_of};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::groups::{Group, GroupKind, Topic, holds};
use crate::webhooks::events;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/million_group_open_http_svc/create_topic", create),
    Call::new("v4/group_open_http_svc/import_topic", import_topic),
    Call::new("v4/million_group_open_http_svc/get_topic", get),
    Call::new("v4/million_group_open_http_svc/modify_topic", update),
    Call::new("v4/million_group_open_http_svc/destroy_topic", delete),
];

/// The community has no topics; the topic was destroyed already.
const NO_TOPICS: i64 = 11000;
const DESTROYED: i64 = 110003;

const TEXTS: [&str; 5] = ["TopicName", "FaceUrl", "Notification", "Introduction", "CustomString"];

/// The community that a request names.
fn community<'a>(context: &'a mut Context<'_>, body: &Value) -> Result<&'a mut Group, Answer> {
    if let Some(from) = body["From_Account"].as_str() {
        context.need(from, NO_ACCOUNT)?;
    }
    let group = group_of(context, body)?;
    match group.kind {
        GroupKind::Community if group.has_topics => Ok(group),
        GroupKind::Community => Err(Answer::fail(NO_TOPICS)),
        _ => Err(Answer::fail_with(10007, "only communities have topics")),
    }
}

fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let id = free_id(context, body, 10025)?;
    events::topics::before_create(context, text(body, "TopicName"))?.pass()?;
    insert(context, body, &id, context.now_s)?;
    events::topics::created(context, text(body, "GroupId"), &id, text(body, "TopicName"));
    Ok(Answer::ok().with("TopicId", id).changed(1))
}

fn import_topic(context: &mut Context<'_>, body: &Value) -> Outcome {
    let created_s = uint(body, "CreateTime").unwrap_or(context.now_s);
    if created_s > context.now_s {
        return Err(Answer::fail_with(10004, "CreateTime: later than now"));
    }
    let id = free_id(context, body, 10021)?;
    insert(context, body, &id, created_s)?;
    Ok(Answer::ok().with("TopicId", id).changed(1))
}

/// The id of a topic to be made. One of the app's own is the community's, `@TOPIC#_` and a part of its own.
fn free_id(context: &mut Context<'_>, body: &Value, taken: i64) -> Result<String, Answer> {
    let number = context.draw();
    let group = community(context, body)?;
    if text(body, "TopicName").is_empty() {
        return Err(Answer::fail_with(10004, "TopicName is missing"));
    }
    let prefix = format!("{}@TOPIC#_", group.id);
    let id = match given(body, "TopicId") {
        None => format!("{prefix}@TOPIC#c{number:010}"),
        Some(id) if id.strip_prefix(&prefix).is_some_and(|own| !own.is_empty() && !own.starts_with("@TOPIC#")) => id,
        Some(_) => return Err(Answer::fail_with(10004, "TopicId: GroupId, @TOPIC#_ and a part of your own")),
    };
    if group.topics.contains_key(&id) { Err(Answer::fail(taken)) } else { Ok(id) }
}

fn insert(context: &mut Context<'_>, body: &Value, id: &str, created_s: u64) -> Result<(), Answer> {
    let mut topic = Topic { created_s, ..Topic::default() };
    set_texts(&mut topic, body);
    community(context, body)?.topics.insert(id.to_owned(), topic);
    Ok(())
}

fn set_texts(topic: &mut Topic, body: &Value) {
    for field in TEXTS {
        if let Some(value) = given(body, field) {
            topic.texts.insert(field, value);
        }
    }
}

/// The outer code says nothing: each topic has its own.
fn get(context: &mut Context<'_>, body: &Value) -> Outcome {
    let now_s = context.now_s;
    let group = community(context, body)?;
    let user = text(body, "From_Account");
    let named: Vec<&str> = texts(body, "TopicIdList").collect();
    let ids = if named.is_empty() { group.topics.keys().map(String::as_str).collect() } else { named };
    let shown = ids.iter().map(|id| match group.topics.get(*id) {
        None => json!({"ErrorCode": DESTROYED, "ErrorInfo": meaning(DESTROYED), "TopicInfo": {"TopicId": id}}),
        Some(topic) => {
            let until_s = topic.mutes.get(user).copied().filter(|until_s| holds(*until_s, now_s)).unwrap_or(0);
            json!({
                "ErrorCode": 0,
                "ErrorInfo": "ok",
                "SelfInfo": {"ShutUpTime": until_s, "MsgSeq": topic.read_seqs.get(user).copied().unwrap_or(0), "MsgFlag": "AcceptAndNotify"},
                "TopicInfo": show(&group.id, id, topic, &body["ResponseFilter"]),
            })
        }
    });
    let shown: Vec<Value> = shown.collect();
    Ok(Answer::ok().with("TopicAndSelfInfo", shown))
}

/// Whatever a filter does not name is left out, but for the ids.
fn show(group_id: &str, id: &str, topic: &Topic, filter: &Value) -> Value {
    let muted = if topic.is_muted { "On" } else { "Off" };
    let mut fields: Map<String, Value> =
        TEXTS.into_iter().map(|field| (field.to_owned(), json!(topic.texts.get(field)))).collect();
    fields.retain(|_, value| !value.is_null());
    fields.insert("CreateTime".into(), json!(topic.created_s));
    fields.insert("NextMsgSeq".into(), json!(topic.log.last_seq() + 1));
    fields.insert("LastMsgTime".into(), json!(topic.log.last_time_s()));
    fields.insert("MuteAllMember".into(), json!(muted));
    if let Some(wanted) = filter.as_array() {
        fields.retain(|field, _| wanted.iter().any(|name| name == field));
    }
    // So spelled here, unlike in the other calls.
    fields.insert("GroupID".into(), json!(group_id));
    fields.insert("TopicId".into(), json!(id));
    Value::Object(fields)
}

fn update(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = community(context, body)?;
    let topic = group.topics.get_mut(text(body, "TopicId")).ok_or_else(|| Answer::fail(10010))?;
    match body["MuteAllMember"].as_str() {
        None => {}
        Some("On") => topic.is_muted = true,
        Some("Off") => topic.is_muted = false,
        Some(_) => return Err(Answer::fail_with(10004, "MuteAllMember: On or Off")),
    }
    set_texts(topic, body);
    events::topics::info_changed(context, body);
    Ok(Answer::ok().changed(1))
}

fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let group = community(context, body)?;
    if list(body, "TopicIdList").is_empty() {
        return Err(Answer::fail_with(10004, "TopicIdList is missing"));
    }
    let mut gone = Vec::new();
    let results = texts(body, "TopicIdList").map(|id| {
        let code = if group.topics.remove(id).is_some() { 0 } else { DESTROYED };
        group.permissions.forget_topic(id);
        gone.extend((code == 0).then_some(id));
        let info = if code == 0 { "ok" } else { meaning(code) };
        json!({"TopicId": id, "ErrorCode": code, "ErrorInfo": info})
    });
    let results: Vec<Value> = results.collect();
    events::topics::destroyed(context, text(body, "GroupId"), &gone);
    Ok(Answer::ok().with("DestroyResultItem", results).changed(gone.len() as u64))
}
