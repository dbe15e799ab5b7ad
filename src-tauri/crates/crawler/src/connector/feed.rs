//! RSS 2.0 and 1.0, Atom, and JSON Feed. <https://www.rssboard.org/rss-specification>,
//! <https://www.rfc-editor.org/rfc/rfc4287>, <https://www.jsonfeed.org/version/1.1/>
//!
//! A feed shows its newest entries, so one that is gone from it need not be gone: no crawl of a feed is complete.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, json, path, text, xml};
use crate::board::Board;
use crate::posting::{Posting, hashed};

pub(super) fn read(board: &Board, body: &[u8]) -> Result<Listed, String> {
    let text = text(body);
    let start = text.trim_start();
    let rows = if start.starts_with('{') {
        let feed = super::parsed(body)?;
        let items = feed["items"].as_array().ok_or("its answer is no feed")?;
        let author = json::words(&feed, "title");
        items.iter().map(|item| of_json(board, item, author.as_deref())).collect()
    } else {
        of_xml(board, &xml::parse(start)?)?
    };
    Ok(Listed { gaps: vec!["a feed shows its newest entries only".to_owned()], ..Listed::rows(rows) })
}

fn of_json(board: &Board, item: &Value, feed: Option<&str>) -> Row {
    let mut posting = json::begun(board, item, "id", "title")?;
    posting.address = json::words(item, "url").or_else(|| json::words(item, "external_url"));
    posting.description =
        json::words(item, "content_html").or_else(|| json::words(item, "content_text")).unwrap_or_default();
    posting.published = json::day(item, "date_published");
    posting.updated = json::day(item, "date_modified");
    state(&mut posting, json::words(item, "authors.0").or_else(|| feed.and_then(firm_of_feed)));
    Ok(posting)
}

fn of_xml(board: &Board, root: &xml::Element) -> Result<Vec<Row>, String> {
    let (items, feed): (Vec<&xml::Element>, Option<String>) = match root.name.as_str() {
        "rss" => {
            let channel = root.child("channel").ok_or("the feed has no channel")?;
            (channel.children("item").collect(), channel.words("title"))
        }
        // RSS 1.0 has its items beside the channel.
        "rdf:RDF" => (
            root.children("item").collect(),
            root.child("channel").and_then(|channel| channel.words("title")),
        ),
        "feed" => (root.children("entry").collect(), root.words("title")),
        _ => return Err("its answer is no feed".to_owned()),
    };
    let firm = feed.as_deref().and_then(firm_of_feed);
    Ok(items.into_iter().map(|item| entry(board, item, firm.clone())).collect())
}

fn entry(board: &Board, item: &xml::Element, firm: Option<String>) -> Row {
    let title = item.child("title").map(|title| crate::visible(&title.all_text()).text.replace('\n', " "));
    let link = link(item);
    // An entry without a name of its own is known by its link, which many feeds give instead.
    let id = item.words("guid").or_else(|| item.words("id"));
    let id = id.or_else(|| item.attribute("rdf:about").map(str::to_owned));
    let id = id.filter(|id| !id.starts_with("http")).or_else(|| {
        let named = item.words("guid").or_else(|| item.words("id")).or_else(|| link.clone())?;
        Some(hashed(&[&bare(&named)]))
    });
    let mut posting = json::named(board, id, title.filter(|title| !title.is_empty()))?;
    posting.address = link;
    let texts = ["content:encoded", "description", "content", "summary"];
    posting.description =
        texts.iter().find_map(|name| item.child(name)).map(xml::Element::all_text).unwrap_or_default();
    let dated = |names: &[&str]| names.iter().find_map(|name| json::day_of(&item.words(name)?));
    posting.published = dated(&["pubDate", "published", "dc:date"]);
    posting.updated = dated(&["updated", "atom:updated"]);
    let places = ["location", "job:location", "job_listing:location", "jobLocation", "region"];
    posting.places.extend(places.iter().find_map(|name| item.words(name)));
    let kinds = ["jobtype", "type", "job_listing:job_type", "job:type", "employmentType"];
    posting.employment = kinds.iter().find_map(|name| item.words(name));
    let firms = ["company", "job_listing:company", "job:company", "companyName"];
    let named = firms.iter().find_map(|name| item.words(name));
    state(&mut posting, named.or(firm));
    Ok(posting)
}

fn link(item: &xml::Element) -> Option<String> {
    let atom = item.children("link").find(|link| {
        link.attribute("href").is_some() && matches!(link.attribute("rel"), None | Some("alternate"))
    });
    let address = match atom {
        Some(link) => link.attribute("href").map(str::to_owned),
        None => item.words("link").or_else(|| item.words("guid")),
    };
    address.filter(|address| address.starts_with("http"))
}

/// An address without the parts that only say where a reader came from.
pub(super) fn bare(address: &str) -> String {
    const TRACKING: &[&str] =
        &["ref", "src", "source", "gh_src", "lever-source", "lever-origin", "trk", "fbclid", "gclid"];
    let Ok(url) = Url::parse(address) else { return address.to_owned() };
    let kept = url
        .query_pairs()
        .filter(|(key, _)| !key.starts_with("utm_") && !TRACKING.contains(&key.as_ref()))
        .map(|(key, value)| format!("{key}={value}"));
    let mut kept: Vec<String> = kept.collect();
    kept.sort();
    let path = url.path().trim_end_matches('/');
    format!("{}{path}?{}", url.host_str().unwrap_or_default(), kept.join("&"))
}

/// Many feeds write "Role at Firm" or "Firm: Role" and have no field for the firm.
fn state(posting: &mut Posting, firm: Option<String>) {
    let at = posting
        .title
        .rsplit_once(" at ")
        .map(|(role, firm)| (role.trim().to_owned(), firm.trim().to_owned()));
    let colon = || {
        posting.title.split_once(": ").map(|(firm, role)| (role.trim().to_owned(), firm.trim().to_owned()))
    };
    posting.company = firm;
    if posting.company.is_none()
        && let Some((role, firm)) =
            at.or_else(colon).filter(|(role, firm)| !role.is_empty() && !firm.is_empty())
    {
        posting.title = role;
        posting.company = Some(firm);
    }
}

/// "Jobs at Firm" and "Firm Careers" are a firm's own feed; any other title is that of a collection.
fn firm_of_feed(title: &str) -> Option<String> {
    let title = title.trim();
    let firm = title.strip_prefix("Jobs at ").or_else(|| title.strip_suffix(" Careers"))?;
    Some(firm.trim().to_owned()).filter(|firm| !firm.is_empty())
}

/// By the usual names of feeds: `/feed`, `/rss`, `feed.json`, `jobs.rss`, `index.xml`.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let last = path(url).last()?.to_lowercase();
    let named =
        matches!(last.as_str(), "feed" | "rss" | "atom" | "feed.json" | "feed.xml" | "rss.xml" | "atom.xml");
    let ending = last.ends_with(".rss") || last.ends_with(".atom") || last == "index.xml";
    (named || ending).then(|| Board::Feed { address: url.to_string() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    json::words(value, "version").is_some_and(|version| version.contains("jsonfeed.org"))
        && value["items"].is_array()
}
