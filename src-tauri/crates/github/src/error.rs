//! What can go wrong with GitHub, in words that say what to do.

use chrono::{DateTime, Local};
use internflow_net::NetError;

/// A request to GitHub that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum GithubError {
    #[error("`{0}` is not the address of a GitHub. Give one like https://git.example.edu/api/v3.")]
    Address(String),
    /// There is no client id, or GitHub knows no App with it.
    #[error("{host} knows no App with the client id `{client_id}`. Check the client id in the settings.")]
    WrongClientId { host: String, client_id: String },
    #[error(
        "The App does not allow signing in with a code. Its owner switches on \"Enable Device Flow\" on the App's \
         page at {host}; until then paste a token."
    )]
    DeviceFlowOff { host: String },
    /// The token is not accepted (any more) and can't be renewed.
    #[error("GitHub does not accept the sign-in any more. Sign in again; everything already here stays.")]
    SignedOut,
    /// Not signed in, and this can't be asked without.
    #[error("Sign in to GitHub first.")]
    NoAccount,
    /// GitHub's limit is used up. Nothing is wrong; it goes on by itself.
    #[error("GitHub lets this account ask no more for now; it resumes at {}.", clock(*.until))]
    Paused {
        /// Seconds since 1970 UTC.
        until: i64,
    },
    /// 404, also what GitHub says of a private repository to who may not see it.
    #[error("{0} does not exist on GitHub, or this account may not see it.")]
    NotFound(String),
    #[error("GitHub refused this ({status}): {message}")]
    Refused { status: u16, message: String },
    /// The answer was not what GitHub's description says.
    #[error(
        "{host} gave an answer that is not GitHub's ({detail}). Check the address; a proxy or a login page of the network may have answered."
    )]
    Odd { host: String, detail: String },
    #[error(transparent)]
    Net(#[from] NetError),
    /// A search that GitHub gave up before its end.
    #[error(
        "GitHub's search gave only a part of its answer. What is known stays; it is asked again tomorrow."
    )]
    Incomplete,
    /// The tokens could not be kept.
    #[error("{0}")]
    Keyring(String),
}

impl GithubError {
    /// It may go better without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Paused { .. } => true,
            Self::Net(error) => matches!(error, NetError::NoNetwork { .. } | NetError::Broken { .. }),
            Self::Refused { status, .. } => *status >= 500,
            _ => false,
        }
    }
}

/// A day on this machine's calendar: `2026-11-22`.
pub fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| "later".to_owned(), |time| time.with_timezone(&Local).format("%Y-%m-%d").to_string())
}

/// A time of day on this machine's clock: `14:05`.
pub fn clock(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| "later".to_owned(), |time| time.with_timezone(&Local).format("%H:%M").to_string())
}
