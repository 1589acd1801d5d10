//! What the service's codes mean: the kind of error, what a retry is worth, cause and cure. The rows are in `table.rs`.

use super::Kind;
use super::table::WEBHOOK_CODES;
use crate::schema::Op;

pub use super::table::CODES;

/// What a retry of the same request is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The fault is the service's: retry with exponential backoff.
    Yes,
    /// Retry only after at least this many milliseconds.
    AfterWait(u32),
    /// The app's calls come too often: slow all of them down, and retry after at least this many milliseconds.
    SlowDown(u32),
    /// Retry once with a refreshed UserSig.
    Refresh,
    /// The same request fails again.
    No,
    /// The documentation does not say.
    Unknown,
}

impl Retry {
    /// The shortest wait before a retry that is worth while, in milliseconds.
    pub fn least_ms(self) -> Option<u64> {
        match self {
            Self::AfterWait(wait_ms) | Self::SlowDown(wait_ms) => Some(wait_ms.into()),
            Self::Yes | Self::Refresh | Self::No | Self::Unknown => None,
        }
    }
}

/// Calls in whose answers a code has a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// All calls of a service: the second part of the path, such as `openim` in `v4/openim/sendmsg`.
    Service(&'static str),
    /// One call, by its path.
    Path(&'static str),
}

impl Calls {
    pub(super) fn has(self, path: &str) -> bool {
        match self {
            Self::Service(service) => path.split('/').nth(1) == Some(service),
            Self::Path(one) => path == one,
        }
    }
}

/// One documented code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The service's `ErrorCode`; below zero for codes of the access layer of client connections.
    pub code: i32,
    /// The kind of error it becomes.
    pub kind: Kind,
    /// What a retry is worth.
    pub retry: Retry,
    /// What happened, in one sentence.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
    /// What it means in the answers of some calls instead.
    pub also: &'static [(Calls, Code)],
}

/// Finds a code in the answer of a call.
///
/// Every code that the app's own webhook may choose (10100 to 10200 for groups, 120001 to 130000 for one-to-one
/// messages) gives the one row of its range, whose `code` is the first of the range and not the one asked for.
pub fn lookup_for(op: &Op, code: i64) -> Option<&'static Code> {
    lookup_at(op.path, code)
}

/// Finds a code in the answer of an unknown call: what it means for most.
pub fn lookup(code: i64) -> Option<&'static Code> {
    lookup_at("", code)
}

fn lookup_at(path: &str, code: i64) -> Option<&'static Code> {
    let code = i32::try_from(code).ok()?;
    let row = match CODES.binary_search_by_key(&code, |row| row.code) {
        Ok(at) => &CODES[at],
        Err(_) => WEBHOOK_CODES.iter().find(|(range, _)| range.contains(&code)).map(|(_, row)| row)?,
    };
    let own = row.also.iter().find(|(calls, _)| calls.has(path)).map(|(_, meaning)| meaning);
    Some(own.unwrap_or(row))
}

#[cfg(test)]
mod tests {
    use super::Kind::*;
    use super::Retry::*;
    use super::*;

    fn find(code: i64) -> &'static Code {
        lookup(code).unwrap_or_else(|| panic!("no row for {code}"))
    }

    /// Every meaning, those of the ranges and of single calls too.
    fn all() -> impl Iterator<Item = &'static Code> {
        let rows = CODES.iter().chain(WEBHOOK_CODES.iter().map(|(_, row)| row));
        rows.flat_map(|row| core::iter::once(row).chain(row.also.iter().map(|(_, own)| own)))
    }

    #[test]
    fn all_codes_ascend_and_are_found() {
        for pair in CODES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
        }
        for row in CODES {
            assert!(core::ptr::eq(find(i64::from(row.code)), row));
        }
    }

    #[test]
    fn texts_fit_the_display_of_an_error() {
        for Code { code, cause, cure, .. } in all() {
            for (text, most) in [(cause, 90), (cure, 110)] {
                assert!(text.len() >= 10 && text.len() <= most, "{code}: {text}");
                assert!(text.starts_with(|c: char| c.is_ascii_uppercase()), "{code}: {text}");
                assert!(!text.ends_with(['.', ' ', ';', ':', ',']), "{code}: {text}");
                assert!(!text.contains(". "), "{code}: {text}");
                assert!(text.is_ascii(), "{code}: {text}");
            }
        }
    }

    #[test]
    fn kinds_are_those_the_service_can_cause() {
        for row in all() {
            assert!(!matches!(row.kind, Config | Protocol | Timeout | Partial | Webhook | Internal), "{}", row.code);
        }
    }

    #[test]
    fn kind_and_retry_agree() {
        for row in all() {
            let fits = match row.retry {
                Yes => matches!(row.kind, Server | Transport),
                Refresh => row.kind == Signature,
                AfterWait(ms) => ms >= 1000,
                SlowDown(ms) => ms >= 1000 && row.kind == RateLimited,
                No => !matches!(row.kind, Server | Transport | RateLimited | Signature),
                Unknown => matches!(row.kind, Server | Quota | RateLimited),
            };
            assert!(fits, "{row:?}");
        }
    }

    #[test]
    fn known_rows() {
        for (code, kind, retry) in [
            (-302, RateLimited, AfterWait(1000)),
            (-10001, Signature, Refresh),
            (1004, NotFound, AfterWait(600_000)),
            (10010, NotFound, No),
            (10016, ContentRejected, No),
            (20006, ContentRejected, No),
            (40005, ContentRejected, No),
            (40006, Server, Yes),
            (40601, InvalidInput, No),
            (60007, RateLimited, SlowDown(1000)),
            (60010, Permission, No),
            (60013, Server, Unknown),
            (70001, Signature, Refresh),
            (70020, Auth, No),
            (70050, RateLimited, AfterWait(60_000)),
            (70107, NotFound, No),
            (70169, Server, Yes),
            (70398, Quota, No),
            (70402, InvalidInput, No),
            (70403, Permission, No),
            (70500, Server, Yes),
            (141004, InvalidInput, No),
        ] {
            let row = find(code);
            assert_eq!((row.kind, row.retry), (kind, retry), "{code}");
        }
        assert!(find(70398).cause.contains("more than 100 accounts"));
        assert!(find(40601).cause.contains("500 bytes"));
    }

    #[test]
    fn codes_of_the_apps_own_webhook_share_a_row() {
        for (codes, row) in [([10100, 10150, 10200], 10100), ([120001, 125000, 130000], 120001)] {
            for code in codes {
                let found = find(code);
                assert_eq!(found.code, row);
                assert_eq!((found.kind, found.retry), (ContentRejected, No));
            }
        }
        assert_eq!(find(130001).code, 130001);
    }

    #[test]
    fn unknown_codes_are_not_found() {
        for code in [0, 1, -1, 9999, 10099, 10201, 70000, 120_000, 999_999, i64::MAX, i64::MIN, 70001 + (1 << 32)] {
            assert!(lookup(code).is_none(), "{code}");
        }
    }

    #[test]
    fn a_code_means_what_its_call_says() {
        let official = "v4/official_account_open_http_svc/add_subscriber";
        for (path, code, kind, retry) in [
            ("v4/openconfigsvr/getnospeaking", 130002, InvalidInput, No),
            (official, 130002, Permission, No),
            (official, 130004, NotFound, No),
            ("v4/openconfigsvr/getnospeaking", 130009, Server, Yes),
            (official, 130009, Permission, No),
            (official, 130010, Quota, No),
            ("v4/openim/batchsendmsg", 90057, RateLimited, AfterWait(1_000)),
            ("v4/timpush/push", 90057, InvalidInput, No),
            ("v4/openim/importmsg", 90030, InvalidInput, No),
            ("v4/im_msg_audit/content_moderation", 93000, InvalidInput, No),
            ("v4/group_open_http_svc/import_topic", 80005, Server, Unknown),
            ("v4/group_open_http_svc/create_topic", 80005, Auth, No),
        ] {
            let row = lookup_at(path, code).expect("a row");
            assert_eq!((row.code.into(), row.kind, row.retry), (code, kind, retry), "{path} {code}");
        }
        assert!(lookup_at("v4/openim/importmsg", 90030).expect("a row").cause.contains("SyncFromOldSystem"));
        for row in all() {
            for (_, own) in row.also {
                assert_eq!(own.code, row.code);
                assert!(own.also.is_empty());
            }
        }
    }
}
