//! The bodies, one file a subject, spelled by hand after their pages. `CallbackCommand` is added to all of them but those
//! that have none at their top.
//!
//! `EventTime` is a number on some pages and a text in the samples of others; each body here has it as its sample does.

pub mod alerts;
pub mod follows;
pub mod friends;
pub mod group_messages;
pub mod groups;
pub mod messages;
pub mod official_accounts;
pub mod profiles;
pub mod push;
pub mod state;
pub mod topics;

use serde_json::{Map, Value, json};

use crate::families::Context;

/// Fields of an object.
fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// One object after the other in one.
fn joined(one: Value, other: Value) -> Value {
    let mut all = fields(one);
    all.extend(fields(other));
    Value::Object(all)
}

/// The texts that a request has, under the same names.
fn texts<const N: usize>(request: &Value, fields: [&str; N]) -> Map<String, Value> {
    let given = fields.into_iter().filter(|field| request[*field].is_string());
    given.map(|field| (field.to_owned(), request[field].clone())).collect()
}

/// Names as a list of objects.
fn each<'a>(field: &str, names: impl IntoIterator<Item = &'a str>) -> Value {
    names.into_iter().map(|name| json!({field: name})).collect()
}

/// A group's id and type and the time, which nearly every body about one has.
fn about_group(context: &Context<'_>, id: &str, more: Value) -> Value {
    let kind = context.state.groups.get(id).map_or("", |group| group.kind.as_str());
    let about = json!({"GroupId": id, "Type": kind, "EventTime": context.now_ms.to_string()});
    joined(about, more)
}
