//! Questions that a bullet invites, from its facts alone.

use internflow_domain::{Bullet, DefendedCommit, Fact};

use super::code::Piece;

/// Questions about one bullet.
const MOST: usize = 6;

/// What a bullet claims, as its facts have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Project,
    Module,
    Endpoints,
    Commands,
    Screens,
    Models,
    Migrations,
    Jobs,
    Tests,
    Fixes,
    Other,
}

/// How the facts of each kind end, or begin.
const SIGNS: [(&str, Kind); 10] = [
    ("automated tests", Kind::Tests),
    ("bug fixes", Kind::Fixes),
    ("endpoint", Kind::Endpoints),
    ("command", Kind::Commands),
    ("screen", Kind::Screens),
    ("data model", Kind::Models),
    ("database migration", Kind::Migrations),
    ("of continuous integration", Kind::Jobs),
    ("module ", Kind::Module),
    ("project ", Kind::Project),
];

pub(super) fn kind(bullet: &Bullet) -> Kind {
    let Some(first) = bullet.facts.first() else { return Kind::Other };
    let says = |sign: &str| match sign.ends_with(' ') {
        true => first.text.starts_with(sign),
        false => first.text.trim_end_matches('s').ends_with(sign.trim_end_matches('s')),
    };
    let counted = SIGNS.iter().find(|(sign, _)| says(sign)).map(|(_, kind)| *kind);
    // What a module or a project is called stands behind how large it is.
    let called =
        |sign: &str| bullet.facts.iter().any(|fact| sign.ends_with(' ') && fact.text.starts_with(sign));
    counted
        .or_else(|| SIGNS.iter().find(|(sign, _)| called(sign)).map(|(_, kind)| *kind))
        .unwrap_or(Kind::Other)
}

pub(super) fn questions(bullet: &Bullet, commits: &[DefendedCommit], code: &[Piece]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if bullet.edited {
        all.push("You put this into your own words: what shows that each of them is true?".to_owned());
    }
    let named = code.iter().find(|piece| !piece.name.is_empty()).map(|piece| piece.name.as_str());
    let subject = commits.first().map(|commit| commit.subject.as_str());
    all.extend(about(kind(bullet), bullet, named, subject));
    all.extend(bullet.facts.iter().filter_map(why_this));
    all.extend(bullet.facts.iter().find_map(counted));
    if let Some(piece) = code.first() {
        let place = format!("{}:{}", piece.excerpt.path, piece.excerpt.line);
        all.push(format!("Explain {place} line by line. What would you write otherwise today?"));
    }
    all.truncate(MOST);
    all
}

fn about(kind: Kind, bullet: &Bullet, named: Option<&str>, subject: Option<&str>) -> Vec<String> {
    let repository = &bullet.repository;
    let it = named.map_or("it".to_owned(), |name| format!("`{name}`"));
    // Facts behind the first are examples by name, those of tools left out.
    let example = bullet.facts.iter().skip(1).find(|fact| !fact.text.starts_with("uses "));
    let example = example.map_or(it.clone(), |fact| format!("`{}`", fact.text));
    match kind {
        Kind::Project => vec![
            format!("Why did you build {repository}, and who would use it?"),
            format!("Draw how a request goes through {repository}. Which part would fail first under load?"),
        ],
        Kind::Module => {
            let module = bullet.facts.iter().find_map(|fact| fact.text.strip_prefix("module "));
            let module = module.unwrap_or(repository);
            vec![
                format!("Why is {module} a module of its own, and what calls it?"),
                format!("What does {it} do when its input is empty, wrong or very large?"),
            ]
        }
        Kind::Endpoints => vec![
            format!("What does {example} answer when a field is missing or wrong, and who may call it?"),
            "How do two requests at the same time get on with each other here?".to_owned(),
        ],
        Kind::Commands => {
            vec![format!("Why is {example} a command of its own? What does it do on bad arguments?")]
        }
        Kind::Screens => {
            vec![format!("What does {example} show while data is missing, and when loading fails?")]
        }
        Kind::Models => vec![
            format!(
                "Why does {example} have these fields? Which of them must be unique, and who checks that?"
            ),
            "How would you change it without losing what is stored?".to_owned(),
        ],
        Kind::Migrations => vec!["How do you take a migration back when it went wrong halfway?".to_owned()],
        Kind::Jobs => vec!["What does this job check, and what happens when it fails?".to_owned()],
        Kind::Tests => vec![
            "Which bug did one of these tests find?".to_owned(),
            format!("What do they not cover? Which test of {repository} would you write next?"),
        ],
        Kind::Fixes => {
            let which = subject.map_or("The last of them".to_owned(), |subject| format!("“{subject}”"));
            vec![
                format!("{which}: how did you find the cause?"),
                "How do you know that it can't come back?".to_owned(),
            ]
        }
        Kind::Other => vec!["What was hard about this, and how did you solve it?".to_owned()],
    }
}

/// A dependency invites the question for the others.
fn why_this(fact: &Fact) -> Option<String> {
    let name = fact.text.strip_prefix("uses ")?;
    Some(format!("Why did you use {name}, and what else did you consider? ({})", fact.method))
}

/// A number invites the question where it is from; the answer stands beside it.
fn counted(fact: &Fact) -> Option<String> {
    let number = fact.text.starts_with(|c: char| c.is_ascii_digit()) && !fact.method.is_empty();
    number.then(|| format!("{}: how do you know? (Counted: {}.)", fact.text, fact.method))
}
