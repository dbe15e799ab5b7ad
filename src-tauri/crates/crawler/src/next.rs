//! Which skill to show next: the one whose first commit would open most of the postings that a student looks at.

use std::collections::BTreeSet;

use internflow_domain::{Standing, Verdict};
use serde::{Deserialize, Serialize};

use crate::matching::{Match, groups};
use crate::skills::known::{implied, in_code};

/// A skill that is missing, and what it would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    pub skill: String,
    /// Keys of postings of which every required skill would then be there.
    pub opens: Vec<String>,
    /// Keys of postings that require it, or what it implies, and would still miss others.
    pub nearer: Vec<String>,
    /// For the student.
    pub says: String,
}

/// Missing skills by how many postings each would open, then by how many it would bring nearer, then by name. Takes
/// each posting with its key; those that the student can't apply to are left out, and so are skills that no code shows.
pub fn next_commits(matches: &[(String, Match)]) -> Vec<Next> {
    let mut keys = BTreeSet::new();
    let open: Vec<(&str, Vec<Vec<&str>>)> = matches
        .iter()
        .filter(|(key, found)| found.eligible != Verdict::NotMet && keys.insert(key.as_str()))
        .map(|(key, found)| (key.as_str(), missing(found)))
        .collect();
    let skills: BTreeSet<&str> =
        open.iter().flat_map(|(_, groups)| groups.iter().flatten().copied()).collect();
    let mut all: Vec<Next> =
        skills.into_iter().filter(|skill| in_code(skill)).map(|skill| next(skill, &open)).collect();
    all.sort_by(|a, b| {
        (b.opens.len(), b.nearer.len(), &a.skill).cmp(&(a.opens.len(), a.nearer.len(), &b.skill))
    });
    all
}

/// Required skills of which neither the one nor another in its place is there.
fn missing(found: &Match) -> Vec<Vec<&str>> {
    let wanting = groups(&found.requirements)
        .into_iter()
        .filter(|group| group[0].required && group.iter().all(|r| r.standing == Standing::Missing));
    wanting.map(|group| group.into_iter().map(|r| r.skill.as_str()).collect()).collect()
}

fn next(skill: &str, open: &[(&str, Vec<Vec<&str>>)]) -> Next {
    let shown: Vec<&str> = std::iter::once(skill).chain(implied(skill)).collect();
    let (mut opens, mut nearer) = (Vec::new(), Vec::new());
    for (key, groups) in open {
        let left = groups.iter().filter(|group| !group.iter().any(|name| shown.contains(name))).count();
        match left {
            left if left == groups.len() => {}
            0 => opens.push((*key).to_owned()),
            _ => nearer.push((*key).to_owned()),
        }
    }
    let postings =
        |count: usize| if count == 1 { "1 posting".to_owned() } else { format!("{count} postings") };
    let says = match (opens.len(), nearer.len()) {
        (0, more) => format!("{skill} is missing in {} that miss other skills too.", postings(more)),
        (all, 0) => format!("{skill} is all that is missing in {}.", postings(all)),
        (all, more) => {
            format!("{skill} is all that is missing in {}, and one of several in {more} more.", postings(all))
        }
    };
    Next { skill: skill.to_owned(), opens, nearer, says }
}

#[cfg(test)]
mod tests;
