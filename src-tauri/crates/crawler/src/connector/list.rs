//! Lists of openings that communities keep in Git repositories: tables in a Markdown file, and the JSON file that
//! several of them are made from (`.github/scripts/listings.json`).
//! <https://github.com/SimplifyJobs/Summer2026-Internships> is the best known.

use chrono::NaiveDate;
use serde_json::Value;
use url::Url;

use super::feed::bare;
use super::{Listed, Row, json, path, table, text};
use crate::Mode;
use crate::board::Board;
use crate::crawl::Skipped;
use crate::page::expression;
use crate::posting::{Posting, hashed};

pub(super) fn read(board: &Board, body: &[u8]) -> Result<Listed, String> {
    let text = text(body);
    if text.trim_start().starts_with(['[', '{']) {
        let answer = super::parsed(body)?;
        let list = answer.as_array().ok_or("its answer is no list")?;
        let open = list.iter().filter(|row| {
            json::flag(row, "active") != Some(false) && json::flag(row, "is_visible") != Some(false)
        });
        return Ok(Listed::rows(open.map(|row| of_json(board, row)).collect()));
    }
    let mut rows = Vec::new();
    for table in table::tables(&text) {
        let mut lines = table.into_iter();
        if let Some(columns) = lines.next().and_then(|head| Columns::of(&head)) {
            let mut company = None;
            rows.extend(lines.filter_map(|row| of_row(board, &columns, &row, &mut company)));
        }
    }
    if rows.is_empty() {
        return Err("it has no table with firm, role and link".to_owned());
    }
    Ok(Listed::rows(rows))
}

fn of_json(board: &Board, row: &Value) -> Row {
    let address = json::words(row, "url");
    let id = json::words(row, "id").or_else(|| address.as_deref().map(|address| hashed(&[&bare(address)])));
    let mut posting = json::named(board, id, json::words(row, "title"))?;
    posting.address = address;
    posting.company = json::words(row, "company_name");
    posting.places = json::each(row, "locations");
    posting.published = json::day(row, "date_posted");
    posting.updated = json::day(row, "date_updated");
    posting.department = json::words(row, "category");
    let said =
        [("Terms", "terms"), ("Season", "season"), ("Degrees", "degrees"), ("Sponsorship", "sponsorship")];
    let lines =
        said.iter().filter_map(|(label, field)| Some(format!("{label}: {}", json::words(row, field)?)));
    posting.description = lines.collect::<Vec<_>>().join("\n");
    remote(&mut posting);
    Ok(posting)
}

/// Which column holds what.
struct Columns {
    company: usize,
    role: usize,
    place: Option<usize>,
    link: Option<usize>,
    date: Option<usize>,
}

impl Columns {
    /// `None` for a table of something else.
    fn of(head: &[String]) -> Option<Self> {
        let names: Vec<String> = head.iter().map(|cell| crate::visible(cell).text.to_lowercase()).collect();
        let find =
            |words: &[&str]| names.iter().position(|name| words.iter().any(|word| name.contains(word)));
        Some(Self {
            company: find(&["company", "organi", "employer", "startup"])?,
            role: find(&["role", "position", "title", "job", "program"])?,
            place: find(&["location", "city", "place"]),
            link: find(&["apply", "application", "link"]),
            date: find(&["date", "posted", "added"]),
        })
    }
}

/// The posting of a row; `None` for a closed one, which the lists keep with a lock.
fn of_row(board: &Board, columns: &Columns, row: &[String], company: &mut Option<String>) -> Option<Row> {
    let cell = |at: usize| row.get(at).map(String::as_str).unwrap_or_default();
    if row.iter().any(|cell| cell.contains('🔒') || cell.to_lowercase().contains(":lock:")) {
        return None;
    }
    let firm = plain(cell(columns.company));
    // An arrow stands for the firm above.
    if !firm.is_empty() && firm != "↳" {
        *company = Some(firm);
    }
    let title = plain(cell(columns.role));
    let link = columns.link.and_then(|at| table::link(cell(at))).or_else(|| table::link(cell(columns.role)));
    let Some(address) = link else {
        let which = company.clone().unwrap_or_default();
        return Some(Err(Skipped {
            id: Some(hashed(&[&which, &title, cell(columns.place.unwrap_or(columns.role))])),
            why: format!("the row “{which}: {title}” has no link"),
        }));
    };
    let begun =
        json::named(board, Some(hashed(&[&bare(&address)])), Some(title).filter(|title| !title.is_empty()));
    Some(begun.map(|mut posting| {
        posting.address = Some(address);
        posting.company = company.clone();
        posting.places = columns.place.map(|at| places(cell(at))).unwrap_or_default();
        posting.published = columns.date.and_then(|at| day_in(cell(at)));
        remote(&mut posting);
        posting
    }))
}

fn plain(cell: &str) -> String {
    let named = expression!(r"!?\[([^\]]*)\]\([^)]*\)").replace_all(cell, "$1");
    let text = crate::visible(&named).text.replace('\n', " ");
    // The lists mark rows with flags and other pictures.
    let kept = text
        .chars()
        .filter(|c| !matches!(*c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{FE0F}'));
    kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One place a line, also where `<br>` or `</br>` stands between them.
fn places(cell: &str) -> Vec<String> {
    let broken =
        cell.replace("</br>", "\n").replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let lines = broken.split('\n').map(plain).filter(|place| !place.is_empty());
    // "3 locations" is the head of a list that is folded up.
    lines.filter(|place| !place.to_lowercase().ends_with("locations")).collect()
}

/// Days without a year, and ages ("3d"), are no dates.
fn day_in(cell: &str) -> Option<NaiveDate> {
    json::day_of(&plain(cell))
}

fn remote(posting: &mut Posting) {
    if !posting.places.is_empty()
        && posting.places.iter().all(|place| place.to_lowercase().starts_with("remote"))
    {
        posting.mode = Some(Mode::Remote);
    }
}

/// A file of a repository on GitHub, or a repository, of which the read-me is taken.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let raw = |parts: &[&str]| Board::List {
        address: format!("https://raw.githubusercontent.com/{}", parts.join("/")),
    };
    let parts = path(url);
    match url.host_str()? {
        "raw.githubusercontent.com" if parts.len() > 3 => Some(raw(&parts)),
        "github.com" | "www.github.com" => match parts.as_slice() {
            [owner, repository] => Some(raw(&[owner, repository, "HEAD", "README.md"])),
            [owner, repository, "tree", branch] => Some(raw(&[owner, repository, branch, "README.md"])),
            [owner, repository, "blob" | "raw", rest @ ..] if rest.len() > 1 => {
                Some(raw(&[&[*owner, *repository], rest].concat()))
            }
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn is_payload(value: &Value) -> bool {
    value
        .get(0)
        .is_some_and(|row| !row["company_name"].is_null() && !row["url"].is_null() && !row["title"].is_null())
}

/// A text with a table of openings.
pub(super) fn is_markdown(text: &str) -> bool {
    table::tables(text).iter().any(|table| table.len() > 1 && Columns::of(&table[0]).is_some())
}
