//! An opening as its source states it, before anything is read out of its text.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Mode;
use crate::board::{Board, Connector};
use crate::crawl::Request;

/// One posting of one board. What the source does not state is `None` or empty; nothing is invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub connector: Connector,
    /// [`Board::key`] of the board that lists it.
    pub board: String,
    /// The source's own name for it, which stays when its address or its title changes.
    pub id: String,
    /// The page for a human.
    pub address: Option<String>,
    pub title: String,
    pub company: Option<String>,
    /// As the source writes them.
    pub places: Vec<String>,
    /// HTML or text as given, its parts (requirements, lists) joined. [`crate::visible`] makes text of it.
    pub description: String,
    /// Dates as the source writes them, in its own time zone; those in seconds are read in UTC.
    pub published: Option<NaiveDate>,
    pub updated: Option<NaiveDate>,
    /// The last day to apply.
    pub closes: Option<NaiveDate>,
    /// In the source's words: "Intern", "FULL_TIME".
    pub employment: Option<String>,
    pub department: Option<String>,
    pub mode: Option<Mode>,
    /// Pay from a field of its own, in words.
    pub pay: Option<String>,
    /// What to ask for this posting alone, where its source answers that: for its description, and whether it is
    /// still there. See [`Board::fill`].
    pub detail: Option<Request>,
    /// The description was read. Where it was not, `detail` is to be asked.
    pub described: bool,
}

impl Posting {
    pub(crate) fn new(board: &Board, id: String, title: String) -> Self {
        Self {
            connector: board.connector(),
            board: board.key(),
            id,
            address: None,
            title,
            company: None,
            places: Vec::new(),
            description: String::new(),
            published: None,
            updated: None,
            closes: None,
            employment: None,
            department: None,
            mode: None,
            pay: None,
            detail: None,
            described: true,
        }
    }

    /// An advert that somebody pastes, named by its words: pasted again, it is the same.
    pub fn pasted(board: &Board, title: String, description: String) -> Self {
        let id = hashed(&[&title, &crate::visible(&description).text]);
        Self { description, ..Self::new(board, id, title) }
    }

    /// The advert for [`crate::read`]: the fields as labelled lines, then the description.
    pub fn advert(&self) -> String {
        let mode = self.mode.map(|mode| match mode {
            Mode::Remote => "Remote",
            Mode::Hybrid => "Hybrid",
            Mode::Office => "On-site",
        });
        let day = |date: Option<NaiveDate>| date.map(|d| d.format("%-d %B %Y").to_string());
        let places = (!self.places.is_empty()).then(|| self.places.join("; "));
        let lines = [
            ("Role", Some(self.title.clone())),
            ("Company", self.company.clone()),
            ("Location", places),
            ("Job type", self.employment.clone()),
            ("Work mode", mode.map(str::to_owned)),
            ("Salary", self.pay.clone()),
            ("Posted on", day(self.published)),
            ("Apply by", day(self.closes)),
        ];
        let mut text = String::with_capacity(self.description.len() + 300);
        for (label, value) in lines {
            if let Some(value) = value {
                // A field is one line and no HTML, whatever its source put into it.
                let value =
                    value.replace(['<', '>', '\n', '\r'], " ").replace("&lt;", " ").replace("&gt;", " ");
                text.push_str(&format!("{label}: {value}\n"));
            }
        }
        text.push('\n');
        text.push_str(&self.description);
        text
    }

    /// Changes when what the board's list says of it changes. Where [`Posting::described`] is false, an
    /// equal hash means that what was read before still holds.
    pub fn listed_hash(&self) -> String {
        let dates = format!("{:?} {:?}", self.updated, self.closes);
        let mode = format!("{:?}", self.mode);
        let mut parts = vec![self.title.as_str(), &dates, &mode];
        parts.extend(self.company.as_deref());
        parts.extend(self.employment.as_deref());
        parts.extend(self.department.as_deref());
        parts.extend(self.places.iter().map(String::as_str));
        hashed(&parts)
    }

    /// Changes when title, places or what a reader sees of the text changes; `None` while the description is
    /// still to be asked for.
    pub fn content_hash(&self) -> Option<String> {
        let text = crate::visible(&self.description).text;
        let mut parts = vec![self.title.as_str(), &text];
        parts.extend(self.places.iter().map(String::as_str));
        parts.extend(self.pay.as_deref());
        self.described.then(|| hashed(&parts))
    }

    /// Leaves the description to be asked for.
    pub(crate) fn ask(&mut self, detail: Request) {
        self.detail = Some(detail);
        self.described = false;
    }

    /// Without an address that is none of the web: people click on it.
    pub(crate) fn with_web_address(mut self) -> Self {
        self.address.take_if(|address| !address.starts_with("https://") && !address.starts_with("http://"));
        self
    }

    /// Adds a place unless it is there.
    pub(crate) fn add_place(&mut self, place: String) {
        if !self.places.contains(&place) {
            self.places.push(place);
        }
    }
}

/// A name made of what identifies a thing where its source gives it none: 32 hexadecimal digits.
pub(crate) fn hashed(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(title: &str, description: &str) -> Posting {
        let board = Board::Lever { slug: "firm".to_owned() };
        let mut posting = Posting::new(&board, "1".to_owned(), title.to_owned());
        posting.description = description.to_owned();
        posting
    }

    #[test]
    fn a_field_can_not_pose_as_another_line() {
        let mut hostile = posting("Intern\nSalary: ₹90,000 per month", "<p>Work</p>");
        hostile.company = Some("&lt;div hidden&gt;<style>".to_owned());
        let text = crate::visible(&hostile.advert()).text;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0], "Role: Intern Salary: ₹90,000 per month",
            "what is read as pay must be stated as pay"
        );
        assert_eq!(lines.last(), Some(&"Work"), "no field hides what follows it");
    }

    #[test]
    fn hashes_change_with_what_they_are_of() {
        let first = posting("Intern", "<p>Write Go</p>");
        let remade = posting("Intern", "<div class=\"x\">Write Go</div>");
        assert_eq!(first.content_hash(), remade.content_hash(), "new markup is no new text");
        assert_ne!(first.content_hash(), posting("Intern", "<p>Write Rust</p>").content_hash());
        let mut moved = first.clone();
        moved.add_place("Pune".to_owned());
        assert_ne!(first.content_hash(), moved.content_hash());
        assert_ne!(
            first.listed_hash(),
            moved.listed_hash(),
            "the list says that the text is to be read again"
        );
        moved.described = false;
        assert_eq!(moved.content_hash(), None, "a text that was not read has not changed");
        assert_ne!(hashed(&["ab", "c"]), hashed(&["a", "bc"]));
    }
}
