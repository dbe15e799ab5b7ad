//! A small repository to try InternFlow on: a student's web project with the mistakes such projects have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::steps::{answer, shown};

/// A file as a commit leaves it.
type File = (&'static str, &'static str);

/// The history: message, day, files that the commit writes.
const COMMITS: &[(&str, &str, &[File])] = &[
    (
        "Store study sessions in SQLite",
        "2025-03-03T18:20:00+05:30",
        &[
            ("README.md", include_str!("../sample/1/README.md")),
            ("requirements.txt", include_str!("../sample/1/requirements.txt")),
            ("store.py", include_str!("../sample/1/store.py")),
        ],
    ),
    (
        "Serve sessions over HTTP, with search and delete",
        "2025-03-05T21:05:00+05:30",
        &[
            ("server.py", include_str!("../sample/2/server.py")),
            ("store.py", include_str!("../sample/2/store.py")),
        ],
    ),
    (
        "Add totals, averages and streaks",
        "2025-03-08T11:40:00+05:30",
        &[("stats.py", include_str!("../sample/3/stats.py"))],
    ),
    (
        "Show the sessions in the browser",
        "2025-03-11T20:15:00+05:30",
        &[
            ("static/app.js", include_str!("../sample/4/app.js")),
            ("static/index.html", include_str!("../sample/4/index.html")),
        ],
    ),
    (
        "Back the sessions up to the lab's server",
        "2025-03-14T22:50:00+05:30",
        &[("backup.py", include_str!("../sample/5/backup.py"))],
    ),
    (
        "Test the statistics and fix the empty week",
        "2025-03-16T17:30:00+05:30",
        &[
            ("stats.py", include_str!("../sample/6/stats.py")),
            ("test_stats.py", include_str!("../sample/6/test_stats.py")),
        ],
    ),
];

/// Makes the sample in the data folder, or finds it there.
pub fn make() -> Result<PathBuf> {
    let folder = paths::data()?.join("sample").join("study-tracker");
    let commits = answer("git", &["-C", &folder.to_string_lossy(), "rev-list", "--count", "HEAD"]);
    if commits.as_deref() == Some(&COMMITS.len().to_string()) {
        return Ok(folder);
    }
    if folder.exists() {
        // An interrupted run left it half made. It lies in our own folder and holds nothing else.
        fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    write(&folder)?;
    Ok(folder)
}

/// Writes the history into a new folder, in the name of git's user.
fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let of_user = |key, otherwise: &str| {
        answer("git", &["config", "--global", key])
            .filter(|set| !set.is_empty())
            .unwrap_or_else(|| otherwise.to_owned())
    };
    let name = of_user("user.name", "Sample Student");
    let email = of_user("user.email", "student@example.com");
    git(folder, &["init", "--quiet", "--initial-branch=main"], "")?;
    git(folder, &["config", "user.name", &name], "")?;
    git(folder, &["config", "user.email", &email], "")?;
    for (message, day, files) in COMMITS {
        for (file, text) in *files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap_or(folder))
                .and_then(|()| fs::write(&path, text))
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        git(folder, &["add", "--all"], day)?;
        git(folder, &["commit", "--quiet", "--message", message], day)?;
    }
    Ok(())
}

/// git without the user's hooks and signatures, at the time `day`.
fn git(folder: &Path, args: &[&str], day: &str) -> Result<()> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"])
        .args(args)
        .env("GIT_AUTHOR_DATE", day)
        .env("GIT_COMMITTER_DATE", day);
    let output = command.output().with_context(|| format!("{} could not be started", shown(&command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", shown(&command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_a_repository_with_its_history_in_order() {
        let folder = std::env::temp_dir().join(format!("internflow-sample-{}", std::process::id()));
        write(&folder).expect("git is needed to build anything here");
        let ask = |args: &[&str]| {
            let all = [&["-C", folder.to_str().expect("a temporary folder has a plain name")], args].concat();
            answer("git", &all).expect("git answers")
        };
        let subjects = ask(&["log", "--reverse", "--format=%s"]);
        let wanted: Vec<_> = COMMITS.iter().map(|(message, ..)| *message).collect();
        assert_eq!(subjects.lines().collect::<Vec<_>>(), wanted, "each commit is a step of the story");
        let dates = ask(&["log", "--reverse", "--format=%aI"]);
        assert!(
            dates.starts_with("2025-03-03T18:20:00+05:30"),
            "equal dates give the same picture anywhere: {dates}"
        );
        assert_eq!(ask(&["status", "--porcelain"]), "", "every file is committed");
        fs::remove_dir_all(&folder).expect("the folder was made here");
    }
}
