//! `review`: findings of a commit at the lines the commit added.

use internflow_tests::{Cli, STUDENT, TestRepo};
use serde_json::Value;

const SAFE: &str = "import sqlite3\n\n\ndef connect(path):\n    return sqlite3.connect(path)\n";
const UNSAFE: &str = "import sqlite3\n\n\ndef connect(path):\n    return sqlite3.connect(path)\n\n\n\
def find_student(db, name, seen=[]):\n    rows = db.execute(f\"SELECT * FROM students WHERE name = '{name}'\")\n    seen.append(name)\n    return rows.fetchone()\n";

fn student_repo() -> TestRepo {
    TestRepo::with(&[
        ("Open the database", &[("app/db.py", SAFE)]),
        ("Find a student", &[("app/db.py", UNSAFE)]),
    ])
}

fn json(cli: &Cli, args: &[&str]) -> Vec<Value> {
    let ran = cli.run(args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("standard output is the array and nothing else")
}

#[test]
fn findings_quote_lines_the_commit_added() {
    let (cli, repo) = (Cli::new(), student_repo());
    let path = repo.path().to_string_lossy().into_owned();
    let findings = json(&cli, &["review", &path, "--rules-only", "--format", "json"]);
    let lines: Vec<&str> = UNSAFE.lines().collect();
    assert!(!findings.is_empty(), "an injection and a mutable default are in this commit");
    for finding in &findings {
        let line = finding["line"].as_u64().expect("a line") as usize;
        assert_eq!(
            lines[line - 1].trim(),
            finding["quote"],
            "a student must find the quote where the number points"
        );
        assert!(line > 5, "lines 1 to 5 are older than the commit: {finding}");
        for field in [
            "commit",
            "path",
            "end_line",
            "severity",
            "category",
            "source",
            "rule",
            "message",
            "why",
            "confidence",
        ] {
            assert!(!finding[field].is_null(), "{field} is promised to tools: {finding}");
        }
    }
    let found = |rule: &str| findings.iter().find(|f| f["rule"] == rule).map(|f| f["line"].as_u64());
    let about = |line: u64| findings.iter().any(|f| f["line"] == line);
    assert!(about(9), "the injection is at line 9: {findings:#?}");
    assert_eq!(found("python/mutable-default"), Some(Some(8)));
}

#[test]
fn fail_on_tells_continuous_integration() {
    let (cli, repo) = (Cli::new(), student_repo());
    let path = repo.path().to_string_lossy().into_owned();
    let args = ["review", &path, "--rules-only", "--fail-on"];
    assert_eq!(cli.run(&[&args[..], &["info"]].concat()).code, 3);
    let first = [&["review", &path, "--rules-only", "--commit", "HEAD~1", "--fail-on", "info"][..]].concat();
    assert_eq!(cli.run(&first).code, 0, "a clean commit passes");
    assert_eq!(
        cli.run(&[&args[..], &["terrible"]].concat()).code,
        2,
        "a severity that does not exist is wrong usage"
    );
}

#[test]
fn sarif_is_valid_and_its_fixes_are_the_patches() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    repo.commit(
        "Compare",
        &[("my app/näme.py", "def f(x):\n    if x == None:\n        return 1\n    return 2\n")],
    );
    let path = repo.path().to_string_lossy().into_owned();
    let out = cli.data.path().join("review.sarif");
    let ran =
        cli.run(&["review", &path, "--rules-only", "--format", "sarif", "--out", &out.to_string_lossy()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(&out).expect("the file was written");
    let log: Value = serde_json::from_str(&text).expect("SARIF is JSON");
    // One of its patterns has a bracket too many; validators refuse the whole schema for it.
    let schema = schema().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema of SARIF 2.1.0 compiles");
    let wrong: Vec<String> =
        validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "code scanning refuses this file: {wrong:#?}");
    serde_sarif::sarif::Sarif::deserialize_from(&text);

    let result = &log["runs"][0]["results"][0];
    let rule = result["ruleIndex"].as_u64().expect("the rule is described") as usize;
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "my%20app/n%C3%A4me.py");
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 2);
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "    if x is None:\n");
}

/// Other platforms' crates are not on this machine.
const HOST: &str = env!("INTERNFLOW_TARGET_TRIPLE");

/// The schema as a crate of the registry ships it.
fn schema() -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let asked = std::process::Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--filter-platform",
            HOST,
            "--manifest-path",
        ])
        .arg(internflow_tests::here().join("Cargo.toml"))
        .output()
        .expect("cargo runs the tests");
    let metadata: Value = serde_json::from_slice(&asked.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let sarif = packages.iter().find(|p| p["name"] == "serde-sarif").expect("a dependency of the tests");
    let manifest = std::path::PathBuf::from(sarif["manifest_path"].as_str().expect("a path"));
    std::fs::read_to_string(manifest.with_file_name("src").join("schema.json"))
        .expect("the crate ships the schema")
}

trait Parse {
    fn deserialize_from(text: &str);
}

impl Parse for serde_sarif::sarif::Sarif {
    fn deserialize_from(text: &str) {
        let parsed: Result<Self, _> = serde_json::from_str(text);
        assert!(parsed.is_ok(), "tools with typed readers can't read it: {:?}", parsed.err());
    }
}

#[test]
fn a_fix_is_a_patch_that_git_applies() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    repo.commit("Compare", &[("a.py", "def f(x):\r\n    if x == None:\r\n        return 1\r\n")]);
    let path = repo.path().to_string_lossy().into_owned();
    let findings = json(&cli, &["review", &path, "--rules-only", "--format", "json"]);
    let fix = findings.iter().find_map(|f| f["fix"].as_str()).expect("this rule has a fix");
    let patch = repo.path().join("fix.patch");
    std::fs::write(&patch, fix).expect("the patch is written");
    repo.git(&["apply", "fix.patch"]);
    let fixed = std::fs::read_to_string(repo.path().join("a.py")).expect("the file is there");
    assert_eq!(
        fixed, "def f(x):\r\n    if x is None:\r\n        return 1\r\n",
        "line ends of the student's file stay"
    );
}

#[test]
fn ranges_and_authors_choose_commits() {
    let (cli, repo) = (Cli::new(), student_repo());
    repo.git(&["-c", "user.email=friend@example.edu", "commit", "-q", "--allow-empty", "-m", "By a friend"]);
    let path = repo.path().to_string_lossy().into_owned();
    let commits = |args: &[&str]| {
        let ran = cli.run(&[&["review", &path, "--rules-only"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ["Open the database", "Find a student", "By a friend"].map(|subject| ran.out.contains(subject))
    };
    assert_eq!(commits(&["--range", "HEAD~2..HEAD"]), [false, true, true]);
    assert_eq!(
        commits(&["--author", "auto", "--last", "5"]),
        [true, true, false],
        "a friend's commit is not the student's"
    );
    assert_eq!(commits(&["--author", STUDENT, "--last", "1"]), [false, true, false]);
}

#[test]
fn a_review_says_what_it_left_out_and_why() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    let many = "x = 1\n".repeat(50_001);
    repo.commit_bytes(
        "Everything at once",
        &[
            ("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            ("package-lock.json", b"{\n}\n"),
            ("node_modules/left/index.js", b"eval(input)\n"),
            ("long.py", many.as_bytes()),
            ("latin.py", b"# caf\xe9\nassert (1, 'always true')\n"),
        ],
    );
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (file, reason) in [
        ("logo.png", "binary"),
        ("package-lock.json", "lock file"),
        ("node_modules/left/index.js", "vendored"),
        ("long.py", "too large"),
    ] {
        let line = ran.out.lines().find(|line| line.contains("Not reviewed") && line.contains(file));
        assert!(
            line.is_some_and(|line| line.contains(reason)),
            "{file} should be listed as {reason}: {}",
            ran.out
        );
    }
    assert!(ran.out.contains("latin.py:2"), "text that is not UTF-8 is reviewed: {}", ran.out);
}

#[test]
fn a_secret_is_found_and_never_printed() {
    let (cli, repo) = (Cli::new(), TestRepo::empty());
    let secret = format!("{}{}", "ghp_", "x7Qm2Vb9Lk4Tz8Rn1Wc5Yd3Hf6Js0PaGuEoB");
    repo.commit("Deploy", &[("deploy.py", &format!("TOKEN = \"{secret}\"\n"))]);
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    assert!(ran.out.contains("deploy.py"), "the leak is found: {}", ran.out);
    assert!(!ran.out.contains(&secret), "a report that repeats the secret leaks it again");
    let mut files = vec![cli.data.path().to_owned()];
    while let Some(at) = files.pop() {
        if at.is_dir() {
            files.extend(
                std::fs::read_dir(at).expect("a folder").map(|entry| entry.expect("an entry").path()),
            );
        } else {
            let bytes = std::fs::read(&at).expect("a file");
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds the secret", at.display());
        }
    }
}

#[test]
fn merges_are_left_to_the_commits_they_join() {
    let (cli, repo) = (Cli::new(), student_repo());
    repo.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    repo.commit("Side", &[("side.py", "eval(input())\n")]);
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "Join", "side"]);
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only"]);
    assert!(ran.out.contains("Nothing found") && ran.out.contains("merge commit"), "{}", ran.out);
}
