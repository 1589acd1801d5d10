//! Runs of many items against a made-up service: every item offered is sent and reported exactly once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tencent_im_core::api::{all, find_op};
use tencent_im_core::flow::{BatchCall, Bulk, BulkSettings, Checkpoint, Counts, ItemOutcome, Offered, journal};
use tencent_im_core::http::Reply;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::{Json, RequestOptions, request};
use tencent_im_core::schema::{Field, Limit, Outcome, Ty, item_shape};
use tencent_im_core::{Error, Kind};

mod chaos;
mod items;
mod resuming;

fn settings(in_flight: usize) -> BulkSettings<'static> {
    BulkSettings { style: Style::Snake, prefer: None, app: 1_400_000_000, in_flight, label: "", is_dry: false }
}

fn bulk(op: &str, in_flight: usize, checkpoint: Option<Checkpoint>) -> Bulk {
    Bulk::new(find_op(op).expect("a call"), &Map::new(), settings(in_flight), checkpoint).expect("a run")
}

/// A run with one batch in flight, and other fields than the items.
fn bulk_with(op: &str, others: Value) -> Bulk {
    let others = others.as_object().expect("an object").clone();
    Bulk::new(find_op(op).expect("a call"), &others, settings(1), None).expect("a run")
}

fn ok(body: Value) -> Result<Answer, Error> {
    let mut whole = json!({"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""});
    whole.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
    let reply = Reply { status: 200, body: whole.to_string().into_bytes(), ..Reply::default() };
    Ok(Answer { op: find_op("accounts.import_accounts").expect("a call"), reply, attempts: 1 })
}

/// All outcomes that are there, by the numbers of their items.
fn outcomes(bulk: &mut Bulk) -> BTreeMap<u64, ItemOutcome> {
    std::iter::from_fn(|| bulk.take_outcome()).collect()
}

/// The next batch, with what is left of the items in it.
fn last_batch(bulk: &mut Bulk) -> BatchCall {
    bulk.flush();
    bulk.next_batch().expect("a batch")
}

fn is_done(outcome: &ItemOutcome) -> bool {
    matches!(outcome, ItemOutcome::Done(_))
}

fn names(call: &BatchCall) -> Vec<String> {
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    let fields = body.as_object().expect("an object");
    let Some(items) = fields.values().find_map(Value::as_array) else {
        // One item alone, by another call.
        return vec![fields["Identifier"].as_str().expect("a name").to_owned()];
    };
    items.iter().map(|item| item["UserID"].as_str().or(item.as_str()).expect("a name").to_owned()).collect()
}

/// How the service treats one call.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Works,
    /// Works, and the answer is lost.
    Lost,
    NotSent,
    Busy,
    Auth,
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Works),
        1 => Just(Fate::Lost),
        1 => Just(Fate::NotSent),
        1 => Just(Fate::Busy),
    ]
}

/// What happened in one run.
#[derive(Default)]
struct Run {
    /// How often each name took effect.
    applied: BTreeMap<String, u32>,
    outcomes: BTreeMap<u64, ItemOutcome>,
    skipped: u64,
    most_alive: usize,
}

/// Names that begin with `no` are in nobody's way but fail alone; those that begin with `bad` make their batch fail.
fn run(bulk: &mut Bulk, items: &[Value], mut fate: impl FnMut() -> Fate, run: &mut Run) {
    let mut input = items.iter();
    let mut flying: Vec<BatchCall> = Vec::new();
    let mut ended = false;
    loop {
        while bulk.room() > 0 && !ended {
            match input.next() {
                Some(item) => run.skipped += u64::from(bulk.offer(&mut item.clone()) == Offered::Skipped),
                None => {
                    bulk.flush();
                    ended = true;
                }
            }
        }
        while let Some(call) = bulk.next_batch() {
            flying.push(call);
        }
        let alive = flying.iter().map(|call| names(call).len()).sum();
        run.most_alive = run.most_alive.max(alive);
        // The last one first, so that outcomes come out of order.
        let Some(call) = flying.pop() else { break };
        let names = names(&call);
        let fate = fate();
        let is_bad = names.iter().any(|name| name.starts_with("bad"));
        if matches!(fate, Fate::Works | Fate::Lost) && !is_bad {
            for name in names.iter().filter(|name| !name.starts_with("no")) {
                *run.applied.entry(name.clone()).or_default() += 1;
            }
        }
        let failed: Vec<&String> = names.iter().filter(|name| name.starts_with("no")).collect();
        let result = match fate {
            Fate::Works if call.op.name == "accounts.import_account" && !failed.is_empty() => {
                Err(Error::new(Kind::ContentRejected, "refused alone").code(40006))
            }
            Fate::Works if is_bad => Err(Error::new(Kind::InvalidInput, "refused").code(70402)),
            Fate::Works => ok(json!({"FailAccounts": failed})),
            Fate::Lost => {
                let mut error = Error::new(Kind::Transport, "lost");
                error.maybe_applied = true;
                Err(error)
            }
            Fate::NotSent => Err(Error::new(Kind::Transport, "no connection")),
            Fate::Busy => Err(Error::new(Kind::RateLimited, "busy")),
            Fate::Auth => Err(Error::new(Kind::Auth, "no such app")),
        };
        bulk.on_result(call.id, result);
        while let Some((number, outcome)) = bulk.take_outcome() {
            assert!(run.outcomes.insert(number, outcome).is_none(), "item {number} has two outcomes");
            assert!(!bulk.checkpoint().has(number));
            bulk.settle(0);
            assert!(bulk.checkpoint().has(number));
        }
        if bulk.stopped().is_some() && bulk.in_flight() == 0 {
            break;
        }
    }
    assert!(bulk.is_idle());
}

fn item(name: &str) -> Value {
    json!({"user_id": name, "nick": "N"})
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepted_is_sent_is_reported(
        kinds in prop::collection::vec(prop_oneof![30 => Just("ok"), 2 => Just("no"), 1 => Just("bad"), 1 => Just("wrong")], 0..700),
        fates in prop::collection::vec(fates(), 1..60),
        in_flight in 1_usize..5,
    ) {
        let items: Vec<Value> = kinds.iter().enumerate().map(|(at, kind)| match *kind {
            "wrong" => json!({"user_id": "u".repeat(33)}),
            kind => item(&format!("{kind}{at}")),
        }).collect();
        let mut whole = Run::default();
        let mut fates = fates.into_iter().cycle();
        let mut checkpoint = None;
        // A run that stops is resumed, as a user would.
        for _ in 0..200 {
            let mut bulk = bulk("accounts.import_accounts", in_flight, checkpoint.take());
            run(&mut bulk, &items, || fates.next().expect("a fate"), &mut whole);
            let json = bulk.checkpoint().to_json();
            checkpoint = Some(Checkpoint::from_json(&json).expect("a checkpoint"));
            if bulk.stopped().is_none() {
                break;
            }
        }
        if checkpoint.expect("a checkpoint").below == items.len() as u64 {
            prop_assert_eq!(whole.outcomes.len(), items.len());
        } else {
            // Only a service that never recovers leaves items undone.
            prop_assert!(whole.outcomes.len() < items.len());
        }
        prop_assert!(whole.most_alive <= in_flight * 100);
        for (number, outcome) in &whole.outcomes {
            let (kind, name) = (kinds[*number as usize], format!("{}{number}", kinds[*number as usize]));
            match outcome {
                ItemOutcome::Done(_) => {
                    prop_assert_eq!(kind, "ok");
                    prop_assert!(whole.applied[&name] >= 1, "{} is reported and was never applied", name);
                }
                ItemOutcome::Failed(error) => {
                    prop_assert!(kind == "no" && error.code == Some(40006) || kind == "bad", "{}: {}", name, error);
                    prop_assert!(!whole.applied.contains_key(&name));
                }
                ItemOutcome::Refused(error) => {
                    prop_assert_eq!(kind, "wrong");
                    prop_assert_eq!(error.path.as_deref(), Some("user_id"));
                }
                ItemOutcome::Unknown(_) | ItemOutcome::Duplicate => prop_assert!(false, "{}: {:?}", name, outcome),
            }
        }
    }
}

#[test]
fn a_bad_item_is_found_by_halves_and_the_others_go_through() {
    let mut bulk = bulk("accounts.import_accounts", 1, None);
    let items: Vec<Value> =
        (0..100).map(|at| item(&if at == 37 { "bad37".to_owned() } else { format!("ok{at}") })).collect();
    let mut whole = Run::default();
    run(&mut bulk, &items, || Fate::Works, &mut whole);
    let failed: Vec<u64> =
        whole.outcomes.iter().filter(|(_, outcome)| !is_done(outcome)).map(|(number, _)| *number).collect();
    assert_eq!((failed, whole.outcomes.len()), (vec![37], 100));
    let ItemOutcome::Failed(error) = &whole.outcomes[&37] else { panic!("{:?}", whole.outcomes[&37]) };
    assert_eq!(error.code, Some(70402));
    assert!(whole.applied.values().all(|count| *count == 1));
}

#[test]
fn a_fault_of_the_settings_stops_the_run_and_leaves_the_rest_undone() {
    let mut bulk = bulk("accounts.import_accounts", 2, None);
    let items: Vec<Value> = (0..1000).map(|at| item(&format!("ok{at}"))).collect();
    let mut whole = Run::default();
    let mut calls = 0;
    let fate = || {
        calls += 1;
        if calls > 3 { Fate::Auth } else { Fate::Works }
    };
    run(&mut bulk, &items, fate, &mut whole);
    assert_eq!(bulk.stopped().map(|error| error.kind), Some(Kind::Auth));
    let done: BTreeSet<u64> = whole.outcomes.keys().copied().collect();
    assert_eq!(done.len(), 300);
    assert_eq!((0..1000).filter(|number| bulk.checkpoint().has(*number)).collect::<BTreeSet<u64>>(), done);
}

#[test]
fn each_item_of_a_result_list_speaks_for_itself() {
    let mut bulk = bulk("accounts.delete", 1, None);
    for name in ["a", "b", "c"] {
        bulk.offer(&mut Value::from(name));
    }
    let call = last_batch(&mut bulk);
    bulk.on_result(
        call.id,
        ok(json!({"ResultItem": [
            {"UserID": "b", "ResultCode": 70107, "ResultInfo": "no such account"},
            {"UserID": "a", "ResultCode": 0, "ResultInfo": ""},
        ]})),
    );
    let outcomes = outcomes(&mut bulk);
    assert!(is_done(&outcomes[&0]));
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(70107) && error.cure.is_some()));
    assert!(matches!(&outcomes[&2], ItemOutcome::Unknown(_)), "{:?}", outcomes[&2]);
}

#[test]
fn what_cannot_be_a_run_is_refused() {
    let refused = |op: &str, others: Value| {
        let others = others.as_object().expect("an object").clone();
        Bulk::new(find_op(op).expect("a call"), &others, settings(1), None).expect_err("no run")
    };
    assert_eq!(refused("accounts.kick", json!({})).kind, Kind::InvalidInput);
    assert_eq!(refused("messages.send_batch", json!({})).kind, Kind::InvalidInput);
    assert_eq!(refused("accounts.delete", json!({"accounts": []})).path.as_deref(), Some("accounts"));
}

/// Offers names to a run, and gives its one batch.
fn offer(bulk: &mut Bulk, names: &[&str]) -> BatchCall {
    for name in names {
        assert_eq!(bulk.offer(&mut Value::from(*name)), Offered::Taken);
    }
    last_batch(bulk)
}
