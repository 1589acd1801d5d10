//! A client: the calls of one app.

use serde_json::Value;
use tencent_im_core::api::find_op;
use tencent_im_core::flow::{CallId, Engine, Host, Level, Now, Step, text};
use tencent_im_core::http::{Failure, FailureKind, Reply};
use tencent_im_core::options::ClientOptions;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::usersig::Signer;
use tencent_im_core::{Result, SecretKey};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::{record, thrown};

/// Opens a client. Nothing is sent, and no clock and no entropy is needed.
#[wasm_bindgen]
pub fn open(sdk_app_id: u32, secret_key: String, options_json: &str) -> Result<NativeClient, JsError> {
    let open = || {
        let key = SecretKey::new(secret_key)?;
        let options = ClientOptions::read(&mut Json(options_json), Style::Camel)?;
        let engine = Engine::new(sdk_app_id, &key, &options)?;
        Ok(NativeClient { host: Host::new(engine, Style::Camel), signer: Signer::new(sdk_app_id, &key)? })
    };
    open().map_err(thrown)
}

/// The calls of one app, by number.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeClient {
    host: Host,
    signer: Signer,
}

// The arguments are those of the façade's interface: plain values cross more cheaply than objects.
#[allow(clippy::too_many_arguments)]
#[wasm_bindgen]
impl NativeClient {
    /// Begins a call.
    pub fn start(
        &mut self,
        op: &str,
        input: &str,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        first(self.host.start(op, input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Begins a call that cannot be sent yet.
    pub fn register(
        &mut self,
        op: &str,
        input: &str,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        first(self.host.register(op, input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    pub fn hold(&self, id: CallId) -> String {
        text::of(id, self.host.hold(id))
    }

    /// Ends a call that could not be sent until then.
    pub fn expire(&mut self, id: CallId) -> String {
        text::of(id, self.host.expire(id))
    }

    /// Asks for the next step.
    pub fn poll(&mut self, id: CallId, mono_ms: f64, unix_ms: f64, hi: u32, lo: u32) -> String {
        text::of(id, self.host.poll(id, now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Reports an answer.
    #[wasm_bindgen(js_name = onReply)]
    pub fn on_reply(
        &mut self,
        id: CallId,
        status: u16,
        date: Option<String>,
        body: String,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
        retry_after: Option<String>,
        encoding: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, encoding, body: body.into_bytes() };
        text::of(id, self.host.on_reply(id, reply, now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Reports a failure: `not_sent`, `lost`, `timeout` or `too_large`.
    #[wasm_bindgen(js_name = onFailure)]
    pub fn on_failure(
        &mut self,
        id: CallId,
        kind: &str,
        detail: String,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        // An unknown name must not look harmless: after `lost` nobody repeats blindly.
        let kind = FailureKind::from_name(kind).unwrap_or(FailureKind::Lost);
        let failure = Failure { kind, detail };
        text::of(id, self.host.on_failure(id, failure, now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Ends a call at the caller's wish and gives the error's record; nothing where no such call is under way.
    pub fn cancel(&mut self, id: CallId) -> Option<String> {
        self.host.cancel(id).as_ref().map(record)
    }

    /// Whether calls that wait should be polled now, since many others were cancelled.
    #[wasm_bindgen(js_name = takeMoved)]
    pub fn take_moved(&mut self) -> bool {
        self.host.engine().take_moved()
    }

    /// Makes a request to be sent by other means.
    pub fn prepare(
        &mut self,
        op: &str,
        input: &str,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        match self.host.prepare(op, input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)) {
            Ok(request) => text::send(0, &request),
            Err(error) => text::failed(&error),
        }
    }

    /// Reads an answer that came by other means.
    pub fn parse(
        &self,
        op: &str,
        status: u16,
        date: Option<String>,
        body: String,
        retry_after: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, body: body.into_bytes(), ..Reply::default() };
        text::done(find_op(op).and_then(|op| Answer::check(op, reply)?.to_javascript()))
    }

    /// Signs a UserSig for a user of the app.
    #[wasm_bindgen(js_name = signUserSig)]
    pub fn sign_user_sig(&self, user_id: &str, now_s: f64, expire_s: f64) -> Result<String, JsError> {
        self.signer.sign(user_id, now_s as u64, expire_s as u64).map_err(thrown)
    }

    /// Begins or stops to keep events.
    pub fn listen(&mut self, on: bool) {
        self.host.engine().listen(on.then_some(Level::Debug));
    }

    /// What happened since the last time, as JSON text; nothing where nothing did.
    #[wasm_bindgen(js_name = takeEvents)]
    pub fn take_events(&mut self) -> Option<String> {
        let engine = self.host.engine();
        engine.has_events().then(|| {
            let records = engine.take_events().into_iter().map(|event| Value::Object(event.to_record(Style::Camel)));
            records.collect::<Value>().to_string()
        })
    }

    /// Checks settings of a call.
    #[wasm_bindgen(js_name = checkCallOptions)]
    pub fn check_call_options(&self, options_json: &str) -> Result<(), JsError> {
        self.host.call_options(Some(options_json)).map(drop).map_err(thrown)
    }
}

/// The first step of a call. It never holds an answer, so no op is needed to read one.
fn first(begun: Result<(CallId, Step)>) -> String {
    match begun {
        Ok((id, next)) => text::of(id, next),
        Err(error) => text::failed(&error),
    }
}

/// The time on both clocks. Casts of floating point saturate: a clock before its beginning reads 0.
fn now(mono_ms: f64, unix_ms: f64) -> Now {
    Now { mono_ms: mono_ms as u64, unix_ms: unix_ms as u64 }
}

/// A 64-bit number from its halves.
fn entropy(hi: u32, lo: u32) -> u64 {
    u64::from(hi) << 32 | u64::from(lo)
}
