//! The call machine on a fake clock: what a client of the core may rely on.

mod host;

use serde_json::json;
use tencent_im_core::api::account::{IMPORT_ACCOUNT, ImportAccount};
use tencent_im_core::api::elements::{MsgElement, TextContent};
use tencent_im_core::api::group::{SEND_GROUP_MESSAGE, SendGroupMessage};
use tencent_im_core::api::message::{BATCH_SEND_MESSAGE, BatchSendMessage};
use tencent_im_core::flow::{Call, Engine, Event, Level, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::options::{CallOptions, ClientOptions};
use tencent_im_core::schema::UserId;
use tencent_im_core::schema::names::Style;
use tencent_im_core::usersig::inspect;
use tencent_im_core::{Error, Kind, SecretKey};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const START_S: u64 = 1_700_000_000;

fn engine(options: serde_json::Value) -> Engine {
    let options = ClientOptions::read(options, Style::Snake).expect("good options");
    Engine::new(1_400_000_001, &SecretKey::new(KEY).expect("a key"), &options).expect("an engine")
}

fn at(mono_ms: u64) -> Now {
    Now { mono_ms, unix_ms: START_S * 1000 + mono_ms }
}

fn import(engine: &Engine, options: serde_json::Value, now: Now) -> Call {
    let options = CallOptions::read(options, Style::Snake).expect("good options");
    let account = ImportAccount { user_id: "test".into(), ..ImportAccount::default() };
    engine.call(&IMPORT_ACCOUNT, &account, &options, now, 1).expect("a call")
}

fn sent(step: Step) -> Request {
    let Step::Send(request) = step else { panic!("not sent: {step:?}") };
    request
}

fn error(step: Step) -> Error {
    let Step::Done(Err(error)) = step else { panic!("no error: {step:?}") };
    error
}

fn waits(step: Step) -> u64 {
    let Step::Wait { until_ms } = step else { panic!("no wait: {step:?}") };
    until_ms
}

fn reply(code: i64) -> Reply {
    let body = json!({"ActionStatus": "OK", "ErrorCode": code, "ErrorInfo": ""}).to_string().into_bytes();
    Reply { status: 200, date: None, body }
}

fn user_sig(request: &Request) -> &str {
    request.url.split("usersig=").nth(1).and_then(|rest| rest.split('&').next()).expect("a UserSig in the URL")
}

#[test]
fn one_try_and_its_answer() {
    let mut engine = engine(json!({}));
    let mut call = import(&engine, json!({}), at(0));
    let request = sent(call.poll(&mut engine, at(0), 42 << 32));
    assert!(request.url.contains("random=42&"), "{}", request.redacted_url());
    assert_eq!(
        (request.method, request.timeout_ms, request.body),
        ("POST", 8_000, br#"{"Identifier":"test"}"#.to_vec())
    );
    assert_eq!(waits(call.poll(&mut engine, at(1), 0)), 8_000);
    call.on_reply(&mut engine, at(2), reply(0));
    assert!(matches!(call.poll(&mut engine, at(2), 0), Step::Done(Ok(_))));
    assert_eq!(error(call.poll(&mut engine, at(2), 0)).kind, Kind::Internal);
}

#[test]
fn a_call_that_is_cancelled_just_after_its_answer_was_applied() {
    for (code, is_asked, applied) in [(0, false, true), (0, true, true), (70500, false, true), (70402, false, false)] {
        let mut engine = engine(json!({"max_retries": 0}));
        let mut call = import(&engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0), 0));
        call.on_reply(&mut engine, at(1), reply(code));
        if is_asked {
            assert!(matches!(call.poll(&mut engine, at(1), 0), Step::Done(_)));
        }
        assert_eq!(call.cancel(&mut engine).maybe_applied, applied, "{code} {is_asked}");
    }
}

#[test]
fn an_answer_after_the_end_is_dropped() {
    let mut engine = engine(json!({"max_retries": 0}));
    let mut call = import(&engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0), 0));
    let late = error(call.poll(&mut engine, at(8_000), 0));
    assert_eq!((late.kind, late.maybe_applied, late.attempts), (Kind::Timeout, true, 1));
    call.on_reply(&mut engine, at(8_001), reply(0));
    assert_eq!(error(call.poll(&mut engine, at(8_001), 0)).kind, Kind::Internal);
}

#[test]
fn the_user_sig_is_kept_and_renewed_at_four_fifths_of_its_life() {
    let mut engine = engine(json!({"sig_expire_s": 1000, "rate_limits": false}));
    let mut sig_at = |now: Now| {
        let mut call = import(&engine, json!({}), now);
        let request = sent(call.poll(&mut engine, now, 0));
        inspect(user_sig(&request)).expect("a UserSig").issued_at_s as u64 - START_S
    };
    assert_eq!((sig_at(at(0)), sig_at(at(799_999)), sig_at(at(800_000))), (0, 0, 800));
    // The machine slept: only the wall clock moved on.
    assert_eq!(sig_at(Now { mono_ms: 800_001, unix_ms: (START_S + 5_000) * 1000 }), 5_000);
    // The wall clock was set back: the age is unknown.
    assert_eq!(sig_at(Now { mono_ms: 800_002, unix_ms: (START_S + 100) * 1000 }), 100);
}

#[test]
fn a_refused_user_sig_is_signed_anew_once() {
    let mut engine = engine(json!({}));
    let mut call = import(&engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0), 0));
    call.on_reply(&mut engine, at(5_000), reply(70001));
    let again = sent(call.poll(&mut engine, at(5_000), 0));
    assert_eq!(inspect(user_sig(&again)).expect("a UserSig").issued_at_s as u64, START_S + 5);
    call.on_reply(&mut engine, at(6_000), reply(70001));
    let refused = error(call.poll(&mut engine, at(6_000), 0));
    assert_eq!((refused.code, refused.attempts, refused.maybe_applied), (Some(70001), 2, false));
}

#[test]
fn the_services_clock_is_learnt_and_used() {
    let mut engine = engine(json!({}));
    engine.listen(Some(Level::Debug));
    let mut call = import(&engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0), 0));
    let date = Some("Tue, 14 Nov 2023 23:13:20 GMT".to_owned());
    call.on_reply(&mut engine, at(0), Reply { date, ..reply(70001) });
    let again = sent(call.poll(&mut engine, at(0), 0));
    assert_eq!(inspect(user_sig(&again)).expect("a UserSig").issued_at_s as u64, START_S + 3_600);
    assert!(engine.take_events().contains(&Event::SkewLearnt { seconds: 3_600 }));
}

#[test]
fn the_stand_by_domain_takes_over_for_a_minute() {
    let mut engine = engine(json!({"region": "tokyo", "rate_limits": false}));
    let host = |request: &Request| request.url.split('/').nth(2).expect("a host").to_owned();
    let not_sent = || Failure { kind: FailureKind::NotSent, detail: "refused".into() };
    let mut call = import(&engine, json!({}), at(0));
    assert_eq!(host(&sent(call.poll(&mut engine, at(0), 0))), "adminapijpn.im.qcloud.com");
    call.on_failure(&mut engine, at(10), not_sent());
    assert_eq!(host(&sent(call.poll(&mut engine, at(10), u64::MAX))), "adminapijpn.my-imcloud.com");
    for (mono_ms, expected) in [(60_009, "adminapijpn.my-imcloud.com"), (60_010, "adminapijpn.im.qcloud.com")] {
        let mut call = import(&engine, json!({}), at(mono_ms));
        assert_eq!(host(&sent(call.poll(&mut engine, at(mono_ms), 0))), expected);
    }
}

#[test]
fn calls_beyond_the_rate_wait_their_turn_in_order() {
    let mut engine = engine(json!({}));
    let mut turns = Vec::new();
    let mut waiting: Vec<Call> = (0..300).map(|_| import(&engine, json!({}), at(0))).collect();
    for call in &mut waiting {
        turns.push(match call.poll(&mut engine, at(0), 0) {
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
        sent(call.poll(&mut engine, at(*turn), 0));
    }
}

#[test]
fn a_call_whose_turn_comes_too_late_fails_at_once_and_a_cancelled_one_makes_room() {
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 1}}));
    let options = json!({"timeout_ms": 1_500});
    let mut first = import(&engine, options.clone(), at(0));
    sent(first.poll(&mut engine, at(0), 0));
    let mut second = import(&engine, options.clone(), at(0));
    assert_eq!(waits(second.poll(&mut engine, at(0), 0)), 1_000);
    let mut third = import(&engine, options.clone(), at(0));
    let refused = error(third.poll(&mut engine, at(0), 0));
    assert_eq!((refused.kind, refused.retry_after_ms, refused.attempts), (Kind::RateLimited, Some(2_000), 0));
    let cancelled = second.cancel(&mut engine);
    assert_eq!((cancelled.kind, cancelled.maybe_applied), (Kind::Cancelled, false));
    let mut fourth = import(&engine, options, at(0));
    assert_eq!(waits(fourth.poll(&mut engine, at(0), 0)), 1_000);
    assert!(first.cancel(&mut engine).maybe_applied);
}

#[test]
fn calls_that_nobody_asks_for_any_more_do_not_stand_in_the_way() {
    // A capacity of one call, ten a second.
    let mut engine = engine(json!({"rate_limits": {"accounts.import_account": 10}}));
    let mut gone: Vec<Call> = (0..20).map(|_| import(&engine, json!({"timeout_ms": 5_000}), at(0))).collect();
    for call in &mut gone {
        call.poll(&mut engine, at(0), 0);
    }
    let mut call = import(&engine, json!({"timeout_ms": 60_000}), at(0));
    let far = waits(call.poll(&mut engine, at(0), 0));
    assert!(far >= 1_900, "{far}");
    sent(call.poll(&mut engine, at(5_001), 0));
    // One of them comes back all the same.
    let late = error(gone[19].poll(&mut engine, at(5_002), 0));
    assert_eq!((late.kind, late.maybe_applied), (Kind::Timeout, false));
}

#[test]
fn a_complaint_slows_the_calls_down_and_they_recover() {
    let mut engine = engine(json!({"max_retries": 0}));
    let mut call = import(&engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0), 0));
    call.on_reply(&mut engine, at(10), reply(60007));
    assert_eq!(error(call.poll(&mut engine, at(10), 0)).kind, Kind::RateLimited);
    // Nothing goes for the pause, then at half the rate.
    let mut next = import(&engine, json!({}), at(20));
    assert_eq!(waits(next.poll(&mut engine, at(20), 0)), 1_010);
    sent(next.poll(&mut engine, at(1_010), 0));
    let count_within_a_second_of = |engine: &mut Engine, from: u64| {
        let mut polled = (0..250).map(|_| {
            let mut call = import(engine, json!({}), at(from));
            let step = call.poll(engine, at(from), 0);
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
fn a_message_that_the_service_may_have_forgotten_is_not_sent_again() {
    let message = || SendGroupMessage {
        group_id: "g".into(),
        msg_body: vec![MsgElement::Text(TextContent { text: "x".into() })],
        ..SendGroupMessage::default()
    };
    let lost = || Failure { kind: FailureKind::Lost, detail: String::new() };
    // The machine slept during the try: only the wall clock went on.
    let mut engine = engine(json!({"backoff_ms": 1, "base_url": "http://127.0.0.1:1"}));
    let mut call = engine.call(&SEND_GROUP_MESSAGE, &message(), &CallOptions::default(), at(0), 1).expect("a call");
    sent(call.poll(&mut engine, at(0), 0));
    let woken = Now { mono_ms: 500, unix_ms: START_S * 1000 + 3_600_000 };
    call.on_failure(&mut engine, woken, lost());
    assert!(error(call.poll(&mut engine, woken, 0)).maybe_applied);
    // It slept in the pause, after the repeat had been decided on; so it does when its program was stopped.
    for late in [woken, at(310_000)] {
        let options = CallOptions { timeout_ms: Some(900_000), ..CallOptions::default() };
        let mut call = engine.call(&SEND_GROUP_MESSAGE, &message(), &options, at(0), 1).expect("a call");
        sent(call.poll(&mut engine, at(0), 0));
        call.on_failure(&mut engine, at(1), lost());
        waits(call.poll(&mut engine, at(1), u64::MAX));
        let refused = error(call.poll(&mut engine, late, 0));
        assert_eq!((refused.kind, refused.maybe_applied, refused.attempts), (Kind::Timeout, true, 1));
    }
    // One that was never sent may be late.
    let options = CallOptions { timeout_ms: Some(900_000), ..CallOptions::default() };
    let mut call = engine.call(&SEND_GROUP_MESSAGE, &message(), &options, at(0), 1).expect("a call");
    sent(call.poll(&mut engine, at(0), 0));
    call.on_failure(&mut engine, at(1), Failure { kind: FailureKind::NotSent, detail: String::new() });
    waits(call.poll(&mut engine, at(1), u64::MAX));
    sent(call.poll(&mut engine, at(310_000), 0));
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
            let mut call = import(&engine, json!({"timeout_ms": 3_600_000}), at(now_ms));
            let mut step = call.poll(&mut engine, at(now_ms), 0);
            while let Step::Wait { until_ms } = step {
                now_ms = until_ms;
                step = call.poll(&mut engine, at(now_ms), 0);
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
    let mut calls: Vec<Call> = (0..1_000).map(|_| import(&engine, json!({}), at(0))).collect();
    let told: Vec<Step> = calls.iter_mut().map(|call| call.poll(&mut engine, at(0), 0)).collect();
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
    let turns: Vec<u64> = calls.iter_mut().map(|call| waits(call.poll(&mut engine, at(1), 0))).collect();
    assert!(turns.is_sorted() && turns[98] < 10_100, "{turns:?}");
    assert!(!engine.take_moved());
}

#[test]
fn a_message_to_many_counts_its_receivers() {
    let mut engine = engine(json!({}));
    let to = |many: usize| BatchSendMessage {
        to_accounts: (0..many).map(|n| UserId(format!("u{n}"))).collect(),
        msg_body: vec![MsgElement::Text(TextContent { text: "x".into() })],
        ..BatchSendMessage::default()
    };
    let options = CallOptions { timeout_ms: Some(120_000), ..CallOptions::default() };
    let mut sends = Vec::new();
    for number in 0..60 {
        let many = if number % 2 == 0 { 500 } else { 100 };
        let mut call = engine.call(&BATCH_SEND_MESSAGE, &to(many), &options, at(0), 1).expect("a call");
        let mut now_ms = 0;
        loop {
            match call.poll(&mut engine, at(now_ms), 0) {
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
fn events_below_the_level_are_not_kept() {
    let levels_from = |least: Option<Level>| {
        let mut engine = engine(json!({}));
        engine.listen(least);
        let mut call = import(&engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0), 0));
        call.on_reply(&mut engine, at(0), reply(60007));
        call.poll(&mut engine, at(0), 0);
        call.cancel(&mut engine);
        engine.take_events().iter().map(Event::level).collect::<Vec<_>>()
    };
    assert_eq!(levels_from(None), []);
    assert_eq!(levels_from(Some(Level::Warning)), [Level::Warning]);
    assert_eq!(levels_from(Some(Level::Info)), [Level::Warning, Level::Info]);
}

#[test]
fn nonsense_options_are_refused_by_name() {
    let cases = [
        (json!({"timeout_ms": 0}), "timeout_ms"),
        (json!({"timeout_ms": -1}), "timeout_ms"),
        (json!({"try_timeout_ms": 1.5}), "try_timeout_ms"),
        (json!({"max_retries": 21}), "max_retries"),
        (json!({"sig_expire_s": 1}), "sig_expire_s"),
        (json!({"rate_share": 0}), "rate_share"),
        (json!({"rate_share": 1.5}), "rate_share"),
        (json!({"rate_limits": {"accounts.import_account": 0}}), "rate_limits.accounts.import_account"),
        (json!({"rate_limits": {"accounts.importacount": 5}}), "rate_limits.accounts.importacount"),
        (json!({"rate_limits": 5}), "rate_limits"),
        (json!({"timeout_ms": 1_000, "try_timeout_ms": 1_001}), "timeout_ms"),
        (json!({"try_timeout_ms": 30_001}), "try_timeout_ms"),
        (json!({"backoff_ms": 0}), "backoff_ms"),
        (json!({"backoff_ms": 5_001}), "backoff_ms"),
        (json!({"backoff_ms": 300, "max_backoff_ms": 299}), "max_backoff_ms"),
        (json!({"retry_budget": -1}), "retry_budget"),
        (json!({"backup_url": "http://127.0.0.1:1"}), "backup_url"),
        (json!({"base_url": "http://127.0.0.1:1", "backup_url": "http://10.0.0.1"}), "backup_url"),
        (json!({"base_url": "http://127.0.0.1:1", "backup_url": "http://127.0.0.1:1/"}), "backup_url"),
        (json!({"region": "mars"}), "region"),
        (json!({"base_url": "http://example.com"}), "base_url"),
        (json!({"account_field": "UserId"}), "account_field"),
        (json!({"timout_ms": 5}), "timout_ms"),
    ];
    for (options, path) in cases {
        let refused = ClientOptions::read(options.clone(), Style::Snake)
            .and_then(|options| Engine::new(1, &SecretKey::new(KEY)?, &options))
            .expect_err("nonsense");
        assert_eq!((refused.kind, refused.path.as_deref()), (Kind::Config, Some(path)), "{options}: {refused}");
        assert!(refused.cure.is_some(), "{refused}");
    }
    let options = ClientOptions::default();
    assert_eq!(Engine::new(0, &SecretKey::new(KEY).expect("a key"), &options).expect_err("app 0").kind, Kind::Config);
    assert_eq!(SecretKey::new("").expect_err("no key").path.as_deref(), Some("secret_key"));
}

#[test]
fn nonsense_options_of_a_call_are_refused_by_name() {
    let engine = engine(json!({"timeout_ms": 20_000, "try_timeout_ms": 5_000}));
    for (options, snake, camel) in [
        (json!({"timeout_ms": 0}), "timeout_ms", "timeoutMs"),
        (json!({"timeout_ms": 100, "try_timeout_ms": 101}), "timeout_ms", "timeoutMs"),
        (json!({"try_timeout_ms": 20_001}), "try_timeout_ms", "tryTimeoutMs"),
        (json!({"backoff_ms": 5_001}), "backoff_ms", "backoffMs"),
        (json!({"use_retry_budget": 1.5}), "use_retry_budget", "useRetryBudget"),
    ] {
        for (style, path) in [(Style::Snake, snake), (Style::Camel, camel)] {
            let refused = engine.read_call_options(options.clone(), style).expect_err("nonsense");
            assert_eq!((refused.kind, refused.path.as_deref()), (Kind::Config, Some(path)), "{options}: {refused}");
            assert!(refused.cure.is_some(), "{refused}");
        }
    }
    // Less time than the client gives a try is a wish like any other.
    assert!(engine.read_call_options(json!({"timeout_ms": 1_000}), Style::Snake).is_ok());
}

#[test]
fn events_tell_what_happens_without_secrets() {
    let mut engine = engine(json!({"base_url": "http://127.0.0.1:1"}));
    engine.listen(Some(Level::Debug));
    let mut call = import(&engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0), 0));
    call.on_failure(&mut engine, at(5), Failure { kind: FailureKind::Lost, detail: "reset".into() });
    assert_eq!(waits(call.poll(&mut engine, at(5), u64::MAX)), 205);
    sent(call.poll(&mut engine, at(205), 0));
    call.on_reply(&mut engine, at(210), reply(60007));
    call.poll(&mut engine, at(210), 0);
    let events: Vec<_> = engine.take_events().iter().map(|event| event.to_record(Style::Camel)).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["try", "failure", "retry", "try", "reply", "slowed_down", "retry"]);
    assert_eq!(events[2]["delayMs"], 200);
    assert_eq!((&events[4]["httpStatus"], &events[4]["code"]), (&json!(200), &json!(60007)));
    let text = serde_json::to_string(&events).expect("JSON");
    assert!(!text.contains("usersig") && !text.contains(KEY), "{text}");
    assert!(engine.take_events().is_empty());
}

#[test]
fn every_code_for_too_many_calls_slows_down_and_is_tried_again() {
    for code in [60007, 60011, 60018, 60019, 60022, 10006, 10023] {
        let mut engine = engine(json!({}));
        engine.listen(Some(Level::Debug));
        let mut call = import(&engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0), 0));
        call.on_reply(&mut engine, at(5), reply(code));
        let until_ms = waits(call.poll(&mut engine, at(5), 0));
        assert!(until_ms >= 1_005, "{code}: {until_ms}");
        assert!(
            engine.take_events().contains(&Event::SlowedDown { operation: "accounts.import_account", code }),
            "{code}"
        );
    }
}
