//! The parts of checkpoints and journals as JSON. Spelled out, since derived code for them is 60 kB in WebAssembly.

use serde_json::{Map, Value};

use super::checkpoint::{Counts, Hash, InputMark, RunId};

/// Writes what a run is about.
pub fn of_run(RunId { call, app, fields }: &RunId) -> String {
    // Names of calls need no escapes.
    format!(r#"{{"call":"{call}","app":{app},"fields":"{}"}}"#, of_hash(*fields))
}

/// Writes ranges of items.
pub fn of_ranges(ranges: &[(u64, u64)]) -> String {
    let ranges: Vec<String> = ranges.iter().map(|(first, after)| format!("[{first},{after}]")).collect();
    format!("[{}]", ranges.join(","))
}

/// Writes a place in an input.
pub fn of_mark(InputMark { below, input }: &InputMark) -> String {
    format!(r#"{{"below":{below},"input":"{}"}}"#, of_hash(*input))
}

/// Writes how items ended.
pub fn of_counts(Counts { done, failed, refused, unknown, duplicates }: &Counts) -> String {
    format!("[{done},{failed},{refused},{unknown},{duplicates}]")
}

/// Writes a hash.
pub fn of_hash(hash: Hash) -> String {
    format!("{:016x}", hash.0)
}

/// Reads the same from an object.
pub struct Parts<'o>(pub &'o Map<String, Value>);

impl Parts<'_> {
    /// Whether there is such a part.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// What a run is about.
    pub fn run(&self, name: &str) -> Option<RunId> {
        let run = Parts(self.0.get(name)?.as_object()?);
        let app = u32::try_from(run.number("app")?).ok()?;
        Some(RunId { call: run.text("call")?.into(), app, fields: run.hash("fields")? })
    }

    /// Ranges of items.
    pub fn ranges(&self, name: &str) -> Option<Vec<(u64, u64)>> {
        let range = |range: &Value| match &range.as_array()?[..] {
            [first, after] => Some((first.as_u64()?, after.as_u64()?)),
            _ => None,
        };
        self.0.get(name)?.as_array()?.iter().map(range).collect()
    }

    /// A place in an input.
    pub fn mark(&self, name: &str) -> Option<InputMark> {
        let mark = Parts(self.0.get(name)?.as_object()?);
        Some(InputMark { below: mark.number("below")?, input: mark.hash("input")? })
    }

    /// How items ended.
    pub fn counts(&self, name: &str) -> Option<Counts> {
        let [done, failed, refused, unknown, duplicates] = &self.0.get(name)?.as_array()?[..] else { return None };
        Some(Counts {
            done: done.as_u64()?,
            failed: failed.as_u64()?,
            refused: refused.as_u64()?,
            unknown: unknown.as_u64()?,
            duplicates: duplicates.as_u64()?,
        })
    }

    fn hash(&self, name: &str) -> Option<Hash> {
        u64::from_str_radix(self.text(name)?, 16).ok().map(Hash)
    }
}
