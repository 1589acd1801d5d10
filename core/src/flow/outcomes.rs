//! What became of each item of a batch, as the batch's reply tells it.

use std::collections::HashMap;

use serde_json::Value;

use super::items::{is_key, key_text};
use crate::error::{Error, Kind, Result, lookup_for};
use crate::http::Reply;
use crate::items::number;
use crate::json::object_of;
use crate::redact::redact;
use crate::schema::names::Style;
use crate::schema::walk;
use crate::schema::{Field, JsonSink, Op, Shape, Sink, Table, Ty};

/// What became of one item.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemOutcome {
    /// The service took it. With what the reply says about it, if it says more than that.
    Done(Option<ItemReply>),
    /// The service refused it; the error says why.
    Failed(Error),
    /// It was refused before anything was sent; the error's path is the field.
    Refused(Error),
    /// The answer was lost, and the call is not safe to retry: it may have taken effect.
    Unknown(Error),
    /// The same item came before, and was sent then.
    Duplicate,
}

impl ItemOutcome {
    /// Its name in every language.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::Duplicate => "duplicate",
        }
    }

    /// The error of an item that was not done.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Refused(error) | Self::Unknown(error) => Some(error),
            Self::Done(_) | Self::Duplicate => None,
        }
    }
}

/// What a reply says about one item.
#[derive(Clone, Debug)]
pub struct ItemReply {
    op: &'static Op,
    shape: Table,
    json: Box<str>,
}

impl PartialEq for ItemReply {
    fn eq(&self, other: &Self) -> bool {
        self.op.name == other.op.name && self.json == other.json
    }
}

impl ItemReply {
    /// Reads it into a language's own objects.
    pub fn read_into(&self, style: Style, sink: &mut dyn Sink) -> Result<()> {
        walk::reply(self.shape, &self.json, style, sink).map_err(|error| error.during(self.op.name))
    }

    /// Reads it as JSON text for JavaScript.
    pub fn to_javascript(&self) -> Result<String> {
        let mut sink = JsonSink::for_javascript(self.op, 2 * walk::MAX_REPLY_BYTES);
        self.read_into(Style::Camel, &mut sink)?;
        Ok(String::from_utf8_lossy(&sink.into_bytes()).into_owned())
    }
}

/// What a reply says about the items of a batch.
#[derive(Debug, Default)]
pub struct Told {
    /// By the names of the items, in the order of the reply.
    by_name: HashMap<String, Vec<ItemOutcome>>,
}

impl Told {
    /// The outcome of the next item with a name. Where several items share a name and the reply has fewer entries for it
    /// than there are items, the last entry counts for the rest.
    pub fn take(&mut self, name: &str) -> Option<ItemOutcome> {
        let told = self.by_name.get_mut(name)?;
        if told.len() > 1 { Some(told.remove(0)) } else { told.first().cloned() }
    }
}

impl FromIterator<(String, ItemOutcome)> for Told {
    fn from_iter<I: IntoIterator<Item = (String, ItemOutcome)>>(outcomes: I) -> Self {
        let mut told = Self::default();
        for (name, outcome) in outcomes {
            told.by_name.entry(name).or_default().push(outcome);
        }
        told
    }
}

/// Reads a reply's list of outcomes.
pub fn read(op: &'static Op, list: &str, reply: &Reply) -> Result<Told> {
    let broken = |error: String| Error::new(Kind::Protocol, error).during(op.name);
    let whole = object_of(&reply.json()).map_err(|error| broken(error.to_string()))?;
    let Some(field) = (op.reply)().fields.iter().find(|field| field.name == list) else {
        return Err(broken(format!("no list {list}")));
    };
    let entries = wire_names(field).find_map(|name| whole.get(name)).and_then(Value::as_array);
    let entries = entries.map_or(&[][..], Vec::as_slice);
    match field.ty {
        Ty::List(Ty::Object(table)) => Ok(entries.iter().filter_map(|entry| of_entry(op, *table, entry)).collect()),
        // No more than the names of the items that failed.
        _ => Ok(entries.iter().filter_map(|name| Some((key_text(name)?, unexplained(op)))).collect()),
    }
}

fn of_entry(op: &'static Op, table: Table, entry: &Value) -> Option<(String, ItemOutcome)> {
    let shape = table();
    let value = |field: &Field| wire_names(field).find_map(|name| entry.get(name));
    let key = key_text(value(shape.fields.iter().find(|field| is_key(&field.ty))?)?)?;
    let (field, done) = shape.outcome()?;
    // Some lists leave it out of what succeeded.
    let told = value(field).map_or(Some(0), number);
    let outcome = match (field.ty, told) {
        (_, Some(number)) if done.contains(&number) => {
            ItemOutcome::Done(Some(ItemReply { op, shape: table, json: entry.to_string().into() }))
        }
        (Ty::ItemCode, Some(code)) => ItemOutcome::Failed(item_error(op, code, info(shape, entry))),
        _ => unexplained(op),
    };
    Some((key, outcome))
}

/// The service's own words about an item.
fn info<'e>(shape: &Shape, entry: &'e Value) -> Option<&'e str> {
    let field = shape.fields.iter().find(|field| matches!(field.ty, Ty::Text) && field.name.ends_with("_info"))?;
    entry.get(field.wire).and_then(Value::as_str).filter(|info| !info.is_empty())
}

fn wire_names(field: &Field) -> impl Iterator<Item = &'static str> + '_ {
    core::iter::once(field.wire).chain(field.aliases.iter().copied())
}

/// The outcome of an item that the reply names as failed without a reason.
fn unexplained(op: &'static Op) -> ItemOutcome {
    let error = Error::new(Kind::Partial, "the service did not take this item, and gives no reason").during(op.name);
    ItemOutcome::Failed(error.cure("make the call for this item alone to see why"))
}

fn item_error(op: &'static Op, code: i64, info: Option<&str>) -> Error {
    let row = lookup_for(op, code);
    let mut error = Error::new(row.map_or(Kind::Server, |row| row.kind), format!("the service answered {code}"))
        .during(op.name)
        .code(code);
    if let Some(info) = info.map(redact) {
        error.message = format!("the service answered {code}: {info}").into();
        error.error_info = Some(info);
    }
    if let Some(row) = row {
        error = error.cause(row.cause).cure(row.cure);
    }
    error
}
