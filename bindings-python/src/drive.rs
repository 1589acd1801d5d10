//! One call from its first step to its end. The core decides what happens; this sends, waits and reports.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tencent_im_core::flow::{Call, Engine, Now, Step};
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::Op;
use tencent_im_core::{Error, Kind, Result};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::events::Wanted;
use crate::runtime::lock;
use crate::sleepers::Sleepers;
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
    /// Which events somebody wants.
    pub wanted: Wanted,
    /// Calls that have begun and not ended.
    pub under_way: AtomicUsize,
    /// Randomness for the calls.
    pub entropy: Entropy,
    /// The end of the client, and what its waiting calls are to look at.
    pub bell: Bell,
    /// The asyncio calls that wait for a time.
    pub sleepers: Sleepers,
}

/// Reaches all calls of a client that wait for something.
#[derive(Default)]
pub struct Bell {
    closing: AtomicBool,
    rings: AtomicU64,
    rung: Notify,
}

impl Bell {
    /// Ends all calls under way.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.ring();
    }

    /// Lets all waiting calls look again.
    fn ring(&self) {
        self.rings.fetch_add(1, Ordering::SeqCst);
        self.rung.notify_waiters();
    }

    /// How often it was rung. Whoever looks before it waits, and again when it begins to, misses nothing.
    pub fn rings(&self) -> u64 {
        self.rings.load(Ordering::SeqCst)
    }

    /// Ends when it is rung. Counts from when it is made, not from when it is awaited.
    pub fn rung(&self) -> Notified<'_> {
        self.rung.notified()
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Ends when the client is closed.
    async fn closed(&self) {
        loop {
            // Made before it is looked, or a close in between would wake nobody.
            let rung = self.rung();
            if self.is_closing() {
                return;
            }
            rung.await;
        }
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

/// A call under way.
pub struct Driven {
    /// Which call it is.
    pub op: &'static Op,
    /// What it shares with the client's other calls.
    pub shared: Arc<Shared>,
    /// The call. Locked before the engine where both are.
    pub call: Mutex<Call>,
    /// When the call is over, whatever happens.
    pub deadline: Instant,
}

/// How far a call has come.
pub enum Progress {
    /// There is nothing to do before this time, or before the bell rings.
    Waits(Instant),
    /// The end.
    Ended(Result<Answer>),
}

impl Driven {
    /// Drives the call to its end, or until the client is closed.
    pub async fn drive(&self) -> Result<Answer> {
        loop {
            // Made before the core is asked, so that nothing is missed from then on.
            let rung = self.shared.bell.rung();
            match self.advance().await {
                Progress::Ended(outcome) => return outcome,
                Progress::Waits(until) => tokio::select! {
                    () = tokio::time::sleep_until(until.into()) => {}
                    () = rung => {}
                },
            }
        }
    }

    /// Drives the call to its end, or to the next time to wait for.
    pub async fn advance(&self) -> Progress {
        let Shared { http, bell, .. } = &*self.shared;
        let mut place = None;
        loop {
            // Waits for a connection before the core is asked: to it, a try is out as soon as it says so, and a
            // domain is out of order where a try finds no connection in time.
            if place.is_none() {
                place = match http.free_place() {
                    None => match Box::pin(self.or_closed(http.place(self.deadline))).await {
                        Ok(place) => place,
                        Err(closed) => return Progress::Ended(Err(closed)),
                    },
                    free => free,
                };
            }
            if bell.is_closing() {
                return Progress::Ended(Err(self.closed()));
            }
            let entropy = self.shared.entropy.next();
            // In boxes: what is large and needed only while a request is under way must not stand in every future.
            let sending = match self.with_engine(|call, engine, now| call.poll(engine, now, entropy)) {
                Step::Done(outcome) => return Progress::Ended(outcome),
                // At least one tick, so that no clock's rounding can make this spin.
                Step::Wait { until_ms } => {
                    let pause_ms = until_ms.saturating_sub(now().mono_ms).max(1);
                    return Progress::Waits(Instant::now() + Duration::from_millis(pause_ms));
                }
                Step::Send(request) => Box::pin(self.or_closed(http.send(request))),
            };
            match sending.await {
                Ok(answer) => self.with_engine(|call, engine, now| match answer {
                    Ok(reply) => call.on_reply(engine, now, reply),
                    Err(failure) => call.on_failure(engine, now, failure),
                }),
                Err(closed) => return Progress::Ended(Err(closed)),
            }
        }
    }

    /// What a future gives, unless the client is closed before.
    async fn or_closed<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            output = future => Ok(output),
            () = self.shared.bell.closed() => Err(self.closed()),
        }
    }

    fn closed(&self) -> Error {
        self.cancel("the client was closed during the call")
    }

    /// Ends the call before its end and says whether it may have taken effect.
    pub fn cancel(&self, message: &'static str) -> Error {
        let (mut error, has_moved) = self.with_engine(|call, engine, _| (call.cancel(engine), engine.take_moved()));
        if has_moved {
            // Others wait for their turns, which come earlier now.
            self.shared.bell.ring();
        }
        error.message = message.into();
        error
    }

    fn with_engine<T>(&self, act: impl FnOnce(&mut Call, &mut Engine, Now) -> T) -> T {
        let (mut call, mut engine) = (lock(&self.call), lock(&self.shared.engine));
        act(&mut call, &mut engine, now())
    }
}

/// The time, for the core.
pub fn now() -> Now {
    static START: OnceLock<Instant> = OnceLock::new();
    let mono_ms = START.get_or_init(Instant::now).elapsed().as_millis() as u64;
    Now { mono_ms, unix_ms: unix_ms() }
}

fn unix_ms() -> u64 {
    // A clock before 1970 was never set; the signer says so.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis() as u64)
}

/// The time in Unix seconds.
pub fn unix_s() -> u64 {
    unix_ms() / 1000
}

/// Randomness: a seed from the system, so that a forked child never repeats its parent's, and SplitMix64 from there on,
/// which spares a system call a step. What it is for need not be secret, only different each time.
pub struct Entropy(AtomicU64);

impl Entropy {
    /// A new row.
    pub fn of_system() -> Result<Self> {
        match getrandom::u64() {
            Ok(seed) => Ok(Self(AtomicU64::new(seed))),
            Err(error) => Err(Error::new(Kind::Internal, format!("the system gives no randomness: {error}"))),
        }
    }

    /// The next 64 bits.
    pub fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the published generator from the seed 1234567.
    #[test]
    fn entropy_is_splitmix64() {
        let row = Entropy(AtomicU64::new(1_234_567));
        assert_eq!(
            [row.next(), row.next(), row.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,]
        );
    }
}
