//! Calls by number, for bindings whose callers live on the far side of a language border: a number crosses it more
//! cheaply than an object, and nothing leaks when the other side forgets one.

use std::collections::HashMap;

use super::{Call, Draft, Engine, Now, Plan, ResolvedOptions, Step};
use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::http::{Failure, Reply, Request};
use crate::schema::Op;
use crate::schema::names::Style;
use crate::schema::walk::Json;

/// The number of a call in its [`Host`].
pub type CallId = u32;

/// How long after its deadline a call is kept that nobody asks for any more, in milliseconds. Long, since a machine may
/// sleep in the middle of a call.
const KEPT_MS: u64 = 600_000;

/// An engine and the calls under way.
#[derive(Debug)]
pub struct Host {
    engine: Engine,
    style: Style,
    calls: HashMap<CallId, Call>,
    next: CallId,
    next_sweep_ms: u64,
}

impl Host {
    /// Calls of an engine, with names in one language's style.
    pub fn new(engine: Engine, style: Style) -> Self {
        Self { engine, style, calls: HashMap::new(), next: 1, next_sweep_ms: 0 }
    }

    /// The engine.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// What never changes about the client.
    pub fn plan(&self) -> &Plan {
        self.engine.plan()
    }

    /// Begins a call from JSON texts and gives its number and its first step.
    pub fn start(
        &mut self,
        op: &str,
        input: &str,
        options: Option<&str>,
        now: Now,
        entropy: u64,
    ) -> Result<(CallId, Step)> {
        let id = self.add(op, input, options, now, entropy)?;
        Ok((id, self.poll(id, now, entropy)))
    }

    /// Begins a call that cannot be sent yet, since all connections are in use, and holds it: bad input is refused now.
    pub fn register(
        &mut self,
        op: &str,
        input: &str,
        options: Option<&str>,
        now: Now,
        entropy: u64,
    ) -> Result<(CallId, Step)> {
        let id = self.add(op, input, options, now, entropy)?;
        Ok((id, self.hold(id)))
    }

    fn add(&mut self, op: &str, input: &str, options: Option<&str>, now: Now, entropy: u64) -> Result<CallId> {
        let call = self.draft(op, input, options, entropy)?.begin(now);
        self.forget_gone(now);
        let id = self.next;
        self.next = self.next.wrapping_add(1).max(1);
        self.calls.insert(id, call);
        Ok(id)
    }

    /// The request of a call for users with their own HTTP.
    pub fn prepare(&mut self, op: &str, input: &str, options: Option<&str>, now: Now, entropy: u64) -> Result<Request> {
        let draft = self.draft(op, input, options, entropy)?;
        self.engine.prepare_draft(draft, now, entropy)
    }

    fn draft(&self, op: &str, input: &str, options: Option<&str>, draw: u64) -> Result<Draft> {
        let options = self.call_options(options)?;
        self.engine.plan().draft(find_op(op)?, &mut Json(input), self.style, &options, draw)
    }

    /// Reads options of a call from JSON text and lays them over the client's settings.
    pub fn call_options(&self, options: Option<&str>) -> Result<ResolvedOptions> {
        let plan = self.engine.plan();
        options.map_or_else(|| Ok(plan.defaults()), |json| plan.read_options(&mut Json(json), self.style))
    }

    /// What a call does next; it is forgotten when it is done.
    pub fn poll(&mut self, id: CallId, now: Now, entropy: u64) -> Step {
        let Some(call) = self.calls.get_mut(&id) else { return unknown() };
        let step = call.poll(&mut self.engine, now, entropy);
        if let Step::Done(_) = step {
            self.calls.remove(&id);
        }
        step
    }

    /// What a call does that could not be sent whatever its next step is, since all connections are in use: it is polled
    /// when one is free. Where none is until the time of this step, it is to [`Self::expire`].
    pub fn hold(&self, id: CallId) -> Step {
        self.calls.get(&id).map_or_else(unknown, |call| Step::Wait { until_ms: call.deadline_ms() })
    }

    /// Ends a call that was held until its deadline. It was not asked to be sent, so it takes nothing from the rate.
    pub fn expire(&mut self, id: CallId) -> Step {
        let Some(mut error) = self.cancel(id) else { return unknown() };
        error.kind = Kind::Timeout;
        error.message = "no connection was free before the deadline".into();
        Step::Done(Err(error.cure("allow more time or more connections, or make fewer calls at once")))
    }

    /// The op of a call under way.
    pub fn op(&self, id: CallId) -> Option<&'static Op> {
        self.calls.get(&id).map(Call::op)
    }

    /// Reports an answer and gives the next step.
    pub fn on_reply(&mut self, id: CallId, reply: Reply, now: Now, entropy: u64) -> Step {
        if let Some(call) = self.calls.get_mut(&id) {
            call.on_reply(&mut self.engine, now, reply);
        }
        self.poll(id, now, entropy)
    }

    /// Reports a failure and gives the next step.
    pub fn on_failure(&mut self, id: CallId, failure: Failure, now: Now, entropy: u64) -> Step {
        if let Some(call) = self.calls.get_mut(&id) {
            call.on_failure(&mut self.engine, now, failure);
        }
        self.poll(id, now, entropy)
    }

    /// Ends a call at the caller's wish.
    pub fn cancel(&mut self, id: CallId) -> Option<Error> {
        self.calls.remove(&id).map(|mut call| call.cancel(&mut self.engine))
    }

    /// Forgets calls that were left alone: an edge worker stops in the middle when its own caller hangs up.
    fn forget_gone(&mut self, now: Now) {
        if now.mono_ms >= self.next_sweep_ms {
            self.next_sweep_ms = now.mono_ms.saturating_add(KEPT_MS / 10);
            self.calls.retain(|_, call| call.deadline_ms().saturating_add(KEPT_MS) > now.mono_ms);
        }
    }

    /// Calls under way.
    pub fn under_way(&self) -> usize {
        self.calls.len()
    }
}

fn unknown() -> Step {
    Step::Done(Err(Error::new(Kind::Internal, "no such call")))
}
