//! One call from its first step to its end. The core decides what happens; this sends, waits and reports.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tencent_im_core::flow::{Call, Engine, Now, Step};
use tencent_im_core::http::Reply;
use tencent_im_core::{Error, Kind, Result};

use crate::runtime::lock;
use crate::transport::Http;

/// What the calls of a client share in one process.
pub struct Shared {
    /// The core's state. Never locked around anything that runs Python: a thread that waits for this lock may hold
    /// the GIL.
    pub engine: Arc<Mutex<Engine>>,
    /// The connections.
    pub http: Http,
}

/// Drives a call to its end, or until the client is closed.
pub async fn drive(shared: &Shared, call: &Mutex<Call>) -> Result<Reply> {
    tokio::select! {
        biased;
        outcome = steps(shared, call) => outcome,
        () = shared.http.closed() => Err(cancel(shared, call, "the client was closed during the call")),
    }
}

async fn steps(shared: &Shared, call: &Mutex<Call>) -> Result<Reply> {
    loop {
        let entropy = entropy()?;
        let step = lock(call).poll(&mut lock(&shared.engine), now(), entropy);
        match step {
            Step::Done(outcome) => return outcome,
            Step::Wait { until_ms } => {
                // At least one tick, so that no clock's rounding can make this spin.
                let pause_ms = until_ms.saturating_sub(now().mono_ms).max(1);
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            }
            Step::Send(request) => {
                let answer = shared.http.send(request).await;
                let (mut call, mut engine) = (lock(call), lock(&shared.engine));
                match answer {
                    Ok(reply) => call.on_reply(&mut engine, now(), reply),
                    Err(failure) => call.on_failure(&mut engine, now(), failure),
                }
            }
        }
    }
}

/// Ends a call before its end and says whether it may have taken effect.
pub fn cancel(shared: &Shared, call: &Mutex<Call>, message: &'static str) -> Error {
    let mut error = lock(call).cancel(&mut lock(&shared.engine));
    error.message = message.into();
    error
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

/// Randomness for the core. From the system each time, so that a forked child never repeats its parent's.
pub fn entropy() -> Result<u64> {
    getrandom::u64().map_err(|error| Error::new(Kind::Internal, format!("the system gives no randomness: {error}")))
}

/// A call that a task drives and a Python thread may cancel.
pub struct Driven {
    /// What it shares with the client's other calls.
    pub shared: Arc<Shared>,
    /// The call.
    pub call: Mutex<Call>,
}
