//! Jobs of continuous integration, in the files where its systems look for them.

use std::sync::LazyLock;

use regex::Regex;

use super::yaml::{self, items, pairs, scalar, value};
use super::{Built, BuiltKind};
use crate::ci_system;
use crate::syntax::Lines;

/// Stages of a Jenkinsfile that are looked at.
const MOST_STAGES: usize = 200;

pub(super) fn find(path: &str, text: &str, found: &mut Vec<Built>) {
    let Some(system) = ci_system(path) else { return };
    if system == "Jenkins" {
        return stages(text, found);
    }
    let Some(tree) = yaml::parse(text) else { return };
    let root = tree.root_node();
    let job = |name: &str, lines, detail: String| Built::new(BuiltKind::Job, name, lines, detail);
    match system {
        "GitHub Actions" | "CircleCI" => {
            let workflow = value(root, "name", text).map(|name| scalar(name, text));
            let detail = workflow.map_or(system.to_owned(), |name| format!("{system}, {name}"));
            let jobs = value(root, "jobs", text).map(|jobs| pairs(jobs, text)).unwrap_or_default();
            found.extend(jobs.into_iter().map(|one| job(one.key, one.lines, detail.clone())));
        }
        "GitLab CI" => {
            // Keys with a dot are templates, others without something to run are settings.
            let runs = |value| {
                let does = |key: &str| matches!(key, "script" | "trigger" | "run" | "extends");
                pairs(value, text).iter().any(|pair| does(pair.key))
            };
            let jobs = pairs(root, text).into_iter().filter(|one| {
                !one.key.starts_with('.') && one.key != "default" && one.value.is_some_and(runs)
            });
            found.extend(jobs.map(|one| job(one.key, one.lines, system.to_owned())));
        }
        "Azure Pipelines" => {
            for one in value(root, "jobs", text).map(items).unwrap_or_default() {
                let Some(name) = value(one, "job", text).map(|name| scalar(name, text)) else { continue };
                let lines = (crate::syntax::line_of(one), crate::syntax::end_line_of(one));
                found.push(job(name, lines, system.to_owned()));
            }
        }
        _ => {}
    }
}

/// `stage('Build') { … }` of a Jenkinsfile, which is Groovy and not parsed here.
fn stages(text: &str, found: &mut Vec<Built>) {
    static STAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?m)^\s*stage\s*\(\s*['"]([^'"$]+)['"]\s*\)\s*\{"#)
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    let lines = Lines::of(text);
    for stage in STAGE.captures_iter(text).take(MOST_STAGES) {
        let (Some(whole), Some(title)) = (stage.get(0), stage.get(1)) else { continue };
        let start = lines.at(title.start());
        let end = lines.at(closing(text, whole.end()));
        found.push(Built::new(BuiltKind::Job, title.as_str(), (start, end), "Jenkins"));
    }
}

/// The byte of the bracket that closes the one before `from`.
fn closing(text: &str, from: usize) -> usize {
    let mut depth = 1_usize;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    from
}
