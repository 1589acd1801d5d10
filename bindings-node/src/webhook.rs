//! Webhooks: requests of the service, and what to answer.

use napi_derive::napi;
use tencent_im_core::webhook::{self, REFUSAL, TextReceiver};

use crate::guard::throwing;
use crate::numbers::seconds;

/// Opens a receiver.
#[napi]
pub fn open_receiver(settings_json: String, own: String) -> napi::Result<NativeReceiver> {
    throwing(|| Ok(NativeReceiver { receiver: TextReceiver::open(&settings_json, &own)? }))
}

/// Takes the requests of one app.
#[napi]
pub struct NativeReceiver {
    receiver: TextReceiver,
}

#[napi]
impl NativeReceiver {
    /// Checks what is known of a request before its body.
    #[napi]
    pub fn check_request(
        &self,
        method: String,
        content_type: Option<String>,
        body_bytes: Option<f64>,
    ) -> napi::Result<()> {
        throwing(|| self.receiver.check_request(&method, content_type.as_deref(), body_bytes))
    }

    /// Reads a request and gives the event's record, as JSON text. The body is borrowed: a `Uint8Array` would be kept from
    /// the collector by a reference, made and deleted for each event.
    #[napi]
    pub fn read(&self, query: String, body: &[u8], now_s: f64) -> napi::Result<String> {
        throwing(|| self.receiver.read(&query, body, seconds("now", now_s)?))
    }
}

/// Gives the body to answer an event with.
#[napi]
pub fn answer_webhook(command: String, accounts_json: Option<String>, decision_json: String) -> napi::Result<String> {
    throwing(|| TextReceiver::answer(&command, accounts_json.as_deref(), &decision_json))
}

/// The body for a request that is refused.
#[napi]
pub fn webhook_refusal() -> String {
    REFUSAL.into()
}

/// Refuses a name that no webhook has.
#[napi]
pub fn check_webhook(command: String) -> napi::Result<()> {
    throwing(|| webhook::named(&command).map(|_| ()))
}

/// Every webhook, as JSON text.
#[napi]
pub fn list_webhooks() -> String {
    TextReceiver::list()
}

/// Signs as the service does.
#[napi]
pub fn sign_webhook(token: String, request_time_s: f64) -> napi::Result<String> {
    throwing(|| Ok(webhook::sign(&token, seconds("requestTime", request_time_s)?)))
}
