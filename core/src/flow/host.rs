//! Calls by number, for callers on the far side of a language border: a number crosses it more cheaply than an object,
//! and nothing leaks when the other side forgets one.

use std::collections::HashMap;

use super::runs::Runs;
use super::{Call, Draft, Engine, Now, ResolvedOptions, Step};
use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::http::{Failure, Reply, Request};
use crate::schema::Op;
use crate::schema::names::Style;
use crate::schema::walk::Json;

/// The number of a call in its [`Host`].
pub type CallId = u32;

/// How long after its deadline an abandoned call is kept, in milliseconds. Long, since a machine may sleep in the middle
/// of a call.
const KEPT_MS: u64 = 600_000;

/// An engine and the calls under way.
///
/// [`start`](Self::start) a call, do what its step says, and report back; each report returns the next step. See
/// [`Call`] for the contract: it holds for each of them. A call is forgotten when its step was [`Step::Done`], when it is
/// cancelled or expired, and some minutes after its deadline if nobody polls it. A number that is not known, as that of
/// a call that has ended, gives [`Step::Done`] with an error of kind [`Internal`](Kind::Internal).
#[derive(Debug)]
pub struct Host {
    pub(super) engine: Engine,
    style: Style,
    calls: HashMap<CallId, Call>,
    next: CallId,
    next_sweep_ms: u64,
    pub(super) runs: Runs,
}

impl Host {
    /// A host for an engine's calls, with names in one language's style.
    pub fn new(engine: Engine, style: Style) -> Self {
        Self { engine, style, calls: HashMap::new(), next: 1, next_sweep_ms: 0, runs: Runs::default() }
    }

    /// The engine.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// Begins a call from JSON texts and returns its number and its first step. Bad input is an error, and nothing is
    /// kept of the call then.
    pub fn start(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> Result<(CallId, Step)> {
        let id = self.add(op, input, options, now)?;
        Ok((id, self.poll(id, now)))
    }

    /// Begins a call for which no connection is free, and [`hold`](Self::hold)s it. Bad input is an error at once.
    pub fn register(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> Result<(CallId, Step)> {
        let id = self.add(op, input, options, now)?;
        Ok((id, self.hold(id)))
    }

    fn add(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> Result<CallId> {
        let call = self.draft(op, input, options)?.begin(now);
        Ok(self.insert(call, now))
    }

    pub(super) fn insert(&mut self, call: Call, now: Now) -> CallId {
        self.forget_gone(now);
        let id = self.next;
        self.next = self.next.wrapping_add(1).max(1);
        self.calls.insert(id, call);
        id
    }

    /// Returns the request of a call for users with their own HTTP. Sends nothing and keeps nothing.
    pub fn prepare(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> Result<Request> {
        let draft = self.draft(op, input, options)?;
        self.engine.prepare_draft(draft, now)
    }

    fn draft(&mut self, op: &str, input: &str, options: Option<&str>) -> Result<Draft> {
        let mark = self.engine.draw_mark();
        let options = self.options(options)?;
        self.engine.plan().draft(find_op(op)?, &mut Json(input), self.style, &options, mark)
    }

    /// The options of a call, from JSON text.
    pub(super) fn options(&self, json: Option<&str>) -> Result<ResolvedOptions> {
        let plan = self.engine.plan();
        json.map_or_else(|| Ok(plan.defaults()), |json| plan.read_options(&mut Json(json), self.style))
    }

    /// Returns the next step of a call, when the time of a [`Step::Wait`] has come.
    pub fn poll(&mut self, id: CallId, now: Now) -> Step {
        let Some(call) = self.calls.get_mut(&id) else { return unknown() };
        let step = call.poll(&mut self.engine, now);
        if let Step::Done(_) = step {
            self.calls.remove(&id);
            return self.runs.ended(id, step);
        }
        step
    }

    /// Returns the step of a call for which no connection is free: wait. Poll the call when one is free, or
    /// [`expire`](Self::expire) it at the time of this step.
    ///
    /// The bound on connections is the binding's, since an engine cannot wake a waiter: each language parks its callers
    /// in its own way.
    pub fn hold(&self, id: CallId) -> Step {
        self.calls.get(&id).map_or_else(unknown, |call| Step::Wait { until_ms: call.deadline_ms() })
    }

    /// Ends a call that was held until its deadline. It was not sent, so it takes nothing from the rate limit.
    pub fn expire(&mut self, id: CallId) -> Step {
        let Some(mut error) = self.end(id) else { return unknown() };
        error.kind = Kind::Timeout;
        error.message = "no connection was free before the deadline".into();
        let error = error.cure("allow more time or more connections, or make fewer calls at once");
        self.runs.ended(id, Step::Done(Err(error)))
    }

    /// The operation of a call under way.
    pub fn op(&self, id: CallId) -> Option<&'static Op> {
        self.calls.get(&id).map(Call::op)
    }

    /// Reports an answer and returns the next step.
    pub fn on_reply(&mut self, id: CallId, reply: Reply, now: Now) -> Step {
        if let Some(call) = self.calls.get_mut(&id) {
            call.on_reply(&mut self.engine, now, reply);
        }
        self.poll(id, now)
    }

    /// Reports a failure and returns the next step.
    pub fn on_failure(&mut self, id: CallId, failure: Failure, now: Now) -> Step {
        if let Some(call) = self.calls.get_mut(&id) {
            call.on_failure(&mut self.engine, now, failure);
        }
        self.poll(id, now)
    }

    /// Cancels a call and returns the error for its caller; `None` if no such call is under way.
    pub fn cancel(&mut self, id: CallId) -> Option<Error> {
        self.runs.forget(id);
        self.end(id)
    }

    fn end(&mut self, id: CallId) -> Option<Error> {
        self.calls.remove(&id).map(|mut call| call.cancel(&mut self.engine))
    }

    /// Forgets abandoned calls: an edge worker stops in the middle of a call when its own caller hangs up.
    fn forget_gone(&mut self, now: Now) {
        if now.mono_ms >= self.next_sweep_ms {
            self.next_sweep_ms = now.mono_ms.saturating_add(KEPT_MS / 10);
            self.calls.retain(|_, call| call.deadline_ms().saturating_add(KEPT_MS) > now.mono_ms);
        }
    }

    /// The number of calls under way.
    pub fn under_way(&self) -> usize {
        self.calls.len()
    }
}

fn unknown() -> Step {
    Step::Done(Err(Error::new(Kind::Internal, "no such call")))
}
