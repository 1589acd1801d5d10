//! Opens connections: directly or through a proxy, with TLS for https addresses.
//!
//! A connection is opened rarely and used for many requests, so nothing here has to be fast.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::{Scheme, Uri};
use http::{HeaderMap, HeaderValue, header};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{ConfigBuilderExt, DefaultServerNameResolver, HttpsConnector, ResolveServerName};
use hyper_util::client::legacy::connect::proxy::{SocksV4, SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Intercept;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tower_service::Service;

use crate::proxies::{Proxies, speaks_http};

/// Timeout of name lookup, connection, proxy and TLS together. Leaves time for the fallback host.
const CONNECT: Duration = Duration::from_secs(5);

/// The `User-Agent` for the service and for proxies.
pub const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("tencent-im-python/", env!("CARGO_PKG_VERSION")));

type Error = Box<dyn StdError + Send + Sync>;

/// Opens the connections of a client.
#[derive(Clone)]
pub struct Connector(Arc<Ways>);

struct Ways {
    tcp: HttpConnector,
    tls: Arc<ClientConfig>,
    proxies: Arc<Proxies>,
}

impl Connector {
    /// A connector with these rules for TLS and for proxies.
    pub fn new(tls: ClientConfig, proxies: Arc<Proxies>) -> Self {
        let mut tcp = HttpConnector::new();
        // https addresses pass here, too: TLS is added on top.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Divided among the addresses of a name.
        tcp.set_connect_timeout(Some(CONNECT));
        // Detects and closes connections whose other side is gone without a word.
        tcp.set_keepalive(Some(Duration::from_secs(15)));
        tcp.set_keepalive_interval(Some(Duration::from_secs(15)));
        tcp.set_keepalive_retries(Some(3));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(Duration::from_secs(30)));
        Self(Arc::new(Ways { tcp, tls: Arc::new(tls), proxies }))
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let ways = self.0.clone();
        Box::pin(async move {
            match tokio::time::timeout(CONNECT, ways.connect(to)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "operation timed out").into()),
            }
        })
    }
}

impl Ways {
    async fn connect(&self, to: Uri) -> Result<Stream, Error> {
        let Some(proxy) = self.proxies.on_the_way(&to) else {
            return Ok(Stream::new(self.over(self.tcp.clone()).call(to).await?));
        };
        if !speaks_http(proxy) {
            return self.through_socks(proxy, to).await;
        }
        let mut to_proxy = self.over(self.tcp.clone());
        if to.scheme() == Some(&Scheme::HTTPS) {
            let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy)
                .with_headers(HeaderMap::from_iter([(header::USER_AGENT, USER_AGENT)]));
            if let Some(login) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(login.clone());
            }
            return Ok(Stream::new(self.over(tunnel).call(to).await?));
        }
        Ok(Stream { takes_whole_urls: true, ..Stream::new(to_proxy.call(proxy.uri().clone()).await?) })
    }

    /// Adds TLS for https addresses to the connections of another connector.
    fn over<T>(&self, inner: T) -> HttpsConnector<T> {
        HttpsConnector::from((inner, self.tls.clone()))
    }

    async fn through_socks(&self, proxy: &Intercept, to: Uri) -> Result<Stream, Error> {
        let host = to.host().ok_or("the address has no host")?;
        let port = to.port_u16().unwrap_or(if to.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 });
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        let authority = match scheme {
            // With these two, this machine looks up the name.
            "socks4" | "socks5" => tokio::net::lookup_host((host.trim_matches(['[', ']']), port))
                .await?
                .find(|address| address.is_ipv4() || scheme == "socks5")
                .ok_or("the name has no address that the proxy can take")?
                .to_string(),
            _ => format!("{host}:{port}"),
        };
        let target = with_authority(&to, authority)?;
        let proxy_at = match (proxy.uri().port(), proxy.uri().host()) {
            (None, Some(host)) => with_authority(proxy.uri(), format!("{host}:1080"))?,
            _ => proxy.uri().clone(),
        };
        // The certificate must be for the name, whatever its address.
        let name = Arc::new(move |_: &Uri| DefaultServerNameResolver::default().resolve(&to));
        if scheme.starts_with("socks4") {
            let socks = SocksV4::new(proxy_at, self.tcp.clone());
            return Ok(Stream::new(HttpsConnector::new(socks, self.tls.clone(), false, name).call(target).await?));
        }
        let mut socks = SocksV5::new(proxy_at, self.tcp.clone());
        if let Some((user, password)) = proxy.raw_auth() {
            socks = socks.with_auth(user.into(), password.into());
        }
        Ok(Stream::new(HttpsConnector::new(socks, self.tls.clone(), false, name).call(target).await?))
    }
}

fn with_authority(address: &Uri, authority: String) -> Result<Uri, http::Error> {
    let scheme = address.scheme_str().unwrap_or_default();
    Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build()
}

/// A connection under its wrappers.
trait Io: Read + Write + Connection + Send + Unpin {}

impl<T: Read + Write + Connection + Send + Unpin> Io for T {}

/// A connection of any kind.
pub struct Stream {
    io: Box<dyn Io>,
    /// Whether the other end is a proxy that reads the requests and needs the whole URL in them.
    takes_whole_urls: bool,
}

impl Stream {
    fn new(io: impl Io + 'static) -> Self {
        Self { io: Box::new(io), takes_whole_urls: false }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.takes_whole_urls)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }
}

/// The rules of TLS: HTTP/1.1 inside, and these certificates to trust, where there are none given the system's, which
/// are read now.
pub fn tls(roots: Option<Arc<RootCertStore>>) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match roots {
        Some(roots) => builder.with_root_certificates(roots),
        None => builder.try_with_platform_verifier()?,
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
