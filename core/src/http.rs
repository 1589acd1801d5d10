//! Requests and replies as plain structs: any HTTP library can carry them.

use std::borrow::Cow;

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
///
/// A compressed answer is not wanted: answers are small, and what a proxy sends compressed all the same is told from one
/// that broke.
pub(crate) const HEADERS: &[(&str, &str)] = &[("Content-Type", "application/json"), ("Accept-Encoding", "identity")];

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
    /// The `Date` header, if any.
    pub date: Option<String>,
    /// The `Retry-After` header, if any.
    pub retry_after: Option<String>,
    /// The `Content-Encoding` header, if any and if the body still has that encoding.
    pub encoding: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as text, without a byte order mark and mended if it is nearly JSON.
    pub(crate) fn json(&self) -> Cow<'_, str> {
        crate::json::text_of(&self.body)
    }

    /// The content encoding that the body still has, although none was asked for.
    pub(crate) fn compression(&self) -> Option<&str> {
        match self.encoding.as_deref().map(str::trim) {
            Some(encoding) if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") => Some(encoding),
            // The head of gzip data (RFC 1952), also where it was read as text.
            _ if self.body.starts_with(b"\x1f\x8b") || self.body.starts_with("\x1f\u{fffd}".as_bytes()) => Some("gzip"),
            _ => None,
        }
    }

    /// How long `Retry-After` asks to wait, in milliseconds: it holds seconds, or a date that is compared with the given
    /// time of the service, or with the `Date` header.
    pub(crate) fn retry_after_ms(&self, unix_s: Option<u64>) -> Option<u64> {
        let value = self.retry_after.as_deref()?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(seconds.saturating_mul(1000));
        }
        let then = parse_date(value)?;
        let now = self.date.as_deref().and_then(parse_date).or_else(|| i64::try_from(unix_s?).ok())?;
        Some(u64::try_from(then.saturating_sub(now)).unwrap_or(0) * 1000)
    }
}

/// Reads a date of the form `Sun, 06 Nov 1994 08:49:37 GMT`, the only one that servers send (RFC 9110), as Unix seconds.
pub(crate) fn parse_date(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = date.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut time = parts.next()?.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let in_range = (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !in_range || parts.next() != Some("GMT") {
        return None;
    }
    // Days from the civil date: years that begin in March, so that the leap day comes last.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(parse_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse_date("Thu, 29 Feb 2024 12:00:00 GMT"), Some(1_709_208_000));
        for bad in [
            "",
            "now",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |value: &str, date: Option<&str>, unix_s| {
            let (retry_after, date) = (Some(value.to_owned()), date.map(str::to_owned));
            Reply { retry_after, date, ..Reply::default() }.retry_after_ms(unix_s)
        };
        let (date, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(after(" 3 ", None, None), Some(3_000));
        assert_eq!(after("0", None, None), Some(0));
        assert_eq!(after("99999999999999999999", None, None), None);
        assert_eq!(after(later, Some(date), None), Some(30_000));
        assert_eq!(after(later, None, Some(784_111_777)), Some(30_000));
        assert_eq!(after(date, Some(later), None), Some(0), "in the past");
        assert_eq!(after(later, None, None), None, "nothing to compare with");
        for bad in ["", "-1", "1.5", "soon"] {
            assert_eq!(after(bad, Some(date), None), None, "{bad}");
        }
    }
}
