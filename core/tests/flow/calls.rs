//! Single calls: tries, UserSigs, domains, events.

use crate::{KEY, START_S, at, engine, error, import, reply, sent, user_sig, waits};
use serde_json::json;
use tencent_im_core::Kind;
use tencent_im_core::api::elements::{MsgElement, TextContent};
use tencent_im_core::api::group_messages::{SEND, SendGroupMessage};
use tencent_im_core::flow::{Event, Host, Level, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::options::CallOptions;
use tencent_im_core::schema::names::Style;
use tencent_im_core::usersig::inspect;

#[test]
fn one_try_and_its_answer() {
    let mut engine = engine(json!({}));
    let mut call = import(&mut engine, json!({}), at(0));
    engine.seed(42 << 32);
    let request = sent(call.poll(&mut engine, at(0)));
    assert!(request.url.contains("random=42&"), "{}", request.redacted_url());
    assert_eq!(
        (request.method, request.timeout_ms, request.body),
        ("POST", 8_000, br#"{"Identifier":"test"}"#.to_vec())
    );
    assert_eq!(waits(call.poll(&mut engine, at(1))), 8_000);
    call.on_reply(&mut engine, at(2), reply(0));
    assert!(matches!(call.poll(&mut engine, at(2)), Step::Done(Ok(_))));
    assert_eq!(error(call.poll(&mut engine, at(2))).kind, Kind::Internal);
}

#[test]
fn a_call_that_is_cancelled_just_after_its_answer_was_applied() {
    for (code, is_asked, applied) in [(0, false, true), (0, true, true), (70500, false, true), (70402, false, false)] {
        let mut engine = engine(json!({"max_retries": 0}));
        let mut call = import(&mut engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0)));
        call.on_reply(&mut engine, at(1), reply(code));
        if is_asked {
            assert!(matches!(call.poll(&mut engine, at(1)), Step::Done(_)));
        }
        assert_eq!(call.cancel(&mut engine).maybe_applied, applied, "{code} {is_asked}");
    }
}

#[test]
fn an_answer_after_the_end_is_dropped() {
    let mut engine = engine(json!({"max_retries": 0}));
    let mut call = import(&mut engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0)));
    let late = error(call.poll(&mut engine, at(8_000)));
    assert_eq!((late.kind, late.maybe_applied, late.attempts), (Kind::Timeout, true, 1));
    call.on_reply(&mut engine, at(8_001), reply(0));
    assert_eq!(error(call.poll(&mut engine, at(8_001))).kind, Kind::Internal);
}

#[test]
fn the_user_sig_is_kept_and_renewed_at_four_fifths_of_its_life() {
    let mut engine = engine(json!({"sig_expire_s": 1000, "rate_limits": false}));
    let mut sig_at = |now: Now| {
        let mut call = import(&mut engine, json!({}), now);
        let request = sent(call.poll(&mut engine, now));
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
    let mut call = import(&mut engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0)));
    call.on_reply(&mut engine, at(5_000), reply(70001));
    let again = sent(call.poll(&mut engine, at(5_000)));
    assert_eq!(inspect(user_sig(&again)).expect("a UserSig").issued_at_s as u64, START_S + 5);
    call.on_reply(&mut engine, at(6_000), reply(70001));
    let refused = error(call.poll(&mut engine, at(6_000)));
    assert_eq!((refused.code, refused.attempts, refused.maybe_applied), (Some(70001), 2, false));
}

#[test]
fn the_services_clock_is_learnt_and_used() {
    let mut engine = engine(json!({}));
    engine.listen(Some(Level::Debug));
    let mut call = import(&mut engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0)));
    let date = Some("Tue, 14 Nov 2023 23:13:20 GMT".to_owned());
    call.on_reply(&mut engine, at(0), Reply { date, ..reply(70001) });
    let again = sent(call.poll(&mut engine, at(0)));
    assert_eq!(inspect(user_sig(&again)).expect("a UserSig").issued_at_s as u64, START_S + 3_600);
    assert!(engine.take_events().contains(&Event::SkewLearned { seconds: 3_600 }));
}

#[test]
fn the_stand_by_domain_takes_over_for_a_minute() {
    let mut engine = engine(json!({"region": "tokyo", "rate_limits": false}));
    let host = |request: &Request| request.url.split('/').nth(2).expect("a host").to_owned();
    let not_sent = || Failure { kind: FailureKind::NotSent, detail: "refused".into() };
    let mut call = import(&mut engine, json!({}), at(0));
    assert_eq!(host(&sent(call.poll(&mut engine, at(0)))), "adminapijpn.im.qcloud.com");
    call.on_failure(&mut engine, at(10), not_sent());
    engine.seed(u64::MAX);
    assert_eq!(host(&sent(call.poll(&mut engine, at(10)))), "adminapijpn.my-imcloud.com");
    for (mono_ms, expected) in [(60_009, "adminapijpn.my-imcloud.com"), (60_010, "adminapijpn.im.qcloud.com")] {
        let mut call = import(&mut engine, json!({}), at(mono_ms));
        assert_eq!(host(&sent(call.poll(&mut engine, at(mono_ms)))), expected);
    }
}

#[test]
fn a_host_forgets_calls_that_were_left_alone() {
    let mut host = Host::new(engine(json!({})), Style::Snake);
    let input = r#"{"user_id": "test"}"#;
    let (gone, _) = host.start("accounts.import_account", input, None, at(0)).expect("good input");
    let (_, step) = host.start("accounts.import_account", input, None, at(629_000)).expect("good input");
    sent(step);
    assert_eq!(host.under_way(), 2);
    host.start("accounts.import_account", input, None, at(700_000)).expect("good input");
    assert_eq!(host.under_way(), 2);
    assert_eq!(error(host.poll(gone, at(700_000))).kind, Kind::Internal);
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
    let mut call = engine.call(&SEND, &message(), &CallOptions::default(), at(0)).expect("a call");
    sent(call.poll(&mut engine, at(0)));
    let woken = Now { mono_ms: 500, unix_ms: START_S * 1000 + 3_600_000 };
    call.on_failure(&mut engine, woken, lost());
    assert!(error(call.poll(&mut engine, woken)).maybe_applied);
    // It slept in the pause, after the repeat had been decided on; so it does when its program was stopped.
    for late in [woken, at(310_000)] {
        let options = CallOptions { timeout_ms: Some(900_000), ..CallOptions::default() };
        let mut call = engine.call(&SEND, &message(), &options, at(0)).expect("a call");
        sent(call.poll(&mut engine, at(0)));
        call.on_failure(&mut engine, at(1), lost());
        engine.seed(u64::MAX);
        waits(call.poll(&mut engine, at(1)));
        let refused = error(call.poll(&mut engine, late));
        assert_eq!((refused.kind, refused.maybe_applied, refused.attempts), (Kind::Timeout, true, 1));
    }
    // One that was never sent may be late.
    let options = CallOptions { timeout_ms: Some(900_000), ..CallOptions::default() };
    let mut call = engine.call(&SEND, &message(), &options, at(0)).expect("a call");
    sent(call.poll(&mut engine, at(0)));
    call.on_failure(&mut engine, at(1), Failure { kind: FailureKind::NotSent, detail: String::new() });
    engine.seed(u64::MAX);
    waits(call.poll(&mut engine, at(1)));
    sent(call.poll(&mut engine, at(310_000)));
}

#[test]
fn events_below_the_level_are_not_kept() {
    let levels_from = |least: Option<Level>| {
        let mut engine = engine(json!({}));
        engine.listen(least);
        let mut call = import(&mut engine, json!({}), at(0));
        sent(call.poll(&mut engine, at(0)));
        call.on_reply(&mut engine, at(0), reply(60007));
        call.poll(&mut engine, at(0));
        call.cancel(&mut engine);
        engine.take_events().iter().map(Event::level).collect::<Vec<_>>()
    };
    assert_eq!(levels_from(None), []);
    assert_eq!(levels_from(Some(Level::Warning)), [Level::Warning]);
    assert_eq!(levels_from(Some(Level::Info)), [Level::Warning, Level::Info]);
}

#[test]
fn events_tell_what_happens_without_secrets() {
    let mut engine = engine(json!({"base_url": "http://127.0.0.1:1"}));
    engine.listen(Some(Level::Debug));
    let mut call = import(&mut engine, json!({}), at(0));
    sent(call.poll(&mut engine, at(0)));
    call.on_failure(&mut engine, at(5), Failure { kind: FailureKind::Lost, detail: "reset".into() });
    engine.seed(u64::MAX);
    assert_eq!(waits(call.poll(&mut engine, at(5))), 205);
    sent(call.poll(&mut engine, at(205)));
    call.on_reply(&mut engine, at(210), reply(60007));
    call.poll(&mut engine, at(210));
    let events: Vec<_> = engine.take_events().iter().map(|event| event.to_record(Style::Camel)).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["attempt", "failure", "retry", "attempt", "reply", "slowed_down", "retry"]);
    assert_eq!(events[2]["delayMs"], 200);
    assert_eq!((&events[4]["httpStatus"], &events[4]["code"]), (&json!(200), &json!(60007)));
    let text = serde_json::to_string(&events).expect("JSON");
    assert!(!text.contains("usersig") && !text.contains(KEY), "{text}");
    assert!(engine.take_events().is_empty());
}
