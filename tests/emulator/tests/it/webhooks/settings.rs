//! Where webhooks go: the control plane and the command line; and sending any of them on demand.

use serde_json::json;
use tencent_im_core::webhook;

use super::backend::TOKEN;
use super::messages::{AFTER, BEFORE, SEND, message};
use super::*;

#[test]
fn each_webhook_can_be_sent_on_demand_with_its_sample() {
    let app = App::with(json!({"commands": []}));
    for webhook in webhook::all() {
        app.backend.forget();
        let told = app.server.set("webhooks/fire", json!({"command": webhook.command}));
        assert_eq!((&told["status"], &told["fault"]), (&json!(200), &Value::Null), "{told}");
        assert_eq!(told["answer"]["ErrorCode"], 0, "{told}");
        assert_eq!(told["verdict"].is_object(), webhook.answers().is_some(), "{told}");
        assert_eq!(app.backend.commands(), [webhook.command]);
    }
    assert_eq!(app.backend.faults(), [""; 0]);
    let listed = app.server.get("webhooks")["commands"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(webhook::all().count()));
}

#[test]
fn a_body_of_ones_own_and_a_platform() {
    let app = App::start();
    app.backend.reject(BEFORE, Some(120_009), "no");
    let body = json!({"CallbackCommand": BEFORE, "From_Account": "eve", "To_Account": "bob", "MsgSeq": 1, "MsgRandom": 2,
        "MsgTime": 1_700_000_000, "MsgKey": "1_2_1700000000", "OnlineOnlyFlag": 0, "MsgBody": text("x")});
    let told = app.server.set("webhooks/fire", json!({"command": BEFORE, "body": body, "platform": "iOS"}));
    assert_eq!(told["verdict"], json!({"action": "refuse", "code": 120_009, "info": "no"}));
    assert_eq!(app.body(BEFORE), body);
    assert!(app.backend.seen()[0].query.contains("OptPlatform=iOS"));
}

#[test]
fn only_what_is_switched_on_is_sent() {
    let app = App::with(json!({"commands": [AFTER]}));
    app.server.call(SEND, message("bob", 1));
    assert_eq!(app.commands(), [AFTER]);
    app.server.set("webhooks", json!({"url": null}));
    app.backend.forget();
    app.server.call(SEND, message("bob", 2));
    assert_eq!(app.commands(), Vec::<String>::new());
    assert!(app.server.refused("webhooks/fire", json!({"command": AFTER})).contains("no webhook URL"));
}

#[test]
fn a_reset_leads_back_to_the_start() {
    let app = App::start();
    app.server.call(SEND, message("bob", 1));
    app.settle();
    app.server.set("reset", json!({}));
    assert_eq!(app.server.get("webhooks")["apps"], json!({}));
    assert_eq!(app.server.get("webhooks/log"), json!({"deliveries": [], "waiting": 0, "lost": 0}));
}

#[test]
fn each_app_has_its_own() {
    let app = App::start();
    let set = app.server.set("webhooks", json!({"url": "http://localhost:1/", "sdk_app_id": OTHER_APP}));
    assert_eq!(
        set,
        json!({
            "address": "http://localhost:1", "is_signed": false, "commands": "all", "before_timeout": "allow",
            "retries": false, "timeout_ms": 2000,
        })
    );
    let apps = app.server.get("webhooks")["apps"].clone();
    assert_eq!(apps.as_object().map(|apps| apps.len()), Some(2));
    assert_eq!(apps[APP.to_string()]["is_signed"], true);
    app.server.call(SEND, message("bob", 1));
    assert_eq!(app.commands(), [AFTER, BEFORE]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let server = Server::start();
    let good = "http://127.0.0.1:1/";
    for (body, expected) in [
        (json!({"url": "hooks"}), "url: "),
        (json!({"url": ""}), "url: not a URL"),
        (json!({"url": "https://127.0.0.1/"}), "plain HTTP"),
        (json!({"url": "http://a:b@127.0.0.1/"}), "user name"),
        (json!({"url": "http://192.0.2.1/hooks?secret=1"}), "not an address of this machine"),
        (json!({"url": "http://example.com/hooks?secret=1"}), "not an address of this machine"),
        (json!({"url": "http://127.0.0.1.example.com/"}), "not an address of this machine"),
        (json!({"url": good, "token": ""}), "token: it is empty"),
        (json!({"url": good, "commands": "some"}), "commands: "),
        (json!({"url": good, "commands": [1]}), "commands: "),
        (json!({"url": good, "commands": ["C2C.CallbackBeforeSendMessage"]}), "no such webhook"),
        (json!({"url": good, "before_timeout": "drop"}), "before_timeout: "),
        (json!({"url": good, "timeout_ms": 0}), "timeout_ms: "),
        (json!({"url": good, "sdk_app_id": 5}), "no such app"),
        (json!({"url": good, "tokens": []}), "tokens"),
    ] {
        let reason = server.refused("webhooks", body.clone());
        assert!(reason.contains(expected), "{body}: {reason}");
        assert!(!reason.contains("secret"), "{reason}");
    }
    assert_eq!(server.get("webhooks")["apps"], json!({}));
    assert!(server.refused("webhooks/fire", json!({"command": "x"})).contains("no such webhook"));
    for host in ["127.0.0.1", "127.1.2.3", "localhost", "[::1]"] {
        server.set("webhooks", json!({"url": format!("http://{host}:1/")}));
    }
    for host in ["127.0.0.1:99999", "127.0.0.1:", "[::1]:70000", "localhost:-1"] {
        let error = server.refused("webhooks", json!({"url": format!("http://{host}/")}));
        assert!(error.contains("url: "), "{host}: {error}");
    }
}

#[test]
fn other_machines_only_by_name() {
    let server = Server::with(|config| config.webhooks_to_any_host = true);
    server.set("webhooks", json!({"url": "http://192.0.2.1/"}));
}

#[test]
fn settings_do_not_show_their_secrets() {
    let mut settings = tencent_im_emulator::WebhookSettings::new("http://127.0.0.1:1/?secret=1");
    settings.token = Some(TOKEN.into());
    let shown = format!(
        "{settings:?} {:?}",
        tencent_im_emulator::Config { webhooks: Some(settings.clone()), ..Default::default() }
    );
    assert!(!shown.contains(TOKEN) && !shown.contains("secret=1"), "{shown}");
}

/// A webhook that the tables have is either sent by itself, or here.
#[test]
fn all_but_these_have_their_cause_in_the_emulator() {
    const ONLY_BY_FIRE: [&str; 4] = [
        "Chatbot.OnC2CSignalMessage",
        "ContentCallback.ResultNotify",
        "Group.CallbackOnDailyGroupQuotaAlarm",
        "Group.CallbackSendMsgException",
    ];
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut code = std::fs::read_to_string(sources.join("control/clients.rs")).expect("a file");
    code += &std::fs::read_to_string(sources.join("families/accounts/mod.rs")).expect("a file");
    for file in std::fs::read_dir(sources.join("webhooks/events")).expect("a folder") {
        code += &std::fs::read_to_string(file.expect("an entry").path()).expect("a file");
    }
    let has_none = |command: &&str| !code.contains(&format!("\"{command}\""));
    let mut without: Vec<&str> = webhook::all().map(|webhook| webhook.command).filter(has_none).collect();
    without.sort_unstable();
    assert_eq!(without, ONLY_BY_FIRE);
    let readme = include_str!("../../../README.md");
    assert!(ONLY_BY_FIRE.iter().all(|command| readme.contains(&format!("`{command}`"))));
}
