//! One call: its attempts, and what to do next, on the caller's clock.

use super::events::Event;
use super::pace::{Ticket, Turn};
use super::policy::Policy;
use super::verdict::{self, Verdict};
use super::{Engine, Now};
use crate::error::{Error, Kind};
use crate::http::{Failure, FailureKind, Reply, Request};
use crate::redact::redact_detail;
use crate::reply::{self, Answer};
use crate::schema::{Op, RetryClass};

/// What to do next for a call.
#[derive(Debug)]
pub enum Step {
    /// Send this request, then report [`Call::on_reply`] or [`Call::on_failure`] and poll again.
    Send(Request),
    /// Poll again at this time, or once something was reported. Polling earlier is harmless.
    Wait {
        /// Milliseconds on the monotonic clock.
        until_ms: u64,
    },
    /// The call has ended with a successful answer or an error. Polling again gives an error of kind
    /// [`Internal`](Kind::Internal).
    Done(Result<Answer, Error>),
}

#[derive(Debug)]
enum State {
    /// Not in the queue yet; not before this time.
    Ready { not_before_ms: u64 },
    /// In the queue.
    Queued { ticket: Ticket, told: bool },
    /// An attempt is out.
    Sent { until_ms: u64, base: String, sig_made: Option<Now> },
    /// An attempt failed and may be retried; the backoff is drawn at the next poll.
    Failed { error: Error, least_ms: u64, with_backoff: bool },
    /// The end, not told yet.
    Ended(Box<Result<Answer, Error>>),
    /// The end, told.
    Taken,
}

/// One call with its deadline and its attempts.
///
/// [`Call::poll`] says what to do; its caller does that and reports back. All methods of one call take the same engine,
/// the one of the client that made it, and times that never go back on the monotonic clock. What changes the next step:
/// the clock passing the time of a [`Step::Wait`], [`Call::on_reply`] and [`Call::on_failure`], both only while a request
/// is out, and [`Call::cancel`]. Each of them may come late or twice: what the call does not wait for is ignored.
///
/// Drop a call only after [`Step::Done`] or [`Call::cancel`]; a call that is dropped before then is passed over in the
/// queue of its rate limit once its turn has come.
#[derive(Debug)]
pub struct Call {
    op: &'static Op,
    body: Vec<u8>,
    items: u32,
    policy: Policy,
    /// When its time is up, on the monotonic clock.
    deadline_ms: u64,
    attempts: u32,
    refreshed: bool,
    /// Whether any attempt so far may have taken effect.
    maybe_applied: bool,
    first_sent: Option<Now>,
    state: State,
}

impl Call {
    pub(super) fn new(op: &'static Op, body: Vec<u8>, items: u32, policy: Policy, now: Now) -> Self {
        Self {
            op,
            body,
            items,
            policy,
            deadline_ms: now.mono_ms.saturating_add(policy.timeout_ms.into()),
            attempts: 0,
            refreshed: false,
            maybe_applied: false,
            first_sent: None,
            state: State::Ready { not_before_ms: 0 },
        }
    }

    /// The operation.
    pub fn op(&self) -> &'static Op {
        self.op
    }

    /// When its time is up, on the monotonic clock.
    pub fn deadline_ms(&self) -> u64 {
        self.deadline_ms
    }

    /// Returns what to do next. An attempt counts as out, and its turn under the rate limit as taken, from the moment
    /// that this returns [`Step::Send`].
    pub fn poll(&mut self, engine: &mut Engine, now: Now) -> Step {
        loop {
            match core::mem::replace(&mut self.state, State::Taken) {
                State::Ready { not_before_ms } if now.mono_ms < not_before_ms => {
                    self.state = State::Ready { not_before_ms };
                    return Step::Wait { until_ms: not_before_ms };
                }
                State::Ready { .. } => match engine.pace.join(self.op, self.items, now.mono_ms, self.deadline_ms) {
                    Some(ticket) => self.state = State::Queued { ticket, told: false },
                    None => return self.send(engine, now),
                },
                State::Queued { ticket, told } => match engine.pace.turn(ticket, now.mono_ms) {
                    Turn::Go => return self.send(engine, now),
                    Turn::Wait(until_ms) if until_ms >= self.deadline_ms => {
                        engine.pace.leave(ticket);
                        return self.end(Err(self.too_late(until_ms - now.mono_ms)));
                    }
                    Turn::Wait(until_ms) => {
                        if !told {
                            let (operation, delay_ms) = (self.op.name, until_ms - now.mono_ms);
                            engine.events.debug(|| Event::Queued { operation, delay_ms });
                        }
                        self.state = State::Queued { ticket, told: true };
                        return Step::Wait { until_ms };
                    }
                },
                State::Sent { until_ms, base, sig_made } if now.mono_ms < until_ms => {
                    self.state = State::Sent { until_ms, base, sig_made };
                    return Step::Wait { until_ms };
                }
                // The transport did not keep to its timeout: the machine does.
                sent @ State::Sent { .. } => {
                    self.state = sent;
                    self.on_failure(engine, now, Failure { kind: FailureKind::Timeout, detail: String::new() });
                }
                State::Failed { error, least_ms, with_backoff } => {
                    let retry = self.attempts.saturating_sub(1);
                    let backoff = self.policy.backoff;
                    let backoff_ms = if with_backoff { backoff.draw_ms(retry, engine.draws.next()) } else { 0 };
                    let delay_ms = least_ms.saturating_add(backoff_ms);
                    let at_ms = now.mono_ms.saturating_add(delay_ms);
                    let too_late = at_ms >= self.deadline_ms || self.is_forgotten(now, at_ms);
                    if too_late || (self.policy.is_budgeted && !engine.budget.take()) {
                        return self.end(Err(error));
                    }
                    let (operation, attempt) = (self.op.name, self.attempts);
                    engine.events.info(|| Event::Retry {
                        operation,
                        attempt,
                        delay_ms,
                        reason: error.message.to_string(),
                    });
                    self.state = State::Ready { not_before_ms: at_ms };
                }
                State::Ended(result) => return Step::Done(*result),
                State::Taken => {
                    return Step::Done(Err(
                        Error::new(Kind::Internal, "the call has ended already").during(self.op.name)
                    ));
                }
            }
        }
    }

    fn send(&mut self, engine: &mut Engine, now: Now) -> Step {
        let left_ms = self.deadline_ms.saturating_sub(now.mono_ms);
        if left_ms == 0 {
            return self.end(Err(Error::new(Kind::Timeout, "the deadline passed before the call could be sent")
                .cure("allow more time, or make fewer calls at once")));
        }
        let timeout_ms = left_ms.min(self.policy.attempt_timeout_ms.into());
        // Checked again: the rate limit, or a machine that slept, may have held up the retry since it was decided on.
        if self.is_forgotten(now, now.mono_ms) {
            return self.end(Err(Error::new(Kind::Timeout, "the retry comes too late to be recognized as one")
                .cause("the service recognizes a retry by its random number for a limited time only")
                .cure("check whether the call took effect before making it again")));
        }
        let base = engine.base(now).to_owned();
        // The last attempt can take the body with it.
        let last = self.attempts >= self.policy.max_retries;
        let body = if last { core::mem::take(&mut self.body) } else { self.body.clone() };
        match engine.request(self.op, &base, body, timeout_ms, now) {
            Ok(request) => {
                self.first_sent.get_or_insert(now);
                self.attempts += 1;
                let (operation, attempt) = (self.op.name, self.attempts);
                engine.events.debug(|| Event::Attempt { operation, attempt, host: base.clone() });
                let until_ms = now.mono_ms.saturating_add(timeout_ms);
                self.state = State::Sent { until_ms, base, sig_made: engine.sigs.made() };
                Step::Send(request)
            }
            Err(error) => self.end(Err(error)),
        }
    }

    /// Reports the answer to the request that is out, whatever its HTTP status; poll afterwards. Ignored if none is out.
    pub fn on_reply(&mut self, engine: &mut Engine, now: Now, answer: Reply) {
        let State::Sent { sig_made, .. } = self.state else { return };
        engine.hear(now, &answer);
        let http_status = answer.status;
        let service_time_s = engine.sigs.service_time_s(now);
        let result = reply::judge(self.op, &answer, &engine.sigs.known(), Some(service_time_s));
        let (operation, attempt) = (self.op.name, self.attempts);
        let code = result.as_ref().err().and_then(|refusal| refusal.error.code);
        engine.events.debug(|| Event::Reply { operation, attempt, http_status, code });
        match result {
            Ok(()) => {
                engine.budget.success();
                let answer = Answer { op: self.op, reply: answer, attempts: self.attempts };
                self.state = State::Ended(Box::new(Ok(answer)));
            }
            Err(refusal) => {
                let verdict = verdict::of_answer(&refusal, self.retry());
                match verdict {
                    Verdict::Refresh => engine.sigs.refused(sig_made),
                    Verdict::SlowDown { least_ms } => {
                        engine.pace.slow_down(self.op, now.mono_ms, least_ms);
                        let code = code.unwrap_or(http_status.into());
                        engine.events.warning(|| Event::SlowedDown { operation, code });
                    }
                    Verdict::Fail | Verdict::Again { .. } => {}
                }
                self.fail(refusal.error, verdict, verdict != Verdict::Refresh);
            }
        }
    }

    /// Reports that the request that is out got no whole answer; poll afterwards. Ignored if none is out.
    pub fn on_failure(&mut self, engine: &mut Engine, now: Now, failure: Failure) {
        let State::Sent { base, .. } = &self.state else { return };
        let kind = failure.kind;
        let verdict = verdict::of_failure(kind, self.retry());
        let error = failed(failure, &engine.sigs.known());
        let (operation, attempt) = (self.op.name, self.attempts);
        engine.events.debug(|| Event::Failure { operation, attempt, reason: error.message.to_string() });
        let mut with_backoff = true;
        if kind == FailureKind::NotSent && engine.fail_over(now, base) {
            // The other host is another machine: the first retry need not wait for it.
            with_backoff = self.attempts > 1;
        }
        self.fail(error, verdict, with_backoff);
    }

    /// Notes a failed attempt: the end of the call, or a retry.
    fn fail(&mut self, error: Error, verdict: Verdict, with_backoff: bool) {
        self.maybe_applied |= error.maybe_applied;
        let error = self.finish(error);
        let least_ms = match verdict {
            Verdict::Fail => None,
            _ if self.attempts > self.policy.max_retries => None,
            Verdict::Refresh if core::mem::replace(&mut self.refreshed, true) => None,
            Verdict::Refresh => Some(0),
            Verdict::Again { least_ms } | Verdict::SlowDown { least_ms } => Some(least_ms),
        };
        self.state = match least_ms {
            Some(least_ms) => State::Failed { error, least_ms, with_backoff },
            None => State::Ended(Box::new(Err(error))),
        };
    }

    /// Cancels the call and returns the error to give its caller; `maybe_applied` says whether it may have taken effect.
    /// The call has ended then, also if it had an outcome that was not polled. An answer that comes later is ignored.
    pub fn cancel(&mut self, engine: &mut Engine) -> Error {
        match core::mem::replace(&mut self.state, State::Taken) {
            State::Queued { ticket, .. } => engine.pace.leave(ticket),
            State::Sent { .. } => self.maybe_applied = true,
            // It has succeeded or failed, which nobody was told.
            State::Ended(result) => self.maybe_applied |= result.map_or_else(|error| error.maybe_applied, |_| true),
            State::Taken => self.maybe_applied |= self.attempts > 0,
            State::Ready { .. } | State::Failed { .. } => {}
        }
        self.finish(Error::new(Kind::Cancelled, "the call was cancelled"))
    }

    /// Whether the service may have forgotten the drawn fields of the first attempt when a retry is sent at a time of the
    /// monotonic clock, so that the call could take effect twice.
    fn is_forgotten(&self, now: Now, at_ms: u64) -> bool {
        let Some(first) = self.first_sent else { return false };
        // By whichever clock went further: one of them may stand still while a machine sleeps.
        let by_mono = now.mono_ms.saturating_sub(first.mono_ms);
        let by_wall = now.unix_ms.saturating_sub(first.unix_ms);
        let until_ms = at_ms.saturating_sub(now.mono_ms).saturating_add(self.policy.attempt_timeout_ms.into());
        let age_ms = by_mono.max(by_wall).saturating_add(until_ms);
        let RetryClass::SameRandom { window_s } = self.retry() else { return false };
        self.maybe_applied && age_ms >= u64::from(window_s) * 1000
    }

    fn retry(&self) -> RetryClass {
        self.policy.retry.unwrap_or(self.op.retry)
    }

    fn end(&self, result: Result<Answer, Error>) -> Step {
        Step::Done(result.map_err(|error| self.finish(error)))
    }

    fn too_late(&self, wait_ms: u64) -> Error {
        let documented =
            self.op.rate.map_or_else(String::new, |rate| format!("; the documented limit is {}", rate.calls));
        let mut error =
            Error::new(Kind::RateLimited, format!("the call's turn comes in {wait_ms} ms, after its deadline"))
                .cause(format!("more calls are waiting than the rate limit lets through{documented}"))
                .cure("allow more time, make fewer calls at once, or raise rate_limits if your plan allows more");
        error.retry_after_ms = Some(wait_ms);
        error
    }

    /// Adds what the call knows.
    fn finish(&self, mut error: Error) -> Error {
        error.operation = Some(self.op.name);
        error.attempts = self.attempts;
        error.maybe_applied |= self.maybe_applied;
        error
    }
}

/// The error of a failed transport.
fn failed(failure: Failure, known: &[&str]) -> Error {
    let kind = failure.kind;
    let detail = redact_detail(&failure.detail, known);
    let words = |text: &str| if detail.is_empty() { text.to_owned() } else { format!("{text}: {detail}") };
    let mut error = match kind {
        FailureKind::NotSent => Error::new(Kind::Transport, words("no connection to the service")).cure(
            "check the address, the network, DNS, the proxy and the certificates; the service listens on port 443",
        ),
        FailureKind::Lost => Error::new(Kind::Transport, words("the connection broke before the answer was there"))
            .cure("retry the call if it is safe to retry, else check whether it took effect"),
        FailureKind::Timeout => Error::new(Kind::Timeout, words("no answer in time"))
            .cure("check whether it took effect, or allow more time; the service's own limit is 3 s"),
        FailureKind::TooLarge => {
            Error::new(Kind::Protocol, words("the answer is longer than 16 MiB")).cure("ask for less at once")
        }
    };
    error.maybe_applied = kind != FailureKind::NotSent;
    error
}
