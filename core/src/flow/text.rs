//! Steps as texts for JavaScript, whichever way it reaches the core; `js/steps.ts` of bindings-wasm says how they are
//! written. An object with its properties, each made from this side of the border, would cost more than the step itself.

use super::{CallId, Step};
use crate::error::{Error, Result};
use crate::http::Request;
use crate::schema::names::Style;

/// A call's next step.
pub fn of(id: CallId, step: Step) -> String {
    match step {
        Step::Send(request) => send(id, &request),
        Step::Wait { until_ms } => format!("w{id} {until_ms}"),
        Step::Done(result) => done(result.and_then(|answer| answer.to_javascript())),
    }
}

/// A request to send: always a POST of JSON. Holds a UserSig, so it must not be logged.
pub fn send(id: CallId, request: &Request) -> String {
    // The core writes JSON, which is UTF-8; nothing is lost here.
    let body = String::from_utf8_lossy(&request.body);
    let head = format!("s{id} {}", request.timeout_ms);
    [&head, &request.url, &*body].join("\n")
}

/// The end of a call.
pub fn done(result: Result<String>) -> String {
    match result {
        Ok(json) => ["r", &json].concat(),
        Err(error) => failed(&error),
    }
}

/// The end of a call that failed.
pub fn failed(error: &Error) -> String {
    format!("e{}", error.to_json(Style::Camel))
}
