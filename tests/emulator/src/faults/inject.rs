//! Doing to a request what a rule says.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};

use super::body::{Cut, Oversized};
use super::{Kind, Rule};
use crate::answer::Answer;
use crate::connection::Connection;
use crate::service::{Received, response};
use crate::world::World;

/// Spoils a request. What the rule lets take effect takes effect at once, before any delay: a client that gives up
/// meanwhile cannot undo it, as with the real service.
pub async fn inject(world: &Arc<World>, rule: &Rule, request: &Received, connection: &Connection) -> Response<Body> {
    world.counters.faulted(request.route, rule.kind.name());
    let answer = if rule.applied { request.carry_out(world).await } else { Answer::ok() };
    tokio::time::sleep(Duration::from_millis(rule.delay_ms)).await;
    match &rule.kind {
        Kind::HttpStatus { status, headers, body } => {
            let mut response = text(world, "text/html", body);
            *response.status_mut() = *status;
            response.headers_mut().extend(headers.iter().cloned());
            response
        }
        Kind::NoAnswer { with_fin, .. } => {
            if *with_fin {
                connection.close();
            } else {
                connection.reset();
            }
            // Never written: the connection refuses.
            Response::new(Body::empty())
        }
        Kind::Delay => request.answer(world, answer),
        Kind::CutBody => response(world, Body::new(Cut::new(answer.into_body()))),
        Kind::EmptyBody => response(world, Body::empty()),
        Kind::OversizedBody { mib, is_chunked } => response(world, Body::new(Oversized::new(*mib, *is_chunked))),
        Kind::ErrorCode { code, info } => {
            let failure = match info {
                Some(info) => Answer::fail_with(*code, info.clone()),
                None => Answer::fail(*code),
            };
            request.answer(world, failure)
        }
        Kind::NotJson { body } => text(world, "text/html", body),
        Kind::Never => std::future::pending().await,
    }
}

fn text(world: &World, content_type: &'static str, body: &str) -> Response<Body> {
    let mut response = response(world, Body::from(body.to_owned()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
