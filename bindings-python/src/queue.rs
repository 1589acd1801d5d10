//! Finished calls on their way to an asyncio event loop.
//!
//! The workers put outcomes into a list and wake the loop by one byte through a socket pair that the loop watches;
//! the loop's own thread then makes the Python objects. No worker ever attaches to Python: with futures that are
//! completed from a worker thread, programs crash now and then when the interpreter exits.

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::Poll;

use pyo3::intern;
use pyo3::prelude::*;
use tencent_im_core::Result;
use tencent_im_core::http::Reply;
use tokio::task::AbortHandle;

use crate::drive::{Driven, UnderWay};
use crate::errors::{self, Fault, object, panicked, raising};
use crate::events::{Hook, tell};
use crate::result::read;
use crate::runtime::lock;

/// The number of a call in its queue.
type CallId = u64;

/// What a worker has to say about a call.
enum News {
    /// It pauses, and there are events to tell.
    Pause,
    /// It has ended.
    End(Result<Reply>),
}

/// News that the loop has not heard yet.
#[derive(Default)]
struct Done {
    list: Vec<(CallId, News)>,
    /// Whether something came since `wait` last looked.
    news: bool,
    /// Whether a thread is in `wait`: to wake nobody costs a system call as well.
    awaited: bool,
    closed: bool,
}

/// The side of a queue that the workers see.
struct Inbox {
    done: Mutex<Done>,
    /// Whether the loop was woken and has not looked yet: one wake is enough for many outcomes.
    woken: AtomicBool,
    /// Wakes a thread that stands in for loops that cannot watch a socket.
    arrived: Condvar,
    /// Both ends live as long as any worker may write: a write to a closed pair could raise SIGPIPE.
    #[cfg(unix)]
    pair: (std::os::unix::net::UnixStream, std::os::unix::net::UnixStream),
}

impl Inbox {
    fn new() -> std::io::Result<Self> {
        #[cfg(unix)]
        let pair = {
            let pair = std::os::unix::net::UnixStream::pair()?;
            pair.0.set_nonblocking(true)?;
            pair.1.set_nonblocking(true)?;
            pair
        };
        Ok(Self {
            done: Mutex::default(),
            woken: AtomicBool::new(false),
            arrived: Condvar::new(),
            #[cfg(unix)]
            pair,
        })
    }

    fn push(&self, id: CallId, news: News) {
        let mut done = lock(&self.done);
        done.list.push((id, news));
        done.news = true;
        let awaited = done.awaited;
        drop(done);
        if awaited {
            self.arrived.notify_one();
        }
        if !self.woken.swap(true, Ordering::SeqCst) {
            // A full pair means that the loop has a byte to read already.
            #[cfg(unix)]
            let _ = std::io::Write::write(&mut &self.pair.1, &[1]);
        }
    }

    fn take(&self) -> Vec<(CallId, News)> {
        #[cfg(unix)]
        {
            let mut bytes = [0; 64];
            while std::io::Read::read(&mut &self.pair.0, &mut bytes).is_ok_and(|read| read == bytes.len()) {}
        }
        // Before the list is taken: what arrives in between wakes the loop once more.
        self.woken.store(false, Ordering::SeqCst);
        std::mem::take(&mut lock(&self.done).list)
    }
}

/// A call that Python waits for.
struct Waiting {
    future: Py<PyAny>,
    driven: Arc<Driven>,
    task: AbortHandle,
    hook: Hook,
}

impl Waiting {
    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        tell(py, &self.driven.shared, &self.hook)
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
        #[cfg(unix)]
        return Some(std::os::fd::AsRawFd::as_raw_fd(&self.inbox.pair.0));
        #[cfg(not(unix))]
        None
    }

    /// Hands all outcomes to their futures. To be called on the loop's thread.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        raising(py, || {
            let mut told = Ok(());
            for (id, news) in self.inbox.take() {
                let mut all = lock(&self.waiting);
                // A cancelled call has nobody waiting.
                let (shared, hook) = match news {
                    News::Pause => {
                        let Some(waiting) = all.get(&id) else { continue };
                        let hook = waiting.hook.as_ref().map(|hook| hook.clone_ref(py));
                        let shared = waiting.driven.shared.clone();
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
                        (waiting.driven.shared.clone(), waiting.hook)
                    }
                };
                told = told.and(tell(py, &shared, &hook));
            }
            Ok(told?)
        })
    }

    /// Waits until there is something to drain; false when the queue is closed. For a thread of its own.
    fn wait(&self, py: Python<'_>) -> bool {
        py.detach(|| {
            let mut done = lock(&self.inbox.done);
            done.awaited = true;
            while !done.news && !done.closed {
                done = self.inbox.arrived.wait(done).unwrap_or_else(PoisonError::into_inner);
            }
            (done.awaited, done.news) = (false, false);
            !done.closed
        })
    }

    /// Ends `wait` for good.
    fn close(&self) {
        lock(&self.inbox.done).closed = true;
        self.inbox.arrived.notify_all();
    }

    /// Gives a call up and says, as an exception, whether it may have taken effect; None when it has ended already.
    fn cancel<'py>(&self, py: Python<'py>, id: CallId) -> PyResult<Option<Bound<'py, PyAny>>> {
        raising(py, || {
            let Some(waiting) = lock(&self.waiting).remove(&id) else { return Ok(None) };
            waiting.task.abort();
            let error = waiting.driven.cancel("the call was cancelled");
            waiting.tell(py)?;
            Ok(Some(object(py, &error)?))
        })
    }
}

impl LoopQueue {
    /// Starts a call whose outcome goes to an asyncio future, and gives its number.
    pub fn start(&self, driven: Driven, under_way: UnderWay, future: Py<PyAny>, hook: Hook) -> CallId {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let driven = Arc::new(driven);
        let (inbox, call) = (self.inbox.clone(), driven.clone());
        // Drives the call and reports its outcome, whatever happens: a future that never ends would be the worst of
        // errors. A block rather than a function, whose arguments would stand in the future twice.
        let work = async move {
            let pausing = || inbox.push(id, News::Pause);
            let mut drive = pin!(call.drive(&pausing));
            let outcome = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| drive.as_mut().poll(context))) {
                Ok(poll) => poll,
                Err(panic) => Poll::Ready(Err(panicked(&*panic))),
            })
            .await;
            inbox.push(id, News::End(outcome));
            drop(under_way);
        };
        // Held over the start, so that an outcome cannot be drained before it is known who waits for it. Draining
        // happens on this very thread, so this is for readers rather than for the machine.
        let mut waiting = lock(&self.waiting);
        let task = driven.shared.workers.spawn(work).abort_handle();
        waiting.insert(id, Waiting { future, driven, task, hook });
        id
    }
}

fn hand_over(py: Python<'_>, waiting: &Waiting, outcome: Result<Reply>) -> PyResult<()> {
    let future = waiting.future.bind(py);
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(());
    }
    let outcome = match outcome {
        Ok(reply) => raising(py, || read(py, waiting.driven.op, &reply)),
        Err(error) => Err(errors::exception(py, &error)),
    };
    match outcome {
        Ok(result) => future.call_method1(intern!(py, "set_result"), (result,))?,
        Err(error) => future.call_method1(intern!(py, "set_exception"), (error,))?,
    };
    Ok(())
}
