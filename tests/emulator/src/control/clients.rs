//! What users do with a client SDK, which no call of the service does for them: they come and go, and so they do in live
//! groups. The app's backend is asked and told, as by the service.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TheWorld, app, read, reply};
use crate::connection::Connection;
use crate::state::groups::GroupKind;
use crate::state::{Presence, Status};
use crate::webhooks::exchange::Exchange;
use crate::webhooks::{Origin, events, post};
use crate::world::{World, lock};

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

/// What changed for a user, by platform; `Unknown` where none was named.
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
        return vec![("Unknown".into(), after.status)];
    }
    changes
}

/// Whether a user has lost the network, or has it again, as members of a live group get to see it. The service waits for
/// 20 seconds before it says so.
fn drop_out(before: &Presence, after: &Presence) -> Option<&'static str> {
    match (before.status, after.status) {
        (Status::Online, Status::PushOnline) => Some("Offline"),
        (Status::PushOnline, Status::Online) => Some("Online"),
        _ => None,
    }
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
        for (user, presence) in new.users.iter().zip(presences) {
            let mut exchange = Exchange::new(app.webhooks());
            if let Some(event_type) = drop_out(&state.account(&user.user_id).presence, &presence) {
                for group in
                    state.groups.all().into_iter().filter(|group| group.live.online.contains_key(&user.user_id))
                {
                    exchange.tell("Group.CallbackOnMemberStateChange", || {
                        events::groups::live_state(&group.id, event_type, &user.user_id)
                    });
                }
            }
            post::tell_all(&world, sdk_app_id, &Origin::rest(connection.peer()), &mut exchange);
            let known = &mut state.account(&user.user_id).presence;
            let changes = changes(known, &presence);
            *known = presence;
            for (platform, status) in changes {
                exchange
                    .tell("State.StateChange", || events::state::changed(&user.user_id, status, world.clock.now_ms()));
                // The one webhook that writes it so.
                let platform = if platform.eq_ignore_ascii_case("ios") { "IOS".into() } else { platform };
                let origin = Origin { ip: connection.peer(), platform: platform.into() };
                post::tell_all(&world, sdk_app_id, &origin, &mut exchange);
            }
        }
        Ok(json!({}))
    }))
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
    let origin = Origin { ip: connection.peer(), platform: "Unknown".into() };
    let new = match read::<NewLive>(&body) {
        Ok(new) => new,
        Err(error) => return reply(Err(error)),
    };
    let (sdk_app_id, target) = match app(&world, new.sdk_app_id) {
        Ok((id, app)) => (id, app.webhooks()),
        Err(error) => return reply(Err(error)),
    };
    let mut exchange = Exchange::new(target);
    loop {
        exchange.begin();
        let outcome = come_and_go(&world, sdk_app_id, &new, &mut exchange);
        if !exchange.is_open() {
            post::tell_all(&world, sdk_app_id, &origin, &mut exchange);
            return reply(outcome);
        }
        post::ask(&world, sdk_app_id, &origin, &mut exchange).await;
    }
}

/// All who come in are asked about first; one who is refused keeps everybody out.
fn come_and_go(world: &Arc<World>, sdk_app_id: u32, new: &NewLive, exchange: &mut Exchange) -> Result<Value, String> {
    let (_, app) = app(world, Some(sdk_app_id))?;
    let now_ms = world.clock.now_ms();
    let now_s = now_ms / 1000;
    let mut state = lock(&app.state);
    if let Some(user) = new.join.iter().find(|user| !state.accounts.contains_key(*user)) {
        return Err(format!("no such account: {user}"));
    }
    let group = state.groups.get_mut(&new.group_id).filter(|group| group.kind == GroupKind::AVChatRoom);
    let group = group.ok_or_else(|| format!("no such live group: {}", new.group_id))?;
    if let Some(user) = new.join.iter().find(|user| group.is_banned(user, now_s)) {
        return Err(format!("{user} is banned"));
    }
    let mut refusals = Vec::new();
    for user in &new.join {
        let verdict = exchange.question("Group.CallbackBeforeApplyJoinGroup", user, || {
            events::groups::before_join(&new.group_id, user, now_ms)
        });
        if let Some(Err(refusal)) = verdict.map(|verdict| verdict.pass()) {
            refusals.push(format!("{user} was refused with {}: {}", refusal.code, refusal.info));
        }
    }
    if exchange.is_open() || !refusals.is_empty() {
        return Err(refusals.join("; "));
    }
    for user in new.leave.iter().filter(|user| group.leave_live(user)) {
        exchange.tell("Group.CallbackAfterMemberExit", || events::groups::left(&new.group_id, user, now_ms));
    }
    for user in &new.join {
        if group.live.online.insert(user.clone(), now_s).is_none() {
            exchange.tell("Group.CallbackAfterNewMemberJoin", || events::groups::joined(&new.group_id, user, now_ms));
        }
    }
    Ok(json!({"online": group.live.online}))
}
