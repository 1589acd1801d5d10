//! Properties of the call machine over random schedules: drops, duplicates, late answers, clock jumps, many callers.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use tencent_im_core::flow::{CallId, Engine, Host, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply};
use tencent_im_core::options::{ClientOptions, DEFAULT_MAX_RETRIES};
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, SecretKey};

/// The calls of the schedules: name, input, whether a retry is safe.
fn calls() -> [(&'static str, Value, bool); 5] {
    let msg_body = json!([{"msg_type": "TIMTextElem", "msg_content": {"text": "x"}}]);
    [
        ("accounts.import_account", json!({"user_id": "u"}), true),
        ("group_messages.send", json!({"group_id": "g", "msg_body": msg_body}), true),
        ("messages.send", json!({"to_account": "b", "msg_body": msg_body}), true),
        ("groups.create", json!({"type": "Public", "name": "g"}), false),
        ("groups.update_counters", json!({"group_id": "g", "counters": [{"key": "k", "value": 1}]}), false),
    ]
}

/// How the world treats one try.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answer(i32),
    GatewayFails,
    CutShort,
    NotSent,
    Lost,
    /// No news at all: the machine must notice by itself.
    Silence,
}

impl Fate {
    /// Whether the service may have carried the call out without the caller's knowing.
    fn leaves_doubt(self) -> bool {
        match self {
            Fate::Answer(code) => matches!(code, 70500 | 70169 | 999_999),
            Fate::NotSent => false,
            Fate::GatewayFails | Fate::CutShort | Fate::Lost | Fate::Silence => true,
        }
    }
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Answer(0)),
        3 => prop::sample::select(vec![70500, 70169, 60007, 70001, 70402, 999_999]).prop_map(Fate::Answer),
        1 => Just(Fate::GatewayFails),
        1 => Just(Fate::CutShort),
        1 => Just(Fate::NotSent),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Silence),
    ]
}

#[derive(Clone, Debug)]
struct Plan {
    call: usize,
    start_ms: u64,
    timeout_ms: u64,
    cancel_after_ms: Option<u64>,
    tries: Vec<(Fate, u64)>,
}

fn plans() -> impl Strategy<Value = Plan> {
    (
        0..calls().len(),
        0..2_000_u64,
        1..40_000_u64,
        prop::option::weighted(0.1, 0..5_000_u64),
        prop::collection::vec((fates(), 0..9_000_u64), 1..6),
    )
        .prop_map(|(call, start_ms, timeout_ms, cancel_after_ms, tries)| Plan {
            call,
            start_ms,
            timeout_ms,
            cancel_after_ms,
            tries,
        })
}

/// One call of the simulation.
struct Caller {
    plan: Plan,
    id: Option<CallId>,
    /// When to act next, and how.
    due: Option<(u64, Due)>,
    sends: Vec<u64>,
    first_sent: Option<Now>,
    /// What was sent first: a retry has the same body, so that the service knows it as one.
    body: Option<Vec<u8>>,
    doubt: bool,
    ended: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
enum Due {
    Start,
    Poll,
    News(Fate),
}

struct World {
    host: Host,
    jumps: Vec<(u64, i64)>,
}

impl World {
    fn now(&self, mono_ms: u64) -> Now {
        let jump: i64 = self.jumps.iter().filter(|(at, _)| *at <= mono_ms).map(|(_, by)| by).sum();
        Now { mono_ms, unix_ms: (1_700_000_000_000 + mono_ms).saturating_add_signed(jump) }
    }
}

/// Runs a schedule and checks what must hold in each.
fn run(plans: Vec<Plan>, jumps: Vec<(u64, i64)>, rate: u32, seed: u64) -> Result<(), TestCaseError> {
    let limits: Value =
        calls().iter().map(|(name, ..)| (name.to_string(), json!(rate))).collect::<serde_json::Map<_, _>>().into();
    let options = ClientOptions::read(&mut json!({"rate_limits": limits}), Style::Snake).expect("good options");
    let key = SecretKey::new("k".repeat(64)).expect("a key");
    let engine = Engine::new(1_400_000_001, &key, &options, seed).expect("an engine");
    let mut world = World { host: Host::new(engine, Style::Snake), jumps };
    let mut callers: Vec<Caller> = plans
        .into_iter()
        .map(|plan| {
            let due = Some((plan.start_ms, Due::Start));
            Caller { plan, id: None, due, sends: Vec::new(), first_sent: None, body: None, doubt: false, ended: None }
        })
        .collect();

    // In the order of time, and of numbers within a moment; every step moves a caller on, so the count bounds the run.
    for _ in 0..100_000 {
        let next = callers.iter().enumerate().filter_map(|(at, caller)| Some((caller.due?.0, at))).min();
        let Some((now_ms, at)) = next else { return check(&world, &callers, rate) };
        step(&mut world, &mut callers[at], now_ms)?;
    }
    Err(TestCaseError::fail("the schedule does not end"))
}

fn step(world: &mut World, caller: &mut Caller, now_ms: u64) -> Result<(), TestCaseError> {
    let Some((_, due)) = caller.due.take() else { return Ok(()) };
    let (name, input, harmless) = calls()[caller.plan.call].clone();
    let now = world.now(now_ms);
    let cancel_at = caller.plan.cancel_after_ms.map(|after| caller.plan.start_ms + after);
    if let (Some(id), Some(cancel_at)) = (caller.id, cancel_at)
        && now_ms >= cancel_at
    {
        let error = world.host.cancel(id).expect("a call under way");
        prop_assert!(error.maybe_applied || !caller.doubt, "a cancelled call in doubt says so");
        caller.ended = Some(now_ms);
        return Ok(());
    }
    let step = match (due, caller.id) {
        (Due::News(Fate::Answer(code)), Some(id)) => {
            let body = json!({"ActionStatus": "OK", "ErrorCode": code, "ErrorInfo": "x"}).to_string().into_bytes();
            world.host.on_reply(id, Reply { status: 200, body, ..Reply::default() }, now)
        }
        (Due::News(Fate::GatewayFails), Some(id)) => {
            world.host.on_reply(id, Reply { status: 502, body: b"<html>".to_vec(), ..Reply::default() }, now)
        }
        (Due::News(Fate::CutShort), Some(id)) => {
            world.host.on_reply(id, Reply { status: 200, body: b"{\"Act".to_vec(), ..Reply::default() }, now)
        }
        (Due::News(Fate::NotSent), Some(id)) => {
            world.host.on_failure(id, Failure { kind: FailureKind::NotSent, detail: String::new() }, now)
        }
        (Due::News(Fate::Lost), Some(id)) => {
            world.host.on_failure(id, Failure { kind: FailureKind::Lost, detail: String::new() }, now)
        }
        (Due::News(Fate::Silence) | Due::Poll, Some(id)) => world.host.poll(id, now),
        (_, None) => {
            let options = json!({"timeout_ms": caller.plan.timeout_ms}).to_string();
            let (id, step) = world.host.start(name, &input.to_string(), Some(&options), now).expect("good input");
            caller.id = Some(id);
            step
        }
        (Due::Start, Some(_)) => unreachable!("a caller starts once"),
    };
    let deadline_ms = caller.plan.start_ms + caller.plan.timeout_ms;
    match step {
        Step::Send(request) => {
            prop_assert!(harmless || !caller.doubt, "{name} was sent again while it may have been applied");
            prop_assert!(now_ms < deadline_ms, "sent after the deadline");
            let first = *caller.first_sent.get_or_insert(now);
            let age_ms = (now.mono_ms - first.mono_ms).max(now.unix_ms.saturating_sub(first.unix_ms));
            let known_ms = match name {
                "group_messages.send" => 300_000,
                "messages.send" => 120_000,
                _ => u64::MAX,
            };
            let is_forgotten = caller.doubt && age_ms >= known_ms;
            prop_assert!(!is_forgotten, "sent again {age_ms} ms after the first time, when it is no longer known");
            prop_assert!(now_ms + request.timeout_ms <= deadline_ms, "a try may outlive the deadline");
            let body = caller.body.get_or_insert_with(|| request.body.clone());
            prop_assert_eq!(&*body, &request.body, "{} changed between attempts", name);
            let random = request.url.split("random=").nth(1).and_then(|rest| rest.split('&').next());
            prop_assert!(random.is_some_and(|random| random.parse::<u32>().is_ok()), "random is {random:?}");
            let (fate, after_ms) = caller.plan.tries[caller.sends.len() % caller.plan.tries.len()];
            caller.sends.push(now_ms);
            // News that comes after the try's time finds the machine's own verdict there.
            let in_time = after_ms < request.timeout_ms;
            caller.doubt |= fate.leaves_doubt() || !in_time;
            caller.due = Some(match fate {
                Fate::Silence => (now_ms + request.timeout_ms, Due::Poll),
                _ if !in_time => (now_ms + request.timeout_ms, Due::Poll),
                fate => (now_ms + after_ms, Due::News(fate)),
            });
        }
        Step::Wait { until_ms } => {
            prop_assert!(until_ms > now_ms, "a wait that does not wait");
            prop_assert!(until_ms <= deadline_ms, "a wait beyond the deadline");
            caller.due = Some((until_ms, Due::Poll));
        }
        Step::Done(result) => {
            prop_assert!(now_ms <= deadline_ms, "{name} outlived its deadline by {} ms", now_ms - deadline_ms);
            told(caller, result.err())?;
            caller.ended = Some(now_ms);
            let id = caller.id.expect("a number");
            // An answer that comes twice, or late, finds no call.
            let late = world.host.on_reply(id, Reply { status: 200, body: b"{}".to_vec(), ..Reply::default() }, now);
            prop_assert!(matches!(late, Step::Done(Err(_))));
        }
    }
    Ok(())
}

fn told(caller: &Caller, error: Option<Error>) -> Result<(), TestCaseError> {
    if let Some(error) = error {
        prop_assert_eq!(error.maybe_applied, caller.doubt, "{}", error);
        prop_assert_eq!(error.attempts as usize, caller.sends.len());
        prop_assert!(error.attempts <= 1 + DEFAULT_MAX_RETRIES);
    }
    Ok(())
}

fn check(world: &World, callers: &[Caller], rate: u32) -> Result<(), TestCaseError> {
    prop_assert_eq!(world.host.under_way(), 0);
    prop_assert!(callers.iter().all(|caller| caller.ended.is_some()), "a call hangs");
    let mut marks = HashSet::new();
    for body in callers.iter().filter_map(|caller| caller.body.as_deref()) {
        let body: Value = serde_json::from_slice(body).expect("a JSON body");
        if let Some(mark) = body.get("Random").or(body.get("MsgRandom")) {
            prop_assert!(mark.as_u64().is_some_and(|mark| (1..1 << 31).contains(&mark)), "marked with {mark}");
            prop_assert!(marks.insert(mark.to_string()), "two messages have the random number {mark}");
        }
    }
    for (call, (name, ..)) in calls().iter().enumerate() {
        let of_call = || callers.iter().filter(|caller| caller.plan.call == call);
        let mut sends: Vec<u64> = of_call().flat_map(|caller| caller.sends.clone()).collect();
        sends.sort_unstable();
        // Any half-open window of a second that begins with a send.
        for (at, start) in sends.iter().enumerate() {
            let within = sends[at..].iter().take_while(|send| **send < start + 1_000).count();
            prop_assert!(within <= rate as usize, "{name}: {within} within a second, {rate} allowed");
        }
        // First come, first served: whoever started earlier is first sent no later.
        let mut first: Vec<(u64, u64)> =
            of_call().filter_map(|caller| Some((caller.plan.start_ms, *caller.sends.first()?))).collect();
        first.sort_unstable();
        let overtaken = first.windows(2).find(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1);
        prop_assert!(overtaken.is_none(), "{name}: overtaken: {overtaken:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_schedule_keeps_the_promises(
        plans in prop::collection::vec(plans(), 1..40),
        jumps in prop::collection::vec((0..40_000_u64, -100_000_000..100_000_000_i64), 0..3),
        rate in 1..50_u32,
        seed in any::<u64>(),
    ) {
        run(plans, jumps, rate, seed)?;
    }
}
