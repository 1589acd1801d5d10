//! Items of a batch call, each checked and written once; bodies are put together from them.

use serde_json::{Map, Value, json};

use crate::error::{Error, Kind, Path, Result, Step};
use crate::schema::names::Style;
use crate::schema::walk::{Json, RequestOptions, request};
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
    /// The call's other fields, the same for all items.
    others: Map<String, Value>,
    options: RequestOptions<'static>,
    /// A body up to its first item.
    head: Vec<u8>,
}

/// What follows the last item.
const TAIL: &[u8] = b"]}";

impl ItemWriter {
    /// A writer for a call with a batch.
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
        let (key, sample) = match item {
            Ty::Object(shape) => {
                let key = named_by(shape());
                if key.is_none() && batch.outcome != Outcome::All {
                    return Err(fault("the items have no name"));
                }
                (key, sample_of(shape()))
            }
            _ => (None, "a".into()),
        };
        let options = RequestOptions { style, prefer, extra_body: None, entropy: 0 };
        let mut writer = Self { op, list, key, others: others.clone(), options, head: Vec::new() };
        let mut body = writer.body_of_one(sample)?;
        // The list comes last, so what stands before its one item is as long as the body without it.
        let written = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        let items = core::iter::once(&list.wire).chain(list.aliases).find_map(|wire| written.get(wire));
        let item = items.and_then(|items| items.get(0)).ok_or_else(|| fault("a body without its item"))?;
        body.truncate(body.len().saturating_sub(item.to_string().len() + TAIL.len()));
        writer.head = body;
        Ok(writer)
    }

    /// Checks and writes one item. The path of an error begins within the item.
    pub fn write(&self, item: Value) -> Result<WrittenItem> {
        let mut body = self.body_of_one(item).map_err(|error| self.within_item(error))?;
        body.truncate(body.len() - TAIL.len());
        let json = body.split_off(self.head.len());
        let key = self.key_of(&json).unwrap_or_default();
        Ok(WrittenItem { json, key })
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

    fn body_of_one(&self, item: Value) -> Result<Vec<u8>> {
        // As text, since the list must come last: so a body ends with its items.
        let others = self.others.iter().map(|(name, value)| format!("{}:{value},", Value::from(name.as_str())));
        let input = format!("{{{}\"{}\":[{item}]}}", others.collect::<String>(), self.list.name);
        request(self.op, &mut Json(&input), self.options).map(|(body, _)| body)
    }

    /// Takes the list and the place in it off an error's path: they are those of a body with this item alone.
    fn within_item(&self, mut error: Error) -> Error {
        if let Some(path) = &error.path
            && let [Step::Field(_), Step::Index(0), within @ ..] = path.steps()
        {
            error.path = (!within.is_empty()).then(|| Path::new(within.to_vec()));
        }
        error
    }

    fn key_of(&self, json: &[u8]) -> Option<String> {
        let value = serde_json::from_slice::<Value>(json).ok()?;
        let name = match self.key {
            Some(key) => core::iter::once(&key.wire).chain(key.aliases).find_map(|wire| value.get(wire))?,
            None => &value,
        };
        key_text(name)
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
            Rule::AtMostOne(_) => false,
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
