//! What follows from the outcome of a try: the code first, then the HTTP status, then the transport's failure.

use crate::error::{Error, Kind, Retry, lookup};
use crate::http::FailureKind;
use crate::schema::RetryClass;

/// What to do after a try that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Give the error to the caller.
    Fail,
    /// Try again after a pause of at least so many milliseconds.
    Again { least_ms: u64 },
    /// Try again with a fresh UserSig.
    Resign,
    /// Calls come too often: slow down, and try again after a pause of at least so many milliseconds.
    SlowDown { least_ms: u64 },
}

/// The codes that say that the app's calls come too often.
const TOO_MANY_CALLS: [i64; 7] = [60007, 60011, 60018, 60019, 60022, 10006, 10023];

/// Whether a try that may have taken effect can be made again.
fn is_safe(retry: RetryClass) -> bool {
    matches!(retry, RetryClass::Safe | RetryClass::SameRandom { .. })
}

fn again_if(condition: bool) -> Verdict {
    if condition { Verdict::Again { least_ms: 0 } } else { Verdict::Fail }
}

/// After an answer that was an error.
pub fn of_answer(error: &Error, retry: RetryClass) -> Verdict {
    let Some(code) = error.code else {
        // No code: a gateway answered, or the answer was lost on the way.
        return match (error.http_status, error.kind) {
            (_, Kind::Server | Kind::Protocol) if error.maybe_applied => again_if(is_safe(retry)),
            _ => Verdict::Fail,
        };
    };
    match lookup(code).map_or(Retry::Unknown, |row| row.retry) {
        Retry::Resign => Verdict::Resign,
        // A call refused for coming too often was not carried out.
        Retry::AfterWait(pause_ms) if error.kind == Kind::RateLimited => {
            let least_ms = pause_ms.into();
            // The others are limits of one user or one message, and no reason to hold up everybody's calls.
            if TOO_MANY_CALLS.contains(&code) { Verdict::SlowDown { least_ms } } else { Verdict::Again { least_ms } }
        }
        Retry::AfterWait(pause_ms) if is_safe(retry) => Verdict::Again { least_ms: pause_ms.into() },
        Retry::Yes => again_if(is_safe(retry)),
        Retry::AfterWait(_) | Retry::No | Retry::Unknown => Verdict::Fail,
    }
}

/// After a failure of the transport.
pub fn of_failure(kind: FailureKind, retry: RetryClass) -> Verdict {
    match kind {
        FailureKind::NotSent => Verdict::Again { least_ms: 0 },
        FailureKind::Lost | FailureKind::Timeout => again_if(is_safe(retry)),
        FailureKind::TooLarge => Verdict::Fail,
    }
}
