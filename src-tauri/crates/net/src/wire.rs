//! The git protocol's HTTP, for the room that speaks git and knows no network.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use internflow_domain::{GitAnswer, GitRequest, GitWire};
use tokio::runtime::Handle;

use crate::exchange::Incoming;
use crate::{Net, NetError};

/// Blocking requests for threads that are not the runtime's.
#[derive(Clone)]
pub struct Wire {
    net: Net,
    runtime: Handle,
    reason: Arc<str>,
}

impl Wire {
    /// `reason` is for the ledger: "history of asha/tracker". Call it on a thread of the runtime.
    pub fn new(net: Net, reason: &str) -> Self {
        Self { net, runtime: Handle::current(), reason: reason.into() }
    }
}

impl GitWire for Wire {
    fn send(&self, request: GitRequest) -> io::Result<GitAnswer> {
        let method = if request.body.is_some() { http::Method::POST } else { http::Method::GET };
        let mut builder = http::Request::builder().method(method).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let body = Bytes::from(request.body.unwrap_or_default());
        let request = builder.body(body).map_err(io::Error::other)?;
        let incoming = self.runtime.block_on(self.net.open(request, &self.reason)).map_err(to_io)?;
        let content_type = incoming.headers().get(http::header::CONTENT_TYPE);
        Ok(GitAnswer {
            content_type: content_type.and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned(),
            status: incoming.status().as_u16(),
            url: incoming.url().to_string(),
            body: Box::new(Body { incoming, piece: Bytes::new(), runtime: self.runtime.clone() }),
        })
    }
}

struct Body {
    incoming: Incoming,
    piece: Bytes,
    runtime: Handle,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.runtime.block_on(self.incoming.chunk()).map_err(to_io)? {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let n = self.piece.len().min(buffer.len());
        self.piece.copy_to_slice(&mut buffer[..n]);
        Ok(n)
    }
}

fn to_io(error: NetError) -> io::Error {
    let kind = match error {
        NetError::NoNetwork { .. } => io::ErrorKind::NotConnected,
        NetError::Broken { .. } => io::ErrorKind::ConnectionReset,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
