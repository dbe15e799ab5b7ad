//! A request and its answer: whole and in memory, or in pieces as they arrive.

use bytes::Bytes;
use reqwest::{Request, Response, Url};

use crate::address::{Reach, is_public, reach};
use crate::error::chain;
use crate::ledger::Open;
use crate::redirect::{Insecure, host, plain_local};
use crate::{Net, NetError, USER_AGENT};

/// An answer whose body is still arriving. The exchange is written to the ledger when it is dropped.
pub struct Incoming {
    response: Response,
    open: Open,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Incoming").field(&self.open.exchange).finish()
    }
}

impl Incoming {
    pub fn status(&self) -> http::StatusCode {
        self.response.status()
    }

    pub fn headers(&self) -> &http::HeaderMap {
        self.response.headers()
    }

    /// Where the answer came from, after redirects.
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// The next piece of the body, `None` at its end.
    ///
    /// # Errors
    /// [`NetError::Broken`] when the connection broke or fell silent.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetError> {
        let piece = self.response.chunk().await.map_err(|e| broken(self.response.url(), &e))?;
        self.open.exchange.bytes_received += piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Ok(piece)
    }
}

impl Net {
    /// Sends a request and returns when the answer's headers are there. Redirects of a GET are followed,
    /// to https only; any status is an answer. `reason` is for the ledger, in the user's words.
    ///
    /// # Errors
    /// [`NetError::Unencrypted`], [`NetError::InsecureRedirect`], [`NetError::NoNetwork`],
    /// [`NetError::Broken`].
    pub async fn open(&self, request: http::Request<Bytes>, reason: &str) -> Result<Incoming, NetError> {
        let request: Request = request.try_into().map_err(|e| NetError::Setup(chain(&e)))?;
        let url = request.url().clone();
        let agreed = self.plain_private && reach(&url) == Reach::PrivateNetwork;
        if url.scheme() != "https" && !plain_local(&url) && !agreed {
            return Err(NetError::Unencrypted { host: host(&url) });
        }
        let client = match (request.method() == http::Method::GET, reach(&url) == Reach::Elsewhere) {
            (true, true) => &self.api,
            (false, true) => &self.post,
            (true, false) => &self.near_api,
            (false, false) => &self.near_post,
        };
        self.send(client, request, reason).await
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        request: Request,
        reason: &str,
    ) -> Result<Incoming, NetError> {
        let url = request.url().clone();
        let mut open = Open::new(&self.ledger, host(&url), reason, request_bytes(&request));
        let response = client.execute(request).await.map_err(|e| failure(&url, &e))?;
        open.exchange.status = Some(response.status().as_u16());
        open.exchange.host = host(response.url());
        Ok(Incoming { response, open })
    }

    /// Asks a host that a stranger named: encrypted, and at an address of the internet, whatever its name says. A
    /// redirect is an answer. The answer is whole and unpacked, of at most `most` bytes.
    ///
    /// # Errors
    /// [`NetError::Unencrypted`], [`NetError::Inside`], [`NetError::NoNetwork`], [`NetError::Broken`],
    /// [`NetError::TooLarge`].
    pub async fn visit(
        &self,
        request: http::Request<Bytes>,
        reason: &str,
        most: usize,
    ) -> Result<http::Response<Bytes>, NetError> {
        let request: Request = request.try_into().map_err(|e| NetError::Setup(chain(&e)))?;
        let url = request.url();
        if url.scheme() != "https" {
            return Err(NetError::Unencrypted { host: host(url) });
        }
        // An address without a name is looked up by nobody.
        let literal = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(ip.into()),
            Some(url::Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        if literal.is_some_and(|ip| !is_public(ip)) || reach(url) != Reach::Elsewhere {
            return Err(NetError::Inside { host: host(url) });
        }
        let incoming = self.send(&self.far, request, reason).await?;
        whole(incoming, most).await
    }

    /// As [`Net::visit`], but at this machine and nowhere else: for boards that tests have there.
    ///
    /// # Errors
    /// [`NetError::Unencrypted`] for any other host, and those of [`Net::visit`].
    pub async fn visit_here(
        &self,
        request: http::Request<Bytes>,
        reason: &str,
        most: usize,
    ) -> Result<http::Response<Bytes>, NetError> {
        let request: Request = request.try_into().map_err(|e| NetError::Setup(chain(&e)))?;
        if !plain_local(request.url()) {
            return Err(NetError::Unencrypted { host: host(request.url()) });
        }
        let incoming = self.send(&self.near_post, request, reason).await?;
        whole(incoming, most).await
    }

    /// Sends a request and returns the whole answer, unpacked, of at most `most` bytes.
    ///
    /// # Errors
    /// Those of [`Net::open`], and [`NetError::TooLarge`].
    pub async fn exchange(
        &self,
        request: http::Request<Bytes>,
        reason: &str,
        most: usize,
    ) -> Result<http::Response<Bytes>, NetError> {
        whole(self.open(request, reason).await?, most).await
    }
}

async fn whole(mut incoming: Incoming, most: usize) -> Result<http::Response<Bytes>, NetError> {
    let mut body = Vec::new();
    while let Some(piece) = incoming.chunk().await? {
        if body.len() + piece.len() > most {
            return Err(NetError::TooLarge { host: host(incoming.url()), most: most as u64 });
        }
        body.extend_from_slice(&piece);
    }
    let mut response = http::Response::new(Bytes::from(body));
    *response.status_mut() = incoming.status();
    *response.headers_mut() = incoming.headers().clone();
    Ok(response)
}

fn failure(url: &Url, error: &reqwest::Error) -> NetError {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(Insecure(to)) = inner.downcast_ref() {
            return NetError::InsecureRedirect { host: host(url), to: to.clone() };
        }
        cause = inner.source();
    }
    if error.is_connect() {
        NetError::NoNetwork { host: host(url), cause: chain(error) }
    } else {
        broken(url, error)
    }
}

fn broken(url: &Url, error: &reqwest::Error) -> NetError {
    NetError::Broken { host: host(url), cause: chain(error) }
}

/// Bytes of a request as HTTP/1.1 writes it, body and the headers that the client adds included.
fn request_bytes(request: &Request) -> u64 {
    let line = request.method().as_str().len() + request.url().path().len() + "  HTTP/1.1\r\n\r\n".len();
    let set = request.headers().iter().map(|(key, value)| key.as_str().len() + value.len() + 4);
    let added = "host: \r\nuser-agent: \r\naccept-encoding: gzip\r\n".len()
        + host(request.url()).len()
        + USER_AGENT.len();
    let body = request.body().and_then(|body| body.as_bytes()).map_or(0, <[u8]>::len);
    (line + set.sum::<usize>() + added + body) as u64
}
