//! What a run says of itself, and what its journal is given.

use super::{Bulk, State};
use crate::error::Error;
use crate::flow::checkpoint::{Checkpoint, Counts};
use crate::flow::journal::{self, Entry};
use crate::schema::RetryClass;

impl Bulk {
    /// The first line of a new journal.
    pub fn journal_header(&self) -> String {
        journal::header(self.run())
    }

    /// What to add to the journal: before a batch is sent, and after [`Self::settle`].
    pub fn take_journal(&mut self) -> Option<String> {
        let entry = std::mem::take(&mut self.entry);
        (entry != Entry::default()).then(|| journal::line(&entry))
    }

    /// Whether the journal must be on the disk before a batch is sent, because what is sent twice would take effect twice.
    pub fn must_sync(&self) -> bool {
        !matches!(self.op.retry, RetryClass::Safe)
    }

    /// Why the run stopped before its end; no further batch is sent then.
    pub fn stopped(&self) -> Option<&Error> {
        if let State::Stopped(error) = &self.state { Some(error) } else { None }
    }

    /// Batches in flight.
    pub fn in_flight(&self) -> usize {
        self.flying.len()
    }

    /// Items offered so far.
    pub fn offered(&self) -> u64 {
        self.offered
    }

    /// Items that the checkpoint had.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// How the items of this run ended.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether nothing is left of what was offered: all have an outcome, or the run stopped and nothing is in flight.
    pub fn is_idle(&self) -> bool {
        let is_empty = self.gathering.is_empty() && self.ready.is_empty();
        self.flying.is_empty() && (is_empty || self.stopped().is_some())
    }

    /// The items done so far: those whose outcomes are settled.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}
