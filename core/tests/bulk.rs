//! Runs of many items against a made-up service: every item offered is sent and reported exactly once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tencent_im_core::api::{all, find_op};
use tencent_im_core::flow::{BatchCall, Bulk, Checkpoint, ItemOutcome, Offered};
use tencent_im_core::http::Reply;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Field, Limit, Outcome, Ty, item_shape};
use tencent_im_core::{Error, Kind};

fn bulk(op: &str, in_flight: usize, checkpoint: Option<Checkpoint>) -> Bulk {
    Bulk::new(find_op(op).expect("a call"), &Map::new(), Style::Snake, None, in_flight, checkpoint).expect("a run")
}

fn ok(body: Value) -> Result<Reply, Error> {
    let mut whole = json!({"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""});
    whole.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
    Ok(Reply { status: 200, body: whole.to_string().into_bytes(), ..Reply::default() })
}

fn names(call: &BatchCall) -> Vec<String> {
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    let items = body.as_object().expect("an object").values().find_map(Value::as_array).expect("the items");
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
                Some(item) => run.skipped += u64::from(bulk.offer(item.clone()) == Offered::Skipped),
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
            checkpoint = Some(Checkpoint::from_json(&json, "accounts.import_accounts").expect("a checkpoint"));
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
                ItemOutcome::Done => {
                    prop_assert_eq!(kind, "ok");
                    prop_assert!(whole.applied[&name] >= 1, "{} is reported and was never applied", name);
                }
                ItemOutcome::Failed(error) => {
                    prop_assert!(kind == "no" || kind == "bad", "{}: {}", name, error);
                    prop_assert!(!whole.applied.contains_key(&name));
                }
                ItemOutcome::Refused(error) => {
                    prop_assert_eq!(kind, "wrong");
                    prop_assert_eq!(error.path.as_deref(), Some("user_id"));
                }
                ItemOutcome::Unknown(error) => prop_assert!(false, "{}: {}", name, error),
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
    let failed: Vec<u64> = whole
        .outcomes
        .iter()
        .filter(|(_, outcome)| **outcome != ItemOutcome::Done)
        .map(|(number, _)| *number)
        .collect();
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
        bulk.offer(name.into());
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    bulk.on_result(
        call.id,
        ok(json!({"ResultItem": [
            {"UserID": "b", "ResultCode": 70107, "ResultInfo": "no such account"},
            {"UserID": "a", "ResultCode": 0, "ResultInfo": ""},
        ]})),
    );
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    assert_eq!(outcomes[&0], ItemOutcome::Done);
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(70107) && error.cure.is_some()));
    assert!(matches!(&outcomes[&2], ItemOutcome::Unknown(_)), "{:?}", outcomes[&2]);
}

#[test]
fn what_cannot_be_a_run_is_refused() {
    let refused = |op: &str, others: Value| {
        let others = others.as_object().expect("an object").clone();
        Bulk::new(find_op(op).expect("a call"), &others, Style::Snake, None, 1, None).expect_err("no run")
    };
    assert_eq!(refused("accounts.kick", json!({})).kind, Kind::InvalidInput);
    assert_eq!(refused("messages.send_batch", json!({})).kind, Kind::InvalidInput);
    assert_eq!(refused("accounts.delete", json!({"accounts": []})).path.as_deref(), Some("accounts"));
}

/// A value for a required field beside the items.
fn filled(ty: Ty) -> Value {
    match ty {
        Ty::Text | Ty::UserId => "x".into(),
        Ty::Enum(set) => set.values[0].into(),
        Ty::Flag => true.into(),
        Ty::Int(_) => 1.into(),
        Ty::List(item) => json!([filled(*item)]),
        other => panic!("no sample of {other:?}"),
    }
}

#[test]
fn every_batch_of_the_tables_can_be_run_and_tells_what_became_of_an_item() {
    let (mut tried, mut faults) = (0, Vec::new());
    for op in all().filter(|op| op.draws.is_empty()) {
        let Some(batch) = op.batch else { continue };
        let fields = (op.request)().fields.iter().filter(|field| field.required && field.name != batch.field);
        let others = fields.map(|field| (field.name.to_owned(), filled(field.ty))).collect();
        if let Err(error) = Bulk::new(op, &others, Style::Snake, None, 1, None) {
            faults.push(format!("{}: {error}", op.name));
        }
        if let Outcome::Each(list) | Outcome::Failed(list) = batch.outcome
            && let Some(shape) = item_shape(op.reply, list)
        {
            let tells = |field: &Field| {
                matches!(field.ty, Ty::ItemCode) || field.limits.iter().any(|limit| matches!(limit, Limit::Done(_)))
            };
            if !shape.fields.iter().any(tells) {
                faults.push(format!("{}: no field of {} tells the outcome", op.name, shape.name));
            }
        }
        tried += 1;
    }
    assert_eq!(faults, [""; 0]);
    assert!(tried > 10, "only {tried} batches were tried");
}

#[test]
fn an_item_with_several_required_fields_is_named_by_the_first() {
    let op = find_op("push.add_user_tags").expect("a call");
    let mut bulk = Bulk::new(op, &Map::new(), Style::Snake, None, 1, None).expect("a run");
    for name in ["mary", "nobody"] {
        assert_eq!(bulk.offer(json!({"to_account": name, "tags": ["gold", "new"]})), Offered::Taken);
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    let user = |name: &str| json!({"To_Account": name, "Tags": ["gold", "new"]});
    assert_eq!(body, json!({"UserTags": [user("mary"), user("nobody")]}));
    bulk.on_result(call.id, ok(json!({"ErrorList": [{"To_Account": "nobody", "ErrorCode": 70107}]})));
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    assert_eq!(outcomes[&0], ItemOutcome::Done);
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(70107)), "{:?}", outcomes[&1]);
}

#[test]
fn contents_are_named_by_their_numbers() {
    let op = find_op("moderation.check_contents").expect("a call");
    let others = json!({"audit_name": "C2C"}).as_object().expect("an object").clone();
    let mut bulk = Bulk::new(op, &others, Style::Snake, None, 1, None).expect("a run");
    for id in [7, 8] {
        let content = json!({"content_id": id, "content_type": "Text", "content": "abc"});
        assert_eq!(bulk.offer(content), Offered::Taken);
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    bulk.on_result(
        call.id,
        ok(json!({"AuditResults": [{"ContentId": 8, "ErrorCode": 93006}, {"ContentId": 7, "ErrorCode": 0}]})),
    );
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    assert_eq!(outcomes[&0], ItemOutcome::Done);
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(93006)), "{:?}", outcomes[&1]);
}

#[test]
fn an_outcome_that_is_no_code_is_read_by_what_means_done() {
    let others = json!({"group_id": "g"}).as_object().expect("an object").clone();
    let op = find_op("groups.add_members").expect("a call");
    let mut bulk = Bulk::new(op, &others, Style::Snake, None, 1, None).expect("a run");
    for name in ["joined", "failed", "member", "invited", "unknown"] {
        assert_eq!(bulk.offer(name.into()), Offered::Taken);
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    let of = |name: &str, result: u32| json!({"Member_Account": name, "Result": result});
    let members = [of("joined", 1), of("failed", 0), of("member", 2), of("invited", 3)];
    bulk.on_result(call.id, ok(json!({"MemberList": members})));
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    for done in [0, 2, 3] {
        assert_eq!(outcomes[&done], ItemOutcome::Done);
    }
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.kind == Kind::Partial && error.cure.is_some()));
    assert!(matches!(&outcomes[&4], ItemOutcome::Unknown(_)), "{:?}", outcomes[&4]);
}

#[test]
fn topics_with_their_permissions_are_named_by_the_topic() {
    let others = json!({"group_id": "g", "permission_group_id": "p"}).as_object().expect("an object").clone();
    let op = find_op("permission_groups.add_topic_permissions").expect("a call");
    let mut bulk = Bulk::new(op, &others, Style::Snake, None, 1, None).expect("a run");
    for topic in ["t1", "t2"] {
        assert_eq!(bulk.offer(json!({"topic_id": topic, "permission": 64})), Offered::Taken);
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    let results = json!([{"ErrorCode": 0, "ErrorInfo": "", "TopicId": "t1"}, {"ErrorCode": 10007, "ErrorInfo": "", "TopicId": "t2"}]);
    bulk.on_result(call.id, ok(json!({"TopicPermissionResultList": results})));
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    assert_eq!(outcomes[&0], ItemOutcome::Done);
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(10007)));
}

#[test]
fn items_may_be_named_by_numbers() {
    let others = json!({"group_id": "g"}).as_object().expect("an object").clone();
    let op = find_op("group_messages.recall").expect("a call");
    let mut bulk = Bulk::new(op, &others, Style::Snake, None, 1, None).expect("a run");
    for seq in [100, 101] {
        assert_eq!(bulk.offer(json!({"msg_seq": seq})), Offered::Taken);
    }
    bulk.flush();
    let call = bulk.next_batch().expect("a batch");
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    assert_eq!(body, json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 100}, {"MsgSeq": 101}]}));
    let results = json!([{"MsgSeq": 100, "RetCode": 10030}, {"MsgSeq": 101, "RetCode": 0}]);
    bulk.on_result(call.id, ok(json!({"RecallRetList": results})));
    let outcomes: BTreeMap<u64, ItemOutcome> = std::iter::from_fn(|| bulk.take_outcome()).collect();
    assert!(matches!(&outcomes[&0], ItemOutcome::Failed(error) if error.code == Some(10030)));
    assert_eq!(outcomes[&1], ItemOutcome::Done);
}
