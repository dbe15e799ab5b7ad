//! Addresses of servers that the user names, and how far away they are.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::redirect::host;

/// How far away a host is, as its address tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What is sent there does not leave the machine.
    ThisMachine,
    /// A home, a flat share, a laboratory: not the internet, and still other people's machines.
    PrivateNetwork,
    Elsewhere,
}

/// An `http` or `https` address without user name, query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// `None` for what is no such address.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        (matches!(url.scheme(), "http" | "https") && bare).then_some(Self(url))
    }

    /// Host as the ledger and messages show it, with the port where it is not the usual one.
    pub fn host(&self) -> String {
        host(&self.0)
    }

    /// Scheme and host: who is at the other end.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.0.scheme(), self.host())
    }

    /// Path without the slash at its end; empty for none.
    pub fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub fn reach(&self) -> Reach {
        reach(&self.0)
    }
}

pub(crate) fn reach(url: &Url) -> Reach {
    let name = url.host_str().unwrap_or_default().trim_end_matches('.');
    match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(ip) => reach_of(ip),
        Err(_) if name == "localhost" => Reach::ThisMachine,
        Err(_) if name.ends_with(".local") => Reach::PrivateNetwork,
        Err(_) => Reach::Elsewhere,
    }
}

fn reach_of(ip: IpAddr) -> Reach {
    match ip.to_canonical() {
        ip if ip.is_loopback() => Reach::ThisMachine,
        IpAddr::V4(ip) if ip.is_private() || ip.is_link_local() => Reach::PrivateNetwork,
        IpAddr::V6(ip) if ip.is_unique_local() || ip.is_unicast_link_local() => Reach::PrivateNetwork,
        _ => Reach::Elsewhere,
    }
}

/// Looks names up, and keeps only addresses of this machine and of private networks: whoever answers for
/// `gpu.local` could otherwise name a machine of the internet.
pub(crate) struct Near;

impl Resolve for Near {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let near: Vec<_> = found.filter(|at| reach_of(at.ip()) != Reach::Elsewhere).collect();
            match near.is_empty() {
                true => Err(format!("{} is not in a private network", name.as_str()).into()),
                false => Ok(Box::new(near.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_an_address_is() {
        let cases = [
            ("http://127.0.0.1:11434", Reach::ThisMachine),
            ("http://localhost:1234/v1", Reach::ThisMachine),
            ("http://[::1]:8080", Reach::ThisMachine),
            ("http://192.168.1.20:8000", Reach::PrivateNetwork),
            ("http://10.1.2.3", Reach::PrivateNetwork),
            ("http://172.31.0.9", Reach::PrivateNetwork),
            ("http://169.254.7.7", Reach::PrivateNetwork),
            ("http://[fe80::1]", Reach::PrivateNetwork),
            ("http://[fd00::2]:8000", Reach::PrivateNetwork),
            ("http://gpu.local:8000", Reach::PrivateNetwork),
            ("http://172.32.0.1", Reach::Elsewhere),
            ("http://[::ffff:8.8.8.8]", Reach::Elsewhere),
            ("http://localhost.example.org", Reach::Elsewhere),
            ("http://gpu.local.example.org", Reach::Elsewhere),
            ("http://192.168.1.20.example.org", Reach::Elsewhere),
            ("https://api.example.org/v1", Reach::Elsewhere),
        ];
        for (text, reach) in cases {
            let address = Address::parse(text).expect("an address");
            assert_eq!(address.reach(), reach, "{text}: it decides what may go there unencrypted");
        }
    }

    #[test]
    fn what_is_no_address_of_a_server() {
        for text in [
            "",
            "localhost:1234",
            "192.168.1.2:80",
            "ftp://a.example",
            "https://me:secret@a.example",
            "https://a.example/?key=1",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        let address = Address::parse(" https://a.example:8443/openai/v1/ ").expect("an address");
        assert_eq!((address.origin(), address.path()), ("https://a.example:8443".to_owned(), "/openai/v1"));
    }
}
