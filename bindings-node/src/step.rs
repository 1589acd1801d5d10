//! What JavaScript does next, as one text; `js/steps.ts` of bindings-wasm says how it is written. An object with its
//! properties, each made from this side of the border, would cost more than the step itself.

use tencent_im_core::flow::{self, CallId};
use tencent_im_core::http::Request;
use tencent_im_core::reply::read_for_javascript;
use tencent_im_core::schema::Op;
use tencent_im_core::{Error, Kind, Result};

use crate::guard::record;

/// A call's next step. `op` reads the result where the call is done.
pub fn of(id: CallId, op: Option<&'static Op>, step: flow::Step) -> String {
    match step {
        flow::Step::Send(request) => send(id, &request),
        flow::Step::Wait { until_ms } => format!("w{id} {until_ms}"),
        flow::Step::Done(Ok(reply)) => {
            let no_op = || Error::new(Kind::Internal, "an answer to no call");
            done(op.ok_or_else(no_op).and_then(|op| read_for_javascript(op, &reply)))
        }
        flow::Step::Done(Err(error)) => failed(&error),
    }
}

/// A request to send: always a POST of JSON. It holds a UserSig: not to be logged.
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
    format!("e{}", record(error))
}
