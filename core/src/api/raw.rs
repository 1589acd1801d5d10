//! Calls by their path, for what is not declared here: the service may be newer than this version.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Empty;
use crate::error::{Error, Kind, Result};
use crate::schema::{Op, RetryClass, shape};

shape! {
    /// Whatever fields the call takes, by their wire names.
    pub struct RawFields {}
}

/// Longest path.
const MOST_BYTES: usize = 128;

/// Most paths in a process. Each is kept forever, so a program cannot make them up without end.
const MOST_PATHS: usize = 256;

/// The call of a path such as `v4/service/command`. It takes any fields, is not rate limited and never retried once it
/// may have taken effect, unless the caller says otherwise.
pub fn of_path(path: &str) -> Result<&'static Op> {
    static KNOWN: Mutex<BTreeMap<&'static str, &'static Op>> = Mutex::new(BTreeMap::new());
    let fault = |message: &str, cure: &'static str| {
        let shown: String = path.chars().take(64).collect();
        Err(Error::new(Kind::InvalidInput, format!("{shown}: {message}")).cure(cure))
    };
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut parts = path.split('/');
    let has_form = parts.next() == Some("v4") && parts.clone().count() == 2 && parts.all(is_part);
    if path.len() > MOST_BYTES || !has_form {
        return fault("not the path of a call", "use the form v4/service/command, as the vendor's page shows it");
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(op) = known.get(path) {
        return Ok(*op);
    }
    if known.len() >= MOST_PATHS {
        return fault("more different paths than a program needs", "use at most 256 paths; are they made up?");
    }
    let path: &'static str = Box::leak(path.into());
    let op: &'static Op = Box::leak(Box::new(Op {
        name: path,
        path,
        request: RawFields::shape,
        reply: Empty::shape,
        rate: None,
        retry: RetryClass::Never,
        draws: &[],
        batch: None,
        page: None,
        replaced_by: None,
        edition: None,
        page_id: "1047/34621",
        #[cfg(feature = "docs")]
        doc: &[],
        #[cfg(feature = "docs")]
        errors: &[],
    }));
    known.insert(path, op);
    Ok(op)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_call_and_anything_else_is_refused() {
        let op = of_path("v4/new_service/new_command").expect("a call");
        assert!(core::ptr::eq(op, of_path("v4/new_service/new_command").expect("a call")));
        assert_eq!((op.path, op.retry, op.rate), ("v4/new_service/new_command", RetryClass::Never, None));
        let long = format!("v4/a/{}", "b".repeat(200));
        for bad in ["v4/a", "v4/a/b/c", "v4//b", "/v4/a/b", "v5/a/b", "v4/a/b?x=1", "v4/a/../b", "v4/a/b c", &long] {
            let error = of_path(bad).expect_err("not a path");
            assert!(error.kind == Kind::InvalidInput && error.cure.is_some() && error.message.len() < 128, "{error}");
        }
    }

    #[test]
    fn made_up_paths_come_to_an_end() {
        let refused = (0..1_000).find_map(|at| of_path(&format!("v4/made_up/{at}")).err());
        assert!(refused.is_some_and(|error| error.message.contains("more different paths")));
    }
}
