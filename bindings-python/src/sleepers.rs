//! Calls that wait for a time, without a task and a timer each: ten thousand may wait for their turns.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::Notify;

use crate::drive::{Bell, Shared};
use crate::job::Job;
use crate::runtime::lock;

/// Where a job sleeps: by the time to wake it, and a number of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bed(Instant, u64);

/// The sleeping jobs of a client.
#[derive(Default)]
pub struct Sleepers {
    beds: Mutex<Beds>,
    /// Somebody lies in front of those who were to be woken first.
    earlier: Notify,
}

#[derive(Default)]
struct Beds {
    jobs: BTreeMap<Bed, Arc<Job>>,
    next: u64,
    /// Whether a task wakes them; there is none where nobody sleeps.
    is_tended: bool,
    /// How often the bell had been rung when all who then slept were woken.
    heard: u64,
}

impl Sleepers {
    /// Puts a job to sleep until a time, or until the bell rings more often than it had when the job last looked.
    pub fn lie_down(&self, job: &Arc<Job>, until: Instant, rings: u64) -> Bed {
        let shared = job.shared();
        let mut beds = lock(&self.beds);
        // Looked at under the lock: a ring that comes later is heard by the task when it takes the lock.
        let until = if shared.bell.rings() == rings { until } else { Instant::now() };
        let bed = Bed(until, beds.next);
        beds.next += 1;
        beds.jobs.insert(bed, job.clone());
        if !beds.is_tended {
            beds.is_tended = true;
            beds.heard = rings;
            shared.workers.spawn(tend(shared.clone()));
        } else if beds.jobs.first_key_value().is_some_and(|(first, _)| *first == bed) {
            self.earlier.notify_one();
        }
        bed
    }

    /// Takes a job out of its bed, where it still is in it.
    pub fn get_up(&self, bed: Bed) {
        lock(&self.beds).jobs.remove(&bed);
    }

    /// Takes out the jobs whose time has come, or all of them after a ring, and says when the next one is to be woken.
    /// Where nobody is left, the task that asks is the last one to do so.
    fn due(&self, bell: &Bell) -> (BTreeMap<Bed, Arc<Job>>, Option<Instant>) {
        let mut beds = lock(&self.beds);
        let rings = bell.rings();
        let has_rung = std::mem::replace(&mut beds.heard, rings) != rings;
        let later = if has_rung { BTreeMap::new() } else { beds.jobs.split_off(&Bed(Instant::now(), u64::MAX)) };
        let due = std::mem::replace(&mut beds.jobs, later);
        let next = beds.jobs.first_key_value().map(|(bed, _)| bed.0);
        beds.is_tended = next.is_some();
        (due, next)
    }
}

/// Wakes the jobs at their times, as long as any sleeps.
async fn tend(shared: Arc<Shared>) {
    loop {
        // Made before it is looked, so that no ring is missed.
        let rung = shared.bell.rung();
        let (due, next) = shared.sleepers.due(&shared.bell);
        due.values().for_each(Job::start);
        let Some(next) = next else { return };
        tokio::select! {
            () = tokio::time::sleep_until(next.into()) => {}
            () = shared.sleepers.earlier.notified() => {}
            () = rung => {}
        }
    }
}
