//! What ten thousand calls cost that wait in the queue of the pace, by the core's `Host` alone: prints one JSON line.
//!
//! `tencent-im-bench-waiting CALLS SECONDS`

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use tencent_im_core::flow::{CallId, Engine, Host, Now, Step};
use tencent_im_core::http::Reply;
use tencent_im_core::options::ClientOptions;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind, Result, SecretKey};

/// Calls let through in a second: few, so that waiting is what is measured.
const RATE: u32 = 10;

struct Program {
    start: Instant,
    host: Host,
    /// Whom to ask when.
    wakes: BinaryHeap<Reverse<(u64, CallId)>>,
    asked: u32,
    answered: u32,
}

impl Program {
    fn now(&self) -> Now {
        let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis() as u64);
        Now { mono_ms: self.start.elapsed().as_millis() as u64, unix_ms }
    }

    /// Does what a step says; every request is answered at once.
    fn obey(&mut self, id: CallId, step: Step) -> Result<()> {
        match step {
            Step::Wait { until_ms } => self.wakes.push(Reverse((until_ms, id))),
            Step::Send(_) => {
                let body = br#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#.to_vec();
                let now = self.now();
                let next = self.host.on_reply(id, Reply { status: 200, body, ..Reply::default() }, now);
                self.obey(id, next)?;
            }
            Step::Done(outcome) => {
                outcome?;
                self.answered += 1;
            }
        }
        Ok(())
    }

    fn begin(&mut self, number: u32) -> Result<()> {
        let input = format!(r#"{{"user_id":"user{number}","nick":"Test","face_url":"http://www.qq.com"}}"#);
        let (id, step) = self.host.start("accounts.import_account", &input, None, self.now())?;
        self.obey(id, step)
    }

    fn wait(&mut self, length: Duration) -> Result<()> {
        let end_ms = self.now().mono_ms + length.as_millis() as u64;
        while let Some(&Reverse((until_ms, id))) = self.wakes.peek() {
            let now_ms = self.now().mono_ms;
            std::thread::sleep(Duration::from_millis(until_ms.min(end_ms).saturating_sub(now_ms)));
            if until_ms > end_ms {
                break;
            }
            self.wakes.pop();
            self.asked += 1;
            let step = self.host.poll(id, self.now());
            self.obey(id, step)?;
        }
        Ok(())
    }
}

/// Resident memory in bytes.
fn resident() -> Option<u64> {
    fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse::<u64>().ok().map(|pages| pages * 4096)
}

/// CPU time of this thread, which is the only one, in seconds.
fn cpu() -> Option<f64> {
    fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u32>().unwrap_or(0));
    let calls = arguments.next().unwrap_or(10_000);
    let seconds = arguments.next().unwrap_or(3);
    let options = ClientOptions {
        timeout_ms: Some(3_600_000),
        rate_limits: Some(json!({"accounts.import_account": RATE})),
        ..ClientOptions::default()
    };
    let engine = Engine::new(1_400_000_001, &SecretKey::new("0".repeat(64))?, &options, 1)?;
    let host = Host::new(engine, Style::Snake);
    let mut program = Program { start: Instant::now(), host, wakes: BinaryHeap::new(), asked: 0, answered: 0 };
    program.begin(0)?;
    let (memory_before, cpu_before) = (resident(), cpu());
    for number in 0..calls {
        program.begin(number)?;
    }
    let (memory, cpu_joined) = (resident(), cpu());
    let waiting = program.host.under_way();
    let answered_before = program.answered;
    program.wait(Duration::from_secs(seconds.into()))?;
    let cpu_waited = cpu();
    if waiting + 1 < calls as usize || program.answered == answered_before {
        return Err(Error::new(Kind::Internal, "the calls did not wait, or none had its turn"));
    }
    println!(
        "{}",
        json!({
            "waiting": waiting,
            "bytes": memory.zip(memory_before).map(|(after, before)| after.saturating_sub(before)),
            "joining_s": cpu_joined.zip(cpu_before).map(|(after, before)| after - before),
            "seconds": seconds,
            "cpu_s": cpu_waited.zip(cpu_joined).map(|(after, before)| after - before),
            "asked": program.asked,
            "sent": program.answered - answered_before,
        })
    );
    Ok(())
}
