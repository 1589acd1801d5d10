//! A client: the calls of one app.

use napi::{Env, JsString};
use napi_derive::napi;
use serde_json::Value;
use tencent_im_core::api::find_op;
use tencent_im_core::flow::{self, CallId, Engine, Host, Level, text};
use tencent_im_core::http::{Failure, FailureKind, Reply};
use tencent_im_core::options::ClientOptions;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::usersig::Signer;
use tencent_im_core::{Error, Result, SecretKey};

use crate::guard::{guard, record, throwing};
use crate::numbers::{app_id, entropy, now, seconds};
use crate::usersig::ascii;

/// The version of the core.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Opens a client. Nothing is sent, no socket and no timer is made.
#[napi]
pub fn open(sdk_app_id: f64, secret_key: String, options_json: String) -> napi::Result<NativeClient> {
    throwing(|| {
        let app_id = app_id(sdk_app_id)?;
        let key = SecretKey::new(secret_key)?;
        let options = ClientOptions::read(&mut Json(&options_json), Style::Camel)?;
        let engine = Engine::new(app_id, &key, &options)?;
        Ok(NativeClient { host: Host::new(engine, Style::Camel), signer: Signer::new(app_id, &key)? })
    })
}

/// The calls of one app, by number.
#[napi]
pub struct NativeClient {
    host: Host,
    signer: Signer,
}

// The arguments are those of the façade's interface: plain values cross more cheaply than objects.
#[allow(clippy::too_many_arguments)]
#[napi]
impl NativeClient {
    /// Begins a call.
    #[napi]
    pub fn start(
        &mut self,
        op: String,
        input: String,
        options: Option<String>,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        self.begin(|host| host.start(&op, &input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)))
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
        hi: u32,
        lo: u32,
    ) -> String {
        self.begin(|host| host.register(&op, &input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    #[napi]
    pub fn hold(&mut self, id: u32) -> String {
        self.next(id, |host| host.hold(id))
    }

    /// Ends a call that could not be sent until then.
    #[napi]
    pub fn expire(&mut self, id: u32) -> String {
        self.next(id, |host| host.expire(id))
    }

    /// Asks for the next step.
    #[napi]
    pub fn poll(&mut self, id: u32, mono_ms: f64, unix_ms: f64, hi: u32, lo: u32) -> String {
        self.next(id, |host| host.poll(id, now(mono_ms, unix_ms), entropy(hi, lo)))
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
        hi: u32,
        lo: u32,
        retry_after: Option<String>,
        encoding: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, encoding, body: body.into_bytes() };
        self.next(id, |host| host.on_reply(id, reply, now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Reports a failure: `not_sent`, `lost`, `timeout` or `too_large`.
    #[napi]
    pub fn on_failure(
        &mut self,
        id: u32,
        kind: String,
        detail: String,
        mono_ms: f64,
        unix_ms: f64,
        hi: u32,
        lo: u32,
    ) -> String {
        // An unknown name must not look harmless: after `lost` nobody repeats blindly.
        let kind = FailureKind::from_name(&kind).unwrap_or(FailureKind::Lost);
        self.next(id, |host| host.on_failure(id, Failure { kind, detail }, now(mono_ms, unix_ms), entropy(hi, lo)))
    }

    /// Ends a call at the caller's wish and gives the error's record; nothing where no such call is under way.
    #[napi]
    pub fn cancel(&mut self, id: u32) -> Option<String> {
        match guard(|| Ok(self.host.cancel(id))) {
            Ok(error) => error.as_ref().map(record),
            Err(error) => Some(record(&error)),
        }
    }

    /// Whether calls that wait should be polled now, since many others were cancelled.
    #[napi]
    pub fn take_moved(&mut self) -> bool {
        self.host.engine().take_moved()
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
        hi: u32,
        lo: u32,
    ) -> String {
        let prepared =
            guard(|| self.host.prepare(&op, &input, options.as_deref(), now(mono_ms, unix_ms), entropy(hi, lo)));
        match prepared {
            Ok(request) => text::send(0, &request),
            Err(error) => text::failed(&error),
        }
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
        text::done(guard(|| Answer::check(find_op(&op)?, reply)?.to_javascript()))
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
        ascii(env, throwing(|| self.signer.sign(&user_id, seconds("now", now_s)?, seconds("expire", expire_s)?))?)
    }

    /// Begins or stops to keep events.
    #[napi]
    pub fn listen(&mut self, on: bool) {
        self.host.engine().listen(on.then_some(Level::Debug));
    }

    /// What happened since the last time, as JSON text; nothing where nothing did.
    #[napi]
    pub fn take_events(&mut self) -> napi::Result<Option<String>> {
        throwing(|| {
            let engine = self.host.engine();
            Ok(engine.has_events().then(|| {
                let records = engine.take_events().into_iter();
                records.map(|event| Value::Object(event.to_record(Style::Camel))).collect::<Value>().to_string()
            }))
        })
    }

    /// Checks settings of a call.
    #[napi]
    pub fn check_call_options(&self, options_json: String) -> napi::Result<()> {
        throwing(|| self.host.call_options(Some(&options_json)).map(drop))
    }

    /// Begins a call and gives its first step.
    fn begin(&mut self, work: impl FnOnce(&mut Host) -> Result<(CallId, flow::Step)>) -> String {
        match guard(|| work(&mut self.host)) {
            Ok((id, step)) => self.step(id, step),
            Err(error) => text::failed(&error),
        }
    }

    /// Does something to a call under way and gives its next step.
    fn next(&mut self, id: CallId, work: impl FnOnce(&mut Host) -> flow::Step) -> String {
        match guard(|| Ok(work(&mut self.host))) {
            Ok(step) => self.step(id, step),
            Err(panic) => {
                let cancelled = guard(|| Ok(self.host.cancel(id))).ok().flatten();
                text::failed(&under_way(panic, cancelled))
            }
        }
    }

    fn step(&self, id: CallId, step: flow::Step) -> String {
        guard(|| Ok(text::of(id, step))).unwrap_or_else(|panic| text::failed(&under_way(panic, None)))
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
