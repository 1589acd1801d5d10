//! The messages of a group or of a topic.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::extensions::Extensions;

/// Seconds for which a group message is known by its random number.
pub const KNOWN_S: u64 = 300;

/// The messages of one group or topic; the first has number 1.
#[derive(Debug, Default)]
pub struct Log {
    messages: Vec<GroupMessage>,
    /// Messages by their random number: their number, and when they came.
    randoms: HashMap<u64, (u64, u64)>,
    /// The number up to which members see nothing any more.
    pub cleared_to: u64,
}

/// One message of a group.
#[derive(Clone, Debug, Default)]
pub struct GroupMessage {
    /// Its number.
    pub seq: u64,
    /// The sender.
    pub from: String,
    /// The number that tells a repeat.
    pub random: u64,
    /// Unix time in seconds.
    pub time_s: u64,
    /// The elements.
    pub body: Value,
    /// The app's data.
    pub custom: Option<String>,
    /// 1 for High to 4 for Lowest.
    pub priority: u64,
    /// Whether it reached members online only and is not stored.
    pub online_only: bool,
    /// Whether it may have extensions.
    pub extensible: bool,
    /// Whether it was recalled.
    pub is_recalled: bool,
    /// The members who have read it, where receipts were asked for.
    pub readers: Option<BTreeSet<String>>,
    /// Its extensions.
    pub extensions: Extensions,
}

impl Log {
    /// The number of the last message; 0 without one.
    pub fn last_seq(&self) -> u64 {
        self.messages.len() as u64
    }

    /// When the last message came; 0 without one.
    pub fn last_time_s(&self) -> u64 {
        self.messages.last().map_or(0, |message| message.time_s)
    }

    /// The message that came within the last five minutes with the same random number: its number and time.
    pub fn repeated(&self, random: u64, now_s: u64) -> Option<(u64, u64)> {
        let (seq, came_s) = *self.randoms.get(&random)?;
        let message = self.get(seq)?;
        (now_s < came_s + KNOWN_S).then_some((seq, message.time_s))
    }

    /// Stores a message that came now. Gives its number.
    pub fn push(&mut self, message: GroupMessage, random: Option<u64>, now_s: u64) -> u64 {
        let seq = self.last_seq() + 1;
        if let Some(random) = random {
            self.randoms.insert(random, (seq, now_s));
        }
        self.messages.push(GroupMessage { seq, ..message });
        seq
    }

    /// All messages, the oldest first.
    pub fn all(&self) -> &[GroupMessage] {
        &self.messages
    }

    /// All messages, to change.
    pub fn all_mut(&mut self) -> &mut [GroupMessage] {
        &mut self.messages
    }

    /// A message by its number.
    pub fn get(&self, seq: u64) -> Option<&GroupMessage> {
        self.messages.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// A message by its number, to change.
    pub fn get_mut(&mut self, seq: u64) -> Option<&mut GroupMessage> {
        self.messages.get_mut(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// For the control plane.
    pub fn show(&self, to: &str) -> impl Iterator<Item = Value> {
        self.messages.iter().map(move |message| {
            json!({
                "to": to,
                "from": message.from,
                "body": message.body,
                "time_s": message.time_s,
                "key": message.seq,
                "is_recalled": message.is_recalled,
            })
        })
    }
}
