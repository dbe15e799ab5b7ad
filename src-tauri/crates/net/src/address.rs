//! Addresses of servers that the user names, and how far away they are.

use std::net::{IpAddr, SocketAddr};

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

/// Looks names up, and refuses all that lead to this machine, to a private network, or to an address that no server
/// of the internet has. The check is here, where the address is used: a name that is looked up twice may answer twice.
pub(crate) struct Far;

impl Resolve for Far {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            all_public(name.as_str(), found)
        })
    }
}

/// What a name was found to be, if every address of it is one of the internet: of two, a connection takes either.
pub(crate) fn all_public(
    name: &str,
    found: Vec<SocketAddr>,
) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
    match found.iter().all(|at| is_public(at.ip())) && !found.is_empty() {
        false => Err(format!("{name} is no address of the internet").into()),
        true => Ok(Box::new(found.into_iter()) as Addrs),
    }
}

/// What a host of the internet can have: none of the ranges that IANA keeps for other purposes
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, and the same for IPv6).
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let special = a == 0
                || a == 10
                || a == 127
                || a >= 224
                || (a, b) == (169, 254)
                || (a, b) == (192, 168)
                || (a == 172 && (16..32).contains(&b))
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || matches!((a, b, c), (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113));
            !special
        }
        IpAddr::V6(ip) => {
            let first = ip.segments()[0];
            // 2000::/3 is all that is given out; in it are documentation and tunnels to addresses of the old kind.
            (0x2000..0x4000).contains(&first)
                && first != 0x2002
                && !(first == 0x2001 && ip.segments()[1] < 0x200)
                && !(first == 0x2001 && ip.segments()[1] == 0xdb8)
                && first != 0x3fff
        }
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
    fn only_the_internet_is_public() {
        for inside in [
            "0.0.0.0",
            "10.1.1.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
        ] {
            let ip = inside.parse().expect("an address");
            assert!(!is_public(ip), "{inside}: a board's name must not lead to what is behind the router");
        }
        for outside in
            ["8.8.8.8", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111", "2a00:1450:4001::1"]
        {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
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
