//! `resume-import`: a profile from a file, proposed field by field.

use std::path::{Path, PathBuf};
use std::process::Command;

use internflow_tests::{Cli, here};
use serde_json::{Value, json};

fn given(cli: &Cli, name: &str, bytes: &[u8]) -> PathBuf {
    let path = cli.data.path().join(name);
    std::fs::write(&path, bytes).expect("a file is written");
    path
}

fn proposal(cli: &Cli, file: &Path) -> Value {
    let ran = cli.run(&["resume-import", &file.to_string_lossy(), "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

fn change<'v>(proposal: &'v Value, place: &str) -> Option<&'v Value> {
    proposal["changes"].as_array().into_iter().flatten().find(|change| change["place"] == place)
}

/// The one line that says why a file is not read.
fn refused(cli: &Cli, file: &Path) -> String {
    let ran = cli.run(&["resume-import", &file.to_string_lossy()]);
    assert_eq!(ran.code, 1, "{} is read: {}", file.display(), ran.out);
    assert_eq!(ran.err.trim().lines().count(), 1, "one clear message: {}", ran.err);
    ran.err
}

/// An archive with these files, stored without compression, as the format allows it.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = out.len() as u32;
        let size = (bytes.len() as u32).to_le_bytes();
        // Version, flags, method, time, date; checksum; both sizes; lengths of name and extra field.
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        about.extend(crc(bytes).to_le_bytes());
        about.extend(size);
        about.extend(size);
        about.extend((name.len() as u16).to_le_bytes());
        about.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, size) = (out.len() as u32, directory.len() as u32);
    let count = (files.len() as u16).to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

const LINKEDIN: [(&str, &str); 9] = [
    (
        "Basic_Export/Profile.csv",
        "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location,Twitter Handles,Websites,Instant Messengers\n\
         Asha,Rao,,,,Student of computer science,\"Builds things, and tests them\",,,\"Trichy, Tamil Nadu, India\",,[PORTFOLIO:https://asha.example],\n",
    ),
    (
        "Basic_Export/Email Addresses.csv",
        "Email Address,Confirmed,Primary,Updated On\nold@example.edu,Yes,No,\nasha@example.edu,Yes,Yes,\n",
    ),
    ("Basic_Export/PhoneNumbers.csv", "Extension,Number,Type\n,+91 98765 43210,Mobile\n"),
    (
        "Basic_Export/Education.csv",
        "School Name,Start Date,End Date,Notes,Degree Name,Activities\nNIT Trichy,2023,2027,CGPA 8.9,\"B.Tech, Computer Science\",\n",
    ),
    (
        "Basic_Export/Positions.csv",
        "Company Name,Title,Description,Location,Started On,Finished On\n\
         Contoso,Trainee,\"- Wrote the importer\n- Tested the importer\",Pune,May 2025,Jul 2025\n",
    ),
    ("Basic_Export/Skills.csv", "Name\nPython\nGo\npython\n"),
    (
        "Basic_Export/Projects.csv",
        "Title,Description,Url,Started On,Finished On\nMess Menu,What is for dinner,https://mess.example,Jan 2025,\n",
    ),
    (
        "Basic_Export/Certifications.csv",
        "Name,Url,Authority,Started On,Finished On,License Number\nNetworks,https://c.example,NPTEL,Apr 2025,,\n",
    ),
    ("Basic_Export/Honors.csv", "Title,Description,Issued On\nSecond prize,Smart Mess Hackathon,Mar 2025\n"),
];

#[test]
fn linkedins_archive_is_proposed_and_taken() {
    let cli = Cli::new();
    let files: Vec<(&str, &[u8])> = LINKEDIN.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let file = given(&cli, "export.zip", &archive(&files));
    let found = proposal(&cli, &file);
    assert_eq!(found["source"], "linkedin");
    let value = |place: &str| change(&found, place).map_or(Value::Null, |change| change["value"].clone());
    assert_eq!(value("/basics/name"), "Asha Rao", "{found:#}");
    assert_eq!(value("/basics/email"), "asha@example.edu", "the primary one: {found:#}");
    assert_eq!(value("/basics/location/city"), "Trichy");
    assert_eq!(value("/education/-")["score"], "CGPA 8.9", "{found:#}");
    assert_eq!(value("/education/-")["area"], "Computer Science");
    let job = value("/work/-");
    assert_eq!((&job["startDate"], &job["endDate"]), (&json!("2025-05"), &json!("2025-07")), "{found:#}");
    assert_eq!(job["highlights"], json!(["Wrote the importer", "Tested the importer"]));
    assert_eq!(value("/skills/-")["keywords"], json!(["Python", "Go"]), "each skill once");
    assert_eq!(value("/certificates/-")["issuer"], "NPTEL");
    assert_eq!(value("/awards/-")["date"], "2025-03");

    let taken = cli.run(&["resume-import", &file.to_string_lossy(), "--take"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let again = proposal(&cli, &file);
    assert_eq!(again["changes"], json!([]), "what was taken is in the profile");
}

#[test]
fn looking_writes_nothing() {
    let cli = Cli::new();
    let file = given(&cli, "a.json", br#"{"basics": {"name": "Asha", "email": "asha@example.edu"}}"#);
    let profile = given(&cli, "mine.json", br#"{"basics": {"name": "Asha R."}}"#);
    let args = ["resume-import", &file.to_string_lossy(), "--profile", &profile.to_string_lossy()];
    let ran = cli.run(&args);
    assert!(ran.out.contains("- Asha R.") && ran.out.contains("+ Asha\n"), "old beside new: {}", ran.out);
    let now = std::fs::read_to_string(&profile).expect("it is there");
    assert_eq!(now, r#"{"basics": {"name": "Asha R."}}"#, "nothing is written before it is taken");
    assert_eq!(cli.run(&[&args[..], &["--take"]].concat()).code, 0);
    let now: Value =
        serde_json::from_str(&std::fs::read_to_string(&profile).expect("it is there")).expect("JSON");
    assert_eq!(now["basics"]["email"], "asha@example.edu");
}

#[test]
fn an_old_resume_gives_back_what_is_in_it() {
    let cli = Cli::new();
    let profile = here().join("fixtures/profiles/fresher.json");
    let wanted: Value =
        serde_json::from_str(&std::fs::read_to_string(&profile).expect("a fixture")).expect("JSON");
    for format in ["pdf", "docx"] {
        let file = cli.data.path().join(format!("old.{format}"));
        let args = [
            "resume",
            "--profile",
            &profile.to_string_lossy(),
            "--format",
            format,
            "--out",
            &file.to_string_lossy(),
        ];
        assert_eq!(cli.run(&args).code, 0);
        let found = proposal(&cli, &file);
        for at in ["name", "email", "phone"] {
            let read =
                change(&found, &format!("/basics/{at}")).map_or(&Value::Null, |change| &change["value"]);
            assert_eq!(*read, wanted["basics"][at], "{at} of the {format}: {found:#}");
        }
        let schools =
            found["changes"].as_array().into_iter().flatten().filter(|one| one["place"] == "/education/-");
        let names: Vec<&Value> = schools.map(|one| &one["value"]["institution"]).collect();
        let all: Vec<&Value> =
            wanted["education"].as_array().into_iter().flatten().map(|one| &one["institution"]).collect();
        assert_eq!(names, all, "schools of the {format}: {found:#}");
    }
}

#[test]
fn what_is_malformed_is_told_by_its_place() {
    let cli = Cli::new();
    for (text, words) in [
        (
            r#"{"education": [{}, {"startDate": 2023}]}"#,
            "education[1].startDate must be text, found a number (line 1)",
        ),
        (r#"{"basics": "#, "line 1"),
        (r#"{"work": {"name": "Contoso"}}"#, "work must be a list"),
    ] {
        let said = refused(&cli, &given(&cli, "a.json", text.as_bytes()));
        assert!(said.contains(words), "{text}: {said}");
    }
    let file = given(&cli, "b.json", br#"{"education": [{"institution": "NIT", "startDate": "Aug 23"}]}"#);
    let notes = proposal(&cli, &file)["notes"].to_string();
    assert!(
        notes.contains("education[0].startDate is “Aug 23”"),
        "a date that is none comes with a word: {notes}"
    );
}

#[test]
fn files_that_hold_no_profile_say_why() {
    let cli = Cli::new();
    let bomb = vec![b'a'; 17 << 20];
    let secret =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R /Encrypt 5 0 R >>\n%%EOF";
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("empty.pdf", Vec::new(), "empty"),
        ("notes.txt", b"Dear Sir or Madam".to_vec(), "no file that a profile can be read from"),
        ("photos.zip", archive(&[("a.jpg", b"x")]), "none of LinkedIn's tables"),
        ("bomb.zip", archive(&[("Profile.csv", &bomb)]), "far more"),
        ("bomb.docx", archive(&[("word/document.xml", &bomb)]), "unpacks to far more"),
        ("cut.zip", archive(&[("Profile.csv", b"First Name\nAsha\n")])[..40].to_vec(), "damaged"),
        ("latin.json", b"{\"basics\": {\"name\": \"Jos\xE9\"}}".to_vec(), "UTF-8"),
        ("secret.pdf", secret.to_vec(), "protected"),
        ("large.pdf", vec![b' '; 50 << 20], "larger than 20 MB"),
    ];
    for (name, bytes, words) in cases {
        let said = refused(&cli, &given(&cli, name, &bytes));
        assert!(said.contains(words), "{name}: {said}");
    }
    assert!(refused(&cli, cli.data.path()).contains("is no file"));
    assert!(refused(&cli, Path::new("/nowhere/at/all.pdf")).contains("can't be read"));
}

#[test]
fn a_book_and_a_scan_are_no_resumes() {
    let cli = Cli::new();
    let page = |i: usize| {
        format!("{} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n", i + 3)
    };
    for (pages, words) in [(1, "no text in it"), (500, "500 pages")] {
        let kids: String = (0..pages).map(|i| format!("{} 0 R ", i + 3)).collect();
        let objects: String = (0..pages).map(page).collect();
        let body = format!(
            "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count {pages} /Kids [{kids}] >>\nendobj\n{objects}"
        );
        let said = refused(&cli, &given(&cli, "a.pdf", with_table(&body).as_bytes()));
        assert!(said.contains(words), "{pages} pages: {said}");
    }
}

/// The text of a PDF with the table that says where its objects begin.
fn with_table(body: &str) -> String {
    let mut at: Vec<usize> =
        body.match_indices(" 0 obj\n").map(|(end, _)| body[..end].rfind('\n').unwrap_or(0) + 1).collect();
    at.sort_unstable();
    let rows: String = at.iter().map(|at| format!("{at:010} 00000 n \n")).collect();
    let count = at.len() + 1;
    let table = body.len();
    format!(
        "{body}xref\n0 {count}\n0000000000 65535 f \n{rows}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    )
}

#[test]
fn a_pipe_is_not_waited_for() {
    let cli = Cli::new();
    let pipe = cli.data.path().join("pipe.pdf");
    if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert!(
            refused(&cli, &pipe).contains("is no file"),
            "nobody writes into it, so that reading never ends"
        );
    }
}
