//! Requests and replies as plain structs: any HTTP library can carry them.

use core::fmt;

/// A request to send. The URL holds a UserSig: do not log it; `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Always `POST`.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Headers to send.
    pub headers: &'static [(&'static str, &'static str)],
    /// The JSON body.
    pub body: Vec<u8>,
    /// How long to wait for the whole answer, in milliseconds from now.
    pub timeout_ms: u64,
}

/// The headers of every request.
pub(crate) const HEADERS: &[(&str, &str)] = &[("Content-Type", "application/json")];

impl Request {
    /// The URL without its query, which holds the UserSig.
    pub fn redacted_url(&self) -> &str {
        self.url.split_once('?').map_or(&self.url, |(start, _)| start)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.redacted_url())
            .field("body_bytes", &self.body.len())
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

/// An answer as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The `Date` header, where there was one.
    pub date: Option<String>,
    /// The body, decoded from any content encoding.
    pub body: Vec<u8>,
}

/// How sending failed, as far as the HTTP library can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection: DNS, connect, TLS. The service has not seen the request.
    NotSent,
    /// The connection broke after the request began to go out.
    Lost,
    /// No whole answer in time.
    Timeout,
    /// The answer is longer than [`crate::schema::walk::MAX_REPLY_BYTES`].
    TooLarge,
}

impl FailureKind {
    /// Its name in the bindings.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "not_sent" => Self::NotSent,
            "lost" => Self::Lost,
            "timeout" => Self::Timeout,
            "too_large" => Self::TooLarge,
            _ => return None,
        })
    }
}

/// A failure to send or to receive. The detail is the HTTP library's as it stands: the core takes secrets out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How it failed.
    pub kind: FailureKind,
    /// The library's words, such as `connection refused`.
    pub detail: String,
}
