//! Keeping repositories in step with GitHub: a bare copy that git fetches, its history, and reviews of
//! what is new.
//!
//! The history comes by git and not by the API: one conversation brings thousands of commits, and the
//! next one only what is new. The API is asked one thing a sync: whether the repository is still there
//! and still has this name.

mod address;
mod fetch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use internflow_domain::{ApiError, ErrorCode, Remote, RemoteRepository, Repository, Task};
use internflow_git::Repo;
use internflow_github::{GithubError, contributions, repositories as listed};
use internflow_store::activity::{Claimed, NewTask};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::account::{self, SignedIn};
use crate::api::Nothing;
use crate::queue::Meter;
use crate::reviews::StartReview;
use crate::settings::{self, ReviewNew};
use crate::{Core, authorship, blocking, index, models, repositories, reviews};
use address::{Address, file_name};

pub(crate) const TASK: &str = "sync";
pub(crate) const CONTRIBUTIONS: &str = "contributions";

/// Seconds for which a sync is fresh enough when the window gets the focus.
const FRESH: i64 = 5 * 60;
/// Seconds between two looks at the contributions.
const DAY: i64 = 24 * 60 * 60;
/// Setting: when the last look at the contributions was begun.
const LOOKED_AT: &str = "contributions_looked_at";
/// New commits reviewed by themselves after one sync; of more than this the user picks.
const REVIEW_MOST: usize = 20;

#[derive(Debug, Deserialize, TS)]
pub struct ListRemote {
    /// Ask GitHub again instead of taking what is remembered.
    pub refresh: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct Follow {
    /// `asha/tracker`, or the https address of a repository that everybody may read.
    pub address: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct SyncRepositories {
    /// Empty for all that are followed.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
}

#[derive(Debug, Deserialize, TS)]
pub struct DecideNews {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// Review them; otherwise they are left to the user.
    pub review: bool,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
}

/// The repositories that the account can see, last pushed first.
pub async fn remote(core: &Core, args: ListRemote) -> Result<Vec<RemoteRepository>> {
    let signed_in = needs_account(core).await?;
    let known = signed_in.listed.borrow().clone().filter(|_| !args.refresh);
    let listed = match known {
        Some(listed) => listed,
        None => ask(core, &signed_in).await?,
    };
    let followed = core.store.repositories().await?;
    let id_of = |name: &str| {
        let same = |r: &&Repository| r.remote.as_ref().is_some_and(|remote| remote.full_name == name);
        followed.iter().find(same).map(|repository| repository.id)
    };
    Ok(listed
        .iter()
        .map(|one| RemoteRepository { repository_id: id_of(&one.full_name), ..one.clone() })
        .collect())
}

async fn ask(core: &Core, signed_in: &SignedIn) -> Result<Arc<Vec<RemoteRepository>>> {
    match listed::list(&signed_in.client).await {
        Ok(listed) => {
            let login = &signed_in.account.login;
            let listed = Arc::new(listed.into_iter().map(|slim| slim.shown(login)).collect::<Vec<_>>());
            signed_in.listed.send_replace(Some(listed.clone()));
            Ok(listed)
        }
        Err(error) => {
            account::learn(core, signed_in, &error).await;
            Err(error.into())
        }
    }
}

/// Makes a place for a repository and queues its first sync.
pub async fn follow(core: &Core, args: Follow) -> Result<Repository> {
    let host = match account::current(core).await? {
        Some(signed_in) => signed_in.host,
        None => account::chosen(core).await?.0,
    };
    let address = Address::parse(&args.address, &host)?;
    let mut remote = Remote {
        full_name: address.full_name,
        url: address.url,
        fork: false,
        private: false,
        template: false,
        news: Vec::new(),
        synced_at: None,
        problem: None,
    };
    if let Some(signed_in) = account_for(core, &remote.url).await? {
        match listed::one(&signed_in.client, &remote.full_name).await {
            Ok(slim) => {
                (remote.fork, remote.private) = (slim.fork, slim.private);
                remote.template = slim.is_from_template();
                (remote.full_name, remote.url) = (slim.full_name, slim.clone_url);
            }
            // Everything else shows itself when git asks, and is told there.
            Err(error @ GithubError::NotFound(_)) => return Err(error.into()),
            Err(error) => account::learn(core, &signed_in, &error).await,
        }
    }
    if let Some(id) = core.store.repository_of_remote(&remote.url).await? {
        start(core, SyncRepositories { ids: vec![id] }).await?;
        return repositories::one(core, id).await;
    }
    let known: Vec<PathBuf> =
        core.store.repositories().await?.into_iter().map(|repository| repository.path.into()).collect();
    let (all, name) = (copies(core), file_name(&remote.url));
    let path = blocking(move || {
        std::fs::create_dir_all(&all).with_context(|| format!("{} can't be made", all.display()))?;
        let all = all.canonicalize()?;
        // A repository that was renamed keeps its folder; a new one under its old name gets another.
        let free = (1..).map(|n| if n == 1 { format!("{name}.git") } else { format!("{name}-{n}.git") });
        let folder = free.map(|name| all.join(name)).find(|folder| !known.contains(folder));
        let folder = folder.context("no name is left for a folder")?;
        internflow_git::prepare(&folder)?;
        Ok(folder)
    })
    .await?;
    let path = path.to_str().context("The data folder's name is not valid Unicode.")?;
    let name = remote.full_name.rsplit('/').next().unwrap_or(&remote.full_name).to_owned();
    let id = core.store.add_repository(path, &name).await?;
    core.store.set_remote(id, &remote).await?;
    enqueue(core, id, &remote.full_name).await?;
    core.announce("repositories");
    repositories::one(core, id).await
}

/// Queues syncs. One that is queued or running already is not started twice.
pub async fn start(core: &Core, args: SyncRepositories) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for repository in core.store.repositories().await? {
        let Some(remote) = &repository.remote else { continue };
        if args.ids.is_empty() || args.ids.contains(&repository.id) {
            tasks.push(enqueue(core, repository.id, &remote.full_name).await?);
        }
    }
    Ok(tasks)
}

/// Queues the syncs of what is not fresh; for a window that gets the focus.
pub async fn due(core: &Core, _: Nothing) -> Result<()> {
    if settings::get(core, Nothing {}).await?.sync_minutes > 0 {
        enqueue_older(core, FRESH).await?;
    }
    Ok(())
}

/// Queues a sync of each repository whose last one was begun more than `age` seconds ago.
pub(crate) async fn enqueue_older(core: &Core, age: i64) -> Result<()> {
    for id in core.store.due_for_sync(core.now(), age).await? {
        if let Some(remote) = repositories::one(core, id).await?.remote {
            enqueue(core, id, &remote.full_name).await?;
        }
    }
    Ok(())
}

/// When the next repository is due, seconds since 1970 UTC; `None` where none is synced by itself.
pub(crate) async fn next(core: &Core) -> Result<Option<i64>> {
    let minutes = settings::get(core, Nothing {}).await?.sync_minutes;
    if minutes == 0 || !core.config.resumes {
        return Ok(None);
    }
    let longest = core.store.longest_unsynced().await?;
    Ok(longest.map(|at| (at + i64::from(minutes) * 60).max(core.now())))
}

/// When the contributions are looked at again, seconds since 1970 UTC; `None` while nobody is signed in.
pub(crate) async fn next_contributions(core: &Core) -> Result<Option<i64>> {
    let by_itself = settings::get(core, Nothing {}).await?.sync_minutes > 0 && core.config.resumes;
    if !by_itself || !matches!(**core.account.borrow(), account::Now::In(_)) {
        return Ok(None);
    }
    let last = core.store.setting(LOOKED_AT).await?.and_then(|at| at.parse::<i64>().ok()).unwrap_or(0);
    Ok(Some((last + DAY).max(core.now())))
}

/// Queues a look at the contributions when the last one was begun a day ago.
pub(crate) async fn contributions_due(core: &Core) -> Result<()> {
    let last = core.store.setting(LOOKED_AT).await?.and_then(|at| at.parse::<i64>().ok()).unwrap_or(0);
    // After this moment means that the clock was wrong then.
    let due = core.now() - last >= DAY || last > core.now();
    if due { enqueue_contributions(core).await } else { Ok(()) }
}

/// Makes the next look at the contributions due: another account has others.
pub(crate) async fn forget_contributions(core: &Core) -> Result<()> {
    core.store.set_setting(LOOKED_AT, "0").await
}

/// Queues a look at what the account did elsewhere.
async fn enqueue_contributions(core: &Core) -> Result<()> {
    core.store.set_setting(LOOKED_AT, &core.now().to_string()).await?;
    let task = NewTask {
        kind: CONTRIBUTIONS,
        title: "Look for pull requests, reviews and issues".to_owned(),
        dedupe: CONTRIBUTIONS.to_owned(),
        payload: "{}".to_owned(),
    };
    core.enqueue(&task).await?;
    Ok(())
}

/// Key of a repository's sync in the queue.
fn dedupe(repository_id: i64) -> String {
    format!("sync:{repository_id}")
}

async fn enqueue(core: &Core, repository_id: i64, full_name: &str) -> Result<Task> {
    let task = NewTask {
        kind: TASK,
        title: format!("Sync {full_name}"),
        dedupe: dedupe(repository_id),
        payload: serde_json::to_string(&Payload { repository_id })?,
    };
    core.enqueue(&task).await
}

pub(crate) async fn run_contributions(core: &Core, claimed: &Claimed) -> Result<()> {
    let signed_in = needs_account(core).await?;
    let meter = Meter::new(core, claimed, None);
    let found = loop {
        meter.report("Asking GitHub").await?;
        match contributions::contributions(&signed_in.client, &signed_in.account.login).await {
            Ok(found) => break found,
            Err(error) => after(core, &meter, &signed_in, error).await?,
        }
    };
    core.store.finish_contributions(claimed, &found, core.now()).await?;
    core.announce("contributions");
    Ok(())
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::one(core, payload.repository_id).await?;
    core.store.sync_begins(repository.id, core.now()).await?;
    let done = bring(core, claimed, repository).await;
    if let Err(error) = &done {
        // The page of the repository says it until a sync ends well; what is here stays.
        core.store.set_problem(payload.repository_id, Some(&format!("{error:#}"))).await?;
        core.announce("repositories");
    }
    done
}

async fn bring(core: &Core, claimed: &Claimed, repository: Repository) -> Result<()> {
    let Some(mut remote) = repository.remote.clone() else {
        bail!("{} is a folder of this computer and is not synced.", repository.name);
    };
    let mut meter = Meter::new(core, claimed, None);
    let signed_in = account_for(core, &remote.url).await?;
    if let Some(signed_in) = &signed_in {
        meter.report("Asking GitHub").await?;
        still_there(core, &meter, signed_in, repository.id, &mut remote).await?;
    }
    // The address may be another now.
    let signed_in = signed_in.filter(|signed_in| signed_in.host.owns(&remote.url));
    let fetched = fetch::fetch(core, &mut meter, &repository, &remote, signed_in.as_ref()).await?;
    if let Some(moved) = fetched.moved_to {
        let moved = Remote { url: moved, ..remote };
        rename(core, repository.id, &moved).await?;
    }
    meter.report("Reading the history").await?;
    let before = core.store.synced_tips(repository.id).await?;
    let now = repositories::look(core, repository.id).await?;
    let tips: Vec<String> = branches(&now.path).await?.into_iter().map(|(_, sha)| sha).collect();
    authorship::measure(core, &now, &mut meter).await?;
    let mut news = Vec::new();
    if before.as_ref() != Some(&tips) {
        core.announce(format!("commits:{}", repository.id));
        index::enqueue(core, &now).await?;
        // The first sync brings years of work: which of it to review, the user says.
        if let Some(before) = &before {
            news = review_new(core, &now, before).await?;
        }
    }
    // Last: a sync that is cut off before this finds the same news again.
    core.store.finish_sync(claimed, repository.id, &tips, &news, core.now()).await?;
    core.announce("repositories");
    Ok(())
}

/// Notes the new name and address of a repository, unless another one has it already.
async fn rename(core: &Core, id: i64, remote: &Remote) -> Result<()> {
    if core.store.repository_of_remote(&remote.url).await?.is_some_and(|other| other != id) {
        bail!("It was renamed to {}, which is followed already. Remove one of the two.", remote.full_name);
    }
    core.store.set_remote(id, remote).await
}

/// Learns the repository's present name, or that it is gone.
async fn still_there(
    core: &Core,
    meter: &Meter<'_>,
    signed_in: &SignedIn,
    id: i64,
    remote: &mut Remote,
) -> Result<()> {
    let slim = loop {
        match listed::one(&signed_in.client, &remote.full_name).await {
            Ok(slim) => break slim,
            Err(GithubError::NotFound(name)) => bail!(
                "{name} is not on GitHub any more, or this account may not see it. What was synced stays here."
            ),
            // Git is asked all the same: what everybody may read needs no account.
            Err(GithubError::SignedOut) => {
                account::learn(core, signed_in, &GithubError::SignedOut).await;
                return Ok(());
            }
            Err(error @ GithubError::Paused { .. }) => after(core, meter, signed_in, error).await?,
            // Git waits for a network that is gone, and what it may fetch does not depend on the API.
            Err(error) if error.is_passing() => {
                tracing::info!(%error, "synced without asking GitHub for the name");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    };
    let now = Remote {
        template: slim.is_from_template(),
        full_name: slim.full_name,
        url: slim.clone_url,
        fork: slim.fork,
        private: slim.private,
        ..remote.clone()
    };
    if now != *remote {
        rename(core, id, &now).await?;
        *remote = now;
    }
    Ok(())
}

/// Waits out a limit; any other error ends the task.
async fn after(core: &Core, meter: &Meter<'_>, of: &SignedIn, error: GithubError) -> Result<()> {
    account::learn(core, of, &error).await;
    let GithubError::Paused { until } = error else { return Err(error.into()) };
    meter.report(error.to_string()).await?;
    // Asked again every minute: a laptop's sleep is not counted by timers.
    while core.now() < until {
        tokio::time::sleep(Duration::from_secs((until - core.now()).clamp(1, 60) as u64)).await;
    }
    Ok(())
}

async fn branches(path: &str) -> Result<Vec<(String, String)>> {
    let path = path.to_owned();
    blocking(move || Repo::open(Path::new(&path))?.branches()).await
}

/// Queues reviews of the user's new commits, the newest first, and returns those that the user is asked about.
async fn review_new(core: &Core, repository: &Repository, before: &[String]) -> Result<Vec<String>> {
    let which = settings::get(core, Nothing {}).await?.review_new;
    let mine = authorship::mine(core, repository).await?;
    let (path, before) = (repository.path.clone(), before.to_vec());
    let new = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let tips = match which {
            ReviewNew::All => repo.branches()?.into_iter().map(|(_, sha)| sha).collect(),
            ReviewNew::DefaultBranch | ReviewNew::Ask => repo.head()?.sha.into_iter().collect::<Vec<_>>(),
        };
        repo.since(&tips, &before)
    })
    .await?;
    let mut shas: Vec<String> =
        new.commits.iter().filter(|commit| mine.has(commit)).map(|commit| commit.sha.clone()).collect();
    let by_itself = if which == ReviewNew::Ask { 0 } else { REVIEW_MOST.min(shas.len()) };
    let asked = shas.split_off(by_itself);
    review(core, repository.id, shas).await?;
    Ok(asked)
}

async fn review(core: &Core, repository_id: i64, shas: Vec<String>) -> Result<()> {
    if shas.is_empty() {
        return Ok(());
    }
    // Before the model is here, the rules are better than an error.
    let rules_only = !models::writes(core).await?;
    reviews::start(
        core,
        StartReview { repository_id, shas, rules_only, questions: None, without: Vec::new() },
    )
    .await
    .map(drop)
}

/// Reviews what syncs brought, or leaves it; either way it is asked about no more.
pub async fn decide(core: &Core, args: DecideNews) -> Result<()> {
    let repository = repositories::one(core, args.repository_id).await?;
    let news = repository.remote.map(|remote| remote.news).unwrap_or_default();
    if args.review {
        review(core, repository.id, news.clone()).await?;
    }
    core.store.remove_news(repository.id, &news).await?;
    core.announce("repositories");
    Ok(())
}

/// The account, if it belongs to the host of this address: its token goes nowhere else.
async fn account_for(core: &Core, url: &str) -> Result<Option<SignedIn>> {
    Ok(account::current(core).await?.filter(|signed_in| signed_in.host.owns(url)))
}

async fn needs_account(core: &Core) -> Result<SignedIn> {
    match account::current(core).await? {
        Some(signed_in) => Ok(signed_in),
        None => Err(ApiError::new(ErrorCode::SignedOut, GithubError::NoAccount.to_string()).into()),
    }
}

/// Deletes the copy of a repository that is followed no more. Only what lies in our own folder.
pub(crate) async fn remove_copy(core: &Core, repository: &Repository) {
    let path = PathBuf::from(&repository.path);
    let ours = copies(core).canonicalize().is_ok_and(|ours| path.starts_with(ours));
    if ours && let Err(error) = tokio::fs::remove_dir_all(&path).await {
        tracing::warn!(%error, path = repository.path, "the copy of a removed repository stays");
    }
}

/// Where the copies lie.
fn copies(core: &Core) -> PathBuf {
    core.config.data_dir.join("repositories")
}
