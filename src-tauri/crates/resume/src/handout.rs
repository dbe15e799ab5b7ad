//! Handouts as PDF and Markdown.

use internflow_domain::{EngineError, Handout, HandoutPart};
use serde_json::json;

use crate::clean::clean;
use crate::markdown::{escape, paragraph};
use crate::typeset;
use crate::world::Shop;

/// Columns of code that fit the page.
const WIDE: usize = 96;

pub fn pdf(shop: &Shop, handout: &Handout) -> Result<Vec<u8>, EngineError> {
    let cut = |text: &str| -> String { text.lines().map(line).collect::<Vec<_>>().join("\n") };
    let parts = handout.parts.iter().map(|part| match part {
        HandoutPart::Heading(text) => HandoutPart::Heading(clean(text)),
        HandoutPart::Claim(text) => HandoutPart::Claim(clean(text)),
        HandoutPart::Text(text) => HandoutPart::Text(clean(text)),
        HandoutPart::List(all) => HandoutPart::List(all.iter().map(|text| clean(text)).collect()),
        HandoutPart::Code { place, text } => HandoutPart::Code { place: clean(place), text: cut(text) },
    });
    let cleaned =
        Handout { title: clean(&handout.title), lead: clean(&handout.lead), parts: parts.collect() };
    typeset::handout(shop, json!(cleaned))
}

/// A line of code as paper shows it: tabs as blanks, what does not fit cut off.
fn line(text: &str) -> String {
    let shown: String = text.replace('\t', "    ").chars().filter(|c| !c.is_control()).collect();
    match shown.char_indices().nth(WIDE) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown,
    }
}

pub fn markdown(handout: &Handout) -> String {
    let mut blocks = vec![format!("# {}", escape(&clean(&handout.title))), paragraph(&clean(&handout.lead))];
    for part in &handout.parts {
        blocks.push(match part {
            HandoutPart::Heading(text) => format!("## {}", escape(&clean(text))),
            HandoutPart::Claim(text) => format!("### {}", escape(&clean(text))),
            HandoutPart::Text(text) => paragraph(&clean(text)),
            HandoutPart::List(all) => {
                all.iter().map(|text| format!("- {}", paragraph(&clean(text)))).collect::<Vec<_>>().join("\n")
            }
            HandoutPart::Code { place, text } => {
                format!("{}:\n\n{}", paragraph(&clean(place)), fenced(text))
            }
        });
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// Code between fences that are longer than any in it.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Handout {
        Handout {
            title: "Interview notes #eval(\"1\")".into(),
            lead: "What stands behind each line.".into(),
            parts: vec![
                HandoutPart::Heading("mess-menu".into()),
                HandoutPart::Claim("Built the *menu* reader.".into()),
                HandoutPart::List(vec!["Why did you write it?".into(), "- How is it tested?".into()]),
                HandoutPart::Code { place: "menu.py:3-5".into(), text: "```\ndef f():\n\treturn 1".into() },
            ],
        }
    }

    #[test]
    fn markdown_shows_what_is_there_and_runs_nothing() {
        let text = markdown(&sample());
        for words in ["### Built the \\*menu\\* reader.", "- \\- How is it tested?", "````\n```\ndef f():"] {
            assert!(text.contains(words), "`{words}` must stand in it as typed:\n{text}");
        }
    }

    #[test]
    fn a_pdf_is_made_of_it_twice_alike() {
        let shop = Shop::open();
        let first = pdf(&shop, &sample()).expect("it is set");
        assert!(first.starts_with(b"%PDF-"));
        assert_eq!(first, pdf(&shop, &sample()).expect("again"), "the same notes give the same bytes");
    }
}
