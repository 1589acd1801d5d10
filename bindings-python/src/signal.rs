//! The signal that reaches every call of a client that waits: the client shuts down, or turns have moved up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// A client's signal to its waiting calls.
#[derive(Default)]
pub struct Signal {
    is_shut_down: AtomicBool,
    /// How often it was given. Whoever looks before it begins to wait, and again when it does, misses nothing.
    generation: AtomicU64,
    given: Notify,
}

impl Signal {
    /// Ends all calls under way.
    pub fn shut_down(&self) {
        self.is_shut_down.store(true, Ordering::SeqCst);
        self.wake_all();
    }

    /// Makes all waiting calls ask the core again.
    pub fn wake_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.given.notify_waiters();
    }

    /// How often the signal was given so far.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Ends at the next signal after this call; awaiting it later misses none.
    pub fn given(&self) -> Notified<'_> {
        self.given.notified()
    }

    /// Whether the client was shut down.
    pub fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::SeqCst)
    }

    /// Ends when the client is shut down.
    pub async fn shutdown(&self) {
        loop {
            // Made before the look: a shutdown in between would wake nobody.
            let given = self.given();
            if self.is_shut_down() {
                return;
            }
            given.await;
        }
    }
}
