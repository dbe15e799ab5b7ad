//! What somebody built, thing by thing, with the lines that are theirs.

use internflow_tests::{Cli, STUDENT, TestRepo};
use serde_json::{Value, json};

const API: &str = r#"from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/orders")
def orders():
    found = load()
    return jsonify(found)


@app.post("/orders/<int:order>/refund")
def refund(order):
    booked = book(order)
    return jsonify(booked)
"#;

fn ledger(repo: &TestRepo) -> Value {
    let ran = Cli::new().run(&["ledger", repo.path().to_str().expect("a path"), "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

fn claims<'v>(ledger: &'v Value, kind: &str) -> Vec<&'v Value> {
    ledger[0]["claims"].as_array().expect("claims").iter().filter(|claim| claim["kind"] == kind).collect()
}

#[test]
fn each_thing_stands_with_its_lines_and_commits() {
    let repo = TestRepo::with(&[
        ("Describe the shop", &[("README.md", "# shop\n")]),
        ("Serve orders and refunds", &[("shop/api.py", API)]),
    ]);
    let found = ledger(&repo);
    let endpoints = claims(&found, "endpoint");
    let names: Vec<&Value> = endpoints.iter().map(|claim| &claim["what"]).collect();
    assert_eq!(names, ["GET /orders", "POST /orders/<int:order>/refund"], "{found:#}");
    let lines = &endpoints[1]["lines"];
    assert_eq!(
        (&lines["path"], &lines["start_line"], &lines["end_line"]),
        (&json!("shop/api.py"), &json!(12), &json!(15)),
        "the proof is the lines: {found:#}"
    );
    assert_eq!(
        endpoints[1]["commits"],
        json!([repo.git(&["rev-parse", "HEAD"]).trim()]),
        "and the commit: {found:#}"
    );

    let bullets =
        Cli::new().run(&["bullets", repo.path().to_str().expect("a path"), "--plain", "--format", "json"]);
    let bullets: Value = serde_json::from_str(&bullets.out).expect("JSON");
    let said =
        bullets.as_array().expect("bullets").iter().any(|bullet| {
            bullet["text"].as_str().is_some_and(|text| text.contains("2 endpoints with Flask"))
        });
    assert!(said, "what was built is what a résumé says: {bullets:#}");
}

#[test]
fn what_somebody_else_wrote_is_no_claim() {
    let repo = TestRepo::with(&[("Describe the shop", &[("README.md", "# shop\n")])]);
    repo.commit("Serve orders", &[("shop/api.py", API)]);
    repo.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--author",
        "Ravi <ravi@example.org>",
        "--message",
        "Serve orders",
    ]);
    repo.commit("Say hello", &[("hello.py", "print('hello')\n")]);
    let found = ledger(&repo);
    assert!(claims(&found, "endpoint").is_empty(), "{STUDENT} wrote none of it: {found:#}");
}
