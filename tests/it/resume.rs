//! `resume`: a profile as a document whose text comes out again in order.

use internflow_tests::{Cli, Served, TestRepo, here};
use serde_json::{Value, json};

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

fn with_profile(cli: &Cli, profile: &str) -> Served {
    let served = Served::start(cli);
    let profile: Value = serde_json::from_str(profile).expect("the profile is JSON");
    served.call("resume_profile_set", json!({ "profile": profile })).expect("it is saved");
    served
}

/// Fields that do not come back, of all readings.
fn lost(back: &Value) -> Vec<&Value> {
    let readings = back["readings"].as_array().expect("readings");
    assert_eq!(readings.len(), 2, "two programs read it: {back}");
    let fields = readings.iter().flat_map(|reading| reading["fields"].as_array().expect("fields"));
    fields.filter(|field| field["ok"] != true).collect()
}

#[test]
fn the_page_shows_what_a_tracking_system_reads() {
    let cli = Cli::new();
    let served = with_profile(&cli, PROFILE);
    let now = served.call("resume_read_back", json!({})).expect("it is read");
    let names: Vec<&Value> = now.as_array().expect("formats").iter().map(|back| &back["name"]).collect();
    assert_eq!(names, ["PDF", "DOCX"], "every format for which there is a reader");
    for back in now.as_array().expect("formats") {
        assert_eq!(lost(back), Vec::<&Value>::new(), "what she wrote comes back");
        let name = &back["readings"][0]["fields"][0];
        assert_eq!((&name["meant"], &name["read"]), (&json!("Asha Rao"), &json!("Asha Rao")));
    }

    let file = served.call("resume_export", json!({ "format": "pdf", "path": null })).expect("it is written");
    assert!(
        file["path"].to_string().contains("Asha-Rao-BTech-Computer-Science.pdf"),
        "a recruiter sees whose it is and for what: {file}"
    );
    let read = |path: &Value, exported: bool| {
        served.call("resume_read_file", json!({ "path": path, "exported": exported }))
    };
    let back = read(&file["path"], true).expect("it is read");
    assert_eq!(
        (&back["compared"], lost(&back)),
        (&json!(true), Vec::new()),
        "the file itself, from the disk"
    );
    let stranger = read(&file["path"], false).expect("it is read");
    assert_eq!(stranger["compared"], false, "of any other file nobody knows what was meant");
    assert_eq!(stranger["readings"][0]["fields"][0]["read"], "Asha Rao");

    let letter = cli.data.path().join("letter.pdf");
    std::fs::write(&letter, "a letter in plain text").expect("the file is written");
    let back = read(&json!(letter), false).expect("that it can't be read is an answer");
    assert_eq!(back["kind"], "unknown");
    assert!(back["problems"][0]["mend"].to_string().contains("Export it as PDF or DOCX"), "{back}");
    for (path, words) in
        [(cli.data.path().to_owned(), "is not a file"), ("nowhere.pdf".into(), "can't be read")]
    {
        let error = read(&json!(path), false).expect_err("there is nothing to read");
        assert!(error["message"].to_string().contains(words), "{error}");
    }
}

#[test]
fn one_page_is_reached_by_what_the_user_leaves_out_and_puts_back() {
    let cli = Cli::new();
    let text = std::fs::read_to_string(here().join("fixtures/profiles/three-pages.json")).expect("a profile");
    let served = with_profile(&cli, &text);
    let fit = || served.call("resume_fit", json!({})).expect("it is set");
    let before = served.call("resume_profile", json!({})).expect("the profile");
    let first = fit();
    let wanted = first["proposal"].as_array().expect("a proposal").len();
    assert!(first["pages"].as_u64() > Some(1) && wanted > 0, "three pages need more than spacing: {first}");
    let stale = {
        let mut omission = first["proposal"][0].clone();
        omission["text"] = json!("words that stand nowhere");
        omission["title"] = json!("an entry that is not there");
        omission
    };
    let refused = served.call("resume_leave_out", stale).expect_err("an old page must not drop another line");
    assert_eq!(refused["code"], "bad_request");

    let mut left = 0;
    loop {
        let next = fit();
        let Some(omission) = next["proposal"].get(0) else { break };
        served.call("resume_leave_out", omission.clone()).expect("it is left out");
        left += 1;
        assert!(left <= wanted * 2, "each one brings it nearer to a page");
    }
    assert_eq!(fit()["pages"], 1, "what was proposed is enough");
    let known = served.call("resume_left_out", json!({})).expect("a list");
    assert_eq!(known.as_array().map(Vec::len), Some(left), "and the user sees all of it: {known}");
    assert_eq!(
        served.call("resume_profile", json!({})).expect("the profile"),
        before,
        "the profile keeps it"
    );
    for one in known.as_array().expect("a list") {
        served.call("resume_put_back", json!({ "id": one["id"] })).expect("it is back");
    }
    assert_eq!(fit()["pages"], first["pages"], "and all comes back");
}
