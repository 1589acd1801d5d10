//! What all calls of a client share.

use std::sync::Arc;

use serde::Serialize;

use super::draws::Draws;
use super::events::{Event, Events, Level};
use super::pace::Pace;
use super::plan::{Draft, Plan};
use super::retry::Budget;
use super::sigs::Sigs;
use super::{Call, Now};
use crate::credentials::SecretKey;
use crate::endpoint;
use crate::error::{Error, Kind, Result};
use crate::http::{HEADERS, Reply, Request};
use crate::options::{CallOptions, ClientOptions};
use crate::schema::names::Style;
use crate::schema::walk::Json;
use crate::schema::{self, Op};

/// How long requests stay on the fallback host, in milliseconds.
const FAILOVER_MS: u64 = 60_000;

/// The state that a client's calls share and change: UserSig, rate limits, retry budget, failover, random numbers,
/// events. What never changes is its [`Plan`].
///
/// An engine is passed to each method of its calls; it has no clock of its own and does nothing between them. Share it
/// under a lock: no method runs code of the caller but [`Engine::call`] and [`Engine::prepare`], which serialize a value
/// of the caller's. What the caller does beside driving calls: it takes events while it listens, and after a
/// cancellation it asks [`Engine::take_moved`].
#[derive(Debug)]
pub struct Engine {
    plan: Arc<Plan>,
    /// Until when requests go to the fallback host, on the monotonic clock.
    on_fallback_until_ms: u64,
    pub(super) sigs: Sigs,
    pub(super) pace: Pace,
    pub(super) budget: Budget,
    pub(super) draws: Draws,
    pub(super) events: Events,
}

impl Engine {
    /// An engine for one app, with a plan of its own. For `seed` see [`Engine::of_plan`].
    pub fn new(sdk_app_id: u32, key: &SecretKey, options: &ClientOptions, seed: u64) -> Result<Self> {
        Ok(Self::of_plan(Arc::new(Plan::new(sdk_app_id, key, options)?), seed))
    }

    /// An engine that has done nothing yet.
    ///
    /// `seed` is a random number of the operating system, another for each engine: all random numbers of its calls come
    /// from it, and the service takes messages with the same ones for retries.
    pub fn of_plan(plan: Arc<Plan>, seed: u64) -> Self {
        Self {
            on_fallback_until_ms: 0,
            sigs: Sigs::default(),
            pace: Pace::new(plan.rates.clone()),
            budget: Budget::new(plan.retry_budget),
            draws: Draws::new(seed),
            events: Events::default(),
            plan,
        }
    }

    /// What never changes.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Begins anew with the random numbers, from another seed. The next one drawn is the seed itself.
    pub fn seed(&mut self, seed: u64) {
        self.draws = Draws::new(seed);
    }

    /// Draws the number that [`Plan::draft`] takes.
    pub fn draw_mark(&mut self) -> u64 {
        self.draws.mark()
    }

    /// Keeps events from this level on for [`Engine::take_events`]. `None` keeps none.
    pub fn listen(&mut self, least: Option<Level>) {
        self.events.listen(least);
    }

    /// Keeps an event for the first listener, such as that of
    /// [`fill_place`](crate::options::ClientOptions::fill_place).
    pub fn announce(&mut self, event: Event) {
        self.events.announce(event);
    }

    /// Returns whether waiting calls should be polled now: so many others were cancelled that their turns come much
    /// earlier. Ask after a cancellation; the answer is true once.
    pub fn take_moved(&mut self) -> bool {
        self.pace.take_moved()
    }

    /// Returns whether [`Engine::take_events`] would return any.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Returns the events since the last time.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// Begins a call with a Rust value; poll it from then on. Its deadline counts from `now`. Bad input is an error here,
    /// before anything is sent.
    pub fn call<Req: Serialize, Rep>(
        &mut self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        options: &CallOptions,
        now: Now,
    ) -> Result<Call> {
        let options = self.plan.resolve(options.clone())?;
        let input = to_json(input)?;
        let mark = self.draws.mark();
        Ok(self.plan.draft(endpoint.op(), &mut Json(&input), Style::Snake, &options, mark)?.begin(now))
    }

    /// Returns the request of a call for users with their own HTTP. Sends nothing and retries nothing; there is no call
    /// to poll.
    pub fn prepare<Req: Serialize, Rep>(
        &mut self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        now: Now,
    ) -> Result<Request> {
        let input = to_json(input)?;
        let (options, mark) = (self.plan.defaults(), self.draws.mark());
        let draft = self.plan.draft(endpoint.op(), &mut Json(&input), Style::Snake, &options, mark)?;
        self.prepare_draft(draft, now)
    }

    /// Returns the request of a draft, as [`Engine::prepare`] does.
    pub fn prepare_draft(&mut self, draft: Draft, now: Now) -> Result<Request> {
        let plan = self.plan.clone();
        self.request(draft.op, plan.endpoint().main(), draft.body, draft.policy.attempt_timeout_ms.into(), now)
    }

    /// Learns the service's clock from an answer.
    pub(super) fn hear(&mut self, now: Now, answer: &Reply) {
        if let Some(seconds) = answer.date.as_deref().and_then(|date| self.sigs.learn(now, date)) {
            self.events.warning(|| Event::SkewLearned { seconds });
        }
    }

    /// The address for an attempt: the main host, or its fallback for a while after a connection failure.
    pub(super) fn base(&self, now: Now) -> &str {
        match self.plan.endpoint().fallback() {
            Some(fallback) if now.mono_ms < self.on_fallback_until_ms => fallback,
            _ => self.plan.endpoint().main(),
        }
    }

    /// Goes over to the other address after a connection failure. Returns false if there is no other.
    pub(super) fn fail_over(&mut self, now: Now, failed_base: &str) -> bool {
        if self.plan.endpoint().fallback().is_none() {
            return false;
        }
        // Another call may have gone over already.
        if self.base(now) == failed_base {
            let to_fallback = failed_base == self.plan.endpoint().main();
            self.on_fallback_until_ms = if to_fallback { now.mono_ms.saturating_add(FAILOVER_MS) } else { 0 };
            let to = self.base(now).to_owned();
            self.events.warning(|| Event::Failover { to });
        }
        true
    }

    /// Writes the request of one attempt: a good UserSig and a fresh `random`.
    pub(super) fn request(
        &mut self,
        op: &'static Op,
        base: &str,
        body: Vec<u8>,
        timeout_ms: u64,
        now: Now,
    ) -> Result<Request> {
        let admin = &self.plan.admin;
        let user_sig = self.sigs.current(admin, now).map_err(|error| error.during(op.name))?;
        // The high half: a generator's low bits are often the weaker ones.
        let random = (self.draws.next() >> 32) as u32;
        let url = endpoint::url(base, op, admin.signer.sdk_app_id(), &admin.name, user_sig, random);
        Ok(Request { method: "POST", url, headers: HEADERS, body, timeout_ms })
    }
}

fn to_json<T: Serialize>(input: &T) -> Result<String> {
    serde_json::to_string(input)
        .map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).cure("pass values that JSON can hold"))
}
