//! Connections: accepted with TCP_NODELAY, counted, and broken on demand.
//!
//! A fault marks the connection; the next write then fails, the server drops the socket without a byte of the answer,
//! and the kernel sends what the fault asked for: RST, or FIN for a plain close.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::world::World;

const ALIVE: u8 = 0;
const RESET: u8 = 1;
const CLOSE: u8 = 2;

/// A connection as a request sees it.
#[derive(Clone, Debug)]
pub struct Connection(Arc<Mark>);

#[derive(Debug)]
struct Mark {
    peer: IpAddr,
    end: AtomicU8,
    has_called: AtomicBool,
}

impl Mark {
    fn new(peer: IpAddr) -> Self {
        Self { peer, end: AtomicU8::new(ALIVE), has_called: AtomicBool::new(false) }
    }
}

impl Connection {
    /// Ends it with a TCP reset instead of an answer.
    pub fn reset(&self) {
        self.0.end.store(RESET, Relaxed);
    }

    /// Closes it instead of answering.
    pub fn close(&self) {
        self.0.end.store(CLOSE, Relaxed);
    }

    /// The address of the client.
    pub fn peer(&self) -> IpAddr {
        self.0.peer
    }

    /// Notes a call; true for the first one.
    pub fn is_first_call(&self) -> bool {
        !self.0.has_called.swap(true, Relaxed)
    }
}

impl Connected<IncomingStream<'_, Connections>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        Self(stream.io().mark.clone())
    }
}

/// The listener.
pub struct Connections {
    listener: TcpListener,
    world: Arc<World>,
}

impl Connections {
    /// Over a bound socket.
    pub fn new(listener: TcpListener, world: Arc<World>) -> Self {
        Self { listener, world }
    }
}

impl Listener for Connections {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((tcp, address)) => {
                    // Refused only for a socket that is dead already, which the first read will tell.
                    let _ = tcp.set_nodelay(true);
                    self.world.counters.connections.add();
                    return (
                        Stream { tcp, mark: Arc::new(Mark::new(address.ip())), world: self.world.clone() },
                        address,
                    );
                }
                // Out of file descriptors, or the client gave up while waiting: try again, but do not spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A TCP stream that can be told to break.
pub struct Stream {
    tcp: TcpStream,
    mark: Arc<Mark>,
    world: Arc<World>,
}

impl Stream {
    fn check(&self) -> io::Result<()> {
        match self.mark.end.load(Relaxed) {
            ALIVE => return Ok(()),
            // With a linger time of zero the kernel drops what is unsent and sends RST on close.
            RESET => self.tcp.set_zero_linger()?,
            _ => {}
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.world.counters.connections.remove();
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{App, Config};

    /// Nothing that a client sees is slow without it today: the server writes an answer in one piece.
    #[test]
    fn accepted_connections_send_at_once() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(check());
    }

    async fn check() {
        let config = Config { apps: vec![App::new(1, "key")], ..Config::default() };
        let world = Arc::new(World::new(config).expect("a good configuration"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let _client = TcpStream::connect(address).await.expect("a connection");
        let (stream, _) = Connections::new(listener, world).accept().await;
        assert!(stream.tcp.nodelay().expect("the option can be read"));
    }
}
