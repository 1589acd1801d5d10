//! Webhooks: what is read from a request, and what is written for a decision.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tencent_im_core::Result;
use tencent_im_core::schema::JsonSink;
use tencent_im_core::schema::names::Style;
use tencent_im_core::webhook::{Event, Receiver, all, answer, sign};

use super::{bytes, matches};

/// The token and the time of the fact file's signature.
const TOKEN: &str = "xxxyyy";
const AT: u64 = 1_669_872_112;

/// Runs one vector.
pub fn request(vector: &Value) {
    let name = &vector["name"];
    match (read(vector), vector.get("error")) {
        (Ok((event, record)), None) => {
            let expected = vector["event"].as_object().unwrap_or_else(|| panic!("{name}: it passes"));
            for (key, value) in expected {
                assert_eq!(record[key], *value, "{name}: {key}");
            }
            let answers = vector["answers"].as_array().expect("answers");
            answers.iter().for_each(|case| decide(name, &event, case));
        }
        (Err(error), Some(expected)) => {
            let shown = format!("{error} {error:?} {}", error.to_json(Style::Snake));
            assert!(!shown.contains(TOKEN) && !shown.contains(&sign(TOKEN, AT)[..8]), "{name}: a secret shows");
            matches(name, &error, expected);
        }
        (Err(error), None) => panic!("{name}: {error}"),
        (Ok(_), Some(_)) => panic!("{name}: no error"),
    }
}

fn read(vector: &Value) -> Result<(Event, Value)> {
    let receiver = Receiver::open(&mut json!({"sdk_app_id": 1_400_000_001, "token": [TOKEN]}), Style::Snake)?;
    let body = match vector["body_hex"].as_str() {
        Some(hex) => bytes(hex),
        None => vector["body"].as_str().expect("a body").as_bytes().to_vec(),
    };
    let now_s = vector["now"].as_u64().unwrap_or(AT);
    let event = receiver.read(vector["query"].as_str().expect("a query"), &body, now_s)?;
    let mut sink = JsonSink::new(1 << 20);
    event.record_into(Style::Snake, &mut sink)?;
    Ok((event, serde_json::from_slice(&sink.into_bytes()).expect("a JSON record")))
}

fn decide(name: &Value, event: &Event, case: &Value) {
    let mut decision = case["decision"].clone();
    match (answer(&event.command, &event.accounts, &mut decision, Style::Snake), case.get("error")) {
        (Ok(body), None) => {
            let body: Value = serde_json::from_slice(&body).expect("a JSON answer");
            assert_eq!(body, case["body"], "{name}: {decision}");
        }
        (Err(error), Some(expected)) => {
            assert!(error.cure.is_some(), "{name}: {error} has no cure");
            matches(name, &error, expected);
        }
        (outcome, _) => panic!("{name}: {decision}: {outcome:?}"),
    }
}

#[test]
fn every_webhook_has_a_vector() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/webhooks");
    let mut covered = BTreeSet::new();
    for file in fs::read_dir(folder).expect("the vectors") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a readable file");
        let json: Value = serde_json::from_str(&text).expect("a JSON file");
        for vector in json["vectors"].as_array().expect("vectors") {
            let answers = vector["answers"].as_array().map_or(&[][..], Vec::as_slice);
            let has = |key| answers.iter().any(|case| case.get(key).is_some());
            if has("body") && has("error") {
                covered.insert(vector["event"]["command"].as_str().expect("a command").to_owned());
            }
        }
    }
    for webhook in all() {
        assert!(covered.contains(webhook.command), "{} has no vector with an answer and a refusal", webhook.command);
    }
}
