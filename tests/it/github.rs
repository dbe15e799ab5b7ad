//! Signing in to GitHub and staying in step with it, against the GitHub of `tests/github`.

use std::path::Path;

use internflow_tests::{Cli, FakeGithub, STUDENT, Served, TestRepo};
use serde_json::{Value, json};

use crate::stage::{Stage, find, flawed, follow, settings, sign_in, sync};

#[test]
fn a_code_is_typed_and_the_account_is_there() {
    let Stage { _cli, github, served } = Stage::new();
    let code = served.call("account_sign_in", json!({})).expect("a code");
    assert_eq!(
        code["page"],
        format!("{}/login/device", github.web),
        "the page is ours to name: an answer could send the user anywhere"
    );
    github.control("decide", &json!({ "decision": "approve" }));
    let state = served.until("account_get", &json!({}), |state| state["state"] == "signed_in");
    assert_eq!(state["account"]["login"], "asha");
    let emails = state["account"]["emails"].to_string();
    assert!(
        emails.contains(STUDENT) && emails.contains("4242+asha@users.noreply"),
        "commits made on GitHub's pages carry the noreply address: {emails}"
    );
    assert_eq!(state["account"]["kept"], false, "this test has no keyring, and the user is told so");
    let log = github.control("log", &json!({}));
    assert_eq!(log["counters"]["early_polls"], 0, "an App that polls too early is slowed down for everybody");

    served.call("account_sign_out", json!({})).expect("it signs out");
    assert_eq!(served.call("account_get", json!({})).expect("a state")["state"], "signed_out");
}

#[test]
fn every_other_end_of_signing_in_says_what_happened() {
    let Stage { _cli, github, served } = Stage::new();
    for (decision, word) in [("deny", "denied"), ("expire", "not typed in time")] {
        served.call("account_sign_in", json!({})).expect("a code");
        github.control("decide", &json!({ "decision": decision }));
        let state = served.until("account_get", &json!({}), |state| state["state"] == "signed_out");
        assert!(state["message"].as_str().is_some_and(|said| said.contains(word)), "{decision}: {state}");
    }

    served.call("account_sign_in", json!({})).expect("a code");
    let cancelled = served.call("account_cancel", json!({})).expect("it is given up");
    assert_eq!(cancelled["state"], "signed_out");
    assert_eq!(cancelled["message"], Value::Null, "who cancels knows why");

    github.control("settings", &json!({ "device_flow_enabled": false }));
    let off = served.call("account_sign_in", json!({})).expect_err("no code");
    assert!(off["message"].to_string().contains("Enable Device Flow"), "{off}");

    github.control("settings", &json!({ "device_flow_enabled": true, "client_id": "Iv23liAnother" }));
    let wrong = served.call("account_sign_in", json!({})).expect_err("no code");
    assert!(wrong["message"].to_string().contains(FakeGithub::CLIENT_ID), "which id is wrong: {wrong}");

    let bad = served.call("account_token", json!({ "token": "github_pat_unknown" })).expect_err("no account");
    assert!(bad["message"].to_string().contains("not accept"), "{bad}");
}

#[test]
fn the_network_may_go_and_come_back_while_a_code_waits() {
    let Stage { _cli, github, served } = Stage::new();
    served.call("account_sign_in", json!({})).expect("a code");
    github.control("offline", &json!({ "offline": true }));
    served.until("account_get", &json!({}), |state| state["waiting"].is_string());
    github.control("offline", &json!({ "offline": false }));
    github.control("decide", &json!({ "decision": "approve" }));
    served.until("account_get", &json!({}), |state| state["state"] == "signed_in");
}

#[test]
fn a_followed_repository_is_here_and_its_new_commits_are_reviewed() {
    let repo = flawed();
    let Stage { _cli, github: _github, served } = Stage::signed_in("asha/tracker", &repo);

    let listed = served.call("repository_remote", json!({ "refresh": true })).expect("a list");
    assert_eq!(listed[0]["full_name"], "asha/tracker");
    let (task, repository) = follow(&served, "asha/tracker");
    assert_eq!(task["state"], "done", "{task}");
    let here = find(&served, &repository["id"]);
    assert_eq!((here["commits"].as_u64(), here["mine"].as_u64()), (Some(1), Some(1)), "{here}");
    let tasks = served.call("activity_tasks", json!({})).expect("tasks").to_string();
    assert!(!tasks.contains("\"kind\":\"review\""), "years of work are not reviewed without being asked for");

    let sha = repo.commit("Two", &[("b.py", "def g(b={}):\n    return b\n")]);
    assert_eq!(sync(&served, &repository["id"])["state"], "done");
    let arguments = json!({ "repository_id": repository["id"], "sha": sha });
    served.until("review_get", &arguments, |review| review.to_string().contains("python/mutable-default"));
    assert!(
        !Path::new(here["path"].as_str().expect("a path")).join("b.py").exists(),
        "nothing is checked out"
    );
}

#[test]
fn a_sync_without_news_costs_one_question_that_is_not_counted() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/tracker", &repo);
    let (_, repository) = follow(&served, "asha/tracker");
    sync(&served, &repository["id"]);
    let before = github.control("log", &json!({}))["counters"].clone();
    assert_eq!(sync(&served, &repository["id"])["state"], "done");
    let after = github.control("log", &json!({}))["counters"].clone();
    let grown = |name: &str| after[name].as_u64().unwrap_or(0) - before[name].as_u64().unwrap_or(0);
    assert_eq!(grown("api_calls"), 1, "the budget of an hour is for all repositories");
    assert_eq!(grown("status_304"), 1, "GitHub counts no request that it answers with 304");
}

#[test]
fn renamed_force_pushed_and_deleted() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/tracker", &repo);
    let (_, repository) = follow(&served, "asha/tracker");
    let id = &repository["id"];

    github.control("repository", &json!({ "full_name": "asha/tracker", "moved_to": "asha/study" }));
    assert_eq!(sync(&served, id)["state"], "done");
    assert_eq!(find(&served, id)["remote"]["full_name"], "asha/study", "the new name is learnt");

    repo.git(&["commit", "--quiet", "--amend", "--message", "One, said better"]);
    assert_eq!(sync(&served, id)["state"], "done");
    let page = json!({ "repository_id": id, "mine": false, "query": "", "offset": 0, "limit": 10 });
    let commits = served.call("repository_commits", page).expect("commits");
    assert_eq!(commits["total"], 1, "a forced push replaces what it replaced: {commits}");
    assert_eq!(commits["commits"][0]["subject"], "One, said better");

    github.control("repository", &json!({ "full_name": "asha/study", "deleted": true }));
    let task = sync(&served, id);
    assert_eq!(task["state"], "failed", "{task}");
    let here = find(&served, id);
    assert!(here["remote"]["problem"].to_string().contains("not on GitHub any more"), "{here}");
    assert_eq!(here["commits"], 1, "what was synced stays");
}

#[test]
fn a_default_branch_that_is_renamed_while_the_connection_breaks_loses_nothing() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    github.serve("asha/tracker", &repo);
    let served = Served::start(&cli);
    settings(&served, &github);
    let (_, repository) = follow(&served, "asha/tracker");

    repo.git(&["branch", "--move", "main", "trunk"]);
    repo.commit_bytes("Noise", &[("noise.bin", &noise(200_000))]);
    github.control(
        "repository",
        &json!({ "full_name": "asha/tracker", "git_dir": repo.path(), "default_branch": "trunk" }),
    );
    github.control(
        "fault",
        &json!({ "match": "POST .*git-upload-pack", "kind": "truncate", "bytes": 50_000, "times": 1000 }),
    );
    let tasks = served.call("repository_sync", json!({ "ids": [repository["id"]] })).expect("a task");
    let task = json!({ "task_id": tasks[0]["id"] });
    served
        .until("activity_task", &task, |task| task["progress"]["stage"].to_string().contains("trying again"));
    let looked = served.call("repository_refresh", json!({ "id": repository["id"] })).expect("it is read");
    assert_eq!(looked["commits"], 1, "the branch that the host has no more is still all there is: {looked}");

    github.control("fault", &json!({ "clear": true }));
    assert_eq!(served.ended(&tasks[0]["id"])["state"], "done");
    let here = find(&served, &repository["id"]);
    assert_eq!((&here["commits"], &here["branch"]), (&json!(2), &json!("trunk")), "{here}");
}

#[test]
fn a_fork_shows_whose_work_is_whose() {
    let repo = flawed();
    repo.git(&[
        "commit",
        "--quiet",
        "--allow-empty",
        "--author",
        "Upstream <u@example.org>",
        "-m",
        "Not hers",
    ]);
    let Stage { _cli, github, served } = Stage::new();
    let fork = json!({
        "full_name": "asha/redis", "git_dir": repo.path(), "default_branch": "main", "fork": true, "archived": true,
    });
    github.control("repository", &fork);
    sign_in(&served, &github);
    let listed = served.call("repository_remote", json!({ "refresh": true })).expect("a list");
    assert_eq!((&listed[0]["fork"], &listed[0]["archived"]), (&json!(true), &json!(true)), "{listed}");
    let (_, repository) = follow(&served, "asha/redis");
    let here = find(&served, &repository["id"]);
    assert_eq!(here["remote"]["fork"], true, "{here}");
    assert_eq!(
        (&here["commits"], &here["mine"]),
        (&json!(2), &json!(1)),
        "upstream's work is not hers: {here}"
    );
}

#[test]
fn a_sync_is_cancelled_in_the_middle_of_its_pack() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    repo.commit_bytes("Noise", &[("noise.bin", &noise(400_000))]);
    github.serve("asha/tracker", &repo);
    github.control(
        "fault",
        &json!({ "match": "POST .*git-upload-pack", "kind": "slow", "ms": 100, "times": 3 }),
    );
    let served = Served::start(&cli);
    settings(&served, &github);
    let repository =
        served.call("repository_follow", json!({ "address": "asha/tracker" })).expect("it is followed");
    let tasks = served.until("activity_tasks", &json!({}), has_begun);
    let id =
        tasks.as_array().into_iter().flatten().find(|task| task["kind"] == "sync").expect("it")["id"].clone();
    let asked = std::time::Instant::now();
    served.call("activity_cancel", json!({ "task_id": id })).expect("it is cancelled");
    assert_eq!(served.ended(&id)["state"], "cancelled");
    assert!(asked.elapsed().as_secs() < 5, "a slow network is not waited for");
    github.control("fault", &json!({ "clear": true }));
    assert_eq!(sync(&served, &repository["id"])["state"], "done", "and the next one brings it");
}

/// Some of the pack has arrived.
fn has_begun(tasks: &Value) -> bool {
    tasks.as_array().into_iter().flatten().any(|task| {
        let stage = task["progress"]["stage"].as_str().unwrap_or("");
        stage.contains(" MB") && !stage.contains(" 0.0 MB")
    })
}

#[test]
fn a_branch_that_takes_the_place_of_another() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    repo.git(&["branch", "fix"]);
    github.serve("asha/tracker", &repo);
    let served = Served::start(&cli);
    settings(&served, &github);
    let (_, repository) = follow(&served, "asha/tracker");
    repo.git(&["branch", "-D", "fix"]);
    repo.git(&["checkout", "--quiet", "-b", "fix/typo"]);
    repo.commit("Fix a typo", &[("README.md", "Reads well.\n")]);
    let task = sync(&served, &repository["id"]);
    assert_eq!(task["state"], "done", "`fix` is a file where `fix/` must be a folder: {task}");
}

#[test]
fn an_empty_repository_is_followed_and_its_first_commit_is_reviewed() {
    let repo = TestRepo::empty();
    let Stage { _cli, github: _github, served } = Stage::signed_in("asha/new", &repo);
    let (task, repository) = follow(&served, "asha/new");
    assert_eq!(task["state"], "done", "{task}");
    let sha = repo.commit("One", &[("a.py", "def f(a=[]):\n    return a\n")]);
    assert_eq!(sync(&served, &repository["id"])["state"], "done");
    let arguments = json!({ "repository_id": repository["id"], "sha": sha });
    served.until("review_get", &arguments, |review| review.to_string().contains("python/mutable-default"));
}

#[test]
fn a_renamed_repository_that_is_followed_twice_says_so() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/old", &repo);
    let (_, old) = follow(&served, "asha/old");
    github.control("repository", &json!({ "full_name": "asha/old", "moved_to": "asha/new" }));
    let (_, new) = follow(&served, "asha/new");
    assert_ne!(old["id"], new["id"]);
    let task = sync(&served, &old["id"]);
    let said = task["error"]["message"].to_string();
    assert!(said.contains("renamed to asha/new") && said.contains("Remove one"), "{said}");
}

/// Bytes that no pack makes smaller (Marsaglia's xorshift), so that a fetch of them can be met halfway.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..bytes).map(|_| next()).collect()
}

#[test]
fn a_fetch_that_breaks_off_is_taken_up_again() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    // Incompressible, so that the pack is long enough to be cut.
    let noise = noise(200_000);
    repo.commit_bytes("Noise", &[("noise.bin", &noise)]);
    github.serve("asha/tracker", &repo);
    github.control(
        "fault",
        &json!({ "match": "POST .*git-upload-pack", "kind": "truncate", "bytes": 50_000, "times": 2 }),
    );
    let served = Served::start(&cli);
    settings(&served, &github);
    let (task, repository) = follow(&served, "asha/tracker");
    assert_eq!(task["state"], "done", "{task}");
    assert_eq!(find(&served, &repository["id"])["commits"], 2);
}

#[test]
fn a_killed_sync_leaves_a_repository_that_the_next_one_completes() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    let noise = noise(400_000);
    repo.commit_bytes("Noise", &[("noise.bin", &noise)]);
    github.serve("asha/tracker", &repo);
    github.control(
        "fault",
        &json!({ "match": "POST .*git-upload-pack", "kind": "slow", "ms": 100, "times": 1000 }),
    );
    let repository = {
        let served = Served::start(&cli);
        settings(&served, &github);
        served.call("repository_follow", json!({ "address": "asha/tracker" })).expect("it is followed")
        // Killed here, at its beginning.
    };
    for _ in 0..3 {
        let served = Served::start(&cli);
        served.until("activity_tasks", &json!({}), has_begun);
        // Killed here, in the middle of the pack.
    }
    github.control("fault", &json!({ "clear": true }));
    let served = Served::start(&cli);
    let task = sync(&served, &repository["id"]);
    assert_eq!(task["state"], "done", "{task}");
    assert_eq!(find(&served, &repository["id"])["commits"], 2);
}

#[test]
fn a_private_repository_needs_the_account_and_its_token_is_nowhere() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    github.control(
        "repository",
        &json!({ "full_name": "asha/secret", "git_dir": repo.path(), "private": true, "default_branch": "main" }),
    );
    let served = Served::start(&cli);
    settings(&served, &github);
    let (task, repository) = follow(&served, "asha/secret");
    assert_eq!(task["state"], "failed");
    assert!(task["error"]["message"].to_string().contains("Sign in"), "{task}");

    const CANARY: &str = "github_pat_11CANARY0000000000000000";
    github.control("pat", &json!({ "token": CANARY, "permissions": { "contents": "read" } }));
    let state = served.call("account_token", json!({ "token": CANARY })).expect("it is taken");
    assert_eq!(state["state"], "signed_in", "{state}");
    assert_eq!(sync(&served, &repository["id"])["state"], "done");
    assert_eq!(find(&served, &repository["id"])["commits"], 1);
    drop(served);

    let basic = "eC1hY2Nlc3MtdG9rZW46"; // "x-access-token:" in base64, as git sends it
    for file in files(cli.data.path()) {
        let bytes = std::fs::read(&file).expect("a file of the data folder");
        for canary in [CANARY, basic] {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{} holds the token: whoever copies the folder gets into the account",
                file.display()
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn no_token_of_any_kind_is_written_anywhere() {
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    github.serve("asha/tracker", &repo);
    let outcome = cli.data.path().join("outcome");
    let mut command = cli.command(&["serve"]);
    command.env("INTERNFLOW_LOG", "trace").stderr(std::fs::File::create(&outcome).expect("a file"));
    let served = Served::of(command);
    settings(&served, &github);
    sign_in(&served, &github);
    follow(&served, "asha/tracker");
    // A renewal, and a request that fails with the token in its hands.
    github.control("expire_access", &json!({}));
    served.call("repository_remote", json!({ "refresh": true })).expect("a list, with the renewed token");
    github.control("fault", &json!({ "match": "GET /api/v3/", "kind": "status", "status": 500, "times": 1 }));
    let _ = served.call("repository_remote", json!({ "refresh": true }));
    served.call("account_sign_out", json!({})).expect("it signs out");
    let tokens = [
        ("github_pat_11CANARY0000000000000000", json!({ "contents": "read" }), Value::Null),
        ("ghp_CANARY000000000000000000000000000000", Value::Null, json!(["repo"])),
    ];
    for (token, permissions, scopes) in tokens {
        let mut pat = json!({ "token": token });
        if scopes.is_null() {
            pat["permissions"] = permissions;
        } else {
            pat["scopes"] = scopes;
        }
        github.control("pat", &pat);
        served.call("account_token", json!({ "token": token })).expect("it is taken");
        served.call("repository_remote", json!({ "refresh": true })).expect("a list");
        served.call("account_sign_out", json!({})).expect("it signs out");
    }
    served.call("account_token", json!({ "token": "gho_CANARYwrong" })).expect_err("GitHub does not know it");
    // Ended and not killed: what is still on its way into the logs arrives.
    served.end();

    // User, refresh, OAuth, server and classic tokens; and each as git sends it.
    let canaries =
        ["ghu_", "ghr_", "gho_CANARY", "ghs_", "ghp_CANARY", "github_pat_11CANARY", "eC1hY2Nlc3MtdG9rZW46"];
    let mut looked_at = 0;
    for file in files(cli.data.path()) {
        let bytes = std::fs::read(&file).expect("a file of the data folder");
        looked_at += bytes.len();
        for canary in canaries {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{} holds {canary}: whoever copies the folder or sends the log gets into the account",
                file.display()
            );
        }
    }
    assert!(looked_at > 100_000, "a search of next to nothing proves nothing: {looked_at} bytes");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[test]
fn a_used_up_limit_says_when_it_goes_on_and_goes_on() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/tracker", &repo);
    let (_, repository) = follow(&served, "asha/tracker");
    github.control(
        "fault",
        &json!({ "match": "GET /api/v3/repos/", "kind": "retry_after", "seconds": 3, "times": 1 }),
    );
    let tasks = served.call("repository_sync", json!({ "ids": [repository["id"]] })).expect("a task");
    let task = json!({ "task_id": tasks[0]["id"] });
    served.until("activity_task", &task, |task| task["progress"]["stage"].to_string().contains("resumes at"));
    assert_eq!(served.ended(&tasks[0]["id"])["state"], "done");
}

#[test]
fn every_limit_of_github_is_waited_out_as_github_says() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/tracker", &repo);
    let (_, repository) = follow(&served, "asha/tracker");
    for kind in ["rate_primary", "rate_secondary"] {
        github.control(
            "fault",
            &json!({ "match": "GET /api/v3/repos/", "kind": kind, "seconds": 3, "times": 1 }),
        );
        let tasks = served.call("repository_sync", json!({ "ids": [repository["id"]] })).expect("a task");
        let task = json!({ "task_id": tasks[0]["id"] });
        let waits = |task: &Value| task["progress"]["stage"].to_string().contains("resumes at");
        served.until("activity_task", &task, waits);
        assert_eq!(served.ended(&tasks[0]["id"])["state"], "done", "{kind}: it goes on by itself");
    }
}

#[test]
fn which_new_commits_are_reviewed_is_the_users_choice() {
    let repo = flawed();
    let Stage { _cli, github: _github, served } = Stage::signed_in("asha/tracker", &repo);
    let (_, repository) = follow(&served, "asha/tracker");
    let id = &repository["id"];
    let choose = |which: &str| {
        let mut settings = served.call("setting_get", json!({})).expect("settings");
        settings["review_new"] = json!(which);
        served.call("setting_set", settings).expect("they are kept");
    };
    let reviewed = |sha: &str| {
        let review =
            served.call("review_get", json!({ "repository_id": id, "sha": sha })).expect("an answer");
        !review.is_null()
    };
    let news = || find(&served, id)["remote"]["news"].clone();
    let file = |name: &str| format!("def {name}(a=[]):\n    return a\n");

    choose("ask");
    let (one, two) =
        (repo.commit("Two", &[("b.py", &file("b"))]), repo.commit("Three", &[("c.py", &file("c"))]));
    sync(&served, id);
    assert_eq!(news(), json!([two, one]), "the newest first, and the user is asked");
    assert!(!reviewed(&one) && !reviewed(&two), "nothing before they say so");
    served
        .call("repository_news", json!({ "repository_id": id, "review": true }))
        .expect("they are reviewed");
    served.until("review_get", &json!({ "repository_id": id, "sha": one }), |review| !review.is_null());
    assert_eq!(news(), json!([]), "asked once");

    choose("default_branch");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    let side = repo.commit("On the side", &[("d.py", &file("d"))]);
    // What is checked out is the host's default branch.
    repo.git(&["checkout", "--quiet", "main"]);
    sync(&served, id);
    assert!(!reviewed(&side), "a branch that is not the default one");
    choose("all");
    repo.git(&["checkout", "--quiet", "side"]);
    let more = repo.commit("More on the side", &[("e.py", &file("e"))]);
    repo.git(&["checkout", "--quiet", "main"]);
    sync(&served, id);
    served.until("review_get", &json!({ "repository_id": id, "sha": more }), |review| !review.is_null());

    choose("default_branch");
    let many: Vec<String> =
        (0..23).map(|n| repo.commit(&format!("Number {n}"), &[("n.txt", &format!("{n}\n"))])).collect();
    sync(&served, id);
    let left: Vec<&String> = many[..3].iter().rev().collect();
    assert_eq!(news(), json!(left), "twenty by themselves, the newest; of the rest the user is asked");
    assert!(reviewed(&many[22]) && !reviewed(&many[0]));
    served.call("repository_news", json!({ "repository_id": id, "review": false })).expect("they are left");
    assert_eq!(news(), json!([]));
}

#[test]
fn an_ended_token_is_renewed_once_and_a_refused_renewal_signs_out() {
    let repo = flawed();
    let Stage { _cli, github, served } = Stage::signed_in("asha/tracker", &repo);
    follow(&served, "asha/tracker");
    github.control("expire_access", &json!({}));
    served.call("repository_remote", json!({ "refresh": true })).expect("a list, with the renewed token");
    let log = github.control("log", &json!({}));
    assert_eq!(log["counters"]["refreshes"], 1, "a second use of a refresh token ends the sign-in");

    github.control("revoke", &json!({}));
    let refused = served.call("repository_remote", json!({ "refresh": true })).expect_err("signed out");
    assert!(refused["message"].to_string().contains("Sign in again"), "{refused}");
    let state = served.call("account_get", json!({})).expect("a state");
    assert_eq!(state["state"], "signed_out");
    assert!(state["message"].to_string().contains("stays"), "{state}");
    assert_eq!(served.call("repository_list", json!({})).expect("a list").as_array().map(Vec::len), Some(1));
}

#[test]
fn work_in_other_peoples_repositories_is_found() {
    let Stage { _cli, github, served } = Stage::new();
    github.control("repository", &json!({ "full_name": "tokio-rs/mini-redis" }));
    let item = |number: u32, title: &str| {
        json!({ "repository": "tokio-rs/mini-redis", "number": number, "title": title, "state": "closed",
                "created_at": "2026-01-02T03:04:05Z", "closed_at": "2026-01-03T03:04:05Z" })
    };
    let mut merged = item(7, "Fix the off-by-one in LRANGE");
    merged["merged_at"] = json!("2026-01-03T03:04:05Z");
    github.control(
        "search",
        &json!({ "prs": [merged], "reviews": [item(8, "Add SCAN")], "issues": [item(9, "LRANGE loses one")] }),
    );
    sign_in(&served, &github);
    let found = served.until("account_contributions", &json!({}), |found| {
        found.as_array().is_some_and(|found| found.len() == 3)
    });
    let merged =
        found.as_array().into_iter().flatten().find(|one| one["number"] == 7).expect("the merged one");
    assert_eq!(merged["state"], "merged");
    assert_eq!(merged["elsewhere"], true, "no list of one's own repositories shows this work");
}

/// Keeps the newest tokens where the test can see them, after a while: a keyring is slow.
struct Kept(std::sync::Mutex<Vec<internflow_github::Tokens>>);

#[async_trait::async_trait]
impl internflow_github::session::Keeps for Kept {
    async fn keep(
        &self,
        tokens: Option<&internflow_github::Tokens>,
    ) -> Result<(), internflow_github::GithubError> {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        self.0.lock().expect("one thread at a time").extend(tokens.cloned());
        Ok(())
    }
}

/// Remembers nothing, so that every request goes out.
struct Forgets;

#[async_trait::async_trait]
impl internflow_github::Remembers for Forgets {
    async fn find(&self, _: &str) -> Option<internflow_github::Remembered> {
        None
    }

    async fn put(&self, _: &str, _: internflow_github::Remembered) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refused_requests_renew_the_token_once() {
    use internflow_github::{Client, Host, Session, device};
    use internflow_net::{Limits, Net};
    use std::sync::Arc;
    use std::time::SystemTime;

    let github = FakeGithub::start();
    let host = Host::from_api(&github.api).expect("an address");
    let net = Net::new(Arc::new(|_| {}), Limits::default()).expect("a client");
    let code = device::start(&net, &host, FakeGithub::CLIENT_ID).await.expect("a code");
    github.control("decide", &json!({ "decision": "approve" }));
    let polled = device::poll(&net, &host, FakeGithub::CLIENT_ID, &code.device_code, 1, 0).await;
    let Ok(device::Poll::Approved(mut tokens)) = polled else { panic!("{polled:?}") };
    // This machine believes that the token lasts; GitHub says otherwise.
    tokens.expires_at = None;
    let kept = Arc::new(Kept(std::sync::Mutex::default()));
    let client_id = FakeGithub::CLIENT_ID.to_owned();
    let old = tokens.access.clone();
    let session =
        Session::new(net.clone(), host.clone(), client_id, kept.clone(), SystemTime::now, Some(tokens));
    let session = Arc::new(session);
    let client =
        Client::new(net, &host, session.clone(), Arc::new(Forgets), SystemTime::now).expect("a client");
    github.control("expire_access", &json!({}));
    // Fifty requests at once that GitHub has refused: more than the client lets out.
    let renewed: Vec<_> = (0..50)
        .map(|_| {
            let (session, kept, old) = (session.clone(), kept.clone(), old.clone());
            tokio::spawn(async move {
                let new = session.access_after(&old).await.expect("a new token");
                let kept = kept.0.lock().expect("one thread at a time");
                assert!(
                    kept.iter().any(|pair| pair.access == new),
                    "a crash now would lose a sign-in: the pair is used before it is kept"
                );
            })
        })
        .collect();
    for one in renewed {
        one.await.expect("no panic");
    }
    github.control("expire_access", &json!({}));
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get::<Value>("/user", None::<&()>).await })
        })
        .collect();
    for one in asked {
        let user = one.await.expect("no panic").expect("each request gets its answer");
        assert_eq!(user["login"], "asha");
    }
    let log = github.control("log", &json!({}));
    let refreshes = "two tokens ended, and a refresh token is used up by its first use";
    assert_eq!(log["counters"]["refreshes"], 2, "{refreshes}");
    assert_eq!(kept.0.lock().expect("one thread").len(), 2, "each new pair was kept");
}
