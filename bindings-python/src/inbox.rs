//! What the workers have to say to an asyncio event loop.
//!
//! They put it into a list and wake the loop by one byte through a socket pair that the loop watches. No worker ever
//! attaches to Python.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use tencent_im_core::Result;
use tencent_im_core::reply::Answer;

use crate::runtime::lock;

/// The number of a call in its queue.
pub type CallId = u64;

/// What a worker has to say about a call.
pub enum News {
    /// It pauses, and there are events to tell.
    Pause,
    /// It has ended.
    End(Result<Answer>),
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
pub struct Inbox {
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
    /// An empty one.
    pub fn new() -> std::io::Result<Self> {
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

    /// Adds news and wakes the loop.
    pub fn push(&self, id: CallId, news: News) {
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

    /// Takes all news. To be called on the loop's thread.
    pub fn take(&self) -> Vec<(CallId, News)> {
        #[cfg(unix)]
        {
            let mut bytes = [0; 64];
            while std::io::Read::read(&mut &self.pair.0, &mut bytes).is_ok_and(|read| read == bytes.len()) {}
        }
        // Before the list is taken: what arrives in between wakes the loop once more.
        self.woken.store(false, Ordering::SeqCst);
        std::mem::take(&mut lock(&self.done).list)
    }

    /// The socket to watch; None where the platform has no socket pair.
    pub fn socket(&self) -> Option<i32> {
        #[cfg(unix)]
        return Some(std::os::fd::AsRawFd::as_raw_fd(&self.pair.0));
        #[cfg(not(unix))]
        None
    }

    /// Waits until there is news; false when it is closed. For a thread of its own.
    pub fn wait(&self) -> bool {
        let mut done = lock(&self.done);
        done.awaited = true;
        while !done.news && !done.closed {
            done = self.arrived.wait(done).unwrap_or_else(PoisonError::into_inner);
        }
        (done.awaited, done.news) = (false, false);
        !done.closed
    }

    /// Ends `wait` for good.
    pub fn close(&self) {
        lock(&self.done).closed = true;
        self.arrived.notify_all();
    }
}
