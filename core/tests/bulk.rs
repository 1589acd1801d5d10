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

fn settings(in_flight: usize) -> BulkSettings<'static> {
    BulkSettings { style: Style::Snake, prefer: None, app: 1_400_000_000, in_flight, label: "" }
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
        if let Err(error) = Bulk::new(op, &others, settings(1), None) {
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
    let mut bulk = bulk_with("push.add_user_tags", json!({}));
    for name in ["mary", "nobody"] {
        assert_eq!(bulk.offer(&mut json!({"to_account": name, "tags": ["gold", "new"]})), Offered::Taken);
    }
    let call = last_batch(&mut bulk);
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    let user = |name: &str| json!({"To_Account": name, "Tags": ["gold", "new"]});
    assert_eq!(body, json!({"UserTags": [user("mary"), user("nobody")]}));
    bulk.on_result(call.id, ok(json!({"ErrorList": [{"To_Account": "nobody", "ErrorCode": 70107}]})));
    let outcomes = outcomes(&mut bulk);
    assert!(is_done(&outcomes[&0]));
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(70107)), "{:?}", outcomes[&1]);
}

#[test]
fn contents_are_named_by_their_numbers() {
    let mut bulk = bulk_with("moderation.check_contents", json!({"audit_name": "C2C"}));
    for id in [7, 8] {
        let mut content = json!({"content_id": id, "content_type": "Text", "content": "abc"});
        assert_eq!(bulk.offer(&mut content), Offered::Taken);
    }
    let call = last_batch(&mut bulk);
    bulk.on_result(
        call.id,
        ok(json!({"AuditResults": [{"ContentId": 8, "ErrorCode": 93006}, {"ContentId": 7, "ErrorCode": 0}]})),
    );
    let outcomes = outcomes(&mut bulk);
    assert!(is_done(&outcomes[&0]));
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(93006)), "{:?}", outcomes[&1]);
}

#[test]
fn an_outcome_that_is_no_code_is_read_by_what_means_done() {
    let mut bulk = bulk_with("groups.add_members", json!({"group_id": "g"}));
    for name in ["joined", "failed", "member", "invited", "unknown"] {
        assert_eq!(bulk.offer(&mut Value::from(name)), Offered::Taken);
    }
    let call = last_batch(&mut bulk);
    let of = |name: &str, result: u32| json!({"Member_Account": name, "Result": result});
    let members = [of("joined", 1), of("failed", 0), of("member", 2), of("invited", 3)];
    bulk.on_result(call.id, ok(json!({"MemberList": members})));
    let outcomes = outcomes(&mut bulk);
    for done in [0, 2, 3] {
        assert!(is_done(&outcomes[&done]));
    }
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.kind == Kind::Partial && error.cure.is_some()));
    assert!(matches!(&outcomes[&4], ItemOutcome::Unknown(_)), "{:?}", outcomes[&4]);
}

#[test]
fn topics_with_their_permissions_are_named_by_the_topic() {
    let mut bulk =
        bulk_with("permission_groups.add_topic_permissions", json!({"group_id": "g", "permission_group_id": "p"}));
    for topic in ["t1", "t2"] {
        assert_eq!(bulk.offer(&mut json!({"topic_id": topic, "permission": 64})), Offered::Taken);
    }
    let call = last_batch(&mut bulk);
    let results = json!([{"ErrorCode": 0, "ErrorInfo": "", "TopicId": "t1"}, {"ErrorCode": 10007, "ErrorInfo": "", "TopicId": "t2"}]);
    bulk.on_result(call.id, ok(json!({"TopicPermissionResultList": results})));
    let outcomes = outcomes(&mut bulk);
    assert!(is_done(&outcomes[&0]));
    assert!(matches!(&outcomes[&1], ItemOutcome::Failed(error) if error.code == Some(10007)));
}

#[test]
fn items_may_be_named_by_numbers() {
    let mut bulk = bulk_with("group_messages.recall", json!({"group_id": "g"}));
    for seq in [100, 101] {
        assert_eq!(bulk.offer(&mut json!({"msg_seq": seq})), Offered::Taken);
    }
    let call = last_batch(&mut bulk);
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    assert_eq!(body, json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": 100}, {"MsgSeq": 101}]}));
    let results = json!([{"MsgSeq": 100, "RetCode": 10030}, {"MsgSeq": 101, "RetCode": 0}]);
    bulk.on_result(call.id, ok(json!({"RecallRetList": results})));
    let outcomes = outcomes(&mut bulk);
    assert!(matches!(&outcomes[&0], ItemOutcome::Failed(error) if error.code == Some(10030)));
    assert!(is_done(&outcomes[&1]));
}

/// Offers names to a run, and gives its one batch.
fn offer(bulk: &mut Bulk, names: &[&str]) -> BatchCall {
    for name in names {
        assert_eq!(bulk.offer(&mut Value::from(*name)), Offered::Taken);
    }
    last_batch(bulk)
}

#[test]
fn an_item_that_failed_without_a_reason_is_asked_for_alone() {
    let mut bulk = bulk("accounts.import_accounts", 1, None);
    let call = offer(&mut bulk, &["a", "b", "c"]);
    bulk.on_result(call.id, ok(json!({"FailAccounts": ["a", "c"]})));
    for _ in 0..2 {
        let alone = bulk.next_batch().expect("a call");
        assert_eq!((alone.op.name, alone.items), ("accounts.import_account", 1));
        let body: Value = serde_json::from_slice(&alone.body).expect("JSON");
        match body["Identifier"].as_str() {
            Some("a") => {
                bulk.on_result(alone.id, Err(Error::new(Kind::ContentRejected, "a bad word").code(40006)));
            }
            // It worked the second time.
            Some("c") => bulk.on_result(alone.id, ok(json!({}))),
            _ => panic!("{body}"),
        }
    }
    let told = outcomes(&mut bulk);
    assert!(matches!(&told[&0], ItemOutcome::Failed(error) if error.code == Some(40006)), "{:?}", told[&0]);
    assert!(is_done(&told[&1]) && is_done(&told[&2]));
    assert_eq!(bulk.counts(), Counts { done: 2, failed: 1, ..Counts::default() });
    // The service has a code of its own failures for some items alone: the others go on.
    let call = offer(&mut bulk, &["d"]);
    bulk.on_result(call.id, ok(json!({"FailAccounts": ["d"]})));
    let alone = bulk.next_batch().expect("a call");
    bulk.on_result(alone.id, Err(Error::new(Kind::Server, "it failed").code(70500)));
    assert!(matches!(&outcomes(&mut bulk)[&3], ItemOutcome::Failed(error) if error.code == Some(70500)));
    assert!(bulk.is_idle() && bulk.stopped().is_none());
}

#[test]
fn a_name_is_sent_once_and_two_contents_of_one_name_are_two_items() {
    let mut accounts = bulk("accounts.import_accounts", 1, None);
    accounts.offer(&mut json!({"user_id": "a", "nick": "A"}));
    accounts.offer(&mut json!({"user_id": "a", "nick": "Other"}));
    // Refused, so that it does not stand in the way of the one after it.
    accounts.offer(&mut json!({"user_id": "b", "nik": "B"}));
    accounts.offer(&mut json!({"user_id": "b"}));
    let call = last_batch(&mut accounts);
    assert_eq!(names(&call), ["a", "b"]);
    accounts.on_result(call.id, ok(json!({})));
    let told: Vec<&str> = outcomes(&mut accounts).values().map(ItemOutcome::name).collect();
    assert_eq!(told, ["done", "duplicate", "refused", "done"]);

    let mut tags = bulk("push.add_user_tags", 1, None);
    for tag in ["gold", "new", "gold"] {
        tags.offer(&mut json!({"to_account": "mary", "tags": [tag]}));
    }
    assert_eq!(last_batch(&mut tags).items, 2);
    assert_eq!(outcomes(&mut tags)[&2], ItemOutcome::Duplicate);
}

#[test]
fn what_a_reply_says_about_an_item_comes_with_its_outcome() {
    let mut bulk = bulk("accounts.check", 1, None);
    let call = offer(&mut bulk, &["a"]);
    let entry = json!({"UserID": "a", "ResultCode": 0, "ResultInfo": "", "AccountStatus": "NotImported"});
    bulk.on_result(call.id, ok(json!({"ResultItem": [entry]})));
    let Some((0, ItemOutcome::Done(Some(reply)))) = bulk.take_outcome() else { panic!("done, with its entry") };
    let read: Value = serde_json::from_str(&reply.to_javascript().expect("an entry")).expect("JSON");
    assert_eq!(read["accountStatus"], "NotImported");
}

#[test]
fn the_services_own_words_about_an_item_are_kept() {
    let mut bulk = bulk("accounts.delete", 1, None);
    let call = offer(&mut bulk, &["a"]);
    bulk.on_result(call.id, ok(json!({"ResultItem": [{"UserID": "a", "ResultCode": 70107, "ResultInfo": "no such"}]})));
    let outcomes = outcomes(&mut bulk);
    let error = outcomes[&0].error().expect("an error");
    assert_eq!(error.error_info.as_deref(), Some("no such"));
    assert!(error.message.contains("70107") && error.message.contains("no such"), "{error}");
}

#[test]
fn fewer_batches_are_in_flight_where_their_turns_come_too_late() {
    let mut bulk = bulk("accounts.import_accounts", 4, None);
    for at in 0..400 {
        bulk.offer(&mut Value::from(format!("u{at}")));
    }
    let calls: Vec<BatchCall> = std::iter::from_fn(|| bulk.next_batch()).collect();
    assert_eq!(calls.len(), 4);
    let too_late = || Err(Error::new(Kind::RateLimited, "the call's turn comes after its deadline"));
    bulk.on_result(calls[3].id, too_late());
    bulk.on_result(calls[2].id, too_late());
    assert_eq!((bulk.next_batch().is_none(), bulk.in_flight()), (true, 2));
    bulk.on_result(calls[0].id, ok(json!({})));
    let next = bulk.next_batch().expect("as many as fit");
    assert!(bulk.next_batch().is_none() && bulk.stopped().is_none());
    bulk.on_result(calls[1].id, ok(json!({})));
    bulk.on_result(next.id, ok(json!({})));
    // Not even alone.
    for _ in 0..3 {
        assert!(bulk.stopped().is_none());
        let last = bulk.next_batch().expect("the last");
        bulk.on_result(last.id, too_late());
    }
    assert_eq!(bulk.stopped().map(|error| error.kind), Some(Kind::RateLimited));
    assert_eq!(outcomes(&mut bulk).len(), 300);
}

/// A run that is killed in the middle of its journal, and the journal.
fn killed(items: u64, answered: usize, settled: usize) -> String {
    let mut bulk = bulk("accounts.import_accounts", 3, None);
    let mut journal = bulk.journal_header();
    for at in 0..items {
        bulk.offer(&mut Value::from(format!("u{at}")));
    }
    let calls: Vec<BatchCall> = std::iter::from_fn(|| bulk.next_batch()).collect();
    journal.extend(bulk.take_journal());
    assert_eq!(bulk.take_journal(), None);
    for call in &calls[..answered] {
        bulk.on_result(call.id, ok(json!({})));
    }
    while bulk.take_outcome().is_some() {}
    bulk.settle(answered * 100 - settled);
    journal.extend(bulk.take_journal());
    journal
}

#[test]
fn a_killed_run_is_resumed_with_what_was_in_flight() {
    let journal = killed(300, 2, 150);
    let mut resumed = bulk("accounts.import_accounts", 3, None);
    let (checkpoint, kept) = journal::read(journal.as_bytes(), resumed.run()).expect("a journal");
    assert_eq!((kept, checkpoint.done(), checkpoint.in_doubt()), (journal.len(), 150, 150));
    resumed.resume(checkpoint).expect("the same run");
    for at in 0..350 {
        assert!(resumed.room() > 0);
        // Nothing goes out before the items are known to be the same.
        assert_eq!(resumed.next_batch().map(|call| call.items), (at == 300).then_some(100));
        let offered = resumed.offer(&mut Value::from(format!("u{at}")));
        assert_eq!(offered, if at < 150 { Offered::Skipped } else { Offered::Taken });
    }
    resumed.end_of_items();
    let sent: u32 = std::iter::from_fn(|| resumed.next_batch()).map(|call| call.items).sum();
    assert_eq!((sent, resumed.skipped(), resumed.stopped()), (100, 150, None));
}

#[test]
fn a_checkpoint_of_other_items_stops_the_run_before_anything_is_sent() {
    let resume = |names: &mut dyn Iterator<Item = String>| {
        let mut resumed = bulk("accounts.import_accounts", 3, None);
        let (checkpoint, _) = journal::read(killed(300, 2, 150).as_bytes(), resumed.run()).expect("a journal");
        resumed.resume(checkpoint).expect("the same call");
        for name in names {
            resumed.offer(&mut Value::from(name));
        }
        resumed.end_of_items();
        assert!(resumed.next_batch().is_none());
        resumed.stopped().expect("it stopped").clone()
    };
    let other = resume(&mut (0..400).map(|at| format!("u{}", if at == 7 { 8 } else { at })));
    assert_eq!((other.kind, other.path.as_deref()), (Kind::InvalidInput, Some("checkpoint")));
    assert!(other.message.contains("not those"), "{other}");
    let fewer = resume(&mut (0..299).map(|at| format!("u{at}")));
    assert!(fewer.message.contains("fewer items"), "{fewer}");
}

#[test]
fn what_must_not_be_sent_twice_is_unknown_after_a_kill() {
    let others = json!({"from_account": "mary"});
    let mut first = bulk_with("blocklist.remove", others.clone());
    assert!(first.must_sync());
    let mut journal = first.journal_header();
    let call = offer(&mut first, &["a", "b"]);
    journal.extend(first.take_journal());
    drop(call);

    let mut resumed = bulk_with("blocklist.remove", others);
    let (checkpoint, _) = journal::read(journal.as_bytes(), resumed.run()).expect("a journal");
    resumed.resume(checkpoint).expect("the same run");
    assert_eq!(names(&offer(&mut resumed, &["a", "b", "c"])), ["c"]);
    let told = outcomes(&mut resumed);
    for number in [0, 1] {
        assert!(matches!(&told[&number], ItemOutcome::Unknown(error) if error.maybe_applied && error.cure.is_some()));
    }
}

#[test]
fn a_checkpoint_belongs_to_its_fields_and_its_source() {
    let run = |others: Value, label: &str| {
        let others = others.as_object().expect("an object").clone();
        let settings = BulkSettings { label, ..settings(1) };
        Bulk::new(find_op("groups.remove_members").expect("a call"), &others, settings, None).expect("a run")
    };
    let checkpoint = run(json!({"group_id": "g"}), "members.csv").checkpoint().clone();
    assert_eq!(run(json!({"group_id": "g"}), "members.csv").resume(checkpoint.clone()), Ok(()));
    for (group, label) in [("h", "members.csv"), ("g", "others.csv")] {
        let error = run(json!({"group_id": group}), label).resume(checkpoint.clone()).expect_err("another run");
        assert!(error.message.contains("other fields"), "{error}");
    }
}

#[test]
fn nothing_more_is_taken_while_outcomes_wait() {
    let mut bulk = bulk("accounts.import_accounts", 2, None);
    let mut taken = 0;
    while bulk.room() > 0 {
        // Refused at once: no call is in flight that would hold it up.
        bulk.offer(&mut json!({"nick": "nobody"}));
        taken += 1;
    }
    assert_eq!(taken, 200);
    while bulk.take_outcome().is_some() {}
    assert_eq!(bulk.room(), 0, "they are taken and not settled");
    bulk.settle(0);
    assert!(bulk.room() > 0);
}

#[test]
fn many_items_in_one_call_name_the_method_that_takes_them() {
    let op = find_op("accounts.import_accounts").expect("a call");
    let accounts: Vec<Value> = (0..500).map(|at| item(&format!("u{at}"))).collect();
    let input = json!({"accounts": accounts}).to_string();
    for (style, name) in [(Style::Snake, "accounts.import_many"), (Style::Camel, "accounts.importMany")] {
        let options = RequestOptions { style, prefer: None, extra_body: None, mark: 0 };
        let error = request(op, &mut Json(&input), options).expect_err("too many");
        let cure = error.cure.as_deref().unwrap_or_default();
        assert!(cure.contains(name) && cure.contains("100"), "{cure}");
    }
}

#[test]
fn the_methods_over_many_items_are_named_by_one_rule() {
    let named: BTreeMap<&str, String> = all().filter_map(|op| Some((op.name, op.many()?))).collect();
    assert_eq!(named["accounts.import_accounts"], "import_many");
    assert_eq!(named["accounts.delete"], "delete_many");
    assert_eq!(named["groups.add_members"], "add_members_many");
    // Their replies tell more than what became of each item.
    assert!(!named.contains_key("accounts.get_online_status") && !named.contains_key("groups.get_members"));
    for op in all() {
        let Some(alone) = op.batch.and_then(|batch| batch.alone) else { continue };
        assert!(find_op(alone).expect(alone).batch.is_none(), "{alone} takes many items itself");
    }
}
