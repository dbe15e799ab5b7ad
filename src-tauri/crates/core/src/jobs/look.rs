//! Job boards: what one lists now, read as politely as a crawl will read it.

use anyhow::Result;
use internflow_crawler::{Answer, Crawl, Posting, read};
use internflow_domain::JobKind;
use serde::Serialize;

use super::boards;
use super::visit::Visits;
use crate::Core;

/// Answers that are read for a look: a large board has hundreds, at one a second.
const MOST_ANSWERS: usize = 5;

#[derive(Debug)]
pub struct LookAtBoard {
    /// Any address of it: its page, one of its postings, its API.
    pub address: String,
    /// An address of this machine under which all hosts are asked instead, `http://127.0.0.1:4000`: tests have one.
    pub through: Option<String>,
}

/// What a board lists now.
#[derive(Debug, Serialize)]
pub struct BoardLook {
    /// Which kind of board it is: "greenhouse".
    pub connector: String,
    pub postings: Vec<PostingLook>,
    /// What was not read, and why.
    pub skipped: Vec<String>,
    /// All of it was read.
    pub complete: bool,
}

/// A posting as its board and its text state it. What is not stated is null or empty.
#[derive(Debug, Serialize)]
pub struct PostingLook {
    /// The board's own name for it.
    pub id: String,
    pub title: String,
    pub company: Option<String>,
    pub places: Vec<String>,
    /// Its page for a human.
    pub address: Option<String>,
    /// Year, month, day.
    pub published: Option<String>,
    pub closes: Option<String>,
    /// "internship", "new-graduate" or "job".
    pub kind: Option<String>,
    /// ₹ a month, from and to.
    pub stipend: Option<(Option<f64>, Option<f64>)>,
    /// Skills that its text asks for.
    pub skills: Vec<String>,
    /// What to look at twice, with the reason.
    pub flags: Vec<String>,
    /// The board has sent its text with the list; otherwise only its head was read.
    pub described: bool,
}

/// Reads what a board lists now, at most [`MOST_ANSWERS`] answers of it. Nothing is kept.
pub async fn look(core: &Core, args: LookAtBoard) -> Result<BoardLook> {
    let board = boards::recognised(&args.address)?;
    let mut visits = Visits::new(core, core.net()?, args.through.as_deref())?;
    let connector = board.connector().name().to_owned();
    let mut found = BoardLook { connector, postings: Vec::new(), skipped: Vec::new(), complete: false };
    let (mut crawl, first) = Crawl::new(board);
    let mut to_ask = vec![first];
    for _ in 0..MOST_ANSWERS {
        let Some(request) = to_ask.pop() else { break };
        let answer = match visits.ask(&request, None).await {
            Ok(answer) => answer,
            Err(why) => {
                found.skipped.push(why);
                continue;
            }
        };
        let step = crawl.take(&request, &Answer { status: answer.status, body: &answer.body });
        found.complete = step.complete;
        found.postings.extend(step.postings.into_iter().map(|posting| shown(posting, core.now())));
        found.skipped.extend(step.skipped.into_iter().map(|skipped| match skipped.id {
            Some(id) => format!("{id}: {}", skipped.why),
            None => skipped.why,
        }));
        to_ask.extend(step.next.into_iter().rev());
    }
    if !to_ask.is_empty() {
        found
            .skipped
            .push(format!("the board goes on; {MOST_ANSWERS} answers of it were read for this look"));
    }
    Ok(found)
}

fn shown(posting: Posting, now: i64) -> PostingLook {
    let today = chrono::DateTime::from_timestamp(now, 0).unwrap_or_default().date_naive();
    let advert = read(&posting.advert(), today);
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
    PostingLook {
        title: posting.title,
        company: posting.company,
        places: posting.places,
        address: posting.address,
        published: day(posting.published),
        closes: day(posting.closes.or(advert.deadline.map(|stated| stated.value))),
        kind: advert.kind.map(|kind| {
            match kind.value {
                JobKind::Internship => "internship",
                JobKind::NewGraduate => "new-graduate",
                JobKind::Job => "job",
            }
            .to_owned()
        }),
        stipend: advert.stipend.map(|stated| (stated.value.min, stated.value.max)),
        skills: advert.skills_required.into_iter().map(|skill| skill.value).collect(),
        flags: advert.flags.into_iter().map(|flag| flag.value.reason).collect(),
        described: posting.described,
        id: posting.id,
    }
}
