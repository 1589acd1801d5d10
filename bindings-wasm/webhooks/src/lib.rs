//! WebAssembly module that receives webhooks and does nothing else: for `tencent-im-wasm/webhooks`.
//!
//! A module of its own, since the bodies of all webhooks would bring that of a client from 204 kB (gzip) to 231, and a
//! worker that receives them seldom makes calls. It does no I/O and asks for no time.

#[path = "../../src/common.rs"]
mod common;
#[path = "../../src/thrown.rs"]
mod thrown;

use tencent_im_core::Result;
use tencent_im_core::webhook::{self, REFUSAL, TextReceiver};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// Opens a receiver.
#[wasm_bindgen(js_name = openReceiver)]
pub fn open_receiver(settings_json: &str, own: &str) -> Result<NativeReceiver, JsError> {
    TextReceiver::open(settings_json, own).map(NativeReceiver).map_err(thrown)
}

/// Takes the requests of one app.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeReceiver(TextReceiver);

#[wasm_bindgen]
impl NativeReceiver {
    /// Checks what is known of a request before its body.
    #[wasm_bindgen(js_name = checkRequest)]
    pub fn check_request(
        &self,
        method: &str,
        content_type: Option<String>,
        body_bytes: Option<f64>,
    ) -> Result<(), JsError> {
        self.0.check_request(method, content_type.as_deref(), body_bytes).map_err(thrown)
    }

    /// Reads a request and gives the event's record, as JSON text.
    pub fn read(&self, query: &str, body: &[u8], now_s: f64) -> Result<String, JsError> {
        self.0.read(query, body, now_s as u64).map_err(thrown)
    }
}

/// Gives the body to answer an event with.
#[wasm_bindgen(js_name = answerWebhook)]
pub fn answer_webhook(command: &str, accounts_json: Option<String>, decision_json: &str) -> Result<String, JsError> {
    TextReceiver::answer(command, accounts_json.as_deref(), decision_json).map_err(thrown)
}

/// The body for a request that is refused.
#[wasm_bindgen(js_name = webhookRefusal)]
pub fn webhook_refusal() -> String {
    REFUSAL.into()
}

/// Refuses a name that no webhook has.
#[wasm_bindgen(js_name = checkWebhook)]
pub fn check_webhook(command: &str) -> Result<(), JsError> {
    webhook::named(command).map(|_| ()).map_err(thrown)
}

/// Every webhook, as JSON text.
#[wasm_bindgen(js_name = listWebhooks)]
pub fn list_webhooks() -> String {
    TextReceiver::list()
}

/// Signs as the service does.
#[wasm_bindgen(js_name = signWebhook)]
pub fn sign_webhook(token: &str, request_time_s: f64) -> String {
    webhook::sign(token, request_time_s as u64)
}
