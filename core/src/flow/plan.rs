//! What never changes about a client: where its requests go, who signs them, and what its calls may do.

use serde_json::{Map, Value};

use super::Now;
use super::bulk::{BatchCall, Bulk, BulkSettings};
use super::call::Call;
use super::pace::Rates;
use super::policy::Policy;
use super::sigs::Admin;
use crate::credentials::SecretKey;
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind, Result};
use crate::options::{CallOptions, ClientOptions, DEFAULT_ADMIN, DEFAULT_RETRY_BUDGET, DEFAULT_SIG_EXPIRE_S};
use crate::schema::Op;
use crate::schema::names::Style;
use crate::schema::walk::{self, Input, RequestOptions};
use crate::usersig::Signer;

/// The immutable part of a client. Making one does no I/O and needs no clock.
///
/// Reads input and options without an [`Engine`](super::Engine), so that a binding can share it between threads, and
/// between a process and its forks, and holds no lock while code of the caller's runs: resolve the options, draft the
/// call, then [`Draft::begin`] it or hand it to [`Engine::prepare_draft`](super::Engine::prepare_draft).
#[derive(Debug)]
pub struct Plan {
    endpoint: Endpoint,
    account_field: Option<&'static str>,
    policy: Policy,
    pub(super) admin: Admin,
    pub(super) rates: Rates,
    pub(super) retry_budget: u32,
}

/// What a caller says about a run over many items.
#[derive(Clone, Copy, Debug)]
pub struct RunSettings<'a> {
    /// The caller's name style.
    pub style: Style,
    /// Most batches in flight. Defaults to 16.
    pub in_flight: Option<u64>,
    /// Where the items come from: a checkpoint of another source is refused.
    pub label: &'a str,
    /// Checks all items and sends none of them.
    pub is_dry: bool,
}

/// Batches in flight: enough for the documented rates at a round trip of 100 ms.
const DEFAULT_IN_FLIGHT: usize = 16;

/// The options of a call, checked and laid over the client's settings by [`Plan::resolve`].
#[derive(Clone, Debug)]
pub struct ResolvedOptions {
    policy: Policy,
    extra_body: Option<Value>,
}

/// A call that was checked and written, but not begun. Its input is not needed any more, and no time counts yet.
#[derive(Debug)]
pub struct Draft {
    pub(super) op: &'static Op,
    pub(super) body: Vec<u8>,
    items: u32,
    pub(super) policy: Policy,
}

impl Plan {
    /// Checks the settings for one app.
    pub fn new(sdk_app_id: u32, key: &SecretKey, options: &ClientOptions) -> Result<Self> {
        let signer = Signer::new(sdk_app_id, key)?;
        let name = options.admin.as_ref().map_or(DEFAULT_ADMIN, |admin| &admin.0).into();
        let expire_s = options.sig_expire_s.unwrap_or(DEFAULT_SIG_EXPIRE_S).into();
        Ok(Self {
            endpoint: options.endpoint()?,
            account_field: options.preferred_account_field()?,
            policy: Policy::of_client(options)?,
            admin: Admin { signer, name, expire_s },
            rates: options.rates()?,
            retry_budget: options.retry_budget.unwrap_or(DEFAULT_RETRY_BUDGET),
        })
    }

    /// The address that requests go to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The signer of the app's UserSigs.
    pub fn signer(&self) -> &Signer {
        &self.admin.signer
    }

    /// A run of a call over many items. `others` is an object of the call's other fields.
    pub fn bulk(
        &self,
        op: &'static Op,
        others: Value,
        settings: RunSettings<'_>,
        options: &ResolvedOptions,
    ) -> Result<Bulk> {
        let fault = |path: &str, message: &str, cure: &str| {
            let error = Error::new(Kind::InvalidInput, message.to_owned()).during(op.name).at(path);
            Err(error.cure(cure.to_owned()))
        };
        if options.extra_body.is_some() {
            return fault(
                "extra_body",
                "not for a run over many items",
                "give extra fields in calls of single batches",
            );
        }
        let in_flight = match settings.in_flight {
            None => DEFAULT_IN_FLIGHT,
            Some(batches @ 1..=1000) => batches as usize,
            Some(_) => return fault("in_flight", "not a number of batches", "use 1 to 1000"),
        };
        let mut others = if let Value::Object(others) = others { others } else { Map::new() };
        others.retain(|_, value| !value.is_null());
        let app = self.signer().sdk_app_id();
        let RunSettings { style, label, is_dry, .. } = settings;
        let settings = BulkSettings { style, prefer: self.account_field, app, in_flight, label, is_dry };
        Bulk::new(op, &others, settings, None)
    }

    /// The call of a batch, which is checked and written already.
    pub fn draft_of(&self, batch: BatchCall, options: &ResolvedOptions) -> Draft {
        // Most rates count calls, however many items each has.
        let counts_items = batch.op.rate.is_some_and(|rate| rate.per_item.is_some());
        let items = if counts_items { batch.items } else { 1 };
        Draft { op: batch.op, body: batch.body, items, policy: options.policy }
    }

    /// The options of a call without options of its own.
    pub fn defaults(&self) -> ResolvedOptions {
        ResolvedOptions { policy: self.policy, extra_body: None }
    }

    /// Lays the options of a call over the client's settings. Fails when they contradict each other.
    pub fn resolve(&self, options: CallOptions) -> Result<ResolvedOptions> {
        Ok(ResolvedOptions { policy: self.policy.with(&options)?, extra_body: options.extra_body })
    }

    /// Reads the options of a call from any value and resolves them. Errors name options in the given style.
    pub fn read_options(&self, input: &mut dyn Input, style: Style) -> Result<ResolvedOptions> {
        self.resolve(CallOptions::read(input, style)?)
    }

    /// Checks a call's input and writes its body. Errors name fields in the given style.
    ///
    /// `mark` is a random number for the fields that make a retry recognizable, see
    /// [`Op::draws`](crate::schema::Op::draws); [`Engine::draw_mark`](super::Engine::draw_mark) draws it.
    pub fn draft(
        &self,
        op: &'static Op,
        input: &mut dyn Input,
        style: Style,
        options: &ResolvedOptions,
        mark: u64,
    ) -> Result<Draft> {
        let extra_body = options.extra_body.as_ref().and_then(Value::as_object);
        let walked = RequestOptions { style, prefer: self.account_field, extra_body, mark };
        let (body, items) = walk::request(op, input, walked)?;
        Ok(Draft { op, body, items, policy: options.policy })
    }
}

impl Draft {
    /// Begins the call. Its deadline counts from `now`.
    pub fn begin(self, now: Now) -> Call {
        Call::new(self.op, self.body, self.items, self.policy, now)
    }
}
