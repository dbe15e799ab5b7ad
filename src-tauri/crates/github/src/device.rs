//! Signing in with a code (OAuth 2.0 Device Authorization Grant, RFC 8628, as GitHub does it): no secret,
//! no redirect, no browser of ours.

use bytes::Bytes;
use internflow_net::Net;
use serde::Deserialize;

use crate::{GithubError, Host, Tokens};

/// Longest answer of the sign-in pages, bytes.
const MOST: usize = 64 * 1024;
/// Seconds added to the interval when GitHub says `slow_down` without a number (RFC 8628, 3.5).
const SLOWER: u64 = 5;

/// A code for the user, and the one we poll with.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct DeviceCode {
    pub device_code: String,
    /// What the user types: `WDJB-MJHT`.
    pub user_code: String,
    /// Seconds until both end.
    pub expires_in: u64,
    /// Seconds between two polls, at least.
    pub interval: u64,
}

/// What a poll said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poll {
    Approved(Tokens),
    /// The user has not decided yet; ask again after so many seconds.
    Pending {
        interval: u64,
    },
    Denied,
    Expired,
}

/// Asks for a code.
///
/// # Errors
/// [`GithubError::WrongClientId`], [`GithubError::DeviceFlowOff`], [`GithubError::Odd`], or the network's.
pub async fn start(net: &Net, host: &Host, client_id: &str) -> Result<DeviceCode, GithubError> {
    let url = format!("{}/login/device/code", host.web);
    let (status, body) = post(net, &url, &[("client_id", client_id)]).await?;
    if let Ok(code) = serde_json::from_slice::<DeviceCode>(&body) {
        return Ok(code);
    }
    Err(match said(&body).as_deref() {
        Some("device_flow_disabled") => GithubError::DeviceFlowOff { host: host.name().to_owned() },
        Some("incorrect_client_credentials" | "unauthorized_client" | "Not Found") => wrong(host, client_id),
        _ if status == 404 => wrong(host, client_id),
        _ if is_trouble(status) => trouble(status),
        other => odd(host, status, other),
    })
}

/// Asks once whether the user has decided. `interval` is the one in force; `now` in seconds.
///
/// # Errors
/// As [`start`]. An error of the network is no answer: ask again.
pub async fn poll(
    net: &Net,
    host: &Host,
    client_id: &str,
    device_code: &str,
    interval: u64,
    now: i64,
) -> Result<Poll, GithubError> {
    let form = [
        ("client_id", client_id),
        ("device_code", device_code),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
    ];
    let (status, body) = post(net, &token_url(host), &form).await?;
    if let Ok(granted) = serde_json::from_slice::<Granted>(&body) {
        return Ok(Poll::Approved(granted.tokens(now)));
    }
    let said = serde_json::from_slice::<Said>(&body).ok();
    match said.as_ref().map(|said| said.error.as_str()) {
        Some("authorization_pending") => Ok(Poll::Pending { interval }),
        Some("slow_down") => {
            let told = said.and_then(|said| said.interval).unwrap_or(0);
            Ok(Poll::Pending { interval: told.max(interval + SLOWER) })
        }
        Some("access_denied") => Ok(Poll::Denied),
        Some("expired_token" | "token_expired" | "incorrect_device_code") => Ok(Poll::Expired),
        Some("device_flow_disabled") => Err(GithubError::DeviceFlowOff { host: host.name().to_owned() }),
        Some("incorrect_client_credentials") => Err(wrong(host, client_id)),
        // A host in trouble has not answered: the code is still good.
        _ if is_trouble(status) => Ok(Poll::Pending { interval: interval + SLOWER }),
        other => Err(odd(host, status, other)),
    }
}

/// Changes a refresh token for a new pair. The old one is used up, also when the answer is lost.
///
/// # Errors
/// [`GithubError::SignedOut`] when GitHub does not take it, or as [`start`].
pub async fn refresh(
    net: &Net,
    host: &Host,
    client_id: &str,
    refresh_token: &str,
    now: i64,
) -> Result<Tokens, GithubError> {
    let form = [("client_id", client_id), ("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    let (status, body) = post(net, &token_url(host), &form).await?;
    if let Ok(granted) = serde_json::from_slice::<Granted>(&body) {
        return Ok(granted.tokens(now));
    }
    Err(match said(&body).as_deref() {
        Some("bad_refresh_token" | "unauthorized_client" | "incorrect_client_credentials") => {
            GithubError::SignedOut
        }
        _ if is_trouble(status) => trouble(status),
        other => odd(host, status, other),
    })
}

fn is_trouble(status: u16) -> bool {
    status == 429 || status >= 500
}

fn trouble(status: u16) -> GithubError {
    GithubError::Refused { status: status.max(500), message: "GitHub has trouble of its own".to_owned() }
}

fn token_url(host: &Host) -> String {
    format!("{}/login/oauth/access_token", host.web)
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<i64>,
    refresh_token: Option<String>,
    refresh_token_expires_in: Option<i64>,
}

impl Granted {
    fn tokens(self, now: i64) -> Tokens {
        Tokens {
            access: self.access_token,
            refresh: self.refresh_token,
            expires_at: self.expires_in.map(|s| now + s),
            refresh_expires_at: self.refresh_token_expires_in.map(|s| now + s),
        }
    }
}

#[derive(Deserialize)]
struct Said {
    error: String,
    interval: Option<u64>,
}

fn said(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Said>(body).ok().map(|said| said.error)
}

fn wrong(host: &Host, client_id: &str) -> GithubError {
    GithubError::WrongClientId { host: host.name().to_owned(), client_id: client_id.to_owned() }
}

fn odd(host: &Host, status: u16, said: Option<&str>) -> GithubError {
    let detail = said.map_or_else(|| format!("HTTP {status}"), |said| format!("HTTP {status}, {said}"));
    GithubError::Odd { host: host.name().to_owned(), detail }
}

async fn post(net: &Net, url: &str, form: &[(&str, &str)]) -> Result<(u16, Bytes), GithubError> {
    let body =
        form.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect::<Vec<_>>().join("&");
    let request = http::Request::post(url)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(body))
        .map_err(|_| GithubError::Address(url.to_owned()))?;
    let response = net.exchange(request, "sign-in to GitHub", MOST).await?;
    Ok((response.status().as_u16(), response.into_body()))
}

/// Percent-encoding of a form's value.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
