//! Any request given to whatever reads webhooks, and any decision: an error of a stable kind, no panic, bounded time and
//! memory.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz webhook -- -max_len=6000 -max_total_time=120`
#![no_main]

use libfuzzer_sys::fuzz_target;
use tencent_im_core::Kind;
use tencent_im_core::schema::JsonSink;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::webhook::{Decision, Receiver, all, answer, sign};

const AT: u64 = 1_700_000_000;

fn read(receiver: &Receiver, query: &str, body: &[u8]) {
    let mut sink = JsonSink::new(1 << 26);
    let read = receiver.read(query, body, AT).and_then(|event| {
        assert!(event.answer(&Decision::Allow).is_ok());
        event.record_into(Style::Camel, &mut sink)
    });
    match read {
        Ok(()) => drop(serde_json::from_slice::<serde_json::Value>(&sink.into_bytes()).unwrap()),
        Err(error) => {
            assert_eq!(error.kind, Kind::Webhook);
            assert!(matches!(error.http_status, Some(400 | 401 | 403 | 413)));
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&chosen, data)) = data.split_first() else { return };
    let open = |settings: &str| Receiver::open(&mut Json(settings), Style::Snake).unwrap();
    let signed = open(r#"{"sdk_app_id": 1, "token": ["token"]}"#);
    let unsigned = open(r#"{"sdk_app_id": 1, "verify": false}"#);
    // The data as the query, as a body, as both, and as a decision.
    let text = String::from_utf8_lossy(data);
    let webhook = all().nth(usize::from(chosen) % all().count()).unwrap();
    let query = format!("SdkAppid=1&CallbackCommand={}", webhook.command);
    let genuine = format!("{query}&Sign={}&RequestTime={AT}", sign("token", AT));
    read(&unsigned, &text, data);
    read(&unsigned, &query, data);
    read(&signed, &genuine, data);
    read(&signed, &format!("{genuine}&{text}"), b"{}");
    let accounts = ["a".to_owned(), text.chars().take(32).collect()];
    if let Err(error) = answer(webhook.command, &accounts, &mut Json(&text), Style::Camel) {
        assert!(matches!(error.kind, Kind::InvalidInput) && error.cure.is_some());
    }
});
