//! Wakes calls at their times without a task and a timer for each: ten thousand may wait for their turns.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::runtime::lock;
use crate::signal::Signal;

/// An entry's place in the queue: its time, and a number of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey(Instant, u64);

/// The waiting calls of a client.
pub struct TimerQueue {
    entries: Mutex<Entries>,
    /// A new entry comes before all others.
    earlier: Notify,
    signal: Arc<Signal>,
    workers: Handle,
}

#[derive(Default)]
struct Entries {
    wakers: BTreeMap<TimerKey, Waker>,
    next: u64,
    /// Whether the task that wakes them runs; there is none for an empty queue.
    is_running: bool,
    /// The signal's generation when all entries were last woken by it.
    generation: u64,
}

impl TimerQueue {
    /// An empty queue.
    pub fn new(signal: Arc<Signal>, workers: Handle) -> Self {
        Self { entries: Mutex::default(), earlier: Notify::new(), signal, workers }
    }

    /// Wakes at that time, or as soon as the signal leaves the generation that the caller saw when it decided to wait.
    pub fn insert(self: &Arc<Self>, until: Instant, waker: Waker, generation: u64) -> TimerKey {
        let mut entries = lock(&self.entries);
        // Looked at under the lock: the task hears of a later signal when it takes the lock.
        let until = if self.signal.generation() == generation { until } else { Instant::now() };
        let key = TimerKey(until, entries.next);
        entries.next += 1;
        entries.wakers.insert(key, waker);
        if !entries.is_running {
            entries.is_running = true;
            entries.generation = generation;
            self.workers.spawn(self.clone().run());
        } else if entries.wakers.first_key_value().is_some_and(|(first, _)| *first == key) {
            self.earlier.notify_one();
        }
        key
    }

    /// Removes an entry that was not woken yet.
    pub fn remove(&self, key: TimerKey) {
        let waker = lock(&self.entries).wakers.remove(&key);
        // Dropped without the lock: it may be the last one that holds the call.
        drop(waker);
    }

    /// Wakes the entries at their times until none is left.
    async fn run(self: Arc<Self>) {
        loop {
            // Made before the look, so that no signal is missed.
            let given = self.signal.given();
            let (due, next) = self.take_due();
            due.into_values().for_each(Waker::wake);
            let Some(next) = next else { return };
            tokio::select! {
                () = tokio::time::sleep_until(next.into()) => {}
                () = self.earlier.notified() => {}
                () = given => {}
            }
        }
    }

    /// Takes out what is due, which after a signal is everything, and gives the time of the next entry. With none left,
    /// the task that asks is to end.
    fn take_due(&self) -> (BTreeMap<TimerKey, Waker>, Option<Instant>) {
        let mut entries = lock(&self.entries);
        let generation = self.signal.generation();
        let was_signaled = std::mem::replace(&mut entries.generation, generation) != generation;
        let later =
            if was_signaled { BTreeMap::new() } else { entries.wakers.split_off(&TimerKey(Instant::now(), u64::MAX)) };
        let due = std::mem::replace(&mut entries.wakers, later);
        let next = entries.wakers.first_key_value().map(|(key, _)| key.0);
        entries.is_running = next.is_some();
        (due, next)
    }
}
