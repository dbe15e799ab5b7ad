//! `review --rules-only`: files that are no program in the usual sense, and are run all the same.

use internflow_tests::{Cli, TestRepo};
use serde_json::Value;

const WORKFLOW: &str = "name: Welcome
on: issues
jobs:
  welcome:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo \"A new issue\"
          echo \"${{ github.event.issue.title }}\" >> titles.txt
";

const DOCKERFILE: &str = "FROM python:3.13-slim
RUN apt-get update \\
 && apt-get install libpq-dev
CMD ['python', 'app.py']
";

const SCRIPT: &str = "#!/bin/sh
# Empties the folder it is given.
clean() {
  rm -rf $1
}
clean build
";

const CLASS: &str = "class Users
{
    object Find(SqlConnection db, string name)
    {
        using var command = new SqlCommand($\"SELECT id FROM users WHERE name = '{name}'\", db);
        return command.ExecuteScalar();
    }
}
";

/// Reviews the last commit by rules alone; gives path, line and rule of each finding.
fn found(repo: &TestRepo) -> Vec<(String, u64, String)> {
    let cli = Cli::new();
    let path = repo.path().to_string_lossy().into_owned();
    let ran = cli.run(&["review", &path, "--rules-only", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let findings: Vec<Value> = serde_json::from_str(&ran.out).expect("standard output is the array");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut found: Vec<_> = findings
        .iter()
        .map(|f| (text(&f["path"]), f["line"].as_u64().expect("a line"), text(&f["rule"])))
        .collect();
    found.sort();
    found
}

#[test]
fn what_runs_in_a_pipeline_is_reviewed_like_what_runs_in_the_program() {
    let repo = TestRepo::empty();
    repo.commit(
        "Ship it",
        &[
            (".github/workflows/welcome.yml", WORKFLOW),
            ("Dockerfile", DOCKERFILE),
            ("Shop/Users.cs", CLASS),
            ("tools/clean", SCRIPT),
            ("deploy/values.yaml", WORKFLOW),
        ],
    );
    let expected = [
        (".github/workflows/welcome.yml", 9, "workflow/script-injection"),
        ("Dockerfile", 3, "dockerfile/install-asks"),
        ("Dockerfile", 4, "dockerfile/single-quoted-list"),
        ("Shop/Users.cs", 5, "csharp/sql-injection"),
        ("tools/clean", 4, "shell/unquoted-argument"),
    ];
    assert_eq!(
        found(&repo),
        expected.map(|(path, line, rule)| (path.to_owned(), line, rule.to_owned())),
        "a script in a workflow is reported at its own line, and YAML that GitHub does not run is left alone"
    );
}

#[test]
fn of_a_long_instruction_only_the_line_that_was_added_is_reported() {
    let repo = TestRepo::empty();
    let before = "FROM python:3.13-slim\nRUN mkdir /data \\\n && chmod 777 /data \\\n && true\n";
    repo.commit("Make a folder", &[("Dockerfile", before)]);
    let after = before.replace(" && true", " && chmod 777 /cache \\\n && true");
    repo.commit("Open another", &[("Dockerfile", &after)]);
    let lines: Vec<u64> = found(&repo).into_iter().map(|(_, line, _)| line).collect();
    assert_eq!(lines, [4], "line 3 is older than the commit, though it is of the same instruction");
}
