//! One repository's objects, brought by git, with progress and new tries.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use base64::Engine as _;
use internflow_domain::{Remote, Repository};
use internflow_git::{Broken, Fetched, Fetching, Refusal};
use internflow_net::Wire;

use tokio_util::sync::CancellationToken;

use crate::account::SignedIn;
use crate::queue::Meter;
use crate::{Core, blocking};

/// Reports of a fetch are this far apart.
const REPORT_EVERY: Duration = Duration::from_millis(300);
/// Waits before a fetch that the network broke is tried again, in seconds.
const TRY_AGAIN: [u64; 6] = [1, 3, 10, 30, 60, 120];

/// Fetches, and tries again when the network broke.
pub(super) async fn fetch(
    core: &Core,
    meter: &mut Meter<'_>,
    repository: &Repository,
    remote: &Remote,
    signed_in: Option<&SignedIn>,
) -> Result<Fetched> {
    let mut waits = TRY_AGAIN.iter();
    loop {
        let error = match fetch_once(core, meter, repository, remote, signed_in).await {
            Ok(fetched) => return Ok(fetched),
            Err(error) => error,
        };
        let wait = match (error.is::<Broken>(), waits.next()) {
            (true, Some(wait)) => *wait,
            _ => return Err(explained(error, remote, signed_in.is_some())),
        };
        // How far the broken one was says nothing about the next.
        meter.begin(0);
        for left in (1..=wait).rev() {
            meter.report(format!("The connection is gone; trying again in {left} s")).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn fetch_once(
    core: &Core,
    meter: &mut Meter<'_>,
    repository: &Repository,
    remote: &Remote,
    signed_in: Option<&SignedIn>,
) -> Result<Fetched> {
    meter.report(format!("Fetching {}", remote.full_name)).await?;
    let mut headers = Vec::new();
    if let Some(signed_in) = signed_in
        && let Some(token) = signed_in.session.access().await?
    {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{token}"));
        headers.push(("authorization".to_owned(), format!("Basic {basic}")));
    }
    let cancel = CancellationToken::new();
    let wire = Wire::new(core.net()?, &format!("history of {}", remote.full_name), cancel.clone());
    let wire = Arc::new(wire);
    let progress = Arc::new(Fetching::default());
    let stop = StopOnDrop(progress.clone(), cancel);
    let (folder, url, seen) = (PathBuf::from(&repository.path), remote.url.clone(), progress.clone());
    let fetching = blocking(move || internflow_git::fetch(&folder, &url, wire, headers, &seen));
    tokio::pin!(fetching);
    loop {
        tokio::select! {
            fetched = &mut fetching => {
                drop(stop);
                return fetched;
            }
            () = tokio::time::sleep(REPORT_EVERY) => {
                let number = |of: &AtomicUsize| of.load(Ordering::Relaxed);
                let all = number(&progress.all_objects) as u32;
                if meter.total() != all {
                    meter.begin(all);
                }
                meter.set(number(&progress.objects) as u32);
                let megabytes = number(&progress.bytes) as f64 / 1e6;
                meter.report(format!("Fetching {}, {megabytes:.1} MB", remote.full_name)).await?;
            }
        }
    }
}

/// A dropped sync stops the thread that fetches, also while it waits for the network.
struct StopOnDrop(Arc<Fetching>, CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
        self.1.cancel();
    }
}

/// What a refusal means for the user.
fn explained(error: anyhow::Error, remote: &Remote, signed_in: bool) -> anyhow::Error {
    let name = &remote.full_name;
    match error.downcast_ref::<Refusal>() {
        Some(Refusal::SignIn | Refusal::NotFound) if !signed_in => anyhow::anyhow!(
            "{name} does not exist, or it is private. Sign in to GitHub with an account that may read it."
        ),
        Some(Refusal::SignIn) => anyhow::anyhow!(
            "This account may not read {name}. If the sign-in is limited to some repositories, add this one on GitHub's page."
        ),
        Some(Refusal::NotFound) => {
            anyhow::anyhow!("{name} is not there any more. What was synced stays here.")
        }
        Some(Refusal::Status(status)) => {
            anyhow::anyhow!(
                "The host of {name} answered with HTTP {status}. It is tried again at the next sync."
            )
        }
        None => error,
    }
}
