//! A function that takes other arguments than before, and the calls elsewhere that were left behind.

use internflow_tests::{Cli, TestRepo};
use serde_json::Value;

const RULE: &str = "cross-file/changed-signature";

/// What the last commit of these is told about callers.
fn check(commits: &[(&str, &[(&str, &str)])]) -> Vec<Value> {
    let (cli, repo) = (Cli::new(), TestRepo::with(commits));
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let findings: Vec<Value> = serde_json::from_str(&ran.out).expect("an array");
    findings.into_iter().filter(|finding| finding["rule"] == RULE).collect()
}

const MAIL: &str = "def send(to, text):\n    return to, text\n";
const MAIL_NOW: &str = "def send(to, text, reply_to):\n    return to, text, reply_to\n";

#[test]
fn callers_that_were_left_behind_are_named() {
    let caller = "from shop.mail import send\n\n\ndef welcome(user):\n    send(user, 'Hello')\n";
    let found = check(&[
        ("Begin", &[("shop/mail.py", MAIL), ("jobs/daily.py", caller)]),
        ("Say where to answer", &[("shop/mail.py", MAIL_NOW)]),
    ]);
    assert_eq!(found.len(), 1, "the call fails when it runs, and this commit does not show it: {found:#?}");
    assert_eq!((&found[0]["path"], &found[0]["line"]), (&"shop/mail.py".into(), &1.into()));
    let message = found[0]["message"].as_str().expect("a message");
    assert_eq!(message, "`send` takes 3 arguments now, but a call still gives 2: `jobs/daily.py:5`.");
}

#[test]
fn what_could_be_another_function_is_not_accused() {
    let begin = |caller: &'static str| -> Vec<(&'static str, &'static str)> {
        vec![("shop/mail.py", MAIL), ("jobs/daily.py", caller)]
    };
    let now: &[(&str, &str)] = &[("shop/mail.py", MAIL_NOW)];
    for (why, caller) in [
        ("a method of something else", "from shop import mail\n\n\ndef f(socket):\n    socket.send(1, 2)\n"),
        (
            "a function of its own",
            "from shop import mail\n\n\ndef send(a, b):\n    return a, b\n\n\nsend(1, 2)\n",
        ),
        ("never imported", "from other import send\n\nsend(1, 2)\n"),
        ("spread from a list", "from shop.mail import send\n\nsend(*rows)\n"),
        ("wrong before already", "from shop.mail import send\n\nsend(1)\n"),
    ] {
        let found = check(&[("Begin", &begin(caller)), ("Say where to answer", now)]);
        assert!(found.is_empty(), "{why}: {found:#?}");
    }
    let caller = "from shop.mail import send\n\nsend(1, 2)\n";
    let both: &[(&str, &str)] =
        &[("shop/mail.py", MAIL_NOW), ("jobs/daily.py", "from shop.mail import send\n\nsend(1, 2, 3)\n")];
    assert!(check(&[("Begin", &begin(caller)), ("Change both", both)]).is_empty(), "nothing was left behind");
    let lenient: &[(&str, &str)] = &[("shop/mail.py", "def send(to, text, reply_to=None):\n    return to\n")];
    assert!(check(&[("Begin", &begin(caller)), ("With a default", lenient)]).is_empty(), "old calls fit");
}

#[test]
fn methods_are_followed_by_names_of_two_words() {
    let old = "export class Cart {\n  addItem(item: string) {}\n  add(item: string) {}\n}\n";
    let new = "export class Cart {\n  addItem(item: string, count: number) {}\n  add(item: string, n: number) {}\n}\n";
    let caller =
        "import { Cart } from './cart';\nconst cart = new Cart();\ncart.addItem('pen');\ncart.add('pen');\n";
    let found = check(&[
        ("Begin", &[("src/cart.ts", old), ("src/page.ts", caller)]),
        ("Count", &[("src/cart.ts", new)]),
    ]);
    assert_eq!(found.len(), 1, "`add` could be a set's: {found:#?}");
    assert!(
        found[0]["message"].as_str().is_some_and(|message| message.contains("`src/page.ts:3`")),
        "{found:#?}"
    );
}
