//! Events through the core alone: read, verified and answered. One JSON line.
//!
//! `tencent-im-bench-webhooks SECONDS`

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::json;
use tencent_im_core::Result;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{JsonSink, Redacted};
use tencent_im_core::webhook::{Decision, Receiver, WebhookSettings, sign};

const TOKEN: &str = "made up";
const NOW_S: u64 = 1_700_000_001;
const COMMAND: &str = "C2C.CallbackBeforeSendMsg";

/// CPU time of this thread, which is the only one, in seconds; none where the system does not tell.
fn cpu() -> Option<f64> {
    fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

/// A one-to-one message whose body has 1,000 bytes.
fn body() -> String {
    let message = |text: &str| {
        json!({
            "CallbackCommand": COMMAND, "From_Account": "jared", "To_Account": "Jonh", "MsgSeq": 48374,
            "MsgRandom": 2_837_546, "MsgTime": 1_557_481_126, "MsgKey": "48374_2837546_1557481126", "OnlineOnlyFlag": 0,
            "EventTime": 1_670_574_414_123_u64, "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}],
        })
        .to_string()
    };
    message(&"x".repeat(1000 - message("").len()))
}

/// One event, read into the data of a language, and its answer.
fn event(receiver: &Receiver, query: &str, body: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let event = receiver.read(query, body.as_bytes(), NOW_S)?;
    let mut sink = JsonSink::for_javascript_without_codes(1 << 20);
    event.record_into(Style::Camel, &mut sink)?;
    let decision = Decision::Reject { code: Some(120_001), info: Some("no".into()) };
    Ok((sink.into_bytes(), event.answer(&decision)?))
}

fn main() -> Result<()> {
    let seconds = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let settings =
        WebhookSettings { sdk_app_id: 1_400_000_001, token: Some(vec![Redacted(TOKEN.into())]), ..Default::default() };
    let receiver = Receiver::new(&settings)?;
    let query = format!(
        "SdkAppid=1400000001&CallbackCommand={COMMAND}&contenttype=json&ClientIP=10.0.0.1&OptPlatform=iOS\
         &RequestTime={NOW_S}&Sign={}",
        sign(TOKEN, NOW_S)
    );
    let body = body();
    event(&receiver, &query, &body)?;
    let run = |length: Duration| {
        let (start, cpu_start, mut events) = (Instant::now(), cpu(), 0_u32);
        loop {
            for _ in 0..256 {
                let _ = black_box(event(&receiver, &query, &body));
                events += 1;
            }
            let passed = start.elapsed();
            if passed >= length {
                let cpu = cpu().zip(cpu_start).map(|(end, start)| end - start);
                return f64::from(events) / cpu.unwrap_or(passed.as_secs_f64());
            }
        }
    };
    run(Duration::from_secs_f64(seconds / 4.0));
    println!("{}", json!({"per_s": run(Duration::from_secs_f64(seconds))}));
    Ok(())
}
