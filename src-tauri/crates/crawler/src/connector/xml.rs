//! XML documents as a small tree. Entities of a document's own are not expanded, and depth and size are bounded, so
//! a document costs no more than its length.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements inside elements; real feeds have six.
const DEEPEST: usize = 64;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// With its prefix: `content:encoded`.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn children<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, unless it is empty.
    pub fn words(&self, name: &str) -> Option<String> {
        self.child(name).map(|child| child.text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Its text and that of all within it, in order of depth: enough where markup stands in a text.
    pub fn all_text(&self) -> String {
        let mut text = self.text.clone();
        for child in &self.children {
            text.push(' ');
            text.push_str(&child.all_text());
        }
        text
    }
}

/// The root element.
///
/// # Errors
/// What is no XML, or breaks off.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    // The elements that are open; the first stands for the document.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|e| format!("its answer is no XML ({e})"))?;
        let depth = open.len();
        let Some(inner) = open.last_mut() else { return Err("its answer is no XML".to_owned()) };
        match event {
            Event::Start(_) if depth > DEEPEST => return Err("its elements lie too deep".to_owned()),
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => inner.children.push(element(&start)),
            Event::Text(text) => inner.text.push_str(&text.html_content()),
            Event::CData(text) => inner.text.push_str(&text.html_content()),
            Event::GeneralRef(name) => match (name.resolve_char_ref(), name.html_content().as_ref()) {
                (Ok(Some(character)), _) => inner.text.push(character),
                (_, "amp") => inner.text.push('&'),
                (_, "lt") => inner.text.push('<'),
                (_, "gt") => inner.text.push('>'),
                (_, "quot") => inner.text.push('"'),
                (_, "apos") => inner.text.push('\''),
                // HTML's own, which XML does not know; whoever reads the text does.
                (_, other) => inner.text.push_str(&format!("&{other};")),
            },
            Event::End(_) => {
                if let (Some(closed), Some(outer)) = (open.pop(), open.last_mut()) {
                    outer.children.push(closed);
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    match (open.len(), open.pop().and_then(|document| document.children.into_iter().next())) {
        (1, Some(root)) => Ok(root),
        (1, None) => Err("its answer is empty".to_owned()),
        _ => Err("its answer broke off".to_owned()),
    }
}

/// The name of the root element, without reading further.
pub(super) fn root_name(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => return Some(start.name().as_ref().to_owned()),
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut attributes = Vec::new();
    for attribute in start.html_attributes().with_checks(false).flatten() {
        if let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) {
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
    }
    Element { name: start.name().as_ref().to_owned(), attributes, ..Element::default() }
}
