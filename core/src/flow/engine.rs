//! What all calls of a client share.

use serde::{Deserializer, Serialize};

use super::sigs::Sigs;
use super::{Call, Now};
use crate::credentials::{SecretKey, check_app_id};
use crate::endpoint::{self, Endpoint};
use crate::error::{Error, Kind, Result};
use crate::http::{HEADERS, Reply, Request};
use crate::options::{
    CallOptions, ClientOptions, DEFAULT_ADMIN, DEFAULT_SIG_EXPIRE_S, DEFAULT_TIMEOUT_MS, DEFAULT_TRY_TIMEOUT_MS,
};
use crate::schema::names::Style;
use crate::schema::walk::{self, RequestOptions};
use crate::schema::{self, Op};
use crate::usersig::Signer;

/// The shared state of a client's calls. Making one does no I/O and needs no clock.
#[derive(Debug)]
pub struct Engine {
    endpoint: Endpoint,
    sigs: Sigs,
    account_field: Option<&'static str>,
    timeout_ms: u64,
    try_timeout_ms: u64,
}

impl Engine {
    /// An engine for one app.
    pub fn new(sdk_app_id: u32, key: &SecretKey, options: &ClientOptions) -> Result<Self> {
        let signer = Signer::new(check_app_id(sdk_app_id)?, key)?;
        let admin = options.admin.as_ref().map_or(DEFAULT_ADMIN, |admin| &admin.0);
        if let Some((fault, cure)) = crate::credentials::user_id_fault(admin) {
            return Err(Error::new(Kind::Config, fault).at("admin").cure(cure));
        }
        let expire_s = options.sig_expire_s.unwrap_or(DEFAULT_SIG_EXPIRE_S);
        Ok(Self {
            endpoint: options.endpoint()?,
            sigs: Sigs::new(signer, admin.into(), expire_s.into()),
            account_field: options.preferred_account_field()?,
            timeout_ms: options.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS).into(),
            try_timeout_ms: options.try_timeout_ms.unwrap_or(DEFAULT_TRY_TIMEOUT_MS).into(),
        })
    }

    /// The address that requests go to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
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
        self.call_untyped(endpoint.op(), to_value(input)?, Style::Snake, options, now, entropy)
    }

    /// Begins a call with any value, such as a Python object or JSON text; errors name fields in the given style.
    pub fn call_untyped<'de, D: Deserializer<'de>>(
        &self,
        op: &'static Op,
        input: D,
        style: Style,
        options: &CallOptions,
        now: Now,
        _entropy: u64,
    ) -> Result<Call> {
        let body = self.body(op, input, style, options)?;
        let timeout_ms = options.timeout_ms.map_or(self.timeout_ms, u64::from);
        Ok(Call::new(op, body, now.mono_ms.saturating_add(timeout_ms), self.try_timeout_ms))
    }

    /// The request of a call for users with their own HTTP: sends nothing, retries nothing.
    pub fn prepare<Req: Serialize, Rep>(
        &mut self,
        endpoint: &'static schema::Endpoint<Req, Rep>,
        input: &Req,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        self.prepare_untyped(endpoint.op(), to_value(input)?, Style::Snake, &CallOptions::default(), now, entropy)
    }

    /// The same with any value.
    pub fn prepare_untyped<'de, D: Deserializer<'de>>(
        &mut self,
        op: &'static Op,
        input: D,
        style: Style,
        options: &CallOptions,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        let body = self.body(op, input, style, options)?;
        self.request(op, body, self.try_timeout_ms, now, entropy)
    }

    fn body<'de, D: Deserializer<'de>>(
        &self,
        op: &'static Op,
        input: D,
        style: Style,
        options: &CallOptions,
    ) -> Result<Vec<u8>> {
        let extra_body = options.extra_body.as_ref().and_then(|extra| extra.as_object());
        walk::request(op, input, RequestOptions { style, prefer: self.account_field, extra_body })
    }

    /// Learns from an answer what is not about its call.
    pub(super) fn hear(&mut self, _now: Now, _answer: &Reply) {}

    /// Writes the request of one try: a good UserSig and a fresh `random`.
    pub(super) fn request(
        &mut self,
        op: &'static Op,
        body: Vec<u8>,
        timeout_ms: u64,
        now: Now,
        entropy: u64,
    ) -> Result<Request> {
        let user_sig = self.sigs.current(now).map(str::to_owned).map_err(|error| error.during(op.name))?;
        // The high half: a generator's low bits are often the weaker ones.
        let random = (entropy >> 32) as u32;
        let url = endpoint::url(self.endpoint.main(), op, self.sigs.sdk_app_id(), self.sigs.admin(), &user_sig, random);
        Ok(Request { method: "POST", url, headers: HEADERS, body, timeout_ms })
    }
}

fn to_value<T: Serialize>(input: &T) -> Result<serde_json::Value> {
    serde_json::to_value(input)
        .map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).cure("pass values that JSON can hold"))
}
