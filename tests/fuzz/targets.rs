//! What strangers' bytes must not do, as functions: a fuzzer runs them for hours (`tests/fuzz`), and the tests run them
//! over the corpus and some thousand changes of it (`tests/it/fuzz.rs`). Each fails by panicking.

use std::io::Cursor;

use chrono::NaiveDate;
use internflow_crawler::robots::Robots;
use internflow_crawler::{Answer, Board, Crawl};
use internflow_domain::Fact;
use internflow_protocol::{FrameDecoder, Request, Response, read_frame};
use serde_json::Value;

// Files of rooms whose other halves would take a fuzzer half an hour to compile: a database, a typesetter.
#[allow(dead_code)]
#[path = "../../src-tauri/crates/core/src/gate.rs"]
mod gate;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/core/src/outside/heard.rs"]
mod heard;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/resume/src/json.rs"]
mod json;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/resume/src/locate.rs"]
mod locate;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/resume/src/shape.rs"]
mod shape;

/// Parts of one input, which are kept apart by a line with nothing but this.
const BORDER: &str = "\n=====\n";

/// robots.txt: read, and asked about a path that the host wrote itself.
pub fn robots(data: &[u8]) {
    let robots = Robots::of_answer(Some(200), data);
    let path = String::from_utf8_lossy(&data[data.len().saturating_sub(200)..]).into_owned();
    for agent in ["InternFlow", "", "*"] {
        robots.allows(agent, &path);
        robots.allows(agent, "/jobs/7?page=2");
        let delay = robots.delay(agent).unwrap_or_default();
        assert!(delay.as_secs() <= 300, "a host can't park the crawler for {delay:?}");
    }
}

/// HTML to text: what comes out is no longer than what was read and holds lines of printable text.
pub fn html(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    let seen = internflow_crawler::visible(&raw);
    assert!(seen.text.len() <= 2 * raw.len() + 16, "text grew from {} to {}", raw.len(), seen.text.len());
    assert!(seen.text.lines().all(|line| !line.trim().is_empty()), "empty lines: {:?}", seen.text);
}

/// An advert: each value stands in a sentence that a reader sees.
pub fn advert(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
    let advert = internflow_crawler::read(&raw, today);
    let text = internflow_crawler::visible(&raw).text;
    let fields = serde_json::to_value(&advert).unwrap_or_default();
    quoted(&fields, &|from| assert!(text.contains(from), "nobody reads {from:?} in {text:?}"));
}

/// Calls `see` with each `from` in a value.
fn quoted(value: &Value, see: &dyn Fn(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(from)) = fields.get("from") {
                see(from);
            }
            fields.values().for_each(|value| quoted(value, see));
        }
        Value::Array(items) => items.iter().for_each(|value| quoted(value, see)),
        _ => {}
    }
}

/// An answer of a job board. The first byte chooses the board.
pub fn board(data: &[u8]) {
    const ADDRESSES: [&str; 15] = [
        "https://boards.greenhouse.io/firm",
        "https://jobs.lever.co/firm",
        "https://jobs.ashbyhq.com/firm",
        "https://careers.smartrecruiters.com/Firm",
        "https://apply.workable.com/firm",
        "https://firm.recruitee.com/",
        "https://firm.wd3.myworkdayjobs.com/wday/cxs/firm/Careers",
        "https://firm.keka.com/careers",
        "https://firm.jobs.personio.de/",
        "https://firm.fa.em2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX",
        "https://firm.eightfold.ai/careers?domain=firm.example",
        "https://news.ycombinator.com/item?id=1",
        "https://firm.example/jobs.rss",
        "https://raw.githubusercontent.com/o/l/dev/README.md",
        "https://firm.example/jobs",
    ];
    let Some((chooser, body)) = data.split_first() else { return };
    let answer = Answer { status: 200, body };
    if let Some(board) = Board::recognise(ADDRESSES[usize::from(*chooser) % ADDRESSES.len()]) {
        let (mut crawl, first) = Crawl::new(board.clone());
        for mut posting in crawl.take(&first, &answer).postings {
            board.fill(&mut posting, &answer);
            posting.advert();
        }
    }
    internflow_crawler::saved(body, None);
    Board::linked(&String::from_utf8_lossy(body));
}

/// A patch, perhaps of the model: put into a text, whatever it says; and what we write ourselves fits.
pub fn patch(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split(BORDER);
    let (now, before) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let patch = parts.next().unwrap_or_default();
    let _ = internflow_code::patched(now, before, patch);
    let own = internflow_code::unified_diff("a.py", before, now);
    if let Ok(made) = internflow_code::patched(before, before, &own) {
        // The ends of lines are those of the text that is patched.
        let plain = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect()
        };
        assert_eq!(plain(&made.text), plain(now), "a patch of our own makes something else");
    }
}

/// Frames: cut anywhere, they say the same as read at once, and a length is not believed blindly.
pub fn frames(data: &[u8]) {
    let mut at_once = Vec::new();
    let mut reader = Cursor::new(data);
    while let Ok(Some(message)) = read_frame::<Response>(&mut reader) {
        at_once.push(message);
    }
    let (mut decoder, mut in_pieces) = (FrameDecoder::default(), Vec::new());
    'all: for piece in data.chunks(3) {
        decoder.push(piece);
        loop {
            match decoder.next_message::<Response>() {
                Ok(Some(message)) => in_pieces.push(message),
                Ok(None) => break,
                Err(_) => break 'all,
            }
        }
    }
    assert_eq!(at_once, in_pieces, "where a pipe cuts its bytes must not matter");
    let _ = read_frame::<Request>(&mut Cursor::new(data));
}

/// A bullet of the model, before it may stand in a résumé: each number of it is in the facts.
pub fn bullet(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split(BORDER);
    let bullet = parts.next().unwrap_or_default();
    let facts: Vec<Fact> =
        parts.map(|text| Fact { text: text.to_owned(), method: "a count".to_owned() }).collect();
    if gate::refuse(bullet, &facts).is_some() {
        return;
    }
    let known: String = facts.iter().flat_map(|fact| fact.text.chars()).filter(|c| *c != ',').collect();
    for number in bullet.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()) {
        assert!(known.contains(number), "{number} is in no fact, but passes: {bullet:?}");
    }
}

/// What a server says in place of the model: cut anywhere, it is the same.
pub fn answer(data: &[u8]) {
    let heard = |size: usize| {
        let mut heard = heard::Heard::default();
        for piece in data.chunks(size) {
            heard.push(piece)?;
        }
        heard.end().map(|heard| (heard.text, heard.finish))
    };
    assert_eq!(heard(data.len().max(1)), heard(1), "where the network cuts must not matter");
}

/// A JSON Resume: what is read is written so that it is read again.
pub fn profile(data: &[u8]) {
    let Ok(profile) = json::parse_profile(&String::from_utf8_lossy(data)) else { return };
    let written = json::json(&profile).unwrap_or_default();
    let again = json::parse_profile(&String::from_utf8_lossy(&written));
    let again = again.unwrap_or_else(|error| panic!("what we wrote is refused: {error}"));
    assert_eq!(json::json(&again).unwrap_or_default(), written, "a profile changes by being saved");
}

/// A résumé file, PDF or DOCX.
pub fn resume_file(data: &[u8]) {
    let back = internflow_ats::read_back(data);
    assert!(back.readings.len() <= 2, "two readers and no more");
}
