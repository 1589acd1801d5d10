//! Runs every vector file of the repository through the core; the other languages run the same files.

mod flow;
mod webhooks;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use tencent_im_core::api::find_op;
use tencent_im_core::flow::{Engine, Now};
use tencent_im_core::http::Reply;
use tencent_im_core::options::{CallOptions, ClientOptions};
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::JsonSink;
use tencent_im_core::schema::names::Style;
use tencent_im_core::usersig::{inspect, verify_value};
use tencent_im_core::{Error, SecretKey, reply};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const NOW: Now = Now { mono_ms: 0, unix_ms: 1_700_000_000_000 };

/// What a family's handler makes of one vector; it panics with the vector's name on a difference.
type Handler = fn(&Value);

fn handlers() -> BTreeMap<&'static str, Handler> {
    let mut handlers: BTreeMap<&'static str, Handler> = BTreeMap::new();
    handlers.insert("requests", request);
    handlers.insert("replies", answer);
    handlers.insert("errors", code);
    handlers.insert("usersig", user_sig);
    handlers.insert("flow", flow::script);
    handlers.insert("webhooks", webhooks::request);
    handlers
}

#[test]
fn every_vector_file_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let handlers = handlers();
    let mut ran = Vec::new();
    for family in fs::read_dir(&root).expect("the vectors") {
        let family = family.expect("a family").path();
        if !family.is_dir() {
            continue;
        }
        let name = family.file_name().expect("a name").to_string_lossy().into_owned();
        let handler = handlers.get(name.as_str()).unwrap_or_else(|| panic!("no handler for the family {name}"));
        for file in fs::read_dir(&family).expect("a family is a folder") {
            let file = file.expect("a file").path();
            let text = fs::read_to_string(&file).expect("a readable file");
            let json: Value = serde_json::from_str(&text).expect("a JSON file");
            // Invalid UserSigs stand in a list of their own.
            let vectors = [&json["vectors"], &json["invalid"]].into_iter().filter_map(Value::as_array).flatten();
            let count = vectors.inspect(|vector| handler(vector)).count();
            assert!(count > 0, "{} has no vectors", file.display());
            ran.push(format!("{name}/{} {count}", file.file_name().expect("a name").to_string_lossy()));
        }
    }
    ran.sort();
    let record = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/vectors-run");
    fs::create_dir_all(&record).expect("a folder for the record");
    fs::write(record.join("rust.txt"), ran.join("\n") + "\n").expect("the record is written");
}

fn engine(options: &Value) -> Engine {
    let mut options = if options.is_null() { json!({}) } else { options.clone() };
    let options = ClientOptions::read(&mut options, Style::Snake).expect("good options");
    Engine::new(1_400_000_001, &SecretKey::new(KEY).expect("a key"), &options, 0).expect("an engine")
}

fn matches(name: &Value, error: &Error, expected: &Value) {
    let record = error.to_record(Style::Snake);
    for (key, value) in expected.as_object().expect("an expected error") {
        let got = record.get(key).cloned().unwrap_or(Value::Null);
        let fits = match key.as_str() {
            "message" => got.as_str().is_some_and(|text| text.contains(value.as_str().unwrap_or_default())),
            "path" if value == "" => got.is_null(),
            _ => got == *value,
        };
        assert!(fits, "{name}: {key} is {got}, not {value}: {error}");
    }
}

fn request(vector: &Value) {
    let name = &vector["name"];
    let op = find_op(vector["op"].as_str().expect("an op")).expect("a known op");
    let options = CallOptions { extra_body: vector.get("extra_body").cloned(), ..CallOptions::default() };
    let mut engine = engine(&vector["options"]);
    engine.seed(7 << 32);
    let plan = engine.plan();
    let options = plan.resolve(options).expect("good options");
    let prepared = plan
        .draft(op, &mut vector["input"].clone(), Style::Snake, &options, 7 << 32)
        .and_then(|draft| engine.prepare_draft(draft, NOW));
    match (prepared, vector.get("wire")) {
        (Ok(request), Some(wire)) => {
            let body: Value = serde_json::from_slice(&request.body).expect("a JSON body");
            assert_eq!(body, *wire, "{name}");
            let start =
                format!("https://console.tim.qq.com/{}?sdkappid=1400000001&identifier=administrator&usersig=", op.path);
            assert!(request.url.starts_with(&start), "{name}");
            assert!(request.url.ends_with("&random=7&contenttype=json"), "{name}");
            assert!(!format!("{request:?}").contains("usersig"), "{name}");
        }
        (Err(error), None) => {
            assert!(error.cure.is_some(), "{name}: {error} has no cure");
            assert!(vector["error"]["kind"].is_string(), "{name}: the vector names no kind");
            matches(name, &error, &vector["error"]);
        }
        (Ok(_), None) => panic!("{name}: no error"),
        (Err(error), Some(_)) => panic!("{name}: {error}"),
    }
}

fn answer(vector: &Value) {
    let name = &vector["name"];
    let op = find_op(vector["op"].as_str().expect("an op")).expect("a known op");
    let status = vector["status"].as_u64().expect("a status") as u16;
    let body = match vector["body_hex"].as_str() {
        Some(hex) => bytes(hex),
        None => vector["body"].as_str().expect("a body").as_bytes().to_vec(),
    };
    let mut sink = JsonSink::new(1 << 20);
    let reply = Reply { status, body, ..Reply::default() };
    match Answer::check(op, reply).and_then(|answer| answer.read_into(Style::Snake, &mut sink)) {
        Ok(()) => {
            let result: Value = serde_json::from_slice(&sink.into_bytes()).expect("a JSON result");
            assert_eq!(Some(&result), vector.get("result"), "{name}");
        }
        Err(error) => {
            let expected = vector.get("error").unwrap_or_else(|| panic!("{name}: {error}"));
            // Other languages look for the class of the kind.
            assert!(expected["kind"].is_string(), "{name}: the vector names no kind");
            matches(name, &error, expected);
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("two hex digits");
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn code(vector: &Value) {
    let body = json!({"ActionStatus": "FAIL", "ErrorCode": vector["code"], "ErrorInfo": "x"}).to_string().into_bytes();
    let op = find_op(vector["op"].as_str().unwrap_or("accounts.import_account")).expect("a known op");
    let error = reply::check(op, &Reply { status: 200, body, ..Reply::default() }).expect_err("an error");
    assert_eq!((json!(error.kind.as_str()), json!(error.code)), (vector["kind"].clone(), vector["code"].clone()));
    assert!(error.cause.is_some() && error.cure.is_some(), "{error}");
}

fn user_sig(vector: &Value) {
    let sig = vector["usersig"].as_str().expect("a UserSig");
    let Some(inputs) = vector.get("inputs") else {
        let with = &vector["verify_with"];
        let error = verified(sig, with, &with["now"]).expect_err("an invalid UserSig");
        let expected = vector["expected"].as_str().expect("a reason");
        if let Some(code) = expected.split("server: ").nth(1).and_then(|code| code.trim_end_matches(')').parse().ok()) {
            assert_eq!(error.code, Some(code), "{}", vector["name"]);
        }
        return;
    };
    let stated = verified(sig, inputs, &vector["verify"]["valid_at"]).expect("a valid UserSig");
    assert_eq!((&stated["user_id"], &stated["issued_at"]), (&inputs["identifier"], &inputs["time"]));
    assert_eq!((&stated["sdk_app_id"], &stated["expire"]), (&inputs["sdkappid"], &inputs["expire"]));
    let late = verified(sig, inputs, &vector["verify"]["expired_at"]).expect_err("expired");
    assert_eq!(late.code, Some(70001));
    assert!(inspect(sig).is_ok());
}

fn verified(sig: &str, inputs: &Value, now: &Value) -> Result<Value, Error> {
    let params: Map<String, Value> = [
        ("secret_key", json!([inputs["key"]])),
        ("sdk_app_id", inputs["sdkappid"].clone()),
        ("user_id", inputs["identifier"].clone()),
        ("now", now.clone()),
        ("allow_userbuf", json!(true)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect();
    verify_value(sig, &mut Value::Object(params), Style::Snake)
}
