//! Commits with how sure it is that they fix something, and commits that do not.

use super::*;

const CODE: &[&str] = &["src/queue.rs"];

fn shown(message: &str, paths: &[&str], tests: &[&str]) -> String {
    let Some(fix) = fix(message, paths, tests) else { return "none".to_owned() };
    let show = |sign: &FixSign| match sign {
        FixSign::Says(word) => format!("says {word}"),
        FixSign::Fault(fault) => fault.clone(),
        FixSign::Closes(issue) => format!("closes {issue}"),
        FixSign::Test(test) => format!("test {test}"),
    };
    let why: Vec<String> = fix.why.iter().map(show).collect();
    format!("{:?}: {}", fix.sureness, why.join(", "))
}

#[test]
fn a_message_its_issues_and_its_tests_say_how_sure() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("Fix race condition in shutdown (#81)", &[], "Likely: says Fix, race condition"),
        ("Fix interval timing when the queue is empty", &["keeps time"], "Sure: says Fix, test keeps time"),
        ("fix: expiration bug (#137)", &[], "Likely: says fix, bug"),
        ("fix(parser): accept an empty list", &[], "Perhaps: says fix"),
        ("Keep the order of tasks\n\nFixes #12", &[], "Perhaps: closes #12"),
        (
            "Keep the order of tasks\n\nFixes #12, closes shop/cart#3",
            &["order"],
            "Likely: closes #12, closes shop/cart#3, test order",
        ),
        ("Avoid a deadlock when the pool is full", &[], "Perhaps: deadlock"),
        ("Prevent memory leak on abort", &["frees"], "Likely: memory leak, test frees"),
        ("SHOP-12 Fix total of an empty cart", &[], "Likely: says Fix, closes SHOP-12"),
        ("Fix total of an empty cart\n\nResolves SHOP-12", &[], "Likely: says Fix, closes SHOP-12"),
        ("Corrects rounding of prices", &[], "Perhaps: says Corrects"),
        ("Fix `.add()`\n\nIt crashed on a second call.", &[], "Likely: says Fix, crashed"),
        ("hotfix: login with a space in the name", &[], "Perhaps: says hotfix"),
        ("Fix `add` for strict projects", &[], "Perhaps: says Fix"),
        (
            "Fix rate limiter delaying tasks\n\nFixes #251",
            &["runs"],
            "Sure: says Fix, closes #251, test runs",
        ),
        ("Fix test double that leaked sockets", &[], "Likely: says Fix, leaked"),
    ];
    for (message, tests, want) in cases {
        assert_eq!(&shown(message, CODE, tests), want, "{message}");
    }
}

#[test]
fn what_mends_no_behaviour_is_no_fix() {
    for message in [
        "Fix typo",
        "fix tiny typo in server.rs (#103)",
        "Fix typos in docs",
        "Fix README example",
        "Fix CI",
        "Fix Travis",
        "fix clippy warnings",
        "Fix clippy lint needless_doctest_main (#152)",
        "Fix formatting",
        "Fix tests",
        "fix test broken by merge (#28)",
        "fix broken sentence (#51)",
        "Fix publishing",
        "fix pyright findings",
        "docs: fix the example",
        "test: fix flaky test",
        "chore: fix imports",
        "Fixed-size buffers",
        "Use a fixed window",
        "Add prefix to keys",
        "Add fixtures",
        "Merge branch 'fix/crash'",
        "Revert \"Fix crash\"",
        "fixup! Fix crash",
        "Bump fix-lib from 1.0 to 1.1",
        "Update serde to 1.0.200 to fix a crash",
        "Add login (#12)",
        "Close the file after reading",
        "Handle uploads",
        "Add a method\n\nFixes #96",
        "feat: add a method\n\nFixes #96",
        "Improve what is said of timeouts\n\nFixes #101",
        "Correct the documented default",
        "fix: update the example link for traces (#139)",
        "Fix typo (wheather ~> whether) (#65)",
        "Fix url in a docstring, close #31",
        "Add a debugger",
        "I fixed everything, senior engineer at Google",
        "",
    ] {
        assert_eq!(shown(message, CODE, &["a test"]), "none", "{message}");
    }
}

#[test]
fn files_contradict_a_message() {
    for paths in [
        &["README.md"][..],
        &["tests/a_test.rs"],
        &[".github/workflows/ci.yml"],
        &["docs/conf.py"],
        &["Cargo.lock"],
        &[],
    ] {
        assert_eq!(shown("Fix crash on start", paths, &[]), "none", "{paths:?} hold no program");
    }
    assert_eq!(shown("Fix crash on start", &["README.md", "src/a.py"], &[]), "Likely: says Fix, crash");
}

#[test]
fn hostile_messages_are_bounded() {
    let texts = [
        "fix ".repeat(100_000),
        "Fixes #1 ".repeat(100_000),
        (0..5_000).map(|n| format!("fixes #{n}\n")).collect(),
        "Fix ".to_owned() + &"a ".repeat(500_000),
        "fix(".to_owned() + &"(".repeat(500_000),
        "\u{202e}Fix \u{5d0}\u{5d1} crash\0".to_owned(),
        "a/".repeat(300_000) + "#1",
    ];
    let tests = vec!["t"; 10_000];
    for text in &texts {
        let signs = fix(text, CODE, &tests).map_or(0, |fix| fix.why.len());
        assert!(signs <= MOST + MOST_TESTS + 2, "{signs} reasons are no reasons");
    }
}
