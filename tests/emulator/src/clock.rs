//! The emulator's clock: the machine's, moved or stopped by the control plane, so that a test can let a UserSig expire.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

/// Stands for a clock that runs.
const RUNNING: i64 = i64::MIN;

/// The last millisecond of the year 9999: a Date header can say no later time.
const LAST_MS: i64 = 253_402_300_799_999;

/// A clock that can be moved and stopped.
#[derive(Debug)]
pub struct Clock {
    offset_ms: AtomicI64,
    stopped_at_ms: AtomicI64,
}

impl Clock {
    /// The machine's time.
    pub fn new() -> Self {
        Self { offset_ms: AtomicI64::new(0), stopped_at_ms: AtomicI64::new(RUNNING) }
    }

    /// Milliseconds since 1970, never below 0, never past the year 9999.
    pub fn now_ms(&self) -> u64 {
        let now = match self.stopped_at_ms.load(Relaxed) {
            RUNNING => machine_ms().saturating_add(self.offset_ms.load(Relaxed)),
            stopped => stopped,
        };
        now.clamp(0, LAST_MS).unsigned_abs()
    }

    /// Whether it differs from the machine's.
    pub fn is_moved(&self) -> bool {
        self.offset_ms.load(Relaxed) != 0 || self.is_stopped()
    }

    /// Whether it stands still.
    pub fn is_stopped(&self) -> bool {
        self.stopped_at_ms.load(Relaxed) != RUNNING
    }

    /// Milliseconds by which it runs ahead of the machine's.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Relaxed)
    }

    /// Lets it run, so far ahead of the machine's time.
    pub fn run(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Relaxed);
        self.stopped_at_ms.store(RUNNING, Relaxed);
    }

    /// Moves it on, or back, whether it runs or stands still.
    pub fn advance(&self, ms: i64) {
        let moved = if self.is_stopped() { &self.stopped_at_ms } else { &self.offset_ms };
        moved.store(moved.load(Relaxed).saturating_add(ms).max(RUNNING + 1), Relaxed);
    }

    /// Stops it at a time.
    pub fn stop_at(&self, ms: u64) {
        self.stopped_at_ms.store(i64::try_from(ms).unwrap_or(i64::MAX), Relaxed);
    }
}

fn machine_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
