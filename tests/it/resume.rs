//! `resume`: a profile as a document whose text comes out again in order.

use internflow_tests::{Cli, TestRepo};

const PROFILE: &str = r#"{
  "basics": {"name": "Asha Rao", "label": "B.Tech Computer Science", "email": "asha@example.edu",
             "phone": "+91 98765 43210", "profiles": [{"network": "GitHub", "username": "asha", "url": "https://github.com/asha"}]},
  "education": [{"institution": "NIT Trichy", "area": "Computer Science", "studyType": "B.Tech",
                 "startDate": "2023-08", "endDate": "2027-05", "score": "8.9"}],
  "work": [{"name": "Robotics Club", "position": "Software lead", "startDate": "2024-07", "highlights": ["Wrote the telemetry server"]}],
  "projects": [{"name": "Mess Menu", "description": "What is for dinner", "highlights": ["Used by nobody yet"]}],
  "skills": [{"name": "Languages", "keywords": ["Python", "C++"]}]
}"#;

fn export(cli: &Cli, format: &str, profile: &str) -> Vec<u8> {
    let (from, to) = (cli.data.path().join("profile.json"), cli.data.path().join("out"));
    std::fs::write(&from, profile).expect("the profile is written");
    let ran = cli.run(&[
        "resume",
        "--profile",
        &from.to_string_lossy(),
        "--format",
        format,
        "--out",
        &to.to_string_lossy(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    std::fs::read(to).expect("the file is written")
}

fn in_order(text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut from = 0;
    for field in [
        "Asha Rao",
        "asha@example.edu",
        "98765",
        "NIT Trichy",
        "8.9",
        "Software lead",
        "telemetry server",
        "Mess Menu",
        "Python",
    ] {
        let at = text[from..].find(field);
        assert!(
            at.is_some(),
            "an applicant tracking system reads `{field}` after what stands above it: {text}"
        );
        from += at.unwrap_or(0);
    }
}

#[test]
fn pdf_text_comes_out_in_order() {
    let cli = Cli::new();
    let bytes = export(&cli, "pdf", PROFILE);
    assert!(bytes.starts_with(b"%PDF-"));
    in_order(&pdf_extract::extract_text_from_mem(&bytes).expect("an independent reader gets the text"));
    assert_eq!(bytes, export(&cli, "pdf", PROFILE), "the same profile gives the same bytes");
}

#[test]
fn text_markdown_and_json_hold_the_same() {
    let cli = Cli::new();
    for format in ["txt", "md"] {
        in_order(&String::from_utf8_lossy(&export(&cli, format, PROFILE)).replace('\\', ""));
    }
    let json: serde_json::Value =
        serde_json::from_slice(&export(&cli, "json", PROFILE)).expect("JSON Resume is JSON");
    let given: serde_json::Value = serde_json::from_str(PROFILE).expect("the profile is JSON");
    assert_eq!(json["basics"]["email"], given["basics"]["email"]);
    assert_eq!(json["education"], given["education"], "what went in comes out");
}

#[test]
fn docx_is_a_document_with_headings() {
    let bytes = export(&Cli::new(), "docx", PROFILE);
    assert!(bytes.starts_with(b"PK"), "a .docx is a zip archive");
}

#[test]
fn bullets_of_a_repository_are_in_the_document() {
    let cli = Cli::new();
    let code: String =
        (0..30).map(|i| format!("def price_{i}(order):\n    return order[{i}]\n\n\n")).collect();
    let repo = TestRepo::with(&[("Prices", &[("shop/prices.py", &code)])]);
    let from = cli.data.path().join("profile.json");
    std::fs::write(&from, r#"{"basics": {"name": "Asha Rao"}}"#).expect("the profile is written");
    let to = cli.data.path().join("out.md");
    let args = [
        "resume",
        "--profile",
        &from.to_string_lossy(),
        "--repo",
        &repo.path().to_string_lossy(),
        "--plain",
        "--format",
        "md",
        "--out",
        &to.to_string_lossy(),
    ];
    let ran = cli.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(to).expect("the file is written");
    assert!(text.contains("60 lines"), "30 functions of two lines that are hers: {text}");
    assert!(text.contains("Python"), "{text}");
}

#[test]
fn a_malformed_profile_is_told_by_its_place() {
    let cli = Cli::new();
    let from = cli.data.path().join("profile.json");
    let to = cli.data.path().join("out.pdf");
    std::fs::write(&to, b"an older export").expect("a file is written");
    for (profile, words) in [
        (r#"{"basics": {"name": "A", "email": 7}}"#, "basics.email"),
        (r#"{"basics": "#, "line 1"),
        ("{}", "name"),
    ] {
        std::fs::write(&from, profile).expect("the profile is written");
        let ran = cli.run(&[
            "resume",
            "--profile",
            &from.to_string_lossy(),
            "--format",
            "pdf",
            "--out",
            &to.to_string_lossy(),
        ]);
        assert_eq!(ran.code, 1, "{profile}");
        assert!(ran.err.contains(words), "`{words}` shows where to look: {}", ran.err);
    }
    assert_eq!(
        std::fs::read(&to).expect("still there"),
        b"an older export",
        "a failed export leaves the old file"
    );
}
