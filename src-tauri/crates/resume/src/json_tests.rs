//! What JSON Resume files do to us, and what of them comes back.

use super::*;

fn message(text: &str) -> String {
    parse_profile(text).expect_err("the text must be refused").message
}

#[test]
fn errors_name_field_and_line() {
    let cases = [
        (
            "{\n\"basics\": {\n\"name\": \"A\",\n\"email\": 7}}",
            "basics.email must be text, found a number (line 4). Write it in quotes.",
        ),
        (
            "{\"education\": [{}, {\"score\": 8.9}]}",
            "education[1].score must be text, found a number (line 1). Write it in quotes.",
        ),
        (
            "{\"projects\": [{\"keywords\": \"Rust\"}]}",
            "projects[0].keywords must be a list of texts, found text (line 1). Put it in square brackets.",
        ),
        (
            "{\"projects\": [{\"keywords\": [\"Rust\",\n[]]}]}",
            "projects[0].keywords[1] must be text, found a list (line 2).",
        ),
        (
            "{\"work\": {}}",
            "work must be a list of objects, found an object (line 1). Put it in square brackets.",
        ),
        ("{\"skills\": [\"Rust\"]}", "skills[0] must be an object, found text (line 1)."),
        ("[1]", "The profile must be a JSON object in braces, found a list."),
    ];
    for (text, wanted) in cases {
        assert_eq!(message(text), wanted, "for {text}");
    }
}

#[test]
fn broken_json_says_where() {
    let error = parse_profile("{\n\"basics\": {\"name\": }}").expect_err("no JSON");
    assert_eq!(error.line, Some(2), "{error}");
    assert!(error.message.contains("not valid JSON") && error.message.contains("line 2"), "{error}");
    for text in ["", "  \n", "\u{FEFF}"] {
        assert!(message(text).contains("is empty"), "{text:?} must be called empty");
    }
    let deep = "[".repeat(100_000);
    assert!(message(&deep).contains("not valid JSON"), "deep nesting must not overflow the stack");
}

#[test]
fn null_counts_as_absent() {
    let text = r#"{"basics": {"name": "A", "email": null, "location": null}, "work": null, "projects": [null, {"name": "p", "highlights": [null, "h"]}]}"#;
    let profile = parse_profile(text).expect("null is allowed everywhere");
    assert_eq!((profile.basics.name.as_str(), profile.basics.email.as_str()), ("A", ""));
    assert_eq!(
        (profile.projects.len(), profile.projects[0].highlights.len()),
        (1, 1),
        "nulls in lists vanish"
    );
}

#[test]
fn nothing_is_lost_on_the_way() {
    let text = r#"{
      "basics": {"name": "A", "image": "", "x-theme": {"k": [1, null]}, "location": {"postalCode": "411001"}},
      "education": [{"institution": "I", "minor": null}],
      "$schema": "https://example.org/schema.json",
      "certificates": [{"name": "C"}], "meta": {"version": "v1"}
    }"#;
    let profile = parse_profile(text).expect("a full file");
    let written = String::from_utf8(json(&profile).expect("JSON")).expect("UTF-8");
    assert_eq!(
        parse_profile(&written).expect("our own file"),
        profile,
        "a file written and read must be the same"
    );
    assert!(written.starts_with("{\n  \"$schema\""), "the schema belongs at the top:\n{written}");
    for kept in [
        "\"x-theme\"",
        "\"image\": \"\"",
        "\"postalCode\"",
        "\"minor\": null",
        "\"meta\"",
        "\"certificates\"",
    ] {
        assert!(written.contains(kept), "{kept} must survive:\n{written}");
    }
    for empty in ["\"email\"", "\"phone\"", "\"startDate\"", "\"courses\"", "\"profiles\""] {
        assert!(!written.contains(empty), "{empty} was never filled in:\n{written}");
    }
}
