//! How webhooks are delivered: query, signature, time, retries, log.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::backend::{Gate, Plan, TOKEN};
use super::messages::{AFTER, BEFORE, SEND, message};
use super::*;

fn log(app: &App) -> Vec<Value> {
    app.server.get("webhooks/log")["deliveries"].as_array().expect("a list").clone()
}

#[test]
fn the_query_is_the_documented_one() {
    let app = App::start();
    app.server.call(SEND, message("bob", 1));
    app.settle();
    let query = app.backend.seen()[0].query.clone();
    let (documented, signature) = query.split_once("&Sign=").expect("it is signed");
    assert_eq!(
        documented,
        format!(
            "own=1&SdkAppid={APP}&CallbackCommand={BEFORE}&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI"
        )
    );
    let (sign, time) = signature.split_once("&RequestTime=").expect("with its time");
    assert!(sign.len() == 64 && time.parse::<u64>().is_ok_and(|time| time.abs_diff(now_s()) < 20), "{signature}");
    // Some do not say where they come from.
    for (command, ending) in [
        ("Push.AllMemberPush", "&contenttype=json"),
        ("ContentCallback.ResultNotify", "&contenttype=json"),
        ("Alert.RequestOverLimit", "&contenttype=json&OptPlatform=RESTAPI"),
    ] {
        app.backend.forget();
        app.server.set("webhooks/fire", json!({"command": command}));
        let query = app.backend.seen()[0].query.clone();
        assert!(query.split("&Sign=").next().is_some_and(|query| query.ends_with(ending)), "{query}");
    }
}

#[test]
fn the_signature_has_the_time_of_the_emulator() {
    let app = App::start();
    app.server.set("clock", json!({"offset_s": -600}));
    let answer = app.server.set("webhooks/fire", json!({"command": BEFORE}));
    assert_eq!(answer["status"], 401);
    assert!(app.backend.faults()[0].contains("600 s old") || app.backend.faults()[0].contains("601 s old"));
}

#[test]
fn without_a_token_it_is_not_signed() {
    let app = App::with(json!({"token": null}));
    let answer = app.server.set("webhooks/fire", json!({"command": BEFORE}));
    assert_eq!(answer["status"], 401);
    assert!(app.backend.faults()[0].contains("no Sign"), "{:?}", app.backend.faults());
}

#[test]
fn a_late_answer_lets_a_message_pass_or_not() {
    let app = App::with(json!({"timeout_ms": 200}));
    app.backend.plan(BEFORE, Plan::After(Duration::from_secs(100)));
    let begun = Instant::now();
    assert_eq!(app.server.code(SEND, message("bob", 1)), 0);
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(200) && took < PATIENCE, "{took:?}");
    let entry = log(&app)[0].clone();
    assert_eq!(entry["fault"], "no answer within 200 ms");
    assert_eq!((&entry["status"], &entry["verdict"]), (&Value::Null, &json!({"action": "allow"})));

    app.configure(json!({"timeout_ms": 200, "before_timeout": "refuse"}));
    assert_eq!(app.server.code(SEND, message("bob", 2)), 20006);
    // The console says so for messages only.
    app.backend.plan("Group.CallbackBeforeCreateGroup", Plan::After(Duration::from_secs(100)));
    let group = json!({"Type": "Public", "Name": "g", "Owner_Account": "ann"});
    assert_eq!(app.server.code("v4/group_open_http_svc/create_group", group), 0);
}

#[test]
fn the_service_waits_for_two_seconds() {
    let app = App::start();
    app.backend.plan(BEFORE, Plan::After(Duration::from_secs(100)));
    let begun = Instant::now();
    assert_eq!(app.server.code(SEND, message("bob", 1)), 0);
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(2) && took < PATIENCE, "{took:?}");
}

#[test]
fn what_is_not_an_answer_is_none() {
    let app = App::with(json!({"before_timeout": "refuse"}));
    let no = json!({"ActionStatus": "OK", "ErrorCode": 120_001, "ErrorInfo": "no"}).to_string();
    for (at, (plan, fault)) in [
        (Plan::Answer(500, no.clone()), "the HTTP status is 500"),
        (Plan::Answer(302, no), "the HTTP status is 302"),
        (Plan::Answer(200, "OK".into()), "not a JSON object"),
        (Plan::Answer(200, "[0]".into()), "not a JSON object"),
        (Plan::Answer(200, "{}".into()), "no ErrorCode"),
        (Plan::Answer(200, json!({"ErrorCode": "0"}).to_string()), "no ErrorCode"),
        (Plan::Close, "the connection broke"),
    ]
    .into_iter()
    .enumerate()
    {
        app.backend.plan(BEFORE, plan.clone());
        let random = u32::try_from(at).expect("a few");
        assert_eq!(app.server.code(SEND, message("bob", random)), 20006, "{plan:?}");
        let entry = log(&app).pop().expect("an entry");
        assert!(entry["fault"].as_str().is_some_and(|told| told.contains(fault)), "{plan:?}: {entry}");
    }
    app.configure(json!({"url": "http://127.0.0.1:1/", "before_timeout": "refuse"}));
    assert_eq!(app.server.code(SEND, message("bob", 99)), 20006);
    let entry = log(&app).pop().expect("an entry");
    assert!(entry["fault"].as_str().is_some_and(|fault| fault.starts_with("no connection: ")), "{entry}");
}

#[test]
fn the_log_stays_small_whatever_a_backend_answers() {
    let app = App::with(json!({"commands": []}));
    let answer = |info: &str| json!({"ActionStatus": "OK", "ErrorCode": 120_001, "ErrorInfo": info}).to_string();
    app.backend.plan(BEFORE, Plan::Answer(200, answer(&"x".repeat(1 << 20))));
    let told = app.server.set("webhooks/fire", json!({"command": BEFORE}));
    assert_eq!((&told["fault"], &told["verdict"]["code"]), (&Value::Null, &json!(120_001)));
    assert_eq!(told["answer"].as_str().map(str::len), Some(1_000));
    // Bodies count as well.
    app.backend.plan(BEFORE, Plan::Answer(200, answer("no")));
    let body = json!({"CallbackCommand": BEFORE, "X": "y".repeat(900_000)});
    for _ in 0..40 {
        app.server.set("webhooks/fire", json!({"command": BEFORE, "body": body}));
    }
    let log = log(&app);
    assert!((30..=38).contains(&log.len()), "{}", log.len());
    assert_eq!(log.last().map(|entry| &entry["answer"]["ErrorInfo"]), Some(&json!("no")));
}

#[test]
fn what_has_happened_delays_nobody() {
    let app = App::with(json!({"timeout_ms": 60_000}));
    let gate = Gate::default();
    app.backend.plan(AFTER, Plan::Held(gate.clone()));
    for random in 0..5 {
        assert_eq!(app.server.code(SEND, message("bob", random)), 0);
    }
    assert!(app.server.get("webhooks/log")["waiting"].as_u64().is_some_and(|waiting| waiting >= 4));
    gate.open();
    assert_eq!(app.bodies(AFTER).len(), 5);
}

#[test]
fn a_client_that_goes_away_does_not_undo_a_call() {
    let app = App::start();
    app.backend.plan(BEFORE, Plan::After(Duration::from_millis(500)));
    let socket = app.server.send(SEND, &message("bob", 1).to_string());
    wait_until(|| !app.backend.bodies(BEFORE).is_empty());
    drop(socket);
    wait_until(|| app.server.messages() == 1);
    assert_eq!(app.bodies(AFTER).len(), 1);
    assert_eq!(app.server.counted(SEND)["effects"], 1);
}

#[test]
fn other_calls_go_on_while_one_waits() {
    let app = App::with(json!({"timeout_ms": 60_000}));
    let gate = Gate::default();
    app.backend.plan(BEFORE, Plan::Held(gate.clone()));
    let waiting = app.server.send(SEND, &message("bob", 1).to_string());
    wait_until(|| !app.backend.bodies(BEFORE).is_empty());
    // What they change counts: the receiver is gone when the answer comes.
    assert_eq!(app.server.code(DELETE, json!({"DeleteItem": [{"UserID": "bob"}]})), 0);
    gate.open();
    drop(waiting);
    app.settle();
    wait_until(|| app.server.counted(SEND)["requests"] == 1 && app.server.get("counters")["requests"]["now"] == 0);
    assert_eq!((app.server.messages(), app.bodies(AFTER)), (0, vec![]));
}

#[test]
fn a_retry_that_comes_while_the_first_waits_is_no_second_message() {
    let app = App::start();
    app.backend.plan(BEFORE, Plan::After(Duration::from_millis(500)));
    let (first, second) = thread::scope(|scope| {
        let first = scope.spawn(|| app.server.call(SEND, message("bob", 1)));
        wait_until(|| !app.backend.bodies(BEFORE).is_empty());
        (app.server.call(SEND, message("bob", 1)), first.join().expect("no panic"))
    });
    assert_eq!((code(&first), &first["MsgKey"]), (0, &second["MsgKey"]));
    assert_eq!((app.server.messages(), app.bodies(AFTER).len()), (1, 1));
}

#[test]
fn events_that_nobody_takes_are_lost_beyond_a_limit() {
    let app = App::with(json!({"commands": [AFTER], "timeout_ms": 60_000}));
    app.backend.plan(AFTER, Plan::After(Duration::from_secs(60)));
    let names: Vec<String> = (0..500).map(|at| format!("user{at}")).collect();
    for names in names.chunks(100) {
        app.server.import(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for random in 0..21 {
        let body = json!({"From_Account": "ann", "To_Account": names, "MsgRandom": random, "MsgBody": text("x")});
        assert_eq!(app.server.code("v4/openim/batchsendmsg", body), 0);
    }
    let log = app.server.get("webhooks/log");
    assert_eq!((&log["waiting"], &log["lost"]), (&json!(10_000), &json!(500)));
    // The rest goes on.
    assert_eq!(app.server.code(CHECK, json!({"CheckItem": [{"UserID": "ann"}]})), 0);
}

#[test]
fn what_could_not_be_delivered_is_sent_again_if_the_console_says_so() {
    let app = App::with(json!({"retries": true}));
    app.backend.plan(AFTER, Plan::CloseFirst(2));
    assert_eq!(app.server.code(SEND, message("bob", 1)), 0);
    app.settle();
    let seen: Vec<_> = app.backend.seen().into_iter().filter(|seen| seen.command == AFTER).collect();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|one| (&one.id, &one.body) == (&seen[0].id, &seen[0].body)));
    let attempts: Vec<Value> =
        log(&app).iter().filter(|e| e["command"] == AFTER).map(|e| e["attempt"].clone()).collect();
    assert_eq!(attempts, [1, 2, 3]);

    // Not without end, and never what is asked.
    app.backend.plan(AFTER, Plan::Answer(500, String::new()));
    app.backend.plan(BEFORE, Plan::Answer(500, String::new()));
    app.backend.forget();
    assert_eq!(app.server.code(SEND, message("bob", 2)), 0);
    assert_eq!((app.bodies(AFTER).len(), app.bodies(BEFORE).len()), (4, 1));

    app.configure(json!({}));
    app.backend.forget();
    assert_eq!(app.server.code(SEND, message("bob", 3)), 0);
    assert_eq!(app.bodies(AFTER).len(), 1);
}

#[test]
fn a_reset_ends_the_retries() {
    let app = App::with(json!({"retries": true}));
    app.backend.plan(AFTER, Plan::Answer(500, String::new()));
    assert_eq!(app.server.code(SEND, message("bob", 1)), 0);
    wait_until(|| app.backend.bodies(AFTER).len() == 1);
    app.server.set("reset", json!({}));
    app.settle();
    assert_eq!(app.bodies(AFTER).len(), 1);
}

#[test]
fn connections_are_kept_alive() {
    let app = App::start();
    for random in 0..20 {
        assert_eq!(app.server.code(SEND, message("bob", random)), 0);
        app.settle();
    }
    assert!(app.backend.connections() <= 3, "{}", app.backend.connections());
}

#[test]
fn the_log_tells_what_was_sent_and_answered_and_no_secret() {
    let app = App::start();
    app.backend.reject(BEFORE, Some(120_001), "no");
    app.server.call(SEND, message("bob", 1));
    let entry = log(&app).pop().expect("an entry");
    assert_eq!((&entry["command"], &entry["reason"], &entry["attempt"]), (&json!(BEFORE), &json!("asked"), &json!(1)));
    assert_eq!((&entry["status"], &entry["fault"]), (&json!(200), &Value::Null));
    assert_eq!(entry["answer"]["ErrorCode"], 120_001);
    assert_eq!(entry["verdict"], json!({"action": "refuse", "code": 120_001, "info": "no"}));
    assert_eq!(entry["body"]["To_Account"], "bob");
    assert!(entry["ms"].is_u64());
    for shown in [app.server.get("webhooks"), app.server.get("webhooks/log")] {
        let shown = shown.to_string();
        assert!(!shown.contains(TOKEN) && !shown.contains("own=1") && !shown.contains("Sign="), "{shown}");
    }
    app.server.set("webhooks/log", json!({}));
    assert_eq!(log(&app), Vec::<Value>::new());
}

#[test]
fn the_log_is_bounded() {
    let app = App::with(json!({"commands": []}));
    for _ in 0..1_005 {
        app.server.set("webhooks/fire", json!({"command": "Group.CallbackAfterGroupFull"}));
    }
    assert_eq!(log(&app).len(), 1_000);
}
