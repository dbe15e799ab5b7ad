//! Named styles of a Word document: what a paragraph looks like without saying so itself.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Half points, where a document states no size.
const USUAL_SIZE: f32 = 22.0;

/// A paragraph style.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Style {
    /// Level of the heading, 0 for the title.
    pub heading: Option<u8>,
    /// Half points.
    pub size: Option<f32>,
    pub bold: bool,
    pub list: bool,
    /// Room above.
    pub gap: bool,
    based_on: String,
}

/// All styles by their id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    usual_size: f32,
}

impl Styles {
    /// A style with what it takes from the styles that it is based on.
    pub(super) fn get(&self, id: &str) -> Style {
        const DEPTH: usize = 8;
        let mut style = self.by_id.get(id).cloned().unwrap_or_default();
        let mut below = style.based_on.clone();
        for _ in 0..DEPTH {
            let Some(base) = self.by_id.get(&below) else { break };
            style.heading = style.heading.or(base.heading);
            style.size = style.size.or(base.size);
            style.bold |= base.bold;
            style.list |= base.list;
            below.clone_from(&base.based_on);
        }
        style.size = style.size.or(Some(self.usual_size));
        style
    }
}

/// Points of room above from which a paragraph stands apart, in twentieths.
const ROOM: f32 = 100.0;

pub(super) fn read(xml: &[u8]) -> Styles {
    let mut styles = Styles { by_id: HashMap::new(), usual_size: USUAL_SIZE };
    let xml = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&xml);
    let mut open: Option<(String, Style)> = None;
    let mut defaults = false;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match (tag.local_name().as_ref(), &mut open) {
                ("style", _) => {
                    open = attribute(&tag, "styleId").map(|id| (id, Style::default()));
                }
                ("docDefaults", _) => defaults = true,
                ("sz", None) if defaults => styles.usual_size = number(&tag).unwrap_or(USUAL_SIZE),
                (name, Some((_, style))) => change(style, name, &tag),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "style" => styles.by_id.extend(open.take()),
                "docDefaults" => defaults = false,
                _ => {}
            },
            _ => {}
        }
    }
    styles
}

fn change(style: &mut Style, name: &str, tag: &BytesStart<'_>) {
    match name {
        "name" => style.heading = heading(&value(tag).unwrap_or_default()),
        "basedOn" => style.based_on = value(tag).unwrap_or_default(),
        "sz" => style.size = number(tag),
        "b" => style.bold = is_on(tag),
        "numPr" => style.list = true,
        "spacing" => style.gap = room(tag),
        _ => {}
    }
}

/// Word keeps these names in every language.
fn heading(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    match name.strip_prefix("heading ") {
        Some(level) => level.trim().parse().ok(),
        None => (name == "title").then_some(0),
    }
}

/// An attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes().flatten();
    let found = all.find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

pub(super) fn value(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "val")
}

pub(super) fn number(tag: &BytesStart<'_>) -> Option<f32> {
    value(tag)?.parse().ok()
}

/// A switch is on unless it says otherwise.
pub(super) fn is_on(tag: &BytesStart<'_>) -> bool {
    !matches!(value(tag).as_deref(), Some("0" | "false" | "off"))
}

/// Whether a paragraph has room above.
pub(super) fn room(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "before").and_then(|b| b.parse::<f32>().ok()).is_some_and(|before| before >= ROOM)
}
