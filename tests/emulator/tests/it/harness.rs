//! An emulator to talk to, a client that sends what it is told, and a socket that sees how a connection ends.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tencent_im_core::SecretKey;
use tencent_im_core::api;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{JsonSink, walk};
use tencent_im_core::usersig::Signer;
use tencent_im_emulator::{App, Config, Emulator, Settings};

pub const APP: u32 = 1400000001;
pub const KEY: &str = "efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c";
pub const OTHER_APP: u32 = 1400000002;
pub const OTHER_KEY: &str = "0f0e0d0c0b0a09080706050403020100ffeeddccbbaa99887766554433221100";
pub const ADMIN: &str = "administrator";

pub const IMPORT: &str = "v4/im_open_login_svc/account_import";
pub const IMPORT_MANY: &str = "v4/im_open_login_svc/multiaccount_import";
pub const DELETE: &str = "v4/im_open_login_svc/account_delete";
pub const CHECK: &str = "v4/im_open_login_svc/account_check";
pub const KICK: &str = "v4/im_open_login_svc/kick";
pub const ONLINE: &str = "v4/openim/query_online_status";
pub const STATE: &str = "v4/openim/querystate";

/// All calls, each with a body that it takes.
pub fn all_calls() -> [(&'static str, Value); 7] {
    [
        (IMPORT, json!({"UserID": "a"})),
        (IMPORT_MANY, json!({"Accounts": ["a"]})),
        (DELETE, json!({"DeleteItem": [{"UserID": "a"}]})),
        (CHECK, json!({"CheckItem": [{"UserID": "a"}]})),
        (KICK, json!({"UserID": ADMIN})),
        (ONLINE, json!({"To_Account": [ADMIN]})),
        (STATE, json!({"To_Account": [ADMIN]})),
    ]
}

/// A running emulator and a client.
pub struct Server {
    pub url: String,
    agent: ureq::Agent,
    _emulator: Emulator,
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Longest wait for what must come: many times what a busy machine needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into()
}

pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

pub fn sign(app: u32, key: &str, user_id: &str, issued_at_s: u64, expire_s: u64) -> String {
    let key = SecretKey::new(key).expect("a good key");
    Signer::new(app, &key).expect("a good app").sign(user_id, issued_at_s, expire_s).expect("a good name")
}

/// A query line out of names and values.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let encode = |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    pairs.iter().map(encode).collect::<Vec<_>>().join("&")
}

/// The query line of a good call.
pub fn good_query() -> String {
    query_as(ADMIN)
}

pub fn query_as(user_id: &str) -> String {
    query_with(APP, user_id, &sign(APP, KEY, user_id, now_s(), 3600))
}

pub fn query_with(app: u32, identifier: &str, user_sig: &str) -> String {
    query(&[
        ("sdkappid", &app.to_string()),
        ("identifier", identifier),
        ("usersig", user_sig),
        ("random", "7"),
        ("contenttype", "json"),
    ])
}

impl Server {
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    pub fn with_settings(settings: Settings) -> Self {
        Self::with(|config| config.settings = settings)
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { apps: vec![App::new(APP, KEY), App::new(OTHER_APP, OTHER_KEY)], ..Config::default() };
        change(&mut config);
        let emulator = Emulator::start(config).expect("a free port");
        Self { url: emulator.url(), agent: agent(), _emulator: emulator }
    }

    /// Any request. The path has no leading slash.
    pub fn request(&self, method: &str, path_and_query: &str, body: &[u8]) -> Result<Reply, ureq::Error> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/{path_and_query}", self.url))
            .body(body)
            .expect("a good request");
        // The client's own rule is that some methods have no body; the emulator must take what comes.
        let request = self.agent.configure_request(request).allow_non_standard_methods(true).build();
        let mut response = self.agent.run(request)?;
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().into())).collect();
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_string()?;
        Ok(Reply { status, headers, body })
    }

    pub fn post(&self, path_and_query: &str, body: impl AsRef<[u8]>) -> Result<Reply, ureq::Error> {
        self.request("POST", path_and_query, body.as_ref())
    }

    /// The answer to a call of the service, whatever its code.
    #[track_caller]
    pub fn call_with(&self, path: &str, query: &str, body: impl AsRef<[u8]>) -> Value {
        let reply = self.post(&format!("{path}?{query}"), body).expect("an answer");
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer = reply.json();
        if answer["ErrorCode"] == 0 {
            check_by_table(path, &answer);
        }
        answer
    }

    /// A good call's answer.
    #[track_caller]
    pub fn call(&self, path: &str, body: Value) -> Value {
        self.call_with(path, &good_query(), body.to_string())
    }

    /// The code of a good call's answer.
    #[track_caller]
    pub fn code(&self, path: &str, body: Value) -> i64 {
        code(&self.call(path, body))
    }

    /// A good call whose connection is expected to fail, or its answer to be odd.
    pub fn try_call(&self, path: &str, body: Value) -> Result<Reply, ureq::Error> {
        self.post(&format!("{path}?{}", good_query()), body.to_string())
    }

    /// Asks the control plane.
    #[track_caller]
    pub fn get(&self, endpoint: &str) -> Value {
        let reply = self.request("GET", &format!("_emulator/{endpoint}"), b"").expect("an answer");
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }

    /// Tells the control plane.
    #[track_caller]
    pub fn set(&self, endpoint: &str, body: Value) -> Value {
        let reply = self.post(&format!("_emulator/{endpoint}"), body.to_string()).expect("an answer");
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }

    /// Tells the control plane something that it refuses; gives its reason.
    #[track_caller]
    pub fn refused(&self, endpoint: &str, body: Value) -> String {
        let reply = self.post(&format!("_emulator/{endpoint}"), body.to_string()).expect("an answer");
        assert_eq!(reply.status, 400, "{body}: {}", reply.body);
        reply.json()["error"].as_str().expect("a reason").to_owned()
    }

    /// Imports users.
    #[track_caller]
    pub fn import(&self, names: &[&str]) {
        assert_eq!(self.code(IMPORT_MANY, json!({"Accounts": names})), 0);
    }

    /// The first app's messages and groups.
    pub fn chat(&self) -> Value {
        self.get("state")["apps"][APP.to_string()]["chat"].clone()
    }

    /// How many messages are stored.
    pub fn messages(&self) -> usize {
        self.chat()["messages"].as_array().expect("a list").len()
    }

    /// The counters of one call.
    pub fn counted(&self, path: &str) -> Value {
        self.get("counters")["calls"][path].clone()
    }

    /// An account as the first app has it; null where there is none.
    pub fn account(&self, user_id: &str) -> Value {
        self.get("state")["apps"][APP.to_string()]["accounts"][user_id].clone()
    }

    /// Sends a good call over a socket of its own.
    pub fn send(&self, path: &str, body: &str) -> TcpStream {
        let host = self.url.strip_prefix("http://").expect("plain http");
        let mut socket = TcpStream::connect(host).expect("a connection");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let head =
            format!("POST /{path}?{} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n", good_query(), body.len());
        socket.write_all((head + body).as_bytes()).expect("a request");
        socket
    }

    /// Sends a good call over a socket of its own and reads until the connection ends.
    pub fn raw_call(&self, path: &str, body: &str) -> (Vec<u8>, io::Result<()>) {
        let mut answer = Vec::new();
        let end = self.send(path, body).read_to_end(&mut answer).map(drop);
        (answer, end)
    }
}

/// Waits for something that comes to be by itself.
#[track_caller]
pub fn wait_until(mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "it never came to be");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Holds an answer that the emulator spells by hand against the core's table of the reply: both follow the same page, so
/// a field that only one of them has, or has in another type, is wrong in one of them.
#[track_caller]
fn check_by_table(path: &str, answer: &Value) {
    let Some(op) = api::all().find(|op| op.path == path) else { return };
    let mut body = answer.clone();
    let fields = body.as_object_mut().expect("an object");
    for envelope in ["ActionStatus", "ErrorInfo", "ErrorCode", "ErrorDisplay"] {
        fields.remove(envelope);
    }
    let mut sink = JsonSink::new(1 << 24);
    walk::reply(op.reply, &body.to_string(), Style::Snake, &mut sink).expect("a reply");
    let read: Value = serde_json::from_slice(&sink.into_bytes()).expect("an object");
    // Declared fields have lower-case names now; what is not declared keeps its own.
    if let Some(field) = undeclared(&read) {
        panic!("{path}: the reply's table does not have {field}: {body}");
    }
    if let Err(error) = walk::served(op.reply, body.to_string().as_bytes()) {
        // A reply may leave out a list that would be empty, and say 0 for a time that there is none of.
        let error = error.to_string();
        let is_harmless = error.contains("pass a list") || error.contains(": 0: not a time");
        assert!(is_harmless, "{path}: the reply's table wants something else: {error}: {body}");
    }
}

/// A field that no table declares: it has kept its name of the wire.
pub fn undeclared(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let is_declared = !name.bytes().any(|byte| byte.is_ascii_uppercase());
            if is_declared { undeclared(value) } else { Some(name.clone()) }
        }),
        Value::Array(items) => items.iter().find_map(undeclared),
        _ => None,
    }
}

/// A message body of one text.
pub fn text(text: &str) -> Value {
    json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}])
}

/// The code of an answer.
#[track_caller]
pub fn code(answer: &Value) -> i64 {
    answer["ErrorCode"].as_i64().unwrap_or_else(|| panic!("no code: {answer}"))
}
