//! Finding a field that the core does not declare. The service lets such fields pass; a test wants to see them.

use serde_json::Value;
use tencent_im_core::schema::{Table, Ty, Union};

/// The path of the first field that a table does not have, by wire names.
pub fn unknown_field(table: Table, body: &Value) -> Option<String> {
    in_value(&Ty::Object(table), body)
}

fn in_value(ty: &Ty, value: &Value) -> Option<String> {
    match (ty, value) {
        (Ty::Object(table), Value::Object(fields)) => fields.iter().find_map(|(key, value)| {
            let known = table().fields.iter().find(|field| field.wire == key || field.aliases.contains(&key.as_str()));
            known.map_or_else(|| Some(key.clone()), |field| below(key, in_value(&field.ty, value)))
        }),
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

fn in_union(union: &Union, value: &Value) -> Option<String> {
    let fields = value.as_object()?;
    if let Some(key) = fields.keys().find(|key| **key != union.tag.wire && **key != union.content.wire) {
        return Some(key.clone());
    }
    let tag = value[union.tag.wire].as_str()?;
    let (_, content) = union.variants.iter().find(|(known, _)| *known == tag)?;
    below(union.content.wire, in_value(&Ty::Object(*content), &value[union.content.wire]))
}

fn below(step: &str, path: Option<String>) -> Option<String> {
    path.map(|path| if path.starts_with('[') { format!("{step}{path}") } else { format!("{step}.{path}") })
}
