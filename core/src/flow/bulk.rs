//! Many independent items through a batch call: batches, outcomes, what is left to do.
//!
//! The machine makes no calls. Its caller offers items while [`Bulk::room`] says so, sends what [`Bulk::next_batch`]
//! gives as calls of the engine (which paces and retries them), reports each end with [`Bulk::on_result`], and takes the
//! outcomes. Every item offered gets exactly one outcome, or is still undone when the run stops: a [`Checkpoint`] tells
//! which are done.
//!
//! An item is done once its outcome was taken and [`Bulk::settle`] says that it was dealt with. Whoever keeps a journal
//! writes [`Bulk::take_journal`] to it before each batch is sent and after each `settle`; a run that was killed then
//! sends at most what was in flight once more.

mod facts;

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::checkpoint::{Checkpoint, Counts, Hash, InputMark, RunId, fault};
use super::items::{ItemWriter, WrittenItem};
use super::journal::Entry;
use super::outcomes::{self, ItemOutcome};
use super::seen::Seen;
use crate::error::{Error, Kind, Result};
use crate::reply::Answer;
use crate::schema::names::Style;
use crate::schema::walk::Input;
use crate::schema::{Batch, Op, Outcome, RetryClass};

/// A batch to send as one call.
#[derive(Debug)]
pub struct BatchCall {
    /// To be handed back to [`Bulk::on_result`].
    pub id: u64,
    /// The call.
    pub op: &'static Op,
    /// Its whole body.
    pub body: Vec<u8>,
    /// How many items it holds.
    pub items: u32,
}

/// What became of an offered item at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It will be sent, or its outcome is there already since it was refused or came before.
    Taken,
    /// An earlier run did it, as the checkpoint says.
    Skipped,
}

/// What a run is about, beside its items.
#[derive(Clone, Copy, Debug)]
pub struct BulkSettings<'a> {
    /// The caller's name style.
    pub style: Style,
    /// The wire name to write where a field has it as an alias.
    pub prefer: Option<&'static str>,
    /// The app, as the checkpoint names it.
    pub app: u32,
    /// Most batches in flight.
    pub in_flight: usize,
    /// What else tells this run from others, such as the source of the items.
    pub label: &'a str,
    /// Checks the items as any run does, and sends none of them.
    pub is_dry: bool,
}

/// How often a batch is sent anew, after the engine's own retries, before the run stops.
const MOST_ROUNDS: u32 = 3;

/// Where an item stands in the input.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: u64,
    /// The hash of the items up to it and with it.
    input: Hash,
}

impl Place {
    /// The mark behind the item.
    fn mark(self) -> InputMark {
        InputMark { below: self.number + 1, input: self.input }
    }
}

#[derive(Debug)]
struct Item {
    place: Place,
    written: WrittenItem,
}

/// Items that go together.
#[derive(Debug)]
struct Group {
    items: Vec<Item>,
    rounds: u32,
    /// The call that says why an item fails, and its body: the batch has named this one without a reason.
    alone: Option<(&'static Op, Vec<u8>)>,
}

impl Group {
    fn new(items: Vec<Item>) -> Self {
        Self { items, rounds: 0, alone: None }
    }
}

/// Where the items of a run come to their end.
#[derive(Debug, PartialEq)]
enum State {
    /// Items of an earlier run are read again: nothing is sent before they are known to be the same.
    Recognizing,
    Running,
    /// No further batch is sent.
    Stopped(Error),
}

/// The state of one run.
#[derive(Debug)]
pub struct Bulk {
    op: &'static Op,
    batch: Batch,
    writer: ItemWriter,
    most_in_flight: usize,
    is_dry: bool,
    state: State,
    gathering: Vec<Item>,
    ready: VecDeque<Group>,
    flying: HashMap<u64, Group>,
    next_id: u64,
    offered: u64,
    skipped: u64,
    /// The hash of the items offered.
    input: Hash,
    seen: Seen,
    outcomes: VecDeque<(Place, ItemOutcome)>,
    /// Outcomes taken that are not settled.
    taken: VecDeque<(Place, Counts)>,
    /// How the items of this run ended.
    counts: Counts,
    checkpoint: Checkpoint,
    /// What the journal does not know yet.
    entry: Entry,
}

impl Bulk {
    /// A run of a call with a batch. `others` are the call's other fields, the same for all items; items that the
    /// checkpoint has are skipped.
    pub fn new(
        op: &'static Op,
        others: &Map<String, Value>,
        settings: BulkSettings<'_>,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Self> {
        let Some(batch) = op.batch else {
            let error = Error::new(Kind::InvalidInput, "the call takes no batch of independent items").during(op.name);
            return Err(error.cure("make the calls one by one"));
        };
        let writer = ItemWriter::new(op, batch, others, settings.style, settings.prefer)?;
        let run = RunId {
            call: op.name.into(),
            app: settings.app,
            fields: Hash::default().with(writer.head()).with(settings.label.as_bytes()),
        };
        let mut bulk = Self {
            op,
            batch,
            writer,
            most_in_flight: settings.in_flight.max(1),
            is_dry: settings.is_dry,
            state: State::Running,
            gathering: Vec::new(),
            ready: VecDeque::new(),
            flying: HashMap::new(),
            next_id: 0,
            offered: 0,
            skipped: 0,
            input: Hash::default(),
            seen: Seen::default(),
            outcomes: VecDeque::new(),
            taken: VecDeque::new(),
            counts: Counts::default(),
            checkpoint: Checkpoint::new(run),
            entry: Entry::default(),
        };
        if let Some(checkpoint) = checkpoint {
            bulk.resume(checkpoint)?;
        }
        Ok(bulk)
    }

    /// The call.
    pub fn op(&self) -> &'static Op {
        self.op
    }

    /// Whose checkpoint it keeps.
    pub fn run(&self) -> &RunId {
        &self.checkpoint.run
    }

    /// Passes if a checkpoint may be kept. That of a dry run would say that items are done which were not sent.
    pub fn check_kept(&self) -> Result<()> {
        if !self.is_dry {
            return Ok(());
        }
        let error = fault("a dry run sends nothing, and leaves nothing to continue", "leave the checkpoint out");
        Err(error.during(self.op.name))
    }

    /// Continues an earlier run. To be called before the first item.
    pub fn resume(&mut self, checkpoint: Checkpoint) -> Result<()> {
        self.check_kept()?;
        checkpoint.check(self.run())?;
        if checkpoint.known().below > 0 {
            self.state = State::Recognizing;
        }
        self.checkpoint = checkpoint;
        Ok(())
    }

    /// How many items may be offered now. 0 while enough are waiting, or after the run stopped.
    pub fn room(&self) -> usize {
        let most = self.batch.max as usize;
        let is_enough = match &self.state {
            State::Stopped(_) => true,
            // What is read again was bounded by what was in flight then.
            State::Recognizing => false,
            State::Running => {
                self.ready.len() + self.flying.len() >= self.most_in_flight
                    || self.outcomes.len() + self.taken.len() >= self.most_in_flight.max(2) * most
            }
        };
        if is_enough { 0 } else { most.saturating_sub(self.gathering.len()).max(1) }
    }

    /// Takes the next item. Its number is the count of items offered before it, from 0.
    pub fn offer(&mut self, item: &mut dyn Input) -> Offered {
        self.take(self.writer.write(item))
    }

    /// Takes an item that cannot be read, in the place of [`Self::offer`].
    pub fn refuse(&mut self, error: Error) -> Offered {
        self.take(Err(error.during(self.op.name)))
    }

    fn take(&mut self, written: Result<WrittenItem>) -> Offered {
        let number = self.offered;
        self.offered += 1;
        // What is refused counts as well: an input that lacks it is another one.
        self.input = self.input.with(written.as_ref().map_or(b"\0", |item| &item.json)).with(b"\n");
        let place = Place { number, input: self.input };
        let is_new = written.as_ref().is_ok_and(|item| self.seen.is_new(self.writer.identity(item)));
        let offered = if self.checkpoint.has(number) {
            self.skipped += 1;
            Offered::Skipped
        } else {
            match written {
                Ok(_) if self.is_in_doubt(number) => self.end(place, ItemOutcome::Unknown(self.was_under_way())),
                Ok(written) if is_new => {
                    self.gathering.push(Item { place, written });
                    if self.gathering.len() >= self.batch.max as usize {
                        self.flush();
                    }
                }
                Ok(_) => self.end(place, ItemOutcome::Duplicate),
                Err(error) => self.end(place, ItemOutcome::Refused(error)),
            }
            Offered::Taken
        };
        let known = self.checkpoint.known();
        if self.state == State::Recognizing && self.offered == known.below {
            self.state = if self.input == known.input {
                State::Running
            } else {
                State::Stopped(self.not_the_same("the items are not those that the checkpoint was written for"))
            };
        }
        offered
    }

    /// Whether an earlier run may have sent an item that must not be sent twice.
    fn is_in_doubt(&self, number: u64) -> bool {
        number < self.checkpoint.sent.below && !matches!(self.op.retry, RetryClass::Safe)
    }

    fn was_under_way(&self) -> Error {
        let mut error = Error::new(Kind::Cancelled, "an earlier run was stopped while this item was under way")
            .during(self.op.name)
            .cure("look whether it took effect before you send it again");
        error.maybe_applied = true;
        error
    }

    fn not_the_same(&self, message: &'static str) -> Error {
        let cure = "give the same items in the same order, or begin anew without the checkpoint";
        fault(message, cure).during(self.op.name)
    }

    /// Says that no further item comes for now: what was gathered is sent although the batch is not full.
    pub fn flush(&mut self) {
        if self.gathering.is_empty() {
            return;
        }
        let group = Group::new(std::mem::take(&mut self.gathering));
        if self.is_dry {
            self.all_done(group);
        } else {
            self.ready.push_back(group);
        }
    }

    /// Says that no further item comes at all.
    pub fn end_of_items(&mut self) {
        self.flush();
        if self.state == State::Recognizing {
            let error = self.not_the_same("there are fewer items than when the checkpoint was written");
            self.state = State::Stopped(error);
        }
    }

    /// The next batch to send; nothing while enough are in flight.
    pub fn next_batch(&mut self) -> Option<BatchCall> {
        if self.state != State::Running || self.flying.len() >= self.most_in_flight {
            return None;
        }
        let group = self.ready.pop_front()?;
        let id = self.next_id;
        self.next_id += 1;
        let items = u32::try_from(group.items.len()).unwrap_or(u32::MAX);
        let (op, body) = match &group.alone {
            Some(alone) => alone.clone(),
            None => (self.op, self.writer.body(group.items.iter().map(|item| &item.written))),
        };
        if let Some(last) = group.items.iter().map(|item| item.place).max_by_key(|place| place.number)
            && last.number >= self.checkpoint.sent.below
        {
            self.checkpoint.sent = last.mark();
            self.entry.sent = Some(self.checkpoint.sent);
        }
        self.flying.insert(id, group);
        Some(BatchCall { id, op, body, items })
    }

    /// Takes the end of a batch's call: a successful answer, or the error after the engine's retries.
    pub fn on_result(&mut self, id: u64, result: Result<Answer>) {
        let Some(group) = self.flying.remove(&id) else { return };
        match result {
            Ok(_) if group.alone.is_some() => self.all_done(group),
            Ok(answer) => self.succeeded(group, &answer),
            Err(error) => self.failed(group, error),
        }
    }

    fn all_done(&mut self, group: Group) {
        group.items.iter().for_each(|item| self.end(item.place, ItemOutcome::Done(None)));
    }

    fn succeeded(&mut self, group: Group, answer: &Answer) {
        let (list, is_each) = match self.batch.outcome {
            Outcome::All => return self.all_done(group),
            Outcome::Failed(list) => (list, false),
            Outcome::Each(list) => (list, true),
        };
        let mut told = match outcomes::read(self.op, list, &answer.reply) {
            Ok(told) => told,
            Err(mut error) => {
                // The call itself succeeded.
                error.maybe_applied = true;
                return self.failed(group, error);
            }
        };
        for item in group.items {
            let outcome = match told.take(&item.written.key) {
                Some(ItemOutcome::Failed(error)) if error.code.is_none() => match self.writer.alone(&item.written) {
                    Some(alone) => {
                        self.ready.push_front(Group { items: vec![item], rounds: 0, alone: Some(alone) });
                        continue;
                    }
                    None => ItemOutcome::Failed(error),
                },
                Some(outcome) => outcome,
                None if !is_each => ItemOutcome::Done(None),
                None => {
                    let mut error =
                        Error::new(Kind::Protocol, "the answer has no result for this item").during(self.op.name);
                    error.maybe_applied = true;
                    ItemOutcome::Unknown(error)
                }
            };
            self.end(item.place, outcome);
        }
    }

    fn failed(&mut self, mut group: Group, error: Error) {
        match error.kind {
            // The whole run would fail in the same way.
            Kind::Auth | Kind::Signature | Kind::Permission | Kind::Config | Kind::Cancelled | Kind::Internal => {
                self.stop(group, error);
            }
            // Its turn would have come after its deadline: fewer at once wait less.
            Kind::RateLimited if error.attempts == 0 && !self.flying.is_empty() => {
                self.most_in_flight = self.flying.len();
                self.ready.push_front(group);
            }
            // The service has said what it has against this item, after the engine's retries.
            Kind::Server if group.alone.is_some() && error.code.is_some() => {
                group.items.iter().for_each(|item| self.end(item.place, ItemOutcome::Failed(error.clone())));
            }
            Kind::Transport | Kind::Timeout | Kind::Server | Kind::RateLimited | Kind::Protocol => {
                let is_safe = matches!(self.op.retry, RetryClass::Safe);
                if error.maybe_applied && !is_safe {
                    for item in group.items {
                        self.end(item.place, ItemOutcome::Unknown(error.clone()));
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
                self.ready.push_front(Group::new(second));
                self.ready.push_front(Group::new(group.items));
            }
            _ => {
                let is_full = error.kind == Kind::Quota;
                for item in group.items {
                    self.end(item.place, ItemOutcome::Failed(error.clone()));
                }
                if is_full {
                    self.stop_with(error);
                }
            }
        }
    }

    fn stop(&mut self, group: Group, error: Error) {
        // Undone: a later run offers them again.
        self.ready.push_back(group);
        self.stop_with(error);
    }

    fn stop_with(&mut self, error: Error) {
        if !matches!(self.state, State::Stopped(_)) {
            self.state = State::Stopped(error);
        }
    }

    fn end(&mut self, place: Place, outcome: ItemOutcome) {
        self.counts.add(&outcome);
        self.outcomes.push_back((place, outcome));
    }

    /// The next outcome, with its item's number, in order of completion.
    pub fn take_outcome(&mut self) -> Option<(u64, ItemOutcome)> {
        let (place, outcome) = self.outcomes.pop_front()?;
        let mut count = Counts::default();
        count.add(&outcome);
        self.taken.push_back((place, count));
        Some((place.number, outcome))
    }

    /// Says that the outcomes taken were dealt with, all but the last `but`: their items are done, also for a later run.
    pub fn settle(&mut self, but: usize) {
        while self.taken.len() > but {
            let Some((place, count)) = self.taken.pop_front() else { return };
            if self.is_dry {
                continue;
            }
            let number = place.number;
            self.checkpoint.add(number);
            if number >= self.checkpoint.known().below {
                self.checkpoint.settled = place.mark();
                self.entry.settled = Some(place.mark());
            }
            self.checkpoint.counts.merge(count);
            self.entry.counts = Some(self.checkpoint.counts);
            match self.entry.done.last_mut() {
                Some((_, after)) if *after == number => *after += 1,
                _ => self.entry.done.push((number, number + 1)),
            }
        }
    }
}
