//! Iterating over a paged call: which fields the next page needs, and when there is no further one.
//!
//! The machine makes no calls. Its caller asks [`Pages::next`] for the fields to set, makes the call, hands the result
//! to [`Pages::turn`], and asks again until there is no next page. Only `turn` changes what `next` gives.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};
use crate::json::{object, object_of};
use crate::schema::names::Style;
use crate::schema::{COMMUNITY_PREFIX, Done, Limit, Next, Op, Page, Ty};

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
        let group = pages.param(params, "group_id").and_then(Value::as_str).unwrap_or_default();
        for (field, source) in page.next {
            let beginning = || match source {
                Next::InCommunity(_) => group.starts_with(COMMUNITY_PREFIX).then(|| "".into()),
                _ => pages.beginning(field),
            };
            if let Some(position) = pages.param(params, field).cloned().or_else(beginning) {
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
            Next::Reply(field) | Next::InCommunity(field) | Next::Above(field) | Next::Below(field) => Some(*field),
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
        self.style.name(field).into_owned()
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
            Next::Reply(from) | Next::InCommunity(from) => {
                position.contains_key(&self.name(target)) || !is_blank(field(from))
            }
            _ => false,
        });
        let mut next = position.clone();
        let mut moves = false;
        for (target, source) in self.page.next {
            let name = self.name(target);
            let value: Option<Value> = match source {
                Next::Reply(from) | Next::InCommunity(from) => {
                    Some(field(from)).filter(|value| !is_blank(value)).cloned()
                }
                Next::Count if by_cursor => None,
                // An empty page would not move the position: that is the end, whatever a total says.
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
mod tests;
