//! What the tables say about calls fits the tables of their shapes. Here rather than in the core, since the tables have
//! their documentation and error codes only in this crate's build of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use tencent_im_core::error::CODES;
use tencent_im_core::schema::{Done, Field, Limit, Next, Op, Outcome, Rule, Shape, Ty, Union};
use tencent_im_core::{api, webhook};

fn field(shape: &'static Shape, name: &str, what: &str) -> &'static Field {
    let found = shape.fields.iter().find(|field| field.name == name);
    found.unwrap_or_else(|| panic!("{what}: {} has no field {name}", shape.name))
}

fn list(shape: &'static Shape, name: &str, what: &str) -> &'static Ty {
    match field(shape, name, what).ty {
        Ty::List(item) => item,
        other => panic!("{what}: {name} is {other:?}, not a list"),
    }
}

fn is_number(ty: Ty) -> bool {
    matches!(ty, Ty::Int(_) | Ty::BigId | Ty::Time(_))
}

/// Everything that a name of a shape, a set or a union stands for, by its address.
#[derive(Default)]
struct Found {
    shapes: BTreeMap<&'static str, &'static Shape>,
    others: BTreeMap<&'static str, usize>,
}

impl Found {
    fn shape(&mut self, shape: &'static Shape) {
        match self.shapes.insert(shape.name, shape) {
            Some(before) => assert!(std::ptr::eq(before, shape), "two shapes are named {}", shape.name),
            None => shape.fields.iter().for_each(|field| self.ty(field.ty)),
        }
    }

    fn other(&mut self, name: &'static str, address: usize) -> bool {
        let before = self.others.insert(name, address);
        assert!(before.is_none_or(|before| before == address), "two sets or unions are named {name}");
        before.is_none()
    }

    fn ty(&mut self, ty: Ty) {
        match ty {
            Ty::Object(shape) => self.shape(shape()),
            Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => self.ty(*item),
            Ty::Enum(of) => {
                self.other(of.name, std::ptr::from_ref(of).addr());
            }
            Ty::Union(union) => {
                let union: &'static Union = union();
                if self.other(union.name, std::ptr::from_ref(union).addr()) {
                    union.variants.iter().for_each(|(_, shape)| self.shape(shape()));
                }
            }
            _ => {}
        }
    }
}

fn found() -> Found {
    let mut found = Found::default();
    for op in api::all() {
        found.shape((op.request)());
        found.shape((op.reply)());
    }
    for webhook in webhook::all() {
        found.shape((webhook.body)());
    }
    found
}

#[test]
fn a_name_stands_for_one_thing() {
    let found = found();
    assert!(found.shapes.len() > 100 && found.others.len() > 10);
    for name in found.others.keys() {
        assert!(!found.shapes.contains_key(name), "a shape and a set are named {name}");
    }
}

#[test]
fn rules_name_fields() {
    for shape in found().shapes.values() {
        for rule in shape.rules {
            if let Rule::Requires { when, field: needed, .. } = rule {
                assert!(matches!(field(shape, when, "a rule").ty, Ty::Int(_)), "{}: {when} is no number", shape.name);
                assert!(!field(shape, needed, "a rule").required, "{}: {needed} is required anyway", shape.name);
            }
            for name in rule.alternatives().iter().copied().flatten() {
                let ruled = field(shape, name, "a rule");
                assert!(!ruled.required, "{}: {name} is required, and ruled out by another field", shape.name);
            }
        }
    }
}

#[test]
fn rates_draws_and_batches_name_fields() {
    for op in api::all() {
        let (request, reply) = ((op.request)(), (op.reply)());
        if let Some(counted) = op.rate.and_then(|rate| rate.per_item) {
            list(request, counted, op.name);
        }
        for drawn in op.draws {
            let drawn = field(request, drawn, op.name);
            assert!(matches!(drawn.ty, Ty::Int(_)) && !drawn.required, "{}: {} cannot be drawn", op.name, drawn.name);
        }
        let Some(batch) = op.batch else { continue };
        list(request, batch.field, op.name);
        let limits = field(request, batch.field, op.name).limits;
        let most = limits.iter().find_map(|limit| match limit {
            Limit::Items(_, most) => Some(*most),
            _ => None,
        });
        assert!(most.is_none_or(|most| most == batch.max), "{}: the limit of {}", op.name, batch.field);
        match batch.outcome {
            Outcome::All => {}
            // A name alone, or what became of it.
            Outcome::Failed(outcomes) | Outcome::Each(outcomes) => {
                let item = list(reply, outcomes, op.name);
                let is_fit = match item {
                    Ty::Object(shape) => !shape().fields.is_empty(),
                    item => matches!(item, Ty::Text | Ty::UserId) && matches!(batch.outcome, Outcome::Failed(_)),
                };
                assert!(is_fit, "{}: {outcomes} tells of no outcome", op.name);
            }
        }
    }
}

#[test]
fn pages_name_fields() {
    for op in api::all() {
        let Some(page) = op.page else { continue };
        let (request, reply) = ((op.request)(), (op.reply)());
        let item_shapes: Vec<&'static Shape> = page
            .items
            .iter()
            .filter_map(|items| match list(reply, items, op.name) {
                Ty::Object(shape) => Some(shape()),
                _ => None,
            })
            .collect();
        assert!(!page.items.is_empty() && !page.next.is_empty() && !page.until.is_empty(), "{}", op.name);
        for (position, next) in page.next {
            let position = field(request, position, op.name).ty;
            match next {
                Next::Reply(from) | Next::InCommunity(from) => {
                    let from = field(reply, from, op.name).ty;
                    let is_alike = std::mem::discriminant(&from) == std::mem::discriminant(&position);
                    assert!(is_alike || is_number(from) && is_number(position), "{}: {from:?}, {position:?}", op.name);
                }
                Next::Count => assert!(is_number(position), "{}", op.name),
                Next::Above(of) | Next::Below(of) => {
                    for shape in &item_shapes {
                        assert!(is_number(field(shape, of, op.name).ty), "{}: {of}", op.name);
                    }
                    assert!(!item_shapes.is_empty(), "{}: its items have no fields", op.name);
                }
            }
        }
        if let Some((size, most)) = page.size {
            assert!(is_number(field(request, size, op.name).ty) && most > 0, "{}: {size}", op.name);
        }
        for done in page.until {
            match done {
                Done::Blank(mark) | Done::Set(mark) => drop(field(reply, mark, op.name)),
                Done::Total(total) => assert!(is_number(field(reply, total, op.name).ty), "{}: {total}", op.name),
                Done::Fewer => assert!(page.size.is_some(), "{}: no page size to have fewer than", op.name),
                Done::NoItems => {}
            }
        }
    }
}

/// Shapes whose code is no outcome of theirs: they count how often it occurred.
const COUNTED_CODES: [&str; 2] = ["PushErrorCount", "PlatformPushErrorCount"];

/// The shapes that stand in a list or a map, at any depth.
fn item_shapes(ty: Ty, in_list: bool, seen: &mut BTreeSet<&'static str>, found: &mut Vec<&'static Shape>) {
    match ty {
        Ty::Object(table) => {
            let shape = table();
            if in_list {
                found.push(shape);
            }
            if seen.insert(shape.name) {
                shape.fields.iter().for_each(|field| item_shapes(field.ty, false, seen, found));
            }
        }
        Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => item_shapes(*item, true, seen, found),
        _ => {}
    }
}

/// Whether a field is one of those by which the service tells what became of an item.
fn sounds_like_an_outcome(field: &Field) -> bool {
    let is_told = field.wire.ends_with("Code") || matches!(field.wire, "ErrorInfo" | "ErrInfo" | "Deleted");
    is_told || field.wire == "Result" && matches!(field.ty, Ty::Int(_) | Ty::ItemCode | Ty::Bool)
}

#[test]
fn items_of_replies_tell_what_became_of_them() {
    let mut checked = 0;
    for op in api::all() {
        let mut items = Vec::new();
        item_shapes(Ty::Object(op.reply), false, &mut BTreeSet::new(), &mut items);
        for shape in items {
            let outcomes = shape.fields.iter().filter(|field| is_outcome(field)).count();
            let sounds = shape.fields.iter().any(sounds_like_an_outcome) && !COUNTED_CODES.contains(&shape.name);
            assert!(outcomes == usize::from(sounds), "{}: {} tells {outcomes} outcomes", op.name, shape.name);
            checked += outcomes;
        }
    }
    assert!(checked > 40, "only {checked} items tell an outcome");
}

fn is_outcome(field: &Field) -> bool {
    let done = field.limits.iter().any(|limit| matches!(limit, Limit::Done(_)));
    assert!(!done || matches!(field.ty, Ty::Int(_) | Ty::Bool), "{}: a success is a number or true", field.name);
    done || matches!(field.ty, Ty::ItemCode)
}

/// A list of names that failed is seen where the batch says so, or where the items tell of themselves.
#[test]
fn lists_of_failures_are_known() {
    for op in api::all() {
        let reply = (op.reply)();
        let mut items = Vec::new();
        item_shapes(Ty::Object(op.reply), false, &mut BTreeSet::new(), &mut items);
        for field in reply.fields {
            let named = matches!(field.ty, Ty::List(Ty::Text | Ty::UserId))
                && ["Fail", "Invalid", "Error"].iter().any(|word| field.wire.starts_with(word));
            let is_known = items.iter().any(|shape| shape.outcome().is_some())
                || op.batch.is_some_and(|batch| batch.outcome == Outcome::Failed(field.name));
            assert!(!named || is_known, "{}: {} names failures that no item tells of", op.name, field.name);
        }
    }
}

#[test]
fn error_codes_are_in_the_table() {
    let known: BTreeSet<i64> = CODES.iter().map(|row| i64::from(row.code)).collect();
    let unknown: Vec<String> = api::all()
        .flat_map(|op| op.errors.iter().map(move |code| (op, i64::from(*code))))
        .filter(|(_, code)| !known.contains(code))
        .map(|(op, code)| format!("{} {code}", op.name))
        .collect();
    assert!(unknown.is_empty(), "codes without a row: {}", unknown.join(", "));
}

#[test]
fn every_call_has_a_request_and_a_reply_vector() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let tried = |family: &str, key: &str| -> BTreeSet<String> {
        fs::read_dir(vectors.join(family))
            .expect("a folder of vectors")
            .flat_map(|file| {
                let text = fs::read_to_string(file.expect("an entry").path()).expect("a readable file");
                let file: Value = serde_json::from_str(&text).expect("JSON");
                file["vectors"].as_array().expect("vectors").clone()
            })
            .filter(|vector| vector.get(key).is_some())
            .map(|vector| vector["op"].as_str().expect("a call").to_owned())
            .collect()
    };
    let (requests, replies) = (tried("requests", "wire"), tried("replies", "result"));
    let missing = |tried: &BTreeSet<String>| -> Vec<&str> {
        api::all().map(|op: &'static Op| op.name).filter(|name| !tried.contains(*name)).collect()
    };
    let (requests, replies) = (missing(&requests), missing(&replies));
    assert!(requests.is_empty() && replies.is_empty(), "without a request: {requests:?}; without a reply: {replies:?}");
}
