//! What a crash leaves behind is taken up again, once.

use internflow_tests::{Cli, TestRepo};

#[test]
fn a_second_review_of_a_commit_replaces_the_first() {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]));
    let path = repo.path().to_string_lossy().into_owned();
    let review = || {
        let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    assert_eq!(review(), review(), "asking twice shows each finding once");
}

#[cfg(unix)]
#[test]
fn a_killed_app_goes_on_where_it_was() {
    use std::io::BufRead;
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]));
    let path = repo.path().to_string_lossy().into_owned();
    for _ in 0..5 {
        let mut serving = cli
            .command(&["serve", "--repository", &path])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        std::io::BufReader::new(serving.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("it says where it is");
        // SIGKILL, in the middle of whatever its queue does.
        serving.kill().expect("it is killed");
        serving.wait().expect("it ends");
    }
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("python/mutable-default"), "{}", ran.out);
}
