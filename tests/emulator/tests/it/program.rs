//! The program: its ready line, its options, its end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tencent_im_emulator::{App, Config, Emulator};

use crate::harness::*;

struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        Self::start_in(arguments, &[])
    }

    fn start_in(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = command(arguments, environment).stdin(Stdio::piped()).spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, ready }
    }

    fn url(&self) -> &str {
        self.ready["url"].as_str().expect("an address")
    }

    fn call(&self, app: u32, key: &str, path: &str, body: Value) -> i64 {
        let query = query_with(app, ADMIN, &sign(app, key, ADMIN, now_s(), 60));
        let url = format!("{}/{path}?{query}", self.url());
        let mut reply = agent().post(url).send(body.to_string()).expect("an answer");
        code(&serde_json::from_str(&reply.body_mut().read_to_string().expect("a text")).expect("JSON"))
    }

    /// The rest of what it prints, and its exit code.
    fn end(&mut self) -> (String, Option<i32>) {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status;
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut rest = String::new();
        self.child.stdout.as_mut().expect("piped").read_to_string(&mut rest).expect("text");
        (rest, status.code())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tencent-im-emulator"));
    command
        .args(arguments)
        .env_remove("TENCENT_IM_SDK_APP_ID")
        .env_remove("TENCENT_IM_SECRET_KEY")
        .env_remove("TENCENT_IM_WEBHOOK_TOKEN")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped());
    command
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    command(arguments, environment).stdin(Stdio::null()).stderr(Stdio::piped()).output().expect("a process")
}

#[test]
fn the_ready_line_says_where_it_is() {
    let program = Program::start(&["--sdk-app-id", "1400000001", "--secret-key", KEY]);
    assert_eq!((&program.ready["sdk_app_id"], &program.ready["pid"]), (&json!(APP), &json!(program.child.id())));
    assert_eq!(program.ready.as_object().map(serde_json::Map::len), Some(3));
    assert!(program.url().starts_with("http://127.0.0.1:"), "{}", program.url());
    assert_eq!(program.call(APP, KEY, IMPORT, json!({"UserID": "a"})), 0);
}

#[test]
fn the_environment_fills_in() {
    let environment = [("TENCENT_IM_SDK_APP_ID", "1400000002"), ("TENCENT_IM_SECRET_KEY", OTHER_KEY)];
    let program = Program::start_in(&[], &environment);
    assert_eq!(program.ready["sdk_app_id"], OTHER_APP);
    assert_eq!(program.call(OTHER_APP, OTHER_KEY, IMPORT, json!({"UserID": "a"})), 0);
    // The command line goes first.
    let program = Program::start_in(&["--sdk-app-id", "1400000001", "--secret-key", KEY], &environment);
    assert_eq!(program.call(APP, KEY, IMPORT, json!({"UserID": "a"})), 0);
    assert_eq!(program.call(OTHER_APP, OTHER_KEY, IMPORT, json!({"UserID": "a"})), 70020);
}

#[test]
fn several_apps_and_keys() {
    let other = format!("1400000002:{OTHER_KEY}");
    let rotated = format!("1400000001:{OTHER_KEY}");
    let program =
        Program::start(&["--app", &other, "--sdk-app-id", "1400000001", "--secret-key", KEY, "--app", &rotated]);
    assert_eq!(program.ready["sdk_app_id"], APP);
    for (app, key, expected) in [(APP, KEY, 0), (APP, OTHER_KEY, 0), (OTHER_APP, OTHER_KEY, 0), (OTHER_APP, KEY, 70009)]
    {
        assert_eq!(program.call(app, key, IMPORT, json!({"UserID": "a"})), expected, "{app} {key}");
    }
    let program = Program::start(&["--app", &other]);
    assert_eq!(program.ready["sdk_app_id"], OTHER_APP);
}

#[test]
fn every_option_arrives() {
    let arguments =
        ["--sdk-app-id=1400000001", "--secret-key", KEY, "--account-quota=1", "--block-deleted", "--rate-limits"];
    let program = Program::start(&arguments);
    let mut reply = agent().get(format!("{}/_emulator/config", program.url())).call().expect("an answer");
    let config: Value = serde_json::from_str(&reply.body_mut().read_to_string().expect("a text")).expect("JSON");
    assert_eq!((&config["account_quota"], &config["block_deleted"]), (&json!(1), &json!(true)));
    assert_eq!((&config["rate_limits"], &config["allow_deletion"]), (&json!(true), &json!(true)));
    let arguments = ["--sdk-app-id=1400000001", "--secret-key", KEY, "--no-deletion", "--admin", "x", "--admin", ADMIN];
    let program = Program::start(&arguments);
    assert_eq!(program.call(APP, KEY, DELETE, json!({"DeleteItem": [{"UserID": "x"}]})), 71000);
    let program = Program::start(&["--sdk-app-id=1400000001", "--secret-key", KEY, "--admin", "x"]);
    assert_eq!(program.call(APP, KEY, IMPORT, json!({"UserID": "x"})), 70403);
}

#[test]
fn every_option_about_webhooks_arrives() {
    let app = ["--sdk-app-id=1400000001", "--secret-key", KEY];
    let shown = |options: &[&str], environment: &[(&str, &str)]| -> Value {
        let program = Program::start_in(&[&app, options].concat(), environment);
        let mut reply = agent().get(format!("{}/_emulator/webhooks", program.url())).call().expect("an answer");
        let shown: Value = serde_json::from_str(&reply.body_mut().read_to_string().expect("a text")).expect("JSON");
        shown["apps"]["1400000001"].clone()
    };
    assert_eq!(shown(&[], &[]), Value::Null);
    let url = ["--webhook-url", "http://127.0.0.1:1/hooks?own=1"];
    let mut expected = json!({
        "address": "http://127.0.0.1:1", "is_signed": false, "commands": "all", "before_timeout": "allow",
        "retries": false, "timeout_ms": 2000,
    });
    assert_eq!(shown(&url, &[("TENCENT_IM_WEBHOOK_TOKEN", "")]), expected);
    expected["is_signed"] = true.into();
    assert_eq!(shown(&url, &[("TENCENT_IM_WEBHOOK_TOKEN", KEY)]), expected);
    let options = ["--webhook-token", KEY, "--webhook-late-refused", "--webhook-retries", "--webhook=Push.OfflinePush"];
    expected["before_timeout"] = "refuse".into();
    expected["retries"] = true.into();
    expected["commands"] = json!(["Push.OfflinePush"]);
    assert_eq!(shown(&[&url[..], &options].concat(), &[]), expected);
    let elsewhere = ["--webhook-any-host", "--webhook-url=http://192.0.2.1/"];
    assert_eq!(shown(&elsewhere, &[])["address"], "http://192.0.2.1");
}

#[cfg(unix)]
#[test]
fn signals_end_it_in_order() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&["--sdk-app-id", "1400000001", "--secret-key", KEY]);
        let pid = program.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().expect("kill").success());
        assert_eq!(program.end(), (String::new(), Some(0)), "{signal}");
    }
}

#[test]
fn the_end_of_standard_input_ends_it_only_if_asked() {
    let mut program = Program::start(&["--sdk-app-id", "1400000001", "--secret-key", KEY, "--until-stdin-closes"]);
    assert_eq!(program.call(APP, KEY, IMPORT, json!({"UserID": "a"})), 0);
    drop(program.child.stdin.take());
    assert_eq!(program.end(), (String::new(), Some(0)));

    let mut program = Program::start(&["--sdk-app-id", "1400000001", "--secret-key", KEY]);
    drop(program.child.stdin.take());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(program.call(APP, KEY, IMPORT, json!({"UserID": "a"})), 0);
}

#[test]
fn mistakes_are_told_and_keys_are_not() {
    for (arguments, expected) in [
        (vec![], "TENCENT_IM_SDK_APP_ID"),
        (vec!["--sdk-app-id", "1400000001"], "TENCENT_IM_SECRET_KEY"),
        (vec!["--sdk-app-id", KEY, "--secret-key", KEY], "--sdk-app-id wants a number"),
        (vec!["--sdk-app-id", "1400000001", "--secret-key", "=", KEY], "name of its option"),
        (vec!["--app", KEY], "ID:KEY"),
        (vec!["--app", "5:"], "key"),
        (vec!["--sdk-app-id", "0", "--secret-key", KEY], "SDKAppID is 0"),
        (vec!["--what"], "--what"),
        (vec!["--webhook-token", KEY], "--webhook-url"),
        (vec!["--app", "5:x", "--webhook-url", "http://192.0.2.1/", "--webhook-token", KEY], "--webhook-any-host"),
        (vec!["--app", "5:x", "--webhook-url", "http://127.0.0.1/", "--webhook", "x"], "no such webhook: x"),
        (vec!["--sdk-app-id", "1400000001", "--secret-key", KEY, "--port", "70000"], "70000"),
        (vec!["--sdk-app-id", "1400000001", "--secret-key", KEY, "--host", "192.0.2.1"], "tencent-im-emulator:"),
    ] {
        let output = run(&arguments, &[]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(errors.contains(expected), "{arguments:?}: {errors}");
        assert!(!errors.contains(KEY), "{arguments:?}: {errors}");
    }
    let help = run(&["--help"], &[]);
    assert!(help.status.success());
    let help = String::from_utf8_lossy(&help.stdout);
    for option in "--sdk-app-id --secret-key --app --admin --host --port --account-quota --block-deleted --no-deletion \
                   --rate-limits --until-stdin-closes --webhook-url --webhook-token --webhook --webhook-late-refused \
                   --webhook-retries --webhook-any-host"
        .split_whitespace()
    {
        assert!(help.contains(option), "{option}");
    }
}

#[test]
fn a_port_is_taken_once_and_free_after_the_stop() {
    let config = |port| Config { port, apps: vec![App::new(APP, KEY)], ..Config::default() };
    // Not one that the system gives to anybody who asks for a free one, such as the test beside this one.
    let begin = 20_000 + u16::try_from(std::process::id() % 10_000).expect("it is below 10,000");
    let started = (begin..32_000).find_map(|port| Some((port, Emulator::start(config(port)).ok()?)));
    let (port, first) = started.expect("a free port");
    Emulator::start(config(port)).map(drop).expect_err("the port is taken");
    first.stop();
    // A process that another test starts right now has a copy of the socket until its program runs.
    wait_until(|| Emulator::start(config(port)).map(Emulator::stop).is_ok());
}

#[test]
fn a_configuration_without_sense_does_not_start() {
    let app = || App::new(APP, KEY);
    for (apps, admins) in [
        (vec![], vec!["a".to_owned()]),
        (vec![app()], vec![]),
        (vec![app(), app()], vec!["a".to_owned()]),
        (vec![App { sdk_app_id: APP, keys: vec![] }], vec!["a".to_owned()]),
        (vec![App::new(APP, "")], vec!["a".to_owned()]),
    ] {
        let config = Config { apps, admins, ..Config::default() };
        Emulator::start(config.clone()).map(drop).expect_err(&format!("{config:?}"));
        assert!(!format!("{config:?}").contains(KEY));
    }
}
