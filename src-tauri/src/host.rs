//! The core inside the window's process, on a runtime of its own.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use internflow_app::{Leftovers, Places, Running};
use internflow_core::repositories::{self, AddRepository};
use internflow_core::{Core, api};
use internflow_domain::{ApiError, Event};
use serde_json::Value;
use tauri::ipc::Channel;
use tokio::runtime::Runtime;
use tokio::sync::broadcast::error::RecvError;

/// Longest wait for running work to stop when the window closes.
const STOP: Duration = Duration::from_secs(1);

/// Owns the runtime and the core; the commands get clones of the core.
pub(crate) struct Host {
    runtime: Runtime,
    running: Running,
}

impl Host {
    /// Starts the core and adds the repository named on the command line.
    pub(crate) fn start(repository: Option<PathBuf>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("core")
            .build()
            .context("The app can't start its threads")?;
        let running = runtime.block_on(async {
            let running = internflow_app::start(Places::find(None)?, Leftovers::Resume).await?;
            if let Some(path) = repository {
                let path = std::path::absolute(path)?.to_string_lossy().into_owned();
                repositories::add(&running.core, AddRepository { path }).await?;
            }
            anyhow::Ok(running)
        })?;
        Ok(Self { runtime, running })
    }

    pub(crate) fn door(&self) -> Door {
        Door { core: self.running.core.clone(), runtime: self.runtime.handle().clone() }
    }

    /// Stops the work, which goes on at the next start, and the workers.
    pub(crate) fn stop(self) {
        let Self { runtime, running } = self;
        if runtime.block_on(async { tokio::time::timeout(STOP, running.stop()).await }).is_err() {
            tracing::warn!("running work did not stop in time; its rows are recovered at the next start");
        }
        runtime.shutdown_timeout(STOP);
    }
}

/// What the window's commands reach.
#[derive(Clone)]
pub(crate) struct Door {
    core: Core,
    runtime: tokio::runtime::Handle,
}

impl Door {
    /// Where the core exports documents to, unless told another place.
    pub(crate) fn exports(&self) -> PathBuf {
        self.core.config().data_dir.join("exports")
    }
}

/// Runs one command of the core's list.
#[tauri::command]
pub(crate) async fn call(door: tauri::State<'_, Door>, name: String, args: Value) -> Result<Value, ApiError> {
    let door = door.inner().clone();
    let asked = door.runtime.spawn(async move { api::call(&door.core, &name, args).await });
    asked.await.unwrap_or_else(|error| {
        let message = format!("This stopped on a defect of InternFlow; the log has the details. ({error})");
        Err(ApiError::new(internflow_domain::ErrorCode::Failed, message))
    })
}

/// Sends every event of the core into the channel until the window is gone.
#[tauri::command]
pub(crate) fn subscribe(door: tauri::State<'_, Door>, events: Channel<Event>) {
    let mut changes = door.core.subscribe();
    door.runtime.spawn(async move {
        loop {
            let event = match changes.recv().await {
                Ok(event) => event,
                // Too slow a window has missed some: it fetches everything again.
                Err(RecvError::Lagged(_)) => Event::changed("*"),
                Err(RecvError::Closed) => return,
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
}
