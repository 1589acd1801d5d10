//! Keeping to the documented rates: a token bucket for each call of the service, first come, first served.
//!
//! A bucket never lets more than the documented number through in any window of the documented length: its capacity
//! is small and its refill is slowed by what the capacity may add. Waiting calls hold tickets; each learns when its
//! turn comes and sleeps until then, so that waiting costs no polling. When a good part of a queue leaves it, the others
//! are to be asked again: their turns come earlier than they were told. A call that does not ask when its turn has come
//! is passed over until it asks: it holds up nobody.

use std::collections::{BTreeMap, VecDeque};

use crate::schema::{Op, Rate};

/// A rate is cut to this part when the service says that calls come too often.
const SLOW_DOWN: f64 = 0.5;
/// The slowest a bucket gets, as a part of its rate.
const SLOWEST: f64 = 1.0 / 16.0;
/// How much of its rate a bucket regains in a second without complaints.
const RECOVERY_PER_S: f64 = 0.05;
/// How long after its turn a call is passed over that has not asked, in milliseconds. Passing over is harmless: one that
/// was merely late goes as soon as it asks.
const LATE_MS: u64 = 250;
/// The part of a queue that must have left it before those who still wait are asked again. Each of them wakes for that,
/// so single ones that leave a long queue do not count.
const MOVED: f64 = 0.1;

/// A place in a bucket's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    bucket: usize,
    number: u64,
}

/// Whether a call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now; the ticket is used up.
    Go,
    /// Not before this time of the monotonic clock.
    Wait(u64),
}

/// The user's changes to the documented rates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    /// No rate limits at all.
    pub off: bool,
    /// The part of every rate that is this client's, if several processes share an app.
    pub share: Option<f64>,
    /// Calls in the documented period, by the call's name.
    pub by_name: BTreeMap<String, f64>,
}

/// The buckets of one app.
#[derive(Debug, Default)]
pub struct Pace {
    rates: Rates,
    buckets: Vec<Bucket>,
    has_moved: bool,
}

impl Pace {
    pub fn new(rates: Rates) -> Self {
        Self { rates, ..Self::default() }
    }

    /// Joins the queue of a call until its deadline. Returns `None` if the call has no rate limit.
    pub fn join(&mut self, op: &'static Op, weight: u32, now_ms: u64, deadline_ms: u64) -> Option<Ticket> {
        let bucket = self.bucket_of(op, now_ms)?;
        Some(Ticket { bucket, number: self.buckets[bucket].join(weight.max(1).into(), deadline_ms) })
    }

    /// Asks whether it is a ticket's turn.
    pub fn turn(&mut self, ticket: Ticket, now_ms: u64) -> Turn {
        self.buckets[ticket.bucket].turn(ticket.number, now_ms)
    }

    /// Leaves the queue.
    pub fn leave(&mut self, ticket: Ticket) {
        self.has_moved |= self.buckets[ticket.bucket].leave(ticket.number);
    }

    /// Returns whether waiting calls should ask for their turn again; true once.
    pub fn take_moved(&mut self) -> bool {
        core::mem::take(&mut self.has_moved)
    }

    /// The service said that this call comes too often: nothing is sent for a while, and then more slowly.
    pub fn slow_down(&mut self, op: &'static Op, now_ms: u64, pause_ms: u64) {
        if let Some(bucket) = self.bucket_of(op, now_ms) {
            self.buckets[bucket].slow_down(now_ms, pause_ms);
        }
    }

    /// The bucket of a call, made at its first use. There are few, so they are searched one by one.
    fn bucket_of(&mut self, op: &'static Op, now_ms: u64) -> Option<usize> {
        if self.rates.off {
            return None;
        }
        let known = self.buckets.iter().position(|bucket| bucket.name == op.name);
        known.or_else(|| {
            let rate = self.rate_of(op)?;
            self.buckets.push(Bucket::new(op, rate, self.rates.share.unwrap_or(1.0), now_ms));
            Some(self.buckets.len() - 1)
        })
    }

    fn rate_of(&self, op: &Op) -> Option<(f64, Rate)> {
        let own = self.rates.by_name.get(op.name).copied();
        match (own, op.rate) {
            (Some(calls), Some(rate)) => Some((calls, rate)),
            (Some(calls), None) => Some((calls, Rate { calls: 0, per_ms: 1_000, gap_ms: 0, per_item: None })),
            (None, Some(rate)) => Some((rate.calls.into(), rate)),
            (None, None) => None,
        }
    }
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    weight: f64,
    deadline_ms: u64,
    /// The turn it was told of last; not told yet at first.
    due_ms: u64,
    /// Its turn has passed and it has not asked: those behind it do not wait for it.
    is_passed_over: bool,
}

impl Waiting {
    /// What those behind it wait for.
    fn in_front(&self) -> f64 {
        if self.is_passed_over { 0.0 } else { self.weight }
    }
}

/// One bucket. Times are in milliseconds, tokens are calls (or items).
#[derive(Debug)]
struct Bucket {
    name: &'static str,
    capacity: f64,
    per_ms: f64,
    gap_ms: u64,
    tokens: f64,
    /// The time up to which the tokens are reckoned.
    reckoned_ms: u64,
    /// Nothing goes before this, after a complaint.
    closed_until_ms: u64,
    /// Nothing goes before this, after a call where calls have to be apart.
    apart_until_ms: u64,
    /// The part of the rate in force after complaints.
    factor: f64,
    queue: VecDeque<Waiting>,
    queued: f64,
    /// What left the queue without its turn since those behind were asked to look again.
    left: f64,
    next_number: u64,
}

impl Bucket {
    fn new(op: &Op, (calls, rate): (f64, Rate), share: f64, now_ms: u64) -> Self {
        let calls = calls * share;
        // Half a call cannot be made: in a window there is room for the whole ones.
        let calls = if calls >= 1.0 { calls.floor() } else { calls };
        // A call that counts many items should fit whole.
        let least: f64 = if rate.per_item.is_some() { op.batch.map_or(1.0, |batch| batch.max.into()) } else { 1.0 };
        let least = least.min(calls);
        let capacity = (calls / 40.0).floor().max(least).max(1.0);
        // In any window: the whole capacity at once, and what comes in until the window ends, make at most `calls`.
        // A rate below its capacity (one call a day) is spread evenly.
        let steady = if calls >= capacity + 1.0 { calls - capacity + 1.0 } else { calls };
        Self {
            name: op.name,
            capacity,
            per_ms: steady / rate.per_ms as f64,
            gap_ms: rate.gap_ms.into(),
            tokens: capacity,
            reckoned_ms: now_ms,
            closed_until_ms: 0,
            apart_until_ms: 0,
            factor: 1.0,
            queue: VecDeque::new(),
            queued: 0.0,
            left: 0.0,
            next_number: 0,
        }
    }

    fn join(&mut self, weight: f64, deadline_ms: u64) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.queue.push_back(Waiting { number, weight, deadline_ms, due_ms: u64::MAX, is_passed_over: false });
        self.queued += weight;
        number
    }

    /// Adds the tokens that came since the last look, and recovers.
    fn reckon(&mut self, now_ms: u64) {
        // A clock that went back adds nothing.
        let passed = now_ms.saturating_sub(self.reckoned_ms) as f64;
        self.reckoned_ms = self.reckoned_ms.max(now_ms);
        self.tokens = (self.tokens + passed * self.per_ms * self.factor).min(self.capacity);
        if now_ms > self.closed_until_ms {
            let calm_ms = passed.min((now_ms - self.closed_until_ms) as f64);
            self.factor = (self.factor + calm_ms / 1_000.0 * RECOVERY_PER_S).min(1.0);
        }
    }

    fn turn(&mut self, number: u64, now_ms: u64) -> Turn {
        self.reckon(now_ms);
        self.forget_gone(now_ms);
        let Ok(at) = self.queue.binary_search_by_key(&number, |waiting| waiting.number) else {
            return Turn::Go;
        };
        self.count_again(at);
        self.pass_over_late(at, now_ms);
        // A newcomer at the end is the usual case in a long queue, so the sum is taken from whichever end is nearer.
        let in_front: f64 = if at * 2 < self.queue.len() {
            self.queue.iter().take(at).map(Waiting::in_front).sum()
        } else {
            self.queued - self.queue.iter().skip(at).map(Waiting::in_front).sum::<f64>()
        };
        // Heavier than the bucket can ever hold goes when it is full, and leaves a debt.
        let needed = in_front + self.queue[at].weight.min(self.capacity);
        let open_ms = self.closed_until_ms.max(self.apart_until_ms).saturating_add(self.gaps_ms(at));
        // Sums of fractions are a little off; a billionth of a call does not count.
        if needed <= self.tokens + 1e-9 && now_ms >= open_ms {
            self.tokens -= self.remove(at);
            if self.gap_ms > 0 {
                self.apart_until_ms = now_ms.saturating_add(self.gap_ms);
            }
            return Turn::Go;
        }
        let short = (needed - self.tokens).max(0.0);
        let wait_ms = (short / (self.per_ms * self.factor)).ceil() as u64;
        let due_ms = now_ms.saturating_add(wait_ms.max(1)).max(open_ms);
        self.queue[at].due_ms = due_ms;
        Turn::Wait(due_ms)
    }

    /// The gaps that the calls in front of another one take.
    fn gaps_ms(&self, at: usize) -> u64 {
        if self.gap_ms == 0 {
            return 0;
        }
        let in_front = self.queue.iter().take(at).filter(|waiting| !waiting.is_passed_over).count();
        self.gap_ms.saturating_mul(in_front as u64)
    }

    /// A call that asks counts again for those behind it.
    fn count_again(&mut self, at: usize) {
        let waiting = &mut self.queue[at];
        if core::mem::take(&mut waiting.is_passed_over) {
            self.queued += waiting.weight;
        }
    }

    /// Passes over the calls in front of another one whose turns have passed. Nobody may ask for them any more: an edge
    /// worker stops in the middle when its own caller hangs up.
    fn pass_over_late(&mut self, at: usize, now_ms: u64) {
        for waiting in self.queue.iter_mut().take(at) {
            // Turns come in the order of the queue.
            if waiting.due_ms.saturating_add(LATE_MS) >= now_ms {
                break;
            }
            if !core::mem::replace(&mut waiting.is_passed_over, true) {
                self.queued -= waiting.weight;
            }
        }
    }

    /// Those whose deadlines have passed never ask again.
    fn forget_gone(&mut self, now_ms: u64) {
        while self.queue.front().is_some_and(|waiting| waiting.deadline_ms < now_ms) {
            self.remove(0);
        }
    }

    /// Takes a call out of the queue, and says whether so many have left that the others should look again.
    fn leave(&mut self, number: u64) -> bool {
        let Ok(at) = self.queue.binary_search_by_key(&number, |waiting| waiting.number) else { return false };
        let is_last = at + 1 == self.queue.len();
        // Nobody has waited for one that was passed over.
        let in_front = self.queue[at].in_front();
        self.remove(at);
        if !is_last {
            self.left += in_front;
        }
        let has_moved = !self.queue.is_empty() && self.left > self.queued * MOVED;
        if has_moved || self.queue.is_empty() {
            self.left = 0.0;
        }
        has_moved
    }

    fn remove(&mut self, at: usize) -> f64 {
        let Some(waiting) = self.queue.remove(at) else { return 0.0 };
        self.queued = if self.queue.is_empty() { 0.0 } else { self.queued - waiting.in_front() };
        waiting.weight
    }

    fn slow_down(&mut self, now_ms: u64, pause_ms: u64) {
        self.reckon(now_ms);
        // Many calls in flight hear the same complaint: it counts once until it is over.
        if now_ms >= self.closed_until_ms {
            self.factor = (self.factor * SLOW_DOWN).max(SLOWEST);
            self.closed_until_ms = now_ms.saturating_add(pause_ms);
            self.tokens = self.tokens.min(1.0);
        }
    }
}
