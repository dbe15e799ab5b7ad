//! Any page that holds schema.org's JobPosting, a page that lists such pages, or a site's map of them.
//! <https://www.sitemaps.org/protocol.html>
//!
//! Only addresses of the same site are followed, and of a map only those that look like postings.

use url::Url;

use super::{Listed, linked_data, text, xml};
use crate::board::Board;
use crate::crawl::Request;
use crate::page::expression;

/// Pages of a site that are asked for; at one a second, eight minutes.
const MOST_PAGES: usize = 500;

pub(super) fn read(board: &Board, address: &str, asked: &Request, body: &[u8]) -> Result<Listed, String> {
    let site = Url::parse(&asked.address).map_err(|_| "its address is none".to_owned())?;
    let text = text(body);
    let start = text.trim_start();
    let root =
        if start.starts_with("<?xml") || start.starts_with("<urlset") || start.starts_with("<sitemapindex") {
            xml::root_name(start)
        } else {
            None
        };
    match root.as_deref() {
        Some("urlset") => Ok(of_map(&site, &xml::parse(start)?)),
        Some("sitemapindex") => Ok(of_index(&site, &xml::parse(start)?)),
        _ => Ok(of_page(board, address, &site, asked, &text)),
    }
}

fn of_page(board: &Board, address: &str, site: &Url, asked: &Request, html: &str) -> Listed {
    let data = linked_data::in_html(html);
    let mut jobs = Vec::new();
    data.iter().for_each(|value| linked_data::postings(value, &mut jobs));
    let mut listed =
        Listed::rows(jobs.iter().map(|job| linked_data::posting(board, job, site.as_str())).collect());
    // From a page that somebody named we go on: to the pages that it lists, and else to the site's map.
    if asked.address == address && jobs.is_empty() {
        let items = data.iter().flat_map(linked_data::listed);
        let pages: Vec<Url> =
            items.filter_map(|item| site.join(&item).ok()).filter(|url| same_site(site, url)).collect();
        listed.next = match pages.is_empty() {
            true => site.join("/sitemap.xml").map(|map| vec![Request::get(map)]).unwrap_or_default(),
            false => capped(pages, &mut listed.gaps),
        };
    }
    listed
}

fn of_map(site: &Url, map: &xml::Element) -> Listed {
    // The newest first, in case there are more than we ask for.
    let mut entries: Vec<(String, Url)> = map
        .children("url")
        .filter_map(|entry| {
            let url = Url::parse(&entry.words("loc")?).ok().filter(|url| same_site(site, url))?;
            is_posting(&url).then(|| (entry.words("lastmod").unwrap_or_default(), url))
        })
        .collect();
    entries.sort_by(|a, b| b.0.cmp(&a.0));
    let mut listed = Listed::default();
    listed.next = capped(entries.into_iter().map(|(_, url)| url).collect(), &mut listed.gaps);
    listed
}

fn of_index(site: &Url, index: &xml::Element) -> Listed {
    let maps = index.children("sitemap").filter_map(|map| Url::parse(&map.words("loc")?).ok());
    let mut maps: Vec<Url> = maps.filter(|url| same_site(site, url)).collect();
    let mut listed = Listed::default();
    if maps.iter().any(|url| url.path().ends_with(".gz")) {
        listed.gaps.push("packed maps of the site are not read".to_owned());
        maps.retain(|url| !url.path().ends_with(".gz"));
    }
    // Where some maps are named for jobs, the others hold something else.
    let of_jobs: Vec<Url> = maps.iter().filter(|url| is_posting(url)).cloned().collect();
    listed.next = capped(if of_jobs.is_empty() { maps } else { of_jobs }, &mut listed.gaps);
    listed
}

fn capped(mut pages: Vec<Url>, gaps: &mut Vec<String>) -> Vec<Request> {
    if pages.len() > MOST_PAGES {
        gaps.push(format!("the site names {} pages, of which {MOST_PAGES} are read", pages.len()));
        pages.truncate(MOST_PAGES);
    }
    pages.into_iter().map(Request::get).collect()
}

/// The same host, or one is the other with a name before it: `careers.firm.com` and `firm.com`.
fn same_site(site: &Url, other: &Url) -> bool {
    let (Some(a), Some(b)) = (site.host_str(), other.host_str()) else { return false };
    let (a, b) = (a.trim_start_matches("www."), b.trim_start_matches("www."));
    let within = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'));
    matches!(other.scheme(), "http" | "https") && (a == b || within(a, b) || within(b, a))
}

fn is_posting(url: &Url) -> bool {
    let words = expression!(r"(?i)job|career|position|vacanc|opening|intern|requisition|opportunit|hiring");
    words.is_match(url.path()) || url.host_str().is_some_and(|host| words.is_match(host))
}
