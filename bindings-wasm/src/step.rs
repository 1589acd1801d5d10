//! What JavaScript does next, as a plain object.

use tencent_im_core::flow::{self, CallId};
use tencent_im_core::http::Request;
use tencent_im_core::reply::read_for_javascript;
use tencent_im_core::schema::Op;
use tencent_im_core::{Error, Kind, Result};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::record;

// Plain objects, filled by property: a class of ours would live in wasm memory until someone frees it,
// and serde-wasm-bindgen costs 12 kB gzip.
#[wasm_bindgen]
extern "C" {
    /// What a call does next: exactly one of `send`, `waitUntilMs`, `result` and `error` is there.
    #[wasm_bindgen(js_name = Object)]
    pub type Step;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Step;
    #[wasm_bindgen(method, setter, structural)]
    fn set_id(this: &Step, id: u32);
    #[wasm_bindgen(method, setter, structural)]
    fn set_send(this: &Step, send: &Send);
    #[wasm_bindgen(method, setter, structural, js_name = "waitUntilMs")]
    fn set_wait_until_ms(this: &Step, until_ms: f64);
    #[wasm_bindgen(method, setter, structural)]
    fn set_result(this: &Step, result: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_error(this: &Step, error: &str);

    /// A request: always a POST of JSON. The URL holds a UserSig: not to be logged.
    #[wasm_bindgen(js_name = Object)]
    type Send;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Send;
    #[wasm_bindgen(method, setter, structural)]
    fn set_url(this: &Send, url: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Send, body: &str);
    #[wasm_bindgen(method, setter, structural, js_name = "timeoutMs")]
    fn set_timeout_ms(this: &Send, timeout_ms: f64);
}

/// A call's next step. `op` reads the result where the call is done.
pub fn step(id: CallId, op: Option<&'static Op>, step: flow::Step) -> Step {
    match step {
        flow::Step::Send(request) => send(id, &request),
        flow::Step::Wait { until_ms } => {
            let step = numbered(id);
            step.set_wait_until_ms(until_ms as f64);
            step
        }
        flow::Step::Done(Ok(reply)) => {
            let no_op = || Error::new(Kind::Internal, "an answer to no call");
            done(id, op.ok_or_else(no_op).and_then(|op| read_for_javascript(op, &reply)))
        }
        flow::Step::Done(Err(error)) => failed(id, &error),
    }
}

/// A request to send.
pub fn send(id: CallId, request: &Request) -> Step {
    let send = Send::new();
    send.set_url(&request.url);
    // The core writes JSON, which is UTF-8; nothing is lost here.
    send.set_body(&String::from_utf8_lossy(&request.body));
    send.set_timeout_ms(request.timeout_ms as f64);
    let step = numbered(id);
    step.set_send(&send);
    step
}

/// The end of a call.
pub fn done(id: CallId, result: Result<String>) -> Step {
    match result {
        Ok(json) => {
            let step = numbered(id);
            step.set_result(&json);
            step
        }
        Err(error) => failed(id, &error),
    }
}

/// The end of a call that failed.
pub fn failed(id: CallId, error: &Error) -> Step {
    let step = numbered(id);
    step.set_error(&record(error));
    step
}

fn numbered(id: CallId) -> Step {
    let step = Step::new();
    step.set_id(id);
    step
}
