//! The key values that can be set on a message after it was sent.

use std::collections::BTreeMap;

/// Most key values of one message.
const MAX_PAIRS: usize = 300;

/// Most changes of one message in a minute.
const MAX_CHANGES_A_MINUTE: usize = 200;

/// The key values of one message.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    pairs: BTreeMap<String, Pair>,
    /// The version of the last change; versions count over all keys of the message.
    pub latest_seq: u64,
    /// The version of the last clearing.
    pub clear_seq: u64,
    minute: u64,
    changes: usize,
}

/// One value and the version that wrote it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The value.
    pub value: String,
    /// Its version.
    pub seq: u64,
}

impl Extensions {
    /// Whether so many changes at this time are more than the service takes (23003).
    pub fn is_too_often(&mut self, changes: usize, now_s: u64) -> bool {
        if self.minute != now_s / 60 {
            (self.minute, self.changes) = (now_s / 60, 0);
        }
        self.changes += changes;
        self.changes > MAX_CHANGES_A_MINUTE
    }

    /// Whether these keys fit beside the ones that are there.
    pub fn has_room_for<'a>(&self, keys: impl Iterator<Item = &'a str>) -> bool {
        self.pairs.len() + keys.filter(|key| !self.pairs.contains_key(*key)).count() <= MAX_PAIRS
    }

    /// Sets a value. Gives its version.
    pub fn set(&mut self, key: &str, value: &str) -> u64 {
        self.latest_seq += 1;
        self.pairs.insert(key.into(), Pair { value: value.into(), seq: self.latest_seq });
        self.latest_seq
    }

    /// Removes a key. Gives the version of the change.
    pub fn remove(&mut self, key: &str) -> u64 {
        self.latest_seq += 1;
        self.pairs.remove(key);
        self.latest_seq
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.latest_seq += 1;
        self.clear_seq = self.latest_seq;
        self.pairs.clear();
    }

    /// The keys changed since a version, in the order of the changes.
    pub fn since(&self, seq: u64) -> Vec<(&str, &Pair)> {
        let mut pairs: Vec<(&str, &Pair)> =
            self.pairs.iter().filter(|(_, pair)| pair.seq >= seq).map(|(key, pair)| (key.as_str(), pair)).collect();
        pairs.sort_by_key(|(_, pair)| pair.seq);
        pairs
    }
}
