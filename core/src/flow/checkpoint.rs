//! Which items of a run are done, in a form that can be kept and read back.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};

/// The items done so far, by their numbers from 0: all below a mark, and some beyond it.
///
/// What lies beyond the mark is bounded by what is in flight, so a checkpoint stays small however long the run is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The call, such as `accounts.import_accounts`.
    pub call: String,
    /// All items below this number are done.
    pub below: u64,
    /// Further ranges of done items, ascending and apart: first number and the number after the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<(u64, u64)>,
}

impl Checkpoint {
    /// Nothing done yet.
    pub fn new(call: &str) -> Self {
        Self { call: call.into(), ..Self::default() }
    }

    /// Reads one that [`Checkpoint::to_json`] wrote, for the same call.
    pub fn from_json(text: &str, call: &str) -> Result<Self> {
        let fault =
            |message: String, cure: &'static str| Error::new(Kind::InvalidInput, message).at("checkpoint").cure(cure);
        let read: Self = serde_json::from_str(text)
            .map_err(|error| fault(format!("not a checkpoint: {error}"), "pass the checkpoint unchanged"))?;
        if read.call != call {
            return Err(fault(
                format!("the checkpoint belongs to {}", read.call),
                "resume with the call that wrote it, or begin anew without it",
            ));
        }
        let mut end = read.below;
        for (first, after) in &read.beyond {
            if *first <= end || after <= first {
                return Err(fault("the checkpoint's ranges are out of order".into(), "pass the checkpoint unchanged"));
            }
            end = *after;
        }
        Ok(read)
    }

    /// Writes it as one line of JSON.
    pub fn to_json(&self) -> String {
        // Text and numbers alone: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_of_items_ends_as_one_mark() {
        // All orders of a small run, by a step that is prime to its length.
        for step in 1..101_u64 {
            let mut checkpoint = Checkpoint::new("c");
            for at in 0..101_u64 {
                let number = at * step % 101;
                assert!(!checkpoint.has(number));
                checkpoint.add(number);
                checkpoint.add(number);
                assert!(checkpoint.has(number));
                assert_eq!(Checkpoint::from_json(&checkpoint.to_json(), "c").expect("read back"), checkpoint);
            }
            assert_eq!((checkpoint.below, checkpoint.beyond.len()), (101, 0));
        }
    }

    #[test]
    fn another_call_and_broken_text_are_refused() {
        for text in ["", "{}", "[1]", r#"{"call":"d","below":1}"#, r#"{"call":"c","below":5,"beyond":[[5,6]]}"#] {
            let error = Checkpoint::from_json(text, "c").expect_err("no checkpoint of this call");
            assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("checkpoint")), "{text}");
        }
    }
}
