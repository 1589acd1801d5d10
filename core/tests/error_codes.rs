//! The table of codes against the vectors that every language's tests read.

use serde_json::Value;
use tencent_im_core::api::find_op;
use tencent_im_core::error::{CODES, Retry, lookup, lookup_for};

#[test]
fn table_and_vectors_agree() {
    let file: Value =
        serde_json::from_str(include_str!("../../tests/vectors/errors/codes.json")).expect("codes.json is JSON");
    let vectors = file["vectors"].as_array().expect("vectors");
    let listed = vectors.iter().filter(|vector| vector.get("op").is_none()).map(|vector| vector["code"].clone());
    assert_eq!(Value::Array(listed.collect()), CODES.iter().map(|row| row.code).collect::<Value>());
    for vector in vectors {
        let name = &vector["name"];
        let code = vector["code"].as_i64().expect("code");
        let found = match vector["op"].as_str() {
            Some(op) => lookup_for(find_op(op).expect("a known call"), code),
            None => lookup(code),
        };
        let found = found.unwrap_or_else(|| panic!("{name}: not in the table"));
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
