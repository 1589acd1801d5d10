//! The limits of a call: timeouts, retries, backoff. A client has settings, and a call may have its own.

use super::retry::Backoff;
use crate::error::{Error, Kind, Result};
use crate::options::{
    CallOptions, ClientOptions, DEFAULT_ATTEMPT_TIMEOUT_MS, DEFAULT_BACKOFF_MS, DEFAULT_MAX_BACKOFF_MS,
    DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_MS,
};
use crate::schema::RetryClass;

/// The settings in force. Each waiting call holds them, so they are as small as the options they come from.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Time of a call over all its attempts, in milliseconds.
    pub timeout_ms: u32,
    /// Time of one attempt, in milliseconds; never more than the whole call's.
    pub attempt_timeout_ms: u32,
    /// Retries after the first attempt.
    pub max_retries: u32,
    /// Backoff before retries.
    pub backoff: Backoff,
    /// Whether retries count against the client's budget.
    pub is_budgeted: bool,
    /// The caller's word on retries, instead of the table's.
    pub retry: Option<RetryClass>,
}

const DEFAULT: Policy = Policy {
    timeout_ms: DEFAULT_TIMEOUT_MS,
    attempt_timeout_ms: DEFAULT_ATTEMPT_TIMEOUT_MS,
    max_retries: DEFAULT_MAX_RETRIES,
    backoff: Backoff { first_ms: DEFAULT_BACKOFF_MS, most_ms: DEFAULT_MAX_BACKOFF_MS },
    is_budgeted: true,
    retry: None,
};

impl Policy {
    /// The policy of a client.
    pub fn of_client(options: &ClientOptions) -> Result<Self> {
        let given = CallOptions {
            timeout_ms: options.timeout_ms,
            attempt_timeout_ms: options.attempt_timeout_ms,
            max_retries: options.max_retries,
            backoff_ms: options.backoff_ms,
            max_backoff_ms: options.max_backoff_ms,
            ..CallOptions::default()
        };
        DEFAULT.with(&given)
    }

    /// The policy of a call: its own options over these.
    pub fn with(&self, call: &CallOptions) -> Result<Self> {
        let (attempt_timeout_ms, timeout_ms) =
            TIMES.over((call.attempt_timeout_ms, call.timeout_ms), (self.attempt_timeout_ms, self.timeout_ms))?;
        let (first_ms, most_ms) =
            BACKOFFS.over((call.backoff_ms, call.max_backoff_ms), (self.backoff.first_ms, self.backoff.most_ms))?;
        Ok(Self {
            timeout_ms,
            attempt_timeout_ms,
            max_retries: call.max_retries.unwrap_or(self.max_retries),
            backoff: Backoff { first_ms, most_ms },
            is_budgeted: call.use_retry_budget.unwrap_or(self.is_budgeted),
            retry: match call.idempotent {
                Some(true) => Some(RetryClass::Safe),
                Some(false) => Some(RetryClass::Never),
                None => self.retry,
            },
        })
    }
}

/// Two settings, the first of which must not be more than the second.
struct Pair {
    names: (&'static str, &'static str),
    message: &'static str,
    cure: &'static str,
}

const TIMES: Pair = Pair {
    names: ("attempt_timeout_ms", "timeout_ms"),
    message: "`attempt_timeout_ms` is longer than `timeout_ms`",
    cure: "raise `timeout_ms`, which covers all attempts, or lower `attempt_timeout_ms`",
};

const BACKOFFS: Pair = Pair {
    names: ("backoff_ms", "max_backoff_ms"),
    message: "`backoff_ms` is longer than `max_backoff_ms`",
    cure: "raise `max_backoff_ms`, or lower `backoff_ms`",
};

impl Pair {
    /// Lays those given over the defaults. A default for the first is cut to the second.
    fn over(&self, given: (Option<u32>, Option<u32>), before: (u32, u32)) -> Result<(u32, u32)> {
        let second = given.1.unwrap_or(before.1);
        match given.0 {
            Some(first) if first > second => {
                let at = if given.1.is_some() { self.names.1 } else { self.names.0 };
                Err(Error::new(Kind::Config, self.message).at(at).cure(self.cure))
            }
            Some(first) => Ok((first, second)),
            None => Ok((before.0.min(second), second)),
        }
    }
}
