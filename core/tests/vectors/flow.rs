//! Scripts for the call machine: each line says what is done when, and the step that it gives.

use serde_json::{Value, json};
use tencent_im_core::Error;
use tencent_im_core::flow::{CallId, Host, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::schema::JsonSink;
use tencent_im_core::schema::names::Style;
use tencent_im_core::usersig::inspect;

use super::{NOW, engine, matches};

/// Runs one script.
pub fn script(vector: &Value) {
    let mut host = Host::new(engine(&vector["options"]), Style::Snake);
    let mut id = 0;
    let mut body = None;
    let mut sig = String::new();
    for line in vector["script"].as_array().expect("a script") {
        let name = json!(format!("{}: {line}", vector["name"]));
        let step = act(&mut host, &mut id, vector, line, &sig);
        let gives = &line["gives"];
        match step {
            Step::Send(request) => {
                sent(&name, &request, &gives["send"]);
                sig = part(&request, "usersig=").to_owned();
                let first = body.get_or_insert_with(|| request.body.clone());
                assert_eq!(*first, request.body, "{name}: the body changed");
            }
            Step::Wait { until_ms } => assert_eq!(json!({"wait": until_ms}), *gives, "{name}"),
            Step::Done(outcome) => {
                match outcome.and_then(|answer| answer.read_into(Style::Snake, &mut JsonSink::new(1 << 20))) {
                    Ok(()) => assert_eq!(json!({"result": true}), *gives, "{name}"),
                    Err(error) => {
                        let expected = gives.get("error").unwrap_or_else(|| panic!("{name}: {error}"));
                        let shown = format!("{error} {error:?} {}", error.to_json(Style::Snake));
                        assert!(!shown.contains(&sig[..20]), "{name}: the UserSig shows");
                        matches(&name, &error, expected);
                    }
                }
            }
        }
    }
    assert_eq!(host.under_way(), 0, "{}: the script leaves its call under way", vector["name"]);
}

fn act(host: &mut Host, id: &mut CallId, vector: &Value, line: &Value, sig: &str) -> Step {
    let at = line["at"].as_u64().expect("a time");
    let now = Now { mono_ms: at, unix_ms: NOW.unix_ms + at };
    let half = |name: &str| line.get(name).map_or(u64::from(u32::MAX), |half| half.as_u64().expect("a half"));
    host.engine().seed(half("hi") << 32 | half("lo"));
    match line["do"].as_str().expect("an action") {
        "start" => {
            let options = vector.get("call").map(Value::to_string);
            let op = vector["op"].as_str().expect("an op");
            let started = host.start(op, &vector["input"].to_string(), options.as_deref(), now);
            let (number, step) = started.expect("good input");
            *id = number;
            step
        }
        "poll" => host.poll(*id, now),
        "reply" => {
            let header = |name| line.get(name).and_then(Value::as_str).map(str::to_owned);
            let (date, retry_after, encoding) = (header("date"), header("retry_after"), header("encoding"));
            let status = line["status"].as_u64().expect("a status") as u16;
            let body = filled(line["body"].as_str().expect("a body"), sig).into_bytes();
            host.on_reply(*id, Reply { status, date, retry_after, encoding, body }, now)
        }
        "fail" => {
            let kind = FailureKind::from_name(line["kind"].as_str().expect("a kind")).expect("a known kind");
            let detail = filled(line.get("detail").and_then(Value::as_str).unwrap_or_default(), sig);
            host.on_failure(*id, Failure { kind, detail }, now)
        }
        "cancel" => Step::Done(Err(host.cancel(*id).expect("a call under way"))),
        other => panic!("unknown action {other}"),
    }
}

/// A text with the UserSig of the last request in it, as gateways and HTTP libraries show it.
fn filled(text: &str, sig: &str) -> String {
    let spelt = |spell: fn(u8) -> String| sig.bytes().map(spell).collect::<String>();
    text.replace("{sig}", sig)
        .replace("{sig|json}", &spelt(|letter| format!("\\u{letter:04x}")))
        .replace("{sig|percent}", &spelt(|letter| format!("%{letter:02X}")))
        .replace("{sig|start}", sig.get(..20).unwrap_or_default())
}

/// What follows a mark in a request's URL.
fn part<'a>(request: &'a Request, mark: &str) -> &'a str {
    request.url.split(mark).nth(1).and_then(|rest| rest.split(['&', '/']).next()).unwrap_or_default()
}

fn sent(name: &Value, request: &Request, expected: &Value) {
    assert!(expected.is_object(), "{name}: sent");
    let part = |mark| part(request, mark);
    for (key, value) in expected.as_object().into_iter().flatten() {
        let got = match key.as_str() {
            "timeout_ms" => json!(request.timeout_ms),
            "host" => json!(part("://")),
            "random" => json!(part("random=").parse::<u32>().expect("a random")),
            "issued_at" => {
                json!(inspect(part("usersig=")).map_err(|error: Error| error).expect("a UserSig").issued_at_s)
            }
            other => panic!("{name}: unknown expectation {other}"),
        };
        assert_eq!(got, *value, "{name}: {key}");
    }
}
