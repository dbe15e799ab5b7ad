//! What is told, when, and that nothing is told twice: sixty days of two boards that list the same openings.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeZone;

use super::*;
use crate::cluster::{Opening, Sketch, clusters};
use crate::freshness::{self, Event, Known, Outcome, Seen, State};

/// India's time.
const OFFSET: i32 = 330;

fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let first = Utc.with_ymd_and_hms(2026, 9, 1, hour, minute, 0).single().expect("a time");
    first + TimeDelta::days(day.into())
}

fn news(cluster: &str, score: i32) -> News {
    News {
        cluster: cluster.to_owned(),
        members: vec![cluster.to_owned()],
        title: "Backend Intern".to_owned(),
        company: "Saffron Labs".to_owned(),
        score,
        why: "Your code proves 4 of 5 required skills.".to_owned(),
        withheld: false,
    }
}

fn tell(all: &[News], told: &mut Told, settings: &Settings, now: DateTime<Utc>) -> Option<Notice> {
    let checked: Vec<(&News, Alive)> =
        waiting(all, told, settings, now, OFFSET).into_iter().map(|news| (news, Alive::Yes)).collect();
    notice(&checked, told, settings, now)
}

#[test]
fn only_what_is_above_the_bar_and_once() {
    let mut told = Told::default();
    let settings = Settings::default();
    let scam = News { withheld: true, ..news("scam", 99) };
    let all = [news("a", 70), news("b", 91), news("c", 69), scam];
    let found = tell(&all, &mut told, &settings, at(0, 6, 0)).expect("a notice");
    assert_eq!(found.clusters, ["b", "a"], "the best first; below the bar and withheld never");
    assert_eq!(found.title, "2 new openings for you");
    assert_eq!(tell(&all, &mut told, &settings, at(30, 6, 0)), None, "once each, ever");
    let more = [news("d", 80)];
    assert_eq!(tell(&more, &mut told, &settings, at(0, 9, 59)), None, "notices are gathered");
    let found = tell(&more, &mut told, &settings, at(0, 10, 0)).expect("four hours later");
    assert_eq!(found.says, "It scores 80, your bar is 70. Your code proves 4 of 5 required skills.");
    let mut joined = news("e", 95);
    joined.members.push("a".to_owned());
    assert_eq!(
        tell(&[joined], &mut told, &settings, at(9, 6, 0)),
        None,
        "a cluster that was split or joined is not new"
    );
    let many: Vec<News> = (0..9).map(|n| news(&format!("n{n}"), 80)).collect();
    let found = tell(&many, &mut told, &settings, at(9, 6, 0)).expect("a notice");
    assert!(found.says.ends_with("and 6 more."), "{}", found.says);
    assert_eq!(found.clusters.len(), 9);
    let mut fresh = Told::default();
    fresh.skip(&many);
    assert_eq!(tell(&many, &mut fresh, &settings, at(9, 6, 0)), None, "what was there before is no news");
}

#[test]
fn quiet_hours_are_the_local_ones() {
    let all = [news("a", 90)];
    let over_midnight = Settings { quiet: Some((22 * 60, 8 * 60)), ..Settings::default() };
    let by_day = Settings { quiet: Some((9 * 60, 17 * 60)), ..Settings::default() };
    let never = Settings { quiet: None, ..Settings::default() };
    // 16:29 in UTC is 21:59 in India.
    for (hour, minute, night, day) in [
        (16, 29, true, true),
        (16, 30, false, true),
        (2, 29, false, true),
        (2, 30, true, true),
        (3, 30, true, false),
    ] {
        let told = |settings: &Settings| {
            !waiting(&all, &Told::default(), settings, at(0, hour, minute), OFFSET).is_empty()
        };
        assert_eq!(told(&over_midnight), night, "{hour}:{minute}");
        assert_eq!(told(&by_day), day, "{hour}:{minute}");
        assert!(told(&never));
    }
    let west = waiting(&all, &Told::default(), &over_midnight, at(0, 2, 30), -600);
    assert_eq!(west.len(), 1, "half past four in the afternoon, ten hours west");
}

#[test]
fn what_is_gone_is_not_told_and_what_is_unknown_is_told_later() {
    let (mut told, settings) = (Told::default(), Settings::default());
    let all = [news("gone", 90), news("down", 90), news("here", 75)];
    let state = |news: &News| match news.cluster.as_str() {
        "gone" => Alive::Gone,
        "down" => Alive::Unknown,
        _ => Alive::Yes,
    };
    let mut step = |hour: u32, state: &dyn Fn(&News) -> Alive| {
        let now = at(0, hour, 0);
        let checked: Vec<(&News, Alive)> =
            waiting(&all, &told, &settings, now, OFFSET).into_iter().map(|n| (n, state(n))).collect();
        notice(&checked, &mut told, &settings, now).map(|notice| notice.clusters)
    };
    assert_eq!(step(5, &state), Some(vec!["here".to_owned()]));
    assert_eq!(step(10, &state), None, "nothing alive, nothing told");
    assert_eq!(step(11, &|_| Alive::Yes), Some(vec!["down".to_owned(), "gone".to_owned()]));
    let ahead = Told { last: Some(at(400, 0, 0)), ..Told::default() };
    assert_eq!(
        waiting(&all, &ahead, &settings, at(0, 5, 0), OFFSET).len(),
        3,
        "a clock set back silences nobody"
    );
}

/// Openings of the made-up boards with the days on which they are there, from the first up to the second. `flicker` is missing for single days, `again`
/// closes and reopens, `while-down` appears while its board is down, `short` is gone before anybody may be told.
const OPENINGS: &[(&str, &[(u32, u32)])] = &[
    ("stays", &[(0, 60)]),
    ("flicker", &[(0, 12), (13, 25), (26, 60)]),
    ("again", &[(3, 15), (40, 60)]),
    ("while-down", &[(23, 60)]),
    ("late", &[(33, 50)]),
    ("short", &[(36, 37)]),
    ("last", &[(58, 60)]),
];

fn is_there(days: &[(u32, u32)], day: u32) -> bool {
    days.iter().any(|(from, to)| (*from..*to).contains(&day))
}

const BOARDS: [&str; 2] = ["greenhouse", "lever"];

/// The first board is down for a week, and reads half of itself on the day after.
fn crawl(board: &str, day: u32) -> Outcome {
    let there = OPENINGS.iter().filter(|(_, days)| is_there(days, day));
    let seen: Vec<Seen> = there
        .map(|(name, _)| Seen { id: format!("{board}:{name}"), hash: Some("1".to_owned()), published: None })
        .collect();
    match (board, day) {
        ("greenhouse", 20..27) => Outcome::Failed,
        ("greenhouse", 27) => Outcome::Partial(seen.into_iter().take(1).collect()),
        _ => Outcome::Complete(seen),
    }
}

fn opening(key: &str) -> Opening {
    let name = key.split(':').nth(1).unwrap_or_default();
    Opening {
        key: key.to_owned(),
        company: "Saffron Labs".to_owned(),
        title: format!("{name} engineer"),
        places: vec!["Pune".to_owned()],
        sketch: Sketch::of(""),
    }
}

#[test]
fn sixty_days_tell_each_opening_once_and_close_none_that_is_there() {
    let (mut told, settings) = (Told::default(), Settings::default());
    let mut known: BTreeMap<&str, Vec<Known>> = BTreeMap::new();
    let mut kept: HashMap<String, String> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut notices: Vec<(u32, String)> = Vec::new();
    let mut false_closings = 0;
    for day in 0..60 {
        for board in BOARDS {
            let before = known.remove(board).unwrap_or_default();
            let (after, events) = freshness::after(&before, &crawl(board, day), at(day, 5, 0));
            for (id, event) in events {
                let name = id.split(':').nth(1).unwrap_or_default();
                let days = OPENINGS.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, days)| days);
                false_closings += u32::from(event == Event::Closed && is_there(days, day));
                if event == Event::New {
                    order.push(id);
                }
            }
            known.insert(board, after);
        }
        let openings: Vec<Opening> = order.iter().map(|key| opening(key)).collect();
        let found = clusters(&openings, &kept, &[]);
        kept = found.iter().flat_map(|c| c.members.iter().map(|m| (m.clone(), c.id.clone()))).collect();
        let open = |key: &String| known.values().flatten().any(|p| p.id == *key && p.state == State::Open);
        let all: Vec<News> = found
            .iter()
            .filter(|cluster| cluster.members.iter().any(open))
            .map(|cluster| News { members: cluster.members.clone(), ..news(&cluster.id, 80) })
            .collect();
        // It is looked at every hour of the day; whether an opening is still there, its own page says.
        for hour in 0..24 {
            let now = at(day, hour, 30);
            let checked: Vec<(&News, Alive)> = waiting(&all, &told, &settings, now, OFFSET)
                .into_iter()
                .map(|news| {
                    let name = news.cluster.split(':').nth(1).unwrap_or_default();
                    let there = OPENINGS.iter().any(|(n, days)| *n == name && is_there(days, day));
                    let down = news.cluster.starts_with("greenhouse") && (20..27).contains(&day);
                    (
                        news,
                        if down {
                            Alive::Unknown
                        } else if there {
                            Alive::Yes
                        } else {
                            Alive::Gone
                        },
                    )
                })
                .collect();
            if let Some(found) = notice(&checked, &mut told, &settings, now) {
                notices.extend(found.clusters.into_iter().map(|cluster| (day, cluster)));
            }
        }
    }
    let expected = [
        (0, "greenhouse:flicker"),
        (0, "greenhouse:stays"),
        (3, "greenhouse:again"),
        (23, "lever:while-down"),
        (33, "greenhouse:late"),
        (36, "greenhouse:short"),
        (58, "greenhouse:last"),
    ];
    assert_eq!(
        notices,
        expected.map(|(day, cluster)| (day, cluster.to_owned())),
        "one notice an opening, none twice"
    );
    assert_eq!(false_closings, 0, "a board that is down or flickers closes nothing that is there");
}
