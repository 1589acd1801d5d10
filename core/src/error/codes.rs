//! The documented codes of the service.

use super::Kind;

/// What a repeat of the same request is worth after a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The fault is the service's: repeat after a short growing pause.
    Yes,
    /// Repeat only after a pause of at least this many milliseconds.
    AfterWait(u32),
    /// Repeat once with a fresh UserSig.
    Resign,
    /// The same request fails again.
    No,
    /// The documentation does not say.
    Unknown,
}

/// One documented code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The service's `ErrorCode`.
    pub code: u32,
    /// The kind of error it becomes.
    pub kind: Kind,
    /// What a repeat is worth.
    pub retry: Retry,
    /// What happened, in one sentence.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// All documented codes, ascending.
pub static CODES: &[Code] = &[];

/// Finds a code.
pub fn lookup(code: i64) -> Option<&'static Code> {
    let code = u32::try_from(code).ok()?;
    CODES
        .binary_search_by_key(&code, |row| row.code)
        .ok()
        .map(|at| &CODES[at])
}
