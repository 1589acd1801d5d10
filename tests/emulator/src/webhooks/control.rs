//! The endpoints under `/_emulator/webhooks`: where webhooks go, what was sent, and sending one now.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::delivery::Origin;
use super::post::{self, Reason};
use super::samples;
use super::target::{Commands, Late, Target, WebhookSettings};
use crate::connection::Connection;
use crate::control::{app, done, read, reply};
use crate::world::World;

/// What `GET /_emulator/` lists of them.
pub const ENDPOINTS: [(&str, &str); 5] = [
    ("GET /_emulator/webhooks", "where the webhooks of each app go, and which; the commands that there are"),
    (
        "POST /_emulator/webhooks",
        "sends an app's webhooks somewhere: {url, token?, commands?, before_timeout?, retries?, timeout_ms?, sdk_app_id?}; \
         {url: null} stops them",
    ),
    ("GET /_emulator/webhooks/log", "what was sent and answered, the newest last; how many wait"),
    ("POST /_emulator/webhooks/log", "empties the log: {}"),
    ("POST /_emulator/webhooks/fire", "sends one now and gives the answer: {command, body?, platform?, sdk_app_id?}"),
];

/// The routes.
pub fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_emulator/webhooks", get(show).post(set))
        .route("/_emulator/webhooks/log", get(log).post(clear_log))
        .route("/_emulator/webhooks/fire", post(fire))
}

async fn show(State(world): State<Arc<World>>) -> Response<Body> {
    let apps: serde_json::Map<String, Value> =
        world.apps().filter_map(|(id, app)| Some((id.to_string(), app.webhooks()?.show()))).collect();
    done(json!({"apps": apps, "commands": samples::commands().collect::<Vec<_>>()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTarget {
    sdk_app_id: Option<u32>,
    url: Option<String>,
    token: Option<String>,
    commands: Option<Value>,
    before_timeout: Option<String>,
    #[serde(default)]
    retries: bool,
    timeout_ms: Option<u64>,
}

impl NewTarget {
    fn into_target(self, any_host: bool) -> Result<Option<Target>, String> {
        let Some(url) = self.url else { return Ok(None) };
        let mut settings = WebhookSettings { token: self.token, retries: self.retries, ..WebhookSettings::new(url) };
        settings.commands = match &self.commands {
            None => Commands::All,
            Some(Value::String(all)) if all == "all" => Commands::All,
            Some(Value::Array(names)) if names.iter().all(Value::is_string) => {
                Commands::named(names.iter().filter_map(Value::as_str))?
            }
            Some(_) => return Err("commands: all, or a list of names".into()),
        };
        if let Some(late) = &self.before_timeout {
            settings.late = Late::parse(late)?;
        }
        if let Some(timeout_ms) = self.timeout_ms {
            settings.timeout_ms = timeout_ms;
        }
        Target::new(settings, any_host).map(Some)
    }
}

async fn set(State(world): State<Arc<World>>, body: Bytes) -> Response<Body> {
    reply(read::<NewTarget>(&body).and_then(|new| {
        let (_, app) = app(&world, new.sdk_app_id)?;
        let target = new.into_target(world.config.webhooks_to_any_host)?;
        let shown = target.as_ref().map_or_else(|| json!({}), Target::show);
        app.set_webhooks(target);
        Ok(shown)
    }))
}

async fn log(State(world): State<Arc<World>>) -> Response<Body> {
    done(world.post.show())
}

async fn clear_log(State(world): State<Arc<World>>, _: Bytes) -> Response<Body> {
    world.post.clear();
    done(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fired {
    sdk_app_id: Option<u32>,
    command: String,
    body: Option<Value>,
    platform: Option<String>,
}

/// Sends any webhook, switched on or not, with its sample or a body of one's own.
async fn fire(
    State(world): State<Arc<World>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    body: Bytes,
) -> Response<Body> {
    let prepared = read::<Fired>(&body).and_then(|fired| {
        let (sdk_app_id, app) = app(&world, fired.sdk_app_id)?;
        let (command, sample) =
            samples::find(&fired.command).ok_or_else(|| format!("command: no such webhook: {}", fired.command))?;
        let target = app.webhooks().ok_or("the app has no webhook URL: POST /_emulator/webhooks {url} sets it")?;
        let mut origin = Origin::rest(connection.peer());
        if let Some(platform) = fired.platform {
            origin.platform = platform.into();
        }
        let body = fired.body.unwrap_or_else(|| sample.clone());
        Ok((post::Route { sdk_app_id, target, origin }, command, body))
    });
    match prepared {
        Err(error) => reply(Err(error)),
        Ok((route, command, body)) => done(post::send(&world, &route, (command, &body), Reason::Fired, 1).await.entry),
    }
}
