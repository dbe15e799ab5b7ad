//! What became of findings: open, fixed, back again, dismissed.
//!
//! A finding is followed from its commit to HEAD, through every commit that touches its file ([`walk`]), its line
//! through insertions, deletions and renames ([`step`]). The law of it:
//!
//! - Fixed and reopened are said by git alone. A line is changed whoever has looked at the commit that changed it,
//!   so no review has to end, or to begin, for it to be true. For a rule, fixed means that it no longer objects
//!   where the line went; what only the model saw is fixed when its line is changed or deleted.
//! - A run of a review therefore fixes nothing. At its end it may take back what an earlier run said of the same
//!   commit and it no longer says, but only of the stages that it went through: without the model it takes back
//!   nothing of the model's, and a run that was cancelled or failed takes back nothing at all.
//! - What is back is the old finding and not a new one: the same rule and the same line, in the same file or the
//!   same function.
//! - What the user dismissed does not come back, nor does its twin ([`said`]).
//! - States are derived. When the history was rewritten they are made anew from the findings, of which none is
//!   removed; a finding whose commit is gone is looked for where it was.

mod said;
mod step;
mod walk;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use internflow_domain::{Finding, FindingList, FindingState, Place, Repository, StoredFinding};
use internflow_git::{Repo, Trail};
use internflow_store::finding_state::{Followed, ToFollow, Track, Tracked};
use serde::Deserialize;
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, blocking, repositories, settings};
use step::Version;
use walk::{Problem, Tracks, Walk, born, kin};

/// More findings than this are no list; the worst are shown.
const LISTED: usize = 1_000;

#[derive(Debug, Deserialize, TS)]
pub struct ListFindings {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub state: StateAsked,
}

/// Which findings to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum StateAsked {
    /// In the files of HEAD, for the first time or again.
    Open,
    Fixed,
    Dismissed,
    All,
}

#[derive(Debug, Deserialize, TS)]
pub struct TurnRuleOn {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub rule: String,
}

/// The findings of a repository as they are at HEAD.
pub async fn findings(core: &Core, args: ListFindings) -> Result<FindingList> {
    let repository = repositories::one(core, args.repository_id).await?;
    let mut findings = core.store.problems(repository.id).await?;
    weigh(core, repository.id, &mut findings).await?;
    let of = |state| move |stored: &&StoredFinding| is_in(stored, state);
    let count = |state| findings.iter().filter(of(state)).count() as u32;
    let (open, fixed, dismissed) =
        (count(StateAsked::Open), count(StateAsked::Fixed), count(StateAsked::Dismissed));
    findings.retain(|stored| is_in(stored, args.state));
    findings.sort_by(|a, b| {
        let worst = |stored: &StoredFinding| Reverse(stored.finding.severity);
        let place = |stored: &StoredFinding| (stored.finding.path.clone(), stored.finding.line);
        let surest = b.finding.confidence.total_cmp(&a.finding.confidence);
        worst(a).cmp(&worst(b)).then(surest).then_with(|| place(a).cmp(&place(b)))
    });
    findings.truncate(LISTED);
    let quiet = core.store.quiet_rules(repository.id).await?;
    Ok(FindingList { findings, open, fixed, dismissed, quiet })
}

fn is_in(stored: &StoredFinding, asked: StateAsked) -> bool {
    match asked {
        // What is on no branch that is checked out and nowhere in its files is nobody's to mend here.
        StateAsked::Open => stored.is_open() && (stored.on_branch || stored.now.is_some()),
        StateAsked::Fixed => stored.state == FindingState::Fixed,
        StateAsked::Dismissed => stored.state == FindingState::Dismissed,
        StateAsked::All => true,
    }
}

/// Lets a rule speak again that became quiet because the user kept dismissing it.
pub async fn turn_on(core: &Core, args: TurnRuleOn) -> Result<()> {
    core.store.turn_rule_on(args.repository_id, &args.rule).await?;
    announce(core, args.repository_id);
    Ok(())
}

/// States of findings, or what is shown of them, are others now.
pub(super) fn announce(core: &Core, repository_id: i64) {
    core.announce(format!("findings:{repository_id}"));
    core.announce(format!("commits:{repository_id}"));
}

/// Says of each finding whether its rule is quiet, and whether the user wants to see it.
pub(super) async fn weigh(core: &Core, repository_id: i64, findings: &mut [StoredFinding]) -> Result<()> {
    let strictness = settings::get(core, Nothing {}).await?.strictness;
    let quiet = core.store.quiet_rules(repository_id).await?;
    for stored in findings {
        let rule = quiet.iter().find(|quiet| quiet.rule == stored.finding.rule);
        stored.quiet = rule.map(|quiet| quiet.dismissals);
        let Finding { severity, confidence, .. } = stored.finding;
        stored.shown = strictness.admits(severity, confidence, stored.quiet.is_some());
    }
    Ok(())
}

/// Of each of these commits, the open findings that are shown, and the number of the others.
pub(crate) async fn counts(
    core: &Core,
    repository_id: i64,
    shas: &[&str],
) -> Result<HashMap<String, (u32, u32)>> {
    let strictness = settings::get(core, Nothing {}).await?.strictness;
    let quiet = core.store.quiet_rules(repository_id).await?;
    let mut counts: HashMap<String, (u32, u32)> = HashMap::new();
    for tally in core.store.tallies(repository_id, shas).await? {
        let quiet = quiet.iter().any(|quiet| quiet.rule == tally.rule);
        let open = tally.open && strictness.admits(tally.severity, tally.confidence, quiet);
        let (shown, others) = counts.entry(tally.sha).or_default();
        *if open { shown } else { others } += tally.count;
    }
    Ok(counts)
}

/// The dismissed finding that means the same as this one, and why it was dismissed.
pub(super) async fn twin(core: &Core, repository_id: i64, new: &Finding) -> Result<Option<(i64, String)>> {
    let dismissed = core.store.dismissed_of(repository_id, &new.rule).await?;
    let twin = dismissed.into_iter().find(|(_, _, finding)| said::twins(finding, new));
    Ok(twin.map(|(id, reason, _)| (id, reason)))
}

/// Follows the findings of a repository to its HEAD. Cheap when nothing has happened since, and as cheap as what has
/// happened. An error leaves the states as they were; the next commit or review tries again.
pub(crate) async fn follow(core: &Core, repository: &Repository) {
    if let Err(error) = try_follow(core, repository).await {
        let (repository, error) = (repository.id, format!("{error:#}"));
        tracing::warn!(repository, error, "findings can't be followed");
    }
}

async fn try_follow(core: &Core, repository: &Repository) -> Result<()> {
    let Some(todo) = core.store.to_follow(repository.id).await? else { return Ok(()) };
    let path = repository.path.clone();
    let followed = blocking(move || followed(&Repo::open(Path::new(&path))?, todo)).await?;
    if core.store.set_followed(repository.id, &followed).await? && !followed.tracks.is_empty() {
        announce(core, repository.id);
    }
    Ok(())
}

fn followed(repo: &Repo, todo: ToFollow) -> Result<Followed> {
    let ToFollow { head, before, goes_on, findings } = todo;
    let trail = repo.trail();
    let here: BTreeMap<i64, Finding> = findings
        .iter()
        .filter(|tracked| tracked.position.is_some())
        .map(|tracked| (tracked.id, tracked.finding.clone()))
        .collect();
    let walk = Walk { trail: &trail, findings: &here };
    let mut now = Tracks::new();
    if let Some(before) = before.as_ref().filter(|_| goes_on) {
        let known = findings.iter().filter(|tracked| here.contains_key(&tracked.id));
        let known = known.filter_map(|tracked| Some((tracked.id, tracked.track.clone()?)));
        let known: Tracks = known.filter(|(_, track)| track.on_branch).collect();
        now = if *before == head { known } else { gone_on(&walk, &head, before, known)? };
    }
    // A new finding may be the return of one that was fixed: that is seen only from the start.
    let new: Vec<&Finding> = findings.iter().filter(|t| t.track.is_none()).map(|t| &t.finding).collect();
    now.retain(|id, track| {
        let back = |new: &&Finding| new.path != track.place.path && kin(&here[id], new);
        track.fixed.is_none() || !new.iter().any(back)
    });
    from_their_commits(&walk, &head, &mut now)?;
    for tracked in &findings {
        now.entry(tracked.id).or_insert_with(|| looked_for(&trail, &head, tracked));
    }
    same(&findings, &mut now);
    let known: HashMap<i64, &Track> =
        findings.iter().filter_map(|tracked| Some((tracked.id, tracked.track.as_ref()?))).collect();
    let changed = now.into_iter().filter(|(id, track)| known.get(id).is_none_or(|known| *known != track));
    let tracks = changed.collect();
    Ok(Followed { head, before, tracks })
}

/// Follows what is known of `before`. What a merge would be credited with is left out: the branch that it joins may
/// have begun before `before`, and who did it is then seen only from the start.
fn gone_on(walk: &Walk<'_>, head: &str, before: &str, known: Tracks) -> Result<Tracks> {
    let commits = walk.trail.commits(head, &[before.to_owned()])?;
    let start = HashMap::from([(before.to_owned(), known)]);
    let mut now = walk.to(head, &commits, start, &HashMap::new())?;
    let merges = commits.iter().filter(|commit| commit.parents.len() > 1);
    let merges: HashSet<&str> = merges.map(|commit| commit.sha.as_str()).collect();
    let by_merge = |sha: &Option<String>| sha.as_deref().is_some_and(|sha| merges.contains(sha));
    now.retain(|_, track| !by_merge(&track.fixed) && !by_merge(&track.reopened));
    Ok(now)
}

/// Follows the findings that are not in `now` from their own commits.
fn from_their_commits(walk: &Walk<'_>, head: &str, now: &mut Tracks) -> Result<()> {
    let mut births: HashMap<&str, Vec<i64>> = HashMap::new();
    for (id, finding) in walk.findings.iter().filter(|(id, _)| !now.contains_key(id)) {
        births.entry(&finding.commit).or_default().push(*id);
    }
    let mut found = match births.iter().next() {
        None => return Ok(()),
        // The usual case, a review that has ended: what was before its commit is of no interest.
        Some((sha, ids)) if births.len() == 1 => {
            let commits = walk.trail.commits(head, &[(*sha).to_owned()])?;
            let tracks = ids.iter().map(|id| (*id, born(&walk.findings[id]))).collect();
            walk.to(head, &commits, HashMap::from([((*sha).to_owned(), tracks)]), &HashMap::new())?
        }
        Some(_) => walk.to(head, &walk.trail.commits(head, &[])?, HashMap::new(), &births)?,
    };
    now.append(&mut found);
    Ok(())
}

/// Looks for a finding whose commit is not in the history, as after a forced push, where it was.
fn looked_for(trail: &Trail, head: &str, tracked: &Tracked) -> Track {
    let Tracked { finding, position, .. } = tracked;
    let text = trail.text(head, &finding.path).unwrap_or_default();
    let found = text.and_then(|text| Version::new(&finding.path, text).find(finding));
    let (line, end_line) = found.unwrap_or((finding.line, finding.end_line));
    let place = Place { path: finding.path.clone(), line, end_line };
    Track { place, on_branch: position.is_some(), there: found.is_some(), ..born(finding) }
}

/// Findings of several commits may be one problem, which came back or was moved: the oldest stands for it.
fn same(findings: &[Tracked], now: &mut Tracks) {
    let mut oldest: Vec<&Tracked> = findings.iter().collect();
    // Those whose commits are gone come last: they stand for nothing that is here.
    oldest.sort_by_key(|tracked| (Reverse(tracked.position), tracked.id));
    let mut first: HashMap<Problem, i64> = HashMap::new();
    for tracked in oldest {
        let Some(track) = now.get_mut(&tracked.id) else { continue };
        track.same_as = None;
        if track.there {
            let id = *first.entry(Problem::of(&tracked.finding, track)).or_insert(tracked.id);
            track.same_as = (id != tracked.id).then_some(id);
        }
    }
}
