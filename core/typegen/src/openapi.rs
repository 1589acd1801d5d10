//! `core/openapi.json`: the service as an OpenAPI 3.1 document, for users of other languages. Names are those on the
//! wire; the facts that OpenAPI has no words for are extensions: `x-rate-limit`, `x-retry`, `x-rules`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tencent_im_core::endpoint::REGIONS;
use tencent_im_core::error::lookup_for;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Enum, Field, Limit, Op, RetryClass, Rule, Shape, Ty, Union, Width};

use crate::Files;
use crate::docs;
use crate::model::Model;

/// Schemas by name.
type Schemas = BTreeMap<String, Value>;

/// Writes the document.
pub fn write(model: &Model, files: &mut Files) {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for op in model.groups.iter().flat_map(|group| &group.ops) {
        let path = format!("/{}", op.path);
        // Two calls may share a path: the second gets a fragment, which paths of the service never have.
        let path = if paths.contains_key(&path) { format!("{path}#{}", op.name) } else { path };
        paths.insert(path, json!({ "post": operation(op, &mut schemas) }));
    }
    let tags = model
        .groups
        .iter()
        .map(|group| json!({ "name": group.name, "description": docs::localized(group.doc, Style::Snake) }));
    let servers =
        REGIONS.iter().map(|region| json!({ "url": format!("https://{}", region.domain), "description": region.name }));
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tencent Chat (Tencent IM) REST API",
            "version": "v4",
            "description": origin!(),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": servers.collect::<Vec<_>>(),
        "tags": tags.collect::<Vec<_>>(),
        "security": [{ "usersig": [], "sdkappid": [], "identifier": [] }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": security(), "parameters": parameters() },
    });
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    files.insert("core/openapi.json".into(), text + "\n");
}

fn security() -> Value {
    let query = |name: &str, description: &str| json!({ "type": "apiKey", "in": "query", "name": name, "description": description });
    json!({
        "sdkappid": query("sdkappid", "The app's SDKAppID."),
        "identifier": query("identifier", "The name of an app admin."),
        "usersig": query("usersig", "A UserSig of that admin. It administers the app: never log it."),
    })
}

fn parameters() -> Value {
    json!({
        "random": {
            "name": "random", "in": "query", "required": true, "description": "A random number, another one for each request.",
            "schema": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
        },
        "contenttype": {
            "name": "contenttype", "in": "query", "required": true, "description": "The format of bodies.",
            "schema": { "const": "json" },
        },
    })
}

fn operation(op: &Op, schemas: &mut Schemas) -> Value {
    let text: Vec<String> = docs::lines(op.doc).map(|line| docs::localized(line, Style::Snake)).collect();
    let mut operation = json!({
        "operationId": op.name,
        "tags": [op.group()],
        "summary": text.first(),
        "description": text.join("\n"),
        "externalDocs": { "url": op.doc_url() },
        "deprecated": op.replaced_by.is_some(),
        "parameters": [{ "$ref": "#/components/parameters/random" }, { "$ref": "#/components/parameters/contenttype" }],
        "requestBody": { "required": true, "content": json_content(object((op.request)(), true, schemas)) },
        "responses": { "200": {
            "description": "The answer. `ErrorCode` is 0 for success: errors come with status 200, too.",
            "content": json_content(json!({ "allOf": [envelope(schemas), object((op.reply)(), false, schemas)] })),
        } },
        "x-retry": retry(op.retry),
        "x-errors": errors(op),
    });
    if let Some(rate) = op.rate {
        let list = rate.per_item.and_then(|list| (op.request)().fields.iter().find(|field| field.name == list));
        operation["x-rate-limit"] = json!({
            "calls": rate.calls, "period_ms": rate.per_ms, "min_gap_ms": rate.gap_ms,
            "counts": list.map_or("calls".into(), |field| format!("items of {}", field.wire)),
        });
    }
    for (name, value) in [("x-replaced-by", op.replaced_by), ("x-edition", op.edition)] {
        if let Some(value) = value {
            operation[name] = value.into();
        }
    }
    operation
}

fn json_content(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn errors(op: &Op) -> Value {
    let rows = op.errors.iter().map(|code| match lookup_for(op, (*code).into()) {
        Some(row) => json!({ "code": code, "kind": row.kind.as_str(), "cause": row.cause, "cure": row.cure }),
        None => json!({ "code": code }),
    });
    rows.collect()
}

fn retry(retry: RetryClass) -> Value {
    match retry {
        RetryClass::Safe => json!({ "class": "safe" }),
        RetryClass::SameRandom { window_s } => json!({ "class": "same_random", "window_s": window_s }),
        RetryClass::AfterCheck => json!({ "class": "after_check" }),
        RetryClass::Never => json!({ "class": "never" }),
    }
}

/// What every answer has.
fn envelope(schemas: &mut Schemas) -> Value {
    schemas.entry("Envelope".into()).or_insert_with(|| {
        json!({
            "type": "object",
            "description": "What every answer has.",
            "properties": {
                "ActionStatus": { "type": "string", "description": "OK or FAIL." },
                "ErrorCode": { "type": "integer", "description": "0 for success." },
                "ErrorInfo": { "type": "string", "description": "What went wrong, in the service's words." },
            },
        })
    });
    json!({ "$ref": "#/components/schemas/Envelope" })
}

/// A reference to a shape, whose schema is written where it is missing.
fn object(shape: &'static Shape, is_input: bool, schemas: &mut Schemas) -> Value {
    let name = if is_input { format!("{}Param", shape.name) } else { shape.name.into() };
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    if schemas.contains_key(&name) {
        return reference;
    }
    // Before its fields, which may hold the shape itself.
    schemas.insert(name.clone(), Value::Null);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in shape.fields {
        let property = property(field, is_input, schemas);
        for alias in field.aliases {
            properties.insert((*alias).into(), property.clone());
        }
        properties.insert(field.wire.into(), property);
        if field.required && is_input {
            let names = [field.wire].into_iter().chain(field.aliases.iter().copied());
            required.push(names.collect::<Vec<_>>());
        }
    }
    let mut schema = json!({
        "type": "object",
        "description": docs::of_field(shape.doc, Style::Snake),
        "properties": properties,
    });
    // Under one of its names.
    let (plain, aliased): (Vec<_>, Vec<_>) = required.into_iter().partition(|names| names.len() == 1);
    if !plain.is_empty() {
        schema["required"] = plain.concat().into();
    }
    if !aliased.is_empty() {
        let one_of = |names: Vec<&str>| json!({ "oneOf": names.iter().map(|name| json!({ "required": [name] })).collect::<Vec<_>>() });
        schema["allOf"] = aliased.into_iter().map(one_of).collect();
    }
    if is_input {
        schema["additionalProperties"] = false.into();
        if !shape.rules.is_empty() {
            schema["x-rules"] = shape.rules.iter().map(|one| rule(*one, shape)).collect();
        }
    }
    schemas.insert(name, schema);
    reference
}

fn property(field: &'static Field, is_input: bool, schemas: &mut Schemas) -> Value {
    let mut schema = schema_of(field.ty, is_input, schemas);
    if is_input {
        limits(&mut schema, field);
    }
    schema["description"] = docs::of_field(field.doc, Style::Snake).into();
    if !field.aliases.is_empty() {
        schema["x-aliases"] = json!(field.aliases);
    }
    schema
}

fn schema_of(ty: Ty, is_input: bool, schemas: &mut Schemas) -> Value {
    match ty {
        Ty::Bool => json!({ "type": "boolean" }),
        Ty::Flag => json!({ "type": "integer", "enum": [0, 1] }),
        Ty::Int(width) => whole(width),
        Ty::BigId => whole(Width::U64),
        Ty::Time(_) => whole(Width::U64),
        Ty::ItemCode => whole(Width::I32),
        Ty::Number => json!({ "type": "number" }),
        Ty::Text | Ty::JsonText => json!({ "type": "string" }),
        Ty::UserId => json!({ "type": "string", "minLength": 1, "maxLength": 32, "x-max-bytes": 32 }),
        Ty::Json => json!({}),
        Ty::Enum(set) => enumeration(set),
        Ty::Object(table) => object(table(), is_input, schemas),
        Ty::Union(union) => tagged(union(), is_input, schemas),
        Ty::List(item) => json!({ "type": "array", "items": schema_of(*item, is_input, schemas) }),
        Ty::ListOrObject(item) => {
            json!({ "anyOf": [schema_of(Ty::List(item), is_input, schemas), { "type": "object" }] })
        }
        Ty::Map(value) => json!({ "type": "object", "additionalProperties": schema_of(*value, is_input, schemas) }),
    }
}

fn whole(width: Width) -> Value {
    let (format, minimum) = match width {
        Width::U32 => ("uint32", Some(0)),
        Width::I32 => ("int32", None),
        Width::U64 => ("uint64", Some(0)),
        Width::I64 => ("int64", None),
    };
    let mut schema = json!({ "type": "integer", "format": format });
    if let Some(minimum) = minimum {
        schema["minimum"] = minimum.into();
    }
    schema
}

/// The service may add values, so any text is allowed.
fn enumeration(set: &Enum) -> Value {
    json!({ "type": "string", "examples": set.values, "x-known-values": set.values })
}

fn tagged(union: &'static Union, is_input: bool, schemas: &mut Schemas) -> Value {
    let variants = union.variants.iter().map(|(tag, content)| {
        json!({
            "type": "object",
            "properties": {
                union.tag.wire: { "const": tag },
                union.content.wire: object(content(), is_input, schemas),
            },
            "required": [union.tag.wire, union.content.wire],
        })
    });
    let mut variants: Vec<Value> = variants.collect();
    // What this version does not know.
    let known: Vec<&str> = union.variants.iter().map(|(tag, _)| *tag).collect();
    variants.push(json!({
        "type": "object",
        "properties": { union.tag.wire: { "type": "string", "not": { "enum": known } } },
    }));
    json!({ "anyOf": variants })
}

fn limits(schema: &mut Value, field: &Field) {
    for limit in field.limits {
        match limit {
            Limit::Bytes(min, max) => {
                // A character has at least one byte and at most four.
                schema["minLength"] = min.div_ceil(4).into();
                schema["maxLength"] = (*max).into();
                schema["x-max-bytes"] = (*max).into();
            }
            Limit::Chars(min, max) => {
                schema["minLength"] = (*min).into();
                schema["maxLength"] = (*max).into();
            }
            Limit::Items(min, max) if matches!(field.ty, Ty::Map(_)) => {
                schema["minProperties"] = (*min).into();
                schema["maxProperties"] = (*max).into();
            }
            Limit::Items(min, max) => {
                schema["minItems"] = (*min).into();
                schema["maxItems"] = (*max).into();
            }
            Limit::ItemBytes(min, max) => {
                if let Some(items) = schema.get_mut("items").filter(|items| items.get("$ref").is_none()) {
                    items["minLength"] = min.div_ceil(4).into();
                    items["maxLength"] = (*max).into();
                    items["x-max-bytes"] = (*max).into();
                }
            }
            Limit::Range(min, max) => {
                schema["minimum"] = (*min).into();
                schema["maximum"] = (*max).into();
            }
            Limit::Values(values) => schema["enum"] = json!(values),
            Limit::Prefix(prefix) => schema["pattern"] = format!("^{prefix}").into(),
            _ => {}
        }
    }
}

/// A rule over several fields, by their wire names.
fn rule(rule: Rule, shape: &Shape) -> Value {
    let wire = |name: &&str| {
        shape.fields.iter().find(|field| field.name == *name).map_or(*name, |field| field.wire).to_owned()
    };
    let (name, alternatives) = match rule {
        Rule::Requires { when, is, field } => {
            return json!({ "rule": "requires", "when": wire(&when), "is": is, "of": [[wire(&field)]] });
        }
        Rule::ExactlyOne(alternatives) => ("exactly_one", alternatives),
        Rule::AtLeastOne(alternatives) => ("at_least_one", alternatives),
        Rule::AtMostOne(alternatives) => ("at_most_one", alternatives),
    };
    let alternatives: Vec<Vec<String>> = alternatives.iter().map(|group| group.iter().map(wire).collect()).collect();
    json!({ "rule": name, "of": alternatives })
}
