//! Bodies that no server sends on purpose.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Bytes of one piece of an oversized body.
const PIECE: usize = 64 << 10;
const MIB: u64 = 1 << 20;

/// Half of a body under the Content-Length of the whole; then the connection ends.
pub struct Cut {
    half: Option<Bytes>,
    whole: u64,
    pause: Pin<Box<Sleep>>,
}

impl Cut {
    /// Cuts a body in the middle.
    pub fn new(body: Bytes) -> Self {
        let half = body.slice(..body.len() / 2);
        // The server writes out what it has only once the body makes it wait.
        Self { half: Some(half), whole: body.len() as u64, pause: Box::pin(sleep(Duration::from_millis(5))) }
    }
}

impl Body for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        self.pause.as_mut().poll(cx).map(|()| Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole)
    }
}

/// A success of so many MiB, made piece by piece.
pub struct Oversized {
    left: u64,
    has_begun: bool,
    is_chunked: bool,
    piece: Bytes,
}

const HEAD: &[u8] = br#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""#;
const TAIL: &[u8] = br#""}"#;

impl Oversized {
    /// Exactly so long; with Content-Length, or without when chunked.
    pub fn new(mib: u32, is_chunked: bool) -> Self {
        Self { left: u64::from(mib) * MIB, has_begun: false, is_chunked, piece: Bytes::from(vec![b'x'; PIECE]) }
    }

    fn next(&mut self) -> Option<Bytes> {
        let tail = TAIL.len() as u64;
        let piece = if self.left == 0 {
            return None;
        } else if !self.has_begun {
            self.has_begun = true;
            Bytes::from_static(HEAD)
        } else if self.left == tail {
            Bytes::from_static(TAIL)
        } else {
            let most = (self.left - tail).min(PIECE as u64);
            self.piece.slice(..most as usize)
        };
        self.left -= piece.len() as u64;
        Some(piece)
    }
}

impl Body for Oversized {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(self.next().map(|piece| Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.is_chunked { SizeHint::default() } else { SizeHint::with_exact(self.left) }
    }
}
