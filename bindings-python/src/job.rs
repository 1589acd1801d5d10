//! One asyncio call: a task of the workers while something happens, an entry in the timer queue while it waits.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Wake};
use std::time::Instant;

use tencent_im_core::reply::Answer;
use tencent_im_core::{Error, Result};
use tokio::task::AbortHandle;

use crate::drive::{Driven, Progress};
use crate::errors::panicked;
use crate::inbox::{CallId, Inbox, Message};
use crate::runtime::lock;
use crate::shared::{Shared, UnderWay};
use crate::timer_queue::TimerKey;

/// A call whose outcome goes to an inbox.
pub struct Job {
    id: CallId,
    driven: Driven,
    inbox: Arc<Inbox>,
    /// Locked before the timer queue where both are.
    state: Mutex<State>,
    /// Gone when the call has ended, whoever still holds the job.
    under_way: Mutex<Option<UnderWay>>,
}

enum State {
    /// Not begun, or on its way from the timer queue to a task.
    Idle,
    /// In a task of the workers.
    Running(AbortHandle),
    /// In the timer queue.
    Waiting(TimerKey),
    /// It has ended, and nobody has taken the outcome.
    Ended(Box<Result<Answer>>),
    /// Its outcome was taken, or it was cancelled.
    Over,
}

/// What is left to say of a call when its caller gives up.
pub enum Cancelled {
    /// The error of the cancellation, which says whether the call may have taken effect; or, if it had failed already,
    /// its own.
    Told(Error),
    /// Its outcome was taken before.
    Taken,
}

impl Job {
    /// A call that has not begun.
    pub fn new(id: CallId, driven: Driven, under_way: UnderWay, inbox: Arc<Inbox>) -> Arc<Self> {
        Arc::new(Self { id, driven, inbox, state: Mutex::new(State::Idle), under_way: Mutex::new(Some(under_way)) })
    }

    /// Its number in the inbox.
    pub fn id(&self) -> CallId {
        self.id
    }

    /// What it shares with the client's other calls.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.driven.shared
    }

    /// Begins the call, or continues it.
    pub fn start(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        if matches!(*state, State::Idle | State::Waiting(_)) {
            *state = State::Running(self.shared().workers.spawn(self.clone().run()).abort_handle());
        }
    }

    /// Takes the outcome, once.
    pub fn take_outcome(&self) -> Option<Result<Answer>> {
        let mut state = lock(&self.state);
        match std::mem::replace(&mut *state, State::Over) {
            State::Ended(outcome) => Some(*outcome),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Ends the call at the caller's wish.
    pub fn cancel(&self) -> Cancelled {
        let state = std::mem::replace(&mut *lock(&self.state), State::Over);
        match state {
            State::Over => return Cancelled::Taken,
            State::Ended(outcome) => {
                return Cancelled::Told(outcome.err().unwrap_or_else(|| self.driven.cancelled_too_late()));
            }
            State::Running(task) => task.abort(),
            State::Waiting(key) => self.shared().timers.remove(key),
            State::Idle => {}
        }
        let error = self.driven.cancel("the call was cancelled");
        lock(&self.under_way).take();
        Cancelled::Told(error)
    }

    /// The error of a call that was cancelled when it had succeeded already.
    pub fn cancelled_too_late(&self) -> Error {
        self.driven.cancelled_too_late()
    }

    /// Whatever happens, the outcome is reported: a future that never ends would be the worst of errors.
    async fn run(self: Arc<Self>) {
        let generation = self.shared().signal.generation();
        let progress = {
            let mut advance = pin!(self.driven.advance());
            poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| advance.as_mut().poll(context))) {
                Ok(poll) => poll,
                Err(panic) => Poll::Ready(Progress::Ended(Err(panicked(&*panic)))),
            })
            .await
        };
        match progress {
            Progress::Waits(until) => {
                if self.shared().wanted.retries() {
                    self.inbox.push(self.id, Message::Waits);
                }
                self.wait(until, generation);
            }
            Progress::Ended(outcome) => {
                let mut state = lock(&self.state);
                if !matches!(*state, State::Over) {
                    *state = State::Ended(Box::new(outcome));
                }
                drop(state);
                self.inbox.push(self.id, Message::Ended);
                lock(&self.under_way).take();
            }
        }
    }

    fn wait(self: &Arc<Self>, until: Instant, generation: u64) {
        let mut state = lock(&self.state);
        if !matches!(*state, State::Over) {
            *state = State::Waiting(self.shared().timers.insert(until, self.clone().into(), generation));
        }
    }
}

impl Wake for Job {
    /// Called by the timer queue.
    fn wake(self: Arc<Self>) {
        self.start();
    }
}
