//! What reading boards, rules of robots.txt and clusters costs: the least of twenty runs each, over answers that are
//! made here. `cargo run --release -p internflow-crawler --example sources`.

use std::collections::HashMap;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use internflow_crawler::cluster::{Opening, Sketch, clusters};
use internflow_crawler::robots::Robots;
use internflow_crawler::{Answer, Board, Crawl};

/// Postings of a board.
const POSTINGS: usize = 500;
/// Postings that are put into clusters.
const OPENINGS: usize = 5_000;

fn main() -> Result<()> {
    let mut out = std::io::stdout().lock();
    let job = |n: usize| {
        format!(
            r#"{{"id":{n},"title":"Engineer {n}","absolute_url":"https://firm.example/{n}","location":{{"name":"Pune"}},
            "updated_at":"2026-10-14T10:55:28Z","content":"{}"}}"#,
            words(n, 600)
        )
    };
    let body = format!(r#"{{"jobs":[{}]}}"#, (0..POSTINGS).map(job).collect::<Vec<_>>().join(","));
    let board = Board::Greenhouse { slug: "firm".to_owned() };
    let (time, found) = least(|| {
        let (mut crawl, asked) = Crawl::new(board.clone());
        crawl.take(&asked, &Answer { status: 200, body: body.as_bytes() }).postings.len()
    });
    ensure!(found == POSTINGS, "{found} postings were read");
    writeln!(out, "board of {found} postings, {:.1} MB\t{:.2} ms", body.len() as f64 / 1e6, millis(time))?;
    let page = format!(
        r#"<html><body>{}</body><script type="application/ld+json">{{"@type":"JobPosting","title":"Intern","description":"{}"}}</script></html>"#,
        "<div class=\"x\">menu</div>".repeat(4_000),
        words(1, 600)
    );
    let address = "https://firm.example/jobs/1";
    let (time, found) = least(|| {
        let (mut crawl, asked) = Crawl::new(Board::Page { address: address.to_owned() });
        crawl.take(&asked, &Answer { status: 200, body: page.as_bytes() }).postings.len()
    });
    ensure!(found == 1, "{found} postings were read");
    writeln!(out, "page of {} kB with one posting\t{:.3} ms", page.len() / 1_000, millis(time))?;
    let rules: String = (0..200).map(|n| format!("Disallow: /private{n}/*.html$\n")).collect();
    let robots = Robots::parse(format!("User-agent: *\n{rules}").as_bytes());
    let (time, allowed) = least(|| robots.allows("internflow", "/careers/jobs/1234?page=2"));
    ensure!(allowed, "the path is allowed");
    writeln!(out, "robots.txt of 200 rules, one path\t{:.4} ms", millis(time))?;
    let openings: Vec<Opening> = (0..OPENINGS)
        .map(|n| Opening {
            key: n.to_string(),
            company: format!("Firm {} Pvt. Ltd.", n % 200),
            title: format!("Engineer {}", n % 7),
            places: vec!["Pune".to_owned(), "Bengaluru".to_owned()],
            sketch: Sketch::of(&words(n % 1_400, 300)),
        })
        .collect();
    let (time, found) = least(|| clusters(&openings, &HashMap::new(), &[]).len());
    writeln!(out, "{OPENINGS} openings into {found} clusters\t{:.1} ms", millis(time))?;
    Ok(())
}

/// The least time of twenty runs, and what the last one gave.
fn least<T>(run: impl Fn() -> T) -> (Duration, T) {
    let timed = || {
        let begun = Instant::now();
        let value = run();
        (begun.elapsed(), value)
    };
    let first = timed();
    (1..20).map(|_| timed()).fold(first, |best, next| (best.0.min(next.0), next.1))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A text of so many words, another for each number.
fn words(from: usize, count: usize) -> String {
    (0..count).map(|n| format!("word{} ", (from * 7_919 + n * 31) % 5_003)).collect()
}
