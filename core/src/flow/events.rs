//! What happens to calls, for logs and metrics. Holds no secrets: no URL, no UserSig, no body.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::schema::names::{Style, camel};

/// Something that happened.
#[allow(missing_docs)] // The fields are named after what they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A try goes out.
    Try { operation: &'static str, attempt: u32, host: String },
    /// An answer came.
    Reply { operation: &'static str, attempt: u32, http_status: u16, code: Option<i64> },
    /// Sending or receiving failed.
    Failure { operation: &'static str, attempt: u32, reason: String },
    /// There will be another try.
    Retry { operation: &'static str, attempt: u32, delay_ms: u64, reason: String },
    /// A call waits for its turn.
    Paced { operation: &'static str, delay_ms: u64 },
    /// The service said that calls come too often.
    SlowedDown { operation: &'static str, code: i64 },
    /// Requests go to another domain from now on.
    Failover { to: String },
    /// Our clock is off the service's by so many seconds; UserSigs are signed by the service's.
    SkewLearnt { seconds: i64 },
}

impl Event {
    /// The event as plain data: `event` is its name, such as `retry`; its fields have the caller's name style.
    pub fn to_record(&self, style: Style) -> Map<String, Value> {
        let Ok(Value::Object(record)) = serde_json::to_value(self) else { return Map::new() };
        match style {
            Style::Camel => record.into_iter().map(|(name, value)| (camel(&name), value)).collect(),
            Style::Snake | Style::Wire => record,
        }
    }
}

/// Keeps events until they are taken, when anybody listens.
#[derive(Debug, Default)]
pub struct Events {
    on: bool,
    kept: Vec<Event>,
}

impl Events {
    /// A listener that never takes them must not fill the memory.
    const MOST: usize = 10_000;

    pub fn listen(&mut self, on: bool) {
        self.on = on;
        self.kept.clear();
    }

    /// Notes an event; it is not even made when nobody listens.
    pub fn note(&mut self, event: impl FnOnce() -> Event) {
        if self.on && self.kept.len() < Self::MOST {
            self.kept.push(event());
        }
    }

    /// Whether there are any, without taking them.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub fn take(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.kept)
    }
}
