//! Items: how they are named, and what the replies say about them.

use super::*;

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
fn items_that_share_a_name_are_told_apart_where_the_reply_does_and_share_its_word_where_it_does_not() {
    let mut tags = bulk("push.add_user_tags", 1, None);
    for (name, tag) in [("mary", "gold"), ("john", "gold"), ("mary", "new")] {
        tags.offer(&mut json!({"to_account": name, "tags": [tag]}));
    }
    let call = last_batch(&mut tags);
    tags.on_result(call.id, ok(json!({"ErrorList": [{"To_Account": "mary", "ErrorCode": 70107}]})));
    let told: Vec<&str> = outcomes(&mut tags).values().map(ItemOutcome::name).collect();
    assert_eq!(told, ["failed", "done", "failed"]);

    let others = json!({"group_id": "g", "permission_group_id": "p"});
    let mut topics = bulk_with("permission_groups.update_topic_permissions", others);
    for permission in [64, 65] {
        topics.offer(&mut json!({"topic_id": "t", "permission": permission}));
    }
    let call = last_batch(&mut topics);
    let results = json!([{"ErrorCode": 10007, "TopicId": "t"}, {"ErrorCode": 0, "TopicId": "t"}]);
    topics.on_result(call.id, ok(json!({"TopicPermissionResultList": results})));
    let told: Vec<&str> = outcomes(&mut topics).values().map(ItemOutcome::name).collect();
    assert_eq!(told, ["failed", "done"]);
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
