//! What the service remembers of messages and groups, as far as the calls that are served go.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

/// Messages and groups of one app.
#[derive(Debug, Default)]
pub struct Chat {
    /// All messages in the order in which they were stored.
    pub messages: Vec<Message>,
    /// The groups by id.
    pub groups: BTreeMap<String, Group>,
    /// One-to-one messages by what tells a repeat, for the second in which they came.
    sent: HashMap<(String, u64, u64), (u64, Message)>,
    last_group: u64,
}

/// One stored message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The receiver or the group.
    pub to: String,
    /// The sender, where one was named.
    pub from: Option<String>,
    /// The elements.
    pub body: Value,
    /// Unix time in seconds.
    pub time_s: u64,
    /// Its key (one-to-one) or its number (group).
    pub key: Value,
}

/// One group.
#[derive(Debug, Default)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Type, as on the wire.
    pub kind: String,
    /// Members, the owner among them.
    pub members: Vec<String>,
    /// Counters by key.
    pub counters: BTreeMap<String, i64>,
    last_seq: u64,
    /// Messages by their random number, with the time they came.
    randoms: HashMap<u64, (u64, u64)>,
}

impl Group {
    /// A group without messages.
    pub fn new(name: &str, kind: &str, members: Vec<String>) -> Self {
        Self { name: name.into(), kind: kind.into(), members, ..Self::default() }
    }
}

/// Seconds for which a group message is known by its random number.
const KNOWN_S: u64 = 300;

impl Chat {
    /// Stores a one-to-one message, unless it is the same once more in the same second. Gives it, and whether it is new.
    pub fn send(&mut self, message: Message, seq: u64, random: u64) -> (Message, bool) {
        let mark = (format!("{}\n{}", message.from.as_deref().unwrap_or_default(), message.to), seq, random);
        if let Some((time_s, known)) = self.sent.get(&mark)
            && *time_s == message.time_s
        {
            return (known.clone(), false);
        }
        self.sent.insert(mark, (message.time_s, message.clone()));
        self.messages.push(message.clone());
        (message, true)
    }

    /// An id of the service's own making.
    pub fn new_group_id(&mut self) -> String {
        self.last_group += 1;
        format!("@TGS#{:08}", self.last_group)
    }

    /// Stores a group message, unless its random number came within the last five minutes. Gives its number and time,
    /// and whether it is new; nothing where there is no such group.
    pub fn send_to_group(&mut self, message: Message, random: u64) -> Option<(u64, u64, bool)> {
        let group = self.groups.get_mut(&message.to)?;
        if let Some((seq, time_s)) = group.randoms.get(&random)
            && message.time_s < time_s + KNOWN_S
        {
            return Some((*seq, *time_s, false));
        }
        group.last_seq += 1;
        let (seq, time_s) = (group.last_seq, message.time_s);
        group.randoms.insert(random, (seq, time_s));
        self.messages.push(Message { key: seq.into(), ..message });
        Some((seq, time_s, true))
    }

    /// For the control plane.
    pub fn show(&self) -> Value {
        let messages: Vec<Value> = self
            .messages
            .iter()
            .map(|message| {
                json!({
                    "to": message.to,
                    "from": message.from,
                    "body": message.body,
                    "time_s": message.time_s,
                    "key": message.key,
                })
            })
            .collect();
        let groups: serde_json::Map<String, Value> = self
            .groups
            .iter()
            .map(|(id, group)| {
                let shown = json!({
                    "name": group.name,
                    "type": group.kind,
                    "members": group.members,
                    "counters": group.counters,
                });
                (id.clone(), shown)
            })
            .collect();
        json!({"messages": messages, "groups": groups})
    }
}
