//! The git protocol's HTTP, for the room that speaks git and knows no network.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use internflow_domain::{GitAnswer, GitRequest, GitWire};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::exchange::Incoming;
use crate::{Net, NetError};

/// Blocking requests for threads that are not the runtime's.
#[derive(Clone)]
pub struct Wire {
    net: Net,
    runtime: Handle,
    reason: Arc<str>,
    stop: CancellationToken,
}

impl Wire {
    /// `reason` is for the ledger: "history of asha/tracker". `stop` ends it, also while the network is
    /// silent. Call it on a thread of the runtime.
    pub fn new(net: Net, reason: &str, stop: CancellationToken) -> Self {
        Self { net, runtime: Handle::current(), reason: reason.into(), stop }
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
        let opened =
            self.runtime.block_on(self.stop.run_until_cancelled(self.net.open(request, &self.reason)));
        let incoming = opened.ok_or_else(stopped)?.map_err(to_io)?;
        let content_type = incoming.headers().get(http::header::CONTENT_TYPE);
        Ok(GitAnswer {
            content_type: content_type.and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned(),
            status: incoming.status().as_u16(),
            url: incoming.url().to_string(),
            body: Box::new(Body {
                incoming,
                piece: Bytes::new(),
                runtime: self.runtime.clone(),
                stop: self.stop.clone(),
            }),
        })
    }
}

struct Body {
    incoming: Incoming,
    piece: Bytes,
    runtime: Handle,
    stop: CancellationToken,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            let next = self.runtime.block_on(self.stop.run_until_cancelled(self.incoming.chunk()));
            match next.ok_or_else(stopped)?.map_err(to_io)? {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let n = self.piece.len().min(buffer.len());
        self.piece.copy_to_slice(&mut buffer[..n]);
        Ok(n)
    }
}

/// Not `Interrupted`, which readers take as "ask again".
fn stopped() -> io::Error {
    io::Error::other("stopped")
}

fn to_io(error: NetError) -> io::Error {
    let kind = match error {
        NetError::NoNetwork { .. } => io::ErrorKind::NotConnected,
        NetError::Broken { .. } => io::ErrorKind::ConnectionReset,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
