//! A client: the calls of one app.

use tencent_im_core::Result;
use tencent_im_core::flow::{CallId, Now, TextClient};
use tencent_im_core::http::Reply;
use tencent_im_core::options::PlaceVariables;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::{record, thrown};

/// Opens a client; `region` and `base_url` are those of the environment. Nothing is sent; needs no clock
/// and no random number.
#[wasm_bindgen]
pub fn open(
    sdk_app_id: u32,
    secret_key: String,
    options_json: &str,
    own: &str,
    region: Option<String>,
    base_url: Option<String>,
) -> Result<NativeClient, JsError> {
    let place = PlaceVariables { region, base_url };
    TextClient::open(sdk_app_id, secret_key, options_json, own, place).map(NativeClient).map_err(thrown)
}

/// The calls of one app, by number.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeClient(pub(crate) TextClient);

// The arguments are those of the façade's interface: plain values cross more cheaply than objects.
#[allow(clippy::too_many_arguments)]
#[wasm_bindgen]
impl NativeClient {
    /// Seeds the random numbers of the calls: before the first one.
    pub fn seed(&mut self, hi: u32, lo: u32) {
        self.0.seed(hi, lo);
    }

    /// Begins a call.
    pub fn start(&mut self, op: &str, input: &str, options: Option<String>, mono_ms: f64, unix_ms: f64) -> String {
        self.0.start(op, input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms))
    }

    /// Begins a call that cannot be sent yet.
    pub fn register(&mut self, op: &str, input: &str, options: Option<String>, mono_ms: f64, unix_ms: f64) -> String {
        self.0.register(op, input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    pub fn hold(&mut self, id: CallId) -> String {
        self.0.hold(id)
    }

    /// Ends a call that could not be sent until then.
    pub fn expire(&mut self, id: CallId) -> String {
        self.0.expire(id)
    }

    /// Asks for the next step.
    pub fn poll(&mut self, id: CallId, mono_ms: f64, unix_ms: f64) -> String {
        self.0.poll(id, Now::of_javascript(mono_ms, unix_ms))
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
        retry_after: Option<String>,
        encoding: Option<String>,
    ) -> String {
        let reply = Reply { status, date, retry_after, encoding, body: body.into_bytes() };
        self.0.on_reply(id, reply, Now::of_javascript(mono_ms, unix_ms))
    }

    /// Reports a failure by its name.
    #[wasm_bindgen(js_name = onFailure)]
    pub fn on_failure(&mut self, id: CallId, kind: &str, detail: String, mono_ms: f64, unix_ms: f64) -> String {
        self.0.on_failure(id, kind, detail, Now::of_javascript(mono_ms, unix_ms))
    }

    /// Cancels a call and returns the error's record; nothing if no such call is under way.
    pub fn cancel(&mut self, id: CallId) -> Option<String> {
        self.0.cancel(id).as_ref().map(record)
    }

    /// Whether calls that wait should be polled now.
    #[wasm_bindgen(js_name = takeMoved)]
    pub fn take_moved(&mut self) -> bool {
        self.0.take_moved()
    }

    /// Makes a request to be sent by other means.
    pub fn prepare(&mut self, op: &str, input: &str, options: Option<String>, mono_ms: f64, unix_ms: f64) -> String {
        self.0.prepare(op, input, options.as_deref(), Now::of_javascript(mono_ms, unix_ms))
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
        self.0.parse(op, Reply { status, date, retry_after, body: body.into_bytes(), ..Reply::default() })
    }

    /// Signs a UserSig for a user of the app.
    #[wasm_bindgen(js_name = signUserSig)]
    pub fn sign_user_sig(&self, user_id: &str, now_s: f64, expire_s: f64) -> Result<String, JsError> {
        self.0.sign_user_sig(user_id, now_s as u64, expire_s as u64).map_err(thrown)
    }

    /// Begins or stops to keep events.
    pub fn listen(&mut self, on: bool) -> Result<(), JsError> {
        self.0.listen(on).map_err(thrown)
    }

    /// Returns the events since the last time as JSON text; nothing if there were none.
    #[wasm_bindgen(js_name = takeEvents)]
    pub fn take_events(&mut self) -> Option<String> {
        self.0.take_events()
    }

    /// Checks settings of a call.
    #[wasm_bindgen(js_name = checkCallOptions)]
    pub fn check_call_options(&self, options_json: &str) -> Result<(), JsError> {
        self.0.check_call_options(options_json).map_err(thrown)
    }
}
