//! What the user repeats and what they stopped doing, by the findings in their own commits.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

const RAVI: &str = "Ravi Kumar <ravi@example.edu>";
const MUTABLE: &str = "python/mutable-default";

fn flawed(name: &str) -> String {
    format!("def {name}(a, b=[]):\n    b.append(a)\n    return b\n")
}

fn mended(name: &str) -> String {
    flawed(name).replace("b=[]", "b=()").replace("b.append(a)", "b = [*b, a]")
}

/// Two commits with a mutable default, of which the student mends one; then `more` without.
fn student(more: usize) -> TestRepo {
    let repo = TestRepo::with(&[
        ("Add one", &[("shop/one.py", flawed("one").as_str())]),
        ("Add two", &[("shop/two.py", flawed("two").as_str())]),
        ("Mend one", &[("shop/one.py", mended("one").as_str())]),
    ]);
    for n in 0..more {
        repo.commit(&format!("More {n}"), &[(&format!("shop/more_{n}.py"), &format!("VALUE = {n}\n"))]);
    }
    repo
}

fn learned(cli: &Cli, args: &[&str]) -> Value {
    let ran = cli.run(&[&["learn", "--format", "json"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("standard output is the answer and nothing else")
}

fn review(cli: &Cli, repo: &TestRepo) -> String {
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--last", "40"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    path
}

fn habit<'a>(learned: &'a Value, rule: &str) -> Option<&'a Value> {
    learned["habits"].as_array().expect("habits").iter().find(|habit| habit["rule"] == rule)
}

#[test]
fn nothing_reviewed_is_nothing_learned() {
    let cli = Cli::new();
    let nothing = json!({ "commits": 0, "reviewed": 0, "months": [], "habits": [] });
    assert_eq!(learned(&cli, &[]), nothing, "no repository at all");
    let repo = student(0);
    let path = repo.path().to_string_lossy().into_owned();
    let before = learned(&cli, &[&path]);
    assert_eq!((&before["commits"], &before["reviewed"]), (&json!(3), &json!(0)));
    let ran = cli.run(&["learn", &path]);
    assert!(ran.out.contains("internflow-cli review"), "what to do is said: {}", ran.out);
    let ran = cli.run(&["learn", "nowhere"]);
    assert_eq!((ran.code, ran.err.contains("repos list")), (1, true), "{}", ran.err);
    let served = Served::start(&cli);
    let error = served.call("learning", json!({ "repository_id": 99 })).expect_err("there is none");
    assert_eq!(error["code"], "not_found");
}

#[test]
fn a_habit_repeats_and_then_stops() {
    let (cli, repo) = (Cli::new(), student(2));
    let path = review(&cli, &repo);
    let now = learned(&cli, &[&path]);
    assert_eq!((&now["commits"], &now["reviewed"]), (&json!(5), &json!(5)));
    let found = habit(&now, MUTABLE).expect("it was done twice");
    assert_eq!(found["trend"], "repeats", "{found}");
    assert_eq!((&found["findings"], &found["commits"]), (&json!(2), &json!(2)), "each problem once: {found}");
    assert!(found["lesson"].as_str().is_some_and(|lesson| lesson.len() > 40), "there is something to learn");
    let sha = |rev: &str| json!(repo.git(&["rev-parse", rev]).trim());
    assert_eq!((&found["first"]["sha"], &found["last"]["sha"]), (&sha("HEAD~4"), &sha("HEAD~3")));
    assert_eq!(now["months"][0]["month"], "2026-03");
    assert_eq!(now["months"][0]["reviewed"], 5);

    for n in 0..10 {
        repo.commit(&format!("Clean {n}"), &[(&format!("shop/clean_{n}.py"), &format!("CLEAN = {n}\n"))]);
    }
    review(&cli, &repo);
    let later = learned(&cli, &[&path]);
    assert_eq!(habit(&later, MUTABLE).expect("it is not forgotten")["trend"], "stopped");
    assert_eq!(learned(&cli, &[&path]), later, "the same twice");
    let ran = cli.run(&["learn"]);
    assert!(
        ran.out.contains("## What you stopped doing") && ran.out.contains("shop/two.py:1"),
        "{}",
        ran.out
    );
}

#[test]
fn the_line_that_was_mended_is_shown_with_what_it_became() {
    let (cli, repo) = (Cli::new(), student(1));
    let path = review(&cli, &repo);
    let now = learned(&cli, &[&path]);
    let examples = habit(&now, MUTABLE).expect("a habit")["examples"].clone();
    let mended = &examples[0];
    assert_eq!(mended["before"], "def one(a, b=[]):", "{examples:#}");
    assert_eq!(mended["after"], "def one(a, b=()):");
    assert_eq!(mended["changed_in"], repo.git(&["rev-parse", "HEAD~1"]).trim());
    assert_eq!(examples[1]["changed_in"], Value::Null, "the other one is as it was: {examples:#}");
}

#[test]
fn only_what_i_wrote_and_did_not_dismiss_counts() {
    let (cli, repo) = (Cli::new(), student(0));
    std::fs::write(repo.path().join("shop/his.py"), flawed("his")).expect("a file");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--author", RAVI, "--message", "His"]);
    let path = review(&cli, &repo);
    let served = Served::start(&cli);
    let id = served.call("repository_list", json!({})).expect("a list")[0]["id"].clone();
    let count = || {
        let now = served.call("learning", json!({ "repository_id": id })).expect("an answer");
        habit(&now, MUTABLE).map(|habit| habit["findings"].clone())
    };
    assert_eq!(count(), Some(json!(2)), "Ravi's is Ravi's to learn from");
    let second = json!({ "repository_id": id, "sha": repo.git(&["rev-parse", "HEAD~2"]).trim() });
    let review = served.call("review_get", second).expect("a review");
    let finding = review["findings"].as_array().into_iter().flatten().find(|f| f["rule"] == MUTABLE);
    let finding_id = finding.expect("it is there")["id"].clone();
    served
        .call("review_dismiss", json!({ "finding_id": finding_id, "reason": "On purpose" }))
        .expect("dismissed");
    assert_eq!(count(), Some(json!(1)), "what is no problem is no habit");
    drop(served);
    assert!(cli.run(&["learn", &path]).out.contains("Seen in one commit"));
}
