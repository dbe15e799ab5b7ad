//! GitHub: signing in, staying within its limits, and reading what an account has.
//!
//! [`device`] signs in with a code and no secret, [`session`] keeps the token fresh, [`client`] carries
//! octocrab's requests through the house's one door with token, limits and cached answers; the rest
//! reads the few fields the app needs. Histories are not read here: git fetches them.

pub mod client;
pub mod device;
mod error;
pub mod governor;
mod host;
pub mod session;

pub use client::{Client, Remembered, Remembers};
pub use error::GithubError;
pub use host::Host;
pub use session::{Session, Tokens};
