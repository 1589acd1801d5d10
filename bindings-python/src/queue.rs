//! Finished calls on their way to an asyncio event loop.
//!
//! The loop's own thread makes the Python objects. With futures that are completed from a worker thread, programs crash
//! now and then when the interpreter exits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::intern;
use pyo3::prelude::*;
use tencent_im_core::Result;
use tencent_im_core::reply::Answer;

use crate::drive::{Driven, UnderWay};
use crate::errors::{self, Fault, object, raising};
use crate::events::{Hook, tell};
use crate::inbox::{CallId, Inbox, News};
use crate::job::Job;
use crate::result::read;
use crate::runtime::lock;

/// A call that Python waits for.
struct Waiting {
    future: Py<PyAny>,
    job: Arc<Job>,
    hook: Hook,
}

impl Waiting {
    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        tell(py, self.job.shared(), &self.hook)
    }
}

/// The finished calls of one event loop.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct LoopQueue {
    inbox: Arc<Inbox>,
    waiting: Mutex<HashMap<CallId, Waiting>>,
    next: AtomicU64,
    /// The process that made it: a forked child shares the socket pair and must not read from it.
    #[pyo3(get)]
    pid: u32,
}

#[pymethods]
impl LoopQueue {
    /// A queue with nothing in it.
    #[new]
    fn new(py: Python<'_>) -> PyResult<Self> {
        raising(py, || {
            Ok(Self {
                inbox: Arc::new(Inbox::new().map_err(|error| Fault::Python(error.into()))?),
                waiting: Mutex::default(),
                next: AtomicU64::new(1),
                pid: std::process::id(),
            })
        })
    }

    /// The socket to watch; None where the platform has no socket pair.
    fn fileno(&self) -> Option<i32> {
        self.inbox.socket()
    }

    /// Hands all outcomes to their futures. To be called on the loop's thread.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        if self.pid != std::process::id() {
            // A forked child that goes on with its parent's loop: the news are the parent's.
            return Ok(());
        }
        raising(py, || {
            let mut told = Ok(());
            for (id, news) in self.inbox.take() {
                let mut all = lock(&self.waiting);
                // A cancelled call has nobody waiting.
                let (shared, hook) = match news {
                    News::Pause => {
                        let Some(waiting) = all.get(&id) else { continue };
                        let hook = waiting.hook.as_ref().map(|hook| hook.clone_ref(py));
                        let shared = waiting.job.shared().clone();
                        drop(all);
                        (shared, hook)
                    }
                    News::End(outcome) => {
                        let Some(waiting) = all.remove(&id) else { continue };
                        drop(all);
                        // One future that cannot take its outcome must not cost the others theirs.
                        if let Err(error) = hand_over(py, &waiting, outcome) {
                            error.write_unraisable(py, Some(waiting.future.bind(py)));
                        }
                        (waiting.job.shared().clone(), waiting.hook)
                    }
                };
                told = told.and(tell(py, &shared, &hook));
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

    /// Gives a call up and says, as an exception, whether it may have taken effect; None when it has ended already.
    fn cancel<'py>(&self, py: Python<'py>, id: CallId) -> PyResult<Option<Bound<'py, PyAny>>> {
        raising(py, || {
            let Some(waiting) = lock(&self.waiting).remove(&id) else { return Ok(None) };
            let error = waiting.job.cancel();
            waiting.tell(py)?;
            Ok(Some(object(py, &error)?))
        })
    }
}

impl LoopQueue {
    /// Starts a call whose outcome goes to an asyncio future, and gives its number.
    pub fn start(&self, driven: Driven, under_way: UnderWay, future: Py<PyAny>, hook: Hook) -> CallId {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let job = Job::new(id, driven, under_way, self.inbox.clone());
        // Held over the start, so that an outcome cannot be drained before it is known who waits for it. Draining
        // happens on this very thread, so this is for readers rather than for the machine.
        let mut waiting = lock(&self.waiting);
        job.start();
        waiting.insert(id, Waiting { future, job, hook });
        id
    }
}

fn hand_over(py: Python<'_>, waiting: &Waiting, outcome: Result<Answer>) -> PyResult<()> {
    let future = waiting.future.bind(py);
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(());
    }
    let outcome = match outcome {
        Ok(answer) => raising(py, || read(py, &answer)),
        Err(error) => Err(errors::exception(py, &error)),
    };
    match outcome {
        Ok(result) => future.call_method1(intern!(py, "set_result"), (result,))?,
        Err(error) => future.call_method1(intern!(py, "set_exception"), (error,))?,
    };
    Ok(())
}
