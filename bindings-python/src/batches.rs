//! The batches of a run under way: each is a call on the workers, whose end goes to the run.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tencent_im_core::flow::{BatchCall, Plan, ResolvedOptions};
use tencent_im_core::reply::Answer;
use tencent_im_core::{Error, Kind, Result};
use tokio::task::AbortHandle;

use crate::clock::now;
use crate::drive::Driven;
use crate::errors::panicked;
use crate::inbox::{CallId, Inbox, Message};
use crate::runtime::lock;
use crate::shared::{Shared, UnderWay};

/// The calls under way.
pub struct Batches {
    shared: Arc<Shared>,
    plan: Arc<Plan>,
    options: ResolvedOptions,
    flying: HashMap<u64, (Arc<Driven>, AbortHandle)>,
    ended: Arc<Ended>,
    /// The process that sends them.
    pid: u32,
}

impl Batches {
    /// None under way.
    pub fn new(shared: Arc<Shared>, plan: Arc<Plan>, options: ResolvedOptions) -> Self {
        Self { shared, plan, options, flying: HashMap::new(), ended: Arc::default(), pid: std::process::id() }
    }

    /// What the client's calls share.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Where ended calls are told.
    pub fn ended(&self) -> &Arc<Ended> {
        &self.ended
    }

    /// Sends a batch.
    pub fn send(&mut self, batch: BatchCall) {
        let (id, op) = (batch.id, batch.op);
        let call = Mutex::new(self.plan.draft_of(batch, &self.options).begin(now()));
        let driven = Arc::new(Driven { op, shared: self.shared.clone(), call });
        let under_way = UnderWay::new(self.shared.clone());
        let (call, ended) = (driven.clone(), self.ended.clone());
        let work = self.shared.workers.spawn(async move {
            let _counted = under_way;
            call.drive().await
        });
        self.flying.insert(id, (driven, work.abort_handle()));
        self.shared.workers.spawn(async move {
            let outcome = work.await.unwrap_or_else(|stopped| match stopped.try_into_panic() {
                Ok(panic) => Err(panicked(&*panic)),
                Err(_) => Err(Error::new(Kind::Cancelled, "the call was cancelled")),
            });
            ended.push(id, outcome);
        });
    }

    /// Takes those that have ended.
    pub fn take_ended(&mut self) -> Vec<(u64, Result<Answer>)> {
        let ended = std::mem::take(&mut lock(&self.ended.state).calls);
        ended.iter().for_each(|(id, _)| drop(self.flying.remove(id)));
        ended
    }

    /// Ends all of them. What had an answer may have taken effect.
    pub fn cancel(&mut self) {
        for (driven, task) in self.flying.drain().map(|(_, call)| call) {
            task.abort();
            driven.cancel("the run was closed");
        }
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        // In a forked child the calls are the parent's, whose threads may have held their locks at the fork.
        if self.pid == std::process::id() {
            self.cancel();
        }
    }
}

/// Calls that have ended and were not looked at.
#[derive(Default)]
pub struct Ended {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    calls: Vec<(u64, Result<Answer>)>,
    /// The event loop to wake at the next one.
    wake: Option<(Arc<Inbox>, CallId)>,
}

impl Ended {
    fn push(&self, id: u64, outcome: Result<Answer>) {
        let mut state = lock(&self.state);
        state.calls.push((id, outcome));
        let wake = state.wake.take();
        drop(state);
        self.arrived.notify_all();
        if let Some((inbox, id)) = wake {
            inbox.push(id, Message::Ended);
        }
    }

    /// Waits for the next, at most so long; false if there was none.
    pub fn wait(&self, most: Duration) -> bool {
        let state = lock(&self.state);
        let waited = self.arrived.wait_timeout_while(state, most, |state| state.calls.is_empty());
        !waited.unwrap_or_else(PoisonError::into_inner).0.calls.is_empty()
    }

    /// Has an event loop woken at the next one; at once if there is one already.
    pub fn wake(&self, inbox: &Arc<Inbox>, id: CallId) {
        let mut state = lock(&self.state);
        if state.calls.is_empty() {
            state.wake = Some((inbox.clone(), id));
        } else {
            drop(state);
            inbox.push(id, Message::Ended);
        }
    }
}
