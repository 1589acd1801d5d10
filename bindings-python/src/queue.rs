//! Finished calls on their way to an asyncio event loop.
//!
//! The loop's own thread makes the Python objects. With futures that are completed from a worker thread, programs crash
//! now and then when the interpreter exits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::intern;
use pyo3::prelude::*;
use tencent_im_core::reply::Answer;
use tencent_im_core::{Error, Kind, Result};

use crate::drive::Driven;
use crate::errors::{self, object, raising};
use crate::events::Listener;
use crate::inbox::{CallId, Inbox, Message};
use crate::job::{Cancelled, Job};
use crate::package::Package;
use crate::result::read;
use crate::runtime::lock;
use crate::shared::UnderWay;

/// A future that waits.
enum Waiter {
    /// For a call's outcome.
    Call(CallWaiter),
    /// For a batch of a run to end, whichever.
    Batch(Py<PyAny>),
}

/// A future that waits for a call. Thousands may wait, so a client's calls share one listener.
struct CallWaiter {
    future: Py<PyAny>,
    job: Arc<Job>,
    listener: Py<Listener>,
}

/// The calls of one event loop.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct LoopQueue {
    inbox: Arc<Inbox>,
    waiters: Mutex<HashMap<CallId, Waiter>>,
    next: AtomicU64,
    package: Py<Package>,
    /// The process that made it: a forked child shares the socket pair and must not read from it.
    #[pyo3(get)]
    pid: u32,
}

#[pymethods]
impl LoopQueue {
    /// A queue with nothing in it.
    #[new]
    fn new(package: Py<Package>) -> PyResult<Self> {
        Ok(Self {
            inbox: Arc::new(Inbox::new()?),
            waiters: Mutex::default(),
            next: AtomicU64::new(1),
            package,
            pid: std::process::id(),
        })
    }

    /// The socket to watch; None where the platform has no socket pair.
    fn fileno(&self) -> Option<i32> {
        self.inbox.socket()
    }

    /// Hands all outcomes to their futures. To be called on the loop's thread.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        if self.pid != std::process::id() {
            // A forked child that goes on with its parent's loop: the messages are the parent's.
            return Ok(());
        }
        raising(py, &self.package, || {
            let mut told = Ok(());
            for (id, message) in self.inbox.take() {
                let mut waiters = lock(&self.waiters);
                let (listener, shared) = match message {
                    Message::Waits => {
                        let Some(Waiter::Call(waiter)) = waiters.get(&id) else { continue };
                        let waits = (waiter.listener.clone_ref(py), waiter.job.shared().clone());
                        drop(waiters);
                        waits
                    }
                    Message::Ended => {
                        // Nobody waits for a call that was cancelled.
                        let Some(waiter) = waiters.remove(&id) else { continue };
                        drop(waiters);
                        let waiter = match waiter {
                            Waiter::Call(waiter) => waiter,
                            Waiter::Batch(future) => {
                                if let Err(error) = complete(future.bind(py)) {
                                    error.write_unraisable(py, Some(future.bind(py)));
                                }
                                continue;
                            }
                        };
                        // One future that cannot take its outcome must not cost the others theirs.
                        if let Err(error) = waiter.settle(py) {
                            error.write_unraisable(py, Some(waiter.future.bind(py)));
                        }
                        let shared = waiter.job.shared().clone();
                        (waiter.listener, shared)
                    }
                };
                told = told.and(listener.get().tell(py, &shared));
            }
            Ok(told?)
        })
    }

    /// Waits until there is something to drain; false when the queue is closed. For a thread of its own.
    fn wait(&self, py: Python<'_>) -> bool {
        py.detach(|| self.inbox.wait())
    }

    /// Ends `wait` for good.
    fn close(&self) {
        self.inbox.close();
    }
}

impl LoopQueue {
    /// Starts a call whose outcome goes to an asyncio future.
    pub fn start(
        queue: &Bound<'_, Self>,
        driven: Driven,
        under_way: UnderWay,
        future: Py<PyAny>,
        listener: Py<Listener>,
    ) -> StartedCall {
        let this = queue.get();
        let id = this.next.fetch_add(1, Ordering::Relaxed);
        let job = Job::new(id, driven, under_way, this.inbox.clone());
        let waiter = CallWaiter { future, job: job.clone(), listener };
        lock(&this.waiters).insert(id, Waiter::Call(waiter));
        job.start();
        StartedCall { job, queue: queue.clone().unbind() }
    }

    /// A place for a future that is completed when a message with this number comes to this inbox.
    pub fn wake(&self, future: Py<PyAny>) -> (Arc<Inbox>, CallId) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.waiters).insert(id, Waiter::Batch(future));
        (self.inbox.clone(), id)
    }
}

/// Completes a future that nobody has cancelled.
fn complete(future: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = future.py();
    if !future.call_method0(intern!(py, "done"))?.is_truthy()? {
        future.call_method1(intern!(py, "set_result"), (py.None(),))?;
    }
    Ok(())
}

/// A call that an asyncio task waits for.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct StartedCall {
    job: Arc<Job>,
    queue: Py<LoopQueue>,
}

#[pymethods]
impl StartedCall {
    /// Gives the call up and returns its outcome as an exception: whether it may have taken effect, or why it had failed
    /// already. The future says what was handed over before.
    fn cancel<'py>(&self, py: Python<'py>, future: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let queue = self.queue.get();
        let waiter = lock(&queue.waiters).remove(&self.job.id());
        raising(py, &queue.package, || {
            if queue.pid != std::process::id() {
                // A worker of the parent may have held the call's locks at the fork.
                let error = Error::new(Kind::Cancelled, "the call is the parent's, and goes on there")
                    .cure("await calls in the process that made them");
                return Ok(object(py, &queue.package, &error)?);
            }
            let error = match self.job.cancel() {
                Cancelled::Told(error) => error,
                Cancelled::Taken => {
                    let exception = future.call_method0(intern!(py, "exception"))?;
                    if !exception.is_none() {
                        return Ok(exception);
                    }
                    self.job.cancelled_too_late()
                }
            };
            if let Some(Waiter::Call(waiter)) = &waiter {
                waiter.listener.get().tell(py, waiter.job.shared())?;
            }
            Ok(object(py, &queue.package, &error)?)
        })
    }
}

impl CallWaiter {
    /// Hands the outcome to the future. That of a future which was cancelled stays with the call, whose task is about to
    /// ask for it.
    fn settle(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            return Ok(());
        }
        let Some(outcome) = self.job.take_outcome() else { return Ok(()) };
        match self.read(py, outcome) {
            Ok(result) => future.call_method1(intern!(py, "set_result"), (result,))?,
            Err(error) => future.call_method1(intern!(py, "set_exception"), (error,))?,
        };
        Ok(())
    }

    fn read<'py>(&self, py: Python<'py>, outcome: Result<Answer>) -> PyResult<Bound<'py, PyAny>> {
        let package = &self.listener.get().package;
        match outcome {
            Ok(answer) => raising(py, package, || read(py, package.get(), &answer)),
            Err(error) => Err(errors::exception(py, package, &error)),
        }
    }
}
