//! What happens to calls, for logs and metrics. Holds no secrets: no URL, no UserSig, no body.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::json::object;
use crate::schema::names::Style;

/// Something that happened.
#[allow(missing_docs)] // The fields are named after what they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// An attempt is sent.
    Attempt { operation: &'static str, attempt: u32, host: String },
    /// An answer came.
    Reply { operation: &'static str, attempt: u32, http_status: u16, code: Option<i64> },
    /// Sending or receiving failed.
    Failure { operation: &'static str, attempt: u32, reason: String },
    /// There will be a retry, after a backoff.
    Retry { operation: &'static str, attempt: u32, delay_ms: u64, reason: String },
    /// A call waits for its turn under a rate limit.
    Queued { operation: &'static str, delay_ms: u64 },
    /// The service said that calls come too often, by its code or by HTTP status 429.
    SlowedDown { operation: &'static str, code: i64 },
    /// Requests go to another host from now on.
    Failover { to: String },
    /// A base URL is set as well, so the region is ignored. Reported once per client.
    RegionIgnored { region: String, base_url: String },
    /// The local clock differs from the service's by this many seconds. UserSigs are signed by the service's clock.
    SkewLearned { seconds: i64 },
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
            Self::Attempt { .. } | Self::Reply { .. } | Self::Failure { .. } | Self::Queued { .. } => Level::Debug,
            Self::Retry { .. } => Level::Info,
            Self::SlowedDown { .. } | Self::Failover { .. } | Self::RegionIgnored { .. } | Self::SkewLearned { .. } => {
                Level::Warning
            }
        }
    }

    /// The event as plain data: `event` is its name, such as `retry`; its fields have the caller's name style.
    pub fn to_record(&self, style: Style) -> Map<String, Value> {
        let Ok(Value::Object(record)) = serde_json::to_value(self) else { return Map::new() };
        object(record.into_iter().map(|(name, value)| (style.name(&name).into_owned(), value)))
    }
}

/// Keeps events until they are taken, if anybody listens. Events that nobody wants are not even made.
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
