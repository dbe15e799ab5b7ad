//! What the app is doing, how its parts are, what left the machine, and whether it has what it needs.

pub(crate) mod components;

mod bundle;

use std::time::Duration;

use anyhow::Result;
use internflow_domain::{ApiError, Check, Component, ModelState, NetworkLedger, Task};
use serde::Deserialize;
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, blocking, data, models};

pub use bundle::{WriteBundle, bundle};

#[derive(Debug, Deserialize, TS)]
pub struct TaskId {
    #[ts(type = "number")]
    pub task_id: i64,
}

/// The newest fifty.
pub async fn tasks(core: &Core, _: Nothing) -> Result<Vec<Task>> {
    core.store.tasks(50).await
}

pub async fn task(core: &Core, args: TaskId) -> Result<Task> {
    Ok(core.store.task(args.task_id).await?.ok_or_else(|| ApiError::not_found("task"))?)
}

/// Stops a task. Returns at once; the task's row says when it has stopped. Stopping one that has ended
/// changes nothing.
pub async fn cancel(core: &Core, args: TaskId) -> Result<()> {
    if core.store.task(args.task_id).await?.is_none() {
        return Err(ApiError::not_found("task").into());
    }
    if !core.store.cancel_queued(args.task_id, core.now()).await? {
        core.signals.cancel(args.task_id);
    }
    core.announce("tasks");
    Ok(())
}

/// How each part of the app is. Never fails: a database that does not answer is a part that is broken.
pub async fn components(core: &Core, _: Nothing) -> Result<Vec<Component>> {
    Ok(components::all(core).await)
}

/// What was asked of other machines.
pub async fn network(core: &Core, _: Nothing) -> Result<NetworkLedger> {
    core.store.network_ledger().await
}

/// Looks at everything a user may miss. Never fails: what cannot be looked at is a finding.
pub async fn doctor(core: &Core, _: Nothing) -> Result<Vec<Check>> {
    let mut checks = vec![
        Check { name: "Version".into(), ok: true, found: version(), mend: String::new() },
        data_folder(core),
    ];
    for model in models::list(core, Nothing {}).await? {
        let ok = model.state == ModelState::Ready;
        let found = match model.state {
            ModelState::Ready => "here, checksum right",
            ModelState::Unverified => "here, checksum not compared yet",
            ModelState::Partial => "download was interrupted",
            ModelState::Missing => "not here",
            ModelState::Damaged => "truncated or altered; it is never loaded",
        };
        let mend = match model.state {
            ModelState::Ready => String::new(),
            ModelState::Unverified => "internflow-cli models verify".to_owned(),
            _ => format!("internflow-cli models get {}", model.id),
        };
        checks.push(Check {
            name: format!("Model {}", model.id),
            ok,
            found: format!("{found} ({})", model.folder),
            mend,
        });
    }
    let threads = std::thread::available_parallelism().map(|n| n.get()).unwrap_or(1);
    checks.push(Check {
        name: "Processor".into(),
        ok: threads > 1,
        found: format!("{threads} threads"),
        mend: if threads > 1 {
            String::new()
        } else {
            "Reviews will be slow: use rules only, or a machine with two cores.".into()
        },
    });
    checks.push(database(core).await);
    checks.push(data::backup::check(core));
    let (machine, data_dir) = (core.config.machine, core.config.data_dir.clone());
    checks.extend(blocking(move || Ok(machine(&data_dir))).await?);
    Ok(checks)
}

fn version() -> String {
    format!("InternFlow {} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH)
}

fn data_folder(core: &Core) -> Check {
    let path = core.config.data_dir.display().to_string();
    let probe = core.config.data_dir.join("doctor.tmp");
    let written = std::fs::write(&probe, b"InternFlow").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Check { name: "Data folder".into(), ok: true, found: path, mend: String::new() },
        Err(error) => Check {
            name: "Data folder".into(),
            ok: false,
            found: format!("{path}: {error}"),
            mend: "Free space or allow writing there, or use --data-dir with another folder.".into(),
        },
    }
}

async fn database(core: &Core) -> Check {
    let started = std::time::Instant::now();
    let answer = tokio::time::timeout(Duration::from_secs(5), core.store.repositories()).await;
    let (ok, found) = match answer {
        Ok(Ok(repositories)) => (
            true,
            format!(
                "{} {}, answers in {:.1} ms",
                repositories.len(),
                if repositories.len() == 1 { "repository" } else { "repositories" },
                started.elapsed().as_secs_f64() * 1e3
            ),
        ),
        Ok(Err(error)) => (false, format!("{error:#}")),
        Err(_) => (false, "no answer in 5 s".into()),
    };
    let mend = if ok {
        String::new()
    } else {
        "Close InternFlow and start it again; if that does not help, use another --data-dir.".into()
    };
    Check { name: "Database".into(), ok, found, mend }
}
