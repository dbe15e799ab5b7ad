//! Everything around the program: set-up, run, test and bundle, as `cargo xtask COMMAND`.
//!
//! It depends on next to nothing, so that it compiles in seconds on a machine where the program itself
//! does not compile yet.

// A terminal program's answers go to its standard output.
#![allow(clippy::print_stdout)]

mod bench;
mod bundle;
mod cargo;
mod chaos;
mod journeys;
mod packages;
mod paths;
mod run;
mod sample;
mod steps;
mod test;
mod tools;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  run [--sample]     set up, build, obtain the models and open InternFlow
                     (in the browser where there is no display)
  test               set up, then every check: lints, Rust and UI tests, both journeys
  setup              install what is missing and build the UI
  lint               formatting, clippy, types of the UI, licences
  bench sync [REPO]  measure how fast a repository gets into the database
  bench search REPO...  measure how well functions are found by their documentation
  bench isolation [short|ROUNDS]  measure whether any work slows down the window
  chaos [--seed N] [--minutes M]  let everything go wrong and check what must hold
  bundle deb         make an installable package; --debug reuses the debug build
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["run"] => run::run(false),
        ["run", "--sample"] => run::run(true),
        ["test"] => test::test(),
        ["setup"] => run::setup(),
        ["lint"] => test::lint(),
        ["bench", name, ref repositories @ ..] => bench::bench(name, repositories),
        ["chaos", ref options @ ..] => chaos::command(options),
        ["bundle", kind] => bundle::bundle(kind, false),
        ["bundle", kind, "--debug"] => bundle::bundle(kind, true),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("There is no such command: {}\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
