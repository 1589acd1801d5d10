//! Finds items that came before, in bounded memory.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

/// How many different items are remembered at least. As many as a hash table of 2^17 places holds.
pub const REMEMBERED: usize = 114_688;

/// 96 bits. Two different items of a run share one by chance less often than once in 10^17 runs of a million items; 128 bits
/// take a third more memory.
type Fingerprint = [u32; 3];

/// The items of a run so far, by their fingerprints.
///
/// A repeated item is found when no more than [`REMEMBERED`] different ones lie in between. One that is farther away is
/// taken for new.
#[derive(Debug)]
pub struct Seen {
    recent: HashSet<Fingerprint>,
    older: HashSet<Fingerprint>,
    most: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self::remembering(REMEMBERED)
    }
}

impl Seen {
    fn remembering(most: usize) -> Self {
        // Whole from the beginning: a table that grows holds the old one as well while it moves.
        Self { recent: HashSet::with_capacity(most), older: HashSet::new(), most }
    }

    /// Notes an item, and says whether it is new.
    pub fn is_new(&mut self, item: &[u8]) -> bool {
        let print = fingerprint(item);
        if self.recent.contains(&print) || self.older.contains(&print) {
            return false;
        }
        if self.recent.len() >= self.most {
            let mut emptied = std::mem::take(&mut self.older);
            emptied.clear();
            emptied.reserve(self.most);
            self.older = std::mem::replace(&mut self.recent, emptied);
        }
        self.recent.insert(print)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the bits that are kept")]
fn fingerprint(item: &[u8]) -> Fingerprint {
    let hash = |which: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(which);
        hasher.write(item);
        hasher.finish()
    };
    let first = hash(0);
    [first as u32, (first >> 32) as u32, hash(1) as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_known_as_long_as_no_more_than_the_bound_lie_between() {
        let mut seen = Seen::remembering(3);
        let mut new = |name: &str| seen.is_new(name.as_bytes());
        assert!(new("a") && new("b") && new("c"));
        assert!(!new("a") && !new("b") && !new("c"));
        assert!(new("d") && !new("a"), "three others lie between");
        assert!(new("e") && new("f") && new("g"));
        assert!(new("a"), "it is long ago");
        assert!(!new("g") && !new("e"));
    }
}
