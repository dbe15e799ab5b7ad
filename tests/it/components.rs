//! How the parts of the app are, as the window, the browser and the terminal tell it.

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

use crate::stage::{Stage, flawed};

#[track_caller]
fn part<'a>(parts: &'a Value, id: &str) -> &'a Value {
    let all = parts.as_array().expect("a list of parts");
    all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{id} is not among {parts:#}"))
}

#[test]
fn the_terminal_tells_how_each_part_is() {
    let cli = Cli::new();
    let ran = cli.run(&["health", "--format", "json"]);
    assert_eq!(ran.code, 0, "nothing is wrong: {}{}", ran.out, ran.err);
    let parts: Value = serde_json::from_str(&ran.out).expect("JSON for a script");
    assert_eq!(part(&parts, "text_model")["state"], "idle", "no model is loaded to say how it is");
    assert_eq!(part(&parts, "database")["state"], "running");
    for id in ["embedder", "review", "index", "analysis", "sync", "contributions", "model_download"] {
        assert_eq!(part(&parts, id)["queued"], 0, "nothing was asked of {id}");
    }
    #[cfg(target_os = "linux")]
    assert!(part(&parts, "core")["memory"].as_u64() > Some(1_000_000), "{parts:#}");

    let ran = cli.run(&["doctor", "--format", "json"]);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON for a script");
    assert!(told["checks"].as_array().is_some_and(|checks| !checks.is_empty()), "{told:#}");
    assert_eq!(part(&told["components"], "database")["state"], "running", "one report has both");
    assert!(cli.run(&["health"]).out.contains("Text model"), "and words for people");
}

#[test]
fn what_a_lane_did_is_told_with_its_times_and_its_last_error() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    // Its comparison is something that only the model can judge.
    let sha = repo.commit("One", &[("a.py", "def due(day, last):\n    return day < last\n")]);
    let served = Served::start(&cli);
    let added = served.call("repository_add", json!({ "path": repo.path() })).expect("it is added");
    let review = |rules_only: bool| {
        let args = json!({ "repository_id": added["id"], "shas": [sha], "rules_only": rules_only });
        let tasks = served.call("review_start", args).expect("it is queued");
        served.ended(&tasks[0]["id"])
    };
    assert_eq!(review(true)["state"], "done");
    let told = |fits: &dyn Fn(&Value) -> bool| {
        let parts = served.until("activity_components", &json!({}), |parts| fits(part(parts, "review")));
        part(&parts, "review").clone()
    };
    let lane = told(&|lane| lane["times"]["runs"] == 1);
    assert_eq!((&lane["state"], &lane["queued"]), (&json!("idle"), &json!(0)));
    assert!(lane["last_success"].is_i64() && lane["last_error"].is_null(), "{lane:#}");
    let times = &lane["times"];
    assert!(times["p50"].as_f64() > Some(0.0) && times["p50"] == times["p99"], "of one run: {times}");

    // Without a model on this machine a whole review ends in words.
    assert_eq!(review(false)["state"], "failed");
    let lane = told(&|lane| lane["times"]["runs"] == 2);
    let why = lane["last_error"]["message"].as_str().unwrap_or_default();
    assert!(why.contains("odel"), "the page says what is missing: {lane:#}");
}

#[test]
fn what_left_the_machine_can_be_read() {
    let stage = Stage::signed_in("asha/tracker", &flawed());
    let asked = |ledger: &Value| !ledger["newest"].as_array().is_none_or(Vec::is_empty);
    let ledger = stage.served.until("activity_network", &json!({}), asked);
    let host = &ledger["hosts"][0];
    let calls: Vec<&Value> = ledger["newest"].as_array().into_iter().flatten().collect();
    assert!(calls.iter().all(|call| call["host"] == host["host"]), "only one host was asked: {ledger:#}");
    assert!(
        calls.iter().all(|call| call["reason"].as_str().is_some_and(|reason| !reason.is_empty())),
        "each request says what it was for: {ledger:#}"
    );
    assert!(host["calls"].as_u64() >= Some(calls.len() as u64), "{ledger:#}");
}
