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
    static KNOWN: Paths = Paths::new();
    KNOWN.get(path)
}

/// The paths used so far, each with its call.
struct Paths(Mutex<BTreeMap<&'static str, &'static Op>>);

impl Paths {
    const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn get(&self, path: &str) -> Result<&'static Op> {
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
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_call_and_anything_else_is_refused() {
        let paths = Paths::new();
        let op = paths.get("v4/new_service/new_command").expect("a call");
        assert!(core::ptr::eq(op, paths.get("v4/new_service/new_command").expect("a call")));
        assert_eq!((op.path, op.retry, op.rate), ("v4/new_service/new_command", RetryClass::Never, None));
        let long = format!("v4/a/{}", "b".repeat(200));
        for bad in ["v4/a", "v4/a/b/c", "v4//b", "/v4/a/b", "v5/a/b", "v4/a/b?x=1", "v4/a/../b", "v4/a/b c", &long] {
            let error = paths.get(bad).expect_err("not a path");
            assert!(error.kind == Kind::InvalidInput && error.cure.is_some() && error.message.len() < 128, "{error}");
        }
    }

    #[test]
    fn made_up_paths_come_to_an_end() {
        let paths = Paths::new();
        for at in 0..MOST_PATHS {
            paths.get(&format!("v4/made_up/{at}")).expect("a call");
        }
        let error = paths.get("v4/made_up/more").expect_err("one too many");
        assert!(error.message.contains("more different paths"), "{error}");
        paths.get("v4/made_up/0").expect("known paths stay usable");
    }
}
