//! The GitHub account: signing in with a code or a token, staying signed in, signing out.
//!
//! One state at a time, held by a watch channel. The polling of a code belongs to that state: leaving the
//! state drops it, which ends the polling.

mod keep;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use internflow_domain::{Account, ApiError, Contribution, ErrorCode, RemoteRepository, SignIn};
use internflow_github::session::Keeps as _;
use internflow_github::{Client, GithubError, Host, Session, Tokens, device};
use internflow_net::NetError;
use internflow_store::account::StoredAccount;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, settings, sync};
use keep::{Answers, keyring};

/// Never printed: no `Debug`.
#[derive(Deserialize, TS)]
pub struct PasteToken {
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct SignedOut {
    /// Where the user takes the access back at GitHub.
    pub revoke_page: String,
}

/// A day on this machine's calendar, for people: `2026-11-22`.
pub fn day(seconds: i64) -> String {
    internflow_github::day(seconds)
}

/// Setting: "1" from signing out until the token is deleted.
const LEAVING: &str = "signing_out";

/// Where sign-in stands; cheap to clone.
pub(crate) type State = watch::Sender<Arc<Now>>;

pub(crate) enum Now {
    /// Nobody has asked yet: the keyring is opened only when somebody does.
    Unknown,
    Out {
        message: Option<String>,
    },
    /// The keyring did not open, and may still hold the sign-in.
    Locked {
        message: String,
    },
    Code {
        user_code: String,
        page: String,
        expires_at: i64,
        waiting: Option<String>,
        polling: Polling,
    },
    In(Box<SignedIn>),
}

/// The task that asks whether the user has typed the code; dropped, it ends.
type Polling = Arc<Option<AbortOnDropHandle<()>>>;

/// What a signed-in account can do.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) host: Host,
    pub(crate) client: Client,
    pub(crate) session: Arc<Session>,
    /// The repositories the account can see, once somebody asked.
    pub(crate) listed: watch::Sender<Option<Arc<Vec<RemoteRepository>>>>,
}

pub(crate) fn state() -> State {
    watch::Sender::new(Arc::new(Now::Unknown))
}

pub async fn get(core: &Core, _: Nothing) -> Result<SignIn> {
    restore(core).await?;
    shown(core).await
}

/// Looks into the keyring again, after the user has unlocked it.
pub async fn unlock(core: &Core, _: Nothing) -> Result<SignIn> {
    if matches!(**core.account.borrow(), Now::Locked { .. }) {
        core.account.send_replace(Arc::new(Now::Unknown));
    }
    restore(core).await?;
    shown(core).await
}

/// Asks GitHub for a code and starts to ask whether it was typed.
pub async fn sign_in(core: &Core, _: Nothing) -> Result<SignIn> {
    if let Some(signed_in) = current(core).await? {
        bail!("{} is signed in already. Sign out first.", signed_in.account.login);
    }
    let (host, client_id) = chosen(core).await?;
    let Some(client_id) = client_id else {
        bail!(
            "This build of InternFlow has no client id for signing in with a code. Enter the one of a GitHub App in the settings, or paste a token."
        );
    };
    let code = device::start(&core.net()?, &host, &client_id).await?;
    let now = core.now();
    let page = host.device_page();
    let started = Now::Code {
        user_code: code.user_code.clone(),
        page: page.clone(),
        expires_at: now + code.expires_in as i64,
        waiting: None,
        polling: Arc::new(None),
    };
    become_(core, started);
    let (later, expires_at) = (core.clone(), now + code.expires_in as i64);
    let user_code = code.user_code.clone();
    let turns = device::Turns::new(code.interval);
    let mut asking = Asking { host, client_id, code, turns, expires_at };
    let handle = tokio::spawn(async move { while let Step::Again = asking.step(&later).await {} });
    let polling = Arc::new(Some(AbortOnDropHandle::new(handle)));
    become_(core, Now::Code { user_code, page, expires_at, waiting: None, polling });
    shown(core).await
}

/// Gives the code up.
pub async fn cancel(core: &Core, _: Nothing) -> Result<SignIn> {
    if matches!(**core.account.borrow(), Now::Code { .. }) {
        become_(core, Now::Out { message: None });
    }
    shown(core).await
}

/// Signs in with a token that the user made.
pub async fn paste(core: &Core, args: PasteToken) -> Result<SignIn> {
    if let Some(signed_in) = current(core).await? {
        bail!("{} is signed in already. Sign out first.", signed_in.account.login);
    }
    let (host, client_id) = chosen(core).await?;
    let access = args.token.trim().to_owned();
    if access.is_empty() || access.contains(char::is_whitespace) || !access.is_ascii() {
        bail!("This is no token. Copy the whole token from GitHub, which shows it only once.");
    }
    let tokens = Tokens { access, refresh: None, expires_at: None, refresh_expires_at: None };
    arrive(core, host, client_id.unwrap_or_default(), tokens, None).await?;
    shown(core).await
}

/// Deletes the tokens. Everything that was synced stays.
pub async fn sign_out(core: &Core, _: Nothing) -> Result<SignedOut> {
    restore(core).await?;
    let signed_in = signed_in(core);
    let stored = core.store.account().await?;
    let deleted = match (&signed_in, &stored) {
        (Some(signed_in), _) => signed_in.session.sign_out().await,
        // The keyring was locked when the sign-in was looked for; it may still hold it.
        (None, Some(stored)) => keyring(core, &Host::from_api(&stored.api)?).keep(None).await,
        (None, None) => Ok(()),
    };
    // Without a keyring there was nothing to delete.
    if let (true, Err(error)) = (stored.as_ref().is_some_and(|stored| stored.account.kept), deleted) {
        // The account stays known, so that the next try, now or after a restart, finds what is to be deleted.
        core.store.set_setting(LEAVING, "1").await?;
        let message = format!("Signed out here, but the token could not be deleted: {error}");
        become_(core, Now::Locked { message: message.clone() });
        bail!(message);
    }
    core.store.remove_account().await?;
    become_(core, Now::Out { message: None });
    let page = stored.map(|stored| stored.account.revoke_page);
    Ok(SignedOut {
        revoke_page: page.unwrap_or_else(|| format!("{}/settings/apps/authorizations", Host::default().web)),
    })
}

pub async fn contributions(core: &Core, _: Nothing) -> Result<Vec<Contribution>> {
    core.store.contributions().await
}

/// The account, when there is one. Opens the keyring the first time.
pub(crate) async fn current(core: &Core) -> Result<Option<SignedIn>> {
    restore(core).await?;
    Ok(signed_in(core))
}

/// Learns from an error: an account that GitHub does not accept any more is signed out, politely.
pub(crate) async fn learn(core: &Core, of: &SignedIn, error: &GithubError) {
    // A task may have slept while the user signed in anew: what it says is about the old sign-in.
    let same = signed_in(core).is_some_and(|now| Arc::ptr_eq(&now.session, &of.session));
    if !matches!(error, GithubError::SignedOut) || !same {
        return;
    }
    if let Err(error) = core.store.remove_account().await {
        tracing::warn!(error = format!("{error:#}"), "the ended account is still in the database");
    }
    if let Err(error) = of.session.sign_out().await {
        tracing::warn!(%error, "the ended sign-in is still in the keyring");
    }
    become_(core, Now::Out { message: Some(error.to_string()) });
}

enum Step {
    Again,
    Stop,
}

/// A code that waits to be typed.
struct Asking {
    host: Host,
    client_id: String,
    code: device::DeviceCode,
    turns: device::Turns,
    expires_at: i64,
}

impl Asking {
    async fn step(&mut self, core: &Core) -> Step {
        let net = match core.net() {
            Ok(net) => net,
            Err(error) => return self.out(core, format!("{error:#}")),
        };
        tokio::time::sleep(self.turns.wait()).await;
        let (code, interval) = (&self.code.device_code, self.turns.interval());
        let polled = device::poll(&net, &self.host, &self.client_id, code, interval, core.now()).await;
        self.turns.learn(&polled);
        match polled {
            Ok(device::Poll::Approved(tokens)) => {
                let code = Some(self.code.user_code.clone());
                let arrived = arrive(core, self.host.clone(), self.client_id.clone(), tokens, code).await;
                if let Err(error) = arrived {
                    return self.out(core, format!("{error:#}"));
                }
                Step::Stop
            }
            Ok(device::Poll::Pending { .. }) => self.waiting(core, None),
            Ok(device::Poll::Denied) => self.out(
                core,
                "The sign-in was denied on GitHub's page. Start again if that was a mistake.".into(),
            ),
            Ok(device::Poll::Expired) => {
                self.out(core, "The code was not typed in time. Get a new one.".into())
            }
            // The network may come back before the code ends.
            Err(GithubError::Net(error @ (NetError::NoNetwork { .. } | NetError::Broken { .. }))) => {
                self.waiting(core, Some(error.to_string()))
            }
            Err(error) => self.out(core, error.to_string()),
        }
    }

    fn waiting(&self, core: &Core, reason: Option<String>) -> Step {
        if core.now() >= self.expires_at {
            return self.out(core, "The code was not typed in time. Get a new one.".into());
        }
        let changed = core.account.send_if_modified(|now| match &**now {
            Now::Code { user_code, page, expires_at, waiting, polling } if *waiting != reason => {
                *now = Arc::new(Now::Code {
                    user_code: user_code.clone(),
                    page: page.clone(),
                    expires_at: *expires_at,
                    waiting: reason.clone(),
                    polling: polling.clone(),
                });
                true
            }
            _ => false,
        });
        if changed {
            core.announce("account");
        }
        Step::Again
    }

    fn out(&self, core: &Core, message: String) -> Step {
        // The state owns this very task: it ends with the change.
        become_(core, Now::Out { message: Some(message) });
        Step::Stop
    }
}

/// Finds out who the tokens belong to, keeps them, and is signed in; by a code only while that code is waited for.
async fn arrive(
    core: &Core,
    host: Host,
    client_id: String,
    tokens: Tokens,
    code: Option<String>,
) -> Result<()> {
    // Answers to somebody without a name are not remembered.
    let nobody = connect(core, host.clone(), &client_id, String::new(), tokens.clone())?;
    let mut account = internflow_github::account::account(&nobody.client, &host).await?;
    account.revoke_page = format!("{}{}", host.web, revoke_path(&tokens.access));
    // Begun, this is ended: whoever cancels in the middle must not leave a token in the keyring.
    let core = core.clone();
    tokio::spawn(async move { settle_in(&core, host, client_id, tokens, account, code).await })
        .await
        .context("the sign-in could not be completed")?
}

async fn settle_in(
    core: &Core,
    host: Host,
    client_id: String,
    tokens: Tokens,
    mut account: Account,
    code: Option<String>,
) -> Result<()> {
    account.kept = match keyring(core, &host).keep(Some(&tokens)).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the sign-in lasts for this run only");
            false
        }
    };
    let mut signed_in = connect(core, host.clone(), &client_id, account.login.clone(), tokens)?;
    signed_in.account = account.clone();
    let mut arrived = Some(Arc::new(Now::In(Box::new(signed_in))));
    let wanted = core.account.send_if_modified(|now| {
        let wanted = match (&code, &**now) {
            (Some(code), Now::Code { user_code, .. }) => user_code == code,
            (code, now) => code.is_none() && !matches!(now, Now::In(_)),
        };
        if wanted && let Some(arrived) = arrived.take() {
            *now = arrived;
        }
        wanted
    });
    if !wanted {
        // Cancelled meanwhile. Whoever signed in since then has the same place in the keyring.
        match self::signed_in(core) {
            Some(other) => other.session.keep_again().await?,
            None => keyring(core, &host).keep(None).await?,
        }
        return Ok(());
    }
    core.store.set_account(&StoredAccount { api: host.api, client_id, account: account.clone() }).await?;
    core.store.add_account_emails(&account.emails).await?;
    core.store.set_setting(LEAVING, "").await?;
    sync::forget_contributions(core).await?;
    core.announce("account");
    Ok(())
}

/// The page of GitHub's settings that lists tokens of this kind, by their prefix.
fn revoke_path(token: &str) -> &'static str {
    match token {
        fine if fine.starts_with("github_pat_") => "/settings/personal-access-tokens",
        classic if classic.starts_with("ghp_") => "/settings/tokens",
        _ => "/settings/apps/authorizations",
    }
}

/// Signs in with the tokens of an earlier run.
async fn restore(core: &Core) -> Result<()> {
    let _one_at_a_time = core.restoring.lock().await;
    if !matches!(**core.account.borrow(), Now::Unknown) {
        return Ok(());
    }
    let now = remembered(core).await?;
    // Whoever signed in meanwhile knows better.
    let mut now = Some(Arc::new(now));
    let changed = core.account.send_if_modified(|state| match (&**state, now.take()) {
        (Now::Unknown, Some(now)) => {
            *state = now;
            true
        }
        _ => false,
    });
    if changed {
        core.announce("account");
    }
    Ok(())
}

/// The state that an earlier run left.
async fn remembered(core: &Core) -> Result<Now> {
    let Some(stored) = core.store.account().await? else { return Ok(Now::Out { message: None }) };
    let host = Host::from_api(&stored.api)?;
    if core.store.setting(LEAVING).await?.as_deref() == Some("1") {
        return Ok(match keyring(core, &host).keep(None).await {
            Ok(()) => {
                core.store.remove_account().await?;
                core.store.set_setting(LEAVING, "").await?;
                Now::Out { message: None }
            }
            Err(error) => Now::Locked {
                message: format!("Signed out here, but the token could not be deleted: {error}"),
            },
        });
    }
    Ok(match keyring(core, &host).find().await {
        Ok(Some(tokens)) => {
            let mut signed_in = connect(core, host, &stored.client_id, stored.account.login.clone(), tokens)?;
            signed_in.account = stored.account;
            Now::In(Box::new(signed_in))
        }
        // Without a keyring the last sign-in was for the last run.
        Ok(None) if !stored.account.kept => Now::Out { message: None },
        Ok(None) => Now::Out {
            message: Some(
                "The sign-in is not in this computer's keyring any more. Sign in again.".to_owned(),
            ),
        },
        Err(error) => Now::Locked { message: error.to_string() },
    })
}

/// Waits a moment for a token that is being renewed, so that the new one is kept.
pub(crate) async fn settle(core: &Core) {
    if let Some(signed_in) = signed_in(core)
        && tokio::time::timeout(Duration::from_secs(5), signed_in.session.settled()).await.is_err()
    {
        tracing::warn!("a renewal of the sign-in did not end in time");
    }
}

fn connect(core: &Core, host: Host, client_id: &str, login: String, tokens: Tokens) -> Result<SignedIn> {
    let net = core.net()?;
    let clock = core.config.clock;
    let keyring = Arc::new(keyring(core, &host));
    let session =
        Arc::new(Session::new(net.clone(), host.clone(), client_id.to_owned(), keyring, clock, Some(tokens)));
    let remembers = Arc::new(Answers { store: core.store.clone(), login: login.clone() });
    let client = Client::new(net, &host, session.clone(), remembers, clock)?;
    let account = Account {
        host: host.name().to_owned(),
        login,
        name: None,
        emails: Vec::new(),
        permissions: Vec::new(),
        expires_at: None,
        renewable_until: None,
        kept: false,
        revoke_page: String::new(),
    };
    Ok(SignedIn { account, host, client, session, listed: watch::Sender::new(None) })
}

async fn shown(core: &Core) -> Result<SignIn> {
    let (host, client_id) = chosen(core).await.unwrap_or_default();
    let out = |message: Option<String>, locked| SignIn::SignedOut {
        message,
        can_use_code: client_id.is_some(),
        locked,
        token_page: format!("{}/settings/personal-access-tokens/new", host.web),
    };
    let now = core.account.borrow().clone();
    Ok(match &*now {
        Now::Unknown => out(None, false),
        Now::Out { message } => out(message.clone(), false),
        Now::Locked { message } => out(Some(message.clone()), true),
        Now::Code { user_code, page, expires_at, waiting, .. } => SignIn::Code {
            user_code: user_code.clone(),
            page: page.clone(),
            expires_at: *expires_at,
            waiting: waiting.clone(),
        },
        Now::In(signed_in) => {
            let mut account = signed_in.account.clone();
            // Of a token that the user made, only GitHub knows the end.
            if let Some((expires_at, renewable_until)) = signed_in.session.expiry() {
                account.expires_at = expires_at.or(account.expires_at);
                account.renewable_until = renewable_until;
            }
            account.kept &= signed_in.session.is_kept();
            SignIn::SignedIn { account }
        }
    })
}

fn signed_in(core: &Core) -> Option<SignedIn> {
    match &**core.account.borrow() {
        Now::In(signed_in) => Some((**signed_in).clone()),
        _ => None,
    }
}

fn become_(core: &Core, now: Now) {
    core.account.send_replace(Arc::new(now));
    core.announce("account");
}

/// The GitHub of the settings, and the client id to sign in with.
pub(crate) async fn chosen(core: &Core) -> Result<(Host, Option<String>)> {
    let settings = settings::get(core, Nothing {}).await?;
    let host = match settings.github_api.trim() {
        "" => Host::default(),
        address => Host::from_api(address)
            .map_err(|error| ApiError::new(ErrorCode::BadRequest, error.to_string()))?,
    };
    let own = settings.github_client_id.trim().to_owned();
    let client_id = if own.is_empty() { core.config.github_client_id.clone() } else { Some(own) };
    Ok((host, client_id))
}
