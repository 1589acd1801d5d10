//! Calls by their path: retried only where the caller says that they are idempotent.

use serde_json::json;
use tencent_im_core::api::find_op;
use tencent_im_core::flow::Step;
use tencent_im_core::http::{Failure, FailureKind};
use tencent_im_core::options::{CallOptions, DEFAULT_MAX_RETRIES};
use tencent_im_core::schema::names::Style;

use crate::{at, engine};

/// Requests sent when every answer is lost.
fn sent(path: &str, idempotent: Option<bool>) -> u32 {
    let mut engine = engine(json!({}));
    let options = CallOptions { idempotent, ..CallOptions::default() };
    let op = find_op(path).expect("a path");
    let mut input = json!({"Any": 1});
    let options = engine.plan().resolve(options).expect("good options");
    let draft = engine.plan().draft(op, &mut input, Style::Snake, &options, 1).expect("a call");
    let mut call = draft.begin(at(0));
    let (mut now, mut sent) = (0, 0);
    loop {
        match call.poll(&mut engine, at(now)) {
            Step::Send(_) => {
                sent += 1;
                let lost = Failure { kind: FailureKind::Lost, detail: String::new() };
                call.on_failure(&mut engine, at(now), lost);
            }
            Step::Wait { until_ms } => now = until_ms,
            Step::Done(result) => {
                let error = result.expect_err("no answer ever came");
                assert!(error.maybe_applied);
                return sent;
            }
        }
    }
}

#[test]
fn a_call_by_path_is_not_retried_unless_it_is_said_to_be_idempotent() {
    assert_eq!(sent("v4/new_service/new_command", None), 1);
    assert_eq!(sent("v4/new_service/new_command", Some(false)), 1);
    assert_eq!(sent("v4/new_service/new_command", Some(true)), 1 + DEFAULT_MAX_RETRIES);
}
