//! What is one opening and what is not, and that clusters stay as they are.

use super::*;

const INTRO: &str = "Saffron Labs builds the maps that delivery riders of forty cities follow every day. We are a team \
    of ninety people in Pune, backed by patient investors, and we believe that good maps are made by people who walk. \
    We offer health insurance, a learning budget, lunch at the office and four weeks of paid leave. ";
const BACKEND: &str = "As a backend intern you write services in Go that answer twenty thousand questions a second, you \
    measure what they cost, you find out why the slow ones are slow, and you present what you found to the whole team \
    at the end of the six months. We ask for one project of your own with a database in it, some knowledge of SQL, and \
    the patience to read other people's code. Students of any branch who graduate in 2027 can apply. ";
const DATA: &str = "You clean the traces of a million rides, train models that guess how long the next one takes, and \
    argue with the people who ride about what the numbers mean. Python, pandas and statistics on the level of a second \
    year course are needed; papers are not. You work with two data scientists and have your own desk by the window. ";

fn opening(key: &str, company: &str, title: &str, place: &str, text: &str) -> Opening {
    Opening {
        key: key.to_owned(),
        company: company.to_owned(),
        title: title.to_owned(),
        places: vec![place.to_owned()],
        sketch: Sketch::of(text),
    }
}

fn check(openings: &[Opening], expected: &[&[&str]]) -> Vec<Cluster> {
    let found = clusters(openings, &HashMap::new(), &[]);
    let members: Vec<Vec<&str>> =
        found.iter().map(|c| c.members.iter().map(String::as_str).collect()).collect();
    assert_eq!(members, expected);
    found
}

fn kept(clusters: &[Cluster]) -> HashMap<String, String> {
    clusters.iter().flat_map(|c| c.members.iter().map(|m| (m.clone(), c.id.clone()))).collect()
}

#[test]
fn one_opening_in_several_cities_and_sources() {
    let text = format!("{INTRO}{BACKEND}");
    let other = format!("Location: Chennai. {INTRO}{BACKEND}Apply on our site, we answer within a week.");
    let found = check(
        &[
            opening(
                "greenhouse:1",
                "Saffron Labs",
                "Backend Intern - Pune",
                "Pune, Maharashtra, India",
                &text,
            ),
            opening("greenhouse:2", "Saffron Labs", "Backend Intern (Chennai)", "Chennai", &other),
            opening(
                "page:3",
                "Saffron Labs Pvt. Ltd.",
                "Intern, Backend [Req ID: R-20391]",
                "Bangalore / Pune",
                &text,
            ),
            opening("list:4", "saffron labs India Private Limited", "Backend Internship", "Bengaluru", ""),
            opening("greenhouse:5", "Saffron Labs", "Backend Intern II", "Pune", &text),
            opening("greenhouse:6", "Saffron Labs", "Data Science Intern", "Pune", &format!("{INTRO}{DATA}")),
            opening("list:7", "Saffron Labs", "Backend Intern", "Berlin", ""),
            opening("lever:8", "Saffron Robotics", "Backend Intern", "Pune", &text),
        ],
        &[
            &["greenhouse:1", "greenhouse:2", "page:3", "list:4"],
            &["greenhouse:5"],
            &["greenhouse:6"],
            &["list:7"],
            &["lever:8"],
        ],
    );
    assert_eq!(found[0].places, ["Pune", "Chennai", "Bengaluru"], "one spelling a city");
}

#[test]
fn one_title_with_other_work_is_another_opening() {
    check(
        &[
            opening("a", "Saffron Labs", "Intern", "Pune", &format!("{INTRO}{BACKEND}")),
            opening("b", "Saffron Labs", "Intern", "Pune", &format!("{INTRO}{DATA}")),
        ],
        &[&["a"], &["b"]],
    );
}

#[test]
fn what_is_new_changes_no_cluster_that_was_there() {
    let text = format!("{INTRO}{BACKEND}");
    let mut all = vec![
        opening("a", "Saffron Labs", "Backend Intern", "Pune", &text),
        opening("b", "Saffron Labs", "Backend Intern", "Chennai", ""),
    ];
    let first = check(&all, &[&["a"], &["b"]]);
    // It fits both: it joins one, and the two stay two.
    all.push(opening("c", "Saffron Labs", "Backend Intern", "Chennai", &text));
    let second = clusters(&all, &kept(&first), &[]);
    assert_eq!(second.len(), 2, "{second:?}");
    for cluster in &first {
        let now = second.iter().find(|c| c.id == cluster.id).expect("its id stays");
        assert_eq!(now.members[0], cluster.members[0], "what a user saved by its cluster must stay there");
    }
    all.reverse();
    let again: HashSet<String> = clusters(&all, &kept(&second), &[]).into_iter().map(|c| c.id).collect();
    assert_eq!(again, second.iter().map(|c| c.id.clone()).collect(), "whatever the order");
}

#[test]
fn what_the_user_split_stays_split() {
    let text = format!("{INTRO}{BACKEND}");
    let all: Vec<Opening> =
        ["a", "b", "c"].map(|key| opening(key, "Saffron Labs", "Backend Intern", "Pune", &text)).to_vec();
    let joined = check(&all, &[&["a", "b", "c"]]);
    for (lone, rest) in [("a", ["b", "c"]), ("b", ["a", "c"]), ("c", ["a", "b"])] {
        let apart: Vec<(String, String)> =
            rest.iter().map(|other| (lone.to_owned(), (*other).to_owned())).collect();
        let mut before = kept(&joined);
        for _ in 0..3 {
            let found = clusters(&all, &before, &apart);
            let members: Vec<Vec<String>> = found.iter().map(|c| c.members.clone()).collect();
            assert_eq!(members.len(), 2, "{lone} is apart: {members:?}");
            assert!(members.iter().any(|m| m == &[lone.to_owned()]), "the others stay together: {members:?}");
            before = kept(&found);
        }
    }
}

#[test]
fn likeness_is_that_of_the_texts() {
    let long = |salt: &str, from: usize, to: usize| -> String {
        (from..to).map(|n| format!("word{salt}{n} ")).collect()
    };
    let (a, b) = (long("x", 0, 1_000), long("x", 200, 1_200));
    let likeness = Sketch::of(&a).likeness(&Sketch::of(&b));
    assert!((likeness - 0.667).abs() < 0.12, "two thirds in common, estimated as {likeness}");
    assert_eq!(Sketch::of(&a).likeness(&Sketch::of(&a)), 1.0);
    assert_eq!(Sketch::of(&a).likeness(&Sketch::of(&long("y", 0, 1_000))), 0.0);
    assert_eq!(Sketch::of("").likeness(&Sketch::of("")), 0.0, "nothing in common is not the same");
}
