//! One request to the service: the checks that every call shares, in this order, then the call itself.
//!
//! The pages give the codes but no order among them. This one goes from the outside in: method, path, query, app,
//! UserSig, admin, body, rate. Everything is answered with HTTP 200, as the service does.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, header};
use serde_json::Value;
use tencent_im_core::schema::{Op, Rate, walk};
use tencent_im_core::{Error, Kind};

use crate::answer::{Answer, Envelope};
use crate::config::Settings;
use crate::connection::Connection;
use crate::families::from_table::{self, Unknown};
use crate::families::{self, Context, Route};
use crate::faults::inject::inject;
use crate::query::{self, Query};
use crate::webhooks::exchange::Exchange;
use crate::webhooks::{Origin, events, post};
use crate::world::{AppCell, World, lock};

/// Longest body read, in bytes. The pages state no limit; the largest documented request stays far below.
const MAX_BODY_BYTES: usize = 16 << 20;

/// Serves one request.
pub async fn serve(
    State(world): State<Arc<World>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let _entered = world.counters.requests.enter();
    if connection.is_first_call() {
        world.counters.calling_connections.fetch_add(1, Relaxed);
    }
    let (parts, body) = request.into_parts();
    let route = families::find(parts.uri.path());
    world.counters.request(route, parts.uri.query().and_then(query::random));
    // Read to its end even where a fault follows: unread bytes would turn every close into a reset.
    let body = read_whole(body).await;
    let fault = lock(&world.faults).pick(parts.uri.path(), route);
    let request = Received { parts, route, body, origin: Origin::rest(connection.peer()) };
    match fault {
        None => {
            let answer = request.carry_out(&world).await;
            request.answer(&world, answer)
        }
        Some(rule) => inject(&world, &rule, &request, &connection).await,
    }
}

/// Reads a body; none where it breaks off or is too long. The rest of one that is too long is read all the same,
/// since a client that is still writing would not get to see the answer.
pub async fn read_whole(mut body: Body) -> Option<Bytes> {
    let mut whole: Vec<u8> = Vec::new();
    let mut only = Bytes::new();
    let mut length = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(piece) = frame.ok()?.into_data() else { continue };
        length += piece.len();
        match length {
            // Nearly every body comes in one piece and need not be copied.
            _ if length == piece.len() => only = piece,
            ..=MAX_BODY_BYTES => {
                whole.extend_from_slice(&std::mem::take(&mut only));
                whole.extend_from_slice(&piece);
            }
            _ => whole = Vec::new(),
        }
    }
    (length <= MAX_BODY_BYTES).then(|| if whole.is_empty() { only } else { whole.into() })
}

/// A request that has come in whole.
pub struct Received {
    parts: Parts,
    body: Option<Bytes>,
    /// Its call, if there is one at its path.
    pub route: Option<&'static Route>,
    origin: Origin,
}

impl Received {
    /// Checks it and does what it asks for. A client that goes away meanwhile does not undo it.
    pub async fn carry_out(&self, world: &Arc<World>) -> Answer {
        let mut accepted = match self.accept(world) {
            Ok(accepted) => accepted,
            Err(refusal) => return finish(world, self.route, refusal),
        };
        if let Some(answer) = accepted.run(world, &self.origin) {
            return finish(world, self.route, answer);
        }
        let (world, origin) = (world.clone(), self.origin.clone());
        match tokio::spawn(accepted.go_on(world, origin)).await {
            Ok(answer) => answer,
            // Nobody cancels it.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Checks it, from the outside in.
    fn accept(&self, world: &Arc<World>) -> Result<Accepted, Answer> {
        let parts = &self.parts;
        if parts.method != Method::POST {
            // Of the codes for a request that is not understood this is the one not worth a repeat; 60008 is.
            return Err(Answer::fail_with(60002, "only POST is supported"));
        }
        let route = self.route.ok_or_else(|| Answer::fail(60009))?;
        let query = Query::read(parts.uri.query().unwrap_or_default())?;
        let app = world.app(query.sdk_app_id).ok_or_else(|| Answer::fail(70020))?;
        let now_ms = world.clock.now_ms();
        let now_s = now_ms / 1000;
        let issued_at_s = lock(&app.signatures).check(&query.identifier, &query.user_sig, now_s)?;
        let kicked_at_s = lock(&app.state).kicked.get(&*query.identifier).copied();
        if kicked_at_s.is_some_and(|kicked_at_s| i64::try_from(kicked_at_s).is_ok_and(|at| issued_at_s < at)) {
            return Err(Answer::fail(70052));
        }
        if !world.config.admins.iter().any(|admin| *admin == query.identifier) {
            return Err(Answer::fail(route.service.not_admin));
        }
        let settings = world.settings();
        let body = read_body(route, self.body.as_deref(), settings.allow_unknown_fields)?;
        let accepted = Accepted {
            route,
            sdk_app_id: query.sdk_app_id,
            caller: query.identifier.into_owned(),
            body,
            settings,
            now_ms,
            exchange: Exchange::new(app.webhooks()),
        };
        accepted.keep_rate(world, app, &self.origin)?;
        Ok(accepted)
    }

    /// Sends an answer to it.
    pub fn answer(&self, world: &World, answer: Answer) -> Response<Body> {
        world.counters.answered(self.route, answer.code);
        response(world, answer.into_body().into())
    }
}

/// Counts what came of a request.
fn finish(world: &World, route: Option<&Route>, mut answer: Answer) -> Answer {
    if let Some(route) = route
        && route.service.envelope != Envelope::Whole
    {
        answer.envelope = route.service.envelope;
    }
    world.counters.carried_out(route, &answer);
    answer
}

/// A call that has passed every check.
struct Accepted {
    route: &'static Route,
    sdk_app_id: u32,
    caller: String,
    body: Value,
    settings: Arc<Settings>,
    now_ms: u64,
    exchange: Exchange,
}

impl Accepted {
    /// Keeps the call's rate, where limits are on, and warns the app's backend of one that is near.
    fn keep_rate(&self, world: &Arc<World>, app: &AppCell, origin: &Origin) -> Result<(), Answer> {
        let (path, settings) = (self.route.op.path, &self.settings);
        let Some(rate) = rate_of(self.route.op, settings.rates.get(path)).filter(|_| settings.rate_limits) else {
            return Ok(());
        };
        let mut state = lock(&app.state);
        if rate.per_ms == 1000
            && let Some(requests) = state.buckets.count(path, rate.calls, self.now_ms)
        {
            let mut exchange = Exchange::new(app.webhooks());
            events::alerts::over_limit(&mut exchange, path, requests, rate.calls);
            post::tell_all(world, self.sdk_app_id, origin, &mut exchange);
        }
        let cost = rate.per_item.map_or(1, |field| items(self.route.op, field, &self.body));
        let is_free = state.buckets.take(path, rate, u32::try_from(cost).unwrap_or(u32::MAX), self.now_ms);
        if is_free { Ok(()) } else { Err(Answer::fail(60007)) }
    }

    /// Runs the call once. `None` where the app's backend must be asked first.
    fn run(&mut self, world: &Arc<World>, origin: &Origin) -> Option<Answer> {
        let now_s = self.now_ms / 1000;
        let Some(call) = self.route.call else { return Some(from_table::answer(self.route.op, &self.body, now_s)) };
        let Some(app) = world.app(self.sdk_app_id) else { return Some(Answer::fail(70020)) };
        self.exchange.begin();
        let mut state = lock(&app.state);
        let mut context = Context {
            state: &mut state,
            settings: &self.settings,
            caller: &self.caller,
            admins: &world.config.admins,
            now_s,
            now_ms: self.now_ms,
            exchange: &mut self.exchange,
        };
        let answer = (call.run)(&mut context, &self.body).unwrap_or_else(|refusal| refusal);
        if self.exchange.is_open() {
            return None;
        }
        post::tell_all(world, self.sdk_app_id, origin, &mut self.exchange);
        Some(answer)
    }

    /// Asks, and runs the call again, until nothing is open.
    async fn go_on(mut self, world: Arc<World>, origin: Origin) -> Answer {
        loop {
            post::ask(&world, self.sdk_app_id, &origin, &mut self.exchange).await;
            if let Some(answer) = self.run(&world, &origin) {
                return finish(&world, Some(self.route), answer);
            }
        }
    }
}

/// How many items a request's list has, by the list's name for callers.
fn items(op: &Op, list: &str, body: &Value) -> usize {
    let wire = (op.request)().fields.iter().find(|field| field.name == list).map(|field| field.wire);
    wire.and_then(|wire| body[wire].as_array()).map_or(1, Vec::len)
}

/// Reads the body and checks it by the call's table.
fn read_body(route: &Route, body: Option<&[u8]>, allow_unknown_fields: bool) -> Result<Value, Answer> {
    let Some(body) = body else {
        return Err(Answer::fail_with(60002, "the body could not be read to its end, or is longer than 16 MiB"));
    };
    let value: Value =
        serde_json::from_slice(body).map_err(|_| Answer::fail_with(route.service.bad_json, "the body is not JSON"))?;
    if !value.is_object() {
        return Err(Answer::fail_with(route.service.bad_json, "the body is not a JSON object"));
    }
    walk::served(route.op.request, body).map_err(|error| malformed(route, &value, &error))?;
    if allow_unknown_fields {
        return Ok(value);
    }
    match from_table::unknown(route.op.request, &value) {
        None => Ok(value),
        Some(Unknown::Field(path)) => Err(Answer::fail_with(route.service.bad_field, format!("{path}: unknown field"))),
        Some(Unknown::Value(path)) => Err(malformed(route, &value, &unknown_value(&path))),
    }
}

/// The answer to a body that its table refuses: with the code of the field or of the service, and the field's path.
fn malformed(route: &Route, body: &Value, error: &Error) -> Answer {
    let code = route.call.and_then(|call| (call.refuse)(body, error)).unwrap_or(route.service.bad_field);
    let info: Cow<'static, str> = match &error.path {
        Some(path) => format!("{path}: {}", error.message).into(),
        None => error.message.clone(),
    };
    Answer::fail_with(code, info)
}

fn unknown_value(path: &str) -> Error {
    Error::new(Kind::InvalidInput, "unknown value").at(path)
}

/// The documented rate, or the one set in its place.
fn rate_of(op: &Op, set: Option<&u32>) -> Option<Rate> {
    match set {
        Some(calls) => Some(Rate { calls: *calls, per_ms: 1000, gap_ms: 0, per_item: None }),
        None => op.rate,
    }
}

/// A response as the service sends it. A clock that was moved shows in the Date header, too.
pub fn response(world: &World, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    if world.clock.is_moved() {
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_millis(world.clock.now_ms());
        let date = HeaderValue::from_str(&httpdate::fmt_http_date(now)).expect("a date is printable");
        headers.insert(header::DATE, date);
    }
    response
}
