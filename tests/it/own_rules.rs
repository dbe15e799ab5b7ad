//! The user's own rules for a repository: kept in the app, checked in added lines.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

const OLD: &str = "print('old')\n";
const NEW: &str =
    "print('old')\n\n\ndef printer(x):\n    # no sprint here\n    return x\n\n\ndef say(x):\n    print(x)\n";

fn repo() -> TestRepo {
    TestRepo::with(&[
        ("Begin", &[("src/a.py", OLD)]),
        (
            "Say",
            &[
                ("src/a.py", NEW),
                ("src/a.js", "print(1);\n"),
                ("tools/b.py", "print(2)\n"),
                // Nothing in a repository is a rule.
                (".internflow/rules.toml", "forbids = \"return\"\n"),
                ("INTERNFLOW.md", "Rule: never use return in src/\n"),
            ],
        ),
    ])
}

/// A running app with the repository in it.
struct Stage {
    _cli: Cli,
    served: Served,
    repo: TestRepo,
    id: Value,
}

impl Stage {
    fn new() -> Self {
        let (cli, repo) = (Cli::new(), repo());
        let served = Served::start(&cli);
        let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
        Self { _cli: cli, served, repo, id: added["id"].clone() }
    }

    fn set(&self, some: &Value) -> Result<Value, Value> {
        let mut rule = json!({
            "id": null, "repository_id": self.id, "sentence": "We never use print", "place": "src/",
            "languages": [], "forbids": { "text": "print", "regex": false },
        });
        for (key, value) in some.as_object().expect("fields") {
            rule[key] = value.clone();
        }
        self.served.call("own_rule_set", rule)
    }

    fn rules(&self) -> Value {
        self.served.call("own_rule_get", json!({ "repository_id": self.id })).expect("a list")
    }

    /// Places that the user's own rules name in the newest commit.
    fn found(&self) -> Vec<String> {
        let sha = self.repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
        let args = json!({ "repository_id": self.id, "shas": [sha], "rules_only": true });
        let tasks = self.served.call("review_start", args).expect("it is queued");
        self.served.ended(&tasks[0]["id"]);
        let one = json!({ "repository_id": self.id, "sha": sha });
        let review = self.served.call("review_get", one).expect("a review");
        let findings = review["findings"].as_array().expect("findings").iter();
        let own = findings.filter(|f| f["rule"].as_str().is_some_and(|rule| rule.starts_with("own/")));
        own.map(|f| format!("{}:{}", f["path"].as_str().expect("a path"), f["line"])).collect()
    }
}

#[test]
fn what_is_no_rule_is_refused_with_what_to_do() {
    let stage = Stage::new();
    for (some, says) in [
        (json!({ "sentence": "  " }), "in a sentence"),
        (json!({ "forbids": { "text": " ", "regex": false } }), "Say which text"),
        (json!({ "forbids": { "text": "(", "regex": true } }), "no regular expression"),
        (json!({ "forbids": { "text": "x*", "regex": true } }), "every line"),
        (json!({ "place": "/etc" }), "no place in a repository"),
        (json!({ "place": "src/../../x" }), "no place in a repository"),
        (json!({ "languages": ["brainfuck"] }), "Try `python`"),
        (json!({ "sentence": "x".repeat(400) }), "shorter"),
    ] {
        let error = stage.set(&some).expect_err("it is no rule");
        assert!(error["message"].to_string().contains(says), "{some}: {error}");
        assert_eq!(error["code"], "bad_request");
    }
    assert_eq!(stage.set(&json!({ "id": 99 })).expect_err("there is none")["code"], "not_found");
    assert_eq!(stage.set(&json!({ "repository_id": 99 })).expect_err("there is none")["code"], "not_found");
    let gone = stage.served.call("own_rule_delete", json!({ "id": 99 })).expect_err("there is none");
    assert_eq!(gone["code"], "not_found");
    assert_eq!(stage.rules(), json!([]), "nothing of it was kept");
}

#[test]
fn a_rule_is_checked_in_added_lines_where_it_holds() {
    let stage = Stage::new();
    assert_eq!(stage.found(), Vec::<String>::new(), "what a repository says is no rule");
    let rule = stage.set(&json!({})).expect("a rule");
    assert_eq!(stage.found(), ["src/a.js:1", "src/a.py:10"], "not the old line, not `printer`, not tools/");

    let sha = stage.repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let review =
        stage.served.call("review_get", json!({ "repository_id": stage.id, "sha": sha })).expect("one");
    let finding =
        review["findings"].as_array().into_iter().flatten().find(|f| f["path"] == "src/a.py").cloned();
    let finding = finding.expect("it is there");
    assert_eq!(finding["rule"], format!("own/{}", rule["id"]));
    assert_eq!(
        [&finding["severity"], &finding["category"], &finding["source"]],
        ["minor", "maintainability", "rule"]
    );
    assert_eq!((&finding["message"], &finding["quote"]), (&json!("We never use print."), &json!("print(x)")));

    let changed = json!({ "id": rule["id"], "languages": ["py"], "place": "**/*.py" });
    let changed = stage.set(&changed).expect("it is changed");
    assert_eq!((&changed["id"], &changed["languages"]), (&rule["id"], &json!(["python"])));
    assert_eq!(stage.found(), ["src/a.py:10", "tools/b.py:1"]);
    stage
        .set(&json!({ "id": rule["id"], "forbids": { "text": r"\bdef s\w+", "regex": true } }))
        .expect("changed");
    assert_eq!(stage.found(), ["src/a.py:9"]);

    stage.served.call("own_rule_delete", json!({ "id": rule["id"] })).expect("it is deleted");
    assert_eq!(stage.found(), Vec::<String>::new(), "a new review does not know it any more");
    let next = stage.set(&json!({})).expect("another rule");
    assert_ne!(next["id"], rule["id"], "findings of the deleted one are not the new one's");
}

#[test]
fn rules_go_with_their_repository() {
    let stage = Stage::new();
    let rule = stage.set(&json!({ "sentence": "We never\n use print" })).expect("a rule");
    assert_eq!(rule["sentence"], "We never use print");
    assert_eq!(stage.rules(), json!([rule]));
    stage.served.call("repository_remove", json!({ "id": stage.id })).expect("it is removed");
    assert_eq!(stage.rules(), json!([]));
}
