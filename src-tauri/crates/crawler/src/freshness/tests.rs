//! Sixty days of a made-up board, and the cases that a replay does not reach.

use chrono::{Days, TimeZone};

use super::*;

fn day(n: u64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 1, 6, 0, 0).unwrap() + Days::new(n)
}

fn seen(id: &str, hash: &str) -> Seen {
    Seen { id: id.to_owned(), hash: Some(hash.to_owned()), published: None }
}

/// The board on a day: ids with their texts. `a` stays; `b` changes on day 10 and is taken down on day 30; `c` is
/// there from day 5 to 20 and again from day 40; `d` flickers away on day 15 only; `e` comes while the board is down
/// (days 32 to 38) and goes on day 45, one of the days (44 to 46) of which only half is read.
fn board(day: u64) -> Vec<Seen> {
    let mut list = vec![seen("a", "1")];
    if day < 30 {
        list.push(seen("b", if day < 10 { "1" } else { "2" }));
    }
    if (5..20).contains(&day) || day >= 40 {
        list.push(seen("c", "1"));
    }
    if day != 15 {
        list.push(seen("d", "1"));
    }
    if (34..45).contains(&day) {
        list.push(seen("e", "1"));
    }
    list
}

fn crawl(day: u64) -> Outcome {
    match day {
        32..=38 => Outcome::Failed,
        44..=46 => Outcome::Partial(board(day).into_iter().take(1).collect()),
        // Half a page that shows something new counts for what it shows.
        50 => Outcome::Partial(vec![seen("f", "1")]),
        51.. => Outcome::Complete(board(day).into_iter().chain([seen("f", "1")]).collect()),
        _ => Outcome::Complete(board(day)),
    }
}

#[test]
fn sixty_days_give_exactly_these_events() {
    let mut known = Vec::new();
    let mut events = Vec::new();
    for n in 0..60 {
        let (after, found) = after(&known, &crawl(n), day(n));
        known = after;
        events.extend(found.into_iter().map(|(id, event)| (n, id, event)));
    }
    let expected = [
        (0, "a", Event::New),
        (0, "b", Event::New),
        (0, "d", Event::New),
        (5, "c", Event::New),
        (10, "b", Event::Changed),
        (21, "c", Event::Closed),
        (31, "b", Event::Closed),
        (39, "e", Event::New),
        (40, "c", Event::Reopened),
        (48, "e", Event::Closed),
        (50, "f", Event::New),
    ];
    let expected: Vec<(u64, String, Event)> =
        expected.map(|(n, id, event)| (n, id.to_owned(), event)).to_vec();
    assert_eq!(
        events, expected,
        "one event too many is a false notification, one too few a dead advert shown as open"
    );
    let ages: Vec<(String, DateTime<Utc>)> = known.iter().map(|p| (p.id.clone(), p.first_seen)).collect();
    let first = [("a", 0), ("b", 0), ("d", 0), ("c", 5), ("e", 39), ("f", 50)];
    assert_eq!(
        ages,
        first.map(|(id, n)| (id.to_owned(), day(n))),
        "reopening makes an undated posting no younger"
    );
}

#[test]
fn only_complete_crawls_running_close() {
    let run = |outcomes: &[Outcome]| {
        let (mut known, mut events) = after(&[], &Outcome::Complete(vec![seen("a", "1")]), day(0));
        for (n, outcome) in outcomes.iter().enumerate() {
            let (next, found) = after(&known, outcome, day(n as u64 + 1));
            known = next;
            events.extend(found);
        }
        (known[0].state, events.len())
    };
    let (gone, here) = (Outcome::Complete(vec![]), Outcome::Complete(vec![seen("a", "1")]));
    let (failed, part) = (Outcome::Failed, Outcome::Partial(vec![]));
    assert_eq!(run(&[gone.clone(), gone.clone()]), (State::Closed, 2));
    assert_eq!(run(&[gone.clone(), gone.clone(), gone.clone()]), (State::Closed, 2), "it is closed once");
    assert_eq!(run(&[gone.clone(), here, gone.clone()]), (State::Open, 1), "the two must follow each other");
    assert_eq!(run(&vec![failed.clone(); 50]), (State::Open, 1));
    assert_eq!(run(&vec![part.clone(); 50]), (State::Open, 1));
    let seen_in_part = Outcome::Partial(vec![seen("a", "1")]);
    assert_eq!(
        run(&[gone.clone(), seen_in_part, gone.clone()]),
        (State::Open, 1),
        "half a page that shows it counts"
    );
    assert_eq!(
        run(&[gone.clone(), failed, part, gone.clone()]),
        (State::Closed, 2),
        "those between say nothing"
    );
    assert_eq!(
        run(&[gone, Outcome::Unchanged]),
        (State::Closed, 2),
        "unchanged means: as the complete one before"
    );
    assert_eq!(run(&vec![Outcome::Unchanged; 50]), (State::Open, 1));
}

#[test]
fn nothing_grows_younger() {
    let dated = |day: Option<(i32, u32, u32)>| {
        let published = day.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        Outcome::Complete(vec![Seen { published, ..seen("a", "1") }])
    };
    let (mut known, _) = after(&[], &dated(None), day(10));
    let mut last = known[0].day();
    for (n, stated) in
        [None, Some((2026, 10, 30)), None, Some((2026, 8, 1)), Some((2026, 10, 1))].into_iter().enumerate()
    {
        let (next, events) = after(&known, &dated(stated), day(11 + n as u64));
        assert_eq!(events, [], "a date alone is no change");
        assert!(next[0].day() <= last, "{stated:?} made it younger");
        last = next[0].day();
        known = next;
    }
    assert_eq!(last, NaiveDate::from_ymd_opt(2026, 8, 1).expect("a date"));
}

#[test]
fn texts_that_were_not_read_and_rows_listed_twice_change_nothing() {
    let unread = Seen { hash: None, ..seen("a", "") };
    let (known, _) = after(&[], &Outcome::Complete(vec![unread.clone()]), day(0));
    let (known, events) = after(&known, &Outcome::Complete(vec![seen("a", "1"), seen("a", "2")]), day(1));
    assert_eq!(events, [], "the first reading of a text is no change of it");
    let (known, events) = after(&known, &Outcome::Complete(vec![unread]), day(2));
    assert_eq!((events, known[0].hash.as_deref()), (vec![], Some("1")));
}

#[test]
fn a_clock_that_is_set_back_does_no_harm() {
    let here = Outcome::Complete(vec![seen("a", "1")]);
    let (known, _) = after(&[], &here, day(20));
    let (known, events) = after(&known, &here, day(2));
    assert_eq!(events, []);
    assert_eq!((known[0].first_seen, known[0].last_seen), (day(20), day(20)));
}
