//! What the taxonomy knows of a skill by itself: its one spelling, its kind, and what else its use shows.

use super::{hits, key, taxonomy};

/// Kinds of skills that the source code of a program can show. The others are shown by people, drawings and plants.
const IN_CODE: &[&str] = &[
    "language",
    "web",
    "mobile",
    "database",
    "cloud",
    "devops",
    "data",
    "ml",
    "cs",
    "testing",
    "security",
    "networking",
    "embedded",
    "vlsi",
];

/// The taxonomy's spelling of a skill's name or alias; one that it does not know stays as written, with single spaces.
pub(crate) fn canonical(name: &str) -> String {
    match taxonomy().spellings.get(&key(name)) {
        Some((entry, _)) => taxonomy().entries[*entry].name.clone(),
        None => name.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// Skills that whoever shows this one shows too, nearest first, each once and without itself.
pub(crate) fn implied(name: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let mut next = 0;
    let mut of = name;
    loop {
        if let Some((entry, _)) = taxonomy().spellings.get(&key(of)) {
            for other in &taxonomy().entries[*entry].implies {
                if other != name && !found.contains(&other.as_str()) {
                    found.push(other);
                }
            }
        }
        let Some(following) = found.get(next) else { return found };
        of = following;
        next += 1;
    }
}

/// The skill is one that source code can show.
pub(crate) fn in_code(name: &str) -> bool {
    kind(name).is_some_and(|kind| IN_CODE.contains(&kind))
}

/// The skill is one of character or conduct, such as teamwork, which nobody can check by what was made.
pub(crate) fn of_character(name: &str) -> bool {
    kind(name) == Some("soft")
}

/// The taxonomy puts both under one heading, so that one may stand for the other: "React, Angular or Vue.js".
pub(crate) fn same_kind(a: &str, b: &str) -> bool {
    kind(a).is_some() && kind(a) == kind(b)
}

fn kind(name: &str) -> Option<&'static str> {
    let (entry, _) = taxonomy().spellings.get(&key(name))?;
    Some(&taxonomy().entries[*entry].kind)
}

/// All spellings of a skill, its name first; empty where the taxonomy does not know it.
pub(crate) fn spellings(name: &str) -> impl Iterator<Item = &'static str> {
    let entry = taxonomy().spellings.get(&key(name)).map(|(entry, _)| &taxonomy().entries[*entry]);
    entry.into_iter().flat_map(|entry| [&entry.name].into_iter().chain(&entry.aliases)).map(String::as_str)
}

/// Skills that a text names, with their bytes, in order.
pub(crate) fn named(text: &str) -> Vec<(&'static str, std::ops::Range<usize>)> {
    hits(text)
        .into_iter()
        .map(|hit| (taxonomy().entries[hit.entry].name.as_str(), hit.from..hit.to))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_goes_one_way() {
        assert_eq!(implied("express.js"), ["Node.js", "JavaScript"], "who serves with Express runs Node.js");
        for name in ["Node.js", "JavaScript", "SQL", "Git"] {
            assert_eq!(implied(name).iter().find(|n| **n == "Express" || **n == "PostgreSQL"), None);
        }
        assert_eq!(implied("no such skill"), Vec::<&str>::new());
        assert_eq!(canonical(" reactjs "), "React");
        assert_eq!(canonical("No  Such Skill"), "No Such Skill");
    }

    #[test]
    fn every_implied_skill_is_known_and_none_implies_itself() {
        for entry in &taxonomy().entries {
            for other in &entry.implies {
                assert_eq!(&canonical(other), other, "{} implies a skill that is not there", entry.name);
                assert!(!implied(other).contains(&entry.name.as_str()), "{} and {other} are one", entry.name);
            }
        }
    }
}
