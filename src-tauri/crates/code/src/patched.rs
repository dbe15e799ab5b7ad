//! A patch put into a text that may have gone on since the patch was made.

use std::collections::VecDeque;
use std::ops::Range;

/// Context lines on either side of a change that may have changed, as `patch` has it.
const FUZZ: usize = 2;

/// A text with a patch in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patched {
    pub text: String,
    /// First line that the patch changed, from 1, as the text is now.
    pub line: u32,
}

/// Why a patch can't be put into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// It is no unified diff.
    NoPatch,
    /// The lines that it changes, or those around them, are not there any more.
    Changed,
    /// There are several such places, and nothing tells which of them is meant.
    Ambiguous,
    /// The text has this change already.
    Done,
}

/// Puts a unified diff of `before` into `now`, a later state of the same text. The lines that it takes away must
/// be there letter for letter, wherever they stand by now; of the lines around them the outermost may have changed.
/// Where the place repeats, it is the same occurrence as before, and none when their number is another one. Line
/// ends are those of `now`.
pub fn patched(now: &str, before: &str, patch: &str) -> Result<Patched, Misfit> {
    let hunks = hunks(patch).ok_or(Misfit::NoPatch)?;
    let lines: Vec<Line> = now.split_inclusive('\n').map(cut).collect();
    let texts: Vec<&str> = lines.iter().map(|line| line.0).collect();
    let then: Vec<&str> = before.split_inclusive('\n').map(|line| cut(line).0).collect();
    let usual = usual_end(&lines);
    let mut made: Vec<Line> = Vec::with_capacity(lines.len());
    let (mut at, mut first) = (0, None);
    for hunk in &hunks {
        let (place, kept) = place(hunk, &texts, &then)?;
        if place < at {
            return Err(Misfit::Changed);
        }
        made.extend_from_slice(&lines[at..place]);
        at = place;
        // Ends of the lines taken away, for those that come in their places.
        let mut ends = VecDeque::new();
        for part in &hunk.lines[kept] {
            match part.mark {
                Mark::Context => {
                    made.push(lines[at]);
                    at += 1;
                    ends.clear();
                }
                Mark::Removed => {
                    first.get_or_insert(made.len());
                    ends.push_back((lines[at].1, part.ends));
                    at += 1;
                }
                Mark::Added => {
                    first.get_or_insert(made.len());
                    let before = made.last().map(|line| line.1).filter(|end| !end.is_empty());
                    let end = match ends.pop_front() {
                        _ if !part.ends => "",
                        Some((end, true)) => end,
                        Some((_, false)) => usual,
                        None => before.unwrap_or(usual),
                    };
                    made.push((part.text, end));
                }
            }
        }
    }
    made.extend_from_slice(&lines[at..]);
    // Only the last line may be without an end, whichever was the last when the patch was made.
    let last = made.len().saturating_sub(1);
    let text: String = made
        .iter()
        .enumerate()
        .flat_map(|(i, (text, end))| [*text, if end.is_empty() && i < last { usual } else { end }])
        .collect();
    if text == now {
        return Err(Misfit::Done);
    }
    Ok(Patched { text, line: first.unwrap_or(0) as u32 + 1 })
}

/// A line without its end, and its end.
type Line<'a> = (&'a str, &'a str);

fn cut(line: &str) -> Line<'_> {
    let text = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    line.split_at(text.len())
}

/// The line end that most lines have.
fn usual_end(lines: &[Line]) -> &'static str {
    let windows = lines.iter().filter(|line| line.1 == "\r\n").count();
    if windows * 2 > lines.len() { "\r\n" } else { "\n" }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Context,
    Removed,
    Added,
}

struct Part<'a> {
    mark: Mark,
    text: &'a str,
    /// False for the last line of a text that ends without a line end.
    ends: bool,
}

struct Hunk<'a> {
    /// Index of its first line in the text that it was made for.
    start: usize,
    lines: Vec<Part<'a>>,
}

impl<'a> Hunk<'a> {
    /// Its lines without the outermost of its context; one line of context stays on each side that has any.
    fn kept(&self, fuzz: usize) -> Range<usize> {
        let is_context = |part: &&Part| part.mark == Mark::Context;
        let lead = self.lines.iter().take_while(is_context).count();
        let tail = self.lines.iter().rev().take_while(is_context).count();
        let cut = |context: usize| fuzz.min(context.saturating_sub(1));
        cut(lead)..self.lines.len() - cut(tail)
    }

    /// One side of it: all lines but those of `without`.
    fn side(&self, kept: Range<usize>, without: Mark) -> Vec<&'a str> {
        self.lines[kept].iter().filter(|part| part.mark != without).map(|part| part.text).collect()
    }
}

/// The hunks of a unified diff of one file; `None` when it is none.
fn hunks(patch: &str) -> Option<Vec<Hunk<'_>>> {
    let mut found: Vec<Hunk> = Vec::new();
    for line in patch.split_inclusive('\n') {
        let text = cut(line).0;
        if let Some(header) = text.strip_prefix("@@ -") {
            let old = header.split(' ').next()?;
            let (start, count) = old.split_once(',').unwrap_or((old, "1"));
            let (start, count): (usize, usize) = (start.parse().ok()?, count.parse().ok()?);
            // An empty side names the line before it.
            let start = if count == 0 { start } else { start.checked_sub(1)? };
            found.push(Hunk { start, lines: Vec::new() });
            continue;
        }
        // Before the first hunk are the names of the file.
        let Some(hunk) = found.last_mut() else { continue };
        let mark = match text.as_bytes().first() {
            Some(b' ') | None => Mark::Context,
            Some(b'-') => Mark::Removed,
            Some(b'+') => Mark::Added,
            Some(b'\\') => {
                hunk.lines.last_mut()?.ends = false;
                continue;
            }
            _ => return None,
        };
        hunk.lines.push(Part { mark, text: text.get(1..).unwrap_or(""), ends: true });
    }
    let changes = |hunk: &Hunk| hunk.lines.iter().any(|part| part.mark != Mark::Context);
    (!found.is_empty() && found.iter().all(changes)).then_some(found)
}

/// Where the hunk belongs by now: the index of the first line that it keeps, and which of its lines those are.
fn place(hunk: &Hunk, now: &[&str], before: &[&str]) -> Result<(usize, Range<usize>), Misfit> {
    // What only adds lines is held by nothing but its context.
    let takes = hunk.lines.iter().any(|part| part.mark == Mark::Removed);
    for fuzz in 0..=if takes { FUZZ } else { 0 } {
        let kept = hunk.kept(fuzz);
        let old = hunk.side(kept.clone(), Mark::Added);
        let found = places(now, &old);
        if found.is_empty() {
            continue;
        }
        let then = places(before, &old);
        return match then.iter().position(|at| *at == hunk.start + kept.start) {
            Some(which) if then.len() == found.len() => Ok((found[which], kept)),
            None if found.len() == 1 => Ok((found[0], kept)),
            _ => Err(Misfit::Ambiguous),
        };
    }
    let new = hunk.side(0..hunk.lines.len(), Mark::Removed);
    Err(if places(now, &new).is_empty() { Misfit::Changed } else { Misfit::Done })
}

/// Indices at which these lines stand one after another.
fn places(lines: &[&str], wanted: &[&str]) -> Vec<usize> {
    if wanted.is_empty() {
        return if lines.is_empty() { vec![0] } else { Vec::new() };
    }
    let found = lines.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted);
    found.map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unified_diff;

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\n";
    const NEW: &str = "a\nb\nc\nD\ne\nf\ng\n";

    fn patch() -> String {
        unified_diff("x", OLD, NEW)
    }

    fn put(now: &str) -> Result<String, Misfit> {
        patched(now, OLD, &patch()).map(|patched| patched.text)
    }

    #[test]
    fn what_git_applies_is_applied() {
        let cases = [
            (OLD, NEW),
            ("one\n", "two\n"),
            ("a\nb\nc", "a\nb\nX"),
            ("a\nb\nc", "X\nb\nc"),
            ("a\r\nb\r\nc\r\n", "a\r\nX\r\nc\r\n"),
            ("a\nb\nc\n", "a\nc\n"),
            ("a\nb\nb\nb\nc\n", "a\nb\nb\nb\nb\nc\n"),
            ("a\nb", "a\nb\n"),
            ("a\nb\n", "a\nb"),
            ("", "a\n"),
            ("a\n\nb\n", "a\n\nc\n"),
        ];
        for (old, new) in cases {
            let patch = unified_diff("x", old, new);
            let found = patched(old, old, &patch).map(|patched| patched.text);
            assert_eq!(found.as_deref(), Ok(new), "{patch:?}");
        }
    }

    #[test]
    fn the_change_follows_its_lines() {
        let moved = format!("new\nmore\n{OLD}");
        let found = patched(&moved, OLD, &patch()).expect("it is there, further down");
        assert_eq!((found.text, found.line), (format!("new\nmore\n{NEW}"), 6));
        assert_eq!(
            put("A\nB\nc\nd\ne\nF\nG\n").as_deref(),
            Ok("A\nB\nc\nD\ne\nF\nG\n"),
            "context further out"
        );
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(put(&windows(OLD)), Ok(windows(NEW)), "checked out with other line ends than stored");
        let patch = unified_diff("x", &windows(OLD), &windows(NEW));
        let found = patched(OLD, &windows(OLD), &patch).map(|patched| patched.text);
        assert_eq!(found.as_deref(), Ok(NEW), "and the other way around");
        let more = unified_diff("x", OLD, "a\nb\nc\nD\nD2\ne\nf\ng\n");
        let found = patched(&windows(OLD), OLD, &more).map(|patched| patched.text);
        assert_eq!(found, Ok(windows("a\nb\nc\nD\nD2\ne\nf\ng\n")), "a line that had none before it");
        let end = unified_diff("x", "a\nb\nc", "a\nb\nX");
        let found = patched("a\nb\nc\nd\n", "a\nb\nc", &end).map(|patched| patched.text);
        assert_eq!(
            found.as_deref(),
            Ok("a\nb\nX\nd\n"),
            "what was the last line is not joined with the next"
        );
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(put("a\nb\nc\nd2\ne\nf\ng\n"), Err(Misfit::Changed), "the line itself was edited");
        assert_eq!(put("a\nb\nC\nd\nE\nf\ng\n"), Err(Misfit::Changed), "nothing around it is as it was");
        assert_eq!(put(""), Err(Misfit::Changed));
        assert_eq!(put(NEW), Err(Misfit::Done));
        assert_eq!(put(&format!("{OLD}{OLD}")), Err(Misfit::Ambiguous), "a copy was made since");
        let added = unified_diff("x", OLD, "a\nb\nc\nc2\nd\ne\nf\ng\n");
        assert_eq!(
            patched("A\nb\nc\nd\ne\nf\ng\n", OLD, &added),
            Err(Misfit::Changed),
            "only context holds it"
        );
        for nonsense in
            ["", "hello", "--- a\n+++ b\n", "@@ -x +y @@\n-a\n", "@@ -1,1 +1,1 @@\n a\n", "@@ -1 +1 @@\nx\n"]
        {
            assert_eq!(patched(OLD, OLD, nonsense), Err(Misfit::NoPatch), "{nonsense:?}");
        }
    }

    #[test]
    fn of_places_that_look_alike_the_same_one_is_meant() {
        let twice = "x\nx\nx\nd\ny\ny\ny\nx\nx\nx\nd\ny\ny\ny\n";
        let second = "x\nx\nx\nd\ny\ny\ny\nx\nx\nx\nD\ny\ny\ny\n";
        let patch = unified_diff("x", twice, second);
        let found =
            patched(&format!("new\n{twice}"), twice, &patch).map(|patched| (patched.text, patched.line));
        assert_eq!(found, Ok((format!("new\n{second}"), 12)));
        let one_left = "x\nx\nx\nd\ny\ny\ny\n";
        assert_eq!(patched(one_left, twice, &patch), Err(Misfit::Ambiguous), "it may be the other one");
        assert_eq!(
            patched(twice, "", &patch),
            Err(Misfit::Ambiguous),
            "nobody knows the text it was made for"
        );
    }
}
