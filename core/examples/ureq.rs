//! Imports an account with the blocking HTTP library ureq:
//!
//! ```sh
//! TENCENT_IM_SDK_APP_ID=1400000000 TENCENT_IM_SECRET_KEY=… cargo run -p tencent-im-core --example ureq
//! ```

use std::env;
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use tencent_im_core::SecretKey;
use tencent_im_core::api::accounts::{CHECK, CheckAccounts, IMPORT_ACCOUNT, ImportAccount};
use tencent_im_core::flow::{Call, Engine, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::options::{CallOptions, ClientOptions};
use tencent_im_core::reply::Answer;

fn main() -> Result<(), Box<dyn Error>> {
    let sdk_app_id = env::var("TENCENT_IM_SDK_APP_ID")?.parse()?;
    let secret_key = env::var("TENCENT_IM_SECRET_KEY")?;
    let options = ClientOptions { base_url: env::var("TENCENT_IM_BASE_URL").ok(), ..ClientOptions::default() };
    let mut engine = Engine::new(sdk_app_id, &SecretKey::new(secret_key)?, &options, seed())?;
    let clock = Clock(Instant::now());

    let account = ImportAccount { user_id: "test".into(), nick: Some("Test".into()), face_url: None };
    let mut call = engine.call(&IMPORT_ACCOUNT, &account, &CallOptions::default(), clock.now())?;
    IMPORT_ACCOUNT.read(&run(&mut engine, &mut call, &clock)?)?;

    let names = CheckAccounts { accounts: ["test", "nobody"].map(|user_id| user_id.into()).to_vec() };
    let mut call = engine.call(&CHECK, &names, &CallOptions::default(), clock.now())?;
    for account in CHECK.read(&run(&mut engine, &mut call, &clock)?)?.results {
        println!(
            "{} {}",
            account.user_id,
            account.account_status.map_or(String::new(), |status| status.as_str().into())
        );
    }
    Ok(())
}

/// Does what the call says until it is done.
fn run(engine: &mut Engine, call: &mut Call, clock: &Clock) -> Result<Answer, tencent_im_core::Error> {
    loop {
        match call.poll(engine, clock.now()) {
            Step::Send(request) => match send(request) {
                Ok(reply) => call.on_reply(engine, clock.now(), reply),
                Err(failure) => call.on_failure(engine, clock.now(), failure),
            },
            Step::Wait { until_ms } => sleep(Duration::from_millis(until_ms.saturating_sub(clock.now().mono_ms))),
            Step::Done(result) => return result,
        }
    }
}

/// The standard library's hasher is seeded at random by the system.
fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

fn send(request: Request) -> Result<Reply, Failure> {
    let mut post = ureq::post(&request.url)
        .config()
        .timeout_global(Some(Duration::from_millis(request.timeout_ms)))
        .http_status_as_error(false)
        .build();
    for (name, value) in request.headers {
        post = post.header(*name, *value);
    }
    let failure = |error: ureq::Error| {
        let kind = match &error {
            ureq::Error::Timeout(_) => FailureKind::Timeout,
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Tls(_) => FailureKind::NotSent,
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => FailureKind::NotSent,
            _ => FailureKind::Lost,
        };
        // Not the error's text: it could hold the URL, and so the UserSig.
        Failure { kind, detail: String::new() }
    };
    let mut response = post.send(&request.body[..]).map_err(failure)?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (date, retry_after, encoding) = (header("date"), header("retry-after"), header("content-encoding"));
    let status = response.status().as_u16();
    let body = response.body_mut().read_to_vec().map_err(failure)?;
    Ok(Reply { status, date, retry_after, encoding, body })
}

/// The two clocks that calls are on.
struct Clock(Instant);

impl Clock {
    fn now(&self) -> Now {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Now { mono_ms: self.0.elapsed().as_millis() as u64, unix_ms: unix.as_millis() as u64 }
    }
}
