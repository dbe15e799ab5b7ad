//! What is known of each source: where it is asked, how its answer is read, by what it is recognised. Each file has
//! the same functions, as far as its source needs them:
//!
//! - `first`: the request that begins a crawl;
//! - `read`: an answer → the postings in it, and what to ask next;
//! - `fill`: the answer to a posting's own request → its description;
//! - `recognise`: a pasted address → the board;
//! - `is_payload`: a saved answer is of this source.

mod ashby;
mod eightfold;
mod feed;
mod greenhouse;
mod hackernews;
mod json;
mod keka;
mod lever;
mod linked_data;
mod list;
mod oracle;
mod page;
mod personio;
mod recruitee;
mod smartrecruiters;
mod table;
mod workable;
mod workday;
mod xml;

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use crate::board::{Board, Connector};
use crate::crawl::{Request, Skipped};
use crate::posting::Posting;

/// A posting, or why it could not be taken.
pub(crate) type Row = Result<Posting, Skipped>;

/// Whether a value has the shape of a source's answer.
type Shape = fn(&Value) -> bool;

/// What an answer lists.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub rows: Vec<Row>,
    pub next: Vec<Request>,
    /// How many postings the board says it has.
    pub total: Option<u64>,
    /// Why the list may lack some.
    pub gaps: Vec<String>,
}

impl Listed {
    fn rows(rows: Vec<Row>) -> Self {
        Self { rows, ..Self::default() }
    }
}

pub(crate) fn first(board: &Board) -> Request {
    match board {
        Board::Greenhouse { slug } => greenhouse::first(slug),
        Board::Lever { slug } => lever::first(slug),
        Board::Ashby { slug } => ashby::first(slug),
        Board::SmartRecruiters { slug } => smartrecruiters::first(slug),
        Board::Workable { slug } => workable::first(slug),
        Board::Recruitee { slug } => recruitee::first(slug),
        Board::Workday { host, tenant, site } => workday::first(host, tenant, site),
        Board::Keka { slug } => keka::first(slug),
        Board::Personio { slug } => personio::first(slug),
        Board::Oracle { host, site } => oracle::first(host, site),
        Board::Eightfold { host, domain } => eightfold::first(host, domain),
        Board::HackerNews { thread } => hackernews::first(*thread),
        Board::Feed { address } | Board::List { address } => Request::get(address).whole(),
        Board::Page { address } => Request::get(address),
    }
}

pub(crate) fn read(board: &Board, asked: &Request, body: &[u8]) -> Result<Listed, String> {
    match board {
        Board::Greenhouse { .. } => greenhouse::read(board, &parsed(body)?),
        Board::Lever { .. } => lever::read(board, asked, &parsed(body)?),
        Board::Ashby { .. } => ashby::read(board, &parsed(body)?),
        Board::SmartRecruiters { slug } => smartrecruiters::read(board, slug, asked, &parsed(body)?),
        Board::Workable { slug } => workable::read(board, slug, &parsed(body)?),
        Board::Recruitee { .. } => recruitee::read(board, &parsed(body)?),
        Board::Workday { host, tenant, site } => {
            workday::read(board, &workday::Site { host, tenant, site }, asked, &parsed(body)?)
        }
        Board::Keka { slug } => keka::read(board, slug, &parsed(body)?),
        Board::Personio { slug } => personio::read(board, slug, body),
        Board::Oracle { host, site } => oracle::read(board, host, site, asked, &parsed(body)?),
        Board::Eightfold { host, domain } => eightfold::read(board, host, domain, asked, &parsed(body)?),
        Board::HackerNews { .. } => hackernews::read(board, &parsed(body)?),
        Board::Feed { .. } => feed::read(board, body),
        Board::List { .. } => list::read(board, body),
        Board::Page { address } => page::read(board, address, asked, body),
    }
}

pub(crate) fn fill(board: &Board, posting: &mut Posting, body: &[u8]) -> Result<(), String> {
    match board.connector() {
        Connector::SmartRecruiters => smartrecruiters::fill(posting, &parsed(body)?),
        Connector::Workday => workday::fill(posting, &parsed(body)?),
        Connector::Oracle => oracle::fill(posting, &parsed(body)?),
        Connector::Eightfold => eightfold::fill(posting, &parsed(body)?),
        _ => Err("this source has no page of its own for a posting".to_owned()),
    }
}

/// A posting with its own answer read into it; what that lacks stays to be asked for.
fn filled_by(
    fill: fn(&mut Posting, &Value) -> Result<(), String>,
    mut posting: Posting,
    answer: &Value,
) -> Posting {
    posting.described = fill(&mut posting, answer).is_ok();
    posting
}

/// The board of a web address; any address is at least a page.
pub(crate) fn recognise(url: &Url) -> Board {
    let sources = [
        greenhouse::recognise,
        lever::recognise,
        ashby::recognise,
        smartrecruiters::recognise,
        workable::recognise,
        recruitee::recognise,
        workday::recognise,
        keka::recognise,
        personio::recognise,
        oracle::recognise,
        eightfold::recognise,
        hackernews::recognise,
        list::recognise,
        feed::recognise,
    ];
    let mut page = url.clone();
    page.set_fragment(None);
    sources.iter().find_map(|known| known(url)).unwrap_or(Board::Page { address: page.into() })
}

pub(crate) fn of_payload(body: &[u8]) -> Option<Connector> {
    let text = text(body);
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        let value: Value = serde_json::from_str(start).ok()?;
        let shapes: [(Connector, Shape); 13] = [
            (Connector::Greenhouse, greenhouse::is_payload),
            (Connector::Ashby, ashby::is_payload),
            (Connector::Workable, workable::is_payload),
            (Connector::Lever, lever::is_payload),
            (Connector::SmartRecruiters, smartrecruiters::is_payload),
            (Connector::Recruitee, recruitee::is_payload),
            (Connector::Workday, workday::is_payload),
            (Connector::Keka, keka::is_payload),
            (Connector::Oracle, oracle::is_payload),
            (Connector::Eightfold, eightfold::is_payload),
            (Connector::HackerNews, hackernews::is_payload),
            (Connector::Feed, feed::is_payload),
            (Connector::List, list::is_payload),
        ];
        let found = shapes.iter().find(|(_, is)| is(&value)).map(|(connector, _)| *connector);
        return found.or_else(|| linked_data::is_payload(&value).then_some(Connector::Page));
    }
    if start.starts_with('<') {
        if let Some(root) = xml::root_name(start) {
            match root.as_str() {
                "workzag-jobs" => return Some(Connector::Personio),
                "rss" | "feed" | "rdf:RDF" => return Some(Connector::Feed),
                "urlset" | "sitemapindex" => return Some(Connector::Page),
                _ => {}
            }
        }
        if !linked_data::in_html(&text).is_empty() {
            return Some(Connector::Page);
        }
    }
    list::is_markdown(&text).then_some(Connector::List)
}

/// Addresses in the attributes `href` and `src` of a page, in order.
pub(crate) fn links(html: &str) -> Vec<String> {
    table::links(html)
}

/// A body as text. Boards send UTF-8; what is none is replaced.
fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

fn parsed(body: &[u8]) -> Result<Value, String> {
    let text = text(body);
    let start = text.trim_start();
    if start.starts_with('<') {
        return Err("it sent a page where data was expected".to_owned());
    }
    serde_json::from_str(start).map_err(|e| match e.is_eof() {
        true => "its answer broke off".to_owned(),
        false => format!("its answer is no JSON ({e})"),
    })
}

/// The parts of a path that are not empty.
fn path(url: &Url) -> Vec<&str> {
    url.path_segments().map(|parts| parts.filter(|p| !p.is_empty()).collect()).unwrap_or_default()
}

/// What stands before `domain` in the host: `firm` for `firm.keka.com`.
fn subdomain<'u>(url: &'u Url, domain: &str) -> Option<&'u str> {
    let name = url.host_str()?.strip_suffix(domain)?.strip_suffix('.')?;
    (!name.is_empty() && name != "www" && !name.contains('.')).then_some(name)
}

/// The value of a parameter of the address.
fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// Text for the path or the query of an address.
fn escaped(part: &str) -> String {
    url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A slug as part of a host: nothing in it can lead to another one.
fn label(slug: &str) -> String {
    slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// The parts of a description, one below the other, each under its heading where it has one.
fn sections<'a>(parts: impl IntoIterator<Item = (Option<&'a str>, Option<String>)>) -> String {
    let mut out = String::new();
    for (heading, body) in parts {
        let Some(body) = body.filter(|body| !body.trim().is_empty()) else { continue };
        if let Some(heading) = heading.map(str::trim).filter(|h| !h.is_empty()) {
            out.push_str(&format!("<h3>{}</h3>\n", heading.replace(['<', '>'], " ")));
        }
        out.push_str(body.trim());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests;
