//! Waiting for tasks with a progress bar.

use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use internflow_core::Core;
use internflow_core::activity::{self, TaskId};
use internflow_domain::{Task, TaskState};

use crate::show;

/// Longest silence between two looks at a task whose events were missed.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Waits until the tasks have ended, showing the progress of the one that runs. Ctrl-C cancels them.
/// `each` is called once with every task when it has ended.
pub(crate) async fn for_tasks(
    core: &Core,
    tasks: &[Task],
    mut each: impl AsyncFnMut(&Task) -> Result<()>,
) -> Result<()> {
    let bar = bar();
    let mut events = core.subscribe();
    let mut open: Vec<i64> = tasks.iter().map(|task| task.id).collect();
    while !open.is_empty() {
        for id in open.clone() {
            let task = activity::task(core, TaskId { task_id: id }).await?;
            if task.state.is_final() {
                open.retain(|open| *open != id);
                bar.suspend(|| ());
                each(&task).await?;
            } else if task.state == TaskState::Running {
                draw(&bar, &task, tasks.len() - open.len(), tasks.len());
            }
        }
        tokio::select! {
            _ = events.recv() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = tokio::signal::ctrl_c() => {
                for id in &open {
                    activity::cancel(core, TaskId { task_id: *id }).await?;
                }
                bar.finish_and_clear();
                bail!("Stopped. What was found so far is kept.");
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The error of a task that did not end well.
pub(crate) fn outcome(task: &Task) -> Result<()> {
    match (&task.state, &task.error) {
        (TaskState::Done, _) => Ok(()),
        (TaskState::Cancelled, _) => bail!("{} was stopped.", task.title),
        (_, Some(error)) => bail!("{}: {}", task.title, error.message),
        (state, None) => bail!("{} ended as {}; the log names the reason.", task.title, state.as_str()),
    }
}

fn bar() -> ProgressBar {
    let target =
        if show::is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}") {
        bar.set_style(style);
    }
    bar
}

fn draw(bar: &ProgressBar, task: &Task, ended: usize, all: usize) {
    let progress = &task.progress;
    bar.set_length(progress.total.max(1).into());
    bar.set_position(progress.done.into());
    let which = if all > 1 { format!("[{} of {all}] ", ended + 1) } else { String::new() };
    let eta = progress
        .eta_s
        .map(|s| if s < 90 { format!(" · {s} s left") } else { format!(" · {} min left", s.div_ceil(60)) });
    bar.set_message(format!("{which}{}{}", progress.stage, eta.unwrap_or_default()));
}
