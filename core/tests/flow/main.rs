//! The call machine on a fake clock: what a client of the core may rely on.

mod calls;
mod options;
mod pace;
mod raw;

use serde_json::json;
use tencent_im_core::api::accounts::{IMPORT_ACCOUNT, ImportAccount};
use tencent_im_core::flow::{Call, Engine, Now, Step};
use tencent_im_core::http::{Reply, Request};
use tencent_im_core::options::{CallOptions, ClientOptions};
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, SecretKey};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const START_S: u64 = 1_700_000_000;

fn engine(mut options: serde_json::Value) -> Engine {
    let options = ClientOptions::read(&mut options, Style::Snake).expect("good options");
    Engine::new(1_400_000_001, &SecretKey::new(KEY).expect("a key"), &options, 0).expect("an engine")
}

fn at(mono_ms: u64) -> Now {
    Now { mono_ms, unix_ms: START_S * 1000 + mono_ms }
}

fn import(engine: &mut Engine, mut options: serde_json::Value, now: Now) -> Call {
    let options = CallOptions::read(&mut options, Style::Snake).expect("good options");
    let account = ImportAccount { user_id: "test".into(), ..ImportAccount::default() };
    engine.call(&IMPORT_ACCOUNT, &account, &options, now).expect("a call")
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
    Reply { status: 200, body, ..Reply::default() }
}

fn user_sig(request: &Request) -> &str {
    request.url.split("usersig=").nth(1).and_then(|rest| rest.split('&').next()).expect("a UserSig in the URL")
}
