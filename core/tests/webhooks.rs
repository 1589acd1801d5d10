//! Webhooks with anything in them: queries, bodies, signatures and decisions.

use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tencent_im_core::schema::JsonSink;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::webhook::{Decision, Event, Receiver, Webhook, all, answer, find, sign};
use tencent_im_core::{Error, Kind};

const APP: u32 = 1_400_000_001;
const TOKEN: &str = "correct horse";
const AT: u64 = 1_700_000_000;

fn signed() -> Receiver {
    Receiver::open(&mut json!({"sdk_app_id": APP, "token": [TOKEN]}), Style::Snake).expect("good settings")
}

fn unsigned() -> Receiver {
    Receiver::open(&mut json!({"sdk_app_id": APP, "verify": false}), Style::Snake).expect("good settings")
}

fn query_of(command: &str) -> String {
    format!("SdkAppid={APP}&CallbackCommand={command}")
}

/// What is wrong with a request has a status to answer with, and shows no secret.
fn sane(error: &Error) {
    assert_eq!(error.kind, Kind::Webhook, "{error}");
    assert!(matches!(error.http_status, Some(400 | 401 | 403 | 413)), "{error}");
    let shown = format!("{error} {error:?} {}", error.to_json(Style::Camel));
    assert!(!shown.contains(TOKEN) && !shown.contains(&sign(TOKEN, AT)[..16]), "{shown}");
}

/// Reads an event into its record and answers it.
fn whole(event: &Event) -> Result<Value, Error> {
    let mut sink = JsonSink::new(1 << 24);
    event.record_into(Style::Camel, &mut sink)?;
    let answer = event.answer(&Decision::Allow).expect("any event may be allowed");
    assert_eq!(serde_json::from_slice::<Value>(&answer).expect("JSON")["ErrorCode"], 0);
    Ok(serde_json::from_slice(&sink.into_bytes()).expect("JSON"))
}

/// Any JSON.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": "t"}})),
        Just(json!({"To_Account": "a", "Member_Account": "a", "Subscriber_Account": "a"})),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        let key = prop_oneof!["[A-Z][a-z]{1,6}", Just("Text".to_owned()), Just("To_Account".to_owned())];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn webhook() -> impl Strategy<Value = &'static Webhook> {
    proptest::sample::select(all().collect::<Vec<_>>())
}

/// A webhook, and a body that has anything in its fields.
fn event() -> impl Strategy<Value = (&'static Webhook, Value)> {
    (webhook(), vec(value(), 16), any::<u16>()).prop_map(|(webhook, values, given)| {
        let names =
            (webhook.body)().fields.iter().map(|field| field.wire).chain(["CallbackCommand", "EventTime", "New"]);
        let mut body = Map::new();
        for (at, (name, value)) in names.zip(values).enumerate() {
            if given >> at & 1 == 1 {
                let value = if name == "CallbackCommand" { webhook.command.into() } else { value };
                body.insert(name.to_owned(), value);
            }
        }
        (webhook, Value::Object(body))
    })
}

/// A decision, or nearly one.
fn decision() -> impl Strategy<Value = Value> {
    let action = prop_oneof!["(allow|reject|drop|replace|refuse|decide)", ".{0,6}"];
    let account = json!({"account": "a", "code": 38_000});
    let fields = [
        ("code", prop_oneof![any::<i32>().prop_map(Value::from), Just(json!(120_001)), value()].boxed()),
        ("info", prop_oneof![".{0,6}".prop_map(Value::from), value()].boxed()),
        ("msg_body", value().boxed()),
        ("accounts", prop_oneof![Just(json!(["a"])), value()].boxed()),
        ("results", prop_oneof![Just(json!([account])), value()].boxed()),
    ];
    let values = fields.each_ref().map(|(_, value)| proptest::option::weighted(0.2, value.clone())).to_vec();
    (action, values).prop_map(move |(action, values)| {
        let names = ["code", "info", "msg_body", "accounts", "results"];
        let given = names.into_iter().zip(values).filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(given.chain([("action".to_owned(), action.into())]).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_request_is_read_or_refused(query in ".{0,200}", body in vec(any::<u8>(), 0..200), now_s: u64) {
        let own = format!("{}&Sign={}&RequestTime={AT}&{query}", query_of("C2C.CallbackAfterSendMsg"), sign(TOKEN, AT));
        for (receiver, query) in [(signed(), &query), (unsigned(), &query), (signed(), &own), (unsigned(), &own)] {
            for now_s in [now_s, AT] {
                match receiver.read(query, &body, now_s) {
                    Ok(event) => whole(&event).map_or_else(|error| sane(&error), drop),
                    Err(error) => sane(&error),
                }
            }
        }
    }

    #[test]
    fn only_the_right_signature_passes(inner in "\\PC{0,80}", at in 1_000_000_000_u64..4_000_000_000, flipped in 0_usize..64, late in 0_u64..200) {
        let token = format!("a{inner}z");
        let receiver = Receiver::open(&mut json!({"sdk_app_id": APP, "token": ["other", token]}), Style::Snake);
        let receiver = receiver.expect("good settings");
        let read = |sign: &str, now_s| {
            receiver.read(&format!("{}&Sign={sign}&RequestTime={at}", query_of("X.Y")), b"{}", now_s)
        };
        let right = sign(&token, at);
        prop_assert_eq!(read(&right, at + late).is_ok(), late <= 60);
        prop_assert_eq!(read(&right, at - late).is_ok(), late <= 60);
        let mut wrong = right.into_bytes();
        wrong[flipped] = if wrong[flipped] == b'0' { b'1' } else { b'0' };
        let error = read(&String::from_utf8_lossy(&wrong), at).expect_err("a wrong signature");
        prop_assert_eq!(error.http_status, Some(401));
    }

    #[test]
    fn any_event_is_read_whole((webhook, body) in event()) {
        let read = || unsigned().read(&query_of(webhook.command), body.to_string().as_bytes(), 0);
        match read() {
            Ok(event) => {
                prop_assert_eq!(&read().expect("again").id, &event.id);
                let record = whole(&event).expect("no deeper than what was generated");
                prop_assert_eq!(&record["kind"], webhook.timing.as_str());
                // Nothing is lost: whatever no table knows keeps its name.
                prop_assert_eq!(record["body"].get("New").is_some(), body.get("New").is_some());
            }
            Err(error) => sane(&error),
        }
    }

    #[test]
    fn any_decision_is_an_answer_or_an_error(webhook in webhook(), decision in decision()) {
        let accounts = ["a".to_owned()];
        match answer(webhook.command, &accounts, &mut Json(&decision.to_string()), Style::Snake) {
            Err(error) => prop_assert!(error.kind == Kind::InvalidInput && error.cure.is_some(), "{}", error),
            Ok(answer) => {
                let answer: Value = serde_json::from_slice(&answer).expect("JSON");
                prop_assert_eq!(&answer["ActionStatus"], "OK");
                let code = answer["ErrorCode"].as_i64().expect("a code");
                let own = find(webhook.command).and_then(|webhook| webhook.answers()?.codes());
                let fits = own.is_some_and(|own| (own.first.into()..=own.last.into()).contains(&code));
                prop_assert!((0..=2).contains(&code) || fits, "{}: {}", webhook.command, answer);
                prop_assert!(webhook.answers().is_some() || code == 0);
            }
        }
    }
}

#[test]
fn events_of_any_depth_are_read_in_a_small_thread() {
    let lists = format!("{}{}", "[".repeat(900), "]".repeat(900));
    let objects = format!("{}1{}", "{\"a\":".repeat(900), "}".repeat(900));
    for deep in [lists, objects] {
        for webhook in all() {
            let field = (webhook.body)().fields[0].wire;
            for name in [field, "CallbackCommand", "EventTime", "New"] {
                let body = format!(r#"{{"{name}": {deep}}}"#);
                // As much stack as musl gives a thread.
                let read = thread::Builder::new().stack_size(128 << 10).spawn(move || {
                    let event = unsigned().read(&query_of(webhook.command), body.as_bytes(), 0)?;
                    event.record_into(Style::Snake, &mut JsonSink::new(1 << 20))
                });
                let error = read.expect("a thread").join().expect("no panic").expect_err("too deep");
                assert_eq!((error.kind, error.http_status), (Kind::Webhook, Some(400)), "{name}: {error}");
            }
        }
    }
}
