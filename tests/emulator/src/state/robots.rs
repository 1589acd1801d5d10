//! Chatbots, and what they say piece by piece.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Most chatbots of one app.
pub const MAX_ROBOTS: usize = 20;

/// The chatbots of one app.
#[derive(Debug, Default)]
pub struct Robots {
    /// Whether each is enabled, by name.
    by_name: BTreeMap<String, bool>,
    /// Messages by their key.
    streams: BTreeMap<String, Stream>,
}

/// A message that comes in pieces.
#[derive(Debug, Default)]
pub struct Stream {
    from: String,
    to: String,
    /// What was said so far.
    pub text: String,
    /// Whether its last piece came.
    pub is_finished: bool,
}

impl Robots {
    /// The names of those that are enabled.
    pub fn enabled(&self) -> impl Iterator<Item = &str> {
        self.by_name.iter().filter(|(_, is_enabled)| **is_enabled).map(|(name, _)| name.as_str())
    }

    /// Whether a name is that of a chatbot that is enabled.
    pub fn is_enabled(&self, name: &str) -> bool {
        self.by_name.get(name) == Some(&true)
    }

    /// Makes a chatbot. Says whether it was none before.
    pub fn enable(&mut self, name: &str) -> bool {
        self.by_name.insert(name.to_owned(), true) != Some(true)
    }

    /// Disables a chatbot. Says whether it was enabled, if there ever was one of that name.
    pub fn disable(&mut self, name: &str) -> Option<bool> {
        self.by_name.get_mut(name).map(std::mem::take)
    }

    /// Begins a message.
    pub fn begin(&mut self, key: &str, from: &str, to: &str) {
        self.streams.insert(key.to_owned(), Stream { from: from.into(), to: to.into(), ..Stream::default() });
    }

    /// A message between these two by its key.
    pub fn stream_mut(&mut self, key: &str, from: &str, to: &str) -> Option<&mut Stream> {
        self.streams.get_mut(key).filter(|stream| stream.from == from && stream.to == to)
    }

    /// Forgets an account that was deleted, and what it was told.
    pub fn forget(&mut self, user_id: &str) {
        self.by_name.remove(user_id);
        self.streams.retain(|_, stream| stream.from != user_id && stream.to != user_id);
    }

    /// For the control plane.
    pub fn show(&self) -> Value {
        let show = |stream: &Stream| {
            json!({
                "from": stream.from, "to": stream.to, "text": stream.text, "is_finished": stream.is_finished,
            })
        };
        json!({
            "enabled": self.enabled().collect::<Vec<_>>(),
            "messages": self.streams.values().map(show).collect::<Vec<_>>(),
        })
    }
}
