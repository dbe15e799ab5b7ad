//! The parts of the app: itself, the processes of the models, the lanes of the queue, the database. For each what it
//! does, what waits for it, and what went wrong with it last.

use std::time::{Duration, Instant};

use anyhow::Result;
use internflow_domain::{Component, ComponentState, EngineDoing, EngineProcess, EngineState, Times, Trouble};
use internflow_store::component::OfKind;

use crate::queue::past::Past;
use crate::queue::{CRAWLS, DATABASE, LANES};
use crate::{Core, jobs, sync};

/// The database is broken when it has not answered after this long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds after which a write that the disk refused is no trouble of now any more.
const OVER: i64 = 10;
/// A process that tells every second that it lives is slow when it was silent for this long.
const SILENT: Duration = Duration::from_millis(1_800);
/// Between two looks at whether one is, while there are such processes.
const LISTENS: Duration = Duration::from_secs(2);
/// Announcements are at least this far apart: a model may be asked many times a second.
const QUIET: Duration = Duration::from_millis(500);

/// Announces `components` when something happened to one of them, until the queue stops.
pub(crate) async fn watch(core: Core) {
    let mut pasts = core.signals.pasts().subscribe();
    let (text, embedder) = (&core.engines.text_process, &core.engines.embedder_process);
    let (mut of_text, mut of_embedder) = (text.changed(), embedder.changed());
    let either = |is: fn(&EngineState) -> bool| [text, embedder].iter().any(|one| is(&one.state()));
    let mut was_silent = false;
    loop {
        // A rest that is over is no event.
        let rest = [text.state().rests, embedder.state().rests].into_iter().flatten().min();
        tokio::select! {
            _ = pasts.changed() => {}
            () = &mut of_text => of_text = text.changed(),
            () = &mut of_embedder => of_embedder = embedder.changed(),
            () = tokio::time::sleep(rest.unwrap_or_default()), if rest.is_some() => {}
            // Nor is a silence, or its end.
            () = tokio::time::sleep(LISTENS), if was_silent || either(|state| state.process_id.is_some()) => {
                let is_silent = either(|state| state.silent >= SILENT);
                if is_silent == was_silent {
                    continue;
                }
                was_silent = is_silent;
            }
            () = core.signals.stopping() => return,
        }
        core.announce("components");
        tokio::select! {
            () = tokio::time::sleep(QUIET) => {}
            () = core.signals.stopping() => return,
        }
    }
}

pub(super) async fn all(core: &Core) -> Vec<Component> {
    let began = Instant::now();
    let told = match tokio::time::timeout(PATIENCE, told(core)).await {
        Ok(told) => told.map_err(|error| format!("{error:#}")),
        Err(_) => Err(format!("It did not answer within {} s.", PATIENCE.as_secs())),
    };
    // Only reads do without the turn of a writer: that a change waits, they don't show.
    let asked = Instant::now();
    let turn = tokio::time::timeout(PATIENCE, core.store.probe()).await;
    let told = told.and_then(|told| match turn {
        Ok(turn) => turn.map(|()| told).map_err(|error| format!("{error:#}")),
        Err(_) => Err(format!("It took no change within {} s.", PATIENCE.as_secs())),
    });
    let took = (asked - began, asked.elapsed());
    let mut all = vec![
        itself(),
        of_engine(core, "text_model", "Text model", &*core.engines.text_process),
        of_engine(core, "embedder", "Embedding model", &*core.engines.embedder_process),
    ];
    let nothing = Told::default();
    let of_lanes = told.as_ref().unwrap_or(&nothing);
    for (kinds, name) in LANES.into_iter().chain([CRAWLS]) {
        all.push(of_lane(core, kinds, name, of_lanes));
    }
    all.push(of_database(core, told.as_ref().err(), took));
    all
}

/// What the database tells of the lanes.
#[derive(Default)]
struct Told {
    kinds: Vec<OfKind>,
    errors: Vec<(String, Trouble)>,
    /// When work begins by itself, by its kind.
    next: Vec<(&'static str, Option<i64>)>,
}

async fn told(core: &Core) -> Result<Told> {
    Ok(Told {
        kinds: core.store.kinds().await?,
        errors: core.store.last_errors().await?,
        next: vec![
            (sync::TASK, sync::next(core).await?),
            (sync::CONTRIBUTIONS, sync::next_contributions(core).await?),
            (jobs::crawl::TASK, jobs::crawler::next(core).await?),
        ],
    })
}

fn component(id: &str, name: &str, state: ComponentState, words: String) -> Component {
    Component {
        id: id.to_owned(),
        name: name.to_owned(),
        state,
        words,
        until: None,
        queued: 0,
        oldest_s: None,
        last_success: None,
        next_run: None,
        restarts: 0,
        last_error: None,
        times: None,
        process_id: None,
        memory: None,
        confined: None,
    }
}

/// The process that all of this runs in, but for the models.
fn itself() -> Component {
    let process_id = Some(std::process::id());
    let words = "answers".to_owned();
    let memory = memory(std::process::id());
    Component { process_id, memory, ..component("core", "InternFlow itself", ComponentState::Running, words) }
}

fn of_engine(core: &Core, id: &str, name: &str, process: &dyn EngineProcess) -> Component {
    let EngineState {
        doing,
        on_trial,
        rests,
        waiting,
        oldest,
        process_id,
        confined,
        restarts,
        answered,
        failed,
        seconds,
        silent,
    } = process.state();
    let (state, words) = match doing {
        EngineDoing::NotRunning => (ComponentState::Idle, "not in memory, starts with the next question"),
        EngineDoing::Loading => (ComponentState::Running, "loads its model"),
        EngineDoing::Ready => (ComponentState::Idle, "in memory, nothing to do"),
        EngineDoing::Working => (ComponentState::Running, "answers a question"),
        EngineDoing::Waiting => {
            (ComponentState::Waiting, "its process ended and is started again in a moment")
        }
        EngineDoing::LeftAlone => (ComponentState::LeftAlone, "its process kept ending"),
    };
    let mut words = words.to_owned();
    if on_trial && state != ComponentState::LeftAlone {
        words.push_str("; on trial after it was left alone");
    }
    if silent >= SILENT {
        words.push_str(&format!("; lately silent for {:.1} s", silent.as_secs_f32()));
    }
    let now = core.now();
    let seconds_of = |length: Duration| length.as_secs() as i64;
    Component {
        until: rests.map(|rest| now + seconds_of(rest) + 1),
        queued: waiting,
        oldest_s: oldest.map(seconds_of),
        last_success: answered.map(|ago| now - seconds_of(ago)),
        restarts: u32::try_from(restarts).unwrap_or(u32::MAX),
        last_error: failed.map(|(message, ago)| Trouble { message, at: now - seconds_of(ago) }),
        times: Times::of(&seconds),
        process_id,
        memory: process_id.and_then(memory),
        confined,
        ..component(id, name, state, words)
    }
}

fn of_lane(core: &Core, kinds: &[&'static str], name: &str, told: &Told) -> Component {
    let mine = |kind: &str| kinds.contains(&kind);
    let rows: Vec<&OfKind> = told.kinds.iter().filter(|row| mine(&row.kind)).collect();
    let past: Past = core.signals.pasts().borrow().get(kinds[0]).cloned().unwrap_or_default();
    let queued = rows.iter().map(|row| row.queued).sum();
    let now = core.now();
    let broken = past.broke_off.as_ref().filter(|(_, until)| *until > now);
    let (state, words) = if let Some((trouble, _)) = broken {
        (ComponentState::Waiting, trouble.message.trim_end_matches('.').to_owned())
    } else if let Some(title) = rows.iter().find_map(|row| row.running.clone()) {
        (ComponentState::Running, title)
    } else if queued == 0 {
        (ComponentState::Idle, "nothing to do".to_owned())
    } else if core.config.resumes {
        (ComponentState::Waiting, "about to begin".to_owned())
    } else {
        (ComponentState::Waiting, "waits until the app is opened".to_owned())
    };
    let of_tasks = told.errors.iter().filter(|(kind, _)| mine(kind)).map(|(_, trouble)| trouble);
    let errors = of_tasks.chain(past.broke_off.as_ref().map(|(trouble, _)| trouble));
    let seconds: Vec<f32> = past.seconds.iter().copied().collect();
    Component {
        until: broken.map(|(_, until)| *until),
        queued,
        oldest_s: rows.iter().filter_map(|row| row.oldest).min().map(|asked| (now - asked).max(0)),
        last_success: rows.iter().filter_map(|row| row.last_success).max(),
        next_run: told.next.iter().find(|(kind, _)| mine(kind)).and_then(|(_, next)| *next),
        restarts: past.restarts,
        last_error: errors.max_by_key(|trouble| trouble.at).cloned(),
        times: Times::of(&seconds),
        ..component(kinds[0], name, state, words)
    }
}

/// How long it took to ask everything that the other parts show, and until something could have been changed.
fn of_database(core: &Core, error: Option<&String>, (asked, turn): (Duration, Duration)) -> Component {
    if let Some(message) = error {
        let last_error = Some(Trouble { message: message.clone(), at: core.now() });
        let words = "does not answer".to_owned();
        return Component { last_error, ..component(DATABASE, "Database", ComponentState::Broken, words) };
    }
    let files = ["internflow.db", "internflow.db-wal"].map(|name| core.config.data_dir.join(name));
    let bytes: u64 = files.iter().filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    let now = core.now();
    let trouble = core.signals.pasts().borrow().get(DATABASE).and_then(|past| past.trouble.clone());
    // Whoever has to write tries again every few seconds: a trouble that was not met again is over.
    if trouble.as_ref().is_some_and(|trouble| now - trouble.at < OVER) {
        let words = "could not write".to_owned();
        return Component {
            last_error: trouble,
            ..component(DATABASE, "Database", ComponentState::Broken, words)
        };
    }
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    let words = format!(
        "answers in {:.0} ms, takes changes in {:.0} ms, {:.1} MB",
        ms(asked),
        ms(turn),
        bytes as f64 / 1e6
    );
    Component {
        last_success: Some(now),
        last_error: trouble,
        ..component(DATABASE, "Database", ComponentState::Running, words)
    }
}

/// Bytes that a process has in memory: `VmRSS` of `/proc/PID/status` (proc_pid_status(5)).
fn memory(process_id: u32) -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    let kibibytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    Some(kibibytes.trim().parse::<u64>().ok()? * 1024)
}
