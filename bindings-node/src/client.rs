//! A client: the calls of one app.

use std::collections::HashMap;

use napi::{Env, JsString};
use napi_derive::napi;
use tencent_im_core::Error;
use tencent_im_core::flow::{CallId, Now, RunNumber, TextClient, text};
use tencent_im_core::http::Reply;
use tencent_im_core::options::PlaceVariables;
use tencent_im_journal::Journal;

use crate::guard::{guard, record, throwing};
use crate::numbers::{app_id, seconds};
use crate::usersig::ascii;

/// The version of the core.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Opens a client; `region` and `base_url` are those of the environment. Nothing is sent, no socket and no timer is made.
#[napi]
pub fn open(
    sdk_app_id: f64,
    secret_key: String,
    options_json: String,
    own: String,
    region: Option<String>,
    base_url: Option<String>,
) -> napi::Result<NativeClient> {
    throwing(|| {
        let place = PlaceVariables { region, base_url };
        let client = TextClient::open(app_id(sdk_app_id)?, secret_key, &options_json, &own, place)?;
        Ok(NativeClient { client, journals: HashMap::new() })
    })
}

/// The calls of one app, by number.
#[napi]
pub struct NativeClient {
    pub(crate) client: TextClient,
    /// The journals of runs, by the numbers of these.
    pub(crate) journals: HashMap<RunNumber, Journal>,
}

// The arguments are those of the façade's interface: plain values cross more cheaply than objects.
#[allow(clippy::too_many_arguments)]
#[napi]
impl NativeClient {
    /// Seeds the random numbers of the calls: before the first one.
    #[napi]
    pub fn seed(&mut self, hi: u32, lo: u32) {
        self.client.seed(hi, lo);
    }

    /// Begins a call.
    #[napi]
    pub fn start(&mut self, op: String, input: String, options: Option<String>, mono_ms: f64, unix_ms: f64) -> String {
        self.step(0, |client| client.start(&op, &input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Begins a call that cannot be sent yet.
    #[napi]
    pub fn register(
        &mut self,
        op: String,
        input: String,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
    ) -> String {
        self.step(0, |client| client.register(&op, &input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    #[napi]
    pub fn hold(&mut self, id: u32) -> String {
        self.step(id, |client| client.hold(id))
    }

    /// Ends a call that could not be sent until then.
    #[napi]
    pub fn expire(&mut self, id: u32) -> String {
        self.step(id, |client| client.expire(id))
    }

    /// Asks for the next step.
    #[napi]
    pub fn poll(&mut self, id: u32, mono_ms: f64, unix_ms: f64) -> String {
        self.step(id, |client| client.poll(id, Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Reports an answer.
    #[napi]
    pub fn on_reply(
        &mut self,
        id: u32,
        status: u16,
        date: Option<String>,
        body: String,
        mono_ms: f64,
        unix_ms: f64,
        retry_after: Option<String>,
        encoding: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, encoding, body: body.into_bytes() };
        self.step(id, |client| client.on_reply(id, reply, Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Reports a failure: `not_sent`, `lost`, `timeout` or `too_large`.
    #[napi]
    pub fn on_failure(&mut self, id: u32, kind: String, detail: String, mono_ms: f64, unix_ms: f64) -> String {
        self.step(id, |client| client.on_failure(id, &kind, detail, Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Cancels a call and returns the error's record; nothing if no such call is under way.
    #[napi]
    pub fn cancel(&mut self, id: u32) -> Option<String> {
        match guard(|| Ok(self.client.cancel(id))) {
            Ok(error) => error.as_ref().map(record),
            Err(error) => Some(record(&error)),
        }
    }

    /// Whether calls that wait should be polled now, since many others were cancelled.
    #[napi]
    pub fn take_moved(&mut self) -> bool {
        self.client.take_moved()
    }

    /// Makes a request to be sent by other means.
    #[napi]
    pub fn prepare(
        &mut self,
        op: String,
        input: String,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
    ) -> String {
        self.step(0, |client| client.prepare(&op, &input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms)))
    }

    /// Reads an answer that came by other means.
    #[napi]
    pub fn parse(
        &self,
        op: String,
        status: u16,
        date: Option<String>,
        body: String,
        retry_after: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, body: body.into_bytes(), ..Reply::default() };
        guard(|| Ok(self.client.parse(&op, reply))).unwrap_or_else(|panic| text::failed(&panic))
    }

    /// Signs a UserSig for a user of the app.
    #[napi]
    pub fn sign_user_sig<'env>(
        &self,
        env: &'env Env,
        user_id: String,
        now_s: f64,
        expire_s: f64,
    ) -> napi::Result<JsString<'env>> {
        ascii(
            env,
            throwing(|| self.client.sign_user_sig(&user_id, seconds("now", now_s)?, seconds("expire", expire_s)?))?,
        )
    }

    /// Begins or stops to keep events.
    #[napi]
    pub fn listen(&mut self, on: bool) -> napi::Result<()> {
        throwing(|| self.client.listen(on))
    }

    /// Returns the events since the last time as JSON text; nothing if there were none.
    #[napi]
    pub fn take_events(&mut self) -> napi::Result<Option<String>> {
        throwing(|| Ok(self.client.take_events()))
    }

    /// Checks settings of a call.
    #[napi]
    pub fn check_call_options(&self, options_json: String) -> napi::Result<()> {
        throwing(|| self.client.check_call_options(&options_json))
    }

    /// Asks for a call's next step. `id` is 0 for a call that has not begun.
    fn step(&mut self, id: CallId, ask: impl FnOnce(&mut TextClient) -> String) -> String {
        guard(|| Ok(ask(&mut self.client))).unwrap_or_else(|panic| {
            if id == 0 {
                return text::failed(&panic);
            }
            let cancelled = guard(|| Ok(self.client.cancel(id))).ok().flatten();
            text::failed(&under_way(panic, cancelled))
        })
    }
}

/// A panic in the middle of a call: nobody can tell any more whether it took effect.
fn under_way(mut panic: Error, call: Option<Error>) -> Error {
    if let Some(call) = call {
        panic.operation = call.operation;
        panic.attempts = call.attempts;
    }
    panic.maybe_applied = true;
    panic
}
