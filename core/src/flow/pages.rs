//! Iterating over a paged call: which fields the next page needs, and when there is no further one.
//!
//! The machine makes no calls. Its caller asks [`Pages::next`] for the fields to set, makes the call, hands the result
//! to [`Pages::turn`], and asks again until there is no next page. Only `turn` changes what `next` gives.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};
use crate::json::{object, object_of};
use crate::schema::names::{Style, camel};
use crate::schema::{Done, Limit, Next, Op, Page, Ty};

/// The state of one iteration.
#[derive(Debug)]
pub struct Pages {
    op: &'static Op,
    page: &'static Page,
    style: Style,
    state: State,
    /// Where the current page begins: the fields that [`Pages::next`] gave for it.
    here: Map<String, Value>,
    /// Items asked for on each page, if known.
    size: Option<u64>,
    loops: LoopGuard,
}

#[derive(Debug)]
enum State {
    /// The page at this position is to be fetched.
    At(Map<String, Value>),
    /// The last page was read.
    Ended,
}

impl Pages {
    /// Begins an iteration from the caller's parameters. With a cursor from [`Pages::cursor`] it continues there, whatever
    /// position the parameters name.
    pub fn new(op: &'static Op, params: &Map<String, Value>, cursor: Option<&str>, style: Style) -> Result<Self> {
        let Some(page) = &op.page else {
            let error = Error::new(Kind::InvalidInput, "the call has no pages").during(op.name);
            return Err(error.cure("call it once: it answers all at once"));
        };
        let mut pages =
            Self { op, page, style, state: State::Ended, here: Map::new(), size: None, loops: LoopGuard::default() };
        let mut first = Map::new();
        if let Some((field, most)) = page.size {
            let name = pages.name(field);
            let given = pages.param(params, field);
            pages.size = Some(given.and_then(Value::as_u64).unwrap_or_else(|| most.into()));
            // The documented maximum: the fewest calls.
            first.insert(name, given.cloned().unwrap_or_else(|| most.into()));
        }
        for (field, _) in page.next {
            if let Some(position) = pages.param(params, field).cloned().or_else(|| pages.beginning(field)) {
                first.insert(pages.name(field), position);
            }
        }
        if let Some(text) = cursor {
            first.extend(pages.position_of(text)?);
        }
        pages.state = State::At(first);
        Ok(pages)
    }

    /// The fields to set for the next page, by their names in the caller's style; nothing after the last page.
    pub fn next(&self) -> Option<&Map<String, Value>> {
        match &self.state {
            State::At(position) => Some(position),
            State::Ended => None,
        }
    }

    /// Names of the result's lists that hold the items, in the caller's style.
    pub fn items(&self) -> Vec<String> {
        self.page.items.iter().map(|list| self.name(list)).collect()
    }

    /// Every name that [`Pages::turn`] reads in a result, at the top and in its items.
    pub fn reads(&self) -> Vec<String> {
        let of_next = self.page.next.iter().filter_map(|(_, next)| match next {
            Next::Reply(field) | Next::Above(field) | Next::Below(field) => Some(*field),
            Next::Count => None,
        });
        let of_end = self.page.until.iter().filter_map(|done| match done {
            Done::Blank(field) | Done::Set(field) | Done::Total(field) => Some(*field),
            Done::Fewer | Done::NoItems => None,
        });
        self.page.items.iter().copied().chain(of_next).chain(of_end).map(|name| self.name(name)).collect()
    }

    /// Takes a page's result, or the part of it under [`Pages::reads`], with names in the caller's style.
    pub fn turn(&mut self, result: &Map<String, Value>) -> Result<()> {
        let State::At(position) = std::mem::replace(&mut self.state, State::Ended) else {
            return Err(Error::new(Kind::Internal, "a page after the last one").during(self.op.name));
        };
        let next = self.after(&position, result);
        self.here = position;
        if let Some(next) = next {
            if self.loops.has_seen(&next) {
                return Err(Error::new(Kind::Protocol, "the service repeated a cursor, so the pages would never end")
                    .during(self.op.name)
                    .cause("the answer names a page that was read before")
                    .cure("keep what you have, and report it with the call's name"));
            }
            self.state = State::At(next);
        }
        Ok(())
    }

    /// Text from which a later iteration over the same call continues: the page read last, and how many of its items were
    /// taken. Items that were added or removed since may be seen twice or not at all, as with any paging.
    pub fn cursor(&self, taken: u32) -> Option<String> {
        let (position, skip) = match &self.state {
            State::At(position) if taken == 0 => (position, 0),
            _ if taken > 0 => (&self.here, taken),
            State::At(_) | State::Ended => return None,
        };
        let mut token = Map::new();
        token.insert("call".into(), self.op.name.into());
        token.insert("skip".into(), skip.into());
        // In snake_case, so that any language can continue what another began.
        let fields = self.page.next.iter().map(|(field, _)| *field).chain(self.page.size.map(|(field, _)| field));
        for field in fields {
            if let Some(value) = position.get(&self.name(field)) {
                token.insert(format!("at.{field}"), value.clone());
            }
        }
        Some(Value::Object(token).to_string())
    }

    /// Items of the first page to leave out when continuing from a cursor.
    pub fn skip_of(cursor: &str) -> u32 {
        let token = object_of(cursor).unwrap_or_default();
        token.get("skip").and_then(Value::as_u64).and_then(|skip| u32::try_from(skip).ok()).unwrap_or(0)
    }

    fn position_of(&self, cursor: &str) -> Result<Map<String, Value>> {
        let fault = |message: &str| {
            Error::new(Kind::InvalidInput, message.to_owned())
                .during(self.op.name)
                .at("resume")
                .cure("pass the cursor of an earlier iteration over the same call, unchanged")
        };
        let token = object_of(cursor).map_err(|_| fault("not a cursor"))?;
        if token.get("call").and_then(Value::as_str) != Some(self.op.name) {
            return Err(fault("the cursor belongs to another call"));
        }
        let position = token.into_iter().filter_map(|(key, value)| Some((self.name(key.strip_prefix("at.")?), value)));
        Ok(object(position))
    }

    fn name(&self, field: &str) -> String {
        if self.style == Style::Camel { camel(field) } else { field.into() }
    }

    /// The position of the first page where the service wants one: 0, or an empty text.
    fn beginning(&self, field: &str) -> Option<Value> {
        let field = (self.op.request)().fields.iter().find(|known| known.name == field && known.required)?;
        match field.ty {
            Ty::Text => Some("".into()),
            Ty::Int(_) | Ty::BigId => Some(0.into()),
            // Any other time is the caller's to name.
            Ty::Time(_) if field.limits.contains(&Limit::OrZero) => Some(0.into()),
            _ => None,
        }
    }

    /// A parameter by the caller's name for it, or by its wire name, which is read as well.
    fn param<'p>(&self, params: &'p Map<String, Value>, field: &str) -> Option<&'p Value> {
        let wire = (self.op.request)().fields.iter().find(|known| known.name == field).map(|known| known.wire);
        [Some(&*self.name(field)), Some(field), wire]
            .into_iter()
            .flatten()
            .find_map(|name| params.get(name))
            .filter(|value| !value.is_null())
    }

    /// The position after a page, or nothing when it was the last.
    fn after(&self, position: &Map<String, Value>, result: &Map<String, Value>) -> Option<Map<String, Value>> {
        let field = |name: &str| result.get(&self.name(name)).unwrap_or(&Value::Null);
        let lists = || self.page.items.iter().filter_map(|list| field(list).as_array());
        let received = lists().map(|list| list.len() as u64).sum::<u64>();
        let numbers = |name: &str| {
            let name = self.name(name);
            lists().flatten().filter_map(move |item| number(item.get(&name)?)).collect::<Vec<u64>>()
        };
        // A call that is paged by a count or by a cursor: the caller or the service began with a cursor, so it decides.
        let by_cursor = self.page.next.iter().any(|(target, source)| match source {
            Next::Reply(from) => position.contains_key(&self.name(target)) || !is_blank(field(from)),
            _ => false,
        });
        let mut next = position.clone();
        let mut moves = false;
        for (target, source) in self.page.next {
            let name = self.name(target);
            let value: Option<Value> = match source {
                Next::Reply(from) => Some(field(from)).filter(|value| !is_blank(value)).cloned(),
                Next::Count if by_cursor => None,
                // Where nothing came nothing would move: that is the end, whatever a total says.
                Next::Count => {
                    let before = position.get(&name).and_then(number).unwrap_or(0);
                    (received > 0).then(|| before.saturating_add(received).into())
                }
                Next::Above(key) => numbers(key).into_iter().max().map(|most| most.saturating_add(1).into()),
                // Position 0 would read as "left out", and begin anew.
                Next::Below(key) => {
                    numbers(key).into_iter().min().filter(|least| *least > 1).map(|least| (least - 1).into())
                }
            };
            moves |= value.is_some();
            // Of several positions one may be at its beginning while the others move.
            let stays = || matches!(source, Next::Reply(_)).then(|| self.beginning(target)).flatten();
            match value.or_else(stays) {
                Some(value) => next.insert(name, value),
                None => next.remove(&name),
            };
        }
        let ended = self.page.until.iter().all(|done| match done {
            Done::Blank(name) => is_blank(field(name)),
            Done::Set(name) => !is_blank(field(name)),
            Done::Fewer => self.size.is_none_or(|size| received < size),
            Done::NoItems => received == 0,
            Done::Total(name) => {
                let position = self.page.next.iter().find(|(_, source)| *source == Next::Count);
                let reached = position.and_then(|(target, _)| number(next.get(&self.name(target))?));
                number(field(name)).is_none_or(|total| reached >= Some(total))
            }
        });
        (moves && !ended).then_some(next)
    }
}

/// A number, also when it is written as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Whether a value says "nothing more" where a cursor or flag stands.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        // Ids and cursors are text in JavaScript.
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Bool(true) | Value::Object(_) => false,
    }
}

/// Finds that a row of positions comes back to an earlier one, however long the loop, in constant memory (Brent).
#[derive(Debug, Default)]
struct LoopGuard {
    anchor: Map<String, Value>,
    steps: u64,
    renew_at: u64,
}

impl LoopGuard {
    fn has_seen(&mut self, position: &Map<String, Value>) -> bool {
        if self.steps > 0 && self.anchor == *position {
            return true;
        }
        if self.steps >= self.renew_at {
            self.anchor = position.clone();
            self.renew_at = (self.renew_at * 2).max(1);
        }
        self.steps += 1;
        false
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            run(BY_COUNT.op(), json!({}), &[json!({"items": null, "total_count": 150})]).expect("pages").len(),
            1
        );
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
}
