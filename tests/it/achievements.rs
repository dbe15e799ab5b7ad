//! `bullets`: what code counted, with the commits behind it.

use internflow_tests::{Cli, STUDENT, TestRepo};
use serde_json::Value;

fn code(name: &str, functions: usize) -> String {
    (0..functions).map(|i| format!("def {name}_{i}(value):\n    return value + {i}\n\n\n")).collect()
}

fn bullets(cli: &Cli, repo: &TestRepo, args: &[&str]) -> Vec<Value> {
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&[&["bullets", &path, "--plain", "--format", "json"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("an array")
}

#[test]
fn numbers_are_those_of_git_and_every_bullet_has_its_commits() {
    let repo = TestRepo::with(&[
        (
            "Add the order service",
            &[("service/orders.py", &code("order", 30)), ("requirements.txt", "fastapi==0.115\npytest\n")],
        ),
        ("Fix empty orders", &[("service/orders.py", &code("order", 31))]),
        ("Fix the rounding bug", &[("service/orders.py", &code("order", 32))]),
        ("Test the orders", &[("tests/test_orders.py", &code("test_order", 4))]),
    ]);
    let bullets = bullets(&Cli::new(), &repo, &[]);
    let text: Vec<&str> = bullets.iter().filter_map(|b| b["text"].as_str()).collect();
    let all = text.join("\n");
    assert!(all.contains("4 commits") && all.contains("Python") && all.contains("FastAPI"), "{all}");
    assert!(all.contains("4 automated tests"), "{all}");
    assert!(all.contains("2 bugs"), "{all}");
    assert!(all.contains("64 lines"), "32 functions of two lines survive in service: {all}");
    let log = repo.git(&["log", "--format=%H"]);
    for bullet in &bullets {
        let commits = bullet["commits"].as_array().expect("commits");
        assert!(!commits.is_empty(), "a bullet without proof can't be defended in an interview: {bullet}");
        assert!(commits.iter().all(|sha| log.contains(sha.as_str().unwrap_or("?"))), "{bullet}");
    }
}

#[test]
fn other_peoples_lines_are_not_counted() {
    let repo = TestRepo::with(&[("Mine", &[("a.py", &code("mine", 20))])]);
    std::fs::write(repo.path().join("b.py"), code("theirs", 500)).expect("a file is written");
    repo.git(&["add", "-A"]);
    repo.git(&["-c", "user.email=friend@example.edu", "commit", "-q", "-m", "Theirs"]);
    let mine = bullets(&Cli::new(), &repo, &["--author", STUDENT]);
    let all = mine.iter().filter_map(|b| b["text"].as_str()).collect::<Vec<_>>().join("\n");
    assert!(all.contains("40 lines") && !all.contains("1040") && !all.contains("1000"), "{all}");
    let nobody = bullets(&Cli::new(), &repo, &["--author", "nobody@example.org"]);
    assert!(nobody.is_empty(), "no work, no bullets: {nobody:?}");
}
