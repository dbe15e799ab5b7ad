//! Signing in with a code (OAuth 2.0 Device Authorization Grant, RFC 8628, as GitHub does it): no secret,
//! no redirect, no browser of ours.

use std::time::Duration;

use bytes::Bytes;
use internflow_net::{Net, NetError};
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

/// When to poll: never before the interval in force is over, which GitHub may lengthen with any answer.
#[derive(Debug)]
pub struct Turns {
    /// Seconds.
    interval: u64,
}

impl Turns {
    /// `interval` as it came with the code.
    pub fn new(interval: u64) -> Self {
        Self { interval }
    }

    /// How long to wait before the next poll, before the first one too.
    pub fn wait(&self) -> Duration {
        Duration::from_secs(self.interval)
    }

    /// Takes what the last poll said.
    pub fn learn(&mut self, polled: &Result<Poll, GithubError>) {
        match polled {
            Ok(Poll::Pending { interval }) => self.interval = *interval,
            // The answer that was lost may have been `slow_down`.
            Err(GithubError::Net(NetError::Broken { .. })) => self.interval += SLOWER,
            _ => {}
        }
    }

    /// The interval in force, seconds.
    pub fn interval(&self) -> u64 {
        self.interval
    }
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
    understood(host, client_id, status, &body, interval, now)
}

/// What an answer to a poll means.
fn understood(
    host: &Host,
    client_id: &str,
    status: u16,
    body: &[u8],
    interval: u64,
    now: i64,
) -> Result<Poll, GithubError> {
    if let Ok(granted) = serde_json::from_slice::<Granted>(body) {
        return Ok(Poll::Approved(granted.tokens(now)));
    }
    let said = serde_json::from_slice::<Said>(body).ok();
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// GitHub's side of RFC 8628, on a clock of its own in milliseconds: who polls before the interval is
    /// over is told to slow down, and from then on waits five seconds longer.
    struct Server {
        dice: u64,
        interval: u64,
        last: u64,
        early: u32,
        polls: u32,
        decided_after: u32,
    }

    impl Server {
        /// A number below `n` (xorshift).
        fn below(&mut self, n: u64) -> u64 {
            self.dice ^= self.dice << 13;
            self.dice ^= self.dice >> 7;
            self.dice ^= self.dice << 17;
            self.dice % n
        }

        /// The answer to a poll that arrives `now`; `None` when it is lost on its way back.
        fn answer(&mut self, now: u64) -> Option<(u16, serde_json::Value)> {
            let early = now - self.last < self.interval * 1000;
            self.early += u32::from(early);
            self.polls += 1;
            self.last = now;
            // GitHub also says it out of its own trouble.
            let slower = early || self.below(8) == 0;
            let answer = match self.below(10) {
                _ if self.polls > self.decided_after => {
                    return Some((200, json!({ "access_token": "ghu_x", "expires_in": 28800 })));
                }
                _ if slower => {
                    self.interval += SLOWER;
                    match self.below(2) {
                        0 => (200, json!({ "error": "slow_down", "interval": self.interval })),
                        _ => (200, json!({ "error": "slow_down" })),
                    }
                }
                0 => (503, json!("a page with a unicorn")),
                _ => (200, json!({ "error": "authorization_pending" })),
            };
            (self.below(10) > 0).then_some(answer)
        }
    }

    #[test]
    fn a_thousand_sign_ins_never_poll_early() {
        let host = Host::default();
        let (mut polls, mut early, mut slowed) = (0, 0, 0);
        for run in 1..=1000u64 {
            let dice = run.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut server = Server { dice, interval: 5, last: 0, early: 0, polls: 0, decided_after: 0 };
            server.decided_after = server.below(30) as u32;
            let mut turns = Turns::new(5);
            // The code arrived a moment after the server made it.
            let mut now = server.below(3000);
            loop {
                // There and back over a hostel's network.
                now += turns.wait().as_millis() as u64 + server.below(3000);
                let answer = server.answer(now);
                now += server.below(3000);
                let polled = match answer {
                    Some((status, body)) => {
                        let body = body.to_string();
                        understood(&host, "Iv1.x", status, body.as_bytes(), turns.interval(), 0)
                    }
                    None => {
                        let (host, cause) = ("github.com".to_owned(), "reset".to_owned());
                        Err(NetError::Broken { host, cause }.into())
                    }
                };
                turns.learn(&polled);
                match polled {
                    Ok(Poll::Approved(_)) => break,
                    Ok(Poll::Pending { .. }) | Err(GithubError::Net(_)) => {}
                    other => panic!("{other:?}"),
                }
            }
            polls += server.polls;
            early += server.early;
            slowed += u32::from(server.interval > 5);
        }
        assert_eq!(early, 0, "of {polls} polls; GitHub lengthens the wait for all of an App's users");
        assert!(polls > 5_000 && slowed > 300, "the runs met slow_down: {polls} polls, {slowed} slowed");
    }
}
