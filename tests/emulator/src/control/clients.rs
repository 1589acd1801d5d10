//! What users do with a client SDK, which no call of the service does for them: they come and go, also in live groups, ask
//! others to be friends, and answer. The app's backend is asked and told, as by the service.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TheWorld, app, read, reply};
use crate::answer::Answer;
use crate::connection::Connection;
use crate::families::{Context, friends};
use crate::state::groups::GroupKind;
use crate::state::{Presence, State, Status};
use crate::webhooks::exchange::{Exchange, waiting};
use crate::webhooks::{Origin, events, post};
use crate::world::{World, lock};

/// Where something comes from if nobody says so.
const UNKNOWN: &str = "Unknown";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOnline {
    sdk_app_id: Option<u32>,
    users: Vec<UserOnline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOnline {
    user_id: String,
    status: Option<Status>,
    #[serde(default)]
    platforms: BTreeMap<String, Status>,
}

/// A user is Online where any one device is, by the page of the call.
fn presence(user: &UserOnline) -> Result<Presence, String> {
    let best = [Status::Online, Status::PushOnline, Status::Offline]
        .into_iter()
        .find(|status| user.platforms.values().any(|platform| platform == status));
    let status = match (user.status, best) {
        (Some(_), Some(_)) => return Err(format!("{}: give either status or platforms", user.user_id)),
        (None, None) => return Err(format!("{}: give status or platforms", user.user_id)),
        (given, best) => given.or(best).unwrap_or_default(),
    };
    let platforms = user.platforms.iter().map(|(platform, status)| (platform.clone(), *status)).collect();
    Ok(Presence { status, platforms })
}

/// What changed for a user, by platform.
fn changes(before: &Presence, after: &Presence) -> Vec<(String, Status)> {
    let of = |presence: &Presence, platform: &str| {
        presence.platforms.iter().find(|(name, _)| name == platform).map_or(Status::Offline, |(_, status)| *status)
    };
    let mut names: Vec<&String> = before.platforms.iter().chain(&after.platforms).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let by_platform = names.into_iter().filter(|name| of(before, name) != of(after, name));
    let changes: Vec<(String, Status)> = by_platform.map(|name| (name.clone(), of(after, name))).collect();
    if changes.is_empty() && before.status != after.status {
        return vec![(UNKNOWN.into(), after.status)];
    }
    changes
}

/// What a webhook tells: where it comes from, its command, its body.
type Told = (String, &'static str, Value);

/// What the app's backend is told of a user who comes or goes. Members of live groups who lose the network, or have it
/// again, are told of at once; the service waits for 20 seconds.
fn told(state: &State, user: &str, before: &Presence, after: &Presence, now_ms: u64) -> Vec<Told> {
    let state_changes = changes(before, after).into_iter().map(|(platform, status)| {
        // The one webhook that writes it so.
        let platform = if platform.eq_ignore_ascii_case("ios") { "IOS".into() } else { platform };
        (platform, "State.StateChange", events::state::changed(user, status, now_ms))
    });
    let event_type = match (before.status, after.status) {
        (Status::Online, Status::PushOnline) => Some("Offline"),
        (Status::PushOnline, Status::Online) => Some("Online"),
        _ => None,
    };
    let live_groups = state.groups.all().into_iter().filter(|group| group.live.online.contains_key(user));
    let in_groups = event_type.into_iter().flat_map(|event_type| {
        live_groups.clone().map(move |group| {
            let body = events::groups::live_state(&group.id, event_type, user);
            (UNKNOWN.to_owned(), "Group.CallbackOnMemberStateChange", body)
        })
    });
    state_changes.chain(in_groups).collect()
}

pub(super) async fn set_online(
    Shared(world): TheWorld,
    ConnectInfo(connection): ConnectInfo<Connection>,
    body: Bytes,
) -> Response<Body> {
    reply(read::<NewOnline>(&body).and_then(|new| {
        let (sdk_app_id, app) = app(&world, new.sdk_app_id)?;
        let presences = new.users.iter().map(presence).collect::<Result<Vec<_>, _>>()?;
        let mut state = lock(&app.state);
        if let Some(user) = new.users.iter().find(|user| !state.accounts.contains_key(&user.user_id)) {
            return Err(format!("no such account: {}", user.user_id));
        }
        let mut exchange = Exchange::new(app.webhooks());
        for (UserOnline { user_id, .. }, after) in new.users.iter().zip(presences) {
            let before = std::mem::replace(&mut state.account(user_id).presence, after.clone());
            for (platform, command, body) in told(&state, user_id, &before, &after, world.clock.now_ms()) {
                exchange.tell(command, || body);
                let origin = Origin { ip: connection.peer(), platform: platform.into() };
                post::tell_all(&world, sdk_app_id, &origin, &mut exchange);
            }
        }
        Ok(json!({}))
    }))
}

/// Acts as a user, as often as it takes until the app's backend has answered every question.
async fn act(
    world: &Arc<World>,
    connection: &Connection,
    sdk_app_id: Option<u32>,
    user: &str,
    act: impl Fn(&mut Context<'_>) -> Result<Value, Answer>,
) -> Result<Value, String> {
    let origin = Origin { ip: connection.peer(), platform: UNKNOWN.into() };
    let (sdk_app_id, app) = app(world, sdk_app_id)?;
    let (settings, now_ms) = (world.settings(), world.clock.now_ms());
    let mut exchange = Exchange::new(app.webhooks());
    loop {
        exchange.begin();
        let outcome = act(&mut Context {
            state: &mut lock(&app.state),
            settings: &settings,
            caller: user,
            admins: &world.config.admins,
            now_s: now_ms / 1000,
            now_ms,
            exchange: &mut exchange,
        });
        if !exchange.is_open() {
            post::tell_all(world, sdk_app_id, &origin, &mut exchange);
            return outcome.map_err(|refusal| match refusal.code {
                0 => refusal.info.into_owned(),
                code => format!("{code} {}", refusal.info),
            });
        }
        post::ask(world, sdk_app_id, &origin, &mut exchange).await;
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLive {
    sdk_app_id: Option<u32>,
    group_id: String,
    #[serde(default)]
    join: Vec<String>,
    #[serde(default)]
    leave: Vec<String>,
}

pub(super) async fn set_live(
    Shared(world): TheWorld,
    ConnectInfo(connection): ConnectInfo<Connection>,
    body: Bytes,
) -> Response<Body> {
    let new = match read::<NewLive>(&body) {
        Ok(new) => new,
        Err(error) => return reply(Err(error)),
    };
    // Each user acts on their own behalf, so there is no caller.
    let outcome = act(&world, &connection, new.sdk_app_id, "", |context| join_and_leave(context, &new)).await;
    reply(outcome)
}

/// What only the control plane refuses, without a code of the service.
fn no(info: String) -> Answer {
    Answer::fail_with(0, info)
}

/// All who come in are asked about first; one who is refused keeps everybody out.
fn join_and_leave(context: &mut Context<'_>, new: &NewLive) -> Result<Value, Answer> {
    let (id, now_s) = (&new.group_id, context.now_s);
    if let Some(user) = new.join.iter().find(|user| !context.state.accounts.contains_key(*user)) {
        return Err(no(format!("no such account: {user}")));
    }
    let group = context.state.groups.get(id).filter(|group| group.kind == GroupKind::AVChatRoom);
    let group = group.ok_or_else(|| no(format!("no such live group: {id}")))?;
    if let Some(user) = new.join.iter().find(|user| group.is_banned(user, now_s)) {
        return Err(no(format!("{user} is banned")));
    }
    // All are asked about before a missing answer ends the run.
    let verdicts: Vec<_> = new.join.iter().map(|user| events::groups::before_join(context, id, user)).collect();
    for verdict in verdicts.into_iter().collect::<Option<Vec<_>>>().ok_or_else(waiting)? {
        verdict.pass()?;
    }
    for user in &new.leave {
        if context.state.groups.get_mut(id).is_some_and(|group| group.leave_live(user)) {
            events::groups::left(context, id, user);
        }
    }
    for user in &new.join {
        let group = context.state.groups.get_mut(id);
        if group.is_some_and(|group| group.live.online.insert(user.clone(), now_s).is_none()) {
            events::groups::joined(context, id, user);
        }
    }
    Ok(json!({"online": context.state.groups.get(id).map(|group| &group.live.online)}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FriendRequest {
    sdk_app_id: Option<u32>,
    user_id: String,
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    decline: Vec<String>,
}

/// The results of all, or the first failure of the request as a whole; then nothing has changed.
pub(super) async fn set_friends(
    Shared(world): TheWorld,
    ConnectInfo(connection): ConnectInfo<Connection>,
    body: Bytes,
) -> Response<Body> {
    let new = match read::<FriendRequest>(&body) {
        Ok(new) if new.add.is_empty() == (new.accept.is_empty() && new.decline.is_empty()) => {
            return reply(Err("give either add, or accept and decline".into()));
        }
        Ok(new) => new,
        Err(error) => return reply(Err(error)),
    };
    let user = &new.user_id;
    let outcome = act(&world, &connection, new.sdk_app_id, user, |context| {
        let results = match new.add.is_empty() {
            false => friends::requests::send(context, user, &new.add)?,
            true => friends::requests::respond(context, user, &new.accept, &new.decline)?,
        };
        Ok(json!({"results": results}))
    });
    reply(outcome.await)
}
