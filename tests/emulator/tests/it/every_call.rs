//! Every call of the tables, sent over HTTP: what they allow is never refused as malformed, what they forbid always is.
//! Each answer is read by the reply's table, as the harness does with all of them.

#[path = "../../../../core/tests/every_call/mutate.rs"]
mod mutate;
#[path = "../../../../core/tests/every_call/sample.rs"]
mod sample;

use serde_json::Value;
use tencent_im_core::api;
use tencent_im_core::schema::{Field, Op, Shape, Ty, walk};

use crate::harness::*;
use sample::Random;

/// Random requests of each call that are sent as they are.
const SAMPLES: u64 = 8;

/// Random requests of each call that are sent with each single mistake.
const MUTATED: u64 = 3;

/// A value with the names of the wire; what no table declares keeps its name.
fn on_the_wire(ty: &Ty, value: &Value) -> Value {
    match (ty, value) {
        (Ty::Object(shape), Value::Object(_)) => fields_on_the_wire(shape(), value),
        (Ty::Union(union), Value::Object(_)) => {
            let union = union();
            let content = union.variants.iter().find(|(tag, _)| value[union.tag.name] == *tag);
            let rename = |(name, value): (&String, &Value)| match content {
                _ if name == union.tag.name => (union.tag.wire.to_owned(), value.clone()),
                Some((_, shape)) if name == union.content.name => {
                    (union.content.wire.to_owned(), on_the_wire(&Ty::Object(*shape), value))
                }
                _ => (name.clone(), value.clone()),
            };
            Value::Object(value.as_object().into_iter().flatten().map(rename).collect())
        }
        (Ty::List(item) | Ty::ListOrObject(item), Value::Array(items)) => {
            items.iter().map(|value| on_the_wire(item, value)).collect()
        }
        (Ty::Map(item), Value::Object(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), on_the_wire(item, value))).collect()
        }
        // Callers write true and false; the wire has 1 and 0.
        (Ty::Flag, Value::Bool(flag)) => u8::from(*flag).into(),
        _ => value.clone(),
    }
}

fn fields_on_the_wire(shape: &Shape, object: &Value) -> Value {
    let rename = |(name, value): (&String, &Value)| {
        let field = shape.fields.iter().find(|field| field.name == name);
        field.map_or_else(
            || (name.clone(), value.clone()),
            |field| (field.wire.to_owned(), on_the_wire(&field.ty, value)),
        )
    };
    Value::Object(object.as_object().into_iter().flatten().map(rename).collect())
}

/// A path into a request, such as `members[0].user_id`, with the names of the wire.
fn path_on_the_wire(ty: &Ty, value: &Value, path: &str) -> String {
    let path = path.trim_start_matches(['.', '[']);
    let (step, rest) = path.split_at(path.find(['.', '[', ']']).unwrap_or(path.len()));
    let (wire, inner, value) = match ty {
        _ if step.is_empty() => return String::new(),
        Ty::Object(shape) => match shape().fields.iter().find(|field| field.name == step) {
            Some(field) => (field.wire, field.ty, &value[step]),
            None => (step, Ty::Json, &Value::Null),
        },
        Ty::Union(union) if step == union().tag.name => (union().tag.wire, Ty::Text, &Value::Null),
        Ty::Union(union) => {
            let content = union().variants.iter().find(|(tag, _)| value[union().tag.name] == *tag);
            (union().content.wire, content.map_or(Ty::Json, |(_, shape)| Ty::Object(*shape)), &value[step])
        }
        Ty::List(item) | Ty::ListOrObject(item) => {
            let at: usize = step.parse().expect("an index");
            let inside = path_on_the_wire(item, &value[at], rest.trim_start_matches(']'));
            let dot = if inside.is_empty() || inside.starts_with('[') { "" } else { "." };
            return format!("[{at}]{dot}{inside}");
        }
        Ty::Map(item) => (step, **item, &value[step]),
        _ => (step, Ty::Json, &Value::Null),
    };
    let inside = path_on_the_wire(&inner, value, rest);
    let dot = if inside.is_empty() || inside.starts_with('[') { "" } else { "." };
    format!("{wire}{dot}{inside}")
}

/// Whether the answer is a refusal by the request's table: with the path of a field, or about the body as a whole. What
/// the state refuses speaks of users, groups and messages.
fn is_refused_as_malformed(op: &Op, answer: &Value) -> bool {
    let info = answer["ErrorInfo"].as_str().unwrap_or_default();
    // "2 of To_Account, GroupId given".
    let Some((path, _)) = info.split_once(": ") else { return info.ends_with(" given") };
    let top = path.split(['.', '[']).next();
    let is_declared = |field: &Field| Some(field.wire) == top || field.aliases.iter().any(|name| Some(*name) == top);
    code(answer) != 0 && (op.request)().fields.iter().any(is_declared)
}

/// A new group of a type that newer pages do not list: the core still knows its name.
fn asks_for_a_retired_type(op: &Op, body: &Value) -> bool {
    op.name.starts_with("groups.") && body["Type"] == "BChatRoom"
}

#[test]
fn what_the_tables_allow_is_never_refused_as_malformed() {
    let server = Server::start();
    let index = server.get("");
    let from_tables: Vec<&str> =
        index["calls_from_tables"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(from_tables.len() > 20, "{from_tables:?}");
    for op in api::all() {
        for seed in 0..SAMPLES {
            let input = sample::request((op.request)(), &mut Random(seed));
            let body = fields_on_the_wire((op.request)(), &input);
            let answer = server.call(op.path, body.clone());
            if asks_for_a_retired_type(op, &body) {
                assert_eq!(code(&answer), 10004, "{}: {answer}", op.name);
                continue;
            }
            assert!(!is_refused_as_malformed(op, &answer), "{}: {answer}\n{body:#}", op.name);
            // What has no state has nothing else to refuse, and leaves nothing of its reply out.
            if from_tables.contains(&op.path) {
                assert_eq!(code(&answer), 0, "{}: {answer}\n{body:#}", op.name);
                walk::served(op.reply, answer.to_string().as_bytes())
                    .unwrap_or_else(|error| panic!("{}: {error} in {answer}", op.name));
            }
        }
    }
}

#[test]
fn what_the_tables_forbid_is_refused_with_the_field() {
    let server = Server::start();
    let mut tried = 0;
    for op in api::all() {
        for seed in 0..MUTATED {
            let input = sample::request((op.request)(), &mut Random(seed));
            for mistake in mutate::mistakes((op.request)(), &input) {
                let body = fields_on_the_wire((op.request)(), &mistake.request);
                let answer = server.call(op.path, body);
                assert_ne!(code(&answer), 0, "{}, {}: {answer}", op.name, mistake.what);
                let path = path_on_the_wire(&Ty::Object(op.request), &input, &mistake.path);
                let info = answer["ErrorInfo"].as_str().expect("a reason");
                let is_told = if path.is_empty() {
                    info.ends_with(" given")
                } else {
                    info.strip_prefix(&path).is_some_and(|rest| rest.starts_with(": "))
                };
                assert!(is_told, "{}, {}: {path} is not in {info}", op.name, mistake.what);
                tried += 1;
            }
        }
    }
    println!("{tried} mistakes");
    assert!(tried > 1_000, "only {tried} mistakes were tried");
}
