//! What was served, counted for each call.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::families::{self, Route};
use crate::world::lock;

/// Most values of `random` kept; a benchmark must not fill the memory.
const MAX_RANDOMS: usize = 4_000_000;

/// The counters.
#[derive(Debug)]
pub struct Counters {
    served: Mutex<Served>,
    /// The connections.
    pub connections: Gauge,
    /// Connections over which at least one call came; the control plane's own are not among them.
    pub calling_connections: AtomicU64,
    /// The requests being worked on.
    pub requests: Gauge,
}

/// How many there are, were at most, and have been.
#[derive(Debug, Default)]
pub struct Gauge {
    now: AtomicU64,
    most: AtomicU64,
    total: AtomicU64,
}

#[derive(Debug)]
struct Served {
    /// One for each route, and one for paths that are none.
    calls: Vec<PerCall>,
    randoms: HashSet<u32>,
    randoms_total: u64,
    randoms_repeated: u64,
}

#[derive(Clone, Debug, Default)]
struct PerCall {
    requests: u64,
    applied: u64,
    effects: u64,
    codes: BTreeMap<i64, u64>,
    faults: BTreeMap<&'static str, u64>,
}

impl Gauge {
    /// One more, until the guard is dropped.
    pub fn enter(&self) -> Entered<'_> {
        self.add();
        Entered(self)
    }

    /// One more.
    pub fn add(&self) {
        self.total.fetch_add(1, Relaxed);
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(now, Relaxed);
    }

    /// One less.
    pub fn remove(&self) {
        self.now.fetch_sub(1, Relaxed);
    }

    fn clear(&self) {
        self.total.store(0, Relaxed);
        self.most.store(self.now.load(Relaxed), Relaxed);
    }
}

/// Counts one less when dropped, also when the client goes away in the middle.
pub struct Entered<'a>(&'a Gauge);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.remove();
    }
}

impl Counters {
    /// All zero.
    pub fn new() -> Self {
        Self {
            served: Mutex::new(Served::new()),
            connections: Gauge::default(),
            calling_connections: AtomicU64::new(0),
            requests: Gauge::default(),
        }
    }

    /// A request came.
    pub fn request(&self, route: Option<&Route>, random: Option<u32>) {
        let mut served = lock(&self.served);
        served.of(route).requests += 1;
        let Some(random) = random else { return };
        served.randoms_total += 1;
        if served.randoms.len() < MAX_RANDOMS && !served.randoms.insert(random) {
            served.randoms_repeated += 1;
        }
    }

    /// The service carried a request out, whether or not the client gets to hear of it.
    pub fn carried_out(&self, route: Option<&Route>, answer: &Answer) {
        let mut served = lock(&self.served);
        let call = served.of(route);
        call.applied += u64::from(answer.code == 0);
        call.effects += answer.effects;
    }

    /// An answer with a code went out.
    pub fn answered(&self, route: Option<&Route>, code: i64) {
        *lock(&self.served).of(route).codes.entry(code).or_default() += 1;
    }

    /// A fault was injected.
    pub fn faulted(&self, route: Option<&Route>, kind: &'static str) {
        *lock(&self.served).of(route).faults.entry(kind).or_default() += 1;
    }

    /// Back to zero. What is open or being worked on stays counted.
    pub fn clear(&self) {
        *lock(&self.served) = Served::new();
        self.connections.clear();
        self.requests.clear();
        self.calling_connections.store(0, Relaxed);
    }

    /// All of them, for the control plane.
    pub fn show(&self) -> Value {
        let served = lock(&self.served);
        let names = families::routes().iter().map(|route| route.op.path).chain(["other"]);
        let calls: serde_json::Map<String, Value> =
            names.zip(&served.calls).filter(|(_, call)| call.requests > 0).map(|(n, c)| (n.into(), c.show())).collect();
        json!({
            "calls": calls,
            "random": {
                "total": served.randoms_total,
                "distinct": served.randoms.len(),
                "repeated": served.randoms_repeated,
            },
            "requests": {"max_concurrent": self.requests.most.load(Relaxed), "now": self.requests.now.load(Relaxed)},
            "connections": {
                "accepted": self.connections.total.load(Relaxed),
                "with_calls": self.calling_connections.load(Relaxed),
                "open": self.connections.now.load(Relaxed),
                "max_open": self.connections.most.load(Relaxed),
            },
        })
    }
}

impl Served {
    fn new() -> Self {
        Self {
            calls: vec![PerCall::default(); families::routes().len() + 1],
            randoms: HashSet::new(),
            randoms_total: 0,
            randoms_repeated: 0,
        }
    }

    fn of(&mut self, route: Option<&Route>) -> &mut PerCall {
        let at = route.map_or(self.calls.len() - 1, |route| route.index);
        &mut self.calls[at]
    }
}

impl PerCall {
    fn show(&self) -> Value {
        let codes: serde_json::Map<String, Value> =
            self.codes.iter().map(|(code, count)| (code.to_string(), (*count).into())).collect();
        json!({
            "requests": self.requests,
            "ok": self.codes.get(&0).copied().unwrap_or(0),
            "codes": codes,
            "applied": self.applied,
            "effects": self.effects,
            "faults": self.faults,
        })
    }
}
