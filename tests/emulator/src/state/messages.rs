//! One-to-one messages.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use super::extensions::Extensions;

/// The one-to-one messages of one app.
#[derive(Debug, Default)]
pub struct Messages {
    conversations: HashMap<(String, String), Vec<Message>>,
    /// What was sent, by what tells a repeat, with when it came and what it was answered.
    sent: HashMap<Mark, Sent>,
    last_number: u64,
}

/// One message.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// The number that orders messages of the same second.
    pub seq: u64,
    /// The number that tells a repeat.
    pub random: u64,
    /// Unix time in seconds.
    pub time_s: u64,
    /// The key by which it is recalled, changed or deleted.
    pub key: String,
    /// The elements.
    pub body: Value,
    /// The app's data.
    pub custom: Option<String>,
    /// Whether it reaches online receivers only: it is then in no history and never counted.
    pub online_only: bool,
    /// Whether it may have extensions.
    pub extensible: bool,
    /// Whether it still counts as unread for its receiver.
    pub is_unread: bool,
    /// Whether it was recalled.
    pub is_recalled: bool,
    /// Whether the receiver sent a read receipt.
    pub has_receipt: bool,
    /// The parties that do not see it.
    pub hidden_from: Vec<String>,
    /// Its extensions.
    pub extensions: Extensions,
    /// Its place among all messages of the app, given when it is stored.
    pub number: u64,
}

/// What a message is known by for a while, so that a repeat is not sent twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    from: String,
    to: String,
    seq: u64,
    random: u64,
    content: u64,
}

/// What a message was answered when it came first.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Unix time in seconds.
    pub time_s: u64,
    /// Its key.
    pub key: String,
}

fn parties(one: &str, other: &str) -> (String, String) {
    if one <= other { (one.into(), other.into()) } else { (other.into(), one.into()) }
}

impl Message {
    /// What it is known by: sender, receiver, both numbers and the content.
    pub fn mark(&self) -> Mark {
        let mut content = DefaultHasher::new();
        self.body.to_string().hash(&mut content);
        self.custom.hash(&mut content);
        Mark {
            from: self.from.clone(),
            to: self.to.clone(),
            seq: self.seq,
            random: self.random,
            content: content.finish(),
        }
    }

    /// Whether it is in the history that a party sees.
    pub fn is_seen_by(&self, user_id: &str) -> bool {
        !self.online_only && !self.hidden_from.iter().any(|hidden| hidden == user_id)
    }
}

impl Messages {
    /// What the same message was answered, if it came within the last `window_s` seconds.
    pub fn repeated(&self, mark: &Mark, window_s: u64, now_s: u64) -> Option<Sent> {
        self.sent.get(mark).filter(|sent| now_s < sent.time_s + window_s).cloned()
    }

    /// Stores a message, which is known by the mark that it came with.
    pub fn send(&mut self, mark: Mark, message: Message) -> Sent {
        let sent = Sent { time_s: message.time_s, key: message.key.clone() };
        self.sent.insert(mark, sent.clone());
        self.store(message);
        sent
    }

    /// Stores a message from another system. Says whether it is new: one with the same numbers and time between the
    /// same two is not, whichever of them sent it and whatever it says.
    pub fn import(&mut self, message: Message) -> bool {
        let same =
            |known: &&Message| (known.seq, known.random, known.time_s) == (message.seq, message.random, message.time_s);
        if self.between(&message.from, &message.to).iter().any(|known| same(&known)) {
            return false;
        }
        self.store(message);
        true
    }

    fn store(&mut self, mut message: Message) {
        self.last_number += 1;
        message.number = self.last_number;
        let messages = self.conversations.entry(parties(&message.from, &message.to)).or_default();
        // By time, and by number within a second.
        let at = messages.partition_point(|known| (known.time_s, known.seq) <= (message.time_s, message.seq));
        messages.insert(at, message);
    }

    /// The messages between two users, by time and number.
    pub fn between(&self, one: &str, other: &str) -> &[Message] {
        self.conversations.get(&parties(one, other)).map_or(&[], Vec::as_slice)
    }

    /// The messages between two users, to change.
    pub fn between_mut(&mut self, one: &str, other: &str) -> &mut [Message] {
        self.conversations.get_mut(&parties(one, other)).map_or(&mut [], Vec::as_mut_slice)
    }

    /// A message between two users by its key.
    pub fn find_mut(&mut self, one: &str, other: &str, key: &str) -> Option<&mut Message> {
        self.between_mut(one, other).iter_mut().rev().find(|message| message.key == key)
    }

    /// Messages that a user has not read, from each other party that has some.
    pub fn unread(&self, user_id: &str) -> HashMap<&str, u64> {
        let mut unread = HashMap::new();
        let own = self.conversations.iter().filter(|((one, other), _)| one == user_id || other == user_id);
        for message in own.flat_map(|(_, messages)| messages) {
            if message.to == user_id && message.is_unread && !message.is_recalled && message.is_seen_by(user_id) {
                *unread.entry(message.from.as_str()).or_default() += 1;
            }
        }
        unread
    }

    /// Forgets everything about a user.
    pub fn forget(&mut self, user_id: &str) {
        self.conversations.retain(|(one, other), _| one != user_id && other != user_id);
    }

    /// For the control plane: all messages in the order in which they were stored.
    pub fn show(&self) -> Vec<Value> {
        let mut all: Vec<&Message> = self.conversations.values().flatten().collect();
        all.sort_by_key(|message| message.number);
        let show = |message: &&Message| {
            json!({
                "to": message.to,
                "from": message.from,
                "body": message.body,
                "time_s": message.time_s,
                "key": message.key,
                "is_recalled": message.is_recalled,
            })
        };
        all.iter().map(show).collect()
    }
}
