//! Official accounts, who subscribes to them, and what they said.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

/// The official accounts of one app, by their ids.
#[derive(Debug, Default)]
pub struct OfficialAccounts {
    /// The official accounts.
    pub by_id: BTreeMap<String, OfficialAccount>,
    last_number: u64,
}

/// One official account.
#[derive(Debug, Default)]
pub struct OfficialAccount {
    /// Its owner.
    pub owner: String,
    /// The texts by their wire names: `Name`, `Introduction`, `FaceUrl`, `Organization`, `CustomString`.
    pub texts: BTreeMap<&'static str, String>,
    /// Most subscribers.
    pub max_subscribers: u64,
    /// When it was made, in Unix seconds.
    pub created_s: u64,
    /// The subscribers, in the order in which they came.
    pub subscribers: Vec<Subscriber>,
    /// What it said, the oldest first.
    pub messages: Vec<OfficialMessage>,
    /// The messages by their random number: their place, and the content that they came with.
    randoms: HashMap<u64, (usize, Value)>,
}

/// One subscriber.
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// The user.
    pub account: String,
    /// Since when, in Unix seconds.
    pub since_s: u64,
    /// The app's data about the subscription.
    pub custom: String,
}

/// One message to all subscribers.
#[derive(Clone, Debug, Default)]
pub struct OfficialMessage {
    /// Its number; the first has 1.
    pub seq: u64,
    /// The number that tells a repeat.
    pub random: u64,
    /// Unix time in seconds.
    pub time_s: u64,
    /// The key by which it is recalled.
    pub key: String,
    /// The elements.
    pub body: Value,
    /// Whether it reached subscribers online only: it is then in no history.
    pub online_only: bool,
    /// Whether it was recalled.
    pub is_recalled: bool,
}

impl OfficialAccounts {
    /// An id of the service's own making that none has.
    pub fn free_id(&mut self) -> String {
        loop {
            self.last_number += 1;
            let id = format!("@TOA#_@TOA#d{:04}", self.last_number);
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    /// Forgets a user: its subscriptions end, and what it owns stays.
    pub fn forget(&mut self, user_id: &str) {
        for account in self.by_id.values_mut() {
            account.subscribers.retain(|subscriber| subscriber.account != user_id);
        }
    }

    /// For the control plane.
    pub fn show(&self) -> Value {
        let show = |(id, account): (&String, &OfficialAccount)| {
            let subscribers: Vec<&str> = account.subscribers.iter().map(|one| one.account.as_str()).collect();
            let messages: Vec<&Value> = account.messages.iter().map(|message| &message.body).collect();
            (id.clone(), json!({"owner": account.owner, "subscribers": subscribers, "messages": messages}))
        };
        Value::Object(self.by_id.iter().map(show).collect())
    }
}

impl OfficialAccount {
    /// An official account without subscribers.
    pub fn new(owner: &str, max_subscribers: u64, created_s: u64) -> Self {
        Self { owner: owner.into(), max_subscribers, created_s, ..Self::default() }
    }

    /// A subscriber.
    pub fn subscriber(&self, account: &str) -> Option<&Subscriber> {
        self.subscribers.iter().find(|subscriber| subscriber.account == account)
    }

    /// The message with the same random number and content that came within the last `window_s` seconds.
    pub fn repeated(&self, message: &OfficialMessage, window_s: u64) -> Option<&OfficialMessage> {
        let (at, content) = self.randoms.get(&message.random)?;
        let known = self.messages.get(*at)?;
        (message.time_s < known.time_s + window_s && *content == message.body).then_some(known)
    }

    /// A message with the number and key that it has if it is the next one.
    pub fn numbered(&self, message: OfficialMessage) -> OfficialMessage {
        let seq = self.messages.len() as u64 + 1;
        OfficialMessage { seq, key: format!("{seq}_{}_{}", message.random, message.time_s), ..message }
    }

    /// Sends a message, which is known by the content that it came with.
    pub fn send(&mut self, content: Value, message: OfficialMessage) -> &OfficialMessage {
        let at = self.messages.len();
        self.randoms.insert(message.random, (at, content));
        self.messages.push(self.numbered(message));
        &self.messages[at]
    }
}
