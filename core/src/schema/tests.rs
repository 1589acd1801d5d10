//! The grammar and the walker on shapes that use all of it.

mod tables;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::names::Style;
use super::walk::{self, Json, RequestOptions};
use super::*;
use crate::api::elements::MsgElement;
use crate::error::{Error, Kind, Result};

open_enum! {
    /// A set.
    pub enum Role { /// One.
        Owner = "Owner", /// Two.
        Admin = "Admin" }
}

shape! {
    /// A nested shape with two required fields, so without a shorthand.
    pub struct Member {
        /// Who.
        user_id: UserId = "Member_Account",
        /// As what.
        role: Role = "Role",
    }
}

shape! {
    /// Everything that the grammar has.
    pub struct Everything {
        /// An alias.
        user_id: UserId = "Identifier" | "UserID",
        /// Bytes.
        nick: Option<String> = "Nick" (bytes 1..=8),
        /// Characters.
        title: Option<String> = "CurruentTitle" (chars ..=3),
        /// A 64-bit id.
        msg_id: Option<BigId> = "MsgID",
        /// A range.
        age: Option<i32> = "Age" (range 1..=150),
        /// Values.
        platform: Option<u32> = "Platform" (values [0, 1, 7]),
        /// A flag.
        detail: Option<Flag> = "IsNeedDetail",
        /// A fraction.
        score: Option<f64> = "Score" (range ..=10),
        /// Nested shapes in a list.
        members: Option<Vec<Member>> = "MemberList" (items 1..=2),
        /// Texts in a list.
        tags: Option<Vec<String>> = "Tags" (items ..=3, item_bytes 1..=4),
        /// A map.
        attributes: Option<BTreeMap<String, String>> = "Attrs",
        /// A union in a list.
        msg_body: Option<Vec<MsgElement>> = "MsgBody",
        /// Anything.
        data: Option<Value> = "Data",
        /// One way to name a group.
        group_id: Option<String> = "GroupId",
        /// Another way.
        group_name: Option<String> = "GroupName",
        /// Drawn once a call.
        random: Option<u32> = "Random",
        /// Where to go on.
        next: Option<BigId> = "Next",
        /// How many.
        limit: Option<u32> = "Limit",
    }
    at_most_one(group_id, [group_name, data]);
}

shape! {
    /// A reply with pages.
    pub struct Pages {
        /// The items.
        items: Vec<Member> = "Items",
        /// Where to go on.
        next: BigId = "Next",
        /// A flag.
        done: Option<Flag> = "IsDone",
        /// Texts by name.
        names: Option<BTreeMap<String, Member>> = "Names",
    }
}

ops! {
    /// Has every fact.
    EVERYTHING = "v4/test/everything", tests.everything,
        Everything => Pages, rate: 100 per 86_400_000 gap 1_000 by members, retry: SameRandom within 300 draws (random),
        doc: "269/1", batch: members 2 each items,
        page: Page {
            next: &[("next", Next::Reply("next"))], size: Some(("limit", 100)), items: &["items"], until: &[Done::Blank("next")]
        },
        replaced_by: "tests.nothing", edition: "Ultimate edition";
    /// Has no facts.
    NOTHING = "v4/test/nothing", tests.nothing, Everything => Pages, rate: none, retry: Never, doc: "1047/2";
    /// Has times.
    TIMES = "v4/test/times", tests.times, Times => Times, rate: none, retry: Never, doc: "1047/2";
}

const OPTIONS: RequestOptions<'static> =
    RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 7 };

fn written(mut input: Value) -> Result<Value> {
    let (body, _) = walk::request(NOTHING.op(), &mut input, OPTIONS)?;
    Ok(serde_json::from_slice(&body).expect("the walker writes JSON"))
}

#[test]
fn what_makes_a_repeat_harmless_is_drawn_and_items_are_counted() {
    let drawn = |mut input: Value| walk::request(EVERYTHING.op(), &mut input, OPTIONS).expect("good input");
    let (body, items) = drawn(json!({"user_id": "u"}));
    assert_eq!((body, items), (br#"{"Identifier":"u","Random":7}"#.to_vec(), 1));
    let member = json!({"user_id": "a", "role": "Owner"});
    let (body, items) = drawn(json!({"user_id": "u", "random": 5, "members": [member, member]}));
    assert!(String::from_utf8_lossy(&body).contains(r#""Random":5"#));
    assert_eq!(items, 2);
}

fn refused(input: Value) -> Error {
    let error = written(input).expect_err("bad input");
    assert_eq!(error.kind, Kind::InvalidInput);
    assert_eq!(error.operation, Some("tests.nothing"));
    assert!(error.cure.is_some(), "{error}");
    error
}

fn answered(body: Value, style: Style) -> Value {
    let mut sink = JsonSink::for_javascript(EVERYTHING.op(), 1 << 20);
    walk::reply(EVERYTHING.reply, &body.to_string(), style, &mut sink).expect("a readable reply");
    serde_json::from_slice(&sink.into_bytes()).expect("the walker writes JSON")
}

#[test]
fn facts_are_carried() {
    let op = EVERYTHING.op();
    assert_eq!((op.group(), op.method()), ("tests", "everything"));
    assert_eq!(op.rate, Some(Rate { calls: 100, per_ms: 86_400_000, gap_ms: 1_000, per_item: Some("members") }));
    assert_eq!((op.retry, op.draws), (RetryClass::SameRandom { window_s: 300 }, &["random"][..]));
    assert_eq!(
        op.batch,
        Some(Batch { field: "members", max: 2, outcome: Outcome::Each("items"), alone: None, many: None })
    );
    assert_eq!(op.page.map(|page| page.until), Some(&[Done::Blank("next")][..]));
    assert_eq!(op.replaced_by, Some("tests.nothing"));
    assert_eq!(op.doc_url(), "https://cloud.tencent.com/document/product/269/1");
    assert_eq!((NOTHING.rate, NOTHING.retry, OPS.len()), (None, RetryClass::Never, 3));
}

#[test]
fn every_type_is_written() {
    let wire = json!({
        "Identifier": "u", "Nick": "n", "CurruentTitle": "äöü", "MsgID": u64::MAX, "Age": 5, "Platform": 7, "IsNeedDetail": 1,
        "Score": 1.5, "MemberList": [{"Member_Account": "a", "Role": "Owner"}], "Tags": ["x"], "Attrs": {"some_key": "v"},
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}], "Data": {"a_b": [null, 1]},
    });
    let snake = json!({
        "user_id": "u", "nick": "n", "title": "äöü", "msg_id": u64::MAX, "age": 5, "platform": 7, "detail": true,
        "score": 1.5, "members": [{"user_id": "a", "role": "Owner"}], "tags": ["x"], "attributes": {"some_key": "v"},
        "msg_body": [{"msg_type": "TIMTextElem", "msg_content": {"text": "hi"}}], "data": {"a_b": [null, 1]},
    });
    let camel = json!({
        "userId": "u", "nick": "n", "title": "äöü", "msgId": u64::MAX.to_string(), "age": 5.0, "platform": 7, "detail": 1,
        "score": 1.5, "members": [{"userId": "a", "role": "Owner"}], "tags": ["x"], "attributes": {"some_key": "v"},
        "msgBody": [{"msgContent": {"text": "hi"}, "msgType": "TIMTextElem"}], "data": {"a_b": [null, 1]}, "groupId": null,
    });
    for input in [wire.clone(), snake, camel] {
        assert_eq!(written(input).expect("good input"), wire);
    }
    let typed: Everything = serde_json::from_value(wire.clone()).expect("the struct reads the wire form");
    assert_eq!(serde_json::to_value(typed).expect("and writes it"), wire);
}

#[test]
fn the_alias_is_written_by_choice_and_extra_fields_pass() {
    let extra = json!({"New_Field": {"x": 1}});
    let options = RequestOptions { prefer: Some("UserID"), extra_body: extra.as_object(), ..OPTIONS };
    let (body, _) = walk::request(NOTHING.op(), &mut json!({"user_id": "u"}), options).expect("good input");
    assert_eq!(String::from_utf8_lossy(&body), r#"{"UserID":"u","New_Field":{"x":1}}"#);

    let extra = json!({"Identifier": "v"});
    let options = RequestOptions { extra_body: extra.as_object(), ..OPTIONS };
    assert_eq!(walk::request(NOTHING.op(), &mut json!({}), options).expect("given raw").0, br#"{"Identifier":"v"}"#);
    let error = walk::request(EVERYTHING.op(), &mut json!({"user_id": "u"}), options).expect_err("given twice");
    assert_eq!(error.path.as_deref(), Some("Identifier"));
}

#[test]
fn bad_input_names_its_path() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let cases = [
        (json!({}), "user_id", "required"),
        (json!({"user_id": ""}), "user_id", "empty"),
        (json!({"user_id": "x".repeat(33)}), "user_id", "33 bytes"),
        (json!({"user_id": "a\nb"}), "user_id", "line break"),
        (json!({"user_id": 7}), "user_id", "expected text (a user id), got a number"),
        (json!({"user_id": "u", "nik": "n"}), "nik", "did you mean nick?"),
        (json!({"user_id": "u", "Identifier": "u"}), "user_id", "given twice"),
        (json!({"user_id": "u", "nick": "123456789"}), "nick", "9 bytes"),
        (json!({"user_id": "u", "title": "abcd"}), "title", "4 characters"),
        (json!({"user_id": "u", "age": 0}), "age", "0 is out of range"),
        (json!({"user_id": "u", "age": 1.5}), "age", "a number with a fraction"),
        (json!({"user_id": "u", "age": "5"}), "age", "got text"),
        (json!({"user_id": "u", "msg_id": -1}), "msg_id", "-1 is out of range"),
        (json!({"user_id": "u", "msg_id": "12x"}), "msg_id", "not a whole number"),
        (json!({"user_id": "u", "platform": 2}), "platform", "none of the values"),
        (json!({"user_id": "u", "detail": 2}), "detail", "expected true or false"),
        (json!({"user_id": "u", "score": 11}), "score", "out of range"),
        (json!({"user_id": "u", "members": []}), "members", "0 items"),
        (
            json!({"user_id": "u", "members": [{"user_id": "a", "role": "x"}, {"user_id": "b"}]}),
            "members[1].role",
            "required",
        ),
        (json!({"user_id": "u", "members": ["a"]}), "members[0]", "expected an object, got text"),
        (json!({"user_id": "u", "members": [{"user_id": "a", "rol": "x"}]}), "members[0].rol", "did you mean role?"),
        (json!({"user_id": "u", "tags": ["a", "b", "c", "d"]}), "tags", "4 items"),
        (json!({"user_id": "u", "tags": ["a", "bbbbb"]}), "tags[1]", "5 bytes"),
        (json!({"user_id": "u", "tags": "a"}), "tags", "expected a list, got text"),
        (json!({"user_id": "u", "attributes": {"k": 1}}), "attributes.k", "expected text"),
        (
            json!({"user_id": "u", "msg_body": [{"msg_type": "TIMTextElm", "msg_content": {}}]}),
            "msg_body[0].msg_type",
            "did you mean TIMTextElem?",
        ),
        (json!({"user_id": "u", "msg_body": [{"msg_type": "TIMTextElem"}]}), "msg_body[0].msg_content", "required"),
        (
            json!({"user_id": "u", "msg_body": [{"msg_content": {"txt": "x"}, "msg_type": "TIMTextElem"}]}),
            "msg_body[0].msg_content.txt",
            "did you mean text?",
        ),
        (json!({"user_id": "u", "data": deep}), "data", "nested"),
        (json!({"user_id": "u", "group_id": "g", "data": 1}), "", "2 of group_id, group_name/data given"),
    ];
    for (input, path, message) in cases {
        let error = refused(input);
        assert!(error.path.as_deref().unwrap_or_default().starts_with(path), "{error}");
        assert!(error.message.contains(message), "{error} has no {message:?}");
    }
    assert!(refused(json!([1])).message.contains("expected an object"));
    assert!(refused(json!("text")).message.contains("expected an object"));
}

#[test]
fn paths_follow_the_callers_style() {
    let mut input = json!({"userId": "u", "msgBody": [{"msgType": "TIMTextElem", "msgContent": {}}]});
    let error =
        walk::request(EVERYTHING.op(), &mut input, RequestOptions { style: Style::Camel, ..OPTIONS }).expect_err("bad");
    assert_eq!(error.path.as_deref(), Some("msg_body[0].msg_content.text"));
    assert_eq!(error.to_record(Style::Camel)["path"], "msgBody[0].msgContent.text");
}

#[test]
fn a_text_stands_for_an_object_with_one_required_field() {
    let op = crate::api::accounts::CHECK.op();
    let (body, _) = walk::request(op, &mut json!({"accounts": ["a", {"user_id": "b"}]}), OPTIONS).expect("good input");
    assert_eq!(body, br#"{"CheckItem":[{"UserID":"a"},{"UserID":"b"}]}"#);
    let error = walk::request(op, &mut json!({"accounts": ["a", ""]}), OPTIONS).expect_err("an empty name");
    assert_eq!(error.path.as_deref(), Some("accounts[1]"));
}

#[test]
fn replies_are_lenient() {
    let body = json!({
        "ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": "OK", "Next": u64::MAX, "IsDone": 1, "Added_Later": {"Inner": 1},
        "Items": [{"Member_Account": 5, "Role": null}, "odd"], "Names": {"some_key": {"Member_Account": "m", "Extra": [1]}},
    });
    assert_eq!(
        answered(body, Style::Camel),
        json!({
            "next": u64::MAX.to_string(), "done": true, "Added_Later": {"Inner": 1},
            "items": [{"userId": 5}, "odd"], "names": {"some_key": {"userId": "m", "Extra": [1]}},
        })
    );
    assert_eq!(answered(json!({"Next": 1}), Style::Snake), json!({"next": "1", "items": []}));
    assert_eq!(
        answered(json!({"Next": "wrong", "Items": {"a": 1}}), Style::Snake),
        json!({"next": "wrong", "items": {"a": 1}})
    );
    assert_eq!(
        answered(json!({"Next": null, "Items": null, "Names": null, "IsDone": null}), Style::Snake),
        json!({"items": [], "names": {}})
    );
    assert_eq!(
        answered(json!({"Next": 1, "Items": [{"Member_Account": null, "Role": "Owner"}, null]}), Style::Snake),
        json!({"next": "1", "items": [{"user_id": "", "role": "Owner"}, {}]})
    );
    assert!(walk::reply(EVERYTHING.reply, "[", Style::Snake, &mut JsonSink::new(99)).is_err());
}

#[test]
fn a_server_reads_the_same_tables() {
    let read = |body: &[u8]| walk::served(EVERYTHING.request, body);
    assert_eq!(
        read(br#"{"UserID":"u","Unknown":1,"Nick":null}"#).expect("good"),
        json!({"user_id": "u", "Unknown": 1})
    );
    assert_eq!(read(br#"{"user_id":"u"}"#).expect_err("not a wire name").path.as_deref(), Some("Identifier"));
    assert_eq!(read(br#"{"UserID":"u","Nick":"123456789"}"#).expect_err("too long").path.as_deref(), Some("Nick"));
}

#[test]
fn an_endless_body_is_refused() {
    let error = refused(json!({"user_id": "u", "data": "x".repeat(walk::MAX_REQUEST_BYTES)}));
    assert!(error.message.contains("longer than"), "{error}");
}

#[test]
fn a_content_before_its_tag_is_checked_alike() {
    for content in [
        json!({"text": 5}),
        json!({"txt": "x"}),
        json!({}),
        json!({"text": null}),
        json!(null),
        json!([1]),
        json!({"text": {"a": 1}}),
    ] {
        for kind in ["TIMTextElem", "TIMLocationElem", "TIMTextElm"] {
            let first = format!(r#"{{"user_id":"u","msg_body":[{{"msg_type":"{kind}","msg_content":{content}}}]}}"#);
            let second = format!(r#"{{"user_id":"u","msg_body":[{{"msg_content":{content},"msg_type":"{kind}"}}]}}"#);
            let [first, second] = [first, second]
                .map(|text| walk::request(NOTHING.op(), &mut Json(&text), OPTIONS).expect_err("bad input").to_string());
            assert_eq!(first, second);
        }
    }
    for tag in ["null", "5", "true", "[\"TIMTextElem\"]", "{}"] {
        for element in [
            format!(r#"{{"msg_type":{tag},"msg_content":{{"text":"x"}}}}"#),
            format!(r#"{{"msg_content":{{"text":"x"}},"msg_type":{tag}}}"#),
        ] {
            let text = format!(r#"{{"user_id":"u","msg_body":[{element}]}}"#);
            let error = walk::request(NOTHING.op(), &mut Json(&text), OPTIONS).expect_err("no tag");
            assert_eq!(error.path.as_deref(), Some("msg_body[0].msg_type"), "{error}");
        }
    }
    for (element, path) in [
        (json!({"msg_type": "New", "MsgType": "New", "msg_content": {}}), "msg_body[0].msg_type"),
        (json!({"msg_content": {}, "MsgContent": {}, "msg_type": "New"}), "msg_body[0].msg_content"),
        (json!({"msg_contnt": {}, "msg_type": "New"}), "msg_body[0].msg_contnt"),
    ] {
        assert_eq!(refused(json!({"user_id": "u", "msg_body": [element]})).path.as_deref(), Some(path));
    }
}

#[test]
fn custom_data_is_written_as_text_once() {
    for (style, cure) in [(Style::Snake, "json.dumps"), (Style::Camel, "JSON.stringify"), (Style::Wire, "pass text")] {
        for data in [json!({"a": 1}), json!([1]), json!(1), json!(true)] {
            let op = crate::api::messages::SEND.op();
            let mut input = json!({"to_account": "u", "msg_body": [{
                "msg_type": "TIMCustomElem", "msg_content": {"data": data}
            }]});
            let error = walk::request(op, &mut input, RequestOptions { style, ..OPTIONS }).expect_err("no text");
            assert!(error.cure.as_deref().is_some_and(|found| found.contains(cure)), "{error}");
        }
    }
}

shape! {
    /// Times.
    pub struct Times {
        /// Seconds.
        at: Option<UnixSeconds> = "At",
        /// Milliseconds.
        at_ms: Option<UnixMillis> = "AtMs",
        /// Seconds, or 0.
        until: Option<UnixSeconds> = "Until" (or_zero),
        /// A code.
        code: Option<ItemCode> = "Code",
        /// Either.
        body: Option<ListOrObject<Member>> = "Body",
        /// A count.
        count: Option<u64> = "Count",
        /// A change.
        step: Option<i64> = "Step",
    }
}

#[test]
fn times_are_told_apart() {
    let mut good = json!({"at": 1_700_000_000, "at_ms": 1_700_000_000_000_u64, "until": 0});
    let (body, _) = walk::request(TIMES.op(), &mut good, OPTIONS).expect("good times");
    assert_eq!(body, br#"{"At":1700000000,"AtMs":1700000000000,"Until":0}"#);
    for (input, path, words) in [
        (json!({"at": 1_700_000_000_000_u64}), "at", "looks like milliseconds"),
        (json!({"at_ms": 1_700_000_000}), "at_ms", "looks like seconds"),
        (json!({"at": 0}), "at", "not a time after 1970"),
        (json!({"at_ms": 0}), "at_ms", "not a time after 1970"),
        (json!({"at": -1}), "at", "not a time after 1970"),
        (json!({"until": -1}), "until", "not a time after 1970"),
        (json!({"until": 1_700_000_000_000_u64}), "until", "looks like milliseconds"),
        (json!({"at": 4_102_444_800_u64}), "at", "after the year 2100"),
        (json!({"at_ms": 4_102_444_800_000_u64}), "at_ms", "after the year 2100"),
        (json!({"at": 1.5}), "at", "expected seconds since 1970, got a number with a fraction"),
        (json!({"at": "2026-01-01"}), "at", "expected seconds since 1970, got text"),
        (json!({"code": 2_147_483_648_u64}), "code", "out of range"),
        (json!({"body": "x"}), "body", "expected a list, got text"),
        (json!({"count": -1}), "count", "out of range"),
    ] {
        let error = walk::request(TIMES.op(), &mut input.clone(), OPTIONS).expect_err("a bad time");
        assert_eq!(error.path.as_deref(), Some(path), "{error}");
        assert!(error.message.contains(words), "{error}");
        assert!(error.cure.is_some(), "{error}");
    }
}

#[test]
fn only_ids_are_text_in_javascript() {
    let mut sink = JsonSink::for_javascript(EVERYTHING.op(), 1 << 20);
    let wide = (1_u64 << 53) + 1;
    let body = json!({
        "At": 5, "AtMs": null, "Count": wide, "Step": -(wide as i64), "Code": 7, "Body": {"a": wide}, "New": [wide, -(wide as i64)],
    });
    walk::reply(TIMES.reply, &body.to_string(), Style::Camel, &mut sink).expect("a reply");
    let read: Value = serde_json::from_slice(&sink.into_bytes()).expect("JSON");
    let text = wide.to_string();
    assert_eq!(
        read,
        json!({
            "at": 5, "count": wide, "step": -(wide as i64), "code": 7, "ok": false, "body": {"a": text},
            "New": [text, format!("-{text}")],
        })
    );
}

#[test]
fn text_is_written_as_json_has_it() {
    let every_byte: String = (0..=0x80).filter_map(char::from_u32).collect();
    for text in ["", "plain", "naïve 你好 😀 \u{7f}", "a \"quote\"", "C:\\", "two\nlines", "\0", "\u{1f}", &every_byte]
    {
        let mut sink = JsonSink::new(1 << 10);
        assert!(sink.begin_list().and_then(|()| sink.text(text)).and_then(|()| sink.text(text)).is_ok());
        let quoted = Value::from(text).to_string();
        assert_eq!(String::from_utf8_lossy(&sink.into_bytes()), format!("[{quoted},{quoted}"));
    }
}

#[test]
fn the_length_of_a_list_is_told() {
    let tags = vec!["a"; 10_000];
    assert_eq!(refused(json!({"user_id": "u", "tags": tags})).message, "it has 10000 items");
}
