//! What holds for each call that the core declares, and for one that it does not.

use serde_json::{Map, Value, json};
use tencent_im_core::api::{self, Empty};
use tencent_im_core::flow::Pages;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Batch, Enum, Field, JsonSink, Op, Outcome, RetryClass, Shape, Ty, walk};

use super::reply::sample;
use super::*;
use crate::families::routes;

static KIND: Enum = Enum { name: "Kind", values: &["One", "Two"], module: "", doc: &[] };
static ITEM: Shape = shape(
    "Item",
    &[field("user_id", "To_Account", Ty::UserId), Field { required: false, ..field("kind", "Kind", Ty::Enum(&KIND)) }],
);
static REQUEST: Shape = shape("Request", &[field("items", "Items", Ty::List(&Ty::Object(|| &ITEM)))]);
static OUTCOME: Shape =
    shape("Outcome", &[field("user_id", "To_Account", Ty::Text), field("code", "ResultCode", Ty::ItemCode)]);
static REPLY: Shape = shape("Reply", &[field("results", "Results", Ty::List(&Ty::Object(|| &OUTCOME)))]);
static MADE_UP: Op = Op {
    name: "made_up.call",
    path: "v4/made_up/call",
    request: || &REQUEST,
    reply: || &REPLY,
    rate: None,
    retry: RetryClass::Safe,
    draws: &[],
    batch: Some(Batch { field: "items", max: 10, outcome: Outcome::Each("results"), alone: None, many: None }),
    page: None,
    replaced_by: None,
    edition: None,
    page_id: "1047/1",
    doc: &[],
    errors: &[],
};

const fn field(name: &'static str, wire: &'static str, ty: Ty) -> Field {
    Field { name, wire, aliases: &[], ty, required: true, limits: &[], doc: &[] }
}

const fn shape(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape { name, module: "", fields, rules: &[], doc: &[] }
}

#[test]
fn a_new_call_is_served_without_a_line_here() {
    let routes = routes::routes_of(api::all().chain([&MADE_UP]));
    let route = routes.iter().find(|route| route.op.path == MADE_UP.path).expect("it is served");
    assert!(route.call.is_none());
    let request = json!({"Items": [{"To_Account": "a"}, {"To_Account": "b"}]});
    let answer = answer(&MADE_UP, &request, 1_700_000_000);
    let expected = json!([{"To_Account": "a", "ResultCode": 0}, {"To_Account": "b", "ResultCode": 0}]);
    assert_eq!((answer.code, answer.fields), (0, vec![("Results", expected)]));
}

#[test]
fn what_is_not_declared_is_found_with_its_path() {
    let good = json!({"Items": [{"To_Account": "a", "Kind": "One"}]});
    assert_eq!(unknown(MADE_UP.request, &good), None);
    let bad = json!({"Items": [{"To_Account": "a"}, {"To_Account": "b", "to_account": "c"}]});
    assert_eq!(unknown(MADE_UP.request, &bad), Some(Unknown::Field("Items[1].to_account".into())));
    assert_eq!(unknown(Empty::shape, &json!({"X": 1})), Some(Unknown::Field("X".into())));
    for value in ["one", "On", ""] {
        let bad = json!({"Items": [{"To_Account": "a", "Kind": value}]});
        assert_eq!(unknown(MADE_UP.request, &bad), Some(Unknown::Value("Items[0].Kind".into())), "{value}");
    }
}

/// Each reply that is made from a table is one that the table reads without a leftover: it has no unknown field and
/// all that are required.
#[test]
fn every_reply_keeps_its_table() {
    for op in api::all() {
        let answer = answer(op, &json!({}), 1_700_000_000);
        let body: Map<String, Value> =
            answer.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let body = Value::Object(body);
        assert_eq!(unknown(op.reply, &body), None, "{}", op.name);
        let mut sink = JsonSink::new(1 << 20);
        walk::reply(op.reply, &body.to_string(), Style::Wire, &mut sink).expect(op.name);
        if let Err(error) = walk::served(op.reply, body.to_string().as_bytes()) {
            panic!("{}: {error} in {body}", op.name);
        }
    }
}

/// A request made from its table is taken by it, and each of its items has an entry of its own in the reply.
#[test]
fn every_reply_speaks_of_the_request_s_items() {
    for op in api::all() {
        let mut request = sample(op, 1_700_000_000);
        let batch = op.batch.filter(|batch| batch.max > 1);
        let list = batch.and_then(|batch| (op.request)().fields.iter().find(|field| field.name == batch.field));
        if let Some(list) = list {
            let one = request[list.wire][0].clone();
            let other = renamed(&one);
            request[list.wire] = json!([one, other]);
        }
        if let Err(error) = walk::served(op.request, request.to_string().as_bytes()) {
            panic!("{}: {error} in {request}", op.name);
        }
        assert_eq!(unknown(op.request, &request), None, "{}", op.name);
        let (Some(Outcome::Each(results)), Some(list)) = (batch.map(|batch| batch.outcome), list) else { continue };
        let results = (op.reply)().fields.iter().find(|field| field.name == results).expect(op.name);
        let answer = answer(op, &request, 1_700_000_000);
        let (_, shown) = answer.fields.iter().find(|(name, _)| *name == results.wire).expect(op.name);
        let (shown, items) = (shown.as_array().expect(op.name), request[list.wire].as_array().expect(op.name));
        assert_eq!(shown.len(), items.len(), "{}", op.name);
        for (result, item) in shown.iter().zip(items) {
            let names = names_in(item);
            assert!(
                !names.is_empty() && names_in(result).iter().any(|name| names.contains(name)),
                "{}: {result}",
                op.name
            );
        }
    }
}

/// An entry names its item also where it does so by a number, or in a field named as one of the list.
#[test]
fn entries_name_items_by_number_and_bare_names_by_their_field() {
    let sign = api::find("operations.sign_files").expect("a call");
    let files = json!({"RawURLs": [{"ResourceID": 7, "RawURL": "a"}, {"ResourceID": 8, "RawURL": "b"}]});
    let (_, signed) = answer(sign, &files, 1_700_000_000).fields.remove(0);
    assert_eq!((&signed[0]["ResourceID"], &signed[1]["ResourceID"]), (&json!(7), &json!(8)), "{signed}");
    let remove = api::find("moderation.remove_keywords").expect("a call");
    let words = json!({"SdkAppId": 1, "LibID": "l", "Keywords": ["bad", "worse"]});
    let fields = answer(remove, &words, 1_700_000_000).fields;
    let (_, removed) = fields.iter().find(|(_, value)| value.is_array()).expect("a list");
    assert_eq!((&removed[0]["Keyword"], &removed[1]["Keyword"]), (&json!("bad"), &json!("worse")), "{removed}");
}

/// A list that goes on page by page comes to its end, by whichever mark its call has.
#[test]
fn every_list_ends() {
    for op in api::all().filter(|op| op.page.is_some()) {
        let mut pages = Pages::new(op, &Map::new(), None, Style::Snake).expect(op.name);
        let mut turns = 0;
        while let Some(position) = pages.next() {
            let wire = |(name, value): (&String, &Value)| {
                let field = (op.request)().fields.iter().find(|field| field.name == name).expect("a declared field");
                (field.wire.to_owned(), value.clone())
            };
            let request = Value::Object(position.iter().map(wire).collect());
            let fields = answer(op, &request, 1_700_000_000).fields;
            let body: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let mut sink = JsonSink::new(1 << 20);
            walk::reply(op.reply, &Value::Object(body).to_string(), Style::Snake, &mut sink).expect(op.name);
            pages.turn(&serde_json::from_slice(&sink.into_bytes()).expect("an object")).expect(op.name);
            turns += 1;
            assert!(turns <= 2, "{}: it goes on", op.name);
        }
        assert!(turns > 0, "{}", op.name);
    }
}

/// An item with other names and numbers in it.
fn renamed(item: &Value) -> Value {
    match item {
        Value::String(text) => json!(format!("{text}2")),
        Value::Number(number) => json!(number.as_u64().unwrap_or(0) + 1),
        Value::Object(fields) => {
            let is_name =
                |key: &str| key.ends_with("Account") || key.ends_with("Id") || key.ends_with("ID") || key == "MsgSeq";
            let field = |(key, value): (&String, &Value)| {
                (key.clone(), if is_name(key) || value.is_object() { renamed(value) } else { value.clone() })
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

/// What an item may be known by: itself, or the texts and numbers in it.
fn names_in(item: &Value) -> Vec<Value> {
    match item {
        Value::Object(fields) => fields.values().flat_map(names_in).collect(),
        Value::Array(_) | Value::Null | Value::Bool(_) => Vec::new(),
        name => vec![name.clone()],
    }
}
