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
    search_in(served, query, json!({}))
}

/// With what `narrower` says.
fn search_in(served: &Served, query: &str, narrower: Value) -> Value {
    let mut args = json!({
        "query": query, "repository_id": null, "path": "", "language": null, "mine": false, "limit": 10,
    });
    for (name, value) in narrower.as_object().expect("arguments") {
        args[name] = value.clone();
    }
    served.call("search_code", args).expect("an answer")
}

fn symbols(found: &Value) -> Vec<&str> {
    let hits = found["hits"].as_array().expect("hits").iter();
    hits.map(|hit| hit["symbol"].as_str().unwrap_or("")).collect()
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

    assert_eq!(search_in(&served, "getUserName", json!({ "path": "docs/" }))["hits"], json!([]));
}

#[test]
fn a_name_comes_first_however_its_words_are_joined() {
    let repeated = "def getUserNameOfUserName(user_name):\n    # user name, user name: get the user name\n    return user_name\n";
    let go = "package web\n\nfunc (s *Session) Close() error {\n\treturn s.conn.Close()\n}\n";
    let repo = TestRepo::with(&[(
        "One",
        &[("user/name/get_user_name.py", repeated), ("src/service.py", SERVICE), ("web/session.go", go)],
    )]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    read(&served, &repo);
    for query in ["get user name", "get_user_name", "GetUserName()", "getusername"] {
        assert_eq!(symbols(&search(&served, query))[0], "getUserName", "{query} is its name and no other's");
    }
    assert_eq!(
        first(&search(&served, "removeExpiredSessions")),
        "src/service.py:9",
        "written in another way"
    );
    assert_eq!(first(&search(&served, "remove exp")), "src/service.py:9", "a name that is not typed out");
    assert_eq!(first(&search(&served, "session close")), "web/session.go:3", "with what it is a part of");
    assert_eq!(first(&search(&served, "Session.Close")), "web/session.go:3");
}

#[test]
fn a_search_is_narrowed_to_a_language_and_to_what_the_student_wrote() {
    let theirs = "def retry_payment(order):\n    return order.pay()\n";
    let repo = TestRepo::empty();
    std::fs::write(repo.path().join("pay.py"), theirs).expect("a file");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--author", "Ravi Kumar <ravi@example.edu>", "--message", "His"]);
    let ours =
        format!("{theirs}\n\ndef cancel_payment(order):\n    order.retry = False\n    return order.drop()\n");
    repo.commit(
        "Mine",
        &[("pay.py", ours.as_str()), ("pay.go", "package pay\n\nfunc Payment() int {\n\treturn 1\n}\n")],
    );
    let cli = Cli::new();
    let served = Served::start(&cli);
    read(&served, &repo);
    let languages = served.call("search_languages", json!({})).expect("languages");
    assert_eq!(
        languages,
        json!([{ "name": "go", "label": "Go" }, { "name": "python", "label": "Python" }]),
        "what can be chosen is what is there"
    );
    assert_eq!(symbols(&search_in(&served, "payment", json!({ "language": "go" }))), ["Payment"]);
    assert_eq!(symbols(&search_in(&served, "payment", json!({ "language": "py" }))).len(), 2);
    let args = json!({
        "query": "payment", "repository_id": null, "path": "", "language": "klingon", "mine": false, "limit": 10,
    });
    assert_eq!(served.call("search_code", args).expect_err("no language")["code"], "bad_request");

    let mine = || {
        let found = search_in(&served, "payment", json!({ "mine": true, "language": "python" }));
        symbols(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(mine(), ["cancel_payment"], "the other function of the file is Ravi's");
    served
        .call("repository_identities", json!({ "emails": ["ravi@example.edu"], "not_mine": [] }))
        .expect("the user's word is taken");
    assert_eq!(mine(), ["retry_payment"], "what the user says of their addresses counts at once");

    drop(served);
    let ran = cli.run(&["search", "payment", "--language", "go", "--format", "json"]);
    let hits: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(hits[0]["path"], "pay.go", "{}", ran.out);
    assert_eq!(hits.as_array().map(Vec::len), Some(1));
    let ran = cli.run(&["search", "payment", "--mine"]);
    assert!(ran.out.contains("retry_payment") && !ran.out.contains("cancel_payment"), "{}", ran.out);
}

#[test]
fn what_is_left_out_is_listed_with_the_reason() {
    let long = "x = 1\n".repeat(200_000);
    let repo = TestRepo::with(&[(
        "One",
        &[
            ("src/service.py", SERVICE),
            ("src/__init__.py", ""),
            ("yarn.lock", "a\n"),
            ("vendor/lib.py", "def vendored():\n    pass\n"),
            ("api/user.pb.go", "package api\n"),
            ("static/app.min.js", "a()\n"),
            ("long.py", long.as_str()),
        ],
    )]);
    repo.commit_bytes("Two", &[("picture.py", &[b'x', 0, 159, 146, 150])]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = read(&served, &repo);
    let list = || {
        let args = json!({ "repository_id": repository["id"] });
        served.call("repository_left_out", args).expect("a list")
    };
    let pair = |path: &str, reason: &str| json!({ "path": path, "reason": reason });
    assert_eq!(
        list(),
        json!([
            pair("api/user.pb.go", "generated"),
            pair("long.py", "larger than 1 MB"),
            pair("picture.py", "binary"),
            pair("src/__init__.py", "empty"),
            pair("static/app.min.js", "minified"),
            pair("vendor/lib.py", "vendored"),
            pair("yarn.lock", "lock file"),
        ]),
        "who does not find a file must see why"
    );
    repo.commit("Three", &[("src/__init__.py", "def begin():\n    return 1\n")]);
    again(&served, &repository["id"]);
    assert!(!list().to_string().contains("__init__"), "it is searched now: {}", list());

    drop(served);
    let ran = cli.run(&["index", repo.path().to_str().expect("a path"), "--left-out"]);
    assert!(ran.out.contains("vendor/lib.py  vendored"), "also while the embedder is missing: {}", ran.out);
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
fn a_notebook_is_found_at_its_cell_and_shown_with_the_same_lines() {
    let notebook = json!({
        "cells": [
            { "cell_type": "markdown", "metadata": {}, "source": ["# Orders\n", "\n", "What was ordered."] },
            { "cell_type": "code", "metadata": {}, "execution_count": 1,
              "source": ["def read_orders(path):\n", "    return open(path).read()"],
              "outputs": [{ "output_type": "stream", "name": "stdout", "text": ["weightless output"] }] },
        ],
        "metadata": { "kernelspec": { "language": "python", "name": "python3", "display_name": "Python 3" } },
        "nbformat": 4, "nbformat_minor": 5,
    });
    let notebook = serde_json::to_string_pretty(&notebook).expect("JSON");
    let repo =
        TestRepo::with(&[("One", &[("lab.ipynb", notebook.as_str()), ("damaged.ipynb", &notebook[..200])])]);
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = read(&served, &repo);
    let found = search(&served, "read_orders");
    assert_eq!(first(&found), "lab.ipynb:6", "the cell of the script, not the line of the JSON: {found}");
    let text = search(&served, "What was ordered?");
    assert!(symbols(&text).contains(&"Orders"), "its text is found under its heading: {text}");
    assert_eq!(search(&served, "weightless")["hits"], json!([]), "what came out of a cell is not its code");
    let file = json!({ "repository_id": repository["id"], "path": "lab.ipynb", "sha": null });
    let shown = served.call("repository_file", file).expect("the file");
    let line = shown["text"].as_str().and_then(|text| text.lines().nth(6));
    assert_eq!((line, &shown["language"]), (Some("def read_orders(path):"), &json!("python")));
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
    let file = |path: &str| {
        served.call("repository_file", json!({ "repository_id": id, "path": path, "sha": null }))
    };
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
        let args = json!({ "repository_id": repository["id"], "question": question, "follows": null });
        served.call("ask_start", args)
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
fn an_answer_is_of_the_commit_that_was_indexed_and_its_lines_are_shown_as_they_were() {
    let repo = TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]);
    let indexed = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let cli = Cli::new();
    let served = Served::start(&cli);
    let repository = read(&served, &repo);
    let moved = format!("# Moved down.\n{SERVICE}");
    let newest = repo.commit("Two", &[("src/service.py", moved.as_str())]);
    let ask = || {
        let args =
            json!({ "repository_id": repository["id"], "question": "Any submarines?", "follows": null });
        let answer = served.call("ask_start", args).expect("it is kept");
        served.ended(&answer["task"]["id"]);
        let all = served.call("ask_list", json!({ "repository_id": repository["id"] })).expect("answers");
        all.as_array().and_then(|all| all.last()).expect("an answer")["sha"].clone()
    };
    assert_eq!(ask(), json!(indexed), "its lines are of what was read, wherever HEAD is by now");
    let file = |sha: Value| {
        let args = json!({ "repository_id": repository["id"], "path": "src/service.py", "sha": sha });
        served.call("repository_file", args)
    };
    let then = file(json!(indexed)).expect("the file");
    assert_eq!((&then["text"], &then["sha"]), (&json!(SERVICE), &json!(indexed)), "line 4 is still line 4");
    assert_eq!(file(Value::Null).expect("the file")["text"], json!(moved));
    let gone = file(json!("ab12".repeat(10))).expect_err("no such commit");
    assert!(gone["message"].to_string().contains("not in this repository"), "{gone}");
    again(&served, &repository["id"]);
    assert_eq!(ask(), json!(newest));
}

#[test]
fn a_question_that_follows_another_is_looked_for_with_it() {
    let (repo, other) = (
        TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]),
        TestRepo::with(&[("One", &[("a.py", "def alone():\n    return 1\n")])]),
    );
    let cli = Cli::new();
    let served = Served::start(&cli);
    let (repository, elsewhere) = (read(&served, &repo), read(&served, &other));
    let ask = |of: &Value, question: &str, follows: &Value| {
        served
            .call("ask_start", json!({ "repository_id": of["id"], "question": question, "follows": follows }))
    };
    let list = || served.call("ask_list", json!({ "repository_id": repository["id"] })).expect("answers");
    let before = ask(&repository, "How is the user name loaded?", &Value::Null).expect("it is kept");
    served.ended(&before["task"]["id"]);

    let alone = ask(&repository, "What about submarines?", &Value::Null).expect("it is kept");
    assert_eq!(served.ended(&alone["task"]["id"])["state"], "done", "nothing fits, so no model is asked");
    let follow = ask(&repository, "What about submarines?", &before["id"]).expect("it is kept");
    assert_ne!(follow["id"], alone["id"], "the same words in another conversation are another question");
    let ended = served.ended(&follow["task"]["id"]);
    assert_eq!(ended["error"]["code"], "model_missing", "the code of the first question was found: {ended}");
    assert_eq!(list()[2]["follows"], before["id"]);

    for nowhere in [json!(999), before["id"].clone()] {
        let refused = ask(&elsewhere, "And it?", &nowhere).expect_err("no such conversation here");
        assert_eq!(refused["code"], "not_found");
    }
    let last = ask(&repository, "And it?", &follow["id"]).expect("it is kept");
    served.ended(&last["task"]["id"]);
    served.call("ask_forget", json!({ "id": follow["id"] })).expect("it is removed");
    assert_eq!(list()[2]["follows"], before["id"], "a conversation goes on without one of its answers");
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
