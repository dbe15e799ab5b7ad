//! Looking for code without any model: words come first, and what is odd about a repository stops nothing.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

/// Adds the repository and waits until its files were read.
fn read(served: &Served, repo: &TestRepo) -> Value {
    let repository = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    again(served, &repository["id"]);
    repository
}

/// Indexes once more. Without the embedder the task fails after the words are in.
fn again(served: &Served, id: &Value) {
    let task = served.call("repository_index", json!({ "id": id })).expect("a task");
    let ended = served.ended(&task["id"]);
    let error = ended["error"]["code"].as_str().unwrap_or("");
    assert!(ended["state"] == "done" || error == "model_missing", "{ended}");
}

fn search(served: &Served, query: &str) -> Value {
    let args = json!({ "query": query, "repository_id": null, "path": "", "limit": 10 });
    served.call("search_code", args).expect("an answer")
}

fn first(found: &Value) -> String {
    let hit = &found["hits"][0];
    format!("{}:{}", hit["path"].as_str().unwrap_or("nothing"), hit["start_line"])
}

const SERVICE: &str = "import db\n\n\ndef getUserName(user_id):\n    \"\"\"The display name.\"\"\"\n    return db.load(user_id).name\n\n\ndef remove_expired_sessions(now):\n    for session in db.sessions():\n        if session.ends < now:\n            db.drop(session)\n";

#[test]
fn a_name_half_remembered_is_found_without_any_model() {
    let repo = TestRepo::with(&[(
        "One",
        &[("src/service.py", SERVICE), ("README.md", "# Shop\n\nSells things to users.\n")],
    )]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    read(&served, &repo);
    assert_eq!(first(&search(&served, "getUserName")), "src/service.py:4", "an exact name");
    assert_eq!(
        first(&search(&served, "user name")),
        "src/service.py:4",
        "its words, though they are one word there"
    );
    assert_eq!(first(&search(&served, "getuser")), "src/service.py:4", "its beginning");
    assert_eq!(
        first(&search(&served, "where do sessions expire?")),
        "src/service.py:9",
        "a question, other endings"
    );
    let found = search(&served, "user name");
    assert_eq!(found["hits"][0]["symbol"], "getUserName");
    assert!(found["hits"][0]["text"].as_str().is_some_and(|text| text.starts_with("def getUserName")));
    assert_eq!(search(&served, "the of is")["hits"], json!([]), "words that every question has find nothing");
    assert_eq!(
        search(&served, "\"; SELECT * ) -- NEAR(^ OR NOT :")["hits"],
        json!([]),
        "nothing in a query is an operator"
    );

    let elsewhere = json!({ "query": "getUserName", "repository_id": null, "path": "docs/", "limit": 10 });
    assert_eq!(served.call("search_code", elsewhere).expect("an answer")["hits"], json!([]));
}

#[test]
fn the_index_follows_the_repository() {
    let repo = TestRepo::with(&[(
        "One",
        &[("a.py", "def first_thing():\n    return 1\n"), ("b.py", "def second_thing():\n    return 2\n")],
    )]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = read(&served, &repo);
    repo.git(&["mv", "a.py", "moved.py"]);
    repo.git(&["rm", "--quiet", "b.py"]);
    repo.commit("Two", &[("c.py", "def third_thing():\n    return 3\n")]);
    again(&served, &repository["id"]);
    assert_eq!(first(&search(&served, "first_thing")), "moved.py:1");
    assert_eq!(first(&search(&served, "third_thing")), "c.py:1");
    let gone = search(&served, "second_thing");
    assert!(!gone.to_string().contains("b.py"), "what was deleted is not shown: {gone}");
}

#[test]
fn odd_files_are_read_or_left_out_and_stop_nothing() {
    let nested = format!("x = {}{}\n", "(".repeat(5_000), ")".repeat(5_000));
    let line = format!("var a = \"{}\";\n", "y".repeat(30 << 20));
    let repo = TestRepo::with(&[(
        "Odd",
        &[
            ("nested.py", nested.as_str()),
            ("bundle.js", line.as_str()),
            ("names.py", "def מצא_משתמש(שם):\n    return שם\n\n\ndef größeÄndern(π):\n    return π\n"),
            ("vendor/lib.py", "def vendored_thing():\n    pass\n"),
            (
                "keys.py",
                "API_KEY = 'sk_live_51H8xT2eZvKYlo2CqWq7uZ3mB9aT4nP6rD0'\n\n\ndef plain_thing():\n    return 1\n",
            ),
        ],
    )]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    read(&served, &repo);
    assert_eq!(first(&search(&served, "plain_thing")), "keys.py:4");
    assert_eq!(first(&search(&served, "מצא משתמש")), "names.py:1", "names in any script are names");
    assert_eq!(first(&search(&served, "größe ändern")), "names.py:5");
    let vendored = search(&served, "vendored_thing")["hits"].to_string();
    assert!(!vendored.contains("vendor/"), "what is not the student's is left out: {vendored}");
    let secret = search(&served, "API_KEY");
    assert!(secret.to_string().contains("API_KEY"), "{secret}");
    assert!(
        !secret.to_string().contains("sk_live_51H8xT2eZvKYlo2CqWq7uZ3mB9aT4nP6rD0"),
        "a secret is not stored: {secret}"
    );
    let database = std::fs::read(cli.data.path().join("internflow.db")).expect("the database");
    let log = std::fs::read(cli.data.path().join("internflow.db-wal")).unwrap_or_default();
    let leaked = |bytes: &[u8]| bytes.windows(20).any(|part| part == b"sk_live_51H8xT2eZvKY");
    assert!(!leaked(&database) && !leaked(&log), "nor is it among the words");
}

#[test]
fn a_file_is_shown_as_the_last_commit_has_it() {
    let repo = TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]);
    repo.commit_bytes("Two", &[("picture", &[0, 159, 146, 150])]);
    std::fs::write(repo.path().join("src/service.py"), "not committed\n").expect("a change");
    let cli = Cli::new();
    let served = Served::start(&cli);
    let id =
        served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone();
    let file = |path: &str| served.call("repository_file", json!({ "repository_id": id, "path": path }));
    let shown = file("src/service.py").expect("the file");
    assert_eq!((&shown["text"], &shown["language"]), (&json!(SERVICE), &json!("python")));
    for bad in ["../../../etc/passwd", "/etc/passwd", "src/nothing.py", ""] {
        assert_eq!(file(bad).expect_err("no such file in the commit")["code"], "not_found", "{bad}");
    }
    let error = file("picture").expect_err("it is no text");
    assert!(error["message"].to_string().contains("not text"), "{error}");
}

#[test]
fn questions_are_kept_and_say_what_is_missing() {
    let repo = TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = read(&served, &repo);
    let ask = |question: &str| {
        served.call("ask_start", json!({ "repository_id": repository["id"], "question": question }))
    };
    for bad in ["", "   ", &"why ".repeat(200)] {
        assert_eq!(ask(bad).expect_err("no question")["code"], "bad_request");
    }
    // Nothing fits: no model is needed to say so.
    let answer = ask("What about the photosynthesis of submarines?").expect("it is kept");
    served.ended(&answer["task"]["id"]);
    let list = || served.call("ask_list", json!({ "repository_id": repository["id"] })).expect("answers");
    assert_eq!(list()[0]["statements"], json!([]));
    assert!(list()[0]["notice"].to_string().contains("Nothing in this repository"), "{}", list());

    let answer = ask("How is the user name loaded?").expect("it is kept");
    let ended = served.ended(&answer["task"]["id"]);
    assert_eq!(ended["error"]["code"], "model_missing", "{ended}");
    served.call("ask_forget", json!({ "id": answer["id"] })).expect("it is removed");
    assert_eq!(list().as_array().map(Vec::len), Some(1));
}

#[test]
fn the_terminal_searches_and_says_where() {
    let repo = TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]);
    let cli = Cli::new();
    let path = repo.path().to_str().expect("a path");
    let ran = cli.run(&["index", path]);
    assert_eq!(ran.code, 1, "without the embedder words are in and the rest is said");
    assert!(ran.err.contains("models get"), "{}", ran.err);
    let ran = cli.run(&["search", "expired sessions"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("src/service.py:9  remove_expired_sessions"), "{}", ran.out);
    let ran = cli.run(&["search", "getUserName", "--repo", path, "--format", "json"]);
    let hits: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(hits[0]["start_line"], 4, "{}", ran.out);
    let ran = cli.run(&["search", "submarine"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("Nothing found"), "{}", ran.err);
}
