//! What JavaScript does next, as a plain object.

use napi_derive::napi;
use tencent_im_core::flow::{self, CallId};
use tencent_im_core::http::Request;
use tencent_im_core::reply::read_for_javascript;
use tencent_im_core::schema::Op;
use tencent_im_core::{Error, Result};

use crate::guard::record;

/// What a call does next: exactly one of `send`, `waitUntilMs`, `result` and `error` is there.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct Step {
    /// The call's number; 0 where there is no call under way.
    pub id: u32,
    /// Send this and report.
    pub send: Option<Send>,
    /// Poll again at this time of the monotonic clock.
    pub wait_until_ms: Option<f64>,
    /// The call succeeded: its result as JSON text.
    pub result: Option<String>,
    /// The call failed: the error's record as JSON text.
    pub error: Option<String>,
}

/// A request: always a POST of JSON.
#[napi(object, object_from_js = false)]
pub struct Send {
    /// The whole URL. It holds a UserSig: not to be logged.
    pub url: String,
    /// The body, JSON text.
    pub body: String,
    /// How long to wait for the whole answer, in milliseconds from now.
    pub timeout_ms: f64,
}

impl Step {
    /// A call's next step. `op` reads the result where the call is done.
    pub fn of(id: CallId, op: Option<&'static Op>, step: flow::Step) -> Self {
        match step {
            flow::Step::Send(request) => Self { id, send: Some(request.into()), ..Self::default() },
            flow::Step::Wait { until_ms } => Self { id, wait_until_ms: Some(until_ms as f64), ..Self::default() },
            flow::Step::Done(Ok(reply)) => match op {
                Some(op) => Self::done(id, read_for_javascript(op, &reply)),
                None => Self::failed(id, &Error::new(tencent_im_core::Kind::Internal, "an answer to no call")),
            },
            flow::Step::Done(Err(error)) => Self::failed(id, &error),
        }
    }

    /// The end of a call.
    pub fn done(id: CallId, result: Result<String>) -> Self {
        match result {
            Ok(json) => Self { id, result: Some(json), ..Self::default() },
            Err(error) => Self::failed(id, &error),
        }
    }

    /// The end of a call that failed.
    pub fn failed(id: CallId, error: &Error) -> Self {
        Self { id, error: Some(record(error)), ..Self::default() }
    }
}

impl From<Request> for Send {
    fn from(request: Request) -> Self {
        Self {
            url: request.url,
            // The core writes JSON, which is UTF-8; nothing is lost here.
            body: String::from_utf8(request.body)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
            timeout_ms: request.timeout_ms as f64,
        }
    }
}
