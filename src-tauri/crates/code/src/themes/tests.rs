//! Histories made up for one question each.

use super::*;

const DAY: i64 = 86_400;

/// Path, added lines and symbols.
type File<'a> = (&'a str, u32, &'a [&'a str]);

fn commit(id: &str, day: i64, files: &[File]) -> Change {
    let touched = |(path, added, symbols): &(&str, u32, &[&str])| Touched {
        path: (*path).to_owned(),
        added: *added,
        removed: 0,
        symbols: symbols.iter().map(|symbol| (*symbol).to_owned()).collect(),
        formatting: false,
    };
    let files = files.iter().map(touched).collect();
    Change { id: id.to_owned(), time: day * DAY, mine: true, is_merge: false, files }
}

/// Two features whose commits alternate, with a changelog in each.
fn two_features() -> Vec<Change> {
    let log = ("CHANGES.md", 1, &[][..]);
    let mut history = Vec::new();
    for day in 0..6 {
        let auth =
            [("src/auth/login.rs", 30, &["login"][..]), ("src/auth/session.rs", 20, &["Session"][..]), log];
        let cart =
            [("src/shop/cart.rs", 25, &["Cart.add"][..]), ("tests/cart_test.rs", 15, &["adds"][..]), log];
        history.push(commit(&format!("a{day}"), day, &auth[usize::from(day % 2 == 0)..]));
        history.push(commit(&format!("c{day}"), day, &cart));
    }
    history
}

fn names(history: &[Change]) -> Vec<String> {
    themes(history).into_iter().map(|theme| format!("{} {}", theme.name, theme.commits.join(" "))).collect()
}

#[test]
fn commits_are_one_theme_when_they_touch_the_same_things() {
    assert_eq!(
        names(&two_features()),
        ["shop/cart: add c0 c1 c2 c3 c4 c5", "auth: Session, login a0 a1 a2 a3 a4 a5",],
        "the changelog that both change joins nothing, and a test meets what it tests"
    );
}

#[test]
fn a_theme_is_called_as_somebody_would_say_it() {
    let cases: [(&[File], &str); 5] = [
        (
            &[
                (
                    "source/index.ts",
                    20,
                    &["Queue.#tick", "Queue.constructor", "Queue.isLimited", "Queue.onLimit"],
                ),
                ("test/advanced.ts", 200, &["limits"]),
            ],
            "Queue.isLimited, onLimit",
        ),
        (&[("src/server.rs", 50, &["Server.run", "listen", "_private"])], "server: listen, run"),
        (&[("src/shop/mod.rs", 50, &["Cart.total", "Cart.clear"])], "shop: Cart.clear, total"),
        (&[("README.md", 90, &[])], "README.md"),
        (&[("tests/cart.rs", 90, &["adds", "clears"])], "tests/cart: adds, clears"),
    ];
    for (files, want) in cases {
        let found = themes(&[commit("a", 0, files)]);
        assert_eq!(found[0].name, want, "a name that nobody would say is no claim: {files:?}");
    }
    let formal = [commit("a", 0, &[("CHANGES.rst", 90, &[]), (".github/pull_request_template.md", 90, &[])])];
    assert!(themes(&formal).is_empty(), "a changelog is somebody's duty and nobody's feature");
}

#[test]
fn the_order_in_which_commits_are_given_has_no_part_in_it() {
    let history = two_features();
    let want = themes(&history);
    for turn in 1..history.len() {
        let mut other = history.clone();
        other.rotate_left(turn);
        other.reverse();
        assert_eq!(themes(&other), want, "a claim must not change because the log was read in another order");
    }
}

#[test]
fn work_on_the_same_files_two_years_later_is_another_theme() {
    let touch = |id: &str, day| commit(id, day, &[("src/db.rs", 30, &["Db.get"][..])]);
    let noise = |id: &str, day| commit(id, day, &[("docs/a.md", 3, &[][..])]);
    let history = [
        touch("a", 0),
        noise("x", 1),
        touch("b", 3),
        noise("y", 400),
        touch("c", 800),
        touch("d", 802),
        noise("z", 900),
    ];
    let found = names(&history);
    assert!(found.contains(&"db: get a b".to_owned()), "{found:?}");
    assert!(found.contains(&"db: get c d".to_owned()), "{found:?}");
}

#[test]
fn what_is_no_work_of_ones_own_is_left_out() {
    let wide: Vec<String> = (0..30).map(|n| format!("src/m{n}.rs")).collect();
    let sweep: Vec<(&str, u32, &[&str])> = wide.iter().map(|path| (path.as_str(), 1, &[][..])).collect();
    let mut merge = commit("merge", 1, &[("src/a.rs", 90, &[])]);
    merge.is_merge = true;
    let mut formatted = commit("format", 2, &[("src/a.rs", 90, &[])]);
    formatted.files[0].formatting = true;
    let mut other = commit("other", 3, &[("lib/b.rs", 90, &[])]);
    other.mine = false;
    let history = [
        commit("sweep", 0, &sweep),
        merge,
        formatted,
        other,
        commit("vendored", 4, &[("node_modules/x/index.js", 900, &[]), ("package-lock.json", 900, &[])]),
        commit("small", 5, &[("src/c.rs", 2, &[])]),
        commit("own", 6, &[("app/d.rs", 80, &["run"])]),
    ];
    assert_eq!(names(&history), ["d: run own"]);
    assert_eq!(names(&[]), Vec::<String>::new());
}

#[test]
fn lines_are_those_of_the_author_and_commits_those_of_everybody() {
    let mut history = two_features();
    for change in history.iter_mut().filter(|change| change.id.starts_with('c') && change.id != "c0") {
        change.mine = false;
    }
    let cart =
        themes(&history).into_iter().find(|theme| theme.name.contains("cart")).expect("one commit is mine");
    assert_eq!((cart.mine, cart.commits.len(), cart.authored), (1, 6, 41));
    assert_eq!((cart.first, cart.last), (0, 5 * DAY));
}

#[test]
fn long_and_hostile_histories_are_bounded() {
    let path = |n: usize| format!("src/{}/f{}.rs", n % 50, n % 400);
    let mut history: Vec<Change> = (0..3_000)
        .map(|n| commit(&n.to_string(), n as i64 / 4, &[(&path(n), 9, &["f"]), (&path(n / 7), 3, &["g"])]))
        .collect();
    let many: Vec<String> = (0..20_000).map(|n| format!("a/{n}.rs")).collect();
    let files: Vec<(&str, u32, &[&str])> =
        many.iter().map(|path| (path.as_str(), u32::MAX, &["x"][..])).collect();
    history.push(commit("huge", i64::MAX / DAY, &files));
    history.push(commit("", i64::MIN / DAY, &[("", 90, &[""]), ("/", 90, &["/"]), ("../..", 90, &[])]));
    assert!(!themes(&history).is_empty(), "three thousand commits have themes");
}
