//! The tokens of a signed-in account: kept, renewed before they end, never shown.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use async_trait::async_trait;
use internflow_net::Net;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::{GithubError, Host, device, seconds};

/// A token is renewed when it has less than this left, in seconds: a request may wait in a queue.
const EARLY: i64 = 5 * 60;

/// What lets us in. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub access: String,
    /// Single use; absent for a token that the user pasted.
    pub refresh: Option<String>,
    /// Seconds since 1970 UTC; absent when it does not end.
    pub expires_at: Option<i64>,
    pub refresh_expires_at: Option<i64>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Where tokens lie between runs of the app.
#[async_trait]
pub trait Keeps: Send + Sync {
    /// Replaces what is kept. `None` deletes it.
    ///
    /// # Errors
    /// [`GithubError::Keyring`]; what was kept before then still is.
    async fn keep(&self, tokens: Option<&Tokens>) -> Result<(), GithubError>;
}

/// One account's tokens. All requests share one session, so that a token which ends is renewed once and
/// not once by each of them: a refresh token is used up by its first use.
pub struct Session {
    net: Net,
    host: Host,
    client_id: String,
    keeps: Arc<dyn Keeps>,
    clock: fn() -> SystemTime,
    /// Held while a renewal is on its way: whoever waits finds the new token.
    tokens: Mutex<Option<Tokens>>,
    /// False once a renewed pair could not be kept.
    kept: AtomicBool,
}

impl Session {
    pub fn new(
        net: Net,
        host: Host,
        client_id: String,
        keeps: Arc<dyn Keeps>,
        clock: fn() -> SystemTime,
        tokens: Option<Tokens>,
    ) -> Self {
        Self { net, host, client_id, keeps, clock, tokens: Mutex::new(tokens), kept: AtomicBool::new(true) }
    }

    /// A token that is good for the next minutes; `None` without an account.
    ///
    /// # Errors
    /// [`GithubError::SignedOut`] when it can't be renewed, or why the renewal failed.
    pub async fn access(self: &Arc<Self>) -> Result<Option<String>, GithubError> {
        let this = self.clone();
        unbroken(async move {
            let mut tokens = this.tokens.lock().await;
            let Some(kept) = tokens.clone() else { return Ok(None) };
            let now = seconds(this.clock);
            if kept.refresh.is_some() && kept.expires_at.is_some_and(|at| at - EARLY <= now) {
                match this.renew(&mut tokens).await {
                    // The old one is still good for a while.
                    Err(error) if error.is_passing() && kept.expires_at.is_some_and(|at| at > now) => {}
                    renewed => renewed?,
                }
            }
            Ok(tokens.as_ref().map(|tokens| tokens.access.clone()))
        })
        .await
    }

    /// A token in place of `refused`, which GitHub answered with 401.
    ///
    /// # Errors
    /// [`GithubError::SignedOut`] when there is none; the session is empty then.
    pub async fn access_after(self: &Arc<Self>, refused: &str) -> Result<String, GithubError> {
        let (this, refused) = (self.clone(), refused.to_owned());
        unbroken(async move {
            let mut tokens = this.tokens.lock().await;
            match &*tokens {
                None => return Err(GithubError::SignedOut),
                // Another request has renewed it meanwhile.
                Some(now) if now.access != refused => return Ok(now.access.clone()),
                Some(_) => {}
            }
            this.renew(&mut tokens).await?;
            tokens.as_ref().map(|tokens| tokens.access.clone()).ok_or(GithubError::SignedOut)
        })
        .await
    }

    /// Empties the session and deletes what is kept.
    ///
    /// # Errors
    /// [`GithubError::Keyring`]; the session is empty all the same.
    pub async fn sign_out(&self) -> Result<(), GithubError> {
        *self.tokens.lock().await = None;
        self.keeps.keep(None).await
    }

    /// Keeps the tokens anew, when something else may have taken their place.
    ///
    /// # Errors
    /// [`GithubError::Keyring`].
    pub async fn keep_again(&self) -> Result<(), GithubError> {
        let tokens = self.tokens.lock().await;
        self.keeps.keep(tokens.as_ref()).await
    }

    /// When the token ends and when it can't be renewed any more, seconds since 1970 UTC. `None` while it is
    /// being renewed: whoever shows it does not wait for the network.
    pub fn expiry(&self) -> Option<(Option<i64>, Option<i64>)> {
        let tokens = self.tokens.try_lock().ok()?;
        Some(tokens.as_ref().map_or((None, None), |tokens| (tokens.expires_at, tokens.refresh_expires_at)))
    }

    /// The tokens are where they will be found after a restart, as far as this session knows.
    pub fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Relaxed)
    }

    /// Waits for a renewal that is on its way; for a program that ends.
    pub async fn settled(&self) {
        drop(self.tokens.lock().await);
    }

    async fn renew(&self, tokens: &mut Option<Tokens>) -> Result<(), GithubError> {
        let refresh = tokens.as_ref().and_then(|tokens| tokens.refresh.clone());
        let renewed = match refresh {
            Some(refresh) => {
                device::refresh(&self.net, &self.host, &self.client_id, &refresh, seconds(self.clock)).await
            }
            None => Err(GithubError::SignedOut),
        };
        match renewed {
            Ok(new) => {
                // Kept before it is used: the old refresh token is worth nothing from now on, and a crash
                // must not lose the new one. A keyring that fails leaves it in memory for this run.
                let kept = self.keeps.keep(Some(&new)).await;
                self.kept.store(kept.is_ok(), Ordering::Relaxed);
                if let Err(error) = kept {
                    tracing::warn!(%error, "the renewed sign-in lasts for this run only");
                }
                *tokens = Some(new);
                Ok(())
            }
            Err(GithubError::SignedOut) => {
                *tokens = None;
                if let Err(error) = self.keeps.keep(None).await {
                    tracing::warn!(%error, "the ended sign-in could not be deleted");
                }
                Err(GithubError::SignedOut)
            }
            Err(error) => Err(error),
        }
    }
}

/// Runs to its end also when the caller is dropped: a renewal that GitHub has made and we have not read
/// would be a sign-in lost.
async fn unbroken<T: Send + 'static>(
    work: impl Future<Output = Result<T, GithubError>> + Send + 'static,
) -> Result<T, GithubError> {
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(error) => Err(GithubError::Keyring(format!("The sign-in could not be renewed ({error})."))),
    }
}
