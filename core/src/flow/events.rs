//! What happens to calls, for logs and metrics. Holds no secrets: no URL, no UserSig, no body.

/// Something that happened.
#[allow(missing_docs)] // The fields are named after what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    pub fn take(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.kept)
    }
}
