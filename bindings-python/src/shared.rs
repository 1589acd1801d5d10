//! What the calls of a client share in one process.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tencent_im_core::flow::{Engine, Level};
use tokio::runtime::Handle;

use crate::runtime::lock;
use crate::signal::Signal;
use crate::timer_queue::TimerQueue;
use crate::transport::Http;

/// What the calls of a client share in one process.
pub struct Shared {
    /// The core's state. Never locked around anything that runs Python: a thread that waits for this lock may hold
    /// the GIL.
    pub engine: Arc<Mutex<Engine>>,
    /// The connections.
    pub http: Http,
    /// The workers of the process.
    pub workers: Handle,
    /// Which events the core keeps.
    pub wanted: WantedEvents,
    /// Reaches the calls that wait.
    pub signal: Arc<Signal>,
    /// The asyncio calls that wait for a time.
    pub timers: Arc<TimerQueue>,
    under_way: AtomicUsize,
}

impl Shared {
    /// Nothing under way yet.
    pub fn new(engine: Arc<Mutex<Engine>>, http: Http, workers: Handle) -> Self {
        let signal = Arc::new(Signal::default());
        Self {
            engine,
            http,
            wanted: WantedEvents::default(),
            timers: Arc::new(TimerQueue::new(signal.clone(), workers.clone())),
            workers,
            signal,
            under_way: AtomicUsize::new(0),
        }
    }

    /// Calls that have begun and not ended.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Has the core keep the events from this level on; those that nobody wants are not even made.
    pub fn listen(&self, least: Option<Level>) {
        let wanted = least.map_or(WantedEvents::NONE, WantedEvents::number);
        if self.wanted.0.load(Ordering::Relaxed) != wanted {
            // Both under the lock, so that they cannot differ.
            let mut engine = lock(&self.engine);
            self.wanted.0.store(wanted, Ordering::Relaxed);
            engine.listen(least);
        }
    }
}

/// The least level of the events that somebody wants.
#[derive(Default)]
pub struct WantedEvents(AtomicU8);

impl WantedEvents {
    const NONE: u8 = 0;

    fn number(level: Level) -> u8 {
        match level {
            Level::Warning => 1,
            Level::Info => 2,
            Level::Debug => 3,
        }
    }

    /// Whether anybody wants events.
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) != Self::NONE
    }

    /// Whether retries are among them: these are told while the call backs off, before its end.
    pub fn retries(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::number(Level::Info)
    }
}

/// Counts a call as under way as long as it lives.
pub struct UnderWay(Arc<Shared>);

impl UnderWay {
    /// One more.
    pub fn new(shared: Arc<Shared>) -> Self {
        shared.under_way.fetch_add(1, Ordering::SeqCst);
        Self(shared)
    }

    /// What the calls share.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}
