//! What becomes of findings: followed, fixed, back again, dismissed, and quiet.

use internflow_domain::{Category, Finding, ReviewSummary, Severity, Source, Stage};
use internflow_store::Store;
use internflow_store::activity::NewTask;
use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

const RULE: &str = "python/mutable-default";
const BAD: &str = "def remember_student(name, seen=[]):\n    seen.append(name)\n    return seen\n";
const GOOD: &str =
    "def remember_student(name, seen=None):\n    seen = seen or []\n    return seen + [name]\n";

/// A running app with one repository. Taken apart in this order, the app ends first and its folder last.
struct Desk {
    served: Served,
    id: Value,
    repo: TestRepo,
    cli: Cli,
}

impl Desk {
    fn with(repo: TestRepo) -> Self {
        let cli = Cli::new();
        let served = Served::start(&cli);
        let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
        Self { id: added["id"].clone(), served, repo, cli }
    }

    /// Reviews a commit of the list with the rules, waits, and returns its findings.
    fn review(&self, sha: &str) -> Vec<Value> {
        self.look();
        let args = json!({ "repository_id": self.id, "shas": [sha], "rules_only": true });
        let tasks = self.served.call("review_start", args).expect("it is queued");
        let task = self.served.ended(&tasks[0]["id"]);
        assert_eq!(task["state"], "done", "{task}");
        self.of(sha)
    }

    /// The findings of a commit as they are now.
    fn of(&self, sha: &str) -> Vec<Value> {
        let args = json!({ "repository_id": self.id, "sha": sha });
        let review = self.served.call("review_get", args).expect("a review");
        review["findings"].as_array().cloned().unwrap_or_default()
    }

    /// The user comes back to the page after they have worked in the repository.
    fn look(&self) {
        self.served.call("repository_refresh", json!({ "id": self.id })).expect("it is looked at");
    }

    fn list(&self, state: &str) -> Value {
        let args = json!({ "repository_id": self.id, "state": state });
        self.served.call("review_findings", args).expect("a list")
    }

    /// The findings of the list.
    fn listed(&self, state: &str) -> Vec<Value> {
        self.list(state)["findings"].as_array().expect("findings").clone()
    }

    fn only(&self, state: &str) -> Value {
        let listed = self.listed(state);
        assert_eq!(listed.len(), 1, "one {state} problem: {listed:#?}");
        listed[0].clone()
    }

    fn dismiss(&self, finding: &Value, reason: &str) {
        let args = json!({ "finding_id": finding["id"], "reason": reason });
        self.served.call("review_dismiss", args).expect("it is dismissed");
    }

    fn head(&self) -> String {
        self.repo.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }
}

/// Sixty lines, so that a renamed file is known again.
fn filler() -> String {
    (0..60).map(|n| format!("VALUE_{n} = {n}\n")).collect()
}

#[test]
fn a_finding_is_followed_until_it_is_fixed_and_comes_back_as_itself() {
    let file = |code: &str, above: &str| format!("{above}{}\n\n{code}", filler());
    let repo = TestRepo::with(&[("Begin", &[("app/db.py", &file(BAD, ""))])]);
    let first = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let desk = Desk::with(repo);
    let found = desk.review(&first);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0]["rule"], &found[0]["state"]), (&json!(RULE), &json!("open")));
    assert_eq!(found[0]["now"]["line"], found[0]["line"], "it is where it was found");
    let line = found[0]["line"].as_u64().expect("a line");

    desk.repo.git(&["mv", "app/db.py", "app/students.py"]);
    let above = "# More to read.\n".repeat(20);
    desk.repo.commit("Move it", &[("app/students.py", &file(BAD, &above))]);
    desk.look();
    let moved = desk.only("open");
    assert_eq!(moved["id"], found[0]["id"], "a finding that moved is no new one");
    assert_eq!(
        (&moved["now"]["path"], &moved["now"]["line"]),
        (&json!("app/students.py"), &json!(line + 20)),
        "the student is sent to where the line is today: {moved}"
    );

    let fix = desk.repo.commit("Mend it", &[("app/students.py", &file(GOOD, &above))]);
    desk.look();
    assert!(desk.listed("open").is_empty(), "what is mended is not asked for again");
    let fixed = desk.only("fixed");
    assert_eq!(
        (&fixed["state"], &fixed["state_in"]),
        (&json!("fixed"), &json!(fix)),
        "the commit is the proof"
    );
    assert_eq!(desk.of(&first)[0]["state_in"], json!(fix), "the page of the commit says so as well");

    desk.repo.git(&["revert", "--no-edit", "HEAD"]);
    let back = desk.head();
    desk.look();
    let again = desk.only("open");
    assert_eq!(again["id"], found[0]["id"], "the old problem is back, not another one like it");
    assert_eq!((&again["state"], &again["state_in"]), (&json!("reopened"), &json!(back)));
    assert_eq!(again["now"]["line"], json!(line + 20));

    let returned = desk.review(&back);
    assert_eq!(returned.len(), 1, "the commit added the line: {returned:#?}");
    assert_eq!(
        returned[0]["first_in"],
        json!(first),
        "its page says that this is the return of an older finding"
    );
    assert_eq!((&returned[0]["state"], &returned[0]["state_in"]), (&json!("reopened"), &json!(back)));
    assert_eq!(desk.only("open")["id"], found[0]["id"], "and the list has one problem, not two");
}

#[test]
fn what_was_dismissed_does_not_come_back_nor_does_its_twin() {
    let desk = Desk::with(TestRepo::with(&[("One", &[("a.py", BAD)])]));
    let first = desk.head();
    desk.dismiss(&desk.review(&first)[0], "On purpose");
    let again = desk.review(&first);
    assert_eq!((&again[0]["state"], &again[0]["dismissed"]), (&json!("dismissed"), &json!("On purpose")));

    let second = desk.repo.commit("The same elsewhere", &[("b.py", &format!("import os\n\n\n{BAD}"))]);
    let twin = desk.review(&second);
    assert_eq!(
        (twin.len(), &twin[0]["state"]),
        (1, &json!("dismissed")),
        "nobody wants to say it twice: {twin:#?}"
    );
    assert_eq!(twin[0]["twin_in"], json!(first), "where it was decided is said");
    assert!(desk.listed("open").is_empty());
    assert_eq!(desk.listed("dismissed").len(), 2, "both can be looked at");

    let third =
        desk.repo.commit("Another", &[("c.py", "def remember_teacher(name, heard=[]):\n    return heard\n")]);
    assert_eq!(desk.review(&third)[0]["state"], "open", "another line is another question");

    desk.served.call("review_restore", json!({ "finding_id": again[0]["id"] })).expect("it is restored");
    assert_eq!(desk.listed("open").len(), 3, "with the reason its twins lose theirs");
    assert_eq!(desk.review(&second)[0]["state"], "open", "and a review does not dismiss what was restored");
}

/// A review that asked the model and found something at `line`, as the queue would have made it.
async fn reviewed_with_model(data: &std::path::Path, repository_id: i64, sha: &str, line: u32, quote: &str) {
    let store = Store::open(&data.join("internflow.db")).await.expect("a database");
    let task =
        NewTask { kind: "review", title: "Review".into(), dedupe: "model".into(), payload: "{}".into() };
    store.start_review(repository_id, sha, &task, 0).await.expect("it is queued");
    let claimed = store.claim(&["review"], 0, true).await.expect("the queue").expect("a task");
    let finding = Finding {
        commit: sha.into(),
        path: "a.py".into(),
        line,
        end_line: line,
        severity: Severity::Major,
        category: Category::Correctness,
        source: Source::Model,
        rule: "model/correctness".into(),
        message: "Grows with every call.".into(),
        why: String::new(),
        quote: quote.into(),
        fix: None,
        confidence: 0.6,
    };
    store.add_finding(&claimed, repository_id, &finding, None).await.expect("it is added");
    let summary = ReviewSummary { model: Some("a model".into()), ..ReviewSummary::default() };
    let looked = [Stage::Rules, Stage::Likelihood, Stage::Questions];
    store.finish_review(&claimed, repository_id, sha, &summary, &looked, 1).await.expect("it ends");
    store.close().await;
}

#[test]
fn a_run_takes_back_what_its_own_stages_found_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let data = folder.path();
        let store = Store::open(&data.join("internflow.db")).await.expect("a database");
        let id = store.add_repository("/shop", "shop").await.expect("it is added");
        store.close().await;
        reviewed_with_model(data, id, "c0ffee", 2, "seen.append(name)").await;

        let store = Store::open(&data.join("internflow.db")).await.expect("a database");
        let mut left = Vec::new();
        for looked in [&[Stage::Rules, Stage::Likelihood][..], &[Stage::Questions]] {
            let task =
                NewTask { kind: "review", title: "Again".into(), dedupe: "a".into(), payload: "{}".into() };
            store.start_review(id, "c0ffee", &task, 2).await.expect("it is queued");
            let claimed = store.claim(&["review"], 2, true).await.expect("the queue").expect("a task");
            let summary = ReviewSummary::default();
            store.finish_review(&claimed, id, "c0ffee", &summary, looked, 3).await.expect("it ends");
            left.push(
                store.review(id, "c0ffee").await.expect("it is read").expect("a review").findings.len(),
            );
        }
        assert_eq!(left, [1, 0], "questions found it, so a run without questions can't say that it is gone");
    });
}

#[test]
fn a_run_that_was_cut_short_takes_nothing_back() {
    let mut desk = Desk::with(TestRepo::with(&[("One", &[("a.py", BAD)])]));
    let sha = desk.head();
    let rule = desk.review(&sha)[0]["id"].clone();
    // The app is closed meanwhile, as the database has one owner.
    drop(desk.served);
    let id = desk.id.as_i64().expect("an id");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(reviewed_with_model(
        desk.cli.data.path(),
        id,
        &sha,
        2,
        "seen.append(name)",
    ));
    desk.served = Served::start(&desk.cli);
    desk.look();

    let states = |desk: &Desk| {
        let found = desk.of(&sha);
        found.iter().map(|one| (one["source"].clone(), one["state"].clone())).collect::<Vec<_>>()
    };
    let by_model = (json!("model"), json!("open"));
    assert_eq!(
        states(&desk),
        std::slice::from_ref(&by_model),
        "the model's run no longer saw what the rules had seen ({rule})"
    );
    desk.review(&sha);
    let both = [(json!("rule"), json!("open")), by_model];
    assert_eq!(states(&desk), both, "the rules alone can't say that the model was wrong");

    // Without a model here this run fails after its rules; what it found so far and what was there stays.
    let args = json!({ "repository_id": desk.id, "shas": [sha], "rules_only": false });
    let tasks = desk.served.call("review_start", args).expect("it is queued");
    assert_eq!(desk.served.ended(&tasks[0]["id"])["state"], "failed");
    assert_eq!(states(&desk), both, "a run that failed has not looked at everything");

    let many: Vec<String> =
        (0..20).map(|n| desk.repo.commit(&format!("More {n}"), &[("b.py", &filler())])).collect();
    let shas: Vec<&String> = many.iter().chain([&sha]).collect();
    let args = json!({ "repository_id": desk.id, "shas": shas, "rules_only": true });
    let tasks = desk.served.call("review_start", args).expect("they are queued");
    let last = tasks.as_array().and_then(|tasks| tasks.last()).expect("tasks")["id"].clone();
    desk.served.call("activity_cancel", json!({ "task_id": last })).expect("it is cancelled");
    assert_eq!(desk.served.ended(&last)["state"], "cancelled");
    desk.look();
    assert_eq!(states(&desk), both, "nor has one that was cancelled");

    let fix = desk.repo.commit("Count it", &[("a.py", &BAD.replace("seen.append(name)", "seen += [name]"))]);
    desk.look();
    let fixed = desk.only("fixed");
    assert_eq!(
        (&fixed["source"], &fixed["state_in"]),
        (&json!("model"), &json!(fix)),
        "what git says needs no review: the line that the model objected to is another one"
    );
}

#[test]
fn a_rewritten_history_loses_nothing() {
    let desk = Desk::with(TestRepo::with(&[("Begin", &[("z.py", "Z = 1\n")]), ("One", &[("a.py", BAD)])]));
    let first = desk.head();
    let id = desk.review(&first)[0]["id"].clone();
    let fix = desk.repo.commit("Mend it", &[("a.py", GOOD)]);
    desk.look();
    assert_eq!(desk.only("fixed")["state_in"], json!(fix));

    desk.repo.git(&["reset", "--quiet", "--hard", &first]);
    desk.look();
    let open = desk.only("open");
    assert_eq!(
        (&open["id"], &open["state"]),
        (&id, &json!("open")),
        "the fix was thrown away, and is no fix"
    );

    desk.repo.git(&["commit", "--quiet", "--amend", "--message", "One, told better"]);
    let amended = desk.head();
    desk.look();
    let open = desk.only("open");
    assert_eq!(
        (&open["id"], &open["on_branch"]),
        (&id, &json!(false)),
        "its commit is gone, its line is not"
    );
    assert_eq!(open["now"], json!({ "path": "a.py", "line": 1, "end_line": 1 }));

    let found = desk.review(&amended);
    assert_eq!(
        desk.listed("open").len(),
        1,
        "the same problem in the new commit is not a second one: {found:#?}"
    );
    assert_eq!(desk.only("open")["commit"], json!(amended), "it is told by the commit that is there");

    desk.repo.git(&["reset", "--quiet", "--hard", &fix]);
    desk.look();
    let fixed: Vec<Value> = desk.listed("fixed").iter().map(|one| one["id"].clone()).collect();
    assert_eq!(fixed, [id], "the old history is back, and so is what was known of it");
}

#[test]
fn a_fix_on_a_branch_is_credited_to_its_own_commit() {
    let desk = Desk::with(TestRepo::with(&[("One", &[("a.py", BAD), ("b.py", "B = 1\n")])]));
    let first = desk.head();
    desk.review(&first);
    desk.repo.git(&["checkout", "-q", "-b", "mend"]);
    let fix = desk.repo.commit("Mend it", &[("a.py", GOOD)]);
    desk.repo.git(&["checkout", "-q", "main"]);
    desk.repo.commit("Meanwhile", &[("b.py", "B = 2\n")]);
    desk.look();
    assert_eq!(desk.only("open")["state"], "open", "on this branch it is still there");
    desk.repo.git(&["merge", "-q", "--no-ff", "-m", "Join", "mend"]);
    desk.look();
    assert_eq!(desk.only("fixed")["state_in"], json!(fix), "not to the merge, which only joined it");
}

#[test]
fn a_function_that_moves_to_another_file_takes_its_finding_with_it() {
    let desk = Desk::with(TestRepo::with(&[(
        "One",
        &[("a.py", &format!("{}\n\n{BAD}", filler())), ("b.py", "B = 1\n")],
    )]));
    let first = desk.head();
    let id = desk.review(&first)[0]["id"].clone();
    let moving = desk.repo.commit("Move", &[("a.py", &filler()), ("b.py", &format!("B = 1\n\n\n{BAD}"))]);
    desk.look();
    let moved = desk.only("open");
    assert_eq!(
        (&moved["id"], &moved["now"]["path"], &moved["now"]["line"]),
        (&id, &json!("b.py"), &json!(4))
    );
    assert_eq!(
        desk.review(&moving)[0]["first_in"],
        json!(first),
        "its lines were added there, and it is the old finding"
    );
    assert_eq!(desk.only("open")["id"], id);
}

#[test]
fn a_rule_that_is_only_ever_dismissed_becomes_quiet_and_can_be_turned_on_again() {
    let function = |name: &str| format!("def {name}_of_students(value, found=[]):\n    return found\n");
    let files: Vec<(String, String)> =
        ["count", "names", "marks"].iter().map(|name| (format!("{name}.py"), function(name))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let desk = Desk::with(TestRepo::with(&[("Three", &files)]));
    let first = desk.head();
    let found = desk.review(&first);
    assert_eq!(found.len(), 3, "{found:#?}");
    desk.dismiss(&found[0], "Fine");
    desk.dismiss(&found[1], "Fine");
    assert_eq!(desk.list("all")["quiet"], json!([]), "two are no habit");
    desk.dismiss(&found[2], "Fine");
    assert_eq!(desk.list("all")["quiet"], json!([{ "rule": RULE, "dismissals": 3 }]));

    let fourth = desk.repo.commit("A fourth", &[("ages.py", &function("ages"))]);
    let quiet = desk.review(&fourth);
    assert_eq!(
        (&quiet[0]["state"], &quiet[0]["quiet"], &quiet[0]["shown"]),
        (&json!("open"), &json!(3), &json!(false))
    );
    let rows = json!({ "repository_id": desk.id, "mine": false, "query": "", "offset": 0, "limit": 10 });
    let page = desk.served.call("repository_commits", rows).expect("commits");
    let row =
        page["commits"].as_array().into_iter().flatten().find(|row| row["sha"] == json!(fourth)).cloned();
    let row = row.expect("the commit");
    assert_eq!(
        (&row["findings"], &row["settled"]),
        (&json!(0), &json!(1)),
        "what is quiet is not counted: {row}"
    );

    desk.served
        .call("review_rule_on", json!({ "repository_id": desk.id, "rule": RULE }))
        .expect("it is turned on");
    assert_eq!(desk.list("all")["quiet"], json!([]));
    assert_eq!(desk.of(&fourth)[0]["shown"], json!(true), "the user has the last word");
}

#[test]
fn how_much_is_shown_is_chosen() {
    let cli = Cli::new();
    let repo = TestRepo::with(&[(
        "One",
        &[(
            "a.py",
            "import os\n\n\ndef run(name, seen=[]):\n    os.system('ls ' + name)\n    assert (1, 'always')\n    if name == None:\n        return seen\n",
        )],
    )]);
    let path = repo.path().to_string_lossy().into_owned();
    let review = |more: &[&str]| {
        let ran = cli.run(&[&["review", &path, "--rules-only", "--format", "json"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let found: Vec<Value> = serde_json::from_str(&ran.out).expect("an array");
        found
    };
    let all = review(&[]);
    let serious = |one: &&Value| matches!(one["severity"].as_str(), Some("major" | "critical"));
    let wanted = all.iter().filter(serious).count();
    assert!(wanted > 0 && wanted < all.len(), "the example has both: {all:#?}");
    assert_eq!(review(&["--show", "strict"]).len(), all.len());
    assert_eq!(review(&["--show", "serious"]).len(), wanted);
    assert!(review(&["--show", "balanced"]).iter().all(|one| one["severity"] != "info"));
    assert_eq!(cli.run(&["review", &path, "--show", "everything"]).code, 2, "a choice that does not exist");

    let list = |more: &[&str]| cli.run(&[&["findings", &path], more].concat());
    let json = list(&["--state", "all", "--format", "json"]);
    let listed: Vec<Value> = serde_json::from_str(&json.out).expect("an array and nothing else");
    assert_eq!(listed.len(), all.len(), "what the terminal reviewed, the terminal lists: {}", json.err);
    let text = list(&[]);
    assert!(text.out.contains("a.py:4") && text.out.contains("Open; found in"), "{}", text.out);
    assert!(text.out.contains(&format!("{} open, 0 fixed, 0 dismissed.", all.len())), "{}", text.out);
}
