//! The calls that are served, one file a family: a table from the core's declaration to what the call does.
//!
//! To add a family: a file with `pub static CALLS`, and its line in [`FAMILIES`]; a new service name also wants its
//! line in [`SERVICES`].

mod account;
mod group;
mod message;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;
use tencent_im_core::Error;
use tencent_im_core::schema::Op;

use crate::answer::Answer;
use crate::config::Settings;
use crate::state::State;

/// The families.
static FAMILIES: &[&[Call]] = &[account::CALLS, message::CALLS, group::CALLS];

/// What the pages say about a service as a whole: codes that its calls share.
static SERVICES: &[Service] = &[
    // Its pages list 70402 and 70403 and nothing else for what the caller got wrong.
    Service { name: "im_open_login_svc", not_admin: 70403, bad_json: 70402, bad_field: 70402 },
    // 90001 is broken JSON by its page; the calls tell the faults of their lists apart by themselves.
    Service { name: "openim", not_admin: 90009, bad_json: 90001, bad_field: 90001 },
    // Its pages give 10004 for every bad argument and 10007 for every refusal.
    Service { name: "group_open_http_svc", not_admin: 10007, bad_json: 10004, bad_field: 10004 },
];

/// What holds where a service's pages say nothing: the codes common to all calls.
static COMMON: Service = Service { name: "", not_admin: 60010, bad_json: 60003, bad_field: 60003 };

/// One call.
pub struct Call {
    /// Its facts.
    pub op: &'static Op,
    /// What it does. The body has passed the table of the call and has snake_case names.
    pub run: fn(&mut Context<'_>, &Value) -> Answer,
    /// The code for a body that its table refuses, where it is not its service's.
    pub refuse: fn(&Value, &Error) -> Option<i64>,
}

/// [`Call::refuse`] of a call without codes of its own.
pub fn as_its_service(_: &Value, _: &Error) -> Option<i64> {
    None
}

/// What a call works with.
pub struct Context<'a> {
    /// The app's state.
    pub state: &'a mut State,
    /// How the app is set up.
    pub settings: &'a Settings,
    /// The time, in Unix seconds.
    pub now_s: u64,
}

impl Context<'_> {
    /// The code with which everything about a name fails, if it is to.
    pub fn failing(&self, user_id: &str) -> Option<i64> {
        self.settings.failing.get(user_id).copied()
    }
}

/// The codes of one service name.
pub struct Service {
    name: &'static str,
    /// The caller is not an admin.
    pub not_admin: i64,
    /// The body is not a JSON object.
    pub bad_json: i64,
    /// A field breaks its rules.
    pub bad_field: i64,
}

/// A call together with its service.
pub struct Route {
    /// Its place among all routes.
    pub index: usize,
    /// The call.
    pub call: &'static Call,
    /// Its service's codes.
    pub service: &'static Service,
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let calls = FAMILIES.iter().flat_map(|family| family.iter());
    calls.enumerate().map(|(index, call)| Route { index, call, service: service_of(call.op.path) }).collect()
});

static BY_PATH: LazyLock<HashMap<&'static str, &'static Route>> =
    LazyLock::new(|| ROUTES.iter().map(|route| (route.call.op.path, route)).collect());

fn service_of(path: &str) -> &'static Service {
    let name = path.split('/').nth(1).unwrap_or_default();
    SERVICES.iter().find(|service| service.name == name).unwrap_or(&COMMON)
}

/// All calls that are served.
pub fn routes() -> &'static [Route] {
    &ROUTES
}

/// Finds a call by the path of a request, such as `/v4/openim/querystate`.
pub fn find(path: &str) -> Option<&'static Route> {
    BY_PATH.get(path.strip_prefix('/')?).copied()
}

/// A text of a checked body; empty where there is none.
pub fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_default()
}

/// A list of a checked body; empty where there is none.
pub fn list<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    body[field].as_array().map_or(&[], Vec::as_slice)
}

/// A yes or no of a checked body, which may stand as 1, 0, `true` or `false`.
pub fn flag(body: &Value, field: &str) -> bool {
    body[field] == 1 || body[field] == true
}
