//! Timeouts of requests.
//!
//! Nearly every request ends long before its time is up, and to set a timer for each, sooner than any other there is,
//! would wake the worker each time only to tell it so. So timers are left running and used again: one that goes off
//! before the request's time is up is set anew then, which is once in some seconds.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::Poll;
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

use crate::runtime::lock;

/// Timers that wait to be used again: no more than there were requests at the same time.
#[derive(Default)]
pub struct Timers(Mutex<Vec<Pin<Box<Sleep>>>>);

impl Timers {
    /// Waits for some work, at most until then.
    pub async fn until<T>(&self, end: Instant, work: impl Future<Output = T>) -> Option<T> {
        let end = end.into();
        let mut timer = lock(&self.0).pop().unwrap_or_else(|| Box::pin(sleep_until(end)));
        if timer.deadline() > end {
            timer.as_mut().reset(end);
        }
        let mut work = pin!(work);
        let outcome = poll_fn(|context| {
            if let Poll::Ready(outcome) = work.as_mut().poll(context) {
                return Poll::Ready(Some(outcome));
            }
            while timer.as_mut().poll(context).is_ready() {
                if timer.deadline() == end {
                    return Poll::Ready(None);
                }
                timer.as_mut().reset(end);
            }
            Poll::Pending
        })
        .await;
        lock(&self.0).push(timer);
        outcome
    }

    /// Lets go of the timers as they stand: in a forked child they are those of its parent's workers.
    pub fn forget(&mut self) {
        std::mem::forget(std::mem::take(&mut self.0));
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use tokio::time::{advance, sleep};

    use super::*;

    fn after(ms: u64) -> Instant {
        (tokio::time::Instant::now() + Duration::from_millis(ms)).into_std()
    }

    /// The clock stands unless every task waits for it, and then leaps: what is measured is exact.
    #[tokio::test(start_paused = true)]
    async fn every_end_holds_whatever_timer_was_left() {
        let timers = Timers::default();
        for (left, ms) in [(0, 300), (300, 100), (100, 500), (500, 500)] {
            assert_eq!(timers.until(after(left), ready(1)).await, Some(1));
            // Where the timer that was left goes off on the way, as well.
            for passed in [0, left + 1] {
                advance(Duration::from_millis(passed)).await;
                let begun = tokio::time::Instant::now();
                assert_eq!(timers.until(after(ms), sleep(Duration::from_millis(ms - 1))).await, Some(()));
                assert_eq!(timers.until(after(ms), pending::<()>()).await, None);
                assert_eq!(begun.elapsed(), Duration::from_millis(2 * ms - 1));
            }
        }
        assert_eq!(lock(&timers.0).len(), 1);
    }
}
