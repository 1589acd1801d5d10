//! Whether a request is genuine: `Sign` in its query is the SHA-256 of the app's token and `RequestTime`.
//!
//! The signature covers neither the body nor the rest of the query, so that only HTTPS keeps those from being changed.

use core::fmt;

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::query::Query;
use super::refused;
use crate::error::{Error, Result};

/// A token from the console, taken into the hash already.
///
/// Wiped on drop; `Debug` never shows it.
#[derive(Clone)]
pub(super) struct Token(Sha256);

impl Token {
    pub fn new(token: &str) -> Self {
        Self(Sha256::new_with_prefix(token))
    }

    fn sign(&self, request_time: &str) -> [u8; 32] {
        self.0.clone().chain_update(request_time).finalize().into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Signs as the service does: what a test or a simulator sends as `Sign` with this `RequestTime`, in Unix seconds.
pub fn sign(token: &str, request_time_s: u64) -> String {
    hex(&Token::new(token).sign(&request_time_s.to_string()))
}

/// Lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Whether requests must prove that they come from the service.
#[derive(Clone, Debug)]
pub(super) enum Verification {
    /// They need not, by the app's own wish.
    Off,
    /// They must be signed.
    On {
        /// With one of these tokens: several during a rotation.
        tokens: Vec<Token>,
        /// At a time at most so many seconds from now.
        tolerance_s: u64,
    },
}

impl Verification {
    /// Passes a genuine request.
    ///
    /// The signature is looked at before the time: a wrong time is then that of the service or of this machine, or an old
    /// request that someone sends again. All tokens are tried, and each comparison takes the same time.
    pub fn check(&self, query: &Query, now_s: u64) -> Result<()> {
        let Self::On { tokens, tolerance_s } = self else { return Ok(()) };
        let sign = query.sign.as_deref().ok_or_else(|| {
            unsigned("the query has no Sign").cure(
                "switch webhook authentication on in the console, with the same token; if it cannot be, switch \
                 verification off by name",
            )
        })?;
        let sign = read_sign(sign)?;
        let request_time = query.request_time.as_deref().ok_or_else(|| unsigned("the query has no RequestTime"))?;
        let at_s = read_time(request_time)?;
        let genuine =
            tokens.iter().fold(Choice::from(0), |genuine, token| genuine | token.sign(request_time).ct_eq(&sign));
        if !bool::from(genuine) {
            return Err(unsigned("the Sign does not fit the token")
                .cause("the request is forged, or the token in the console is another one")
                .cure("compare the token with the one in the console"));
        }
        check_time(at_s, now_s, *tolerance_s)
    }
}

fn unsigned(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    refused(401, message)
}

fn read_sign(text: &str) -> Result<[u8; 32]> {
    let mut sign = [0; 32];
    if text.len() != 2 * sign.len() {
        return Err(unsigned(format!("the Sign has {} characters instead of 64", text.len())));
    }
    for (byte, pair) in sign.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |letter: u8| match letter {
            b'0'..=b'9' => Ok(letter - b'0'),
            b'a'..=b'f' => Ok(letter - b'a' + 10),
            b'A'..=b'F' => Err(unsigned("the Sign has capital letters; the service writes small ones")),
            _ => Err(unsigned("the Sign is not hexadecimal")),
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(sign)
}

fn read_time(text: &str) -> Result<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { text.parse().ok() } else { None };
    number.ok_or_else(|| unsigned("the RequestTime is not a Unix time in seconds"))
}

fn check_time(at_s: u64, now_s: u64, tolerance_s: u64) -> Result<()> {
    /// 1 January 2100, in seconds.
    const FAR_FUTURE_S: u64 = 4_102_444_800;
    let distance_s = at_s.abs_diff(now_s);
    if distance_s <= tolerance_s {
        return Ok(());
    }
    let (fault, cause) = if at_s >= FAR_FUTURE_S * 10 && now_s < FAR_FUTURE_S {
        ("the RequestTime looks like milliseconds".into(), "the service writes seconds")
    } else if at_s > now_s {
        (format!("the request is from {distance_s} s in the future"), "the clock of this machine is slow")
    } else {
        (
            format!("the request is {distance_s} s old"),
            "someone sends an old request again, it waited on the way, or the clock of this machine is fast",
        )
    };
    Err(unsigned(fault).cause(cause).cure(format!("check the clock; at most {tolerance_s} s are tolerated")))
}
