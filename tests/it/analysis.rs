//! What a repository is made of: every number by code, with where it comes from.

use internflow_tests::{Cli, STUDENT, Served, TestRepo};
use serde_json::{Value, json};

const RAVI: &str = "Ravi Kumar <ravi@example.edu>";
const CART: &str = "from shop.money import total\n\n\ndef add(cart, item):\n    if item and item.price > 0:\n        cart.append(item)\n    return total(cart)\n";

/// A small shop by the student, to which Ravi adds a file.
fn shop() -> TestRepo {
    let repo = TestRepo::with(&[
        (
            "Begin",
            &[
                ("README.md", "# Shop\n\nSells things to people and keeps the books.\n"),
                (
                    "pyproject.toml",
                    "[project]\nname = \"shop\"\ndescription = \"A small shop\"\ndependencies = [\"flask\"]\n\n[project.scripts]\ntill = \"web.app:main\"\n",
                ),
                ("shop/__init__.py", ""),
                ("shop/money.py", "def total(cart):\n    return sum(item.price for item in cart)\n"),
                ("shop/cart.py", "def add(cart, item):\n    cart.append(item)\n"),
                (
                    "web/app.py",
                    "from shop import cart\n\n\ndef main():\n    cart.add([], 1)\n\n\nif __name__ == \"__main__\":\n    main()\n",
                ),
                ("tests/test_cart.py", "from shop.cart import add\n\n\ndef test_add():\n    assert add\n"),
                (".github/workflows/test.yml", "on: push\n"),
                ("vendor/lib.py", "def theirs():\n    return 1\n"),
            ],
        ),
        ("Refuse what is free", &[("shop/cart.py", CART)]),
    ]);
    std::fs::write(repo.path().join("web/pages.py"), "def page():\n    return 'hello'\n").expect("a file");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--author", RAVI, "--message", "Pages"]);
    repo
}

fn add(served: &Served, repo: &TestRepo) -> Value {
    served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone()
}

/// Analyses and returns what is shown.
fn analysed(served: &Served, id: &Value) -> Value {
    let of = json!({ "repository_id": id });
    let task = served.call("analysis_start", of.clone()).expect("a task");
    assert_eq!(served.ended(&task["id"])["state"], "done", "{}", served.ended(&task["id"]));
    served.call("repository_analysis", of).expect("an analysis")
}

#[test]
fn a_repository_is_shown_by_what_can_be_counted() {
    let (repo, cli) = (shop(), Cli::new());
    let served = Served::start(&cli);
    let id = add(&served, &repo);
    let before = served.call("repository_analysis", json!({ "repository_id": id })).expect("an answer");
    assert_eq!(before, Value::Null, "nobody asked for one yet");
    let analysis = analysed(&served, &id);
    assert_eq!(analysis["stale"], false);
    let report = &analysis["report"];
    assert_eq!(
        report["about"],
        json!({
            "readme": "README.md",
            "paragraph": {
                "text": "Sells things to people and keeps the books.", "path": "README.md", "line": 3
            },
            "descriptions": [{ "text": "A small shop", "path": "pyproject.toml", "line": 3 }],
        })
    );
    assert_eq!(
        report["languages"],
        json!([{ "language": "Python", "files": 5, "lines": 17, "blamed": 17, "mine": 15 }]),
        "what is vendored is nobody's here, and two lines are Ravi's"
    );
    assert_eq!(
        report["technologies"][0],
        json!({ "name": "Flask", "kind": "framework", "package": "flask", "path": "pyproject.toml", "line": 4 })
    );
    let imports: Vec<String> = report["imports"]
        .as_array()
        .expect("imports")
        .iter()
        .map(|one| format!("{} {} {}:{}", one["from"], one["to"], one["path"], one["line"]).replace('"', ""))
        .collect();
    for want in ["tests shop tests/test_cart.py:1", "web shop web/app.py:1"] {
        assert!(imports.iter().any(|one| one == want), "{want} is not in {imports:?}");
    }
    let entries = report["entries"].to_string();
    assert!(entries.contains("till") && entries.contains("`__main__` block"), "{entries}");
    assert_eq!(
        report["tests"],
        json!({
            "tests": 1, "files": 1, "most": [{ "path": "tests/test_cart.py", "tests": 1 }],
            "ci": [{ "system": "GitHub Actions", "path": ".github/workflows/test.yml" }],
        })
    );
    assert_eq!(report["months"], json!([{ "month": "2026-03", "commits": 3, "mine": 2 }]));
    assert_eq!(
        report["hot_spots"],
        json!([{ "path": "shop/cart.py", "commits": 2, "changed": 9, "branches": 2, "score": 4 }]),
        "changed twice, with an `if` and an `and`"
    );
    assert_eq!((&report["mine"]["lines"], &report["mine"]["blamed"]), (&json!(15), &json!(17)));
    assert!(
        report["mine"]["emails"].to_string().contains(STUDENT),
        "it says whom it took for the user: {report}"
    );
    assert!(report["left_out"].to_string().contains("vendored"), "what is not counted is said: {report}");
}

#[test]
fn a_new_commit_or_another_author_makes_it_stale_and_costs_what_changed() {
    let (repo, cli) = (shop(), Cli::new());
    let served = Served::start(&cli);
    let id = add(&served, &repo);
    let before = analysed(&served, &id);

    // A rename keeps what was done to the file.
    repo.git(&["mv", "shop/cart.py", "shop/basket.py"]);
    repo.commit(
        "Rename",
        &[("tests/test_cart.py", "from shop.basket import add\n\n\ndef test_add():\n    assert add\n")],
    );
    served.call("repository_refresh", json!({ "id": id })).expect("it is looked at");
    let shown = served.call("repository_analysis", json!({ "repository_id": id })).expect("an answer");
    assert_eq!(shown["stale"], true, "there is a commit that it does not know");
    assert_eq!(shown["report"], before["report"], "until then the old one is better than none");
    let after = analysed(&served, &id);
    assert_eq!(after["stale"], false);
    let spot = &after["report"]["hot_spots"][0];
    assert_eq!((&spot["path"], &spot["commits"]), (&json!("shop/basket.py"), &json!(3)), "{spot}");

    served.call("repository_identities", json!({ "emails": ["ravi@example.edu"] })).expect("they are kept");
    let shown = served.call("repository_analysis", json!({ "repository_id": id })).expect("an answer");
    assert_eq!(shown["stale"], true, "the numbers were of somebody else");
    assert_eq!(analysed(&served, &id)["report"]["mine"]["lines"], 2);
}

#[test]
fn what_is_not_there_is_said_and_odd_repositories_stop_nothing() {
    let cli = Cli::new();
    let served = Served::start(&cli);
    let empty = TestRepo::empty();
    let id = add(&served, &empty);
    let error = served.call("analysis_start", json!({ "repository_id": id })).expect_err("nothing to count");
    assert!(error["message"].to_string().contains("no commits yet"), "{error}");

    let nested = format!("x = {}1{}\n", "(\n".repeat(5_000), ")\n".repeat(5_000));
    let odd = TestRepo::with(&[(
        "Odd",
        &[("nested.py", nested.as_str()), ("data.json", "{}\n"), ("größe/מצא.py", "import größe\n")],
    )]);
    odd.commit_bytes("Bytes", &[("picture.py", &[0, 159, 146, 150])]);
    let id = add(&served, &odd);
    let report = analysed(&served, &id)["report"].clone();
    let nothing = json!({ "readme": null, "paragraph": null, "descriptions": [] });
    assert_eq!(report["about"], nothing, "an absent README is not made up");
    assert_eq!(report["tests"]["ci"], json!([]));
    assert!(report["left_out"].to_string().contains("beyond what the parser reads"), "{report}");
}

#[test]
fn the_terminal_prints_it_for_people_and_for_programs() {
    let (repo, cli) = (shop(), Cli::new());
    let path = repo.path().to_str().expect("a path");
    let ran = cli.run(&["analyze", path]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for want in [
        "Sells things to people and keeps the books. (README.md:3)",
        "| Python | 5 | 17 | 17 | 15 |",
        "- Flask (framework): `flask` in pyproject.toml:4",
        "  - imports shop (1×, web/app.py:1)",
        "- shop/cart.py: 4 (2 commits × 2 branches, 9 lines changed)",
        "15 of 17 lines (88 %)",
    ] {
        assert!(ran.out.contains(want), "{want} is not in\n{}", ran.out);
    }
    let ran = cli.run(&["analyze", path, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["mine"]["lines"], 15);
}
