//! Keeping to the rates: whose turn comes when.

use crate::{at, engine, error, import, reply, sent, waits};
use serde_json::json;
use tencent_im_core::Kind;
use tencent_im_core::api::elements::{MsgElement, TextContent};
use tencent_im_core::api::messages::{SEND_BATCH, SendMessageBatch};
use tencent_im_core::flow::{Call, Engine, Event, Host, Level, Step};
use tencent_im_core::http::{Failure, FailureKind};
use tencent_im_core::options::CallOptions;
use tencent_im_core::schema::UserId;
use tencent_im_core::schema::names::Style;

#[test]
fn calls_beyond_the_rate_wait_their_turn_in_order() {
    let mut engine = engine(json!({}));
    let mut turns = Vec::new();
    let mut waiting: Vec<Call> = (0..300).map(|_| import(&mut engine, json!({}), at(0))).collect();
    for call in &mut waiting {
        turns.push(match call.poll(&mut engine, at(0)) {
            Step::Send(_) => 0,
            Step::Wait { until_ms } => until_ms,
            Step::Done(_) => panic!("ended"),
        });
    }
    assert!(turns.is_sorted());
    // A second holds 200 calls.
    assert!(turns.iter().filter(|turn| **turn < 1_000).count() <= 200);
    assert_eq!(turns[200] / 1_000, 1);
    for (call, turn) in waiting.iter_mut().zip(&turns).filter(|(_, turn)| **turn > 0) {
        sent(call.poll(&mut engine, at(*turn)));
    }
}

#[test]
fn a_call_whose_turn_comes_too_late_fails_at_once_and_a_cancelled_one_makes_room() {
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 1}}));
    let options = json!({"timeout_ms": 1_500});
    let mut first = import(&mut engine, options.clone(), at(0));
    sent(first.poll(&mut engine, at(0)));
    let mut second = import(&mut engine, options.clone(), at(0));
    assert_eq!(waits(second.poll(&mut engine, at(0))), 1_000);
    let mut third = import(&mut engine, options.clone(), at(0));
    let refused = error(third.poll(&mut engine, at(0)));
    assert_eq!((refused.kind, refused.retry_after_ms, refused.attempts), (Kind::RateLimited, Some(2_000), 0));
    let cancelled = second.cancel(&mut engine);
    assert_eq!((cancelled.kind, cancelled.maybe_applied), (Kind::Cancelled, false));
    let mut fourth = import(&mut engine, options, at(0));
    assert_eq!(waits(fourth.poll(&mut engine, at(0))), 1_000);
    assert!(first.cancel(&mut engine).maybe_applied);
}

#[test]
fn calls_that_nobody_asks_for_any_more_do_not_stand_in_the_way() {
    // A capacity of one call, ten a second.
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 10}}));
    let mut gone: Vec<Call> = (0..20).map(|_| import(&mut engine, json!({"timeout_ms": 5_000}), at(0))).collect();
    for call in &mut gone {
        call.poll(&mut engine, at(0));
    }
    let mut call = import(&mut engine, json!({"timeout_ms": 60_000}), at(0));
    let far = waits(call.poll(&mut engine, at(0)));
    assert!(far >= 1_900, "{far}");
    sent(call.poll(&mut engine, at(5_001)));
    // One of them comes back all the same.
    let late = error(gone[19].poll(&mut engine, at(5_002)));
    assert_eq!((late.kind, late.maybe_applied), (Kind::Timeout, false));
}

#[test]
fn calls_behind_one_that_is_not_asked_for_go_at_their_pace() {
    // A capacity of one call, two a second.
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 2}}));
    let options = || json!({"timeout_ms": 60_000});
    sent(import(&mut engine, options(), at(0)).poll(&mut engine, at(0)));
    let mut waiting: Vec<Call> = (0..4).map(|_| import(&mut engine, options(), at(0))).collect();
    let turns: Vec<u64> = waiting.iter_mut().map(|call| waits(call.poll(&mut engine, at(0)))).collect();
    assert_eq!(turns, [500, 1_000, 1_500, 2_000]);
    // The first is gone. A call that is asked for just after its turn is not passed over.
    let mut gone = waiting.remove(0);
    assert_eq!(waits(waiting[0].poll(&mut engine, at(700))), 1_200);
    sent(waiting[0].poll(&mut engine, at(1_200)));
    sent(waiting[1].poll(&mut engine, at(1_700)));
    // It was merely late: it is the first in the queue again, and takes no more than its own call.
    assert_eq!(waits(gone.poll(&mut engine, at(1_701))), 2_200);
    assert_eq!(waits(waiting[2].poll(&mut engine, at(2_200))), 2_700);
    sent(gone.poll(&mut engine, at(2_200)));
    sent(waiting[2].poll(&mut engine, at(2_700)));
}

#[test]
fn a_queue_of_calls_that_nobody_asks_for_holds_up_nobody() {
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 2}}));
    let options = || json!({"timeout_ms": 60_000});
    sent(import(&mut engine, options(), at(0)).poll(&mut engine, at(0)));
    let mut gone: Vec<Call> = (0..10).map(|_| import(&mut engine, options(), at(0))).collect();
    for call in &mut gone {
        waits(call.poll(&mut engine, at(0)));
    }
    let mut call = import(&mut engine, options(), at(6_000));
    sent(call.poll(&mut engine, at(6_000)));
    let mut next = import(&mut engine, options(), at(6_001));
    assert_eq!(waits(next.poll(&mut engine, at(6_001))), 6_500);
    // Those that leave were waited for by nobody, so nobody needs to look again.
    for mut call in gone {
        call.cancel(&mut engine);
    }
    assert!(!engine.take_moved());
    sent(next.poll(&mut engine, at(6_500)));
}

#[test]
fn a_held_call_takes_nothing_from_the_rate_until_it_is_polled() {
    let mut host = Host::new(engine(json!({"rate_limits": {"accounts.import_account": 1}})), Style::Snake);
    let (op, input, options) = ("accounts.import_account", r#"{"user_id": "test"}"#, Some(r#"{"timeout_ms": 5000}"#));
    let refused = host.register(op, r#"{"user_id": ""}"#, None, at(0)).expect_err("bad input");
    assert_eq!((refused.kind, host.under_way()), (Kind::InvalidInput, 0));
    let (held, step) = host.register(op, input, options, at(100)).expect("good input");
    assert_eq!((waits(step), waits(host.hold(held))), (5_100, 5_100));
    let (_, step) = host.start(op, input, options, at(200)).expect("good input");
    sent(step);
    assert_eq!(waits(host.poll(held, at(300))), 1_200);
    assert_eq!(waits(host.hold(held)), 5_100);
    sent(host.poll(held, at(1_200)));
}

#[test]
fn a_call_held_until_its_deadline_makes_room() {
    let mut host = Host::new(engine(json!({"rate_limits": {"accounts.import_account": 1}})), Style::Snake);
    let (op, input) = ("accounts.import_account", r#"{"user_id": "test"}"#);
    sent(host.start(op, input, None, at(0)).expect("good input").1);
    // Told to wait for its turn, and held when that had come.
    let (held, step) = host.start(op, input, Some(r#"{"timeout_ms": 1500}"#), at(0)).expect("good input");
    assert_eq!((waits(step), waits(host.hold(held))), (1_000, 1_500));
    let expired = error(host.expire(held));
    assert_eq!((expired.kind, expired.attempts, expired.maybe_applied), (Kind::Timeout, 0, false));
    assert_eq!(expired.operation, Some(op));
    for gone in [host.hold(held), host.expire(held), host.poll(held, at(1_500))] {
        assert_eq!(error(gone).kind, Kind::Internal);
    }
    sent(host.start(op, input, None, at(1_500)).expect("good input").1);
    // A repeat that was held: the first try may have taken effect.
    let (tried, step) = host.start(op, input, None, at(9_000)).expect("good input");
    sent(step);
    let failure = Failure { kind: FailureKind::Timeout, detail: String::new() };
    host.engine().seed(u64::MAX);
    waits(host.on_failure(tried, failure, at(17_000)));
    let expired = error(host.expire(tried));
    assert_eq!((expired.kind, expired.attempts, expired.maybe_applied), (Kind::Timeout, 1, true));
}

#[test]
fn a_complaint_slows_the_calls_down_and_they_recover() {
    let mut engine = engine(json!({"max_retries": 0}));
    let mut call = import(&mut engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0)));
    call.on_reply(&mut engine, at(10), reply(60007));
    assert_eq!(error(call.poll(&mut engine, at(10))).kind, Kind::RateLimited);
    // Nothing goes for the pause, then at half the rate.
    let mut next = import(&mut engine, json!({}), at(20));
    assert_eq!(waits(next.poll(&mut engine, at(20))), 1_010);
    sent(next.poll(&mut engine, at(1_010)));
    let count_within_a_second_of = |engine: &mut Engine, from: u64| {
        let mut polled = (0..250).map(|_| {
            let mut call = import(engine, json!({}), at(from));
            let step = call.poll(engine, at(from));
            call.cancel(engine);
            // Cancelled calls leave no mark: the queue is rebuilt by the sum of those that go.
            matches!(step, Step::Send(_))
        });
        polled.by_ref().filter(|goes| *goes).count()
    };
    assert!(count_within_a_second_of(&mut engine, 1_020) <= 5);
    let recovered = count_within_a_second_of(&mut engine, 60_000);
    assert!(recovered >= 4, "{recovered}");
}

#[test]
fn a_share_of_a_rate_counts_whole_calls() {
    for (options, most) in [
        (json!({"rate_limits": {"accounts.import_account": 2.5}}), 2),
        (json!({"rate_limits": {"accounts.import_account": 10}, "rate_share": 0.25}), 2),
        (json!({"rate_share": 0.25}), 50),
        (json!({"rate_limits": {"accounts.import_account": 0.5}}), 1),
    ] {
        let mut engine = engine(options.clone());
        let mut sends = Vec::new();
        let mut now_ms = 0;
        for _ in 0..200 {
            let mut call = import(&mut engine, json!({"timeout_ms": 3_600_000}), at(now_ms));
            let mut step = call.poll(&mut engine, at(now_ms));
            while let Step::Wait { until_ms } = step {
                now_ms = until_ms;
                step = call.poll(&mut engine, at(now_ms));
            }
            sent(step);
            sends.push(now_ms);
        }
        for (first, start) in sends.iter().enumerate() {
            let within = sends[first..].iter().take_while(|send| **send < start + 1_000).count();
            assert!(within <= most, "{options}: {within} within a second");
        }
    }
}

#[test]
fn when_many_leave_the_queue_the_others_are_asked_again() {
    // A capacity of one call, ten a second.
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 10}, "timeout_ms": 600_000}));
    let mut calls: Vec<Call> = (0..1_000).map(|_| import(&mut engine, json!({}), at(0))).collect();
    let told: Vec<Step> = calls.iter_mut().map(|call| call.poll(&mut engine, at(0))).collect();
    assert!(matches!(told[999], Step::Wait { until_ms: 99_000.. }), "{:?}", told[999]);
    // The last one leaves nobody behind, and a few of a thousand are not worth waking the others.
    assert!(calls.pop().is_some_and(|mut last| !last.cancel(&mut engine).maybe_applied) && !engine.take_moved());
    let mut asked = 0;
    for (number, mut call) in calls.drain(..900).enumerate() {
        call.cancel(&mut engine);
        let moved = engine.take_moved();
        assert!(!moved || number > 80, "asked again after {number}");
        asked += u32::from(moved);
    }
    assert!((5..30).contains(&asked), "asked again {asked} times");
    // Those who are left go when the first ones would have gone.
    let turns: Vec<u64> = calls.iter_mut().map(|call| waits(call.poll(&mut engine, at(1)))).collect();
    assert!(turns.is_sorted() && turns[98] < 10_100, "{turns:?}");
    assert!(!engine.take_moved());
}

#[test]
fn a_message_to_many_counts_its_receivers() {
    let mut engine = engine(json!({}));
    let to = |many: usize| SendMessageBatch {
        to_accounts: (0..many).map(|n| UserId(format!("u{n}"))).collect(),
        msg_body: vec![MsgElement::Text(TextContent { text: "x".into() })],
        ..SendMessageBatch::default()
    };
    let options = CallOptions { timeout_ms: Some(120_000), ..CallOptions::default() };
    let mut sends = Vec::new();
    for number in 0..60 {
        let many = if number % 2 == 0 { 500 } else { 100 };
        let mut call = engine.call(&SEND_BATCH, &to(many), &options, at(0)).expect("a call");
        let mut now_ms = 0;
        loop {
            match call.poll(&mut engine, at(now_ms)) {
                Step::Wait { until_ms } => now_ms = until_ms,
                step => break drop(sent(step)),
            }
        }
        sends.push((now_ms, many));
    }
    // 12,000 receivers a minute, in any minute; 18,000 of them take one and a half.
    for (at, (start, _)) in sends.iter().enumerate() {
        let within = sends[at..].iter().take_while(|(ms, _)| *ms < start + 60_000);
        assert!(within.map(|(_, many)| many).sum::<usize>() <= 12_000, "from {start} ms on");
    }
    assert!(sends.is_sorted() && (80_000..100_000).contains(&sends[59].0), "{sends:?}");
}

#[test]
fn every_code_for_too_many_calls_slows_down_and_is_tried_again() {
    for code in [60007, 60011, 60018, 60019, 60022, 10006, 10023] {
        let mut engine = engine(json!({}));
        engine.listen(Some(Level::Debug));
        let mut call = import(&mut engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0)));
        call.on_reply(&mut engine, at(5), reply(code));
        let until_ms = waits(call.poll(&mut engine, at(5)));
        assert!(until_ms >= 1_005, "{code}: {until_ms}");
        assert!(
            engine.take_events().contains(&Event::SlowedDown { operation: "accounts.import_account", code }),
            "{code}"
        );
    }
}
