//! What a review looks at, and what it leaves out with the reason.

use internflow_code::{Language, formatting_only, skip_reason};
use internflow_domain::{ChangeKind, Commit, LineKind, Skipped};
use internflow_git::FileChange;

use super::{Reviewed, skipped};

/// Splits a commit's files into those to look at and those left out.
pub(super) fn triage(commit: &Commit, files: Vec<FileChange>) -> (Vec<Reviewed>, Vec<Skipped>) {
    let (mut reviewed, mut left_out) = (Vec::new(), Vec::new());
    if commit.parents > 1 {
        left_out
            .push(skipped("(whole commit)", "merge commit: its changes were made in the commits it joins"));
        return (reviewed, left_out);
    }
    for file in files {
        match reason(&file) {
            Some(reason) => left_out.push(skipped(&file.diff.path, reason)),
            None => {
                let added = added_ranges(&file);
                let language = file.diff.language.as_deref().and_then(Language::parse);
                reviewed.push(Reviewed { file, language, added });
            }
        }
    }
    (reviewed, left_out)
}

fn reason(file: &FileChange) -> Option<String> {
    let diff = &file.diff;
    if let Some(omitted) = &diff.omitted {
        return Some(omitted.clone());
    }
    if diff.change == ChangeKind::Deleted {
        return Some("deleted".into());
    }
    if diff.added == 0 {
        return Some(
            if diff.change == ChangeKind::Renamed { "renamed only" } else { "no line was added" }.into(),
        );
    }
    let text = file.new_text.as_deref().unwrap_or("");
    if let Some(reason) = skip_reason(&diff.path, Some(text), text.len()) {
        return Some(reason);
    }
    file.old_text
        .as_deref()
        .is_some_and(|old| formatting_only(&diff.path, old, text))
        .then(|| "only formatting changed".into())
}

/// Added lines as inclusive ranges of the new file, in order.
fn added_ranges(file: &FileChange) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let lines = file.diff.hunks.iter().flat_map(|hunk| &hunk.lines);
    for line in lines.filter(|line| line.kind == LineKind::Added).filter_map(|line| line.new) {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == line => *end = line,
            _ => ranges.push((line, line)),
        }
    }
    ranges
}
