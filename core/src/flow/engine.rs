//! What all calls of a client share.

use std::sync::Arc;

use serde::Serialize;

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

/// The state that a client's calls share and change: UserSig, rates, retry budget, failover, events. What never changes
/// is its [`Plan`].
#[derive(Debug)]
pub struct Engine {
    plan: Arc<Plan>,
    /// Until when requests go to the fallback host, on the monotonic clock.
    on_backup_until_ms: u64,
    pub(super) sigs: Sigs,
    pub(super) pace: Pace,
    pub(super) budget: Budget,
    pub(super) events: Events,
}

impl Engine {
    /// An engine for one app, with a plan of its own.
    pub fn new(sdk_app_id: u32, key: &SecretKey, options: &ClientOptions) -> Result<Self> {
        Ok(Self::of_plan(Arc::new(Plan::new(sdk_app_id, key, options)?)))
    }

    /// An engine that has done nothing yet.
    pub fn of_plan(plan: Arc<Plan>) -> Self {
        Self {
            on_backup_until_ms: 0,
            sigs: Sigs::default(),
            pace: Pace::new(plan.rates.clone()),
            budget: Budget::new(plan.retry_budget),
            events: Events::default(),
            plan,
        }
    }

    /// What never changes.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Keeps events from this level on for [`Engine::take_events`]; none at all where no level is given.
    pub fn listen(&mut self, least: Option<Level>) {
        self.events.listen(least);
    }

    /// Tells an event to whoever listens first, such as that of
    /// [`fill_place`](crate::options::ClientOptions::fill_place).
    pub fn announce(&mut self, event: Event) {
        self.events.announce(event);
    }

    /// Whether calls that were told to wait should be polled again now: so many others were cancelled that their turns
    /// come much earlier. To be asked after a cancellation; it is told once.
    pub fn take_moved(&mut self) -> bool {
        self.pace.take_moved()
    }

    /// Whether [`Engine::take_events`] has anything to give.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// What happened since the last time.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// Begins a call with a Rust value. Bad input is an error here, before anything is sent.
    pub fn call<Req: Serialize, Rep>(
        &self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        options: &CallOptions,
        now: Now,
        entropy: u64,
    ) -> Result<Call> {
        let options = self.plan.resolve(options.clone())?;
        let input = to_json(input)?;
        Ok(self.plan.draft(endpoint.op(), &mut Json(&input), Style::Snake, &options, entropy)?.begin(now))
    }

    /// The request of a call for users with their own HTTP: sends nothing, retries nothing.
    pub fn prepare<Req: Serialize, Rep>(
        &mut self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        let input = to_json(input)?;
        let options = self.plan.defaults();
        let draft = self.plan.draft(endpoint.op(), &mut Json(&input), Style::Snake, &options, entropy)?;
        self.prepare_draft(draft, now, entropy)
    }

    /// The request of a call that was checked and written already.
    pub fn prepare_draft(&mut self, draft: Draft, now: Now, entropy: u64) -> Result<Request> {
        let plan = self.plan.clone();
        self.request(draft.op, plan.endpoint().main(), draft.body, draft.policy.try_timeout_ms, now, entropy)
    }

    /// Learns from an answer what is not about its call.
    pub(super) fn hear(&mut self, now: Now, answer: &Reply) {
        if let Some(seconds) = answer.date.as_deref().and_then(|date| self.sigs.learn(now, date)) {
            self.events.warning(|| Event::SkewLearnt { seconds });
        }
    }

    /// The address for an attempt: the region's main host, or its fallback for a while after the main one failed.
    pub(super) fn base(&self, now: Now) -> &str {
        match self.plan.endpoint().backup() {
            Some(backup) if now.mono_ms < self.on_backup_until_ms => backup,
            _ => self.plan.endpoint().main(),
        }
    }

    /// No connection could be made to an address: goes to the other one, if there is one. Gives whether it did.
    pub(super) fn fail_over(&mut self, now: Now, failed_base: &str) -> bool {
        if self.plan.endpoint().backup().is_none() {
            return false;
        }
        // Another call may have gone over already.
        if self.base(now) == failed_base {
            let to_backup = failed_base == self.plan.endpoint().main();
            self.on_backup_until_ms = if to_backup { now.mono_ms.saturating_add(FAILOVER_MS) } else { 0 };
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
        entropy: u64,
    ) -> Result<Request> {
        let admin = &self.plan.admin;
        let user_sig = self.sigs.current(admin, now).map_err(|error| error.during(op.name))?;
        // The high half: a generator's low bits are often the weaker ones.
        let random = (entropy >> 32) as u32;
        let url = endpoint::url(base, op, admin.signer.sdk_app_id(), &admin.name, user_sig, random);
        Ok(Request { method: "POST", url, headers: HEADERS, body, timeout_ms })
    }
}

fn to_json<T: Serialize>(input: &T) -> Result<String> {
    serde_json::to_string(input)
        .map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).cure("pass values that JSON can hold"))
}
