//! From an answer to a result or an error: the service says in `ErrorCode` how a call ended, always with HTTP 200.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind, Result, Retry, lookup};
use crate::http::Reply;
use crate::redact::redact_known;
use crate::schema::names::Style;
use crate::schema::walk::{self, MAX_REPLY_BYTES};
use crate::schema::{Endpoint, JsonSink, Op, Sink};
use crate::usersig::MAX_USER_SIG_CHARS;

/// How much of a failed answer, and of its `ErrorInfo`, an error keeps, in bytes.
const KEPT_BODY_BYTES: usize = 2048;

/// What every answer has, more or less: some calls show no `ActionStatus`, some no `ErrorInfo`, and `ErrorInfo`
/// may say "OK" on success. So only `ErrorCode` decides, or `ActionStatus` where it is missing.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "ErrorCode")]
    code: Option<serde_json::Value>,
    #[serde(rename = "ErrorInfo")]
    info: Option<serde_json::Value>,
    #[serde(rename = "ActionStatus")]
    status: Option<serde_json::Value>,
}

impl Envelope {
    fn code(&self) -> Option<i64> {
        let code = self.code.as_ref()?;
        code.as_i64().or_else(|| code.as_str()?.trim().parse().ok())
    }

    fn is_ok(&self) -> bool {
        self.status.as_ref().and_then(|status| status.as_str()).is_some_and(|status| status.eq_ignore_ascii_case("ok"))
    }
}

/// Tells whether an answer is a success; if not, says what it is instead.
pub fn check(op: &'static Op, reply: &Reply) -> Result<()> {
    check_known(op, reply, &[])
}

/// Does the same, and hides these UserSigs in the error.
pub(crate) fn check_known(op: &'static Op, reply: &Reply, known: &[&str]) -> Result<()> {
    judge(op, reply).map_err(|mut error| {
        if let Some(info) = error.error_info.take() {
            let info = redact_known(&info, known);
            error.message = format!("{}: {info}", error.message).into();
            error.error_info = Some(info);
        }
        if !reply.body.is_empty() {
            // Looked at beyond what is kept: a UserSig that is cut in the middle is hidden, too.
            let start = &reply.body[..reply.body.len().min(KEPT_BODY_BYTES + MAX_USER_SIG_CHARS)];
            let clean = redact_known(&String::from_utf8_lossy(start), known);
            error.body = Some(start_of(&clean, KEPT_BODY_BYTES).into());
        }
        error
    })
}

fn judge(op: &'static Op, reply: &Reply) -> Result<()> {
    let is_http_ok = (200..300).contains(&reply.status);
    // A derived struct would read a JSON list, too.
    let is_object = reply.body.trim_ascii_start().first() == Some(&b'{');
    let envelope = match serde_json::from_slice::<Envelope>(&reply.body) {
        _ if reply.body.len() > MAX_REPLY_BYTES => {
            return Err(unreadable(op, reply, "the answer is longer than 16 MiB"));
        }
        Ok(envelope) if is_object => envelope,
        _ if !is_http_ok => return Err(http_fault(op, reply)),
        _ if reply.body.is_empty() => return Err(unreadable(op, reply, "the answer is empty")),
        Err(error) if error.is_eof() => return Err(unreadable(op, reply, "the answer was cut short")),
        _ => return Err(unreadable(op, reply, "the answer is not the JSON object that the service sends")),
    };
    match envelope.code() {
        Some(0) => Ok(()),
        Some(code) => Err(service_fault(op, reply, code, envelope.info)),
        None if !is_http_ok => Err(http_fault(op, reply)),
        None if envelope.is_ok() => Ok(()),
        None => Err(unreadable(op, reply, "the answer has no ErrorCode")),
    }
}

/// An error that the service reported by its code.
fn service_fault(op: &'static Op, reply: &Reply, code: i64, info: Option<serde_json::Value>) -> Error {
    let known = lookup(code);
    let info = info.and_then(|info| info.as_str().map(|info| start_of(info, KEPT_BODY_BYTES).to_owned()));
    let kind = known.map_or(Kind::Server, |row| row.kind);
    let mut error = failed(op, reply, kind, format!("the service answered {code}"));
    error.code = Some(code);
    error.error_info = info.filter(|info| !info.is_empty());
    if let Some(row) = known {
        error.cause = Some(row.cause.into());
        error.cure = Some(row.cure.into());
        if let Retry::AfterWait(pause_ms) = row.retry {
            error.retry_after_ms = Some(pause_ms.into());
        }
    }
    // A fault or time-out inside the service can hide a call that was carried out; a refusal cannot.
    error.maybe_applied = kind == Kind::Server;
    error
}

/// Something between here and the service answered instead, such as a gateway's 502 page.
fn http_fault(op: &'static Op, reply: &Reply) -> Error {
    let status = reply.status;
    let (kind, cause, cure) = match status {
        300..=399 => (Kind::Protocol, "the address redirects instead of answering", "check the base URL"),
        407 => (Kind::Transport, "a proxy asks for a login", "check the proxy's user name and password"),
        400..=499 => {
            (Kind::Protocol, "something else than the service answered", "check the base URL and any proxy on the way")
        }
        _ => (
            Kind::Server,
            "a gateway or the network before the service failed",
            "try again; the service itself always answers 200",
        ),
    };
    let mut error =
        failed(op, reply, kind, format!("HTTP status {status} instead of an answer")).cause(cause).cure(cure);
    error.maybe_applied = status >= 500;
    error
}

fn unreadable(op: &'static Op, reply: &Reply, message: &'static str) -> Error {
    let mut error = failed(op, reply, Kind::Protocol, message)
        .cause("the connection broke in the middle, or something else than the service answered")
        .cure("look at the error's body, and check the base URL and any proxy on the way");
    error.maybe_applied = true;
    error
}

fn failed(op: &'static Op, reply: &Reply, kind: Kind, message: impl Into<Cow<'static, str>>) -> Error {
    let mut error = Error::new(kind, message).during(op.name);
    error.http_status = Some(reply.status);
    error
}

/// The beginning of a text, at most so many bytes.
fn start_of(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// Reads a successful answer into a language's own objects. Any other answer is for [`check`] first; those that a
/// [`Call`](crate::flow::Call) ends with have passed it.
pub fn read_into(op: &'static Op, reply: &Reply, style: Style, sink: &mut dyn Sink) -> Result<()> {
    walk::reply(op.reply, &reply.body, style, sink).map_err(|error| {
        let mut error = error.during(op.name).cure("look at the raw answer, and report it: the call itself succeeded");
        error.http_status = Some(reply.status);
        error.maybe_applied = true;
        error
    })
}

/// Reads a successful answer, as [`read_into`] does, as JSON text for JavaScript: camelCase, numbers beyond 2^53 as text.
pub fn read_for_javascript(op: &'static Op, reply: &Reply) -> Result<String> {
    let mut sink = JsonSink::for_javascript(2 * MAX_REPLY_BYTES);
    read_into(op, reply, Style::Camel, &mut sink)?;
    String::from_utf8(sink.into_bytes()).map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

impl<Request, Answer: DeserializeOwned> Endpoint<Request, Answer> {
    /// Reads an answer into its Rust type.
    pub fn read(&'static self, reply: &Reply) -> Result<Answer> {
        check(self.op(), reply)?;
        serde_json::from_slice(&reply.body).map_err(|error| {
            unreadable(self.op(), reply, "the answer does not have the documented types").cause(error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_sig_that_comes_back_is_hidden() {
        let op = crate::api::accounts::KICK.op();
        let page = "<p>cannot reach /v4/x?sdkappid=1&usersig=eJyrVgrx-*_&random=1 and usersig=abc</p>";
        let error = check(op, &Reply { status: 502, date: None, body: page.into() }).expect_err("a fault");
        let kept = "<p>cannot reach /v4/x?sdkappid=1&usersig=(hidden)&random=1 and usersig=(hidden)</p>";
        assert_eq!(error.body.as_deref(), Some(kept));
        let body = r#"{"ErrorCode":60005,"ErrorInfo":"bad usersig=eJyrVgrx"}"#;
        let error = check(op, &Reply { status: 200, date: None, body: body.into() }).expect_err("a fault");
        assert!(!format!("{error:?} {error}").contains("eJyr"), "{error:?}");
    }
}
