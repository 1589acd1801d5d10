//! Calls by number.

use serde_json::json;
use tencent_im_core::Kind;
use tencent_im_core::flow::Host;
use tencent_im_core::http::{Failure, FailureKind};
use tencent_im_core::schema::names::Style;

use super::{at, engine, error, sent, waits};

#[test]
fn a_host_forgets_calls_that_were_left_alone() {
    let mut host = Host::new(engine(json!({})), Style::Snake);
    let input = r#"{"user_id": "test"}"#;
    let (gone, _) = host.start("accounts.import_account", input, None, at(0), 0).expect("good input");
    let (_, step) = host.start("accounts.import_account", input, None, at(629_000), 0).expect("good input");
    sent(step);
    assert_eq!(host.under_way(), 2);
    host.start("accounts.import_account", input, None, at(700_000), 0).expect("good input");
    assert_eq!(host.under_way(), 2);
    assert_eq!(error(host.poll(gone, at(700_000), 0)).kind, Kind::Internal);
}

#[test]
fn a_held_call_takes_nothing_from_the_rate_until_it_is_polled() {
    let mut host = Host::new(engine(json!({"rate_limits": {"accounts.import_account": 1}})), Style::Snake);
    let (op, input, options) = ("accounts.import_account", r#"{"user_id": "test"}"#, Some(r#"{"timeout_ms": 5000}"#));
    let refused = host.register(op, r#"{"user_id": ""}"#, None, at(0), 0).expect_err("bad input");
    assert_eq!((refused.kind, host.under_way()), (Kind::InvalidInput, 0));
    let (held, step) = host.register(op, input, options, at(100), 0).expect("good input");
    assert_eq!((waits(step), waits(host.hold(held))), (5_100, 5_100));
    let (_, step) = host.start(op, input, options, at(200), 0).expect("good input");
    sent(step);
    assert_eq!(waits(host.poll(held, at(300), 0)), 1_200);
    assert_eq!(waits(host.hold(held)), 5_100);
    sent(host.poll(held, at(1_200), 0));
}

#[test]
fn a_call_held_until_its_deadline_makes_room() {
    let mut host = Host::new(engine(json!({"rate_limits": {"accounts.import_account": 1}})), Style::Snake);
    let (op, input) = ("accounts.import_account", r#"{"user_id": "test"}"#);
    sent(host.start(op, input, None, at(0), 0).expect("good input").1);
    // Told to wait for its turn, and held when that had come.
    let (held, step) = host.start(op, input, Some(r#"{"timeout_ms": 1500}"#), at(0), 0).expect("good input");
    assert_eq!((waits(step), waits(host.hold(held))), (1_000, 1_500));
    let expired = error(host.expire(held));
    assert_eq!((expired.kind, expired.attempts, expired.maybe_applied), (Kind::Timeout, 0, false));
    assert_eq!(expired.operation, Some(op));
    for gone in [host.hold(held), host.expire(held), host.poll(held, at(1_500), 0)] {
        assert_eq!(error(gone).kind, Kind::Internal);
    }
    sent(host.start(op, input, None, at(1_500), 0).expect("good input").1);
    // A repeat that was held: the first try may have taken effect.
    let (tried, step) = host.start(op, input, None, at(9_000), 0).expect("good input");
    sent(step);
    let failure = Failure { kind: FailureKind::Timeout, detail: String::new() };
    waits(host.on_failure(tried, failure, at(17_000), u64::MAX));
    let expired = error(host.expire(tried));
    assert_eq!((expired.kind, expired.attempts, expired.maybe_applied), (Kind::Timeout, 1, true));
}
