//! What a call costs before anything is sent: finding it among all, checking its input, waiting for its turn.
//!
//! `cargo bench -p tencent-im-core --bench calls`

#[path = "../tests/every_call/sample.rs"]
#[allow(dead_code)]
mod sample;

use divan::{Bencher, black_box};
use serde_json::{Value, json};
use tencent_im_core::api::{self, find_op};
use tencent_im_core::flow::{Engine, Host, Now, Step};
use tencent_im_core::http::Reply;
use tencent_im_core::options::ClientOptions;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::{Json, RequestOptions, request};
use tencent_im_core::{Result, SecretKey};

fn main() {
    // Short enough that the timer's 20 ns would show with divan's own choice of iterations.
    divan::Divan::from_args().sample_size(500).main();
}

/// The first call, one in the middle, the last one; the same in JavaScript's names, and by its path.
#[divan::bench(args = [
    "accounts.import_account", "groups.create", "groups.import_members", "operations.sign_files", "operations.signFiles",
    "v4/im_cos_msg/get_cos_sig",
])]
fn find(bencher: Bencher, name: &str) {
    bencher.bench(|| find_op(black_box(name)).is_ok());
}

/// A client and its clock.
struct Program {
    host: Host,
    now: Now,
}

impl Program {
    fn new(rate_limits: Option<Value>) -> Result<Self> {
        let key = SecretKey::new("efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c")?;
        let engine = Engine::new(1_400_000_001, &key, &ClientOptions { rate_limits, ..ClientOptions::default() }, 7)?;
        Ok(Self { host: Host::new(engine, Style::Snake), now: Now { mono_ms: 0, unix_ms: 1_700_000_000_000 } })
    }

    /// Makes a call to its end. A second passes with each, so that it is always its turn.
    fn call(&mut self, op: &str, input: &str) -> Result<bool> {
        self.now.mono_ms += 1_000;
        let (id, mut step) = self.host.start(op, input, None, self.now)?;
        while let Step::Wait { until_ms } = step {
            self.now.mono_ms = until_ms;
            step = self.host.poll(id, self.now);
        }
        let body = br#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.to_vec();
        let step = self.host.on_reply(id, Reply { status: 200, body, ..Reply::default() }, self.now);
        Ok(matches!(step, Step::Done(Ok(_))))
    }
}

/// A whole call of the last family without its transport: with no pace, with its own queue alone, and after every other
/// call has made a queue.
#[divan::bench(args = ["no pace", "one queue", "all queues"])]
fn call(bencher: Bencher, queues: &str) {
    let mut program = Program::new((queues == "no pace").then_some(json!(false))).expect("good settings");
    if queues == "all queues" {
        for op in api::all().filter(|op| op.name != "operations.ban_file") {
            let input = sample::request((op.request)(), &mut sample::Random(1));
            assert!(program.call(op.name, &input.to_string()).is_ok(), "{}", op.name);
        }
    }
    let input = r#"{"raw_url":"https://example.com/a.png"}"#;
    assert!(program.call("operations.ban_file", input).is_ok_and(|is_done| is_done));
    bencher.bench_local(|| program.call("operations.ban_file", black_box(input)));
}

/// A batch of a hundred accounts, checked and written.
#[divan::bench]
fn walk_100_accounts(bencher: Bencher) {
    let account = |at: u32| json!({"user_id": format!("user{at}"), "nick": "Test", "face_url": "http://www.qq.com"});
    let input = json!({"accounts": (0..100).map(account).collect::<Vec<_>>()}).to_string();
    let op = api::accounts::IMPORT_ACCOUNTS.op();
    let options = RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 7 };
    bencher.bench(|| request(op, &mut Json(black_box(&input)), options).is_ok());
}
