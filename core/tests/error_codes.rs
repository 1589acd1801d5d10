//! The table of codes against the vectors that every language's tests read.

use serde_json::Value;
use tencent_im_core::error::{CODES, Retry, lookup};

#[test]
fn table_and_vectors_agree() {
    let file: Value =
        serde_json::from_str(include_str!("../../tests/vectors/errors/codes.json")).expect("codes.json is JSON");
    let vectors = file["vectors"].as_array().expect("vectors");
    assert_eq!(vectors.len(), CODES.len());
    for (vector, row) in vectors.iter().zip(CODES) {
        let name = &vector["name"];
        let code = vector["code"].as_i64().expect("code");
        let found = lookup(code).unwrap_or_else(|| panic!("{name}: not in the table"));
        assert_eq!(i64::from(row.code), code, "{name}: order");
        assert_eq!(i64::from(found.code), code, "{name}");
        assert_eq!(vector["kind"], found.kind.as_str(), "{name}");
        let retry = match found.retry {
            Retry::Yes => "yes",
            Retry::AfterWait(_) => "after_wait",
            Retry::SlowDown(_) => "slow_down",
            Retry::Refresh => "refresh",
            Retry::No => "no",
            Retry::Unknown => "unknown",
        };
        assert_eq!(vector["retry"], retry, "{name}");
    }
}
