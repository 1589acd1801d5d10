//! Items of a batch call, each checked and written once; bodies are put together from them.

use serde_json::{Map, Value, json};

use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::json::top_fields;
use crate::schema::names::Style;
use crate::schema::walk::{self, Input, Json, RequestOptions, request};
use crate::schema::{Batch, Field, Op, Outcome, Rule, Shape, TimeUnit, Ty};

/// An item as it stands in a body, and the name by which a reply speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenItem {
    /// Its JSON, with wire names.
    pub json: Vec<u8>,
    /// Its key, such as the user id.
    pub key: String,
}

/// Writes the items of one batch call.
#[derive(Debug)]
pub struct ItemWriter {
    op: &'static Op,
    list: &'static Field,
    /// The field that names an item; none where an item is its own name, or where no reply tells items apart.
    key: Option<&'static Field>,
    /// Whether an item's name says which item it is: of two with one name, one is enough.
    is_known_by_key: bool,
    /// The call that takes one item and says why it fails.
    alone: Option<&'static Op>,
    options: RequestOptions<'static>,
    /// A body up to its first item.
    head: Vec<u8>,
}

/// What follows the last item.
const TAIL: &[u8] = b"]}";

impl ItemWriter {
    /// A writer for a call with a batch. `others` are the call's other fields.
    pub fn new(
        op: &'static Op,
        batch: Batch,
        others: &Map<String, Value>,
        style: Style,
        prefer: Option<&'static str>,
    ) -> Result<Self> {
        let fault = |message: &str| Error::new(Kind::Internal, message.to_owned()).during(op.name);
        let fields = (op.request)().fields;
        let list = fields.iter().find(|field| field.name == batch.field).ok_or_else(|| fault("no such list"))?;
        let Ty::List(item) = list.ty else { return Err(fault("the batch is no list")) };
        if !op.draws.is_empty() {
            return Err(Error::new(Kind::InvalidInput, "each call draws random numbers of its own")
                .during(op.name)
                .cure("make the calls one by one"));
        }
        if others.contains_key(list.name) {
            return Err(Error::new(Kind::InvalidInput, "the items come one by one")
                .during(op.name)
                .at(list.name)
                .cure("leave this field out"));
        }
        let (key, is_known_by_key, sample) = match item {
            Ty::Object(shape) => {
                let shape = shape();
                let key = named_by(shape);
                if key.is_none() && batch.outcome != Outcome::All {
                    return Err(fault("the items have no name"));
                }
                (key, shape.shorthand().is_some(), sample_of(shape))
            }
            _ => (None, true, "a".into()),
        };
        let alone = batch.alone.map(find_op).transpose()?;
        let options = RequestOptions { style, prefer, extra_body: None, mark: 0 };
        let mut writer = Self { op, list, key, is_known_by_key, alone, options, head: Vec::new() };
        // As text, since the list must come last: so a body ends with its items.
        let fields = others.iter().map(|(name, value)| format!("{}:{value},", Value::from(name.as_str())));
        let input = format!("{{{}\"{}\":[{sample}]}}", fields.collect::<String>(), list.name);
        let (mut body, _) = request(op, &mut Json(&input), options)?;
        let item = writer.write(&mut Json(&sample.to_string()))?;
        body.truncate(body.len().saturating_sub(item.json.len() + TAIL.len()));
        writer.head = body;
        Ok(writer)
    }

    /// Checks and writes one item. The path of an error begins within the item.
    pub fn write(&self, item: &mut dyn Input) -> Result<WrittenItem> {
        let json = walk::item(self.op, self.list, item, self.options)?;
        let key = self.key_of(&json).unwrap_or_default();
        Ok(WrittenItem { json, key })
    }

    /// What tells whether two items are the same.
    pub fn identity<'i>(&self, item: &'i WrittenItem) -> &'i [u8] {
        if self.is_known_by_key { item.key.as_bytes() } else { &item.json }
    }

    /// What all bodies have in common.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// A whole body of some items.
    pub fn body<'i>(&self, items: impl Iterator<Item = &'i WrittenItem>) -> Vec<u8> {
        let mut body = self.head.clone();
        for (at, item) in items.enumerate() {
            if at > 0 {
                body.push(b',');
            }
            body.extend_from_slice(&item.json);
        }
        body.extend_from_slice(TAIL);
        body
    }

    /// The call that says why an item fails, and its body, if there is a call that takes the item alone.
    pub fn alone(&self, item: &WrittenItem) -> Option<(&'static Op, Vec<u8>)> {
        let op = self.alone?;
        // Wire names are read by every call that has them, and written as this one wants them.
        let json = String::from_utf8_lossy(&item.json);
        request(op, &mut Json(&json), self.options).ok().map(|(body, _)| (op, body))
    }

    fn key_of(&self, json: &[u8]) -> Option<String> {
        let json = core::str::from_utf8(json).ok()?;
        match self.key {
            Some(key) => {
                let names = [key.wire, key.aliases.first().copied().unwrap_or(key.wire)];
                top_fields(json, names).ok()?.into_iter().flatten().next().as_ref().and_then(key_text)
            }
            None => key_text(&serde_json::from_str(json).ok()?),
        }
    }
}

/// The field that names an item: the first required text or number.
fn named_by(shape: &'static Shape) -> Option<&'static Field> {
    shape.fields.iter().find(|field| field.required && is_key(&field.ty))
}

/// An item with no more than it must have, to see what a body looks like around its items.
fn sample_of(shape: &'static Shape) -> Value {
    let chosen = |name: &&str| {
        let of_rule = |rule: &Rule| match rule {
            Rule::ExactlyOne(alternatives) | Rule::AtLeastOne(alternatives) => alternatives[0].contains(name),
            Rule::AtMostOne(_) | Rule::Requires { .. } => false,
        };
        shape.rules.iter().any(of_rule)
    };
    let needed = shape.fields.iter().filter(|field| field.required || chosen(&field.name));
    Value::Object(needed.map(|field| (field.name.to_owned(), sample(field.ty))).collect())
}

fn sample(ty: Ty) -> Value {
    match ty {
        Ty::Text | Ty::JsonText | Ty::UserId | Ty::Json => "a".into(),
        Ty::Enum(set) => set.values.first().copied().unwrap_or("a").into(),
        Ty::Int(_) | Ty::BigId | Ty::ItemCode | Ty::Number => 1.into(),
        Ty::Time(TimeUnit::Seconds) => 1_000_000_000.into(),
        Ty::Time(TimeUnit::Millis) => 1_000_000_000_000_u64.into(),
        Ty::Bool | Ty::Flag => true.into(),
        Ty::Object(shape) => sample_of(shape()),
        Ty::Union(union) => {
            let union = union();
            let (tag, shape) = union.variants[0];
            json!({ union.tag.name: tag, union.content.name: sample_of(shape()) })
        }
        Ty::List(_) | Ty::ListOrObject(_) => json!([]),
        Ty::Map(_) => json!({}),
    }
}

/// Whether a field of this type can name an item.
pub fn is_key(ty: &Ty) -> bool {
    matches!(ty, Ty::Text | Ty::UserId | Ty::Int(_))
}

/// The name of an item as text, also where it is a number, such as that of a message in its group.
pub fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
