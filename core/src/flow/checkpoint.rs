//! Which items of a run are done, in a form that can be kept and read back.

use super::outcomes::ItemOutcome;
use super::parts::{self, Parts};
use crate::error::{Error, Kind, Result};
use crate::json::object_of;

/// What a run does: a checkpoint continues the same run only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunId {
    /// The call, such as `accounts.import_accounts`.
    pub call: String,
    /// The app.
    pub app: u32,
    /// The call's other fields and the caller's label, as a hash.
    pub fields: Hash,
}

/// How many items ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Done by the service.
    pub done: u64,
    /// Refused by the service.
    pub failed: u64,
    /// Refused before anything was sent.
    pub refused: u64,
    /// May have taken effect.
    pub unknown: u64,
    /// Came before in the same run.
    pub duplicates: u64,
}

impl Counts {
    /// Counts an outcome.
    pub fn add(&mut self, outcome: &ItemOutcome) {
        let count = match outcome {
            ItemOutcome::Done(_) => &mut self.done,
            ItemOutcome::Failed(_) => &mut self.failed,
            ItemOutcome::Refused(_) => &mut self.refused,
            ItemOutcome::Unknown(_) => &mut self.unknown,
            ItemOutcome::Duplicate => &mut self.duplicates,
        };
        *count += 1;
    }

    /// Adds others.
    pub fn merge(&mut self, others: Counts) {
        let Counts { done, failed, refused, unknown, duplicates } = others;
        // A checkpoint may come from anywhere, with any numbers.
        self.done = self.done.saturating_add(done);
        self.failed = self.failed.saturating_add(failed);
        self.refused = self.refused.saturating_add(refused);
        self.unknown = self.unknown.saturating_add(unknown);
        self.duplicates = self.duplicates.saturating_add(duplicates);
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.without_success().saturating_add(self.done).saturating_add(self.duplicates)
    }

    /// Those that failed, were refused, or are unknown.
    pub fn without_success(&self) -> u64 {
        self.failed.saturating_add(self.refused).saturating_add(self.unknown)
    }
}

/// A running hash (FNV-1a, 64 bits). It detects a wrong input given by mistake, not one made to deceive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(pub(super) u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// The hash with more bytes.
    pub fn with(self, bytes: &[u8]) -> Self {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(bytes.iter().fold(self.0, step))
    }
}

/// A place in a run's input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputMark {
    /// The number of the item after it.
    pub below: u64,
    /// The hash of the items before it.
    pub input: Hash,
}

/// The items done so far, by their numbers from 0: all below a mark, and some beyond it.
///
/// What lies beyond the mark is bounded by what is in flight, so a checkpoint stays small however long the run is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose checkpoint it is.
    pub run: RunId,
    /// All items below this number are done.
    pub below: u64,
    /// Further ranges of done items, ascending and apart: first number and the number after the last.
    pub beyond: Vec<(u64, u64)>,
    /// Behind the last item that was sent.
    pub sent: InputMark,
    /// Behind the last item that is done, where that lies farther: items that were refused are done without being sent.
    pub settled: InputMark,
    /// How the done items ended.
    pub counts: Counts,
}

impl Checkpoint {
    /// Nothing done yet.
    pub fn new(run: RunId) -> Self {
        Self { run, ..Self::default() }
    }

    /// Reads one that [`Checkpoint::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self> {
        let read = object_of(text).ok().and_then(|object| Self::of_parts(&Parts(&object)));
        let read = read.ok_or_else(|| fault("not a checkpoint", "pass the checkpoint unchanged"))?;
        let mut end = read.below;
        for (first, after) in &read.beyond {
            if *first <= end || after <= first {
                return Err(fault("the checkpoint's ranges are out of order", "pass the checkpoint unchanged"));
            }
            end = *after;
        }
        Ok(read)
    }

    /// Passes if it belongs to a run; else says what differs.
    pub fn check(&self, run: &RunId) -> Result<()> {
        let begin_anew = "continue with what wrote it, or begin anew without it";
        if self.run.call != run.call {
            return Err(fault(format!("the checkpoint belongs to {}", self.run.call), begin_anew));
        }
        if self.run.app != run.app {
            return Err(fault(format!("the checkpoint belongs to the app {}", self.run.app), begin_anew));
        }
        if self.run.fields != run.fields {
            return Err(fault("the checkpoint belongs to a run with other fields or another source", begin_anew));
        }
        Ok(())
    }

    /// Writes it as one line of JSON.
    pub fn to_json(&self) -> String {
        let Self { run, below, beyond, sent, settled, counts } = self;
        let (run, beyond, counts) = (parts::of_run(run), parts::of_ranges(beyond), parts::of_counts(counts));
        let (sent, settled) = (parts::of_mark(sent), parts::of_mark(settled));
        format!(
            r#"{{"run":{run},"below":{below},"beyond":{beyond},"sent":{sent},"settled":{settled},"counts":{counts}}}"#
        )
    }

    fn of_parts(parts: &Parts<'_>) -> Option<Self> {
        Some(Self {
            run: parts.run("run")?,
            below: parts.number("below")?,
            beyond: parts.ranges("beyond")?,
            sent: parts.mark("sent")?,
            // Earlier versions do not write it.
            settled: if parts.has("settled") { parts.mark("settled")? } else { InputMark::default() },
            counts: parts.counts("counts")?,
        })
    }

    /// How far the input has to be the same when the run is continued.
    pub fn known(&self) -> InputMark {
        if self.settled.below > self.sent.below { self.settled } else { self.sent }
    }

    /// How many items are done.
    pub fn done(&self) -> u64 {
        self.below + self.beyond.iter().map(|(first, after)| after - first).sum::<u64>()
    }

    /// How many items may have been sent without being done.
    pub fn in_doubt(&self) -> u64 {
        let after = self.beyond.iter().map(|(first, after)| after.min(&self.sent.below).saturating_sub(*first));
        self.sent.below.saturating_sub(self.below.min(self.sent.below) + after.sum::<u64>())
    }

    /// Whether an item is done.
    pub fn has(&self, number: u64) -> bool {
        if number < self.below {
            return true;
        }
        let at = self.beyond.partition_point(|(_, after)| *after <= number);
        self.beyond.get(at).is_some_and(|(first, _)| *first <= number)
    }

    /// Marks an item as done.
    pub fn add(&mut self, number: u64) {
        if self.has(number) {
            return;
        }
        let at = self.beyond.partition_point(|(first, _)| *first < number);
        self.beyond.insert(at, (number, number + 1));
        if self.beyond.get(at + 1).is_some_and(|(first, _)| *first == number + 1) {
            self.beyond[at].1 = self.beyond.remove(at + 1).1;
        }
        if at > 0 && self.beyond[at - 1].1 == number {
            self.beyond[at - 1].1 = self.beyond.remove(at).1;
        }
        if self.beyond.first().is_some_and(|(first, _)| *first == self.below) {
            self.below = self.beyond.remove(0).1;
        }
    }
}

/// What is wrong with a checkpoint.
pub(super) fn fault(message: impl Into<std::borrow::Cow<'static, str>>, cure: &'static str) -> Error {
    Error::new(Kind::InvalidInput, message).at("checkpoint").cure(cure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_of_items_ends_as_one_mark() {
        // All orders of a small run, by a step that is prime to its length.
        for step in 1..101_u64 {
            let mut checkpoint = Checkpoint::new(RunId::default());
            for at in 0..101_u64 {
                let number = at * step % 101;
                assert!(!checkpoint.has(number));
                checkpoint.add(number);
                checkpoint.add(number);
                assert!(checkpoint.has(number));
                assert_eq!(checkpoint.done(), at + 1);
                assert_eq!(Checkpoint::from_json(&checkpoint.to_json()).expect("read back"), checkpoint);
            }
            assert_eq!((checkpoint.below, checkpoint.beyond.len()), (101, 0));
        }
    }

    #[test]
    fn what_was_sent_and_is_not_done_is_in_doubt() {
        let mut checkpoint = Checkpoint::new(RunId::default());
        assert_eq!(checkpoint.in_doubt(), 0);
        checkpoint.sent.below = 10;
        assert_eq!(checkpoint.in_doubt(), 10);
        for number in [0, 1, 2, 5, 8, 9, 10, 11] {
            checkpoint.add(number);
        }
        assert_eq!(checkpoint.in_doubt(), 4);
        (3..10).for_each(|number| checkpoint.add(number));
        assert_eq!((checkpoint.in_doubt(), checkpoint.done()), (0, 12));
    }

    #[test]
    fn another_run_and_broken_text_are_refused() {
        for text in ["", "{}", "[1]", r#"{"call":"d","below":1}"#] {
            let error = Checkpoint::from_json(text).expect_err("no checkpoint");
            assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("checkpoint")), "{text}");
        }
        let mut checkpoint = Checkpoint::new(RunId { call: "c".into(), app: 1, fields: Hash::default() });
        checkpoint.below = 5;
        checkpoint.beyond = vec![(5, 6)];
        let error = Checkpoint::from_json(&checkpoint.to_json()).expect_err("ranges that touch");
        assert!(error.message.contains("out of order"), "{error}");
        let run = checkpoint.run.clone();
        assert_eq!(checkpoint.check(&run), Ok(()));
        for (other, says) in [
            (RunId { call: "d".into(), ..run.clone() }, "belongs to c"),
            (RunId { app: 2, ..run.clone() }, "the app 1"),
            (RunId { fields: Hash::default().with(b"x"), ..run }, "other fields"),
        ] {
            let error = checkpoint.check(&other).expect_err("another run");
            assert!(error.message.contains(says) && error.cure.is_some(), "{error}");
        }
    }
}
