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

/// Longest time that a waiting Python thread looks away from signals: Ctrl-C is felt within it.
const SLICE: Duration = Duration::from_millis(50);

/// One worker carries tens of thousands of calls a second; a second one would only pass them to and fro.
const WORKERS: usize = 1;

/// The runtime and the process it was made in. It is never dropped: its threads end with the process, and know
/// nothing of Python, so that there is no order of shutdown to get wrong.
static RUNTIME: Mutex<Option<(u32, Runtime)>> = Mutex::new(None);

/// The workers of this process, started at the first call. A forked child has none of its parent's threads, so it
/// gets a runtime of its own.
///
/// The Python argument says that the caller is attached: the lock is never held by a detached thread, so that no
/// fork can find it locked for ever.
pub fn workers(_py: Python<'_>) -> Result<Handle, Error> {
    let mut slot = lock(&RUNTIME);
    let pid = std::process::id();
    match slot.take() {
        Some((owner, runtime)) if owner == pid => {
            let handle = runtime.handle().clone();
            *slot = Some((owner, runtime));
            return Ok(handle);
        }
        // Dropping it would wait for threads that are not there.
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

/// Locks, whatever panicked before: every state behind these locks is whole between its statements.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits on the calling Python thread for what a worker does, with the GIL released and signals heard.
///
/// Where it `is_watched` it runs `between` now and then. Only the main thread hears signals: another one that is not
/// watched sleeps until the work is done.
///
/// Fails when a signal handler raises, such as `KeyboardInterrupt`, or when `between` fails; the work then goes on.
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

/// Whether this is the thread that runs signal handlers. Asked once in each thread: in a forked child it is another one.
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

/// Waits, for a while or to the end, without a timer of the runtime: parking the thread costs no system call more than
/// waiting does.
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
