//! Reviews as files: Markdown for people, SARIF for tools.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

fn repo() -> TestRepo {
    TestRepo::with(&[
        ("Compare <b>", &[("my app/a.py", "def f(x):\n    if x == None:\n        return 1\n    return 2\n")]),
        ("Collect", &[("b.py", "def g(a=[]):\n    print(a)\n    return a\n"), ("logo.png", "\u{0}")]),
    ])
}

#[test]
fn a_range_is_one_document() {
    let (cli, repo) = (Cli::new(), repo());
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--last", "2", "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in [
        "# Review of ",
        " Compare &lt;b>",
        "### `my app/a.py:2`",
        "```python\nif x == None:\n```",
        "```diff\n--- a/my app/a.py",
        "+    if x is None:",
        "### `b.py:1`",
        "_Found by rule `python/mutable-default`._",
        "- `logo.png`: binary",
    ] {
        assert!(ran.out.contains(words), "{words} is not in\n{}", ran.out);
    }
    let places =
        ["Collect", "### `b.py:1`", "Compare", "### `my app/a.py:2`"].map(|words| ran.out.find(words));
    assert!(places.is_sorted(), "each commit with its findings, the newest first: {}", ran.out);
}

#[test]
fn the_page_saves_what_the_terminal_prints() {
    let (cli, repo) = (Cli::new(), repo());
    let path = repo.path().to_string_lossy().into_owned();
    let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let served = Served::start(&cli);
    let id = served.call("repository_add", json!({ "path": path })).expect("it is added")["id"].clone();
    let export = |format: &str, path: Value| {
        served
            .call("review_export", json!({ "repository_id": id, "sha": sha, "format": format, "path": path }))
    };
    assert_eq!(export("markdown", Value::Null).expect_err("nobody has reviewed it")["code"], "not_found");
    let rule = json!({
        "id": null, "repository_id": id, "sentence": "No print", "place": "", "languages": [],
        "forbids": { "text": "print", "regex": false },
    });
    let rule = served.call("own_rule_set", rule).expect("a rule");
    let start = json!({ "repository_id": id, "shas": [sha], "rules_only": true });
    served.ended(&served.call("review_start", start).expect("it is queued")[0]["id"]);

    assert_eq!(export("pdf", Value::Null).expect_err("there is no such format")["code"], "bad_request");
    let nowhere = json!(repo.path().join("b.py/review.md"));
    let error = export("markdown", nowhere).expect_err("a file is no folder");
    assert!(error["message"].to_string().contains("can't be written"), "{error}");

    let made = export("markdown", Value::Null).expect("it is written");
    let file = std::path::PathBuf::from(made["path"].as_str().expect("a path"));
    assert_eq!(
        file.parent(),
        Some(cli.data.path().join("exports").as_path()),
        "where a browser can fetch it"
    );
    let text = std::fs::read_to_string(&file).expect("the file is there");
    assert_eq!(made["bytes"], text.len());
    assert!(text.contains("### `b.py:1`") && text.contains("No print."), "{text}");

    let chosen = repo.path().join("review.sarif");
    export("sarif", json!(chosen)).expect("it is written");
    let log = std::fs::read_to_string(&chosen).expect("the file is there");
    let log: Value = serde_json::from_str(&log).expect("SARIF is JSON");
    let run = &log["runs"][0];
    let own = run["results"]
        .as_array()
        .expect("results")
        .iter()
        .find(|one| one["ruleId"] == format!("own/{}", rule["id"]));
    let index =
        own.expect("the user's own rule found it")["ruleIndex"].as_u64().expect("it is described") as usize;
    assert_eq!(run["tool"]["driver"]["rules"][index]["shortDescription"]["text"], "No print.");

    drop(served);
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "md"]);
    assert_eq!(ran.out.trim_end(), text.trim_end());
}
