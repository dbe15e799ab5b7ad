//! What an advert says, from the terminal.

use internflow_tests::Cli;
use serde_json::Value;

const ADVERT: &str = "Backend Intern (Python)\nKestrel Labs Pvt. Ltd., Pune\n\n\
    Stipend: ₹15,000 per month\nDuration: 6 months\nSkills required: Python, Django, PostgreSQL\n\
    Open to 2027 batch, B.E./B.Tech, CGPA 7.0 and above.\n\
    A registration fee of Rs. 999 is to be paid by the candidate before the interview.\n";

fn advert(cli: &Cli, text: &str, format: &str) -> String {
    let file = cli.data.path().join("advert.txt");
    std::fs::write(&file, text).expect("the advert is saved");
    let ran = cli.run(&["jobs", "read", &file.to_string_lossy(), "--format", format]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn an_advert_is_read_with_the_sentence_for_each_value() {
    let cli = Cli::new();
    let read: Value = serde_json::from_str(&advert(&cli, ADVERT, "json")).expect("JSON and nothing else");
    assert_eq!(read["stipend"]["value"]["min"], 15_000.0, "{read}");
    assert_eq!(read["stipend"]["from"], "Stipend: ₹15,000 per month");
    assert_eq!(read["cgpa_min"]["value"], 7.0, "{read}");
    assert_eq!(read["salary_lpa"], Value::Null, "what is not stated is not zero");
    let text = advert(&cli, ADVERT, "text");
    for words in [
        "₹15000 a month",
        "“Stipend: ₹15,000 per month”",
        "Python, Django, PostgreSQL",
        "Look twice:",
        "Not stated",
    ] {
        assert!(text.contains(words), "`{words}` is not in\n{text}");
    }
}

#[test]
fn an_advert_that_says_nothing_is_not_filled_in() {
    let cli = Cli::new();
    for text in ["", "Hello.", "\u{0}\u{1}", &"<div>".repeat(200_000)] {
        let read: Value = serde_json::from_str(&advert(&cli, text, "json")).expect("JSON and nothing else");
        assert_eq!((&read["stipend"], &read["deadline"]), (&Value::Null, &Value::Null), "{read}");
        assert_eq!(read["skills_required"], Value::Array(Vec::new()), "{read}");
    }
    let ran = cli.run(&["jobs", "read", "no-such-file.html"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no-such-file.html can't be read. Name a text file"), "{}", ran.err);
}
