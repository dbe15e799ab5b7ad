//! `ats`: what a tracking system gets out of a résumé, ours and others'.

use std::path::{Path, PathBuf};

use internflow_tests::{Cli, here};
use serde_json::Value;

fn profiles() -> Vec<PathBuf> {
    let folder = here().join("fixtures/profiles");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the profiles are there")
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    all.sort();
    assert!(all.len() >= 20, "every odd shape of a student's life has a profile");
    all
}

/// Exports the profile and reads the file back: what every reader got, field by field.
fn read_back(cli: &Cli, profile: &Path, format: &str) -> Value {
    let out = cli.data.path().join("out");
    let (profile, out) = (profile.to_string_lossy(), out.to_string_lossy());
    let ran = cli.run(&["resume", "--profile", &profile, "--format", format, "--out", &out]);
    assert_eq!(ran.code, 0, "{profile} as {format}: {}", ran.err);
    let ran = cli.run(&["ats", &out, "--profile", &profile, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON and nothing else")
}

fn wrong(checks: &Value) -> Vec<&Value> {
    let checks = checks.as_array().expect("a list of checks");
    assert!(!checks.is_empty(), "a profile has at least a name");
    checks.iter().filter(|check| check["ok"] != true).collect()
}

#[test]
fn every_profile_reads_back_from_a_pdf() {
    let cli = Cli::new();
    for profile in profiles() {
        let back = read_back(&cli, &profile, "pdf");
        assert_eq!(back["readings"][0]["reader"], "by-place", "{back}");
        let name = profile.display();
        assert_eq!(wrong(&back["checks"][0]), Vec::<&Value>::new(), "{name} as it stands on the page");
        // The other reader knows no ActualText, on which the scripts of India depend in a PDF.
        let latin =
            !["bengali", "hindi", "tamil"].iter().any(|script| profile.ends_with(format!("{script}.json")));
        if latin {
            assert_eq!(wrong(&back["checks"][1]), Vec::<&Value>::new(), "{name} in the order of the file");
        }
    }
}

#[test]
fn every_profile_reads_back_from_a_word_document() {
    let cli = Cli::new();
    for profile in profiles() {
        let back = read_back(&cli, &profile, "docx");
        for checks in back["checks"].as_array().expect("two readers") {
            assert_eq!(wrong(checks), Vec::<&Value>::new(), "{}", profile.display());
        }
        let kinds: Vec<&str> =
            back["problems"].as_array().into_iter().flatten().filter_map(|p| p["kind"].as_str()).collect();
        for kind in ["table", "text-box", "header-footer", "columns", "icons", "ligatures"] {
            assert!(
                !kinds.contains(&kind),
                "our own template must not break: {kind} in {}",
                profile.display()
            );
        }
    }
}

#[test]
fn what_cannot_be_read_is_told_with_the_way_out() {
    let cli = Cli::new();
    let file = cli.data.path().join("resume.pdf");
    for (bytes, words) in [
        (&b""[..], "has no bytes"),
        (b"%PDF-1.7\ntrailer\n<</Root 1 0 R/Encrypt 2 0 R>>", "without password"),
        (b"%PDF-1.7 and nothing else", "Export it again"),
        (b"a letter in plain text", "Export it as PDF or DOCX"),
    ] {
        std::fs::write(&file, bytes).expect("the file is written");
        let ran = cli.run(&["ats", &file.to_string_lossy()]);
        assert_eq!(ran.code, 0, "a bad résumé is an answer and no failure: {}", ran.err);
        assert!(ran.out.contains(words), "`{words}` is not in\n{}", ran.out);
    }
    let ran = cli.run(&["ats", "no-such-file.pdf"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no-such-file.pdf can't be read. Name a PDF or Word file"), "{}", ran.err);
}
