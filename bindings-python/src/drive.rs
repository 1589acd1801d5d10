//! One call from its first step to its end. The core decides what happens; this sends, waits and reports.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tencent_im_core::flow::{Call, Engine, Now, Step};
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::Op;
use tencent_im_core::{Error, Result};

use crate::clock::now;
use crate::runtime::lock;
use crate::shared::Shared;

/// A call under way.
pub struct Driven {
    /// Which call it is.
    pub op: &'static Op,
    /// What it shares with the client's other calls.
    pub shared: Arc<Shared>,
    /// The call. Locked before the engine where both are.
    pub call: Mutex<Call>,
}

/// How far a call has come.
pub enum Progress {
    /// There is nothing to do before this time, or before the client's signal.
    Waits(Instant),
    /// The end.
    Ended(Result<Answer>),
}

impl Driven {
    /// When the call is over, whatever happens.
    fn deadline(&self) -> Instant {
        let left_ms = lock(&self.call).deadline_ms().saturating_sub(now().mono_ms);
        Instant::now() + Duration::from_millis(left_ms)
    }

    /// Drives the call to its end, or until the client shuts down.
    pub async fn drive(&self) -> Result<Answer> {
        loop {
            // Made before the core is asked, so that nothing is missed from then on.
            let signal = self.shared.signal.given();
            match self.advance().await {
                Progress::Ended(outcome) => return outcome,
                Progress::Waits(until) => tokio::select! {
                    () = tokio::time::sleep_until(until.into()) => {}
                    () = signal => {}
                },
            }
        }
    }

    /// Drives the call to its end, or to the next time to wait for.
    pub async fn advance(&self) -> Progress {
        let Shared { http, signal, .. } = &*self.shared;
        let mut connection = None;
        loop {
            // Waits for a connection before the core is asked: the core counts an attempt as out as soon as it says so,
            // and a domain as unreachable when an attempt finds no connection in time.
            if connection.is_none() {
                connection = match http.free_connection() {
                    None => match Box::pin(self.or_shutdown(http.connection(self.deadline()))).await {
                        Ok(connection) => connection,
                        Err(closed) => return Progress::Ended(Err(closed)),
                    },
                    free => free,
                };
            }
            if signal.is_shut_down() {
                return Progress::Ended(Err(self.closed()));
            }
            // In boxes: what is large and needed only while a request is under way must not be part of every future.
            let sending = match self.with_engine(|call, engine, now| call.poll(engine, now)) {
                Step::Done(outcome) => return Progress::Ended(outcome),
                // At least one tick, so that no clock's rounding can make this spin.
                Step::Wait { until_ms } => {
                    let wait_ms = until_ms.saturating_sub(now().mono_ms).max(1);
                    return Progress::Waits(Instant::now() + Duration::from_millis(wait_ms));
                }
                Step::Send(request) => Box::pin(self.or_shutdown(http.send(request))),
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

    /// What a future gives, unless the client shuts down first.
    async fn or_shutdown<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            output = future => Ok(output),
            () = self.shared.signal.shutdown() => Err(self.closed()),
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
            self.shared.signal.wake_all();
        }
        error.message = message.into();
        error
    }

    /// The error of a call that was cancelled when it had succeeded already.
    pub fn cancelled_too_late(&self) -> Error {
        self.cancel("the call was cancelled after it had succeeded")
            .cure("it took effect: repeat it only if doing it twice is safe")
    }

    fn with_engine<T>(&self, act: impl FnOnce(&mut Call, &mut Engine, Now) -> T) -> T {
        let (mut call, mut engine) = (lock(&self.call), lock(&self.shared.engine));
        act(&mut call, &mut engine, now())
    }
}
