//! What all calls of a client share.

use serde::Serialize;

use super::events::{Event, Events, Level};
use super::pace::Pace;
use super::policy::Policy;
use super::retry::Budget;
use super::sigs::Sigs;
use super::{Call, Now};
use crate::credentials::SecretKey;
use crate::endpoint::{self, Endpoint};
use crate::error::{Error, Kind, Result};
use crate::http::{HEADERS, Reply, Request};
use crate::options::{CallOptions, ClientOptions, DEFAULT_ADMIN, DEFAULT_RETRY_BUDGET, DEFAULT_SIG_EXPIRE_S};
use crate::schema::names::Style;
use crate::schema::walk::{self, Input, Json, RequestOptions};
use crate::schema::{self, Op};
use crate::usersig::Signer;

/// How long requests stay on the stand-by domain, in milliseconds.
const FAILOVER_MS: u64 = 60_000;

/// The shared state of a client's calls. Making one does no I/O and needs no clock.
#[derive(Debug)]
pub struct Engine {
    endpoint: Endpoint,
    /// Until when requests go to the stand-by domain, on the monotonic clock.
    on_backup_until_ms: u64,
    account_field: Option<&'static str>,
    policy: Policy,
    pub(super) sigs: Sigs,
    pub(super) pace: Pace,
    pub(super) budget: Budget,
    pub(super) events: Events,
}

impl Engine {
    /// An engine for one app.
    pub fn new(sdk_app_id: u32, key: &SecretKey, options: &ClientOptions) -> Result<Self> {
        let signer = Signer::new(sdk_app_id, key)?;
        let admin = options.admin.as_ref().map_or(DEFAULT_ADMIN, |admin| &admin.0);
        let expire_s = options.sig_expire_s.unwrap_or(DEFAULT_SIG_EXPIRE_S);
        Ok(Self {
            endpoint: options.endpoint()?,
            on_backup_until_ms: 0,
            account_field: options.preferred_account_field()?,
            policy: Policy::of_client(options)?,
            sigs: Sigs::new(signer, admin.into(), expire_s.into()),
            pace: Pace::new(options.rates()?),
            budget: Budget::new(options.retry_budget.unwrap_or(DEFAULT_RETRY_BUDGET)),
            events: Events::default(),
        })
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

    /// The address that requests go to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Reads settings of a call and checks them against the client's.
    pub fn read_call_options(&self, input: &mut dyn Input, style: Style) -> Result<CallOptions> {
        let options = CallOptions::read(input, style)?;
        self.policy.with(&options)?;
        Ok(options)
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
        self.call_untyped(endpoint.op(), &mut Json(&to_json(input)?), Style::Snake, options, now, entropy)
    }

    /// Begins a call with any value, such as a Python object or JSON text; errors name fields in the given style.
    pub fn call_untyped(
        &self,
        op: &'static Op,
        input: &mut dyn Input,
        style: Style,
        options: &CallOptions,
        now: Now,
        entropy: u64,
    ) -> Result<Call> {
        let (body, items) = self.body(op, input, style, options, entropy)?;
        let policy = self.policy.with(options)?;
        Ok(Call::new(op, body, items, policy, now))
    }

    /// The request of a call for users with their own HTTP: sends nothing, retries nothing.
    pub fn prepare<Req: Serialize, Rep>(
        &mut self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        self.prepare_untyped(
            endpoint.op(),
            &mut Json(&to_json(input)?),
            Style::Snake,
            &CallOptions::default(),
            now,
            entropy,
        )
    }

    /// The same with any value.
    pub fn prepare_untyped(
        &mut self,
        op: &'static Op,
        input: &mut dyn Input,
        style: Style,
        options: &CallOptions,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        let (body, _) = self.body(op, input, style, options, entropy)?;
        let try_timeout_ms = self.policy.with(options)?.try_timeout_ms;
        let base = self.endpoint.main().to_owned();
        self.request(op, &base, body, try_timeout_ms, now, entropy)
    }

    /// The body, and how many items it holds where the call's rate counts items.
    fn body(
        &self,
        op: &'static Op,
        input: &mut dyn Input,
        style: Style,
        options: &CallOptions,
        entropy: u64,
    ) -> Result<(Vec<u8>, u32)> {
        let extra_body = options.extra_body.as_ref().and_then(|extra| extra.as_object());
        walk::request(op, input, RequestOptions { style, prefer: self.account_field, extra_body, entropy })
    }

    /// Learns from an answer what is not about its call.
    pub(super) fn hear(&mut self, now: Now, answer: &Reply) {
        if let Some(seconds) = answer.date.as_deref().and_then(|date| self.sigs.learn(now, date)) {
            self.events.warning(|| Event::SkewLearnt { seconds });
        }
    }

    /// The address for a try: the region's main domain, or its stand-by for a while after the main one failed.
    pub(super) fn base(&self, now: Now) -> &str {
        match self.endpoint.backup() {
            Some(backup) if now.mono_ms < self.on_backup_until_ms => backup,
            _ => self.endpoint.main(),
        }
    }

    /// No connection could be made to an address: goes to the other one, if there is one. Gives whether it did.
    pub(super) fn fail_over(&mut self, now: Now, failed_base: &str) -> bool {
        if self.endpoint.backup().is_none() {
            return false;
        }
        // Another call may have gone over already.
        if self.base(now) == failed_base {
            let to_backup = failed_base == self.endpoint.main();
            self.on_backup_until_ms = if to_backup { now.mono_ms.saturating_add(FAILOVER_MS) } else { 0 };
            let to = self.base(now).to_owned();
            self.events.warning(|| Event::Failover { to });
        }
        true
    }

    /// Writes the request of one try: a good UserSig and a fresh `random`.
    pub(super) fn request(
        &mut self,
        op: &'static Op,
        base: &str,
        body: Vec<u8>,
        timeout_ms: u64,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        let sdk_app_id = self.sigs.sdk_app_id();
        let (admin, user_sig) = self.sigs.current(now).map_err(|error| error.during(op.name))?;
        // The high half: a generator's low bits are often the weaker ones.
        let random = (entropy >> 32) as u32;
        let url = endpoint::url(base, op, sdk_app_id, admin, user_sig, random);
        Ok(Request { method: "POST", url, headers: HEADERS, body, timeout_ms })
    }
}

fn to_json<T: Serialize>(input: &T) -> Result<String> {
    serde_json::to_string(input)
        .map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).cure("pass values that JSON can hold"))
}
