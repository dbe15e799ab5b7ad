//! Asking hosts of job boards: their robots.txt first, one request a second, redirects looked at one by one.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use internflow_crawler::polite::{Heard, Host, Ready};
use internflow_crawler::robots::Robots;
use internflow_crawler::{Method, Request};
use internflow_net::{Net, Reach};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Core;

/// What robots.txt knows us by.
const AGENT: &str = "InternFlow";
/// For the network ledger, in the user's words.
const REASON: &str = "Reading a job board";
/// Bytes of an answer, unpacked.
const MOST: usize = 5 << 20;
/// An answer takes no longer, however slowly its bytes drip.
const PATIENCE: Duration = Duration::from_secs(30);
/// A host that asks for a longer pause is left for another time.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const MOST_REDIRECTS: usize = 5;
/// Requests for one answer, where a host is in trouble.
const ATTEMPTS: u32 = 3;

/// What a host answered, after redirects.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Bytes,
    /// What to ask with next time, where the host says it.
    pub(super) validators: Option<Validators>,
}

/// What an answer is known by, to be asked whether it is still the same.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-8.8>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Validators {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

impl Validators {
    fn of(answer: &http::Response<Bytes>) -> Option<Self> {
        let header =
            |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let etag = header(http::header::ETAG);
        let last_modified = header(http::header::LAST_MODIFIED);
        (etag.is_some() || last_modified.is_some()).then_some(Self { etag, last_modified })
    }

    fn headers(&self) -> Vec<(http::HeaderName, &str)> {
        let etag = self.etag.as_deref().map(|etag| (http::header::IF_NONE_MATCH, etag));
        let date = self.last_modified.as_deref().map(|date| (http::header::IF_MODIFIED_SINCE, date));
        // Who sends both is asked by the stronger.
        etag.or(date).into_iter().collect()
    }
}

/// Requests to boards, with what is known of their hosts.
pub(super) struct Visits {
    net: Net,
    through: Option<Url>,
    clock: fn() -> SystemTime,
    hosts: HashMap<String, Host>,
    rules: HashMap<String, Rules>,
    /// Hosts are asked as fast as they answer; only below `through`.
    unpaced: bool,
}

/// What a host lets programs read, and why that could not be asked for.
struct Rules {
    robots: Robots,
    trouble: Option<String>,
}

impl Rules {
    fn unknown(why: String) -> Self {
        Self { robots: Robots::of_answer(None, b""), trouble: Some(why) }
    }
}

impl Visits {
    /// `through` is an address of this machine; another one is refused, so that no page can lead requests elsewhere.
    pub(super) fn new(core: &Core, net: Net, through: Option<&str>) -> Result<Self> {
        let through = match through {
            None => None,
            Some(text) => match internflow_net::Address::parse(text) {
                Some(address) if address.reach() == Reach::ThisMachine => Url::parse(text).ok(),
                _ => bail!("{text} is no address of this machine."),
            },
        };
        let (hosts, rules) = (HashMap::new(), HashMap::new());
        let unpaced = core.config().boards_unpaced && through.is_some();
        Ok(Self { net, through, clock: core.config().clock, hosts, rules, unpaced })
    }

    /// The answer to a request, or why there is none, in the user's words. With `validators` it may be "not modified".
    pub(super) async fn ask(
        &mut self,
        request: &Request,
        validators: Option<&Validators>,
    ) -> Result<Answered, String> {
        let headers = validators.map(Validators::headers).unwrap_or_default();
        let mut at = Url::parse(&request.address).map_err(|error| format!("{}: {error}", request.address))?;
        for _ in 0..=MOST_REDIRECTS {
            let host = at.host_str().unwrap_or_default().to_owned();
            if !self.rules.contains_key(&host) {
                let rules = self.rules_of(&at).await;
                let delay = rules.robots.delay(AGENT).unwrap_or_default();
                self.hosts.entry(host.clone()).or_default().set_delay(delay);
                self.rules.insert(host.clone(), rules);
            }
            let path = &at[url::Position::BeforePath..url::Position::AfterQuery];
            if let Some(rules) = self.rules.get(&host).filter(|rules| !rules.robots.allows(AGENT, path)) {
                return Err(match &rules.trouble {
                    Some(why) => {
                        format!("{host} can't be asked what programs may read there, so nothing was: {why}")
                    }
                    None => format!("{host} asks programs in its robots.txt not to read {path}"),
                });
            }
            let answer = self.patiently(&at, request.method, request.body.as_deref(), &headers).await?;
            let Some(next) = redirected(&at, &answer) else {
                return Ok(Answered {
                    status: answer.status().as_u16(),
                    validators: Validators::of(&answer),
                    body: answer.into_body(),
                });
            };
            if next.scheme() != "https" {
                return Err(format!("{host} leads to {next}, which is not encrypted; it was not followed"));
            }
            if request.method == Method::Post {
                return Err(format!("{host} leads a question elsewhere, to {next}; it was not sent there"));
            }
            at = next;
        }
        Err(format!("{} leads from one address to the next", request.address))
    }

    /// A page for people, as [`Visits::ask`] has it.
    pub(super) async fn page(&mut self, address: &str) -> Result<Answered, String> {
        self.ask(&Request::page(address), None).await
    }

    /// The rules of a host. One in trouble allows nothing.
    async fn rules_of(&mut self, address: &Url) -> Rules {
        let mut at = address.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        for _ in 0..=MOST_REDIRECTS {
            let answer = match self.patiently(&at, Method::Get, None, &[]).await {
                Ok(answer) => answer,
                Err(why) => return Rules::unknown(why),
            };
            let status = answer.status().as_u16();
            match redirected(&at, &answer) {
                Some(next) if next.scheme() == "https" => at = next,
                Some(next) => return Rules::unknown(format!("its robots.txt leads to {next}")),
                None => {
                    let trouble = (status == 429 || status >= 500)
                        .then(|| format!("its robots.txt is answered with HTTP {status}"));
                    return Rules { robots: Robots::of_answer(Some(status), answer.body()), trouble };
                }
            }
        }
        Rules::unknown("its robots.txt leads from one address to the next".to_owned())
    }

    /// One request, at the host's pace, and again where it is in trouble.
    async fn patiently(
        &mut self,
        at: &Url,
        method: Method,
        body: Option<&str>,
        headers: &[(http::HeaderName, &str)],
    ) -> Result<http::Response<Bytes>, String> {
        let host = at.host_str().unwrap_or_default().to_owned();
        let mut attempt = 0;
        loop {
            while !self.unpaced {
                let now = self.now();
                match self.hosts.entry(host.clone()).or_default().ask(now) {
                    Ready::Now => break,
                    Ready::Busy => tokio::time::sleep(Duration::from_millis(50)).await,
                    Ready::In(wait) if wait > LONGEST_WAIT => {
                        let minutes = wait.as_secs().div_ceil(60);
                        return Err(format!("{host} asks to come back in {minutes} minutes"));
                    }
                    Ready::In(wait) => tokio::time::sleep(wait).await,
                }
            }
            attempt += 1;
            let answer = tokio::time::timeout(PATIENCE, self.send(at, method, body, headers)).await;
            let header = |name: http::HeaderName| match &answer {
                Ok(Ok(answer)) => answer.headers().get(name).and_then(|value| value.to_str().ok()),
                _ => None,
            };
            let status = match &answer {
                Ok(Ok(answer)) => Some(answer.status().as_u16()),
                _ => None,
            };
            let (retry_after, date) = (header(http::header::RETRY_AFTER), header(http::header::DATE));
            let now = self.now();
            let jitter = f64::from(now.timestamp_subsec_millis()) / 1000.0;
            let heard = Heard { status, retry_after, date };
            self.hosts.entry(host.clone()).or_default().heard(&heard, now, jitter);
            match answer {
                // A refusal for now, or trouble that may pass.
                Ok(Ok(answer)) if matches!(status, Some(429 | 502..=504)) && attempt < ATTEMPTS => {
                    drop(answer)
                }
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => return Err(format!("{error:#}")),
                Err(_) => return Err(format!("{host} took longer than {} s to answer", PATIENCE.as_secs())),
            }
        }
    }

    async fn send(
        &self,
        at: &Url,
        method: Method,
        body: Option<&str>,
        headers: &[(http::HeaderName, &str)],
    ) -> Result<http::Response<Bytes>> {
        let rest = &at[url::Position::BeforePath..url::Position::AfterQuery];
        let address = match &self.through {
            Some(base) => format!("{base}{}{rest}", at.host_str().unwrap_or_default()),
            None => at.to_string(),
        };
        let mut builder =
            http::Request::builder().uri(address).header(http::header::USER_AGENT, user_agent());
        for (name, value) in headers {
            builder = builder.header(name, *value);
        }
        let sent = match method {
            Method::Post => builder
                .method(http::Method::POST)
                .header(http::header::CONTENT_TYPE, "application/json")
                .body(Bytes::from(body.unwrap_or_default().to_owned())),
            Method::Get => builder.method(http::Method::GET).body(Bytes::new()),
        }?;
        Ok(match self.through {
            Some(_) => self.net.visit_here(sent, REASON, MOST).await?,
            None => self.net.visit(sent, REASON, MOST).await?,
        })
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)().into()
    }
}

/// What hosts read: who asks, and, in a build that was given `INTERNFLOW_CONTACT`, where to complain.
fn user_agent() -> String {
    let name = concat!("InternFlow/", env!("CARGO_PKG_VERSION"));
    option_env!("INTERNFLOW_CONTACT")
        .map_or_else(|| name.to_owned(), |contact| format!("{name} (+{contact})"))
}

/// Where an answer leads to.
fn redirected(at: &Url, answer: &http::Response<Bytes>) -> Option<Url> {
    let moved = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let to = answer.headers().get(http::header::LOCATION)?.to_str().ok()?;
    moved.then(|| at.join(to).ok()).flatten()
}
