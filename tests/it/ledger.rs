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

#[test]
fn what_commits_did_is_claimed_with_its_numbers() {
    let body = |n: usize| -> String {
        (0..n).map(|i| format!("def total_{i}(order):\n    return order[{i}] + {i}\n\n\n")).collect()
    };
    let repo = TestRepo::with(&[
        ("Describe the shop", &[("README.md", "# shop\n"), ("requirements.txt", "flask==3.0\nsix==1.16\n")]),
        ("Add totals", &[("shop/totals.py", &body(20))]),
        ("Extend totals", &[("shop/totals.py", &body(30))]),
        (
            "Fix a crash on empty orders",
            &[
                (
                    "shop/totals.py",
                    &body(30).replace("return order[3] + 3", "return order[3] + 3 if order else 0"),
                ),
                (
                    "tests/test_totals.py",
                    "from shop.totals import total_3\n\n\ndef test_empty():\n    assert total_3([]) == 0\n",
                ),
            ],
        ),
        ("Drop six", &[("requirements.txt", "flask==3.0\n")]),
        (
            "Speed up the report\n\nThe report of a month now takes 2 s instead of 30 s.",
            &[("shop/report.py", "def report(orders):\n    return sum(orders)\n")],
        ),
    ]);
    let found = ledger(&repo);
    let one = |kind: &str| {
        let all = claims(&found, kind);
        assert!(!all.is_empty(), "no {kind}: {found:#}");
        all[0].clone()
    };
    assert!(one("feature")["commits"].as_array().is_some_and(|commits| commits.len() > 1), "{found:#}");
    let fix = one("fix");
    let numbers = fix["numbers"].to_string();
    assert!(
        fix["method"].as_str().is_some_and(|method| method.starts_with("surely")),
        "a test came with it: {fix:#}"
    );
    assert!(numbers.contains("1 new test") && numbers.contains("fixed the same day"), "{fix:#}");
    assert_eq!(one("dependency")["what"], "six", "flask is still needed: {found:#}");
    assert_eq!(one("test")["detail"], "covers total_3", "what a test calls of the program: {found:#}");
    assert_eq!(one("language")["what"], "Python");
    for claim in found[0]["claims"].as_array().into_iter().flatten() {
        let proven =
            claim["lines"].is_object() || claim["commits"].as_array().is_some_and(|all| !all.is_empty());
        assert!(proven || claim["kind"] == "framework", "a claim without proof: {claim:#}");
        assert_ne!(claim["method"], "", "each says how it was found: {claim:#}");
    }
}

#[test]
fn what_has_more_behind_it_stands_first() {
    let small = API.split("\n\n\n").take(2).collect::<Vec<_>>().join("\n\n\n");
    let large = format!("{API}    log(booked)\n    mail(booked)\n    count(booked)\n")
        .replace("return jsonify(booked)\n", "first = booked\n");
    let repo = TestRepo::with(&[("Serve refunds", &[("shop/refunds.py", &large)])]);
    repo.commit("Serve orders", &[("shop/api.py", &small)]);
    let found = ledger(&repo);
    let weights: Vec<u64> =
        claims(&found, "endpoint").iter().filter_map(|claim| claim["weight"].as_u64()).collect();
    assert!(
        weights.len() >= 2 && weights.is_sorted_by(|a, b| a >= b),
        "the newest is not the first: {found:#}"
    );
}

#[test]
fn what_is_not_counted_is_said_with_its_reason() {
    let python = |gap: &str| -> String {
        (0..6).map(|i| format!("def f_{i}(a):{gap}\n    return a + {i}\n\n\n")).collect()
    };
    let names = ["a.py", "b.py", "c.py"];
    let repo = TestRepo::empty();
    for name in names {
        std::fs::write(repo.path().join(name), python("")).expect("a file is written");
    }
    repo.git(&["add", "--all"]);
    repo.git(&["-c", "user.email=ravi@example.org", "commit", "--quiet", "--message", "Ravi's code"]);
    let text = python("  ");
    let swept: Vec<(&str, &str)> = names.iter().map(|name| (*name, text.as_str())).collect();
    let sweep = repo.commit("Format", &swept);
    repo.commit(
        "Say hello",
        &[
            (
                "hello.py",
                "def hello():\n    a = 1\n    b = 2\n    c = 3\n    print(a + b + c)\n    return c\n",
            ),
            ("node_modules/x.js", "let a = 1;\n"),
        ],
    );
    let found = ledger(&repo);
    let left_out = found[0]["left_out"].as_array().expect("a list");
    let why =
        |word: &str| left_out.iter().find(|one| one["why"].as_str().is_some_and(|why| why.contains(word)));
    assert_eq!(why("lay code out anew").map(|one| &one["commits"]), Some(&json!([sweep])), "{found:#}");
    assert!(why("vendored").is_some(), "other people's packages: {found:#}");
    let lines = claims(&found, "language")[0]["weight"].as_u64();
    assert_eq!(lines, Some(6), "Ravi wrote what was formatted: {found:#}");
}

#[test]
fn no_work_gives_no_claims() {
    let repo = TestRepo::empty();
    repo.git(&[
        "-c",
        "user.email=ravi@example.org",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        "Ravi's",
    ]);
    assert_eq!(ledger(&repo)[0]["claims"], json!([]), "never an example");
}
