//! A running app beside the GitHub of `tests/github`.

use internflow_tests::{Cli, FakeGithub, Served, TestRepo};
use serde_json::{Value, json};

/// A commit in which the rules find something.
pub fn flawed() -> TestRepo {
    TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])])
}

/// Points the app at the fake and lets new commits be reviewed.
pub fn settings(served: &Served, github: &FakeGithub) {
    let mut settings = served.call("setting_get", json!({})).expect("settings");
    settings["github_api"] = json!(github.api);
    settings["github_client_id"] = json!(FakeGithub::CLIENT_ID);
    settings["sync_minutes"] = json!(0);
    served.call("setting_set", settings).expect("settings are kept");
}

/// A running app beside a GitHub. Taken apart in this order, the app ends first and its folder last.
pub struct Stage {
    pub _cli: Cli,
    pub github: FakeGithub,
    pub served: Served,
}

impl Stage {
    pub fn new() -> Self {
        let (cli, github) = (Cli::new(), FakeGithub::start());
        let served = Served::start(&cli);
        settings(&served, &github);
        Self { _cli: cli, github, served }
    }

    /// Signed in to a GitHub that has `repo` as `full_name`.
    pub fn signed_in(full_name: &str, repo: &TestRepo) -> Self {
        let stage = Self::new();
        stage.github.serve(full_name, repo);
        sign_in(&stage.served, &stage.github);
        stage
    }
}

pub fn sign_in(served: &Served, github: &FakeGithub) -> Value {
    let code = served.call("account_sign_in", json!({})).expect("a code");
    assert_eq!(code["state"], "code", "{code}");
    github.control("decide", &json!({ "decision": "approve" }));
    served.until("account_get", &json!({}), |state| state["state"] == "signed_in")
}

/// Follows, waits for the sync, and returns the repository with the task that brought it.
pub fn follow(served: &Served, address: &str) -> (Value, Value) {
    let repository = served.call("repository_follow", json!({ "address": address })).expect("it is followed");
    (sync(served, &repository["id"]), repository)
}

pub fn sync(served: &Served, id: &Value) -> Value {
    let tasks = served.call("repository_sync", json!({ "ids": [id] })).expect("a task");
    served.ended(&tasks[0]["id"])
}

pub fn find(served: &Served, id: &Value) -> Value {
    let all = served.call("repository_list", json!({})).expect("a list");
    all.as_array().into_iter().flatten().find(|one| one["id"] == *id).expect("it is there").clone()
}
