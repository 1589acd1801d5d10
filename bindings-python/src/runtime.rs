//! The worker threads that do the I/O of all clients of the process, and waiting for them on a Python thread.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use tencent_im_core::{Error, Kind};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{JoinError, JoinHandle};

use crate::errors::Result;

/// How often a waiting Python thread checks for signals, such as Ctrl-C.
const SLICE: Duration = Duration::from_millis(50);

/// One worker carries tens of thousands of calls a second; a second one would only add switches between the two.
const WORKERS: usize = 1;

/// The runtime and the process it was made in. Never dropped: its threads end with the process, and do not use Python,
/// so the order of shutdown does not matter.
static RUNTIME: Mutex<Option<(u32, Runtime)>> = Mutex::new(None);

/// The workers of this process, started at the first call. A forked child has none of its parent's threads, so it
/// gets a runtime of its own.
///
/// The token shows that the caller is attached: a detached thread never holds the lock, so no fork can find it locked
/// forever.
pub fn workers(_py: Python<'_>) -> Result<Handle, Error> {
    let mut slot = lock(&RUNTIME);
    let pid = std::process::id();
    match slot.take() {
        Some((owner, runtime)) if owner == pid => {
            let handle = runtime.handle().clone();
            *slot = Some((owner, runtime));
            return Ok(handle);
        }
        // Dropping the parent's would wait for threads that do not exist here.
        other => std::mem::forget(other),
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("tencent-im")
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| {
            Error::new(Kind::Internal, format!("the worker threads cannot be started: {error}"))
                .cure("raise the limits of threads and open files")
        })?;
    let handle = runtime.handle().clone();
    *slot = Some((pid, runtime));
    Ok(handle)
}

/// Locks a mutex, poisoned or not: the state behind these locks is consistent between any two statements.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits on the calling Python thread for a worker's task, with the GIL released. Runs signal handlers meanwhile, and
/// `between` if `is_watched`. On other threads than the main one there are no signals to handle: unless it is watched,
/// such a thread sleeps until the task is done.
///
/// Fails if a signal handler raises, such as `KeyboardInterrupt`, or if `between` fails. The task then goes on.
pub fn wait<T: Send>(
    py: Python<'_>,
    work: &mut JoinHandle<T>,
    is_watched: bool,
    mut between: impl FnMut() -> PyResult<()>,
) -> PyResult<Result<T, JoinError>> {
    let slice = if is_watched || is_main_thread(py)? { Some(SLICE) } else { None };
    loop {
        if let Some(output) = py.detach(|| wait_slice(work, slice)) {
            return Ok(output);
        }
        py.check_signals()?;
        between()?;
    }
}

/// Whether this is the thread that runs signal handlers. Asked once per thread and process: a forked child has another
/// main thread.
fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    thread_local! {
        static KNOWN: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
    }
    let pid = std::process::id();
    match KNOWN.get() {
        Some((of, is_main)) if of == pid => Ok(is_main),
        _ => {
            let threading = py.import("threading")?;
            let main = threading.call_method0("main_thread")?.getattr("ident")?;
            let is_main = threading.call_method0("get_ident")?.eq(main)?;
            KNOWN.set(Some((pid, is_main)));
            Ok(is_main)
        }
    }
}

/// Wakes the waiting thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a while or to the end by parking the thread, which takes no more system calls than waiting itself.
fn wait_slice<T>(work: &mut JoinHandle<T>, slice: Option<Duration>) -> Option<Result<T, JoinError>> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let end = slice.map(|slice| Instant::now() + slice);
    loop {
        if let Poll::Ready(output) = Pin::new(&mut *work).poll(&mut context) {
            return Some(output);
        }
        let Some(end) = end else {
            thread::park();
            continue;
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}
