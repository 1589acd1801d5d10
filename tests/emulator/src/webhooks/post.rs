//! Deliveries: what is asked and awaited, what is told and not awaited, and the log of both.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::delivery::{self, Client, Origin, Reply};
use super::exchange::{Event, Exchange};
use super::target::Target;
use super::verdict::{self, Verdict};
use crate::world::{World, lock};

/// Most entries of the log; older ones go.
const MAX_LOGGED: usize = 1_000;

/// Most bytes of bodies and answers in the log; older entries go, but not the newest.
const MAX_LOGGED_BYTES: usize = 32 << 20;

/// Most events that wait for their delivery; more are lost, which the log says.
const MAX_WAITING: usize = 10_000;

/// Most deliveries at once of what is not awaited.
const LANES: usize = 32;

/// Milliseconds before each of the retries. The pages do not say how often the service sends again, and when.
const BACKOFF_MS: [u64; 3] = [100, 500, 2_000];

/// Longest answer that the log keeps whole, in bytes.
const MAX_WHOLE: usize = 64 << 10;

/// How much the log keeps of an answer that is longer or not JSON, in characters.
const MAX_SHOWN: usize = 1_000;

/// The post office of all apps.
#[derive(Debug)]
pub struct Post {
    client: Client,
    lanes: Semaphore,
    waiting: AtomicUsize,
    /// Rises when the log is emptied: what was sent before is not in the new one, and not sent again.
    epoch: AtomicU64,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    /// Each with its bytes.
    entries: VecDeque<(usize, Value)>,
    bytes: usize,
    lost: u64,
}

/// An app, the place that its events go to, and where they come from.
#[derive(Clone, Debug)]
pub struct Route {
    /// The app.
    pub sdk_app_id: u32,
    /// The place.
    pub target: Arc<Target>,
    /// Who caused the events.
    pub origin: Origin,
}

impl Route {
    fn of(sdk_app_id: u32, origin: &Origin, exchange: &Exchange) -> Option<Self> {
        Some(Self { sdk_app_id, target: exchange.target()?.clone(), origin: origin.clone() })
    }
}

impl Post {
    /// Without connections, with an empty log.
    pub fn new() -> Self {
        Self {
            client: delivery::client(),
            lanes: Semaphore::new(LANES),
            waiting: AtomicUsize::new(0),
            epoch: AtomicU64::new(0),
            log: Mutex::default(),
        }
    }

    /// The log, and how many events still wait.
    pub fn show(&self) -> Value {
        let log = lock(&self.log);
        let entries: Vec<&Value> = log.entries.iter().map(|(_, entry)| entry).collect();
        json!({"deliveries": entries, "waiting": self.waiting.load(Relaxed), "lost": log.lost})
    }

    /// Empties the log.
    pub fn clear(&self) {
        self.epoch.fetch_add(1, Relaxed);
        *lock(&self.log) = Log::default();
    }

    fn note(&self, epoch: u64, bytes: usize, entry: Value) {
        if epoch != self.epoch.load(Relaxed) {
            return;
        }
        let mut log = lock(&self.log);
        while log.entries.len() == MAX_LOGGED || (!log.entries.is_empty() && log.bytes + bytes > MAX_LOGGED_BYTES) {
            log.bytes -= log.entries.pop_front().map_or(0, |(bytes, _)| bytes);
        }
        log.bytes += bytes;
        log.entries.push_back((bytes, entry));
    }
}

/// How an event came to be sent, for the log.
#[derive(Clone, Copy, Debug)]
pub enum Reason {
    /// A call asks.
    Asked,
    /// It has happened.
    Told,
    /// The control plane said so.
    Fired,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Told => "told",
            Self::Fired => "fired",
        }
    }
}

/// What came of one delivery.
pub struct Sent {
    /// How the service takes the answer.
    pub verdict: Verdict,
    /// Whether it came to nothing.
    pub has_failed: bool,
    /// What the log says.
    pub entry: Value,
}

/// Sends one event and logs it.
pub async fn send(
    world: &World,
    route: &Route,
    (command, body): (&str, &Value),
    reason: Reason,
    attempt: usize,
) -> Sent {
    let now_s = world.clock.now_ms() / 1000;
    let epoch = world.post.epoch.load(Relaxed);
    let client = &world.post.client;
    let text = body.to_string();
    let text_bytes = text.len();
    let (reply, took) =
        delivery::deliver(client, &route.target, route.sdk_app_id, (command, text), &route.origin, now_s).await;
    let fault = reply.answer().err();
    let verdict = Verdict::of(command, &reply, route.target.settings.late);
    let (status, answer) = match &reply {
        Reply::Heard { status, body } => (Some(*status), shown(body)),
        Reply::Failed(_) => (None, Value::Null),
    };
    let entry = json!({
        "sdk_app_id": route.sdk_app_id,
        "command": command,
        "reason": reason.as_str(),
        "attempt": attempt,
        "body": body,
        "status": status,
        "answer": answer,
        "fault": fault,
        "verdict": verdict::decides(command).then(|| verdict.show()),
        "ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    });
    let bytes = text_bytes + entry["answer"].to_string().len();
    world.post.note(epoch, bytes, entry.clone());
    Sent { verdict, has_failed: fault.is_some(), entry }
}

fn shown(body: &[u8]) -> Value {
    let whole = if body.len() <= MAX_WHOLE { serde_json::from_slice(body).ok() } else { None };
    whole.unwrap_or_else(|| {
        let start = &body[..body.len().min(4 * MAX_SHOWN)];
        String::from_utf8_lossy(start).chars().take(MAX_SHOWN).collect::<String>().into()
    })
}

/// Gets the answers to what is open, all at once.
pub async fn ask(world: &Arc<World>, sdk_app_id: u32, origin: &Origin, exchange: &mut Exchange) {
    let Some(route) = Route::of(sdk_app_id, origin, exchange) else { return };
    let asked = exchange.questions().into_iter().map(|(question, event)| {
        let (world, route) = (world.clone(), route.clone());
        let sending =
            tokio::spawn(
                async move { send(&world, &route, (event.command, &event.body), Reason::Asked, 1).await.verdict },
            );
        (question, sending)
    });
    for (question, sending) in asked.collect::<Vec<_>>() {
        // Only a panic ends it early, and that is printed.
        exchange.answered(question, sending.await.unwrap_or_default());
    }
}

/// Sends what has happened, and waits for nothing.
pub fn tell_all(world: &Arc<World>, sdk_app_id: u32, origin: &Origin, exchange: &mut Exchange) {
    let Some(route) = Route::of(sdk_app_id, origin, exchange) else { return };
    for event in exchange.told() {
        let Some(waiting) = Waiting::enter(world) else {
            lock(&world.post.log).lost += 1;
            continue;
        };
        let (route, epoch) = (route.clone(), world.post.epoch.load(Relaxed));
        tokio::spawn(async move { tell_one(&waiting.0, &route, &event, epoch).await });
    }
}

/// Sends an event once, or with retries until it is delivered. Stops once the log has been emptied.
async fn tell_one(world: &World, route: &Route, event: &Event, epoch: u64) {
    let backoff = if route.target.settings.retries { &BACKOFF_MS[..] } else { &[] };
    let mut backoff = backoff.iter();
    for attempt in 1.. {
        let lane = world.post.lanes.acquire().await;
        if epoch != world.post.epoch.load(Relaxed) {
            return;
        }
        let sent = send(world, route, (event.command, &event.body), Reason::Told, attempt).await;
        drop(lane);
        match backoff.next() {
            Some(ms) if sent.has_failed => tokio::time::sleep(Duration::from_millis(*ms)).await,
            _ => return,
        }
    }
}

/// An event that waits, counted until it is dropped.
struct Waiting(Arc<World>);

impl Waiting {
    fn enter(world: &Arc<World>) -> Option<Self> {
        if world.post.waiting.load(Relaxed) >= MAX_WAITING {
            return None;
        }
        world.post.waiting.fetch_add(1, Relaxed);
        Some(Self(world.clone()))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.post.waiting.fetch_sub(1, Relaxed);
    }
}
