//! Reviews of commits: rules at once, then the model, then judgement. Findings are stored as they come.
//!
//! Stages, each in its own file: [`triage`] decides what is looked at, [`rules`] runs the deterministic
//! rules, [`callers`] looks elsewhere for calls that do not fit any more, [`likelihood`] finds lines of which a near relative fits much better, [`ask`] lets the model look,
//! [`anchor`] ties what it says to an added line, [`judge`] throws out what does not hold, [`explain`] finds
//! the words and the patch for what is left.

mod anchor;
pub mod apply;
mod ask;
mod callers;
mod explain;
pub mod export;
mod judge;
pub mod learn;
mod likelihood;
pub mod own;
mod post;
mod rules;
mod sarif;
mod state;
mod triage;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use internflow_code::Language;
use internflow_domain::{ApiError, Finding, Repository, Review, ReviewSummary, Skipped, Stage, Task, short};
use internflow_git::{FileChange, Repo};
use internflow_store::activity::{Claimed, NewTask};
use internflow_store::search::ChunkRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::queue::Meter;
use crate::repositories::{self, OneCommit};
use crate::{Core, blocking, search, settings};
use anchor::Anchored;
use ask::Unit;
use likelihood::Slip;
pub use post::{PostFindings, post};
pub use sarif::sarif;
pub use state::{ListFindings, StateAsked, TurnRuleOn, findings, turn_on};
pub(crate) use state::{counts, follow};

pub(crate) const TASK: &str = "review";

#[derive(Debug, Deserialize, TS)]
pub struct StartReview {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// Full commit ids, reviewed in this order.
    pub shas: Vec<String>,
    /// Without the model: seconds instead of minutes.
    pub rules_only: bool,
    /// The model is also told to name problems itself; where nothing is said, as the settings have it.
    #[serde(default)]
    #[ts(optional)]
    pub questions: Option<bool>,
    /// Stages that are left out, to measure what each is worth.
    #[serde(default)]
    #[ts(as = "Option<Vec<Stage>>", optional)]
    pub without: Vec<Stage>,
}

#[derive(Debug, Deserialize, TS)]
pub struct DismissFinding {
    #[ts(type = "number")]
    pub finding_id: i64,
    /// Why it is not a problem, in the user's words; may be empty.
    pub reason: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct RestoreFinding {
    #[ts(type = "number")]
    pub finding_id: i64,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    repository_id: i64,
    sha: String,
    rules_only: bool,
    #[serde(default)]
    without: Vec<Stage>,
}

impl Payload {
    fn has(&self, stage: Stage) -> bool {
        !self.without.contains(&stage)
    }

    /// The stages that look for findings: only of theirs a run can say that one is no more.
    fn looking(&self) -> Vec<Stage> {
        let model: &[Stage] = if self.rules_only { &[] } else { &[Stage::Likelihood, Stage::Questions] };
        [Stage::Rules].iter().chain(model).copied().filter(|stage| self.has(*stage)).collect()
    }
}

/// Queues a review of each commit. A review that is already queued or running is not started twice.
pub async fn start(core: &Core, args: StartReview) -> Result<Vec<Task>> {
    let repository = repositories::one(core, args.repository_id).await?;
    let questions = match args.questions {
        Some(questions) => questions,
        None => settings::get(core, Nothing {}).await?.questions,
    };
    let mut without = args.without;
    if !questions {
        without.push(Stage::Questions);
    }
    let mut tasks = Vec::new();
    for sha in args.shas {
        let title = format!("Review {} {}", repository.name, short(&sha));
        let payload = Payload {
            repository_id: repository.id,
            sha,
            rules_only: args.rules_only,
            without: without.clone(),
        };
        let task = NewTask {
            kind: TASK,
            title,
            dedupe: format!("review:{}:{}", repository.id, payload.sha),
            payload: serde_json::to_string(&payload)?,
        };
        let id = core.store.start_review(repository.id, &payload.sha, &task, core.asked_at()).await?;
        tasks.push(core.store.task(id).await?.context("the queued task is gone")?);
        core.announce(topic(repository.id, &payload.sha));
    }
    core.announce("tasks");
    core.announce(format!("commits:{}", repository.id));
    core.signals.wake();
    Ok(tasks)
}

pub async fn get(core: &Core, args: OneCommit) -> Result<Option<Review>> {
    let mut review = core.store.review(args.repository_id, &args.sha).await?;
    if let Some(review) = &mut review {
        state::weigh(core, args.repository_id, &mut review.findings).await?;
    }
    Ok(review)
}

pub async fn dismiss(core: &Core, args: DismissFinding) -> Result<()> {
    decide(core, args.finding_id, Some(args.reason.trim())).await
}

pub async fn restore(core: &Core, args: RestoreFinding) -> Result<()> {
    decide(core, args.finding_id, None).await
}

async fn decide(core: &Core, finding_id: i64, reason: Option<&str>) -> Result<()> {
    let decided = core.store.set_dismissed(finding_id, reason).await?;
    let Some((repository_id, _)) = decided.first() else {
        return Err(ApiError::not_found("finding").into());
    };
    for (repository_id, sha) in &decided {
        core.announce(topic(*repository_id, sha));
    }
    state::announce(core, *repository_id);
    Ok(())
}

fn topic(repository_id: i64, sha: &str) -> String {
    format!("review:{repository_id}:{sha}")
}

/// A file that is looked at: its change, its language, its added lines as inclusive ranges.
pub(crate) struct Reviewed {
    pub(crate) file: FileChange,
    pub(crate) language: Option<Language>,
    pub(crate) added: Vec<(u32, u32)>,
}

impl Reviewed {
    fn path(&self) -> &str {
        &self.file.diff.path
    }

    fn text(&self) -> &str {
        self.file.new_text.as_deref().unwrap_or("")
    }
}

/// A piece of a file that the model looks at, with code from elsewhere that helps.
struct Looked<'a> {
    file: &'a Reviewed,
    unit: &'a Unit,
    related: &'a [ChunkRow],
}

/// What one run of a review has so far.
struct Run<'a> {
    core: &'a Core,
    claimed: &'a Claimed,
    repository: Repository,
    sha: String,
    started: Instant,
    summary: ReviewSummary,
    findings: Vec<Finding>,
}

impl Run<'_> {
    /// Finds the words for what stands at a line, and adds it.
    async fn explain(
        &mut self,
        of: &Looked<'_>,
        anchored: &Anchored,
        confidence: f32,
        meter: &Meter<'_>,
    ) -> Result<()> {
        meter.report(format!("Explaining {}:{}", of.unit.path, anchored.line)).await?;
        let text = &*self.core.engines.text;
        let Looked { file, unit, related } = of;
        let finding = explain::explain(text, unit, file, &self.sha, anchored, related, confidence).await?;
        self.add(finding).await
    }

    async fn add(&mut self, finding: Finding) -> Result<()> {
        let elapsed = self.started.elapsed().as_millis() as i64;
        self.summary.first_finding_ms.get_or_insert(elapsed);
        let twin = state::twin(self.core, self.repository.id, &finding).await?;
        self.core.store.add_finding(self.claimed, self.repository.id, &finding, twin.as_ref()).await?;
        self.core.announce(topic(self.repository.id, &self.sha));
        self.findings.push(finding);
        Ok(())
    }
}

pub(crate) async fn run(core: &Core, claimed: &Claimed) -> Result<()> {
    let payload: Payload = serde_json::from_str(&claimed.payload)?;
    let repository = repositories::one(core, payload.repository_id).await?;
    let mut meter = Meter::new(core, claimed, Some(topic(repository.id, &payload.sha)));
    meter.report("Reading the commit").await?;
    let (path, sha) = (repository.path.clone(), payload.sha.clone());
    tracing::debug!(repository = repository.name, sha, "reviewing");
    let (commit, files) = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        Ok((repo.commit(&sha)?, repositories::change(&repo, &sha)?))
    })
    .await?;
    let mut run = Run {
        core,
        claimed,
        repository,
        sha: payload.sha.clone(),
        started: Instant::now(),
        summary: ReviewSummary::default(),
        findings: Vec::new(),
    };

    let (reviewed, skipped) = blocking(move || Ok(triage::triage(&commit, files))).await?;
    run.summary.skipped = skipped;
    run.summary.reviewed = reviewed.iter().map(|file| file.path().to_owned()).collect();

    meter.report("Checking rules").await?;
    let (path, sha) = (run.repository.path.clone(), run.sha.clone());
    let with_rules = payload.has(Stage::Rules);
    let (reviewed, found) = blocking(move || {
        let mut found = Vec::new();
        if with_rules {
            found = rules::findings(&sha, &reviewed);
            found.extend(callers::findings(Path::new(&path), &sha, &reviewed)?);
        }
        Ok((reviewed, found))
    })
    .await?;
    for finding in found {
        run.add(finding).await?;
    }
    own::check(&mut run, &reviewed).await?;
    if !payload.rules_only && !reviewed.is_empty() {
        run.summary.model = Some(core.engines.text.name());
        with_model(&mut run, &payload, &reviewed, &mut meter).await?;
    }
    run.summary.took_ms = run.started.elapsed().as_millis() as i64;
    // Before the end: whoever sees the review done sees what became of its findings.
    follow(core, &run.repository).await;
    core.store
        .finish_review(claimed, run.repository.id, &run.sha, &run.summary, &payload.looking(), core.now())
        .await?;
    core.announce(topic(run.repository.id, &run.sha));
    state::announce(core, run.repository.id);
    Ok(())
}

async fn with_model(
    run: &mut Run<'_>,
    payload: &Payload,
    reviewed: &[Reviewed],
    meter: &mut Meter<'_>,
) -> Result<()> {
    let (units, too_many) = ask::units(reviewed);
    run.summary.skipped.extend(too_many);
    meter.begin(units.len() as u32);
    for unit in units {
        meter.report(format!("Reading {}", unit.place())).await?;
        let mut related = Vec::new();
        // Only questions gain by it; whoever explains a slip has the function before them.
        if payload.has(Stage::Retrieval) && payload.has(Stage::Questions) {
            let found = search::related(run.core, run.repository.id, &unit.added_text(), &unit.path, 1).await;
            // A review without related code is a review; the log says why it was done without.
            related = found.unwrap_or_else(|error| {
                tracing::warn!(error = format!("{error:#}"), "no related code for this piece");
                Vec::new()
            });
        }
        let file =
            reviewed.iter().find(|file| file.path() == unit.path).context("a unit without its file")?;
        let looked = Looked { file, unit: &unit, related: &related };
        if payload.has(Stage::Likelihood) {
            look_for_slips(run, &looked, meter).await?;
        }
        if payload.has(Stage::Questions) {
            ask_about(run, &looked, meter).await?;
        }
        meter.advance();
    }
    Ok(())
}

async fn look_for_slips(run: &mut Run<'_>, looked: &Looked<'_>, meter: &Meter<'_>) -> Result<()> {
    let text = &*run.core.engines.text;
    for Slip { anchored, confidence } in likelihood::slips(text, looked.unit, looked.file).await? {
        if !anchor::repeats(&run.findings, &looked.unit.path, &anchored) {
            run.explain(looked, &anchored, confidence, meter).await?;
        }
    }
    Ok(())
}

async fn ask_about(run: &mut Run<'_>, looked: &Looked<'_>, meter: &Meter<'_>) -> Result<()> {
    let text = &*run.core.engines.text;
    let Looked { file, unit, related } = looked;
    let candidates = ask::candidates(text, unit, related).await?;
    let mut kept = Vec::new();
    for candidate in candidates {
        let Some(anchored) = anchor::anchor(unit, candidate) else {
            run.summary.dropped_anchor += 1;
            continue;
        };
        if anchor::repeats(&run.findings, &unit.path, &anchored) {
            continue;
        }
        match judge::judge(text, unit, file.text(), &anchored).await? {
            Some(confidence) => kept.push((anchored, confidence)),
            None => run.summary.dropped_judged += 1,
        }
    }
    // The best first; the rest of what one unit may say is dropped rather than shown as noise.
    kept.sort_by(|a, b| b.1.total_cmp(&a.1));
    let allowed = ask::allowed(unit);
    run.summary.dropped_judged += kept.len().saturating_sub(allowed) as u32;
    kept.truncate(allowed);
    for (anchored, confidence) in kept {
        run.explain(looked, &anchored, confidence, meter).await?;
    }
    Ok(())
}

/// A skipped file in the words the user reads.
fn skipped(path: &str, reason: impl Into<String>) -> Skipped {
    Skipped { path: path.to_owned(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use internflow_domain::{ChangeKind, FileDiff};

    use super::*;

    /// A new file of which these lines count as added.
    pub(super) fn added(path: &str, text: &str, added: Vec<(u32, u32)>) -> Reviewed {
        let language = Language::of(path, "");
        let diff = FileDiff {
            path: path.to_owned(),
            old_path: None,
            change: ChangeKind::Added,
            language: language.map(|language| language.name().to_owned()),
            added: 0,
            removed: 0,
            hunks: Vec::new(),
            omitted: None,
        };
        Reviewed {
            file: FileChange { diff, old_text: None, new_text: Some(text.to_owned()) },
            language,
            added,
        }
    }
}
