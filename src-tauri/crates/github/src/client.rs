//! Octocrab's requests, carried through the house's one door.
//!
//! Octocrab brings routes, paging and error bodies; what lies below its HTTP is here: the token (renewed
//! once when GitHub refuses it), the limits, and answers remembered with their ETag, of which GitHub says
//! "unchanged" without counting the request.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{AUTHORIZATION, ETAG, HeaderValue, IF_NONE_MATCH, LINK};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use internflow_net::Net;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::{AuthState, FromResponse, OctoBody, Octocrab, OctocrabBuilder};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::governor::{AT_ONCE, Governor};
use crate::{GithubError, Host, Session, seconds};

/// Longest answer, bytes unpacked: a page of 100 repositories is about 600 KB.
const MOST: usize = 16 << 20;
/// The version of the REST API that this is written against.
const API_VERSION: &str = "2022-11-28";

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An answer that GitHub may confirm instead of sending it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    pub etag: String,
    /// The `Link` header, which names the next page.
    pub link: Option<String>,
    pub body: Vec<u8>,
}

/// Where answers are remembered between runs, for one account: two accounts see different things at
/// one address.
#[async_trait]
pub trait Remembers: Send + Sync {
    async fn find(&self, url: &str) -> Option<Remembered>;
    async fn put(&self, url: &str, answer: Remembered);
}

/// A GitHub as one account sees it.
#[derive(Clone)]
pub struct Client {
    octocrab: Octocrab,
    carrier: Carrier,
}

impl Client {
    /// Needs a running tokio runtime.
    pub fn new(
        net: Net,
        host: &Host,
        session: Arc<Session>,
        remembers: Arc<dyn Remembers>,
        clock: fn() -> SystemTime,
    ) -> Result<Self, GithubError> {
        let carrier = Carrier {
            api: host.api.as_str().into(),
            net,
            session,
            remembers,
            clock,
            governor: Arc::new(Mutex::new(Governor::default())),
            token: Arc::default(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        };
        let base = host.api.parse().map_err(|_| GithubError::Address(host.api.clone()))?;
        let Ok(octocrab) = OctocrabBuilder::new_empty()
            .with_service(carrier.clone())
            .with_layer(&BaseUriLayer::new(base))
            .with_auth(AuthState::None)
            .build();
        Ok(Self { octocrab, carrier })
    }

    /// Asks for `route` (below the API's base, or a whole address as paging gives it).
    ///
    /// # Errors
    /// Every [`GithubError`] but those of signing in.
    pub async fn get<T: FromResponse>(
        &self,
        route: &str,
        parameters: Option<&(impl Serialize + ?Sized)>,
    ) -> Result<T, GithubError> {
        self.octocrab.get(route, parameters).await.map_err(|error| told(route, error))
    }

    /// Sends `body` as JSON to `route`.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn post<T: FromResponse>(
        &self,
        route: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, GithubError> {
        self.octocrab.post(route, Some(body)).await.map_err(|error| told(route, error))
    }

    /// What GitHub's last answers said of the token.
    pub fn token(&self) -> TokenFacts {
        self.carrier.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Requests left in this hour, and when it ends.
    pub fn budget(&self) -> (Option<u64>, Option<i64>) {
        let governor = self.carrier.governor();
        (governor.remaining, governor.reset_at)
    }
}

/// What GitHub says of a token in the headers of its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// Seconds since 1970 UTC; only for tokens that the user made and gave an end.
    pub expires_at: Option<i64>,
    /// Scopes of a classic token; fine-grained ones have none.
    pub scopes: Vec<String>,
}

impl TokenFacts {
    fn learn(&mut self, headers: &http::HeaderMap) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(at) = text("github-authentication-token-expiration").and_then(moment) {
            self.expires_at = Some(at);
        }
        if let Some(scopes) = text("x-oauth-scopes") {
            self.scopes =
                scopes.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        }
    }
}

/// `2026-12-01 10:00:00 UTC`, or with an offset (`+0530`) in place of the name.
fn moment(text: &str) -> Option<i64> {
    let text = text.trim().replace("UTC", "+0000");
    chrono::DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S %z").ok().map(|at| at.timestamp())
}

/// The bottom of octocrab's stack.
#[derive(Clone)]
struct Carrier {
    api: Arc<str>,
    net: Net,
    session: Arc<Session>,
    remembers: Arc<dyn Remembers>,
    clock: fn() -> SystemTime,
    governor: Arc<Mutex<Governor>>,
    token: Arc<Mutex<TokenFacts>>,
    slots: Arc<Semaphore>,
}

impl tower::Service<Request<OctoBody>> for Carrier {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let response = this.carry(parts, body).await?;
            Ok(response.map(Full::new))
        })
    }
}

impl Carrier {
    fn governor(&self) -> std::sync::MutexGuard<'_, Governor> {
        self.governor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn carry(&self, parts: http::request::Parts, body: Bytes) -> Result<Response<Bytes>, GithubError> {
        let _slot = self.slots.acquire().await.map_err(|_| GithubError::SignedOut)?;
        let url = parts.uri.to_string();
        // Addresses come from answers too (the next page): the token goes to this API and nowhere else.
        if !url.strip_prefix(&*self.api).is_some_and(|route| route.starts_with('/')) {
            let detail = format!("it points to {}", parts.uri.host().unwrap_or("nowhere"));
            return Err(GithubError::Odd { host: "GitHub".to_owned(), detail });
        }
        let known = if parts.method == Method::GET { self.remembers.find(&url).await } else { None };
        let token = self.session.access().await?;
        let mut response = self.send(&parts, &body, token.as_deref(), known.as_ref()).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(refused) = token
        {
            let token = self.session.access_after(&refused).await?;
            response = self.send(&parts, &body, Some(&token), known.as_ref()).await?;
            if response.status() == StatusCode::UNAUTHORIZED {
                return Err(GithubError::SignedOut);
            }
        }
        if response.status() == StatusCode::NOT_MODIFIED
            && let Some(known) = known
        {
            return Ok(again(known));
        }
        if response.status() == StatusCode::OK && parts.method == Method::GET {
            self.remember(&url, &response).await;
        }
        Ok(response)
    }

    async fn send(
        &self,
        parts: &http::request::Parts,
        body: &Bytes,
        token: Option<&str>,
        known: Option<&Remembered>,
    ) -> Result<Response<Bytes>, GithubError> {
        if let Some(until) = self.governor().wait_until(seconds(self.clock)) {
            return Err(GithubError::Paused { until });
        }
        let mut request = Request::from_parts(parts.clone(), body.clone());
        let headers = request.headers_mut();
        headers.insert("accept", HeaderValue::from_static("application/vnd.github+json"));
        headers.insert("x-github-api-version", HeaderValue::from_static(API_VERSION));
        if let Some(token) = token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| {
                GithubError::Keyring("The token has characters that no token has.".to_owned())
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(etag) = known.and_then(|known| HeaderValue::try_from(&known.etag).ok()) {
            headers.insert(IF_NONE_MATCH, etag);
        }
        let response = self.net.exchange(request, "GitHub", MOST).await?;
        self.token.lock().unwrap_or_else(PoisonError::into_inner).learn(response.headers());
        let mut governor = self.governor();
        if governor.learn(response.status(), response.headers(), response.body(), seconds(self.clock))
            && let Some(until) = governor.wait_until(seconds(self.clock))
        {
            return Err(GithubError::Paused { until });
        }
        Ok(response)
    }

    async fn remember(&self, url: &str, response: &Response<Bytes>) {
        let text = |name| {
            response.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned)
        };
        if let Some(etag) = text(ETAG) {
            let answer = Remembered { etag, link: text(LINK), body: response.body().to_vec() };
            self.remembers.put(url, answer).await;
        }
    }
}

/// The remembered answer as if it had come again.
fn again(known: Remembered) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(known.body));
    if let Some(link) = known.link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(LINK, link);
    }
    response
}

/// Octocrab's error in ours: what [`Carrier`] said comes through its wrapping unchanged.
fn told(route: &str, error: octocrab::Error) -> GithubError {
    match error {
        octocrab::Error::GitHub { source, .. } => match source.status_code.as_u16() {
            401 => GithubError::SignedOut,
            404 | 410 | 451 => GithubError::NotFound(route.trim_start_matches('/').to_owned()),
            // Its page for this has pictures and no reason.
            status @ 500.. => {
                GithubError::Refused { status, message: "GitHub has trouble of its own".to_owned() }
            }
            status => GithubError::Refused { status, message: source.message },
        },
        octocrab::Error::Service { source, .. } => match source.downcast::<GithubError>() {
            Ok(ours) => *ours,
            Err(other) => GithubError::Odd { host: "GitHub".to_owned(), detail: other.to_string() },
        },
        other => GithubError::Odd { host: "GitHub".to_owned(), detail: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_token_is_read_as_github_writes_it() {
        assert_eq!(moment("2026-12-01 10:00:00 UTC"), Some(1_796_119_200));
        assert_eq!(moment("2026-12-01 15:30:00 +0530"), Some(1_796_119_200));
        assert_eq!(moment("soon"), None);
    }
}
