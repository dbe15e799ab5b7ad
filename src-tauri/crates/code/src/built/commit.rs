//! What a whole commit adds: things that only move from one file to another are no work.

use std::collections::HashMap;

use super::{Built, BuiltKind, added, built, removed};
use crate::Language;

/// A file that a commit changed. A new one has no `old`, a deleted one no `new`; a file that is renamed is best given
/// under its new path with both.
#[derive(Debug, Clone, Copy)]
pub struct Edited<'a> {
    /// `/`-separated.
    pub path: &'a str,
    pub language: Option<Language>,
    pub old: Option<&'a str>,
    pub new: Option<&'a str>,
}

/// What the files of a commit gain, each with the place of its file in `files`. For everything that a file loses, one
/// thing of the same kind and name that another gains has moved, and is left out. What is renamed on the way counts
/// as new.
pub fn gained(files: &[Edited]) -> Vec<(usize, Built)> {
    let mut lost: HashMap<(BuiltKind, String), usize> = HashMap::new();
    for file in files {
        let gone = file.old.map(|old| removed(file.path, file.language, old, file.new)).unwrap_or_default();
        for one in gone {
            *lost.entry((one.kind, one.name)).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let made = match (file.old, file.new) {
            (_, None) => Vec::new(),
            (None, Some(new)) => built(file.path, file.language, new),
            (Some(old), Some(new)) => added(file.path, file.language, Some(old), new),
        };
        for one in made {
            match lost.get_mut(&(one.kind, one.name.clone())) {
                Some(left) if *left > 0 => *left -= 1,
                _ => found.push((index, one)),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_not_gained() {
        let test = |name: &str| format!("def {name}():\n    assert run()\n\n");
        let (both, more) = (test("test_a") + &test("test_b"), test("test_b") + &test("test_c"));
        let file = |path, old, new| Edited { path, language: Some(Language::Python), old, new };
        let a = test("test_a");
        let split = [
            file("tests/test_all.py", Some(both.as_str()), None),
            file("tests/test_one.py", None, Some(a.as_str())),
            file("tests/test_two.py", None, Some(more.as_str())),
        ];
        let names: Vec<(usize, String)> =
            gained(&split).into_iter().map(|(at, one)| (at, one.name)).collect();
        assert_eq!(names, [(2, "test_c".to_owned())], "tests that are put into other files are counted once");
        assert_eq!(gained(&split[1..]).len(), 3, "and all of them where nothing is lost");
    }
}
