//! Fixes as patches: a unified diff that `git apply` takes, and the check that a fix leaves the
//! program as well-formed as it was.

use std::fmt::Write as _;

use crate::{Language, syntax};

/// Lines of context around a change, as git writes them.
const CONTEXT: usize = 3;

/// A unified diff from `old` to `new` of the file at `path`, with three lines of context and one hunk
/// from the first to the last changed line. Line ends are kept as they are. Empty when nothing differs.
pub fn unified_diff(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let tail =
        before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let from = head.saturating_sub(CONTEXT);
    let context_after = tail.min(CONTEXT);
    let before_end = before.len() - tail;
    let after_end = after.len() - tail;

    let mut diff = format!("--- {}\n+++ {}\n", quoted("a/", path), quoted("b/", path));
    let range = |start: usize, end: usize| {
        // An empty side names the line before it, which for an empty file is line 0.
        let count = end - start;
        format!("{},{count}", if count == 0 { start } else { start + 1 })
    };
    let old_range = range(from, before_end + context_after);
    let new_range = range(from, after_end + context_after);
    let _ = writeln!(diff, "@@ -{old_range} +{new_range} @@");
    let mut push = |mark: char, lines: &[&str]| {
        for line in lines {
            diff.push(mark);
            diff.push_str(line);
            if !line.ends_with('\n') {
                diff.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    push(' ', &before[from..head]);
    push('-', &before[head..before_end]);
    push('+', &after[head..after_end]);
    push(' ', &before[before_end..before_end + context_after]);
    diff
}

/// A path as git writes it in the head of a patch: in C quotes when it holds characters that would
/// end it, and followed by a tab when it holds a space.
fn quoted(prefix: &str, path: &str) -> String {
    if !path.chars().any(|c| c.is_control() || c == '"' || c == '\\') {
        let tab = if path.contains(' ') { "\t" } else { "" };
        return format!("{prefix}{path}{tab}");
    }
    let mut out = format!("\"{prefix}");
    for c in path.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// True when `new` has no more syntax errors than `old`. Text of a language that is not parsed, or
/// that cannot be parsed within bounds, is never trusted.
pub fn still_parses(language: Language, old: &str, new: &str) -> bool {
    match (errors(language, old), errors(language, new)) {
        (Some(before), Some(after)) => after <= before,
        _ => false,
    }
}

/// Number of error and missing nodes.
fn errors(language: Language, text: &str) -> Option<usize> {
    let tree = syntax::parse(language, text)?;
    if !tree.root_node().has_error() {
        return Some(0);
    }
    let mut count = 0;
    syntax::each_node(tree.root_node(), |node| count += usize::from(node.is_error() || node.is_missing()));
    Some(count)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Applies the diff with git itself, the only judge of what `git apply` takes.
    fn applied(path: &str, old: &str, new: &str) -> String {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let git = |args: &[&str]| {
            let output = Command::new("git").args(args).current_dir(dir.path()).output().expect("git runs");
            assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        git(&["init", "-q"]);
        git(&["config", "core.autocrlf", "false"]);
        std::fs::write(dir.path().join(path), old).expect("the file is written");
        std::fs::write(dir.path().join("fix.patch"), unified_diff(path, old, new))
            .expect("the patch is written");
        git(&["apply", "fix.patch"]);
        std::fs::read_to_string(dir.path().join(path)).expect("the file is read")
    }

    #[test]
    fn git_applies_the_patch() {
        let cases = [
            ("one\n", "two\n"),
            ("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nX\nY\nf\ng\nh\n"),
            ("a\nb\nc", "a\nb\nX"),
            ("a\nb\nc", "X\nb\nc"),
            ("a\r\nb\r\nc\r\n", "a\r\nX\r\nc\r\n"),
            ("a\nb\nc\n", "a\nc\n"),
            ("a\nb\nb\nb\nc\n", "a\nb\nb\nb\nb\nc\n"),
            ("a\nb", "a\nb\n"),
        ];
        for (old, new) in cases {
            assert_eq!(applied("x.py", old, new), new, "{:?}", unified_diff("x.py", old, new));
        }
        assert_eq!(applied("ein Ärger.py", "a\nb\n", "a\nc\n"), "a\nc\n", "names with spaces and letters");
        assert_eq!(applied("quote\"d.py", "a\nb\n", "a\nc\n"), "a\nc\n", "names with quotes");
    }

    #[test]
    fn the_patch_is_small_and_empty_when_nothing_changes() {
        assert_eq!(unified_diff("a", "x\n", "x\n"), "");
        let old = (1..=20).map(|n| format!("{n}\n")).collect::<String>();
        let diff = unified_diff("n.txt", &old, &old.replace("10\n", "ten\n"));
        let want = "--- a/n.txt\n+++ b/n.txt\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n";
        assert_eq!(diff, want);
    }

    #[test]
    fn a_fix_may_not_break_what_was_whole() {
        assert!(still_parses(Language::Python, "x == None\n", "x is None\n"));
        assert!(!still_parses(Language::Python, "x == None\n", "x is is None\n"));
        assert!(still_parses(Language::C, "int f( {\n", "int g( {\n"), "an old error may stay");
        assert!(!still_parses(Language::Markdown, "a", "b"), "what is not parsed is not trusted");
    }
}
