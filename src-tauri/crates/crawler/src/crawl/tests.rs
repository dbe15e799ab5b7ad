//! Paging that misbehaves, answers that are none, and rows that are broken.

use super::*;
use crate::Board;

/// What a crawl brought, with all details asked for.
#[derive(Debug, Default)]
pub(crate) struct Crawled {
    pub postings: Vec<Posting>,
    pub skipped: Vec<Skipped>,
    pub complete: bool,
    pub unchanged: bool,
    pub asked: Vec<Request>,
}

impl Crawled {
    pub fn ids(&self) -> Vec<&str> {
        self.postings.iter().map(|posting| posting.id.as_str()).collect()
    }

    /// The reasons for gaps.
    pub fn gaps(&self) -> Vec<&str> {
        self.skipped.iter().filter(|s| s.id.is_none()).map(|s| s.why.as_str()).collect()
    }
}

/// Crawls a board against a host that is a function.
pub(crate) fn crawl(board: Board, host: impl Fn(&Request) -> (u16, String)) -> Crawled {
    let (mut crawl, first) = Crawl::new(board.clone());
    let mut waiting = vec![first];
    let mut crawled = Crawled::default();
    while let Some(request) = waiting.pop() {
        let (status, body) = host(&request);
        let step = crawl.take(&request, &Answer { status, body: body.as_bytes() });
        assert!(!step.complete || step.next.is_empty(), "a complete crawl asks nothing more");
        crawled.asked.push(request);
        crawled.complete |= step.complete;
        crawled.unchanged |= step.unchanged;
        crawled.skipped.extend(step.skipped);
        crawled.postings.extend(step.postings);
        waiting.extend(step.next);
        assert!(crawled.asked.len() <= MOST_REQUESTS, "it never ends");
    }
    for posting in &mut crawled.postings {
        while let (false, Some(request)) = (posting.described, posting.detail.clone()) {
            let (status, body) = host(&request);
            match board.fill(posting, &Answer { status, body: body.as_bytes() }) {
                Filled::Broken(why) => panic!("{}: {why}", request.address),
                Filled::Gone => break,
                Filled::Done | Filled::Again => {}
            }
        }
    }
    crawled
}

/// A board of SmartRecruiters that states its total.
fn smart() -> Board {
    Board::SmartRecruiters { slug: "Firm".to_owned() }
}

/// A page of it with postings of these numbers; a posting's own answer for any other address.
fn page(request: &Request, total: u64, rows: impl Fn(u64) -> std::ops::Range<u64>) -> (u16, String) {
    let Some((_, from)) = request.address.split_once("offset=") else {
        return (200, r#"{"jobAd":{"sections":{"jobDescription":{"text":"<p>Work</p>"}}}}"#.to_owned());
    };
    let rows: Vec<String> = rows(from.parse().expect("an offset"))
        .map(|n| format!(r#"{{"id":"{n}","name":"Job {n}"}}"#))
        .collect();
    (200, format!(r#"{{"totalFound":{total},"content":[{}]}}"#, rows.join(",")))
}

#[test]
fn paging_as_it_should_be() {
    let crawled = crawl(smart(), |request| page(request, 250, |from| from..(from + 100).min(250)));
    assert_eq!((crawled.postings.len(), crawled.complete, crawled.asked.len()), (250, true, 3));
    assert!(crawled.postings.iter().all(|p| p.description.contains("Work") && p.described));
}

#[test]
fn paging_that_repeats_skips_or_never_ends_is_not_complete() {
    let repeats = crawl(smart(), |request| page(request, 250, |_| 0..100));
    assert_eq!((repeats.postings.len(), repeats.complete), (100, false));
    assert!(repeats.gaps()[0].contains("repeats"), "{:?}", repeats.gaps());
    let skips = crawl(smart(), |request| page(request, 250, |from| if from == 0 { 0..90 } else { 100..250 }));
    assert_eq!((skips.postings.len(), skips.complete), (240, false), "ten postings were never shown");
    assert!(
        skips.gaps().iter().any(|why| why.contains("has 250 postings and lists 240")),
        "{:?}",
        skips.gaps()
    );
    let endless = crawl(smart(), |request| page(request, u64::MAX, |from| from..from + 10));
    assert!(!endless.complete);
    assert!(endless.gaps()[0].contains("did not end"), "{:?}", endless.gaps());
    let cut = crawl(smart(), |request| page(request, 250, |from| if from == 0 { 0..100 } else { 0..0 }));
    assert_eq!((cut.postings.len(), cut.complete), (100, false), "a list that ends early may have lost rows");
}

#[test]
fn answers_that_are_none_end_the_crawl_with_a_reason() {
    let board = || Board::Greenhouse { slug: "firm".to_owned() };
    for (status, body, why) in [
        (404, "", "no such board"),
        (429, "", "fewer requests"),
        (503, "<html>Sorry</html>", "out of order"),
        (403, "", "does not answer programs"),
        (200, "<!DOCTYPE html><html>Maintenance</html>", "a page where data was expected"),
        (200, r#"{"jobs":[{"id":1,"ti"#, "broke off"),
        (200, "", "broke off"),
        (200, "{}", "no jobs"),
        (200, r#"{"jobs":"soon"}"#, "no jobs"),
        (304, "", "HTTP 304"),
    ] {
        // A 304 is an answer only to who asked for it: here the request is not the whole board.
        let host = |_: &Request| (status, body.to_owned());
        let crawled = match status {
            304 => crawl(smart(), host),
            _ => crawl(board(), host),
        };
        assert_eq!((crawled.postings.len(), crawled.complete), (0, false), "{status} {body}");
        assert!(crawled.gaps()[0].contains(why), "{status} {body}: {:?}", crawled.gaps());
    }
    let crawled = crawl(board(), |_| (304, String::new()));
    assert!(crawled.unchanged && !crawled.complete && crawled.skipped.is_empty());
    let deep = format!("{{\"jobs\":{}", "[".repeat(1_000_000));
    assert!(!crawl(board(), |_| (200, deep.clone())).complete, "a bomb of brackets is no answer");
    let empty = crawl(board(), |_| (200, r#"{"jobs":[],"meta":{"total":0}}"#.to_owned()));
    assert!(empty.complete, "a board may be empty");
}

#[test]
fn a_broken_row_loses_no_other_and_changed_types_are_read() {
    let board = Board::Greenhouse { slug: "firm".to_owned() };
    let body = r#"{"jobs":[
        {"id":1,"title":"Fine","location":{"name":"Pune"},"absolute_url":"javascript:alert(1)"},
        {"id":2,"title":null},
        "no object",
        {"id":"4","title":{"name":"Types changed"},"location":"Pune","updated_at":1785585600,"content":["<p>x</p>"],
         "departments":"Engineering","first_published":false,"metadata":7},
        {"title":"No id"},
        {"id":1,"title":"Fine","location":{"name":"Chennai"}}
    ],"meta":{"total":"6"}}"#;
    let crawled = crawl(board, |_| (200, body.to_owned()));
    assert_eq!(crawled.ids(), ["1", "4"]);
    assert_eq!(
        crawled.postings[0].places,
        ["Pune", "Chennai"],
        "a posting listed twice is one with both places"
    );
    assert_eq!(crawled.postings[0].address, None, "people click on it");
    let changed = &crawled.postings[1];
    assert_eq!(
        (changed.title.as_str(), changed.places.as_slice()),
        ("Types changed", &["Pune".to_owned()][..])
    );
    assert_eq!(changed.updated.map(|day| day.to_string()).as_deref(), Some("2026-08-01"));
    assert_eq!(changed.published, None, "no date is invented");
    assert_eq!(crawled.skipped[0], Skipped { id: Some("2".to_owned()), why: "it has no title".to_owned() });
    assert!(!crawled.complete, "rows without an id may be anything");
}

#[test]
fn a_posting_that_is_gone_meanwhile_says_so() {
    let crawled = crawl(smart(), |request| match request.address.ends_with("/1") {
        true => (404, String::new()),
        false => page(request, 2, |_| 0..2),
    });
    assert!(crawled.complete, "the list was read");
    assert_eq!((crawled.postings[1].description.as_str(), crawled.postings[1].content_hash()), ("", None));
    let mut posting = crawled.postings[0].clone();
    let before = posting.clone();
    for status in [503, 429] {
        let filled = smart().fill(&mut posting, &Answer { status, body: b"" });
        assert!(matches!(filled, Filled::Broken(_)), "HTTP {status}");
    }
    assert_eq!(posting, before, "what a host in trouble says of a posting is nothing");
    assert_eq!(smart().fill(&mut posting, &Answer { status: 410, body: b"" }), Filled::Gone);
}

#[test]
fn a_host_in_trouble_is_not_taken_for_another_one() {
    let crawled = crawl(Board::Lever { slug: "firm".to_owned() }, |_| (503, String::new()));
    assert_eq!(crawled.asked.len(), 1, "the EU's host would say that there is no such board");
    assert!(crawled.gaps()[0].contains("503"), "{:?}", crawled.gaps());
}

#[test]
fn saved_answers_are_of_the_board_that_their_postings_name() {
    let list = r#"{"totalFound":1,"content":[{"id":"7","name":"Intern","company":{"identifier":"Firm"}}]}"#;
    let step = saved(list.as_bytes(), None).expect("a list of SmartRecruiters");
    assert_eq!((step.postings[0].board.as_str(), step.complete), ("Firm", false), "one file is no crawl");
    assert!(
        step.postings[0].detail.as_ref().is_some_and(|d| d.address.contains("/companies/Firm/postings/7"))
    );
    let one = r#"{"id":"7","name":"Intern","company":{"identifier":"Firm"},"jobAd":{"sections":{"jobDescription":{"text":"<p>Do</p>"}}}}"#;
    let step = saved(one.as_bytes(), None).expect("a posting of SmartRecruiters");
    assert_eq!((step.postings[0].description.as_str(), step.postings[0].described), ("<p>Do</p>\n", true));
    let page =
        r#"<html><script type="application/ld+json">{"@type":"JobPosting","title":"Intern"}</script></html>"#;
    let step = saved(page.as_bytes(), None).expect("a page with a posting");
    assert_eq!((step.postings[0].title.as_str(), &step.postings[0].address), ("Intern", &None));
    let step = saved(page.as_bytes(), Some("https://jobs.lever.co/firm/1")).expect("a page with a posting");
    assert_eq!(step.postings[0].address.as_deref(), Some("https://jobs.lever.co/firm/1"));
    let detail = r#"{"jobPostingInfo":{"jobReqId":"JR1","title":"Intern","jobDescription":"<p>Do</p>",
        "externalUrl":"https://firm.wd5.myworkdayjobs.com/External/job/Pune/Intern_JR1"}}"#;
    let step = saved(detail.as_bytes(), None).expect("a posting of Workday");
    assert_eq!(step.postings[0].board, "firm.wd5.myworkdayjobs.com/firm/External");
    assert_eq!(saved(b"Java Intern, Pune", None), None, "plain text is an advert, not an answer");
}
