//! The documented codes for people who look one up: by number, or by words.

use serde_json::{Value, json};

use super::codes::{CODES, Calls, Code, Retry};
use super::table::WEBHOOK_CODES;
use crate::api;

/// One meaning of a code.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// The code that was asked about; the first of its range in a search.
    pub code: i64,
    /// What it means.
    pub row: &'static Code,
    /// The calls in whose answers it means this; none for all others.
    pub calls: Option<Calls>,
}

/// Returns every meaning of a code, the general one first. Empty for an undocumented code.
pub fn meanings(code: i64) -> Vec<Meaning> {
    super::lookup(code).map_or_else(Vec::new, |row| of_row(code, row).collect())
}

/// Finds the meanings that have all the words, in any order and case: in the code, its kind, cause, cure or calls.
pub fn search(words: &str) -> Vec<Meaning> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let rows = CODES.iter().chain(WEBHOOK_CODES.iter().map(|(_, row)| row));
    let all = rows.flat_map(|row| of_row(row.code.into(), row));
    let has_all = |meaning: &Meaning| {
        let text = meaning.text().to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    if words.is_empty() { Vec::new() } else { all.filter(has_all).collect() }
}

fn of_row(code: i64, row: &'static Code) -> impl Iterator<Item = Meaning> {
    let own = row.also.iter().map(move |(calls, row)| Meaning { code, row, calls: Some(*calls) });
    core::iter::once(Meaning { code, row, calls: None }).chain(own)
}

impl Meaning {
    fn text(&self) -> String {
        let Self { code, row, .. } = self;
        format!("{code} {} {} {} {}", row.kind, row.cause, row.cure, self.calls().join(" "))
    }

    /// The calls in whose answers the code means this, such as `groups.create`, or `groups.*` for those of a service;
    /// empty for all others.
    pub fn calls(&self) -> Vec<String> {
        match self.calls {
            None => Vec::new(),
            Some(Calls::Path(path)) => api::all().filter(|op| op.path == path).map(|op| op.name.to_owned()).collect(),
            Some(calls) => {
                let mut groups: Vec<String> =
                    api::all().filter(|op| calls.has(op.path)).map(|op| format!("{}.*", op.group())).collect();
                groups.dedup();
                groups
            }
        }
    }

    /// The facts by name: `code`, `kind`, `cause`, `cure`, `retry` and `wait_ms`, `calls`.
    pub fn to_value(&self) -> Value {
        json!({
            "code": self.code,
            "kind": self.row.kind.as_str(),
            "cause": self.row.cause,
            "cure": self.row.cure,
            "retry": retry_text(self.row.retry),
            "wait_ms": self.row.retry.least_ms(),
            "calls": self.calls(),
        })
    }
}

/// What the SDK does after such an answer, if the call may be retried.
fn retry_text(retry: Retry) -> String {
    let text = match retry {
        Retry::Yes => "retried with exponential backoff",
        Retry::AfterWait(ms) => return format!("retried after a wait of {} s at least", f64::from(ms) / 1000.0),
        Retry::SlowDown(_) => "all calls are slowed down, then it is retried",
        Retry::Refresh => "retried once with a new UserSig",
        Retry::No => "not retried: the same request fails again",
        Retry::Unknown => "not retried: the documentation does not say whether it helps",
    };
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_general_meaning_first() {
        let all = meanings(70013);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].code, all[0].row.code, all[0].calls().len()), (70013, 70013, 0));
        assert!(meanings(1).is_empty());
        assert!(meanings(i64::MAX).is_empty());
    }

    #[test]
    fn a_code_of_a_webhook_keeps_its_own_number() {
        let all = meanings(10123);
        assert_eq!((all.len(), all[0].code), (1, 10123));
        assert!(all[0].row.cause.contains("webhook"));
    }

    #[test]
    fn every_meaning_of_single_calls_names_them() {
        let own = CODES.iter().flat_map(|row| meanings(row.code.into())).filter(|meaning| meaning.calls.is_some());
        let mut count = 0;
        for meaning in own {
            assert!(!meaning.calls().is_empty(), "{}", meaning.code);
            count += 1;
        }
        assert!(count > 0);
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        let found = search("expired USERSIG");
        assert!(found.iter().any(|meaning| meaning.code == 70001), "{found:?}");
        let codes = |found: &[Meaning]| found.iter().map(|meaning| meaning.code).collect::<Vec<_>>();
        assert_eq!(codes(&found), codes(&search("usersig expired")));
        assert!(found.iter().all(|meaning| meaning.text().to_lowercase().contains("expired")));
        assert!(search("700").len() > 10);
        assert!(search(" ").is_empty());
        assert!(search("no such words").is_empty());
    }
}
