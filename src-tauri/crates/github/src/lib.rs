//! GitHub: signing in, staying within its limits, and reading what an account has.
//!
//! [`device`] signs in with a code and no secret, [`session`] keeps the token fresh, [`client`] carries
//! octocrab's requests through the house's one door with token, limits and cached answers; the rest
//! reads the few fields the app needs. Histories are not read here: git fetches them.

pub mod account;
pub mod client;
pub mod comments;
pub mod contributions;
pub mod device;
mod error;
pub mod governor;
mod host;
pub mod repositories;
pub mod session;

pub use client::{Client, Remembered, Remembers};
pub use error::{GithubError, day};
pub use host::Host;
pub use session::{Session, Tokens};

/// Seconds since 1970 UTC.
fn seconds(clock: fn() -> std::time::SystemTime) -> i64 {
    clock().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}
