//! One call: what to do next, on the caller's clock.

use super::{Engine, Now};
use crate::error::{Error, Kind};
use crate::http::{Failure, FailureKind, Reply, Request};
use crate::reply;
use crate::schema::Op;

/// What a caller does next.
#[derive(Debug)]
pub enum Step {
    /// Send this, then report [`Call::on_reply`] or [`Call::on_failure`].
    Send(Request),
    /// Poll again at this time of the monotonic clock, or when something is reported.
    Wait {
        /// Milliseconds on the monotonic clock.
        until_ms: u64,
    },
    /// The call has ended: with a successful answer, or an error. A further poll is a fault of the caller.
    Done(Result<Reply, Error>),
}

#[derive(Debug)]
enum State {
    Ready { body: Vec<u8> },
    Sent { until_ms: u64 },
    Ended(Box<Result<Reply, Error>>),
    Taken,
}

/// One call with its deadline.
#[derive(Debug)]
pub struct Call {
    op: &'static Op,
    deadline_ms: u64,
    try_timeout_ms: u64,
    attempts: u32,
    state: State,
}

impl Call {
    pub(super) fn new(op: &'static Op, body: Vec<u8>, deadline_ms: u64, try_timeout_ms: u64) -> Self {
        Self { op, deadline_ms, try_timeout_ms, attempts: 0, state: State::Ready { body } }
    }

    /// Which call it is.
    pub fn op(&self) -> &'static Op {
        self.op
    }

    /// Says what to do next. `entropy` becomes the URL's `random` when the step is to send.
    pub fn poll(&mut self, engine: &mut Engine, now: Now, entropy: u64) -> Step {
        match core::mem::replace(&mut self.state, State::Taken) {
            State::Ready { body } => {
                let left_ms = self.deadline_ms.saturating_sub(now.mono_ms);
                if left_ms == 0 {
                    return Step::Done(Err(
                        self.finish(Error::new(Kind::Timeout, "the deadline passed before anything was sent"))
                    ));
                }
                let timeout_ms = left_ms.min(self.try_timeout_ms);
                match engine.request(self.op, body, timeout_ms, now, entropy) {
                    Ok(request) => {
                        self.attempts += 1;
                        self.state = State::Sent { until_ms: now.mono_ms.saturating_add(timeout_ms) };
                        Step::Send(request)
                    }
                    Err(error) => Step::Done(Err(error)),
                }
            }
            State::Sent { until_ms } if now.mono_ms < until_ms => {
                self.state = State::Sent { until_ms };
                Step::Wait { until_ms }
            }
            State::Sent { .. } => {
                let failure = Failure { kind: FailureKind::Timeout, detail: String::new() };
                Step::Done(Err(self.failed(failure)))
            }
            State::Ended(result) => Step::Done(*result),
            State::Taken => {
                Step::Done(Err(Error::new(Kind::Internal, "the call has ended already").during(self.op.name)))
            }
        }
    }

    /// Takes the answer to what was sent. An answer that nobody waits for is dropped.
    pub fn on_reply(&mut self, engine: &mut Engine, now: Now, answer: Reply) {
        engine.hear(now, &answer);
        if matches!(self.state, State::Sent { .. }) {
            let result = match reply::check(self.op, &answer) {
                Ok(()) => Ok(answer),
                Err(error) => Err(self.finish(error)),
            };
            self.state = State::Ended(Box::new(result));
        }
    }

    /// Takes the news that sending or receiving failed.
    pub fn on_failure(&mut self, _engine: &mut Engine, _now: Now, failure: Failure) {
        if matches!(self.state, State::Sent { .. }) {
            self.state = State::Ended(Box::new(Err(self.failed(failure))));
        }
    }

    /// Ends the call at the caller's wish, and says whether it may have taken effect.
    pub fn cancel(&mut self, _engine: &mut Engine) -> Error {
        let mut error = Error::new(Kind::Cancelled, "the call was cancelled");
        error.maybe_applied = matches!(self.state, State::Sent { .. });
        self.state = State::Taken;
        self.finish(error)
    }

    fn failed(&self, failure: Failure) -> Error {
        let detail = |text: &str| {
            if failure.detail.is_empty() { text.to_owned() } else { format!("{text}: {}", failure.detail) }
        };
        let mut error = match failure.kind {
            FailureKind::NotSent => Error::new(Kind::Transport, detail("no connection to the service")).cure(
                "check the address, the network, DNS, the proxy and the certificates; the service listens on port 443",
            ),
            FailureKind::Lost => {
                Error::new(Kind::Transport, detail("the connection broke before the answer was there"))
                    .cure("repeat the call if a repeat is harmless, else look whether it took effect")
            }
            FailureKind::Timeout => Error::new(Kind::Timeout, detail("no answer in time"))
                .cure("look whether it took effect, or allow more time; the service's own limit is 3 s"),
            FailureKind::TooLarge => {
                Error::new(Kind::Protocol, detail("the answer is longer than 16 MiB")).cure("ask for less at once")
            }
        };
        error.maybe_applied = failure.kind != FailureKind::NotSent;
        self.finish(error)
    }

    fn finish(&self, mut error: Error) -> Error {
        error.operation = Some(self.op.name);
        error.attempts = self.attempts;
        error
    }
}
