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
    assert!(
        plain.contains("Developed") && technical.contains("Developed") && impact.contains("stands on today")
    );
    assert!(plain != technical && technical != impact, "each tone says it in its own way");
}
