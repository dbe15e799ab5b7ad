//! The GitHub account: who is signed in, what it can see, and what it did elsewhere.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SignIn {
    SignedOut {
        /// How the last attempt or session ended, with what to do; null when there is nothing to say.
        message: Option<String>,
        /// There is a client id, so that signing in with a code is possible.
        can_use_code: bool,
        /// The keyring did not open and may still hold the sign-in: it can be tried again.
        locked: bool,
        /// Where a token is made, on the GitHub of the settings.
        token_page: String,
    },
    /// A code waits to be typed.
    Code {
        /// `WDJB-MJHT`.
        user_code: String,
        /// The page to type it on; made from the settings, never taken from an answer.
        page: String,
        /// Seconds since 1970 UTC.
        #[ts(type = "number")]
        expires_at: i64,
        /// The network is gone at the moment; asking goes on.
        waiting: Option<String>,
    },
    SignedIn {
        account: Account,
    },
}

/// A signed-in account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// `github.com`, or the Enterprise server's name.
    pub host: String,
    pub login: String,
    pub name: Option<String>,
    /// Addresses under which GitHub counts commits for this account, noreply ones included.
    pub emails: Vec<String>,
    /// What the token may do, in GitHub's words; empty when GitHub does not tell.
    pub permissions: Vec<String>,
    /// When the token ends; null when it does not. It is renewed by itself while `renewable_until` lasts.
    #[ts(type = "number | null")]
    pub expires_at: Option<i64>,
    #[ts(type = "number | null")]
    pub renewable_until: Option<i64>,
    /// False when there is no keyring: the sign-in then lasts until the app is closed.
    pub kept: bool,
    /// Page on which GitHub's owner takes the access back.
    pub revoke_page: String,
}

/// How the account came to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Own,
    Organization,
    Collaborator,
}

/// A repository that the account can see on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemoteRepository {
    /// `asha/tracker`.
    pub full_name: String,
    pub description: Option<String>,
    pub language: Option<String>,
    pub relation: Relation,
    pub private: bool,
    /// Upstream's commits are not the student's.
    pub fork: bool,
    pub archived: bool,
    /// Kilobytes as GitHub counts them; 0 for an empty repository.
    #[ts(type = "number")]
    pub size_kb: u64,
    /// Seconds since 1970 UTC; null when nothing was ever pushed.
    #[ts(type = "number | null")]
    pub pushed_at: Option<i64>,
    /// Id here, when it is followed.
    #[ts(type = "number | null")]
    pub repository_id: Option<i64>,
}

/// The far end of a repository that is kept in step with a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Remote {
    /// `asha/tracker`, or the address where the host is no GitHub.
    pub full_name: String,
    /// Address that git fetches from; never with a token in it.
    pub url: String,
    pub fork: bool,
    pub private: bool,
    /// Made from a template: its first commit is not the student's work.
    pub template: bool,
    /// Commits of the user that came and that nobody has decided about yet, newest first.
    pub news: Vec<String>,
    /// Seconds since 1970 UTC of the last sync that ended well; null before the first.
    #[ts(type = "number | null")]
    pub synced_at: Option<i64>,
    /// What keeps it from being in step (gone from GitHub, signed out, no network), or null.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContributionKind {
    PullRequest,
    /// A review given on somebody's pull request.
    Review,
    Issue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContributionState {
    Open,
    Merged,
    Closed,
}

/// Something the account did on GitHub beside commits, also in other people's repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contribution {
    pub kind: ContributionKind,
    /// `tokio-rs/mini-redis`.
    pub repository: String,
    pub number: u32,
    pub title: String,
    pub state: ContributionState,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    pub url: String,
    /// The repository belongs to somebody else.
    pub elsewhere: bool,
}
