//! One asyncio call: a task of the workers as long as something happens, and asleep without one while it waits.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Instant;

use tencent_im_core::Error;
use tencent_im_core::schema::Op;
use tokio::task::AbortHandle;

use crate::drive::{Driven, Progress, Shared, UnderWay};
use crate::errors::panicked;
use crate::inbox::{CallId, Inbox, News};
use crate::runtime::lock;
use crate::sleepers::Bed;

/// A call whose outcome goes to an inbox.
pub struct Job {
    id: CallId,
    driven: Driven,
    inbox: Arc<Inbox>,
    /// Locked before the sleepers where both are.
    place: Mutex<Place>,
    /// Gone when the call has ended, whoever still holds the job.
    under_way: Mutex<Option<UnderWay>>,
}

/// Where a job is.
enum Place {
    /// Not begun, or on its way from its bed to a task.
    Nowhere,
    /// In a task of the workers.
    Task(AbortHandle),
    /// Asleep.
    Bed(Bed),
    /// It has ended or was cancelled.
    Over,
}

impl Job {
    /// A call that has not begun.
    pub fn new(id: CallId, driven: Driven, under_way: UnderWay, inbox: Arc<Inbox>) -> Arc<Self> {
        Arc::new(Self { id, driven, inbox, place: Mutex::new(Place::Nowhere), under_way: Mutex::new(Some(under_way)) })
    }

    /// Which call it is.
    pub fn op(&self) -> &'static Op {
        self.driven.op
    }

    /// What it shares with the client's other calls.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.driven.shared
    }

    /// Begins the call, or goes on with it.
    pub fn start(self: &Arc<Self>) {
        let mut place = lock(&self.place);
        if !matches!(*place, Place::Over) {
            *place = Place::Task(self.shared().workers.spawn(self.clone().run()).abort_handle());
        }
    }

    /// Ends the call at the caller's wish, and says whether it may have taken effect.
    pub fn cancel(&self) -> Error {
        match std::mem::replace(&mut *lock(&self.place), Place::Over) {
            Place::Task(task) => task.abort(),
            Place::Bed(bed) => self.shared().sleepers.get_up(bed),
            Place::Nowhere | Place::Over => {}
        }
        let error = self.driven.cancel("the call was cancelled");
        lock(&self.under_way).take();
        error
    }

    /// Whatever happens, the outcome is reported: a future that never ends would be the worst of errors.
    async fn run(self: Arc<Self>) {
        let rings = self.shared().bell.rings();
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
                if self.shared().wanted.at_pauses() {
                    self.inbox.push(self.id, News::Pause);
                }
                self.sleep(until, rings);
            }
            Progress::Ended(outcome) => {
                *lock(&self.place) = Place::Over;
                self.inbox.push(self.id, News::End(outcome));
                lock(&self.under_way).take();
            }
        }
    }

    fn sleep(self: &Arc<Self>, until: Instant, rings: u64) {
        let mut place = lock(&self.place);
        if !matches!(*place, Place::Over) {
            *place = Place::Bed(self.shared().sleepers.lie_down(self, until, rings));
        }
    }
}
