//! Findings as comments on GitHub, and what a sign-in may do.

use internflow_tests::{FakeGithub, TestRepo};
use serde_json::{Value, json};

use crate::stage::{Stage, follow};

/// Two findings of the rules in one commit, one of them far down in a file.
fn flawed_twice() -> TestRepo {
    let lines: String = (0..40).map(|n| format!("value_{n} = {n}\n")).collect();
    let repo = TestRepo::with(&[("One", &[("a.py", &lines)])]);
    let more = lines.replace("value_30 = 30\n", "value_30 = 30\ndef f(a=[]):\n    return a\n");
    repo.commit("Two", &[("a.py", &more), ("b.py", "def g(a={}):\n    return a\n")]);
    repo
}

/// Reviews the newest commit with the rules; its id and findings.
fn review(stage: &Stage, repo: &TestRepo, id: &Value) -> (String, Vec<Value>) {
    let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let tasks = stage
        .served
        .call("review_start", json!({ "repository_id": id, "shas": [sha], "rules_only": true }))
        .expect("it is queued");
    stage.served.ended(&tasks[0]["id"]);
    let review =
        stage.served.call("review_get", json!({ "repository_id": id, "sha": sha })).expect("a review");
    (sha, review["findings"].as_array().expect("findings").clone())
}

fn allow(stage: &Stage) {
    let mut settings = stage.served.call("setting_get", json!({})).expect("settings");
    settings["comment_on_github"] = json!(true);
    stage.served.call("setting_set", settings).expect("settings are kept");
}

fn post(stage: &Stage, id: &Value, sha: &str, findings: &[&Value]) -> Result<Value, Value> {
    let ids: Vec<&Value> = findings.iter().map(|finding| &finding["id"]).collect();
    stage.served.call("review_post", json!({ "repository_id": id, "sha": sha, "finding_ids": ids }))
}

fn comments(github: &FakeGithub) -> Vec<Value> {
    github.control("comments", &json!({}))["comments"].as_array().expect("a list").clone()
}

#[test]
fn what_was_picked_becomes_a_comment_at_its_line_once() {
    let repo = flawed_twice();
    let stage = Stage::signed_in("asha/tracker", &repo);
    let id = follow(&stage.served, "asha/tracker").1["id"].clone();
    let (sha, findings) = review(&stage, &repo, &id);
    let at = |path: &str| findings.iter().find(|f| f["path"] == path).expect("a finding");

    let error = post(&stage, &id, &sha, &[at("a.py")]).expect_err("it is off");
    assert!(error["message"].to_string().contains("switched off"), "off by default: {error}");
    assert!(comments(&stage.github).is_empty());

    allow(&stage);
    let after = post(&stage, &id, &sha, &[at("a.py")]).expect("it is posted");
    let posted = comments(&stage.github);
    assert_eq!(posted.len(), 1, "what was not picked stays here");
    // The finding is in line 32; the diff's first hunk is `@@ -28,6 +28,8 @@`, the added line its fifth.
    assert_eq!((&posted[0]["path"], &posted[0]["position"]), (&json!("a.py"), &json!(4)), "{posted:?}");
    assert!(posted[0]["body"].to_string().contains("InternFlow"), "a reader knows where it is from");
    let one = after["findings"].as_array().into_iter().flatten().find(|f| f["path"] == "a.py").cloned();
    assert!(one.expect("it is kept")["posted"].to_string().contains("commitcomment"), "{after}");

    post(&stage, &id, &sha, &[at("a.py")]).expect("nothing is left to do");
    assert_eq!(comments(&stage.github).len(), 1, "a comment is made once");
    let (_, again) = review(&stage, &repo, &id);
    assert!(again.iter().any(|f| f["posted"].is_string()), "a new review does not forget it");
}

#[test]
fn a_refusal_in_the_middle_forgets_nothing() {
    let repo = flawed_twice();
    let stage = Stage::signed_in("asha/tracker", &repo);
    let id = follow(&stage.served, "asha/tracker").1["id"].clone();
    let (sha, findings) = review(&stage, &repo, &id);
    allow(&stage);
    let all: Vec<&Value> = findings.iter().collect();
    assert!(all.len() >= 2, "{findings:?}");

    stage
        .github
        .control("installation", &json!({ "permissions": { "contents": "read", "metadata": "read" } }));
    let error = post(&stage, &id, &sha, &all).expect_err("it may only read");
    assert!(error["message"].to_string().contains("Contents: write"), "what to do is said: {error}");

    stage
        .github
        .control("installation", &json!({ "permissions": { "contents": "write", "metadata": "read" } }));
    post(&stage, &id, &sha, &all[..1]).expect("one is posted");
    stage.github.control(
        "fault",
        &json!({ "match": "POST .*/comments$", "kind": "status", "status": 502, "times": 1 }),
    );
    post(&stage, &id, &sha, &all).expect_err("GitHub has trouble");
    stage.github.control(
        "fault",
        &json!({ "match": "POST .*/comments$", "kind": "truncate", "bytes": 20, "times": 1 }),
    );
    post(&stage, &id, &sha, &all).expect_err("the comment is there, its answer is lost");
    post(&stage, &id, &sha, &all).expect("and then not");
    assert_eq!(comments(&stage.github).len(), all.len(), "each finding once, whatever went wrong");

    let local = repo.commit("Not pushed", &[("c.py", "def h(a=[]):\n    return a\n")]);
    stage.github.control(
        "repository",
        &json!({ "full_name": "asha/tracker", "git_dir": repo.path(), "default_branch": "main" }),
    );
    let error = stage
        .served
        .call("review_post", json!({ "repository_id": id, "sha": local, "finding_ids": [1] }))
        .expect_err("it was never reviewed here");
    assert_eq!(error["code"], "not_found");
}

#[test]
fn a_sign_in_says_what_it_may_do_and_when_it_ends() {
    let Stage { _cli, github, served } = Stage::new();
    let fine = "github_pat_11FINE0000000000000000000";
    github.control("pat", &json!({ "token": fine, "permissions": { "contents": "read" }, "expires_at": "2099-12-01T10:00:00Z" }));
    let state = served.call("account_token", json!({ "token": fine })).expect("it signs in");
    assert_eq!(
        state["account"]["expires_at"], 4_099_802_400_i64,
        "only GitHub knows when a pasted token ends: {state}"
    );
    assert!(state["account"]["revoke_page"].to_string().contains("personal-access-tokens"), "{state}");
    served.call("account_sign_out", json!({})).expect("it signs out");

    let classic = "ghp_CLASSIC0000000000000000000000000000";
    github.control("pat", &json!({ "token": classic, "scopes": ["repo", "read:user"] }));
    let state = served.call("account_token", json!({ "token": classic })).expect("it signs in");
    assert_eq!(state["account"]["permissions"], json!(["read:user", "repo"]));
    served.call("account_sign_out", json!({})).expect("it signs out");

    github
        .control("installation", &json!({ "permissions": { "contents": "read", "pull_requests": "read" } }));
    let state = crate::stage::sign_in(&served, &github);
    assert_eq!(state["account"]["permissions"], json!(["contents: read", "pull requests: read"]), "{state}");
}
