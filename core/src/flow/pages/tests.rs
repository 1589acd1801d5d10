//! Every way to page, each to its end.

use serde_json::json;

use super::*;
use crate::schema::{Flag, Op, ops, shape};

shape! {
    /// Where to continue, in every way there is.
    pub struct Ask {
        /// How many.
        limit: Option<u32> = "Limit",
        /// Position by count.
        offset: Option<u32> = "Offset",
        /// Position by cursor.
        next: Option<String> = "Next",
        /// Position by number.
        req_seq: Option<u32> = "ReqSeq",
    }
}

shape! {
    /// One item.
    pub struct Numbered {
        /// Its number.
        seq: u32 = "Seq",
    }
}

shape! {
    /// A page.
    pub struct Answer {
        /// The items.
        items: Vec<Numbered> = "Items",
        /// More items.
        others: Vec<Numbered> = "Others",
        /// The cursor.
        next: Option<String> = "Next",
        /// All there are.
        total_count: Option<u32> = "TotalCount",
        /// The end.
        is_finish: Option<Flag> = "IsFinish",
    }
}

ops! {
    /// By count and total.
    BY_COUNT = "v4/t/count", tests.count, Ask => Answer, rate: none, retry: Safe, doc: "269/1",
        page: Page { next: &[("offset", Next::Count)], size: Some(("limit", 100)), items: &["items"], until: &[Done::Total("total_count")] };
    /// By count or cursor, whichever the service gives.
    BY_EITHER = "v4/t/either", tests.either, Ask => Answer, rate: none, retry: Safe, doc: "269/1",
        page: Page { next: &[("offset", Next::Count), ("next", Next::Reply("next"))], size: Some(("limit", 2)), items: &["items"], until: &[Done::Fewer, Done::Blank("next")] };
    /// By cursor and flag, from two lists.
    BY_CURSOR = "v4/t/cursor", tests.cursor, Ask => Answer, rate: none, retry: Safe, doc: "269/1",
        page: Page { next: &[("next", Next::Reply("next"))], size: None, items: &["items", "others"], until: &[Done::Set("is_finish")] };
    /// Backwards by number.
    BELOW = "v4/t/below", tests.below, Ask => Answer, rate: none, retry: Safe, doc: "269/1",
        page: Page { next: &[("req_seq", Next::Below("seq"))], size: Some(("limit", 20)), items: &["items"], until: &[Done::NoItems] };
    /// Forwards by number.
    ABOVE = "v4/t/above", tests.above, Ask => Answer, rate: none, retry: Safe, doc: "269/1",
        page: Page { next: &[("req_seq", Next::Above("seq"))], size: None, items: &["items"], until: &[Done::Set("is_finish")] };
}

/// A community pages by a cursor from its first page on, any other group by a count.
#[test]
fn a_community_is_told_by_its_id() {
    let op = crate::api::groups::LIST_MEMBERS.op();
    let page = |next: &str| json!({"members": [{}, {}], "next": next});
    let asked = run(op, json!({"group_id": "@TGS#_c", "limit": 2}), &[page("a"), page("")]);
    assert_eq!(asked.expect("pages"), [json!({"limit": 2, "next": ""}), json!({"limit": 2, "next": "a"})]);
    let asked =
        run(op, json!({"group_id": "@TGS#2c", "limit": 2}), &[json!({"members": [{}, {}]}), json!({"members": [{}]})]);
    assert_eq!(asked.expect("pages"), [json!({"limit": 2}), json!({"limit": 2, "offset": 2})]);
    // The caller's own beginning stays.
    let asked = run(op, json!({"group_id": "@TGS#_c", "next": 0, "limit": 2}), &[page("")]);
    assert_eq!(asked.expect("pages"), [json!({"limit": 2, "next": 0})]);
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

/// Runs an iteration over given results; gives the fields set for each page.
fn run(op: &'static Op, params: Value, results: &[Value]) -> Result<Vec<Value>> {
    let mut pages = Pages::new(op, &map(params), None, Style::Snake)?;
    let mut asked = Vec::new();
    let mut results = results.iter();
    while let Some(position) = pages.next() {
        asked.push(Value::Object(position.clone()));
        let Some(result) = results.next() else { break };
        pages.turn(&map(result.clone()))?;
    }
    assert!(results.next().is_none(), "ended too early, after {asked:?}");
    Ok(asked)
}

fn seqs(of: impl IntoIterator<Item = u32>) -> Value {
    of.into_iter().map(|seq| json!({"seq": seq})).collect()
}

#[test]
fn every_source_and_end_is_tried() {
    assert_eq!(OPS.len(), 5);
    assert_eq!(Pages::new(BELOW.op(), &Map::new(), None, Style::Camel).expect("pages").reads(), ["items", "seq"]);
}

#[test]
fn a_count_moves_by_what_came_and_ends_at_the_total() {
    let asked = run(
        BY_COUNT.op(),
        json!({}),
        &[json!({"items": seqs(0..100), "total_count": 150}), json!({"items": seqs(0..50), "total_count": 150})],
    );
    assert_eq!(asked.expect("pages"), [json!({"limit": 100}), json!({"limit": 100, "offset": 100})]);
    let asked =
        run(BY_COUNT.op(), json!({"limit": 3, "Offset": 7}), &[json!({"items": seqs(0..3), "total_count": 10})]);
    assert_eq!(asked.expect("pages"), [json!({"limit": 3, "offset": 7})]);
}

#[test]
fn an_empty_page_ends_a_count_whatever_the_total_says() {
    let results = [json!({"items": [], "total_count": 150})];
    assert_eq!(run(BY_COUNT.op(), json!({}), &results).expect("pages").len(), 1);
    assert_eq!(run(BY_COUNT.op(), json!({}), &[json!({"items": null, "total_count": 150})]).expect("pages").len(), 1);
}

#[test]
fn a_cursor_is_passed_on_until_the_flag() {
    let asked = run(
        BY_CURSOR.op(),
        json!({}),
        &[
            json!({"items": seqs(0..2), "next": "a", "is_finish": false}),
            json!({"others": seqs(0..2), "next": "b", "is_finish": false}),
            json!({"items": [], "next": "b", "is_finish": true}),
        ],
    );
    assert_eq!(asked.expect("pages"), [json!({}), json!({"next": "a"}), json!({"next": "b"})]);
}

#[test]
fn a_cursor_that_is_missing_ends_although_no_flag_says_so() {
    assert_eq!(run(BY_CURSOR.op(), json!({}), &[json!({"items": seqs(0..2)})]).expect("pages").len(), 1);
}

#[test]
fn the_service_chooses_between_count_and_cursor() {
    let asked = run(
        BY_EITHER.op(),
        json!({}),
        &[json!({"items": seqs(0..1), "next": "a"}), json!({"items": seqs(0..1), "next": ""})],
    );
    assert_eq!(asked.expect("pages").last(), Some(&json!({"limit": 2, "next": "a"})));
    let asked = run(BY_EITHER.op(), json!({}), &[json!({"items": seqs(0..2)}), json!({"items": seqs(0..1)})]);
    assert_eq!(asked.expect("pages").last(), Some(&json!({"limit": 2, "offset": 2})));
}

#[test]
fn a_full_page_is_the_last_when_its_cursor_is_blank() {
    let full = |next: &str| json!({"items": seqs(0..2), "next": next});
    let asked = run(BY_EITHER.op(), json!({"next": ""}), &[full("a"), full("")]).expect("pages");
    assert_eq!(asked, [json!({"limit": 2, "next": ""}), json!({"limit": 2, "next": "a"})]);
    assert_eq!(run(BY_EITHER.op(), json!({"next": ""}), &[full("")]).expect("pages").len(), 1);
}

#[test]
fn a_position_that_the_service_wants_begins_blank() {
    for (op, first) in [
        ("live_groups.list_online_members", json!({"timestamp": 0})),
        ("groups.list_banned_members", json!({"limit": 100, "offset": 0})),
        ("group_messages.list_read_members", json!({"count": 200, "cursor": ""})),
        ("groups.list", json!({"limit": 10_000})),
    ] {
        let op = crate::api::find(op).expect("a call");
        let pages = Pages::new(op, &Map::new(), None, Style::Snake).expect("pages");
        assert_eq!(pages.next().cloned().map(Value::Object), Some(first), "{}", op.name);
    }
    let op = crate::api::find("live_groups.list_online_members").expect("a call");
    let mut pages = Pages::new(op, &map(json!({"timestamp": 7})), None, Style::Snake).expect("pages");
    pages.turn(&map(json!({"members": [{}], "next_timestamp": 9}))).expect("a turn");
    assert_eq!(pages.next().cloned().map(Value::Object), Some(json!({"timestamp": 9})));
}

#[test]
fn of_several_positions_those_at_0_stay_where_the_service_wants_them() {
    let op = crate::api::find("conversations.list").expect("a call");
    let mut pages = Pages::new(op, &Map::new(), None, Style::Snake).expect("pages");
    let first = json!({"time_stamp": 0, "start_index": 0, "top_time_stamp": 0, "top_start_index": 0});
    assert_eq!(pages.next().cloned().map(Value::Object), Some(first));
    let reply = json!({
        "conversations": [{}], "complete_flag": false,
        "time_stamp": 1_775_552_160, "start_index": 3, "top_time_stamp": 0, "top_start_index": 0,
    });
    pages.turn(&map(reply)).expect("a turn");
    let second = json!({"time_stamp": 1_775_552_160, "start_index": 3, "top_time_stamp": 0, "top_start_index": 0});
    assert_eq!(pages.next().cloned().map(Value::Object), Some(second));
    let reply = json!({"conversations": [{}], "complete_flag": true, "time_stamp": 1, "start_index": 9});
    pages.turn(&map(reply)).expect("a turn");
    assert_eq!(pages.next(), None);
}

#[test]
fn numbers_move_below_and_above_the_items() {
    let asked = run(BELOW.op(), json!({}), &[json!({"items": seqs([9, 7, 8])}), json!({"items": seqs([3, 1])})]);
    assert_eq!(asked.expect("pages"), [json!({"limit": 20}), json!({"limit": 20, "req_seq": 6})]);
    let asked = run(
        ABOVE.op(),
        json!({}),
        &[json!({"items": seqs([2, 5, 3]), "is_finish": false}), json!({"items": seqs([6]), "is_finish": true})],
    );
    assert_eq!(asked.expect("pages"), [json!({}), json!({"req_seq": 6})]);
}

#[test]
fn a_loop_of_any_length_is_an_error() {
    for length in 1..6_usize {
        let results: Vec<Value> =
            (0..64).map(|at| json!({"items": seqs(0..1), "next": format!("n{}", at % length)})).collect();
        let error = run(BY_CURSOR.op(), json!({}), &results).expect_err("a loop");
        assert_eq!(error.kind, Kind::Protocol, "{error}");
    }
}

#[test]
fn a_cursor_continues_in_another_language() {
    let mut pages = Pages::new(BELOW.op(), &map(json!({"limit": 5})), None, Style::Snake).expect("pages");
    assert_eq!(pages.cursor(0).map(|text| Pages::skip_of(&text)), Some(0));
    pages.turn(&map(json!({"items": seqs([9, 8, 7])}))).expect("a page");
    let within = pages.cursor(2).expect("a cursor");
    assert_eq!(Pages::skip_of(&within), 2);
    let after = pages.cursor(0).expect("a cursor");
    let resumed = |cursor: &str| {
        let pages = Pages::new(BELOW.op(), &Map::new(), Some(cursor), Style::Camel).expect("pages");
        Value::Object(pages.next().expect("a page").clone())
    };
    assert_eq!((resumed(&within), resumed(&after)), (json!({"limit": 5}), json!({"limit": 5, "reqSeq": 6})));
    pages.turn(&map(json!({"items": []}))).expect("a page");
    assert_eq!((pages.next(), pages.cursor(0)), (None, None));
    for bad in ["", "{}", "[]", r#"{"call":"tests.above"}"#] {
        let error = Pages::new(BELOW.op(), &Map::new(), Some(bad), Style::Snake).expect_err("no cursor");
        assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("resume")));
    }
}
