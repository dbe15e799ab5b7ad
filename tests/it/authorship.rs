//! Whose work it is: co-authors, squash merges, bots, and first commits that nobody writes at once.

use internflow_tests::{Cli, FakeGithub, STUDENT, Served, TestRepo};
use serde_json::{Value, json};

const RAVI: &str = "Ravi Kumar <ravi@example.edu>";

fn add(served: &Served, repo: &TestRepo) -> Value {
    served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")
}

fn mine(served: &Served, repository: &Value) -> Vec<String> {
    subjects(&served.call("repository_commits", of_mine(repository)).expect("a page"))
}

fn of_mine(repository: &Value) -> Value {
    json!({ "repository_id": repository["id"], "mine": true, "query": "", "offset": 0, "limit": 50 })
}

fn subjects(page: &Value) -> Vec<String> {
    let rows = page["commits"].as_array().into_iter().flatten();
    rows.map(|row| row["subject"].as_str().expect("a subject").to_owned()).collect()
}

/// Commits what lies in the folder as somebody else.
fn commit_as(repo: &TestRepo, who: &str, message: &str, file: &str) {
    std::fs::write(repo.path().join(file), format!("{message}\n")).expect("a file is written");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--author", who, "--message", message]);
}

#[test]
fn what_was_written_together_is_mine_and_what_a_bot_or_a_merge_brought_is_not() {
    let repo = TestRepo::with(&[("Mine", &[("a.py", "a = 1\n")])]);
    commit_as(&repo, RAVI, "His", "b.py");
    let together = format!("Together (#4)\n\n* Mine\n* His\n\nCo-authored-by: Asha <{STUDENT}>");
    commit_as(&repo, RAVI, &together, "c.py");
    commit_as(&repo, "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", "Bump", "d.txt");
    repo.git(&["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    commit_as(&repo, RAVI, "On the side", "e.py");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "Merge side", "side"]);

    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = add(&served, &repo);
    assert_eq!(mine(&served, &repository), ["Together (#4)", "Mine"], "the squash names its co-authors");
    assert_eq!(repository["mine"], 2, "the count is of the same commits");
    let authors =
        served.call("repository_authors", json!({ "repository_id": repository["id"] })).expect("authors");
    assert!(!authors.to_string().contains("[bot]"), "nobody is a bot: {authors}");
}

#[test]
fn each_account_that_signed_in_is_me_and_what_i_refuse_is_not() {
    use crate::stage::{Stage, sign_in};
    let repo = TestRepo::with(&[("Mine", &[("a.py", "a = 1\n")])]);
    commit_as(&repo, RAVI, "As Ravi", "b.py");
    repo.commit(".mailmap", &[(".mailmap", "Ravi Kumar <ravi.kumar@work.example> <ravi@example.edu>\n")]);
    repo.git(&["config", "user.email", "nobody@example.edu"]);
    let Stage { _cli, github, served } = Stage::new();
    let repository = add(&served, &repo);
    assert_eq!(repository["mine"], 0, "nobody has said who the user is: {repository}");

    let state = sign_in(&served, &github);
    let emails = state["account"]["emails"].as_array().expect("addresses").iter();
    let noreply =
        emails.filter_map(Value::as_str).find(|email| email.starts_with("4242+")).expect("a noreply one");
    commit_as(&repo, &format!("asha <{noreply}>"), "On GitHub's page", "c.py");
    served.call("repository_refresh", json!({ "id": repository["id"] })).expect("it is read");
    let hers = mine(&served, &repository);
    assert!(hers.contains(&"On GitHub's page".to_owned()), "{hers:?}");
    assert_eq!(hers.len(), 3, "{hers:?}");
    served.call("account_sign_out", json!({})).expect("it signs out");
    assert_eq!(mine(&served, &repository).len(), 3, "what was theirs still is");

    github.control(
        "account",
        &json!({
            "login": "ravi", "name": "Ravi Kumar", "id": 77,
            "emails": [{ "email": "ravi@example.edu", "primary": true, "verified": true, "visibility": "private" }],
        }),
    );
    sign_in(&served, &github);
    // The second account is the user too, also where a .mailmap writes its address anew. Its addresses are
    // written down a moment after it counts as signed in.
    served.until("repository_commits", &of_mine(&repository), |page| {
        subjects(page).contains(&"As Ravi".to_owned())
    });

    let confirm = json!({ "emails": [STUDENT], "not_mine": ["ravi.kumar@work.example", "ravi@example.edu"] });
    served.call("repository_identities", confirm).expect("it is remembered");
    let now = mine(&served, &repository);
    assert!(now.contains(&"Mine".to_owned()) && !now.contains(&"As Ravi".to_owned()), "{now:?}");
    assert_eq!(served.call("identity_list", json!({})).expect("a list"), json!([STUDENT]));
}

#[test]
fn a_first_commit_that_nobody_writes_at_once_counts_when_the_student_says_so() {
    let whole: String = (0..6_000).map(|n| format!("value_{n} = {n}\n")).collect();
    let repo = TestRepo::with(&[("Upload", &[("app.py", &whole)]), ("Fix", &[("b.py", "b = 1\n")])]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = add(&served, &repo);
    assert_eq!(repository["import"]["size"]["added"], 6_000, "{repository}");
    assert_eq!((&repository["import"]["mine"], &repository["mine"]), (&json!(false), &json!(1)));
    assert_eq!(mine(&served, &repository), ["Fix"]);

    let say = |mine: bool| {
        let args = json!({ "repository_id": repository["id"], "mine": mine });
        served.call("repository_import", args).expect("it is taken")
    };
    assert_eq!(say(true)["mine"], 2, "only the student knows, and is believed");
    assert_eq!(mine(&served, &repository), ["Fix", "Upload"]);
    repo.commit("More", &[("c.py", "c = 1\n")]);
    let again = served.call("repository_refresh", json!({ "id": repository["id"] })).expect("a look");
    assert_eq!(again["import"]["mine"], true, "what was said stays when the history is read again");
    assert_eq!(say(false)["mine"], 2);

    // The bullets keep to it, too: 6,000 lines would be the proudest of them.
    drop(served);
    let path = repo.path().to_str().expect("a path");
    let ran = cli.run(&["bullets", path, "--plain", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains("6000 lines") && !ran.out.contains("6002 lines"), "{}", ran.out);
}

#[test]
fn what_a_template_brought_is_not_the_students() {
    let repo = TestRepo::with(&[
        ("Initial commit", &[("server.py", "def run():\n    pass\n")]),
        ("Mine", &[("app.py", "def app():\n    return 1\n")]),
    ]);
    let (cli, github) = (Cli::new(), FakeGithub::start());
    let served = Served::start(&cli);
    github.control("repository", &json!({ "full_name": "acme/starter", "is_template": true }));
    github.control(
        "repository",
        &json!({ "full_name": "asha/new", "template": "acme/starter", "git_dir": repo.path(), "default_branch": "main" }),
    );
    let mut settings = served.call("setting_get", json!({})).expect("settings");
    settings["github_api"] = json!(github.api);
    settings["sync_minutes"] = json!(0);
    served.call("setting_set", settings).expect("settings are kept");
    let token = "github_pat_11TEMPLATE00000000000000";
    github.control(
        "pat",
        &json!({ "token": token, "permissions": { "contents": "read", "email_addresses": "read" } }),
    );
    served.call("account_token", json!({ "token": token })).expect("it signs in");
    let repository = served.call("repository_follow", json!({ "address": "asha/new" })).expect("followed");
    let tasks = served.call("repository_sync", json!({ "ids": [repository["id"]] })).expect("a task");
    served.ended(&tasks[0]["id"]);
    assert_eq!(mine(&served, &repository), ["Mine"]);
    let all = served.call("repository_list", json!({})).expect("a list");
    assert_eq!((&all[0]["remote"]["template"], &all[0]["import"]["mine"]), (&json!(true), &json!(false)));
}

#[test]
fn sizes_of_commits_are_those_of_git() {
    let repo = TestRepo::with(&[
        ("One", &[("a.py", "a = 1\nb = 2\n"), ("keep.txt", "x\n")]),
        ("Two", &[("a.py", "a = 1\nb = 3\nc = 4\n")]),
    ]);
    repo.git(&["mv", "keep.txt", "kept.txt"]);
    repo.commit_bytes("Three", &[("picture", &[0, 159, 146, 150])]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = add(&served, &repo);
    let args =
        json!({ "repository_id": repository["id"], "mine": false, "query": "", "offset": 0, "limit": 50 });
    let page = served.until("repository_commits", &args, |page| page["commits"][0]["size"].is_object());
    let sizes: Vec<&Value> =
        page["commits"].as_array().expect("rows").iter().map(|row| &row["size"]).collect();
    let size = |files, added, removed| json!({ "files": files, "added": added, "removed": removed });
    assert_eq!(
        sizes,
        [&size(2, 0, 0), &size(1, 2, 1), &size(2, 3, 0)],
        "a rename changes no line, a picture has none"
    );
}
