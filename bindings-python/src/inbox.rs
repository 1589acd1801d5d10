//! What the workers tell an asyncio event loop.
//!
//! They put it into a list and wake the loop by one byte through a socket pair that the loop watches. No worker ever
//! attaches to Python.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::runtime::lock;

/// The number of a call in its queue.
pub type CallId = u64;

/// What a worker tells about a call.
#[derive(Clone, Copy)]
pub enum Message {
    /// It waits, and there may be events to tell.
    Waits,
    /// It has ended.
    Ended,
}

#[derive(Default)]
struct Unread {
    messages: Vec<(CallId, Message)>,
    /// Whether something came since `wait` last looked.
    has_new: bool,
    /// Whether a thread is in `wait`: waking nobody costs a system call as well.
    is_awaited: bool,
    is_closed: bool,
}

/// The side of a queue that the workers see.
pub struct Inbox {
    unread: Mutex<Unread>,
    /// Whether the loop was woken and has not looked yet: one wake-up is enough for many messages.
    is_woken: AtomicBool,
    /// Wakes a thread that stands in for loops that cannot watch a socket.
    arrived: Condvar,
    /// Both ends live as long as any worker may write: a write to a closed pair could raise SIGPIPE.
    #[cfg(unix)]
    pair: (std::os::unix::net::UnixStream, std::os::unix::net::UnixStream),
}

impl Inbox {
    /// An empty inbox.
    pub fn new() -> std::io::Result<Self> {
        #[cfg(unix)]
        let pair = {
            let pair = std::os::unix::net::UnixStream::pair()?;
            pair.0.set_nonblocking(true)?;
            pair.1.set_nonblocking(true)?;
            pair
        };
        Ok(Self {
            unread: Mutex::default(),
            is_woken: AtomicBool::new(false),
            arrived: Condvar::new(),
            #[cfg(unix)]
            pair,
        })
    }

    /// Adds a message and wakes the loop.
    pub fn push(&self, id: CallId, message: Message) {
        let mut unread = lock(&self.unread);
        unread.messages.push((id, message));
        unread.has_new = true;
        let is_awaited = unread.is_awaited;
        drop(unread);
        if is_awaited {
            self.arrived.notify_one();
        }
        if !self.is_woken.swap(true, Ordering::SeqCst) {
            // A full pair means that the loop has a byte to read already.
            #[cfg(unix)]
            let _ = std::io::Write::write(&mut &self.pair.1, &[1]);
        }
    }

    /// Takes all messages. To be called on the loop's thread.
    pub fn take(&self) -> Vec<(CallId, Message)> {
        #[cfg(unix)]
        {
            let mut bytes = [0; 64];
            while std::io::Read::read(&mut &self.pair.0, &mut bytes).is_ok_and(|read| read == bytes.len()) {}
        }
        // Before the list is taken: what arrives in between wakes the loop once more.
        self.is_woken.store(false, Ordering::SeqCst);
        std::mem::take(&mut lock(&self.unread).messages)
    }

    /// The socket to watch; None where the platform has no socket pair.
    pub fn socket(&self) -> Option<i32> {
        #[cfg(unix)]
        return Some(std::os::fd::AsRawFd::as_raw_fd(&self.pair.0));
        #[cfg(not(unix))]
        None
    }

    /// Waits until there is a message; false when it is closed. For a thread of its own.
    pub fn wait(&self) -> bool {
        let mut unread = lock(&self.unread);
        unread.is_awaited = true;
        while !unread.has_new && !unread.is_closed {
            unread = self.arrived.wait(unread).unwrap_or_else(PoisonError::into_inner);
        }
        (unread.is_awaited, unread.has_new) = (false, false);
        !unread.is_closed
    }

    /// Ends `wait` for good.
    pub fn close(&self) {
        lock(&self.unread).is_closed = true;
        self.arrived.notify_all();
    }
}
