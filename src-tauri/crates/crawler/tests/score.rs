//! The reader against its labelled adverts: what it says must be right, and must stand in the advert.

mod common;

use std::path::Path;

const LEAST: f64 = 0.95;
const LEAST_FLAGS: f64 = 0.9;
/// Fewer stated values than this say little about a precision.
const ENOUGH: usize = 15;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/adverts/tune")
}

#[test]
fn what_is_read_is_right() {
    let score = common::score(&folder()).expect("the labelled adverts");
    eprintln!("{}", common::table(&score));
    for (field, count) in &score.fields {
        let least = if field == "flags" { LEAST_FLAGS } else { LEAST };
        if count.right + count.wrong >= ENOUGH {
            assert!(
                count.precision() >= least,
                "{field} is right in {:.3} only: {:#?}",
                count.precision(),
                score.misses
            );
        }
    }
    assert!(score.adverts >= 130, "only {} adverts were read", score.adverts);
}

#[test]
fn each_value_has_its_sentence_in_the_visible_text() {
    for (name, _, text) in common::adverts(&folder()).expect("the labelled adverts") {
        let seen = internflow_crawler::visible(&text).text;
        let advert = internflow_crawler::read(&text, common::today());
        let read = toml::Table::try_from(&advert).expect("an advert as a table");
        let mut stack: Vec<toml::Value> = read.into_iter().map(|(_, v)| v).collect();
        let mut sentences = 0;
        while let Some(value) = stack.pop() {
            match value {
                toml::Value::Array(all) => stack.extend(all),
                toml::Value::Table(fields) => {
                    if let Some(from) = fields.get("from").and_then(|f| f.as_str()) {
                        sentences += 1;
                        assert!(!from.is_empty() && seen.contains(from), "{name}: not in the advert: {from}");
                    }
                    stack.extend(fields.into_iter().map(|(_, v)| v));
                }
                _ => {}
            }
        }
        assert!(sentences >= 1, "{name}: nothing was read");
    }
}
