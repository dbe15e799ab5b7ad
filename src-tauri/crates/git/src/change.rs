//! What a commit changed, as files, hunks and lines.

use anyhow::{Context, Result};
use gix::bstr::{BString, ByteSlice};
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use internflow_domain::{ChangeKind, DiffLine, FileDiff, Hunk, LineKind};

use crate::{Repo, commit};

/// Files above this size are shown by name only.
pub const MAX_BYTES: u64 = 1 << 20;
/// Files above this number of lines are shown by name only.
pub const MAX_LINES: usize = 50_000;
/// Unchanged lines around a change, as in `git diff`.
const CONTEXT: u32 = 3;
/// More files than this in one commit are cut off: an import of a whole tree is not a review.
const MAX_FILES: usize = 2_000;

/// One changed file with its whole text on both sides, where it is text.
#[derive(Debug, Clone)]
pub struct FileChange {
    pub diff: FileDiff,
    pub old_text: Option<String>,
    pub new_text: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) path: BString,
    pub(crate) mode: gix::object::tree::EntryMode,
    pub(crate) id: gix::ObjectId,
}

impl Repo {
    /// The change of `sha` against its first parent, or against nothing for a root commit (also where
    /// a shallow clone was cut). Files in path order.
    pub fn change(&self, sha: &str) -> Result<Vec<FileChange>> {
        let repo = self.inner.to_thread_local();
        let commit = commit(&repo, sha)?;
        let new = commit.tree().map_err(|e| anyhow::anyhow!("{e}"))?;
        let parent = commit.parent_ids().next().map(|id| id.detach());
        let old = parent.and_then(|id| repo.find_commit(id).ok()).and_then(|parent| parent.tree().ok());
        let options = gix::diff::Options::default().with_rewrites(Some(gix::diff::Rewrites::default()));
        let changes = repo
            .diff_tree_to_tree(old.as_ref(), Some(&new), Some(options))
            .map_err(|e| anyhow::anyhow!("The change of {sha} can't be computed: {e}"))?;
        let mut files = Vec::new();
        for change in changes {
            let Some((kind, old, new)) = sides(change) else { continue };
            if files.len() == MAX_FILES {
                break;
            }
            files.push(file_change(&repo, kind, old, new)?);
        }
        files.sort_by(|a, b| a.diff.path.cmp(&b.diff.path));
        Ok(files)
    }
}

pub(crate) fn sides(
    change: gix::object::tree::diff::ChangeDetached,
) -> Option<(ChangeKind, Option<Side>, Option<Side>)> {
    use gix::object::tree::diff::ChangeDetached as C;
    let side = |path, mode, id| Some(Side { path, mode, id });
    let (kind, old, new) = match change {
        C::Addition { location, entry_mode, id, .. } => {
            (ChangeKind::Added, None, side(location, entry_mode, id))
        }
        C::Deletion { location, entry_mode, id, .. } => {
            (ChangeKind::Deleted, side(location, entry_mode, id), None)
        }
        C::Modification { location, previous_entry_mode, previous_id, entry_mode, id } => (
            ChangeKind::Modified,
            side(location.clone(), previous_entry_mode, previous_id),
            side(location, entry_mode, id),
        ),
        C::Rewrite {
            source_location, source_entry_mode, source_id, entry_mode, id, location, copy, ..
        } => {
            // A copy leaves its source where it was: the student added the whole new file.
            if copy {
                (ChangeKind::Added, None, side(location, entry_mode, id))
            } else {
                let old = side(source_location, source_entry_mode, source_id);
                (ChangeKind::Renamed, old, side(location, entry_mode, id))
            }
        }
    };
    let is_tree = |side: &Option<Side>| side.as_ref().is_none_or(|s| s.mode.is_tree());
    (!(is_tree(&old) && is_tree(&new))).then_some((kind, old, new))
}

fn file_change(
    repo: &gix::Repository,
    kind: ChangeKind,
    old: Option<Side>,
    new: Option<Side>,
) -> Result<FileChange> {
    let shown = |side: &Option<Side>| side.as_ref().map(|s| s.path.to_str_lossy().into_owned());
    let (old_path, new_path) = (shown(&old), shown(&new));
    let mut diff = FileDiff {
        path: new_path.or_else(|| old_path.clone()).unwrap_or_default(),
        old_path: old_path.filter(|_| kind == ChangeKind::Renamed),
        change: kind,
        language: None,
        added: 0,
        removed: 0,
        omitted: None,
        hunks: Vec::new(),
    };
    let (before, after) = (text(repo, old.as_ref())?, text(repo, new.as_ref())?);
    let (old_text, new_text) = match (before, after) {
        (Text::Omitted(why), _) | (_, Text::Omitted(why)) => {
            diff.omitted = Some(why);
            return Ok(FileChange { diff, old_text: None, new_text: None });
        }
        (before, after) => (before.into_option(), after.into_option()),
    };
    diff.hunks = hunks(old_text.as_deref().unwrap_or(""), new_text.as_deref().unwrap_or(""));
    for line in diff.hunks.iter().flat_map(|hunk| &hunk.lines) {
        match line.kind {
            LineKind::Added => diff.added += 1,
            LineKind::Removed => diff.removed += 1,
            LineKind::Context => {}
        }
    }
    Ok(FileChange { diff, old_text, new_text })
}

enum Text {
    Absent,
    Present(String),
    Omitted(String),
}

impl Text {
    fn into_option(self) -> Option<String> {
        match self {
            Self::Present(text) => Some(text),
            Self::Absent | Self::Omitted(_) => None,
        }
    }
}

fn text(repo: &gix::Repository, side: Option<&Side>) -> Result<Text> {
    let Some(side) = side else { return Ok(Text::Absent) };
    if side.mode.is_commit() {
        return Ok(Text::Omitted("submodule".into()));
    }
    if side.mode.is_link() {
        return Ok(Text::Omitted("symbolic link".into()));
    }
    if side.mode.is_tree() {
        return Ok(Text::Absent);
    }
    let Some(bytes) = load(repo, side.id)? else {
        let bytes = repo.find_header(side.id).map(|h| h.size()).unwrap_or(0);
        return Ok(Text::Omitted(format!("too large ({:.1} MB)", bytes as f64 / 1e6)));
    };
    // The same test as git's: a NUL in the first 8000 bytes.
    if bytes.iter().take(8000).any(|&b| b == 0) {
        return Ok(Text::Omitted("binary".into()));
    }
    let lines = bytes.iter().filter(|&&b| b == b'\n').count();
    if lines > MAX_LINES {
        return Ok(Text::Omitted(format!("too large ({lines} lines)")));
    }
    Ok(Text::Present(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The text of one side; `None` where it is no text, or too large to be shown.
pub(crate) fn readable(repo: &gix::Repository, side: &Side) -> Result<Option<String>> {
    Ok(text(repo, Some(side))?.into_option())
}

/// Bytes of a blob, or `None` above [`MAX_BYTES`]. The size is read before the content.
pub(crate) fn load(repo: &gix::Repository, id: gix::ObjectId) -> Result<Option<Vec<u8>>> {
    let header = repo.find_header(id).map_err(|e| anyhow::anyhow!("{e}")).context("an object is missing")?;
    if header.size() > MAX_BYTES {
        return Ok(None);
    }
    let mut object = repo.find_object(id).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(Some(std::mem::take(&mut object.data)))
}

/// Unified-diff hunks between two texts: Myers' diff on lines, slid like git does, with
/// [`CONTEXT`] unchanged lines around each change and neighbours closer than that joined.
fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let (old_len, new_len) = (input.before.len() as u32, input.after.len() as u32);
    let old_line = |i: u32| clean(input.interner[input.before[i as usize]]);
    let new_line = |i: u32| clean(input.interner[input.after[i as usize]]);

    let mut hunks: Vec<Hunk> = Vec::new();
    // End (exclusive) of what the open hunk has shown, on both sides.
    let (mut old_at, mut new_at) = (0, 0);
    let mut open: Option<Hunk> = None;
    for change in diff.hunks() {
        if open.is_some() && change.before.start - old_at > 2 * CONTEXT {
            close(&mut hunks, open.take(), &mut old_at, &mut new_at, (old_len, new_len), &new_line);
        }
        let hunk = open.get_or_insert_with(|| {
            let lead = CONTEXT.min(change.before.start).min(change.after.start);
            old_at = change.before.start - lead;
            new_at = change.after.start - lead;
            Hunk {
                old_start: old_at + 1,
                old_count: 0,
                new_start: new_at + 1,
                new_count: 0,
                lines: Vec::new(),
            }
        });
        while new_at < change.after.start {
            hunk.lines.push(context(&mut old_at, &mut new_at, &new_line));
        }
        for i in change.before.clone() {
            hunk.lines.push(DiffLine {
                kind: LineKind::Removed,
                old: Some(i + 1),
                new: None,
                text: old_line(i),
            });
        }
        for i in change.after.clone() {
            hunk.lines.push(DiffLine {
                kind: LineKind::Added,
                old: None,
                new: Some(i + 1),
                text: new_line(i),
            });
        }
        (old_at, new_at) = (change.before.end, change.after.end);
    }
    close(&mut hunks, open, &mut old_at, &mut new_at, (old_len, new_len), &new_line);
    hunks
}

fn close(
    hunks: &mut Vec<Hunk>,
    open: Option<Hunk>,
    old_at: &mut u32,
    new_at: &mut u32,
    (old_len, new_len): (u32, u32),
    new_line: &impl Fn(u32) -> String,
) {
    let Some(mut hunk) = open else { return };
    for _ in 0..CONTEXT {
        if *old_at < old_len && *new_at < new_len {
            hunk.lines.push(context(old_at, new_at, new_line));
        }
    }
    hunk.old_count = hunk.lines.iter().filter(|l| l.old.is_some()).count() as u32;
    hunk.new_count = hunk.lines.iter().filter(|l| l.new.is_some()).count() as u32;
    // An empty side starts at the line before, as in the unified format.
    hunk.old_start -= u32::from(hunk.old_count == 0);
    hunk.new_start -= u32::from(hunk.new_count == 0);
    hunks.push(hunk);
}

fn context(old_at: &mut u32, new_at: &mut u32, new_line: &impl Fn(u32) -> String) -> DiffLine {
    let text = new_line(*new_at);
    *old_at += 1;
    *new_at += 1;
    DiffLine { kind: LineKind::Context, old: Some(*old_at), new: Some(*new_at), text }
}

fn clean(line: &str) -> String {
    line.strip_suffix('\n').map(|l| l.strip_suffix('\r').unwrap_or(l)).unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::hunks;
    use internflow_domain::LineKind;

    #[test]
    fn line_numbers_of_a_hunk_are_those_of_the_files() {
        let old: String = (1..=30).map(|i| format!("line {i}\n")).collect();
        let new = old.replace("line 10\n", "line ten\nline ten and a half\n").replace("line 28\n", "");
        let hunks = hunks(&old, &new);
        assert_eq!(hunks.len(), 2, "changes 18 lines apart are two hunks");
        let new_lines: Vec<&str> = new.lines().collect();
        let old_lines: Vec<&str> = old.lines().collect();
        for line in hunks.iter().flat_map(|h| &h.lines) {
            if let Some(n) = line.new {
                assert_eq!(new_lines[n as usize - 1], line.text, "a finding is anchored by this number");
            }
            if let Some(n) = line.old {
                assert_eq!(old_lines[n as usize - 1], line.text);
            }
        }
        assert_eq!(hunks[0].old_start, 7);
        assert_eq!((hunks[0].old_count, hunks[0].new_count), (7, 8));
    }

    #[test]
    fn an_added_file_is_one_hunk_without_a_left_side() {
        let hunks = hunks("", "a\r\nb");
        assert_eq!(
            (hunks[0].old_start, hunks[0].old_count, hunks[0].new_start, hunks[0].new_count),
            (0, 0, 1, 2)
        );
        assert!(hunks[0].lines.iter().all(|l| l.kind == LineKind::Added));
        assert_eq!(hunks[0].lines[0].text, "a", "line ends are not part of a line");
    }
}
