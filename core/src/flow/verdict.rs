//! What to do after an attempt.

use crate::error::{Kind, Retry};
use crate::http::FailureKind;
use crate::reply::Refusal;
use crate::schema::RetryClass;

/// What to do after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Give the error to the caller.
    Fail,
    /// Retry after at least so many milliseconds.
    Again { least_ms: u64 },
    /// Retry with a refreshed UserSig.
    Refresh,
    /// Calls come too often: slow down, and retry after at least so many milliseconds.
    SlowDown { least_ms: u64 },
}

/// Whether a call is safe to retry when an attempt may have taken effect.
fn is_safe(retry: RetryClass) -> bool {
    matches!(retry, RetryClass::Safe | RetryClass::SameRandom { .. })
}

/// After an answer that is not a success.
pub fn of_answer(refusal: &Refusal, retry: RetryClass) -> Verdict {
    let Refusal { error, retry: worth } = refusal;
    let least_ms = error.retry_after_ms.unwrap_or(0);
    match worth {
        Retry::Refresh => Verdict::Refresh,
        // A call refused for coming too often was not carried out.
        Retry::SlowDown(_) => Verdict::SlowDown { least_ms },
        // These are limits of one user or one message, and no reason to hold up everybody's calls.
        Retry::AfterWait(_) if error.kind == Kind::RateLimited => Verdict::Again { least_ms },
        Retry::AfterWait(_) | Retry::Yes if is_safe(retry) => Verdict::Again { least_ms },
        Retry::AfterWait(_) | Retry::Yes | Retry::No | Retry::Unknown => Verdict::Fail,
    }
}

/// After a failure of the transport.
pub fn of_failure(kind: FailureKind, retry: RetryClass) -> Verdict {
    match kind {
        FailureKind::NotSent => Verdict::Again { least_ms: 0 },
        FailureKind::Lost | FailureKind::Timeout if is_safe(retry) => Verdict::Again { least_ms: 0 },
        FailureKind::Lost | FailureKind::Timeout | FailureKind::TooLarge => Verdict::Fail,
    }
}
