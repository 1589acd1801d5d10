//! A fault rule: which requests it concerns, when it fires, what it does.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;

use crate::families::Route;

/// Largest body that can be asked for, in MiB.
const MAX_MIB: u32 = 1024;

/// What a gateway in front of the service shows.
const GATEWAY_PAGE: &str = "<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// A checked rule.
#[derive(Debug)]
pub struct Rule {
    /// Only requests of this call: its path, its command, its service, or its name in the SDK. Defaults to all.
    pub call: Option<String>,
    /// Lets so many matching requests pass first.
    pub skip: u64,
    /// Fires so many times, then never again.
    pub next: Option<u64>,
    /// Fires with this probability.
    pub probability: Option<f64>,
    /// Milliseconds to wait before whatever the client gets to see.
    pub delay_ms: u64,
    /// Whether the service carries the request out, whatever the client gets to see.
    pub applied: bool,
    /// What the client gets to see.
    pub kind: Kind,
}

/// What the client gets to see.
#[derive(Debug)]
pub enum Kind {
    /// Another HTTP status, with a page instead of JSON.
    HttpStatus { status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: String },
    /// The connection ends without a byte of an answer: by RST, or by FIN.
    NoAnswer { name: &'static str, with_fin: bool },
    /// The right answer, late.
    Delay,
    /// The headers and half of the body.
    CutBody,
    /// HTTP 200 and nothing.
    EmptyBody,
    /// A success of so many MiB.
    OversizedBody { mib: u32, is_chunked: bool },
    /// An error of the service.
    ErrorCode { code: i64, info: Option<String> },
    /// HTTP 200 and a text that is not JSON.
    NotJson { body: String },
    /// Nothing, for ever.
    Never,
}

impl Kind {
    /// Its name in the control plane.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::HttpStatus { .. } => "http_status",
            Kind::NoAnswer { name, .. } => name,
            Kind::Delay => "delay",
            Kind::CutBody => "cut_body",
            Kind::EmptyBody => "empty_body",
            Kind::OversizedBody { .. } => "oversized_body",
            Kind::ErrorCode { .. } => "error_code",
            Kind::NotJson { .. } => "not_json",
            Kind::Never => "never",
        }
    }
}

impl Rule {
    /// Whether it is about a request's call.
    pub fn concerns(&self, path: &str, route: Option<&Route>) -> bool {
        let Some(call) = self.call.as_deref() else { return true };
        let path = path.strip_prefix('/').unwrap_or(path);
        path == call
            || path.split('/').skip(1).any(|part| part == call)
            || route.is_some_and(|route| route.op.name == call)
    }
}

/// A rule as it comes in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    kind: String,
    call: Option<String>,
    #[serde(default)]
    skip: u64,
    next: Option<u64>,
    probability: Option<f64>,
    delay_ms: Option<u64>,
    applied: Option<bool>,
    status: Option<u16>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
    fin: Option<bool>,
    mib: Option<u32>,
    chunked: Option<bool>,
    code: Option<i64>,
    info: Option<String>,
}

impl TryFrom<Raw> for Rule {
    type Error = String;

    /// A rule that could never do what it says is refused: a test that relies on it would pass for nothing.
    fn try_from(mut raw: Raw) -> Result<Self, String> {
        if raw.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err("probability is not between 0 and 1".into());
        }
        let mut is_always_applied = None;
        let kind = match raw.kind.as_str() {
            "http_status" => Kind::HttpStatus {
                status: status(raw.status.take().unwrap_or(502))?,
                headers: headers(raw.headers.take().unwrap_or_default())?,
                body: raw.body.take().unwrap_or_else(|| GATEWAY_PAGE.into()),
            },
            "reset_before" => {
                is_always_applied = Some(false);
                Kind::NoAnswer { name: "reset_before", with_fin: raw.fin.take().unwrap_or(false) }
            }
            "reset_after" => {
                is_always_applied = Some(true);
                Kind::NoAnswer { name: "reset_after", with_fin: raw.fin.take().unwrap_or(false) }
            }
            "delay" if raw.delay_ms.is_none() => return Err("delay needs delay_ms".into()),
            "delay" => {
                is_always_applied = Some(true);
                Kind::Delay
            }
            "cut_body" => Kind::CutBody,
            "empty_body" => Kind::EmptyBody,
            "oversized_body" => Kind::OversizedBody {
                mib: raw
                    .mib
                    .take()
                    .filter(|mib| (1..=MAX_MIB).contains(mib))
                    .ok_or("oversized_body needs mib, 1 to 1024")?,
                is_chunked: raw.chunked.take().unwrap_or(false),
            },
            "error_code" => Kind::ErrorCode {
                code: raw.code.take().filter(|code| *code != 0).ok_or("error_code needs code, other than 0")?,
                info: raw.info.take(),
            },
            "not_json" => Kind::NotJson { body: raw.body.take().unwrap_or_else(|| GATEWAY_PAGE.into()) },
            "never" => Kind::Never,
            other => return Err(format!("no such kind: {other:?}")),
        };
        if is_always_applied.is_some() && raw.applied.is_some() {
            return Err(format!("applied says nothing about {}", raw.kind));
        }
        raw.refuse_leftovers()?;
        // A body that is cut was a real answer; the other faults stand for something in front of the service.
        let applied = is_always_applied.or(raw.applied).unwrap_or(matches!(kind, Kind::CutBody));
        Ok(Self {
            call: raw.call,
            skip: raw.skip,
            next: raw.next,
            probability: raw.probability,
            delay_ms: raw.delay_ms.unwrap_or(0),
            applied,
            kind,
        })
    }
}

impl Raw {
    /// Every option that a kind knows was taken out by it.
    fn refuse_leftovers(&self) -> Result<(), String> {
        let left = [
            ("status", self.status.is_some()),
            ("headers", self.headers.is_some()),
            ("body", self.body.is_some()),
            ("fin", self.fin.is_some()),
            ("mib", self.mib.is_some()),
            ("chunked", self.chunked.is_some()),
            ("code", self.code.is_some()),
            ("info", self.info.is_some()),
        ];
        match left.iter().find(|(_, is_left)| *is_left) {
            Some((name, _)) => Err(format!("{name} says nothing about {}", self.kind)),
            None => Ok(()),
        }
    }
}

fn status(status: u16) -> Result<StatusCode, String> {
    StatusCode::from_u16(status)
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| format!("{status} is not a final HTTP status"))
}

fn headers(headers: BTreeMap<String, String>) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let read = |(name, value): (String, String)| match (name.parse(), value.parse()) {
        (Ok(name), Ok(value)) => Ok((name, value)),
        _ => Err(format!("{name} is not a header, or its value is not valid")),
    };
    headers.into_iter().map(read).collect()
}
