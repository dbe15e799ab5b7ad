//! One crawl of one board, without I/O: what to ask, and what was answered. The caller fetches, at its own pace.
//!
//! A crawl is complete when the board's whole list was read and nothing in it is in doubt. Paging ends by itself:
//! a page that brings nothing new, an address asked before, and a bound on pages and postings end it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::board::{Board, Connector};
use crate::connector::{self, Listed};
use crate::posting::Posting;

/// Requests of one crawl, details not counted: at one a second, a quarter of an hour.
const MOST_REQUESTS: usize = 900;
/// Postings of one crawl; the largest boards have about ten thousand.
const MOST_POSTINGS: usize = 20_000;

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Post,
}

/// What the caller fetches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub method: Method,
    pub address: String,
    /// JSON, to be sent as `application/json`.
    pub body: Option<String>,
    /// The answer is the whole board: it may be asked for conditionally, and "not modified" speaks for all of it.
    pub whole: bool,
    /// What is asked when this is refused or answered with something else.
    pub otherwise: Option<Box<Request>>,
    /// Rows of the list before those that this asks for.
    pub(crate) from: u64,
}

impl Request {
    pub(crate) fn get(address: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            address: address.into(),
            body: None,
            whole: false,
            otherwise: None,
            from: 0,
        }
    }

    /// A page for people.
    pub fn page(address: &str) -> Self {
        Self::get(address)
    }

    pub(crate) fn post(address: impl Into<String>, body: &serde_json::Value) -> Self {
        Self { method: Method::Post, body: Some(body.to_string()), ..Self::get(address) }
    }

    pub(crate) fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub(crate) fn after(self, from: u64) -> Self {
        Self { from, ..self }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self { otherwise: Some(Box::new(other)), ..self }
    }
}

/// What a host answered, after redirects.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    /// Decoded.
    pub body: &'a [u8],
}

/// What a board lists and was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The posting, where it is known; it is still listed, so it is not missing. `None` is a gap: the crawl cannot
    /// be complete.
    pub id: Option<String>,
    pub why: String,
}

/// What one answer brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Each posting once a crawl.
    pub postings: Vec<Posting>,
    pub next: Vec<Request>,
    /// Nothing is left to ask, and the whole board was read. True in one step of a crawl or in none.
    pub complete: bool,
    /// The board says that it is as it was at the last crawl.
    pub unchanged: bool,
    /// The answer could not be used at all; for the circuit breaker. It is among `skipped` too.
    pub broken: Option<String>,
    pub skipped: Vec<Skipped>,
}

/// What became of a [`Posting::detail`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    Done,
    /// Ask the new [`Posting::detail`].
    Again,
    /// The source has it no more.
    Gone,
    Broken(String),
}

/// A crawl under way.
#[derive(Debug)]
pub struct Crawl {
    board: Board,
    /// Ids of all postings that the board listed, taken or not.
    seen: HashSet<String>,
    /// Requests given out, so that none is given out twice.
    asked: HashSet<String>,
    /// Requests given out and not answered.
    waiting: usize,
    /// How many postings the board says it has, at most.
    total: u64,
    /// Something may be missing.
    gap: bool,
}

impl Crawl {
    /// Begins a crawl; the request is the first to make.
    pub fn new(board: Board) -> (Self, Request) {
        let first = connector::first(&board);
        let asked = HashSet::from([name(&first)]);
        (Self { board, seen: HashSet::new(), asked, waiting: 1, total: 0, gap: false }, first)
    }

    /// Reads an answer to a request that this crawl gave out. Takes each request once.
    pub fn take(&mut self, asked: &Request, answer: &Answer<'_>) -> Step {
        let mut step = Step::default();
        self.waiting = self.waiting.saturating_sub(1);
        if answer.status == 304 && asked.whole {
            step.unchanged = true;
            return step;
        }
        let follow_up = self.asked.len() > 1;
        match listed(&self.board, asked, answer) {
            Ok(listed) => self.add(asked, listed, &mut step),
            Err(_) if asked.otherwise.is_some() && is_refused(answer) => {
                let other = asked.otherwise.as_deref().cloned();
                self.give_out(other.into_iter().collect(), &mut step);
            }
            // A page that its own sitemap still names.
            Err(_) if follow_up && self.board.connector() == Connector::Page && is_gone(answer.status) => {}
            Err(why) => {
                step.skipped.push(Skipped { id: None, why: why.clone() });
                step.broken = Some(why);
            }
        }
        if self.waiting == 0 && (self.seen.len() as u64) < self.total {
            let why =
                format!("the board says that it has {} postings and lists {}", self.total, self.seen.len());
            step.skipped.push(Skipped { id: None, why });
        }
        if self.waiting == 0 && self.board.connector() == Connector::Page && self.seen.is_empty() {
            let why = "no posting was found that a program can read; paste the page instead".to_owned();
            step.skipped.push(Skipped { id: None, why });
        }
        self.gap |= step.skipped.iter().any(|skipped| skipped.id.is_none());
        step.complete = self.waiting == 0 && !self.gap;
        step
    }

    fn add(&mut self, asked: &Request, listed: Listed, step: &mut Step) {
        let before = self.seen.len();
        let rows = listed.rows.len();
        self.total = self.total.max(listed.total.unwrap_or(0));
        step.skipped.extend(listed.gaps.into_iter().map(|why| Skipped { id: None, why }));
        for row in listed.rows {
            match row.map(Posting::with_web_address) {
                Ok(posting) if self.seen.len() >= MOST_POSTINGS && !self.seen.contains(&posting.id) => {
                    let why = format!("more than {MOST_POSTINGS} postings");
                    step.skipped.push(Skipped { id: None, why });
                    return;
                }
                Ok(posting) if self.seen.insert(posting.id.clone()) => step.postings.push(posting),
                // Some boards list a posting once for each of its places.
                Ok(again) => {
                    if let Some(first) = step.postings.iter_mut().find(|p| p.id == again.id) {
                        again.places.into_iter().for_each(|place| first.add_place(place));
                    }
                }
                Err(skipped) => {
                    self.seen.extend(skipped.id.clone());
                    step.skipped.push(skipped);
                }
            }
        }
        if asked.from > 0 && rows > 0 && self.seen.len() == before {
            let why = format!("paging repeats itself: the rows from {} on were listed before", asked.from);
            step.skipped.push(Skipped { id: None, why });
            return;
        }
        self.give_out(listed.next, step);
    }

    fn give_out(&mut self, requests: Vec<Request>, step: &mut Step) {
        for request in requests {
            if self.asked.len() >= MOST_REQUESTS {
                let why = format!("it did not end after {MOST_REQUESTS} requests");
                step.skipped.push(Skipped { id: None, why });
                return;
            }
            if self.asked.insert(name(&request)) {
                self.waiting += 1;
                step.next.push(request);
            }
        }
    }
}

impl Board {
    /// Reads the answer to [`Posting::detail`] into the posting.
    pub fn fill(&self, posting: &mut Posting, answer: &Answer<'_>) -> Filled {
        let Err(why) = usable(answer).and_then(|()| connector::fill(self, posting, answer.body)) else {
            *posting = posting.clone().with_web_address();
            posting.described = true;
            return Filled::Done;
        };
        let other = posting.detail.as_mut().and_then(|asked| asked.otherwise.take());
        match other.filter(|_| is_refused(answer)) {
            Some(other) => {
                posting.detail = Some(*other);
                Filled::Again
            }
            None if is_gone(answer.status) => Filled::Gone,
            None => Filled::Broken(why),
        }
    }
}

/// Reads a saved answer or page (see [`Board::of_payload`]). `address` is where it was saved from, if that is known;
/// else the postings' own addresses tell the board, so that they are the same as those of its crawl, and where they
/// don't the board is "saved". Never complete.
pub fn saved(body: &[u8], address: Option<&str>) -> Option<Step> {
    let connector = Board::of_payload(body)?;
    let nameless = nameless(connector, address);
    let same = |board: &Board| board.connector() == connector;
    let named = address.and_then(Board::recognise).filter(same).or_else(|| {
        let first = read_saved(nameless.clone(), body);
        let boards =
            first.postings.iter().filter_map(|posting| Board::recognise(posting.address.as_deref()?));
        boards.into_iter().find(|board| same(board) && connector != Connector::Page)
    });
    if let Some(board) = named {
        return Some(read_saved(board, body));
    }
    let mut step = read_saved(nameless, body);
    for posting in &mut step.postings {
        // Without a board there is nobody to ask.
        posting.detail = None;
        posting.described = true;
    }
    Some(step)
}

fn read_saved(board: Board, body: &[u8]) -> Step {
    let (mut crawl, asked) = Crawl::new(board);
    let step = crawl.take(&Request { otherwise: None, ..asked }, &Answer { status: 200, body });
    Step { complete: false, next: Vec::new(), ..step }
}

/// A board for a saved answer that does not say which it is of.
fn nameless(connector: Connector, address: Option<&str>) -> Board {
    let saved = || "saved".to_owned();
    let address = || address.map_or_else(|| "about:saved".to_owned(), str::to_owned);
    match connector {
        Connector::Greenhouse => Board::Greenhouse { slug: saved() },
        Connector::Lever => Board::Lever { slug: saved() },
        Connector::Ashby => Board::Ashby { slug: saved() },
        Connector::SmartRecruiters => Board::SmartRecruiters { slug: saved() },
        Connector::Workable => Board::Workable { slug: saved() },
        Connector::Recruitee => Board::Recruitee { slug: saved() },
        Connector::Workday => Board::Workday { host: saved(), tenant: saved(), site: saved() },
        Connector::Keka => Board::Keka { slug: saved() },
        Connector::Personio => Board::Personio { slug: saved() },
        Connector::Oracle => Board::Oracle { host: saved(), site: saved() },
        Connector::Eightfold => Board::Eightfold { host: saved(), domain: saved() },
        Connector::HackerNews => Board::HackerNews { thread: None },
        Connector::Feed => Board::Feed { address: address() },
        Connector::List => Board::List { address: address() },
        Connector::Page => Board::Page { address: address() },
    }
}

fn listed(board: &Board, asked: &Request, answer: &Answer<'_>) -> Result<Listed, String> {
    usable(answer)?;
    connector::read(board, asked, answer.body)
}

fn usable(answer: &Answer<'_>) -> Result<(), String> {
    match answer.status {
        200..=299 => Ok(()),
        404 | 410 => Err(format!("there is no such board or page any more (HTTP {})", answer.status)),
        429 => Err("it asks for fewer requests (HTTP 429)".to_owned()),
        401 | 403 => Err(format!("it does not answer programs (HTTP {})", answer.status)),
        500..=599 => Err(format!("it is out of order (HTTP {})", answer.status)),
        status => Err(format!("it answered with HTTP {status}")),
    }
}

/// It was answered, and not by what was asked for: another address may be the right one. Who is in trouble or asks
/// for fewer requests has not said so, nor has one whose answer breaks off.
fn is_refused(answer: &Answer<'_>) -> bool {
    let breaks_off = || {
        matches!(answer.body.trim_ascii_start().first(), Some(b'{' | b'['))
            && serde_json::from_slice::<serde::de::IgnoredAny>(answer.body).is_err()
    };
    match answer.status {
        200..=299 => !breaks_off(),
        status => status < 500 && status != 429,
    }
}

fn is_gone(status: u16) -> bool {
    matches!(status, 404 | 410)
}

fn name(request: &Request) -> String {
    format!("{} {}", request.address, request.body.as_deref().unwrap_or(""))
}

#[cfg(test)]
pub(crate) mod tests;
