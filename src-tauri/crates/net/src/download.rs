//! One file from one address, whole or not at all.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Request, Response, StatusCode, Url};
use sha2::{Digest, Sha256};

use crate::error::chain;
use crate::ledger::Open;
use crate::part::{Part, hash_prefix, hex};
use crate::redirect::{Insecure, host, plain_local};
use crate::{Net, NetError, USER_AGENT, disk};

/// Progress that starts the count of vain attempts again. Less would let a host that gives one byte
/// per connection keep us busy for ever.
const PROGRESS: u64 = 1 << 20;

/// A file to fetch, with what its bytes must be.
#[derive(Debug, Clone, Copy)]
pub struct Download<'a> {
    /// https, or http on this machine.
    pub url: &'a str,
    /// Why, for the ledger, in the user's words.
    pub reason: &'a str,
    /// Where the file goes. Until it is whole it is `NAME.part` beside.
    pub target: &'a Path,
    /// Size of the whole file.
    pub bytes: u64,
    /// sha256 of the whole file, 64 lower-case hexadecimal digits.
    pub sha256: &'a str,
}

/// Why an attempt ended without the file.
enum Fault {
    /// Trying again would not help.
    Final(NetError),
    /// The connection was never made.
    Unreachable { host: String, cause: String },
    /// It may go better next time.
    Passing { host: String, cause: String, status: Option<u16> },
}

impl From<NetError> for Fault {
    fn from(error: NetError) -> Self {
        Self::Final(error)
    }
}

impl Net {
    /// Fetches a file, continuing an earlier part. `progress` receives bytes here and bytes in all,
    /// after every piece that arrives: slow it down where that costs. Dropping the future stops the
    /// download and keeps the part.
    ///
    /// # Errors
    /// Every [`NetError`] but `Setup`, `Wheel` and `NoSource`. A file whose checksum differs is removed.
    pub async fn download(
        &self,
        wanted: &Download<'_>,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<(), NetError> {
        let url = Url::parse(wanted.url).map_err(|e| NetError::Setup(format!("{}: {e}", wanted.url)))?;
        if url.scheme() != "https" && !plain_local(&url) {
            return Err(NetError::InsecureRedirect { host: host(&url), to: wanted.url.to_owned() });
        }
        let part = Part::of(wanted.target);
        let mut began_with = part.len();
        loop {
            let found = hex(self.fetch(wanted, &url, &part, progress).await?);
            if found == wanted.sha256 {
                return on_disk(move || part.finish()).await;
            }
            part.discard()?;
            if began_with == 0 {
                let file = name(wanted.target);
                return Err(NetError::Checksum { file, expected: wanted.sha256.to_owned(), found });
            }
            // The old part may have been the bad one: once more, all of it from this host.
            began_with = 0;
        }
    }

    /// Attempts until all bytes are in the part; returns their hash.
    async fn fetch(
        &self,
        wanted: &Download<'_>,
        url: &Url,
        part: &Part,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<Sha256, NetError> {
        let began_with = part.len();
        let (mut vain, mut mark) = (0, began_with);
        loop {
            let fault = match self.attempt(wanted, url, part, progress).await {
                Ok(hash) => return Ok(hash),
                Err(fault) => fault,
            };
            let kept = part.len();
            if kept >= mark + PROGRESS {
                (vain, mark) = (0, kept);
            }
            vain += 1;
            let failure = match fault {
                Fault::Final(error) => return Err(error),
                Fault::Unreachable { host, cause } if kept == began_with => {
                    return Err(NetError::NoNetwork { host, cause });
                }
                Fault::Unreachable { host, cause } => {
                    NetError::Interrupted { host, attempts: vain, cause, kept }
                }
                Fault::Passing { host, status: Some(status), .. } => NetError::Refused { host, status },
                Fault::Passing { host, cause, status: None } => {
                    NetError::Interrupted { host, attempts: vain, cause, kept }
                }
            };
            if vain >= self.limits.attempts {
                return Err(failure);
            }
            tracing::info!(error = %failure, vain, "download attempt failed; trying again");
            tokio::time::sleep(self.pause(vain)).await;
        }
    }

    fn pause(&self, vain: u32) -> Duration {
        self.limits.backoff * 2u32.saturating_pow(vain.saturating_sub(1).min(6))
    }

    /// One request for what is still missing.
    async fn attempt(
        &self,
        wanted: &Download<'_>,
        url: &Url,
        part: &Part,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<Sha256, Fault> {
        let mut have = part.len();
        if have > wanted.bytes {
            have = 0;
            part.open_at(0)?;
        }
        let folder = wanted.target.parent().unwrap_or(Path::new("."));
        disk::require(folder, wanted.bytes - have)?;
        let path = part.path();
        let mut hash = on_disk(move || {
            let mut hash = Sha256::new();
            if have > 0 {
                hash_prefix(&path, have, &mut hash).map_err(|e| NetError::file(&path, "read", e, 0))?;
            }
            Ok(hash)
        })
        .await?;
        progress(have, wanted.bytes);
        if have == wanted.bytes {
            return Ok(hash);
        }

        let request = self.request(url, have, part.etag())?;
        let mut open = Open::new(&self.ledger, host(url), wanted.reason, request_bytes(&request));
        let response = self.client.execute(request).await.map_err(|e| fault(url, &e))?;
        open.exchange.status = Some(response.status().as_u16());
        open.exchange.host = host(response.url());

        let start = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if continues_at(&response, have) => have,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                part.open_at(0)?;
                let cause = "the host answered with another part of the file".to_owned();
                return Err(Fault::Passing { host: host(url), cause, status: None });
            }
            status => return Err(refusal(url, status)),
        };
        if let Some(rest) = response.content_length()
            && start + rest != wanted.bytes
        {
            return Err(wrong_size(wanted, url, start + rest).into());
        }
        let file = part.open_at(start)?;
        if start == 0 {
            hash = Sha256::new();
            part.set_etag(response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()))?;
        }
        let arrived = Arrived { wanted, url, file, have: start, hash };
        receive(arrived, response, &mut open, part, progress).await
    }

    fn request(&self, url: &Url, have: u64, etag: Option<String>) -> Result<Request, NetError> {
        let mut request = self.client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
            if let Some(etag) = etag {
                request = request.header(IF_RANGE, etag);
            }
        }
        request.build().map_err(|e| NetError::Setup(chain(&e)))
    }
}

/// The state of a running answer.
struct Arrived<'a> {
    wanted: &'a Download<'a>,
    url: &'a Url,
    file: File,
    have: u64,
    hash: Sha256,
}

/// Appends the body to the part. The pieces are small and go to the page cache, so they are written
/// in place: a write handed to another thread could still arrive after this future was dropped.
async fn receive(
    mut to: Arrived<'_>,
    mut response: Response,
    open: &mut Open,
    part: &Part,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Sha256, Fault> {
    let all = to.wanted.bytes;
    while let Some(piece) = response.chunk().await.map_err(|e| fault(to.url, &e))? {
        open.exchange.bytes_received += piece.len() as u64;
        let have = to.have + piece.len() as u64;
        if have > all {
            part.discard()?;
            return Err(wrong_size(to.wanted, to.url, have).into());
        }
        to.file.write_all(&piece).map_err(|e| NetError::file(&part.path(), "written", e, all - to.have))?;
        to.hash.update(&piece);
        to.have = have;
        progress(have, all);
    }
    if to.have < all {
        let cause = format!("the connection was closed after {} of {all} bytes", to.have);
        return Err(Fault::Passing { host: host(to.url), cause, status: None });
    }
    Ok(to.hash)
}

/// True when a 206 answer starts at byte `have` (or does not say where it starts).
fn continues_at(response: &Response, have: u64) -> bool {
    let Some(range) = response.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok()) else {
        return false;
    };
    let start = range.strip_prefix("bytes ").and_then(|range| range.split('-').next());
    start.and_then(|start| start.parse().ok()) == Some(have)
}

fn refusal(url: &Url, status: StatusCode) -> Fault {
    let (host, code) = (host(url), status.as_u16());
    match code {
        404 | 410 => NetError::NotFound { host, path: url.path().to_owned(), status: code }.into(),
        408 | 425 | 429 | 500.. => Fault::Passing { host, cause: format!("HTTP {code}"), status: Some(code) },
        _ => NetError::Refused { host, status: code }.into(),
    }
}

fn fault(url: &Url, error: &reqwest::Error) -> Fault {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(Insecure(to)) = inner.downcast_ref() {
            return NetError::InsecureRedirect { host: host(url), to: to.clone() }.into();
        }
        cause = inner.source();
    }
    let (host, words) = (host(url), chain(error));
    if error.is_connect() {
        Fault::Unreachable { host, cause: words }
    } else {
        Fault::Passing { host, cause: words, status: None }
    }
}

fn wrong_size(wanted: &Download<'_>, url: &Url, found: u64) -> NetError {
    NetError::WrongSize { host: host(url), file: name(wanted.target), expected: wanted.bytes, found }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Bytes of a request without a body, as HTTP/1.1 writes it: request line, the headers set here, and
/// those that the client adds (`Host`, `User-Agent`, `Accept`).
fn request_bytes(request: &Request) -> u64 {
    let line = request.method().as_str().len() + request.url().path().len() + "  HTTP/1.1\r\n\r\n".len();
    let set = request.headers().iter().map(|(key, value)| key.as_str().len() + value.len() + 4);
    let added =
        "host: \r\nuser-agent: \r\naccept: */*\r\n".len() + host(request.url()).len() + USER_AGENT.len();
    (line + set.sum::<usize>() + added) as u64
}

/// Runs slow disk work where it holds up nobody.
pub(crate) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NetError> + Send + 'static,
) -> Result<T, NetError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
