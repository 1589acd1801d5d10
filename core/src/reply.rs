//! From an answer to a result or an error. The service says in `ErrorCode` how a call ended, always with HTTP 200; the
//! code decides first, then the HTTP status.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Kind, Result, Retry, lookup_for};
use crate::http::Reply;
use crate::json::top_fields;
use crate::redact::redact_known;
use crate::schema::names::Style;
use crate::schema::walk::{self, MAX_REPLY_BYTES};
use crate::schema::{Endpoint, JsonSink, Op, Sink};
use crate::usersig::MAX_USER_SIG_CHARS;

/// How much of a failed answer, and of its `ErrorInfo`, an error keeps, in bytes.
const KEPT_BODY_BYTES: usize = 2048;

/// What every answer has, more or less: some calls show no `ActionStatus`, some no `ErrorInfo`, and `ErrorInfo`
/// may say "OK" on success. So `ErrorCode` decides, or `ActionStatus` where it is missing.
struct Envelope {
    code: Option<Value>,
    info: Option<Value>,
    status: Option<Value>,
}

/// What an answer's `ErrorCode` says.
enum Code {
    Is(i64),
    /// It is there, but not a whole number.
    Unreadable,
    Missing,
}

impl Envelope {
    fn read(json: &str) -> serde_json::Result<Self> {
        let [code, info, status] = top_fields(json, ["ErrorCode", "ErrorInfo", "ActionStatus"])?;
        Ok(Self { code, info, status })
    }

    fn code(&self) -> Code {
        let Some(code) = &self.code else { return Code::Missing };
        let whole = |number: f64| (number.fract() == 0.0 && number.abs() <= MAX_SAFE).then_some(number as i64);
        let read = match code {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        read.map_or(Code::Unreadable, Code::Is)
    }

    fn has_status(&self, wanted: &str) -> bool {
        self.status.as_ref().and_then(Value::as_str).is_some_and(|status| status.trim().eq_ignore_ascii_case(wanted))
    }
}

/// Largest whole number up to which every one is exact as a float: 2^53.
const MAX_SAFE: f64 = 9_007_199_254_740_992.0;

/// A successful answer, with what is needed to read it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The call.
    pub op: &'static Op,
    /// The answer as it came.
    pub reply: Reply,
    /// Attempts that the call took; 0 for an answer that came by the caller's own HTTP.
    pub attempts: u32,
}

impl Answer {
    /// Takes an answer that came by the caller's own HTTP. Fails with what the service, or a gateway, reported.
    pub fn check(op: &'static Op, reply: Reply) -> Result<Self> {
        check(op, &reply)?;
        Ok(Self { op, reply, attempts: 0 })
    }

    /// Reads it into a language's own objects.
    pub fn read_into(&self, style: Style, sink: &mut dyn Sink) -> Result<()> {
        walk::reply(self.op.reply, &self.reply.json(), style, sink).map_err(|error| {
            self.unread(error.cure("look at the raw answer, and report it: the call itself succeeded"))
        })
    }

    /// Reads it as JSON text for JavaScript: camelCase, numbers beyond 2^53 as text.
    pub fn to_javascript(&self) -> Result<String> {
        let mut sink = JsonSink::for_javascript(self.op, 2 * MAX_REPLY_BYTES);
        self.read_into(Style::Camel, &mut sink)?;
        String::from_utf8(sink.into_bytes()).map_err(|error| self.unread(Error::new(Kind::Internal, error.to_string())))
    }

    fn unread(&self, error: Error) -> Error {
        let mut error = error.during(self.op.name);
        error.http_status = Some(self.reply.status);
        error.attempts = self.attempts;
        error.maybe_applied = true;
        error
    }
}

impl<Request, Output: DeserializeOwned> Endpoint<Request, Output> {
    /// Reads a successful answer into its Rust type.
    pub fn read(&'static self, answer: &Answer) -> Result<Output> {
        // Through the walker, which takes what the service really sends: null for a list, lists left out.
        let mut sink = JsonSink::new(2 * MAX_REPLY_BYTES);
        answer.read_into(Style::Wire, &mut sink)?;
        serde_json::from_slice(&sink.into_bytes()).map_err(|error| {
            let refusal = unreadable(self.op(), &answer.reply, "the answer does not have the documented types");
            answer.unread(refusal.error.cause(error.to_string()))
        })
    }
}

/// An answer that is not a success.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub error: Error,
    pub retry: Retry,
}

/// Tells whether an answer is a success; if not, says what it is instead.
pub fn check(op: &'static Op, reply: &Reply) -> Result<()> {
    judge(op, reply, &[], None).map_err(|refusal| refusal.error)
}

/// Does the same, hides these UserSigs in the error, and says what a retry is worth. `unix_s` is the service's time.
pub(crate) fn judge(op: &'static Op, reply: &Reply, known: &[&str], unix_s: Option<u64>) -> Result<(), Refusal> {
    verdict(op, reply).map_err(|Refusal { mut error, retry }| {
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
        if let (429 | 503, Some(asked_ms)) = (reply.status, reply.retry_after_ms(unix_s)) {
            error.retry_after_ms = Some(asked_ms.max(error.retry_after_ms.unwrap_or(0)));
        }
        Refusal { error, retry }
    })
}

fn verdict(op: &'static Op, reply: &Reply) -> Result<(), Refusal> {
    let is_http_ok = (200..300).contains(&reply.status);
    if reply.body.len() > MAX_REPLY_BYTES {
        return Err(unreadable(op, reply, "the answer is longer than 16 MiB").never());
    }
    let body = reply.json();
    let envelope = match Envelope::read(&body) {
        Ok(envelope) => envelope,
        _ if !is_http_ok => return Err(http_fault(op, reply, false)),
        _ if body.is_empty() => return Err(unreadable(op, reply, "the answer is empty")),
        outcome => {
            return Err(match (reply.compression(), outcome) {
                (Some(encoding), _) => compressed(op, reply, encoding),
                (None, Err(error)) if error.is_eof() => unreadable(op, reply, "the answer was cut short"),
                _ => unreadable(op, reply, "the answer is not the JSON object that the service sends"),
            });
        }
    };
    match envelope.code() {
        Code::Is(0) if envelope.has_status("fail") => Err(contradiction(
            op,
            reply,
            "the answer says FAIL with ErrorCode 0",
            "founding page and code disagree: the code says success, the status says failure",
        )),
        Code::Is(0) if is_http_ok => Ok(()),
        Code::Is(0) => Err(http_fault(op, reply, true)),
        Code::Is(code) => Err(service_fault(op, reply, code, envelope.info)),
        Code::Unreadable if is_http_ok => Err(contradiction(
            op,
            reply,
            "the answer's ErrorCode is not a whole number",
            "something between here and the service changed the answer",
        )),
        Code::Unreadable | Code::Missing if !is_http_ok => Err(http_fault(op, reply, false)),
        Code::Missing if envelope.has_status("ok") => Ok(()),
        _ => Err(unreadable(op, reply, "the answer has no ErrorCode")),
    }
}

/// An error that the service reported by its code.
fn service_fault(op: &'static Op, reply: &Reply, code: i64, info: Option<Value>) -> Refusal {
    let known = lookup_for(op, code);
    let info = info.and_then(|info| info.as_str().map(|info| start_of(info, KEPT_BODY_BYTES).to_owned()));
    let kind = known.map_or(Kind::Server, |row| row.kind);
    let retry = known.map_or(Retry::Unknown, |row| row.retry);
    let mut error = failed(op, reply, kind, format!("the service answered {code}"));
    error.code = Some(code);
    error.error_info = info.filter(|info| !info.is_empty());
    if let Some(row) = known {
        error.cause = Some(row.cause.into());
        error.cure = Some(row.cure.into());
    }
    error.retry_after_ms = retry.least_ms();
    // A fault or time-out inside the service can hide a call that was carried out; a refusal cannot.
    error.maybe_applied = kind == Kind::Server;
    Refusal { error, retry }
}

/// Something between here and the service answered instead, such as a gateway's 502 page. `says_ok` when the body all
/// the same is the service's success.
fn http_fault(op: &'static Op, reply: &Reply, says_ok: bool) -> Refusal {
    let status = reply.status;
    let (kind, cause, cure) = match status {
        300..=399 => (Kind::Protocol, "the address redirects instead of answering", "check the base URL"),
        407 => (Kind::Transport, "a proxy asks for a login", "check the proxy's user name and password"),
        429 => (
            Kind::RateLimited,
            "a gateway on the way limits the rate",
            "make fewer calls at once, and wait before the next one",
        ),
        400..=499 => {
            (Kind::Protocol, "something other than the service answered", "check the base URL and any proxy on the way")
        }
        _ => (
            Kind::Server,
            "a gateway or the network before the service failed",
            "try again later; the service itself always answers 200",
        ),
    };
    let mut error =
        failed(op, reply, kind, format!("HTTP status {status} instead of an answer")).cause(cause).cure(cure);
    // An interim status at the end means that the answer proper was lost.
    error.maybe_applied = says_ok || !(200..500).contains(&status);
    let retry = match status {
        429 => Retry::SlowDown(TOO_MANY_MS),
        _ if error.kind == Kind::Server => Retry::Yes,
        _ => Retry::No,
    };
    if retry != Retry::Yes {
        error.retry_after_ms = retry.least_ms();
    }
    Refusal { error, retry }
}

/// How long to wait after HTTP 429 without `Retry-After`, in milliseconds.
const TOO_MANY_MS: u32 = 1_000;

fn unreadable(op: &'static Op, reply: &Reply, message: &'static str) -> Refusal {
    let mut error = failed(op, reply, Kind::Protocol, message)
        .cause("the connection broke in the middle, or something other than the service answered")
        .cure("look at the error's body, and check the base URL and any proxy on the way");
    error.maybe_applied = true;
    Refusal { error, retry: Retry::Yes }
}

/// An answer that would be the same again.
fn contradiction(op: &'static Op, reply: &Reply, message: &'static str, cause: &'static str) -> Refusal {
    let mut refusal = unreadable(op, reply, message).never();
    refusal.error.cause = Some(cause.into());
    refusal
}

fn compressed(op: &'static Op, reply: &Reply, encoding: &str) -> Refusal {
    let shown: String = encoding.chars().take(20).filter(char::is_ascii_graphic).collect();
    let mut refusal = unreadable(op, reply, "the answer is compressed").never();
    refusal.error.cause = Some(format!("it came as {shown}, although the request accepts no compression").into());
    refusal.error.cure = Some("switch compression off in the proxy or gateway on the way".into());
    refusal
}

impl Refusal {
    fn never(mut self) -> Self {
        self.retry = Retry::No;
        self
    }
}

fn failed(op: &'static Op, reply: &Reply, kind: Kind, message: impl Into<Cow<'static, str>>) -> Error {
    let mut error = Error::new(kind, message).during(op.name);
    error.http_status = Some(reply.status);
    error
}

/// The beginning of a text, at most so many bytes.
fn start_of(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_sig_that_comes_back_is_hidden() {
        let op = crate::api::accounts::KICK.op();
        let page = "<p>cannot reach /v4/x?sdkappid=1&usersig=eJyrVgrx-*_&random=1 and usersig=abc</p>";
        let error = check(op, &Reply { status: 502, body: page.into(), ..Reply::default() }).expect_err("a fault");
        let kept = "<p>cannot reach /v4/x?(hidden) and usersig=(hidden)</p>";
        assert_eq!(error.body.as_deref(), Some(kept));
        let body = r#"{"ErrorCode":60005,"ErrorInfo":"bad usersig=eJyrVgrx"}"#;
        let error = check(op, &Reply { status: 200, body: body.into(), ..Reply::default() }).expect_err("a fault");
        assert!(!format!("{error:?} {error}").contains("eJyr"), "{error:?}");
    }
}
