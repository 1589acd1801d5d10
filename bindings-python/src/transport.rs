//! HTTP: one pool of keep-alive connections a client, and how each failure is told to the core.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::redirect::Policy;
use reqwest::{Body, Client};
use tencent_im_core::endpoint::Endpoint;
use tencent_im_core::http::{Failure, FailureKind, Reply, Request};
use tencent_im_core::schema::walk::MAX_REPLY_BYTES;
use tencent_im_core::{Error, Kind, Result};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// Idle connections are closed before a server or load balancer on the way does it (60 s is usual): a request on a
/// connection that the other side is just closing would be lost.
const IDLE: Duration = Duration::from_secs(30);

/// Longest time for name look-up, connection and TLS together: leaves time to try the stand-by domain.
const CONNECT: Duration = Duration::from_secs(5);

/// Longest text of a failure's detail, in characters.
const MAX_DETAIL_CHARS: usize = 300;

/// What to know about the way to the service.
#[derive(Clone)]
pub struct Network {
    /// A proxy for every request; where there is none, the environment's.
    pub proxy: Option<reqwest::Proxy>,
    /// The only certificates to trust; where there are none, the system's.
    pub ca_certs: Option<Vec<reqwest::Certificate>>,
    /// Most connections open at the same time.
    pub max_connections: usize,
}

/// A client's connections.
pub struct Http {
    /// The process that made it.
    pid: u32,
    client: Client,
    places: Semaphore,
    closing: AtomicBool,
    close: Notify,
}

impl Http {
    /// Makes the pool; nothing is connected yet. Reads the system's certificates.
    pub fn new(network: &Network, endpoint: &Endpoint) -> Result<Self> {
        // Fails when there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("tencent-im-python/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .redirect(Policy::none())
            .tcp_nodelay(true)
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(network.max_connections)
            .pool_idle_timeout(IDLE);
        let address = endpoint.main();
        // A proxy from the environment cannot know this machine's loopback.
        let is_direct = network.proxy.is_none() && is_loopback(address);
        if let Some(proxy) = &network.proxy {
            builder = builder.proxy(proxy.clone());
        } else if is_direct {
            builder = builder.no_proxy();
        }
        if let Some(certificates) = &network.ca_certs {
            builder = builder.tls_certs_only(certificates.iter().cloned());
        } else if is_direct && address.starts_with("http://") {
            // No TLS anywhere: spares reading the system's certificates, which takes about ten milliseconds.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| {
            Error::new(Kind::Config, format!("the HTTPS client cannot be set up: {}", detail(error)))
                .at("ca_certs")
                .cure("install the system's CA certificates (package ca-certificates), or pass ca_certs")
        })?;
        Ok(Self {
            pid: std::process::id(),
            client,
            places: Semaphore::new(network.max_connections),
            closing: AtomicBool::new(false),
            close: Notify::new(),
        })
    }

    /// Ends all calls under way.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.close.notify_waiters();
    }

    /// Ends when the client is closed.
    pub async fn closed(&self) {
        let notified = self.close.notified();
        // A close before `notified` was made woke nobody.
        if !self.closing.load(Ordering::SeqCst) {
            notified.await;
        }
    }

    /// Waits for one of the connections, at most until then.
    pub async fn place(&self, until: Instant) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        tokio::time::timeout_at(until.into(), self.places.acquire()).await.ok()?.ok()
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: Request) -> Result<Reply, Failure> {
        let sending = Arc::new(AtomicBool::new(false));
        let timeout_ms = request.timeout_ms;
        let exchange = self.exchange(request, &sending);
        match tokio::time::timeout(Duration::from_millis(timeout_ms), exchange).await {
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
        let failure = |error: reqwest::Error| {
            let kind = if sending.load(Ordering::Acquire) { FailureKind::Lost } else { FailureKind::NotSent };
            Failure { kind, detail: detail(error) }
        };
        let mut builder = self
            .client
            .post(&request.url)
            .body(Body::wrap(Outgoing { bytes: Some(request.body.into()), sending: sending.clone() }));
        for (name, value) in request.headers {
            builder = builder.header(*name, *value);
        }
        let mut response = builder.send().await.map_err(failure)?;
        let too_large = || Failure { kind: FailureKind::TooLarge, detail: String::new() };
        let expected = response.content_length().unwrap_or(0);
        if expected > MAX_REPLY_BYTES as u64 {
            return Err(too_large());
        }
        let status = response.status().as_u16();
        let date = response.headers().get("date").and_then(|date| date.to_str().ok()).map(str::to_owned);
        let mut body = Vec::with_capacity(expected as usize);
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > MAX_REPLY_BYTES {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        if self.places.available_permits() == 0 {
            // Whoever gets this place next finds the connection in the pool rather than making another one.
            tokio::task::yield_now().await;
        }
        Ok(Reply { status, date, body })
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // In a forked child the workers are missing, their locks may be held for ever, and the sockets are the
        // parent's: one more reference, never let go of, keeps the pool from being taken down.
        if self.pid != std::process::id() {
            std::mem::forget(self.client.clone());
        }
    }
}

/// A request's body that notes when it is taken: hyper does so once a connection stands, together with the head.
/// That decides whether a call that failed may have taken effect, which no HTTP library tells.
struct Outgoing {
    bytes: Option<Bytes>,
    sending: Arc<AtomicBool>,
}

impl http_body::Body for Outgoing {
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

/// An HTTP error in words, from the general to the particular, without the URL: it holds a UserSig.
pub fn detail(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = String::new();
    let mut next: Option<&dyn StdError> = error.source();
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
    if text.is_empty() {
        text = error.to_string();
    }
    // No known error shows it; should one ever do so, no detail is better than a secret.
    if text.to_ascii_lowercase().contains("usersig") {
        return String::new();
    }
    text.chars().take(MAX_DETAIL_CHARS).collect()
}

fn is_loopback(address: &str) -> bool {
    reqwest::Url::parse(address).is_ok_and(|url| match url.host_str() {
        Some(host) => {
            let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
            host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback() {
        for yes in ["http://127.0.0.1:80", "http://localhost", "https://[::1]:9/x", "http://127.9.9.9"] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in ["http://10.0.0.1", "https://console.tim.qq.com", "http://localhost.example", "x"] {
            assert!(!is_loopback(no), "{no}");
        }
    }
}
