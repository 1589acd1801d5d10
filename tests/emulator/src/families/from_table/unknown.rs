//! Finding a field or a value that the core does not declare. The service may let them pass; a test wants to see them.

use serde_json::Value;
use tencent_im_core::schema::{Table, Ty, Union};

/// What a table does not have, with its path by wire names.
#[derive(Debug, PartialEq, Eq)]
pub enum Unknown {
    /// A field.
    Field(String),
    /// A value of a field that has a set of them.
    Value(String),
}

/// The first field or value that a table does not have.
pub fn unknown(table: Table, body: &Value) -> Option<Unknown> {
    in_value(&Ty::Object(table), body)
}

fn in_value(ty: &Ty, value: &Value) -> Option<Unknown> {
    match (ty, value) {
        (Ty::Object(table), Value::Object(fields)) => fields.iter().find_map(|(key, value)| {
            let known = table().fields.iter().find(|field| field.wire == key || field.aliases.contains(&key.as_str()));
            known.map_or_else(|| Some(Unknown::Field(key.clone())), |field| below(key, in_value(&field.ty, value)))
        }),
        (Ty::Enum(set), Value::String(text)) if !set.values.contains(&text.as_str()) => {
            Some(Unknown::Value(String::new()))
        }
        (Ty::Union(union), Value::Object(_)) => in_union(union(), value),
        (Ty::List(item) | Ty::ListOrObject(item), Value::Array(items)) => {
            items.iter().enumerate().find_map(|(at, value)| below(&format!("[{at}]"), in_value(item, value)))
        }
        (Ty::Map(item), Value::Object(entries)) => {
            entries.iter().find_map(|(key, value)| below(key, in_value(item, value)))
        }
        _ => None,
    }
}

fn in_union(union: &Union, value: &Value) -> Option<Unknown> {
    let fields = value.as_object()?;
    if let Some(key) = fields.keys().find(|key| **key != union.tag.wire && **key != union.content.wire) {
        return Some(Unknown::Field(key.clone()));
    }
    let tag = value[union.tag.wire].as_str()?;
    let (_, content) = union.variants.iter().find(|(known, _)| *known == tag)?;
    below(union.content.wire, in_value(&Ty::Object(*content), &value[union.content.wire]))
}

fn below(step: &str, found: Option<Unknown>) -> Option<Unknown> {
    let join = |path: String| match path.as_str() {
        "" => step.to_owned(),
        path if path.starts_with('[') => format!("{step}{path}"),
        path => format!("{step}.{path}"),
    };
    found.map(|found| match found {
        Unknown::Field(path) => Unknown::Field(join(path)),
        Unknown::Value(path) => Unknown::Value(join(path)),
    })
}
