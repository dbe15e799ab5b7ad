//! What the app writes about its work, and what of it leaves in a report.

use std::io::Read;
use std::path::Path;

use internflow_tests::{Cli, STUDENT, Served, TestRepo, here};
use serde_json::{Value, json};

const FLAWED: &str =
    "def canary_function(x):\n    if x == None:\n        return 'canary-code'\n    return 2\n";
const TOKEN: &str = "ghp_canaryCANARY0123456789canary";

fn lines(cli: &Cli, args: &[&str]) -> Vec<Value> {
    let ran = cli.run(&[&["logs", "--format", "json", "--last", "2000"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn review(served: &Served, repo: &TestRepo) {
    let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let start = json!({ "repository_id": added["id"], "shas": [sha], "rules_only": true });
    let tasks = served.call("review_start", start).expect("it is queued");
    served.ended(&tasks[0]["id"]);
}

#[test]
fn one_id_leads_from_the_command_to_what_was_done_for_it() {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("Check", &[("a.py", FLAWED)])]));
    let served = Served::start(&cli);
    review(&served, &repo);
    // Logs are written behind the work; the window's page reads them while it runs.
    let asked = json!({ "component": "core", "level": "debug", "id": null, "limit": 100 });
    served.until("activity_logs", &asked, |logs| logs.to_string().contains("reviewing"));
    let queued = lines(&cli, &["--component", "store", "--level", "debug"]);
    let queued =
        queued.iter().find(|line| line["on_behalf_of"] == "review_start").expect("who asked is written");
    let id = queued["id"].as_str().expect("an id");
    let all = lines(&cli, &["--id", id, "--level", "debug"]);
    let reviewing =
        all.iter().find(|line| line["message"] == "reviewing").expect("the lane's line has the same id");
    assert!(reviewing["task"].is_number(), "and says of which task it is: {reviewing}");
    assert!(all.iter().all(|line| line["id"] == id), "nothing of others: {all:?}");
    assert!(lines(&cli, &["--level", "error"]).is_empty(), "nothing went wrong");
    let wrong = cli.run(&["logs", "--component", "kitchen"]);
    assert!(wrong.code == 1 && wrong.err.contains("core"), "what there is, is named: {}", wrong.err);
}

/// All bytes of all files below the folder whose path holds `part`.
fn everything(folder: &Path, part: &str) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            text.push_str(&everything(&entry.path(), part));
        } else if entry.path().to_string_lossy().contains(part) {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(entry.path()).expect("a file")));
        }
    }
    text
}

#[test]
fn no_canary_is_in_a_report_and_no_token_in_a_log() {
    let cli = Cli::new();
    let repo = TestRepo::with(&[("Fix canary-subject", &[("canary-folder/canary.py", FLAWED)])]);
    repo.git(&["config", "user.name", "Canary Person"]);
    let served = Served::start(&cli);
    let call = |name: &str, args: Value| served.call(name, args);
    review(&served, &repo);
    let mut settings = call("setting_get", json!({})).expect("settings");
    settings["model_address"] = json!("https://canary-host.example.org");
    settings["model_name"] = json!("canary-model");
    settings["github_api"] = json!("https://canary-enterprise.example.org/api/v3");
    call("setting_set", settings).expect("they are kept");
    let mut profile = call("resume_profile", json!({})).expect("a profile");
    profile["basics"]["name"] = json!("Canary Person");
    profile["basics"]["email"] = json!("canary@example.edu");
    call("resume_profile_set", json!({ "profile": profile })).expect("it is kept");
    // What fails says why, with paths and addresses.
    let follow =
        json!({ "address": format!("https://asha:{TOKEN}@127.0.0.1:9/canary-owner/canary-repo.git") });
    let _ = call("repository_follow", follow);
    let _ = call("outside_key", json!({ "key": TOKEN }));
    let _ = call("repository_add", json!({ "path": "/canary-path/nowhere" }));
    drop(served);
    // And lines as a careless error would have left them.
    let careless = json!({
        "timestamp": "2026-11-28T10:00:00Z", "level": "ERROR", "target": "internflow_core::sync",
        "fields": { "message": "task failed", "error": format!("canary-error {TOKEN} {STUDENT}"), "took_ms": 12 },
        "spans": [{ "name": "task", "id": "0badcafe", "kind": "sync", "title": "Sync canary-owner/canary-repo" }],
    });
    let log = cli.data.path().join("logs/core.jsonl");
    let before = std::fs::read_to_string(&log).expect("the log of the core");
    for secret in [TOKEN, STUDENT, &cli.data.path().to_string_lossy()] {
        let logs = everything(&cli.data.path().join("logs"), "jsonl");
        assert!(!logs.contains(secret), "{secret} is in a log");
    }
    std::fs::write(&log, format!("{before}{careless}\n")).expect("it is written");

    let file = cli.data.path().join("report.zip");
    let ran = cli.run(&["doctor", "--bundle", &file.to_string_lossy()]);
    assert!(ran.out.contains("report.zip"), "{}{}", ran.out, ran.err);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).expect("the report")).expect("an archive");
    let mut names = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let (name, mut text) = (part.name().to_owned(), String::new());
        part.read_to_string(&mut text).expect("text");
        let lower = text.to_lowercase();
        for word in ["canary", "asha", "example", &cli.data.path().to_string_lossy().to_lowercase()] {
            assert!(!lower.contains(word), "{word} is in {name}: {text}");
        }
        if name == "logs/core.jsonl" {
            assert!(
                text.contains("task failed") && text.contains("\"took_ms\":12"),
                "what helps stays: {text}"
            );
            assert!(text.contains("texts_left_out"), "and what is not there is counted: {text}");
        }
        names.push(name);
    }
    for name in ["about.json", "checks.json", "settings.json", "tasks.json", "logs/core.jsonl"] {
        assert!(names.contains(&name.to_owned()), "{name} is in the report: {names:?}");
    }
}

#[test]
fn messages_are_fixed_words() {
    let mut open = vec![here().join("../src-tauri")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("gen") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("source");
                for level in ["error", "warn", "info", "debug", "trace"] {
                    for call in text.split(&format!("tracing::{level}!(")).skip(1) {
                        let call = inside(call);
                        let message = call.rsplit('"').nth(1).unwrap_or_default();
                        let last = call.trim_end().trim_end_matches(',').ends_with('"');
                        assert!(
                            last && !message.contains('{'),
                            "a report keeps messages, so texts belong into fields: {} says {call}",
                            path.display()
                        );
                    }
                }
            }
        }
    }
}

/// What stands before the parenthesis that closes a call; those in texts are text.
fn inside(call: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    for (at, c) in call.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &call[..at];
        }
    }
    call
}
