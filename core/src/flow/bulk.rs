//! Many independent items through a batch call: batches, outcomes, what is left to do.
//!
//! The machine makes no calls. Its caller offers items while [`Bulk::room`] says so, sends what [`Bulk::next_batch`]
//! gives as calls of the engine (which paces and retries them), reports each end with [`Bulk::on_result`], and takes the
//! outcomes. Every item offered gets exactly one outcome, or is still undone when the run stops: a [`Checkpoint`] tells
//! which are done.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::checkpoint::Checkpoint;
use super::items::{ItemWriter, WrittenItem, is_key, key_text};
use crate::error::{Error, Kind, Result, lookup_for};
use crate::http::Reply;
use crate::items::number;
use crate::schema::names::Style;
use crate::schema::walk;
use crate::schema::{Batch, JsonSink, Op, Outcome, RetryClass, Shape, Ty, item_shape};

/// What became of one item.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemOutcome {
    /// The service took it.
    Done,
    /// The service refused it; the error says why.
    Failed(Error),
    /// It was refused before anything was sent; the error's path is the field.
    Refused(Error),
    /// The answer was lost, and the call is not safe to retry: it may have taken effect.
    Unknown(Error),
}

/// A batch to send as one call.
#[derive(Debug)]
pub struct BatchCall {
    /// To be handed back to [`Bulk::on_result`].
    pub id: u64,
    /// The call.
    pub op: &'static Op,
    /// Its whole body.
    pub body: Vec<u8>,
}

/// What became of an offered item at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It will be sent, or its outcome is there already since it was refused.
    Taken,
    /// An earlier run did it, as the checkpoint says.
    Skipped,
}

/// How often a batch is sent anew, after the engine's own retries, before the run stops.
const MOST_ROUNDS: u32 = 3;

#[derive(Debug)]
struct Item {
    number: u64,
    written: WrittenItem,
}

#[derive(Debug)]
struct Group {
    items: Vec<Item>,
    rounds: u32,
}

/// The state of one run.
#[derive(Debug)]
pub struct Bulk {
    op: &'static Op,
    batch: Batch,
    writer: ItemWriter,
    most_in_flight: usize,
    gathering: Vec<Item>,
    ready: VecDeque<Group>,
    flying: HashMap<u64, Group>,
    next_id: u64,
    offered: u64,
    outcomes: VecDeque<(u64, ItemOutcome)>,
    checkpoint: Checkpoint,
    stopped: Option<Error>,
}

impl Bulk {
    /// A run of a call with a batch. `others` are the call's other fields, the same for all items; items that the
    /// checkpoint has are skipped.
    pub fn new(
        op: &'static Op,
        others: &Map<String, Value>,
        style: Style,
        prefer: Option<&'static str>,
        most_in_flight: usize,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Self> {
        let Some(batch) = op.batch else {
            let error = Error::new(Kind::InvalidInput, "the call takes no batch of independent items").during(op.name);
            return Err(error.cure("make the calls one by one"));
        };
        Ok(Self {
            op,
            batch,
            writer: ItemWriter::new(op, batch, others, style, prefer)?,
            most_in_flight: most_in_flight.max(1),
            gathering: Vec::new(),
            ready: VecDeque::new(),
            flying: HashMap::new(),
            next_id: 0,
            offered: 0,
            outcomes: VecDeque::new(),
            checkpoint: checkpoint.unwrap_or_else(|| Checkpoint::new(op.name)),
            stopped: None,
        })
    }

    /// How many items may be offered now. 0 while enough are waiting, or after the run stopped.
    pub fn room(&self) -> usize {
        if self.stopped.is_some() || self.ready.len() + self.flying.len() >= self.most_in_flight {
            return 0;
        }
        (self.batch.max as usize).saturating_sub(self.gathering.len())
    }

    /// Takes the next item. Its number is the count of items offered before it, from 0.
    pub fn offer(&mut self, item: Value) -> Offered {
        let number = self.offered;
        self.offered += 1;
        if self.checkpoint.has(number) {
            return Offered::Skipped;
        }
        match self.writer.write(item) {
            Ok(written) => {
                self.gathering.push(Item { number, written });
                if self.gathering.len() >= self.batch.max as usize {
                    self.flush();
                }
            }
            Err(error) => self.end(number, ItemOutcome::Refused(error)),
        }
        Offered::Taken
    }

    /// Says that no further item comes now: what was gathered is sent although the batch is not full.
    pub fn flush(&mut self) {
        if !self.gathering.is_empty() {
            let items = std::mem::take(&mut self.gathering);
            self.ready.push_back(Group { items, rounds: 0 });
        }
    }

    /// The next batch to send; nothing while enough are in flight.
    pub fn next_batch(&mut self) -> Option<BatchCall> {
        if self.stopped.is_some() || self.flying.len() >= self.most_in_flight {
            return None;
        }
        let group = self.ready.pop_front()?;
        let id = self.next_id;
        self.next_id += 1;
        let body = self.writer.body(group.items.iter().map(|item| &item.written));
        self.flying.insert(id, group);
        Some(BatchCall { id, op: self.op, body })
    }

    /// Takes the end of a batch's call: a successful answer, or the error after the engine's retries.
    pub fn on_result(&mut self, id: u64, result: Result<Reply>) {
        let Some(group) = self.flying.remove(&id) else { return };
        match result {
            Ok(reply) => self.succeeded(group, &reply),
            Err(error) => self.failed(group, error),
        }
    }

    fn succeeded(&mut self, group: Group, reply: &Reply) {
        let (list, each) = match self.batch.outcome {
            Outcome::All => return group.items.iter().for_each(|item| self.end(item.number, ItemOutcome::Done)),
            Outcome::Failed(list) => (list, false),
            Outcome::Each(list) => (list, true),
        };
        let failures = match self.failures(reply, list) {
            Ok(failures) => failures,
            Err(mut error) => {
                // The call itself succeeded.
                error.maybe_applied = true;
                return self.failed(group, error);
            }
        };
        for item in group.items {
            let outcome = match failures.get(&item.written.key) {
                Some(None) => ItemOutcome::Done,
                Some(Some(error)) => ItemOutcome::Failed(error.clone()),
                None if !each => ItemOutcome::Done,
                None => ItemOutcome::Unknown(
                    Error::new(Kind::Protocol, "the answer has no result for this item").during(self.op.name),
                ),
            };
            self.end(item.number, outcome);
        }
    }

    /// The reply's list of outcomes: the error of each item named in it, or none for a success.
    fn failures(&self, reply: &Reply, list: &str) -> Result<HashMap<String, Option<Error>>> {
        let mut sink = JsonSink::new(2 * walk::MAX_REPLY_BYTES);
        walk::reply(self.op.reply, &reply.json(), Style::Snake, &mut sink)?;
        let read: Value = serde_json::from_slice(&sink.into_bytes())
            .map_err(|error| Error::new(Kind::Protocol, error.to_string()).during(self.op.name))?;
        let entries = read.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let shape = item_shape(self.op.reply, list);
        Ok(entries.iter().filter_map(|entry| self.outcome_of(entry, shape)).collect())
    }

    fn outcome_of(&self, entry: &Value, shape: Option<&'static Shape>) -> Option<(String, Option<Error>)> {
        if entry.is_string() {
            return Some((key_text(entry)?, Some(self.unexplained())));
        }
        let shape = shape?;
        let key = shape.fields.iter().find(|field| is_key(&field.ty))?;
        let key = entry.get(key.name).and_then(key_text)?;
        let (field, successes) = shape.outcome()?;
        let told = entry.get(field.name).map_or(Some(0), number);
        let is_ok = told.is_some_and(|number| successes.contains(&number));
        let error = || match (field.ty, told) {
            (Ty::ItemCode, Some(code)) => self.item_error(code),
            _ => self.unexplained(),
        };
        Some((key, (!is_ok).then(error)))
    }

    fn unexplained(&self) -> Error {
        Error::new(Kind::Partial, "the service did not take this item, and gives no reason")
            .during(self.op.name)
            .cure("make the call for this item alone to see why")
    }

    fn item_error(&self, code: i64) -> Error {
        let row = lookup_for(self.op, code);
        let mut error = Error::new(row.map_or(Kind::Server, |row| row.kind), format!("the service answered {code}"))
            .during(self.op.name)
            .code(code);
        if let Some(row) = row {
            error = error.cause(row.cause).cure(row.cure);
        }
        error
    }

    fn failed(&mut self, mut group: Group, error: Error) {
        match error.kind {
            // The whole run would fail in the same way.
            Kind::Auth | Kind::Signature | Kind::Permission | Kind::Config | Kind::Cancelled | Kind::Internal => {
                self.stop(group, error);
            }
            Kind::Transport | Kind::Timeout | Kind::Server | Kind::RateLimited | Kind::Protocol => {
                let is_safe = matches!(self.op.retry, RetryClass::Safe);
                if error.maybe_applied && !is_safe {
                    for item in group.items {
                        self.end(item.number, ItemOutcome::Unknown(error.clone()));
                    }
                } else if group.rounds + 1 < MOST_ROUNDS {
                    group.rounds += 1;
                    self.ready.push_back(group);
                } else {
                    self.stop(group, error);
                }
            }
            // The service refuses something in it: halves are tried until the item is alone.
            _ if group.items.len() > 1 => {
                let second = group.items.split_off(group.items.len() / 2);
                self.ready.push_front(Group { items: second, rounds: 0 });
                self.ready.push_front(Group { items: group.items, rounds: 0 });
            }
            _ => {
                let is_full = error.kind == Kind::Quota;
                for item in group.items {
                    self.end(item.number, ItemOutcome::Failed(error.clone()));
                }
                if is_full {
                    self.stopped.get_or_insert(error);
                }
            }
        }
    }

    fn stop(&mut self, group: Group, error: Error) {
        // Undone: a later run offers them again.
        self.ready.push_back(group);
        self.stopped.get_or_insert(error);
    }

    fn end(&mut self, number: u64, outcome: ItemOutcome) {
        self.checkpoint.add(number);
        self.outcomes.push_back((number, outcome));
    }

    /// The next outcome, with its item's number, in order of completion.
    pub fn take_outcome(&mut self) -> Option<(u64, ItemOutcome)> {
        self.outcomes.pop_front()
    }

    /// Why the run stopped before its end; no further batch is sent then.
    pub fn stopped(&self) -> Option<&Error> {
        self.stopped.as_ref()
    }

    /// Batches in flight.
    pub fn in_flight(&self) -> usize {
        self.flying.len()
    }

    /// Whether nothing is left of what was offered: all have an outcome, or the run stopped and nothing is in flight.
    pub fn is_idle(&self) -> bool {
        let is_empty = self.gathering.is_empty() && self.ready.is_empty();
        self.flying.is_empty() && (is_empty || self.stopped.is_some())
    }

    /// The items done so far: those with an outcome.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}
