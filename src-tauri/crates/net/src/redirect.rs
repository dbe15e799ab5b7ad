//! Where a redirect may lead: to https, or from this machine to itself (tests, a local mirror).

use std::fmt;

use reqwest::Url;
use reqwest::redirect::{Attempt, Policy};

use crate::address::{Reach, reach};

const MOST_REDIRECTS: usize = 10;

/// Why a redirect was not followed; found again in reqwest's chain of causes.
#[derive(Debug)]
pub(crate) struct Insecure(pub String);

impl fmt::Display for Insecure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "redirect to {}", self.0)
    }
}

impl std::error::Error for Insecure {}

pub(crate) fn policy() -> Policy {
    Policy::custom(|attempt: Attempt<'_>| {
        let first = attempt.previous().first().cloned();
        if attempt.previous().len() > MOST_REDIRECTS {
            return attempt.error("too many redirects");
        }
        let next = attempt.url().clone();
        if acceptable(first.as_ref(), &next) {
            attempt.follow()
        } else {
            attempt.error(Insecure(format!("{}://{}", next.scheme(), host(&next))))
        }
    })
}

/// https always; plain http only from this machine to itself, so that a remote host can neither
/// strip the encryption nor reach local services through us.
fn acceptable(first: Option<&Url>, next: &Url) -> bool {
    next.scheme() == "https" || (plain_local(next) && first.is_some_and(plain_local))
}

/// True for `http://` addresses of this machine.
pub(crate) fn plain_local(url: &Url) -> bool {
    url.scheme() == "http" && reach(url) == Reach::ThisMachine
}

/// Host of a URL as the ledger and messages show it.
pub(crate) fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => url.scheme().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_or_local_to_local() {
        let url = |text: &str| Url::parse(text).unwrap();
        let cases = [
            ("https://a.example/x", "https://b.example/x", true),
            ("https://a.example/x", "http://a.example/x", false),
            ("https://a.example/x", "http://127.0.0.1:80/x", false),
            ("http://127.0.0.1:1/x", "http://127.0.0.1:2/x", true),
            ("http://127.0.0.1:1/x", "http://a.example/x", false),
            ("https://a.example/x", "ftp://a.example/x", false),
        ];
        for (from, to, allowed) in cases {
            assert_eq!(
                acceptable(Some(&url(from)), &url(to)),
                allowed,
                "{from} → {to}: a stripped or inward redirect would let others read or steer the download"
            );
        }
    }
}
