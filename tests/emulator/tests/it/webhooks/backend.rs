//! An app's backend: it verifies each request, holds it against the table of its webhook, and answers as it is told.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{JsonSink, Redacted, walk};
use tencent_im_core::webhook::{Decision, Event, Receiver, WebhookSettings};

use crate::harness::*;

pub const TOKEN: &str = "a made-up token of the console";

/// What it does with a webhook.
#[derive(Clone, Debug)]
pub enum Plan {
    Decide(Decision),
    /// Any HTTP answer.
    Answer(u16, String),
    /// An answer that comes late.
    After(Duration),
    /// An acknowledgement that comes when the test opens the gate.
    Held(Gate),
    /// No answer: it ends the connection.
    Close,
    /// The first so many times no answer, then an acknowledgement.
    CloseFirst(usize),
}

/// Holds answers back until it is opened.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicBool>);

impl Gate {
    pub fn open(&self) {
        self.0.store(true, Relaxed);
    }

    fn wait(&self) {
        while !self.0.load(Relaxed) {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

#[derive(Clone, Debug)]
pub struct Seen {
    pub command: String,
    pub id: String,
    pub query: String,
    pub body: Value,
}

#[derive(Default)]
struct Shared {
    plans: Mutex<HashMap<String, Plan>>,
    seen: Mutex<Vec<Seen>>,
    faults: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

pub struct Backend {
    pub url: String,
    shared: Arc<Shared>,
}

impl Backend {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/hooks?own=1", listener.local_addr().expect("an address"));
        let shared: Arc<Shared> = Arc::default();
        let serving = shared.clone();
        // It ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *serving.connections.lock().expect("no panic") += 1;
                let serving = serving.clone();
                thread::spawn(move || serve(stream, &serving));
            }
        });
        Self { url, shared }
    }

    pub fn plan(&self, command: &str, plan: Plan) {
        self.shared.plans.lock().expect("no panic").insert(command.into(), plan);
    }

    pub fn decide(&self, command: &str, decision: Decision) {
        self.plan(command, Plan::Decide(decision));
    }

    pub fn reject(&self, command: &str, code: Option<i32>, info: &str) {
        self.decide(command, Decision::Reject { code, info: Some(info.into()) });
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("no panic").clone()
    }

    pub fn bodies(&self, command: &str) -> Vec<Value> {
        self.seen().into_iter().filter(|seen| seen.command == command).map(|seen| seen.body).collect()
    }

    pub fn commands(&self) -> Vec<String> {
        let mut commands: Vec<String> = self.seen().into_iter().map(|seen| seen.command).collect();
        commands.sort();
        commands
    }

    pub fn forget(&self) {
        self.shared.seen.lock().expect("no panic").clear();
    }

    pub fn faults(&self) -> Vec<String> {
        self.shared.faults.lock().expect("no panic").clone()
    }

    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().expect("no panic")
    }
}

/// One connection, request by request.
fn serve(stream: TcpStream, shared: &Shared) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut writer = stream;
    while let Some((head, body)) = read_request(&mut reader) {
        match answer(&head, &body, shared) {
            Some((status, answer)) => {
                let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n\r\n", answer.len());
                if writer.write_all(&[head.as_bytes(), &answer].concat()).is_err() {
                    return;
                }
            }
            None => return,
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<(Vec<String>, Vec<u8>)> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let length =
        head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn answer(head: &[String], body: &[u8], shared: &Shared) -> Option<(u16, Vec<u8>)> {
    let fault = |fault: String| shared.faults.lock().expect("no panic").push(fault);
    let target = head[0].strip_prefix("POST ").and_then(|rest| rest.strip_suffix(" HTTP/1.1"));
    let Some(target) = target.filter(|target| target.starts_with("/hooks?own=1&")) else {
        fault(format!("the request is {}", head[0]));
        return None;
    };
    if !head.iter().any(|line| line.eq_ignore_ascii_case("content-type: application/json")) {
        fault(format!("it does not say that it is JSON: {head:?}"));
    }
    let event = match receiver().read(target, body, now_s()) {
        Ok(event) => event,
        Err(error) => {
            fault(error.to_string());
            return Some((error.http_status.unwrap_or(500), b"{}".to_vec()));
        }
    };
    if let Err(wrong) = check_by_table(&event, body) {
        fault(format!("{}: {wrong}: {}", event.command, String::from_utf8_lossy(body)));
    }
    let query = target.split_once('?').expect("it was found above").1.to_owned();
    let body = serde_json::from_slice(body).expect("it was read");
    let mut seen = shared.seen.lock().expect("no panic");
    seen.push(Seen { command: event.command.clone(), id: event.id.clone(), query, body });
    let times = seen.iter().filter(|one| one.command == event.command).count();
    drop(seen);
    let plan = shared.plans.lock().expect("no panic").get(&event.command).cloned();
    let decision = match plan {
        Some(Plan::Decide(decision)) => decision,
        Some(Plan::Answer(status, body)) => return Some((status, body.into_bytes())),
        Some(Plan::After(time)) => {
            thread::sleep(time);
            Decision::Allow
        }
        Some(Plan::Held(gate)) => {
            gate.wait();
            Decision::Allow
        }
        Some(Plan::Close) => return None,
        Some(Plan::CloseFirst(most)) if times <= most => return None,
        Some(Plan::CloseFirst(_)) | None => Decision::Allow,
    };
    match event.answer(&decision) {
        Ok(answer) => Some((200, answer)),
        Err(error) => {
            fault(error.to_string());
            None
        }
    }
}

fn receiver() -> Receiver {
    let token = Some(vec![Redacted(TOKEN.into())]);
    Receiver::new(&WebhookSettings { sdk_app_id: APP, token, ..WebhookSettings::default() }).expect("good settings")
}

/// Holds a body that the emulator spells by hand against the webhook's table: both follow the same page.
fn check_by_table(event: &Event, body: &[u8]) -> Result<(), String> {
    let webhook = event.webhook.ok_or("the table does not have it")?;
    let mut sink = JsonSink::new(1 << 24);
    event.read_into(Style::Snake, &mut sink).map_err(|error| error.to_string())?;
    let read: Value = serde_json::from_slice(&sink.into_bytes()).map_err(|error| error.to_string())?;
    if let Some(field) = undeclared(&read) {
        return Err(format!("the table does not have {field}"));
    }
    let mut body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let fields = body.as_object_mut().ok_or("not an object")?;
    fields.remove("EventTime");
    let has_command = fields.remove("CallbackCommand").is_some();
    if !has_command && !webhook.is_list() && event.command != "ContentCallback.ResultNotify" {
        return Err("it has no CallbackCommand".into());
    }
    walk::served(webhook.body, body.to_string().as_bytes()).map(drop).map_err(|error| error.to_string())
}
