//! HTTP: one pool of keep-alive connections per client, and the kind of each failure.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use http_body::{Body, Frame, SizeHint};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use tencent_im_core::endpoint::Endpoint;
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::redact::redact;
use tencent_im_core::schema::walk::MAX_REPLY_BYTES;
use tencent_im_core::{Error, Kind, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::connect::{Connector, USER_AGENT, tls};
use crate::proxies::Proxies;

/// Idle connections are closed before a server or load balancer closes them (60 s is usual): a request sent while the
/// other side is closing the connection would be lost.
const IDLE: Duration = Duration::from_secs(30);

/// The network settings of a client.
pub struct Network {
    /// The proxy for all requests. Defaults to those of the environment.
    pub proxy: Option<Arc<Proxies>>,
    /// The CA certificates to trust. Defaults to the system's.
    pub ca_certs: Option<Arc<RootCertStore>>,
    /// Limit of open connections.
    pub max_connections: usize,
}

/// A client's connections.
pub struct Http {
    /// The process that it was made in.
    pid: u32,
    client: Client<Connector, Outgoing>,
    /// Headers of all requests, in addition to the core's.
    headers: HeaderMap,
    /// The proxies, if some requests need a login for theirs.
    logins: Option<Arc<Proxies>>,
    permits: Semaphore,
    /// When a request last began, in milliseconds since the client was made.
    began_ms: AtomicU64,
    made: Instant,
}

impl Http {
    /// Makes the pool without opening a connection. Reads the system's certificates if they are needed.
    pub fn new(network: &Network, endpoint: &Endpoint) -> Result<Self> {
        let mut addresses = vec![address("base_url", endpoint.main())?];
        if let Some(fallback) = endpoint.fallback() {
            addresses.push(address("fallback_url", fallback)?);
        }
        let proxies = match &network.proxy {
            Some(set) => set.clone(),
            None => Arc::new(Proxies::of_environment(&addresses)?),
        };
        let roots = match &network.ca_certs {
            // Reading the system's certificates takes about ten milliseconds.
            None if !addresses.iter().any(|to| proxies.need_tls(to)) => Some(Arc::new(RootCertStore::empty())),
            roots => roots.clone(),
        };
        let tls = tls(roots).map_err(|error| {
            Error::new(Kind::Config, format!("the HTTPS client cannot be set up: {}", redact(&detail(&error))))
                .at("ca_certs")
                .cure("install the system's CA certificates (package ca-certificates), or pass ca_certs")
        })?;
        Ok(Self {
            pid: std::process::id(),
            client: Client::builder(TokioExecutor::new())
                .timer(TokioTimer::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(network.max_connections)
                .build(Connector::new(tls, proxies.clone())),
            headers: HeaderMap::from_iter([
                (header::ACCEPT, HeaderValue::from_static("*/*")),
                (header::USER_AGENT, USER_AGENT),
            ]),
            logins: addresses.iter().any(|to| proxies.login(to).is_some()).then_some(proxies),
            permits: Semaphore::new(network.max_connections),
            began_ms: AtomicU64::new(0),
            made: Instant::now(),
        })
    }

    /// Takes one of the connections, if one is free.
    pub fn free_connection(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.try_acquire().ok()
    }

    /// Waits for one of the connections. Returns `None` if none is free in time.
    pub async fn connection(&self, until: Instant) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout_at(until.into(), self.permits.acquire()).await.ok()?.ok()
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: Request) -> Result<Reply, Failure> {
        let now_ms = self.made.elapsed().as_millis() as u64;
        if now_ms.saturating_sub(self.began_ms.swap(now_ms, Ordering::Relaxed)) > 1 {
            // The server may have closed idle connections and nobody has looked yet. In the first turn the worker looks
            // at the sockets, in the second the connections hear of it and leave the pool.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        }
        let sending = Arc::new(AtomicBool::new(false));
        let timeout_ms = request.timeout_ms;
        match tokio::time::timeout(Duration::from_millis(timeout_ms), self.exchange(request, &sending)).await {
            Ok(outcome) => outcome,
            Err(_) if sending.load(Ordering::Acquire) => {
                Err(Failure { kind: FailureKind::Timeout, detail: format!("waited {timeout_ms} ms") })
            }
            Err(_) => Err(Failure {
                kind: FailureKind::NotSent,
                detail: format!("connecting took longer than {timeout_ms} ms"),
            }),
        }
    }

    async fn exchange(&self, request: Request, sending: &Arc<AtomicBool>) -> Result<Reply, Failure> {
        let failure = |error: &dyn StdError| {
            let kind = if sending.load(Ordering::Acquire) { FailureKind::Lost } else { FailureKind::NotSent };
            Failure { kind, detail: detail(error) }
        };
        let mut message = http::Request::new(Outgoing { bytes: Some(request.body.into()), sending: sending.clone() });
        *message.method_mut() = Method::POST;
        *message.uri_mut() = Uri::from_maybe_shared(Bytes::from(request.url)).map_err(|error| failure(&error))?;
        *message.headers_mut() = self.headers.clone();
        if let Some(login) = self.logins.as_ref().and_then(|proxies| proxies.login(message.uri())) {
            message.headers_mut().insert(header::PROXY_AUTHORIZATION, login);
        }
        for (name, value) in request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| failure(&error))?;
            message.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let response = self.client.request(message).await.map_err(|error| failure(&error))?;
        let (head, mut rest) = response.into_parts();
        let too_large = || Failure { kind: FailureKind::TooLarge, detail: String::new() };
        let expected = rest.size_hint().exact().unwrap_or(0);
        if expected > MAX_REPLY_BYTES as u64 {
            return Err(too_large());
        }
        let status = head.status.as_u16();
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let date = header(header::DATE);
        let (retry_after, encoding) = (header(header::RETRY_AFTER), header(header::CONTENT_ENCODING));
        let mut body = Vec::with_capacity(expected as usize);
        while let Some(frame) = poll_fn(|context| Pin::new(&mut rest).poll_frame(context)).await {
            // Frames without data are trailers.
            let Ok(chunk) = frame.map_err(|error| failure(&error))?.into_data() else { continue };
            if body.len() + chunk.len() > MAX_REPLY_BYTES {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        if self.permits.available_permits() == 0 {
            // The next call finds this connection in the pool and does not open another one: 64 calls in flight over 8
            // connections take 5 % less CPU time.
            tokio::task::yield_now().await;
        }
        Ok(Reply { status, date, retry_after, encoding, body })
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // A forked child lacks the workers, their locks may be held forever, and the sockets are the parent's: a leaked
        // reference keeps the pool from being dropped.
        if self.pid != std::process::id() {
            std::mem::forget(self.client.clone());
        }
    }
}

/// A request's body that records when hyper takes it, which is when it writes the head to an open connection. This
/// decides whether a failed call may have taken effect, which no HTTP library reports.
struct Outgoing {
    bytes: Option<Bytes>,
    sending: Arc<AtomicBool>,
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let outgoing = self.get_mut();
        outgoing.sending.store(true, Ordering::Release);
        Poll::Ready(outgoing.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// The texts of an HTTP error and its sources. The core takes secrets out of them.
fn detail(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}

fn address(setting: &'static str, url: &str) -> Result<Uri> {
    url.parse().map_err(|error| {
        Error::new(Kind::Config, format!("the address cannot be used: {error}"))
            .at(setting)
            .cure("percent-encode characters that URLs cannot have, or leave them out")
    })
}
