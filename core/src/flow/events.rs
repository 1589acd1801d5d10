//! What happens to calls, for logs and metrics. Holds no secrets: no URL, no UserSig, no body.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::json::object;
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
    /// The service said that calls come too often, by its code or by HTTP status 429.
    SlowedDown { operation: &'static str, code: i64 },
    /// Requests go to another domain from now on.
    Failover { to: String },
    /// A base URL is set as well, so the region counts for nothing. Told once for each client.
    RegionIgnored { region: String, base_url: String },
    /// Our clock is off the service's by so many seconds; UserSigs are signed by the service's.
    SkewLearnt { seconds: i64 },
}

/// How much an event matters, as logs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What happens to each call.
    Debug,
    /// A call goes on, but not as it should.
    Info,
    /// Something is wrong with the service, the network or this machine.
    Warning,
}

impl Event {
    /// How much it matters.
    pub fn level(&self) -> Level {
        match self {
            Self::Try { .. } | Self::Reply { .. } | Self::Failure { .. } | Self::Paced { .. } => Level::Debug,
            Self::Retry { .. } => Level::Info,
            Self::SlowedDown { .. } | Self::Failover { .. } | Self::RegionIgnored { .. } | Self::SkewLearnt { .. } => {
                Level::Warning
            }
        }
    }

    /// The event as plain data: `event` is its name, such as `retry`; its fields have the caller's name style.
    pub fn to_record(&self, style: Style) -> Map<String, Value> {
        let Ok(Value::Object(record)) = serde_json::to_value(self) else { return Map::new() };
        match style {
            Style::Camel => object(record.into_iter().map(|(name, value)| (camel(&name), value))),
            Style::Snake | Style::Wire => record,
        }
    }
}

/// Keeps events until they are taken, when anybody listens. What nobody wants is not even made.
#[derive(Debug, Default)]
pub struct Events {
    least: Option<Level>,
    kept: Vec<Event>,
    /// What happened before anybody could listen.
    announced: Option<Event>,
}

impl Events {
    /// A listener that never takes them must not fill the memory.
    const MOST: usize = 10_000;

    pub fn listen(&mut self, least: Option<Level>) {
        self.least = least;
        self.kept.retain(|event| least.is_some_and(|least| event.level() >= least));
        if let Some(least) = least {
            self.kept.extend(self.announced.take_if(|event| event.level() >= least));
        }
    }

    /// Keeps an event for whoever listens first.
    pub fn announce(&mut self, event: Event) {
        self.announced = Some(event);
    }

    pub fn debug(&mut self, event: impl FnOnce() -> Event) {
        self.note(Level::Debug, event);
    }

    pub fn info(&mut self, event: impl FnOnce() -> Event) {
        self.note(Level::Info, event);
    }

    pub fn warning(&mut self, event: impl FnOnce() -> Event) {
        self.note(Level::Warning, event);
    }

    fn note(&mut self, level: Level, event: impl FnOnce() -> Event) {
        if self.least.is_some_and(|least| level >= least) && self.kept.len() < Self::MOST {
            let event = event();
            debug_assert_eq!(event.level(), level);
            self.kept.push(event);
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
