//! Runs that are held back, killed and resumed; the names of the methods.

use super::*;

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
fn rows_that_were_refused_and_mended_are_no_part_of_the_same_run() {
    let wrong = |at: u64| json!({"user_id": format!("u{at}"), "nik": "N"});
    let mut first = bulk("accounts.import_accounts", 3, None);
    let mut journal = first.journal_header();
    (0..5).for_each(|at| assert_eq!(first.offer(&mut wrong(at)), Offered::Taken));
    assert_eq!(outcomes(&mut first).len(), 5);
    first.settle(0);
    journal.extend(first.take_journal());

    // All are done, and none was sent. Skipped because of their numbers alone, the mended rows would never be sent.
    let resume = |mended: bool| {
        let mut resumed = bulk("accounts.import_accounts", 3, None);
        let (checkpoint, _) = journal::read(journal.as_bytes(), resumed.run()).expect("a journal");
        assert_eq!(Checkpoint::from_json(&checkpoint.to_json()).as_ref(), Ok(&checkpoint));
        resumed.resume(checkpoint).expect("the same call");
        (0..5).for_each(|at| {
            resumed.offer(&mut if mended { item(&format!("u{at}")) } else { wrong(at) });
        });
        resumed.end_of_items();
        (resumed.skipped(), resumed.stopped().cloned())
    };
    assert_eq!(resume(false), (5, None));
    let error = resume(true).1.expect("it stopped");
    assert!(error.message.contains("not those") && error.cure.is_some(), "{error}");
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
fn a_dry_run_checks_as_any_run_does_sends_nothing_and_leaves_nothing_to_continue() {
    let op = find_op("accounts.import_accounts").expect("a call");
    let dry = || {
        let settings = BulkSettings { is_dry: true, ..settings(1) };
        Bulk::new(op, &Map::new(), settings, None).expect("a run")
    };
    let mut run = dry();
    let items = [json!({"user_id": "a"}), json!({"user_id": 7}), json!({"user_id": "a"}), json!({"user_id": "b"})];
    for mut item in items {
        assert_eq!(run.offer(&mut item), Offered::Taken);
    }
    run.end_of_items();
    assert!(run.next_batch().is_none());
    let told = outcomes(&mut run);
    let names: Vec<_> = told.values().map(ItemOutcome::name).collect();
    assert_eq!(names, ["done", "refused", "duplicate", "done"]);
    run.settle(0);
    assert!(run.is_idle());
    assert_eq!((run.checkpoint().done(), run.take_journal()), (0, None));
    let Counts { done, refused, duplicates, .. } = run.counts();
    assert_eq!((done, refused, duplicates), (2, 1, 1));

    let error = dry().resume(run.checkpoint().clone()).expect_err("nothing to continue");
    assert_eq!((error.path.as_deref(), error.cure.is_some()), (Some("checkpoint"), true));
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
