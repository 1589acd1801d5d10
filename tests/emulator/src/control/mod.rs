//! The control plane: what tests steer the emulator with. README.md of this crate describes each endpoint.
//!
//! It answers with real HTTP statuses, unlike the service: 400 and `{"error": …}` for a body that it does not take.
//! Handlers take the body even where they make nothing of it: one left unread would cost the client its connection.

mod clients;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::routing::{any, get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::families::{self, Route};
use crate::faults::{Faults, Raw, Rule};
use crate::signature::Signatures;
use crate::state::State;
use crate::webhooks;
use crate::world::{AppCell, World, lock};

/// What `GET /_emulator/` lists.
const ENDPOINTS: [(&str, &str); 15] = [
    ("GET /_emulator/", "this list, and the calls that are served"),
    ("GET /_emulator/state", "the accounts of each app, deleted and kicked names"),
    ("GET /_emulator/counters", "requests, codes, effects and faults by call; randoms; connections"),
    ("GET /_emulator/faults", "the fault rules and how often each fired"),
    ("POST /_emulator/faults", "new fault rules in place of the old ones: a list, or {rules, seed}"),
    ("POST /_emulator/online", "where users are logged in: {users: [{user_id, status | platforms}], sdk_app_id?}"),
    (
        "POST /_emulator/live",
        "who comes into a live group and who leaves: {group_id, join: [..], leave: [..], sdk_app_id?}",
    ),
    (
        "POST /_emulator/friends",
        "who asks whom to be a friend, or answers: {user_id, add: [..] | accept: [..], decline: [..], sdk_app_id?}",
    ),
    ("GET /_emulator/clock", "the emulator's time"),
    ("POST /_emulator/clock", "moves or stops it: {offset_s} | {now_s} | {advance_s}"),
    ("GET /_emulator/config", "the settings"),
    (
        "POST /_emulator/config",
        "changes some settings: account_quota, block_deleted, allow_deletion, rate_limits, rates, failing, allow_unknown_fields",
    ),
    ("POST /_emulator/keys", "the keys of an app in place of the old ones: {keys: [..], sdk_app_id?}"),
    ("POST /_emulator/counters", "sets the counters to zero: {}"),
    ("POST /_emulator/reset", "everything as it was at the start: {}"),
];

/// The world, as handlers get it.
type TheWorld = Shared<Arc<World>>;

/// The routes under `/_emulator/`.
pub fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_emulator", get(index))
        .route("/_emulator/", get(index))
        .route("/_emulator/state", get(state))
        .route("/_emulator/counters", get(counters).post(clear_counters))
        .route("/_emulator/faults", get(faults).post(set_faults))
        .route("/_emulator/online", post(clients::set_online))
        .route("/_emulator/live", post(clients::set_live))
        .route("/_emulator/friends", post(clients::set_friends))
        .route("/_emulator/clock", get(clock).post(set_clock))
        .route("/_emulator/config", get(config).post(set_config))
        .route("/_emulator/keys", post(set_keys))
        .route("/_emulator/reset", post(reset))
        .merge(webhooks::control::routes())
        .route("/_emulator/{*path}", any(nothing_here))
}

async fn index() -> Response<Body> {
    let endpoints: serde_json::Map<String, Value> = ENDPOINTS
        .iter()
        .chain(&webhooks::control::ENDPOINTS)
        .map(|(endpoint, about)| ((*endpoint).into(), (*about).into()))
        .collect();
    let (with_state, from_tables): (Vec<&Route>, Vec<&Route>) =
        families::routes().iter().partition(|route| route.call.is_some());
    let paths = |routes: Vec<&Route>| routes.iter().map(|route| route.op.path).collect::<Vec<_>>();
    done(json!({
        "endpoints": endpoints,
        "calls_with_state": paths(with_state),
        "calls_from_tables": paths(from_tables),
    }))
}

async fn nothing_here(_: Bytes) -> Response<Body> {
    respond(StatusCode::NOT_FOUND, &json!({"error": "GET /_emulator/ lists the endpoints"}))
}

async fn state(Shared(world): TheWorld) -> Response<Body> {
    let apps: serde_json::Map<String, Value> =
        world.apps().map(|(id, app)| (id.to_string(), show_state(&lock(&app.state)))).collect();
    done(json!({"apps": apps, "admins": world.config.admins}))
}

fn show_state(state: &State) -> Value {
    let accounts: serde_json::Map<String, Value> = state
        .accounts
        .iter()
        .map(|(user_id, account)| {
            let platforms: serde_json::Map<String, Value> = account
                .presence
                .platforms
                .iter()
                .map(|(platform, status)| (platform.clone(), status.as_str().into()))
                .collect();
            let shown = json!({
                "internal_id": account.internal_id,
                "nick": account.nick,
                "face_url": account.face_url,
                "is_admin": account.is_admin,
                "status": account.presence.status.as_str(),
                "platforms": platforms,
            });
            (user_id.clone(), shown)
        })
        .collect();
    json!({
        "accounts": accounts,
        "deleted_at": state.deleted,
        "kicked_at": state.kicked,
        "chat": state.show_chat(),
        "pushes": state.push.show(),
        "official_accounts": state.official_accounts.show(),
        "robots": state.robots.show(),
    })
}

async fn counters(Shared(world): TheWorld) -> Response<Body> {
    done(world.counters.show())
}

async fn clear_counters(Shared(world): TheWorld, _: Bytes) -> Response<Body> {
    world.counters.clear();
    done(json!({}))
}

async fn faults(Shared(world): TheWorld) -> Response<Body> {
    done(lock(&world.faults).show())
}

/// A bare list of rules stands for itself and seed 0.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeded {
    rules: Vec<Value>,
    #[serde(default)]
    seed: u64,
}

async fn set_faults(Shared(world): TheWorld, body: Bytes) -> Response<Body> {
    reply(read::<Value>(&body).and_then(|new| {
        let new = match new {
            Value::Array(rules) => Seeded { rules, seed: 0 },
            object => serde_json::from_value(object).map_err(|error| error.to_string())?,
        };
        let read_rule = |(at, rule): (usize, Value)| {
            let raw: Result<Raw, _> = serde_json::from_value(rule);
            raw.map_err(|error| error.to_string())
                .and_then(Rule::try_from)
                .map_err(|error| format!("rule {at}: {error}"))
        };
        let rules = new.rules.into_iter().enumerate().map(read_rule).collect::<Result<_, _>>()?;
        let faults = Faults::new(rules, new.seed);
        let shown = faults.show();
        *lock(&world.faults) = faults;
        Ok(shown)
    }))
}

async fn clock(Shared(world): TheWorld) -> Response<Body> {
    done(show_clock(&world))
}

fn show_clock(world: &World) -> Value {
    let now_ms = world.clock.now_ms();
    json!({
        "now_s": now_ms / 1000,
        "now_ms": now_ms,
        "offset_s": world.clock.offset_ms() as f64 / 1000.0,
        "is_stopped": world.clock.is_stopped(),
    })
}

/// Seconds, perhaps with a fraction.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewClock {
    offset_s: Option<f64>,
    now_s: Option<f64>,
    advance_s: Option<f64>,
}

async fn set_clock(Shared(world): TheWorld, body: Bytes) -> Response<Body> {
    reply(read::<NewClock>(&body).and_then(|new| {
        // The cast saturates, so a number out of all reason stays harmless.
        let ms = |seconds: f64| (seconds * 1000.0) as i64;
        match (new.offset_s, new.now_s, new.advance_s) {
            (Some(offset_s), None, None) => world.clock.run(ms(offset_s)),
            (None, Some(now_s), None) if now_s >= 0.0 => world.clock.stop_at(ms(now_s).unsigned_abs()),
            (None, None, Some(advance_s)) => world.clock.advance(ms(advance_s)),
            _ => return Err("give one of offset_s, now_s (not below 0), advance_s".into()),
        }
        Ok(show_clock(&world))
    }))
}

async fn config(Shared(world): TheWorld) -> Response<Body> {
    done(show_settings(&world))
}

fn show_settings(world: &World) -> Value {
    serde_json::to_value(&*world.settings()).unwrap_or_default()
}

/// Only what the body names changes; `null` takes a quota away.
async fn set_config(Shared(world): TheWorld, body: Bytes) -> Response<Body> {
    reply(read::<serde_json::Map<String, Value>>(&body).and_then(|changes| {
        let mut settings = show_settings(&world);
        for (name, value) in changes {
            settings[name] = value;
        }
        let settings: Settings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        if let Some(path) =
            settings.rates.keys().find(|path| !families::routes().iter().any(|route| route.op.path == **path))
        {
            return Err(format!("rates: no such call: {path}"));
        }
        world.set_settings(settings);
        Ok(show_settings(&world))
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKeys {
    sdk_app_id: Option<u32>,
    keys: Vec<String>,
}

async fn set_keys(Shared(world): TheWorld, body: Bytes) -> Response<Body> {
    reply(read::<NewKeys>(&body).and_then(|new| {
        let (id, app) = app(&world, new.sdk_app_id)?;
        if new.keys.is_empty() {
            return Err("keys is empty".into());
        }
        let signatures = Signatures::new(id, &new.keys).map_err(|error| error.to_string())?;
        *lock(&app.signatures) = signatures;
        Ok(json!({}))
    }))
}

async fn reset(Shared(world): TheWorld, _: Bytes) -> Response<Body> {
    world.reset();
    done(json!({}))
}

/// The app that is meant. Defaults to the first one that the emulator was started with.
pub fn app(world: &World, sdk_app_id: Option<u32>) -> Result<(u32, &AppCell), String> {
    let id = sdk_app_id.or(world.config.apps.first().map(|app| app.sdk_app_id)).unwrap_or_default();
    world.app(id).map(|app| (id, app)).ok_or_else(|| format!("no such app: {id}"))
}

/// Reads a body.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// What it comes to, or 400 and why.
pub fn reply(result: Result<Value, String>) -> Response<Body> {
    match result {
        Ok(value) => done(value),
        Err(error) => respond(StatusCode::BAD_REQUEST, &json!({"error": error})),
    }
}

/// 200 with a body.
pub fn done(value: Value) -> Response<Body> {
    respond(StatusCode::OK, &value)
}

fn respond(status: StatusCode, value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
