//! `bullets`: what code counted, with the commits behind it.

use internflow_tests::{Cli, STUDENT, Served, TestRepo};
use serde_json::{Value, json};

fn code(name: &str, functions: usize) -> String {
    (0..functions).map(|i| format!("def {name}_{i}(value):\n    return value + {i}\n\n\n")).collect()
}

fn bullets(cli: &Cli, repo: &TestRepo, args: &[&str]) -> Vec<Value> {
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&[&["bullets", &path, "--plain", "--format", "json"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("an array")
}

#[test]
fn numbers_are_those_of_git_and_every_bullet_has_its_commits() {
    let repo = TestRepo::with(&[
        (
            "Add the order service",
            &[("service/orders.py", &code("order", 30)), ("requirements.txt", "fastapi==0.115\npytest\n")],
        ),
        ("Fix empty orders", &[("service/orders.py", &code("order", 31))]),
        ("Fix the rounding bug", &[("service/orders.py", &code("order", 32))]),
        ("Test the orders", &[("tests/test_orders.py", &code("test_order", 4))]),
    ]);
    let bullets = bullets(&Cli::new(), &repo, &[]);
    let text: Vec<&str> = bullets.iter().filter_map(|b| b["text"].as_str()).collect();
    let all = text.join("\n");
    assert!(all.contains("4 commits") && all.contains("Python") && all.contains("FastAPI"), "{all}");
    assert!(all.contains("4 automated tests"), "{all}");
    assert!(all.contains("2 bugs"), "{all}");
    assert!(all.contains("64 lines"), "32 functions of two lines survive in service: {all}");
    let log = repo.git(&["log", "--format=%H"]);
    for bullet in &bullets {
        let commits = bullet["commits"].as_array().expect("commits");
        assert!(!commits.is_empty(), "a bullet without proof can't be defended in an interview: {bullet}");
        assert!(commits.iter().all(|sha| log.contains(sha.as_str().unwrap_or("?"))), "{bullet}");
    }
}

#[test]
fn other_peoples_lines_are_not_counted() {
    let repo = TestRepo::with(&[("Mine", &[("a.py", &code("mine", 20))])]);
    std::fs::write(repo.path().join("b.py"), code("theirs", 500)).expect("a file is written");
    repo.git(&["add", "-A"]);
    repo.git(&["-c", "user.email=friend@example.edu", "commit", "-q", "-m", "Theirs"]);
    let mine = bullets(&Cli::new(), &repo, &["--author", STUDENT]);
    let all = mine.iter().filter_map(|b| b["text"].as_str()).collect::<Vec<_>>().join("\n");
    assert!(all.contains("40 lines") && !all.contains("1040") && !all.contains("1000"), "{all}");
    let nobody = bullets(&Cli::new(), &repo, &["--author", "nobody@example.org"]);
    assert!(nobody.is_empty(), "no work, no bullets: {nobody:?}");
}

#[test]
fn what_a_friend_brought_in_is_no_skill_of_mine() {
    let repo = TestRepo::with(&[("Mine", &[("a.py", &code("mine", 20))])]);
    let package = "{\n  \"dependencies\": {\n    \"react\": \"19\"\n  }\n}\n";
    std::fs::write(repo.path().join("package.json"), package).expect("a file is written");
    repo.git(&["add", "-A"]);
    repo.git(&["-c", "user.email=friend@example.edu", "commit", "-q", "-m", "Theirs"]);
    let said = |author: &str| bullets(&Cli::new(), &repo, &["--author", author]);
    assert!(!json!(said(STUDENT)).to_string().contains("React"), "the friend's page is not built by me");
    repo.commit(
        "Use it",
        &[("b.js", &format!("import React from 'react';\n{}", "React.use();\n".repeat(8)))],
    );
    assert!(json!(said(STUDENT)).to_string().contains("React"), "my own lines use it");
}

#[test]
fn notebooks_and_workflows_are_work() {
    let cell: Vec<String> = (0..40).map(|i| format!("    \"price_{i} = orders.loc[{i}]\\n\"")).collect();
    let notebook = format!(
        "{{\n \"cells\": [\n  {{\n   \"cell_type\": \"code\",\n   \"metadata\": {{}},\n   \"outputs\": [\n    {{\n     \
         \"text\": [\n{}\n     ]\n    }}\n   ],\n   \"source\": [\n{}\n   ]\n  }}\n ],\n \"metadata\": \
         {{\"language_info\": {{\"name\": \"python\"}}}},\n \"nbformat\": 4\n}}\n",
        vec!["      \"out\\n\""; 300].join(",\n"),
        cell.join(",\n")
    );
    let workflow = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n";
    let repo = TestRepo::with(&[
        ("Look at the prices", &[("prices.ipynb", &notebook)]),
        ("Test each push", &[(".github/workflows/test.yml", workflow)]),
    ]);
    let found = bullets(&Cli::new(), &repo, &[]);
    let all = found.iter().filter_map(|b| b["text"].as_str()).collect::<Vec<_>>().join("\n");
    assert!(all.contains("40 lines of Python"), "the cells, and not what came out of them: {all}");
    assert!(all.contains("1 job of continuous integration"), "{all}");
}

/// A repository that would give its names away.
fn telling() -> TestRepo {
    let api = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get(\"/zephyr/ledger\")\ndef zephyr_ledger():\n    return load()\n\n\n@app.get(\"/zephyr/close\")\ndef zephyr_close():\n    return close()\n";
    TestRepo::with(&[
        ("Zephyr: book entries", &[("zephyr/booking.py", &code("zephyr_entry", 40)), ("zephyr/api.py", api)]),
        ("Fix a crash of Zephyr", &[("zephyr/booking.py", &code("zephyr_entry", 41))]),
        ("Fix the Zephyr leak", &[("zephyr/booking.py", &code("zephyr_entry", 42))]),
        ("Test Zephyr", &[("tests/test_zephyr.py", &code("test_zephyr", 4))]),
    ])
}

#[test]
fn a_private_repository_is_not_named_outside() {
    let (cli, repo) = (Cli::new(), telling());
    let served = Served::start(&cli);
    let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    let id = &added["id"];
    let build = |plain: bool| {
        let task = served
            .call("achievement_build", json!({ "repository_ids": [id], "plain": plain }))
            .expect("a task");
        assert_eq!(served.ended(&task["id"])["state"], "done");
    };
    served
        .call("resume_profile_set", json!({ "profile": { "basics": { "name": "Asha Rao" } } }))
        .expect("a profile");
    let exported = || {
        let file = served.call("resume_export", json!({ "format": "md", "path": null })).expect("a file");
        std::fs::read_to_string(file["path"].as_str().expect("a path")).expect("it is written").to_lowercase()
    };
    build(true);
    assert!(exported().contains("zephyr"), "without the switch a résumé names what was built");

    served
        .call("repository_safe_wording", json!({ "repository_id": id, "on": true }))
        .expect("it is switched on");
    let folder = added["name"].as_str().expect("a name").to_lowercase();
    assert!(!exported().contains("zephyr"), "from the first moment on, before anything is written anew");
    build(true);
    let text = exported();
    assert!(!text.contains("zephyr") && !text.contains(&folder), "no name, no path, no word of it: {text}");
    assert!(text.contains("private project") && text.contains("python") && text.contains("flask"), "{text}");
    assert!(text.contains("2 bugs") && text.contains("2 endpoints"), "the work is still told: {text}");

    let list = served.call("achievement_list", json!({})).expect("bullets");
    let first = &list[0];
    assert!(
        first["commits"].as_array().is_some_and(|all| !all.is_empty()),
        "the proof stays here: {first:#}"
    );
    let mine = "Wrote the bookings of Zephyr myself, says the owner of these words.";
    served.call("achievement_edit", json!({ "id": first["id"], "text": mine })).expect("edited");
    assert!(exported().contains("zephyr"), "what the user writes by hand is theirs to say");
}

#[test]
fn a_project_says_when_it_was_worked_on() {
    let cli = Cli::new();
    let (served, repo) = with_bullets(&cli);
    let set = |project: Value| {
        let profile = json!({ "basics": { "name": "Asha Rao" }, "projects": [project] });
        served.call("resume_profile_set", json!({ "profile": profile })).expect("a profile");
        let file = served.call("resume_export", json!({ "format": "json", "path": null })).expect("a file");
        let text = std::fs::read_to_string(file["path"].as_str().expect("a path")).expect("it is written");
        let found: Value = serde_json::from_str(&text).expect("JSON");
        let projects = found["projects"].as_array().expect("projects").clone();
        projects.into_iter().find(|one| one["highlights"][0].is_string()).expect("the one with bullets")
    };
    let shown = set(json!({ "name": "Something else" }));
    assert_eq!([&shown["startDate"], &shown["endDate"]], ["2026-03", "2026-03"], "{shown}");
    std::fs::write(repo.path().join("service/more.py"), code("more", 20)).expect("a file is written");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--message", "More", "--date", "2026-07-10T10:00:00+0530"]);
    let list = served.call("repository_list", json!({})).expect("repositories");
    served.call("repository_refresh", json!({ "id": list[0]["id"] })).expect("it is read anew");
    let args = json!({ "repository_ids": [list[0]["id"]], "plain": true });
    let task = served.call("achievement_build", args).expect("a task");
    assert_eq!(served.ended(&task["id"])["state"], "done");
    let shown = set(json!({ "name": "Something else" }));
    assert_eq!([&shown["startDate"], &shown["endDate"]], ["2026-03", "2026-07"], "{shown}");
    let own = set(json!({ "name": shown["name"], "startDate": "2019" }));
    assert_eq!(own["startDate"], "2019", "what she says herself stands: {own}");
    assert!(own["endDate"].as_str().unwrap_or_default().is_empty(), "all of it: {own}");
}

#[test]
fn tone_and_spelling_are_as_chosen() {
    let (cli, repo) = (Cli::new(), telling());
    let served = Served::start(&cli);
    let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    let written = |tone: &str, usage: &str| {
        let mut settings = served.call("setting_get", json!({})).expect("settings");
        (settings["tone"], settings["usage"]) = (json!(tone), json!(usage));
        served.call("setting_set", settings).expect("settings are kept");
        let args = json!({ "repository_ids": [added["id"]], "plain": true });
        let task = served.call("achievement_build", args).expect("a task");
        assert_eq!(served.ended(&task["id"])["state"], "done");
        served.call("achievement_list", json!({})).expect("bullets").to_string()
    };
    let [plain, technical, impact] = ["plain", "technical", "impact"].map(|tone| written(tone, "indian"));
    assert!(plain.contains("Developed") && technical.contains("Developed") && impact.contains(" behind "));
    assert!(plain != technical && technical != impact, "each tone says it in its own way");
}

/// A host with the bullets of a small repository: overview, module, tests and fixes.
fn with_bullets(cli: &Cli) -> (Served, TestRepo) {
    let repo = TestRepo::with(&[
        ("Add the order service", &[("service/orders.py", &code("order", 30))]),
        ("Fix empty orders", &[("service/orders.py", &code("order", 31))]),
        ("Fix the rounding bug", &[("service/orders.py", &code("order", 32))]),
        ("Test the orders", &[("tests/test_orders.py", &code("test_order", 4))]),
    ]);
    let served = Served::start(cli);
    let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    let build = json!({ "repository_ids": [added["id"]], "plain": true });
    let task = served.call("achievement_build", build).expect("it is queued");
    assert_eq!(served.ended(&task["id"])["state"], "done");
    (served, repo)
}

fn listed(served: &Served) -> Vec<Value> {
    let list = served.call("achievement_list", json!({})).expect("a list");
    list.as_array().expect("bullets").clone()
}

fn ids(served: &Served) -> Vec<i64> {
    listed(served).iter().filter_map(|bullet| bullet["id"].as_i64()).collect()
}

#[test]
fn order_and_pins_are_kept_and_shown_in_the_document() {
    let cli = Cli::new();
    let (served, _repo) = with_bullets(&cli);
    let built = ids(&served);
    assert!(built.len() >= 4, "the repository says enough to be ordered: {built:?}");
    let reversed: Vec<i64> = built.iter().rev().copied().collect();
    let refused = served.call("achievement_order", json!({ "ids": &reversed[1..] }));
    assert_eq!(
        refused.expect_err("one is missing")["code"],
        "bad_request",
        "an old page must not undo a build"
    );
    served.call("achievement_order", json!({ "ids": reversed })).expect("it is ordered");
    assert_eq!(ids(&served), reversed);
    served.call("achievement_pin", json!({ "id": built[1], "pinned": true })).expect("it is pinned");
    let mut wanted: Vec<i64> = reversed.iter().copied().filter(|id| *id != built[1]).collect();
    wanted.insert(0, built[1]);
    assert_eq!(ids(&served), wanted, "what is pinned stays first");

    served
        .call("resume_profile_set", json!({ "profile": { "basics": { "name": "Asha Rao" } } }))
        .expect("saved");
    let out = cli.data.path().join("out.md");
    served.call("resume_export", json!({ "format": "md", "path": out })).expect("it is written");
    let text = std::fs::read_to_string(&out).expect("the file").replace('\\', "");
    let places: Vec<Option<usize>> =
        listed(&served).iter().map(|b| text.find(b["text"].as_str().expect("words"))).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "the file has the page's order: {text}"
    );

    served.end();
    let served = Served::start(&cli);
    assert_eq!(ids(&served), wanted, "order and pin outlive the program");
}

#[test]
fn every_step_can_be_undone_and_done_again() {
    let cli = Cli::new();
    let (served, _repo) = with_bullets(&cli);
    let before = listed(&served);
    let built = ids(&served);
    let reversed: Vec<i64> = built.iter().rev().copied().collect();
    let steps = [
        ("achievement_hide", json!({ "id": built[0], "hidden": true }), "hide"),
        ("achievement_edit", json!({ "id": built[1], "text": "Ran  the shop for a year" }), "edit"),
        ("achievement_order", json!({ "ids": reversed }), "move"),
        ("achievement_pin", json!({ "id": built[2], "pinned": true }), "pin"),
    ];
    let mut states = vec![before.clone()];
    for (command, args, what) in &steps {
        served.call(command, args.clone()).expect("it is done");
        let known = served.call("achievement_steps", json!({})).expect("steps");
        assert_eq!((&known["undo"], &known["redo"]), (&json!(what), &Value::Null));
        states.push(listed(&served));
    }
    let edited = states[2].iter().find(|bullet| bullet["id"] == built[1]).expect("the bullet").clone();
    assert_eq!((&edited["text"], &edited["edited"]), (&json!("Ran the shop for a year"), &json!(true)));
    for state in states.iter().rev().skip(1) {
        served.call("achievement_undo", json!({})).expect("it is undone");
        assert_eq!(&listed(&served), state, "one step back each time");
    }
    served.call("achievement_undo", json!({})).expect("nothing is left to undo, and that is no failure");
    assert_eq!(listed(&served), before);
    for state in &states[1..] {
        served.call("achievement_redo", json!({})).expect("it is done again");
        assert_eq!(&listed(&served), state, "and forward again");
    }
    served.call("achievement_undo", json!({})).expect("it is undone");
    served.call("achievement_hide", json!({ "id": built[3], "hidden": true })).expect("it is hidden");
    let known = served.call("achievement_steps", json!({})).expect("steps");
    assert_eq!(known["redo"], Value::Null, "after another step the old way forward is gone");
}

#[test]
fn other_words_wait_for_a_decision() {
    let cli = Cli::new();
    let (served, _repo) = with_bullets(&cli);
    let bullet = listed(&served).remove(0);
    let (id, plain) = (bullet["id"].clone(), bullet["text"].clone());
    let reword = || {
        let task = served.call("achievement_reword", json!({ "id": id })).expect("it is queued");
        served.ended(&task["id"])
    };
    let refused = reword();
    assert_eq!(refused["error"]["code"], "model_missing", "there are no words but those: {refused}");

    served.call("achievement_edit", json!({ "id": id, "text": "Ran the shop for a year" })).expect("edited");
    assert_eq!(reword()["state"], "done", "the plain sentence is other words than hers");
    let waiting = listed(&served).remove(0);
    assert_eq!(waiting["text"], "Ran the shop for a year", "nothing changes before she decides");
    assert_eq!(waiting["rewording"]["text"], plain);
    served.call("achievement_decide", json!({ "id": id, "take": false })).expect("the old stays");
    let kept = listed(&served).remove(0);
    assert_eq!((&kept["text"], &kept["rewording"]), (&waiting["text"], &Value::Null));
    assert_eq!(
        served.call("achievement_decide", json!({ "id": id, "take": true })).expect_err("nothing waits")["code"],
        "not_found"
    );

    reword();
    served.call("achievement_decide", json!({ "id": id, "take": true })).expect("the new ones");
    let taken = listed(&served).remove(0);
    assert_eq!((&taken["text"], &taken["edited"]), (&plain, &json!(false)), "proven words again");
    served.call("achievement_undo", json!({})).expect("it is undone");
    let back = listed(&served).remove(0);
    assert_eq!((&back["text"], &back["edited"]), (&waiting["text"], &json!(true)), "and hers come back");
}
