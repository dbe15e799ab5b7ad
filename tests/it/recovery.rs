//! What a crash leaves behind is taken up again, once.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

#[test]
fn a_second_review_of_a_commit_replaces_the_first() {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]));
    let path = repo.path().to_string_lossy().into_owned();
    let review = || {
        let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    assert_eq!(review(), review(), "asking twice shows each finding once");
}

#[cfg(unix)]
#[test]
fn a_killed_app_goes_on_where_it_was() {
    use std::io::BufRead;
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]));
    let path = repo.path().to_string_lossy().into_owned();
    for _ in 0..5 {
        let mut serving = cli
            .command(&["serve", "--repository", &path])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        std::io::BufReader::new(serving.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("it says where it is");
        // SIGKILL, in the middle of whatever its queue does.
        serving.kill().expect("it is killed");
        serving.wait().expect("it ends");
    }
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("python/mutable-default"), "{}", ran.out);
}

/// Commits in each of which a rule finds one thing.
fn flawed(count: usize) -> TestRepo {
    let repo = TestRepo::empty();
    for n in 0..count {
        repo.commit("More", &[(&format!("a{n}.py"), &format!("def f{n}(a=[]):\n    return a\n"))]);
    }
    repo
}

/// Asks a running app to review every commit; the repository's id, the commits and the tasks.
fn asked(served: &Served, repo: &TestRepo) -> (Value, Vec<String>, Vec<Value>) {
    let id =
        served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone();
    let shas: Vec<String> = repo.git(&["rev-list", "--reverse", "HEAD"]).lines().map(str::to_owned).collect();
    let args = json!({ "repository_id": id, "shas": shas, "rules_only": true });
    let tasks = served.call("review_start", args).expect("they are queued");
    (id, shas, tasks.as_array().expect("tasks").iter().map(|task| task["id"].clone()).collect())
}

/// Every task is done, in how many attempts, and each commit has its one finding.
fn check(served: &Served, (id, shas, tasks): &(Value, Vec<String>, Vec<Value>)) -> Vec<u64> {
    let mut attempts = Vec::new();
    for (sha, task) in shas.iter().zip(tasks) {
        let ended = served.ended(task);
        assert_eq!(ended["state"], "done", "{ended:#}");
        attempts.push(ended["attempts"].as_u64().expect("a number"));
        let review = served.call("review_get", json!({ "repository_id": id, "sha": sha })).expect("a review");
        let findings = review["findings"].as_array().expect("findings");
        assert_eq!(findings.len(), 1, "what was found is there once: {review:#}");
    }
    attempts
}

#[test]
fn tasks_of_a_killed_app_are_ended_by_the_next_under_the_same_ids() {
    let (cli, repo) = (Cli::new(), flawed(6));
    let mut served = Served::start(&cli);
    let asked = asked(&served, &repo);
    for _ in 0..3 {
        // Dropped is killed.
        drop(served);
        served = Served::start(&cli);
    }
    check(&served, &asked);
}

#[cfg(unix)]
#[test]
fn an_app_that_was_stopped_for_a_while_begins_nothing_again() {
    let (cli, repo) = (Cli::new(), flawed(6));
    let served = Served::start(&cli);
    let asked = asked(&served, &repo);
    for _ in 0..3 {
        served.signal("STOP");
        std::thread::sleep(std::time::Duration::from_millis(700));
        served.signal("CONT");
    }
    assert_eq!(check(&served, &asked), [1; 6], "a laptop that slept has not lost its tasks to anybody");
}
