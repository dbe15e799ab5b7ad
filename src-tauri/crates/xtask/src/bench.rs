//! `cargo xtask bench`: one measurement, one table. Not part of the tests: a time is a fact about a machine.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::steps::run;
use crate::{cargo, paths};

/// `sync [REPO]`: a repository over HTTP from this machine into the database, beside `git log -p`.
/// `search REPO...`: how well functions are found by what their documentation says.
/// `ask REPO... [QUESTIONS]`: whether answers cite the function that was asked for.
/// `bullets [REPO...] [BULLETS]`: whether the words of bullets say only what was counted.
/// `review [tune|report] [without-STAGE...]`: what reviews find of the labelled commits.
/// `obvious [tune|report] [must]`: what the same model finds of them when it is simply asked.
/// `hybrid REPO [FUNCTIONS]`: how long a whole search takes in an index of 100,000 functions.
/// `injections [with-model] [only-KIND] [only-N]`: whether text in code and commit messages steers a review.
/// `analysis [COMMITS]`: a long history analysed, and whether the app answers meanwhile.
/// `adverts [tune|report] [misses]`: how well labelled adverts are read.
/// `sources`: what reading job boards, rules of robots.txt and clusters costs.
/// `crawl [BOARDS]`: pages a second of a crawl that need not pause, and its memory.
/// `text`: tokens a second of the text model, on a quiet machine and beside a busy program.
/// `isolation [short|ROUNDS]`: each work beside each thing that a user waits for, and the same in one piece.
/// `blind [ROUNDS]`: whether the slow or broken part is named by what the app tells of itself.
/// `start`: how soon it answers, what it costs when nothing happens, how soon it lets go.
/// `embed [REPO]`: pieces embedded a second, beside ONNX Runtime.
/// `nearest [ROWS...]`: the nearest of many vectors, beside FAISS.
pub fn bench(name: &str, args: &[&str]) -> Result<()> {
    let most = match name {
        "text" | "sources" | "start" => 0,
        "sync" | "embed" | "analysis" | "isolation" | "crawl" | "blind" => 1,
        "adverts" => 2,
        "search" | "ask" | "bullets" | "hybrid" | "nearest" | "review" | "obvious" | "injections" => {
            usize::MAX
        }
        _ => bail!(
            "There is no benchmark {name}; there are sync, search, ask, bullets, hybrid, review, obvious, injections, analysis, isolation, blind, start, adverts, sources, crawl, text, embed and nearest."
        ),
    };
    if args.len() > most {
        bail!("{name} takes {most} words at most.");
    }
    cargo::build(false)?;
    if name == "sources" {
        return run(&mut Command::new(paths::executable("debug/examples", "sources")));
    }
    if name == "adverts" {
        let half = args.first().copied().unwrap_or("tune");
        let folder = paths::root().join("tests").join("fixtures").join("adverts").join(half);
        return run(Command::new(paths::executable("debug/examples", "adverts"))
            .arg(folder)
            .args(args.iter().skip(1)));
    }
    if matches!(name, "embed" | "nearest") { beside_python(name, args) } else { over_http(name, args) }
}

/// A script that drives the browser host, or an engine.
fn over_http(name: &str, repositories: &[&str]) -> Result<()> {
    let mut command = Command::new("node");
    command.arg(Path::new("tests").join("bench").join(format!("{name}.mjs"))).current_dir(paths::root());
    for repository in repositories {
        // The words of some name no folder.
        let path = Path::new(repository);
        command.arg(if path.is_dir() { std::path::absolute(path)? } else { path.to_owned() });
    }
    command
        .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"))
        .env("INTERNFLOW_MODELS", paths::models()?)
        .env("BENCH_WORKER", paths::executable("debug", "internflow-inference-worker"))
        .env("BENCH_TEXT", paths::executable("debug/examples", "text"))
        .env("BENCH_DATABASE", paths::executable("debug/examples", "database"))
        .env("BENCH_MONOLITH", paths::executable("debug/examples", "monolith"));
    run(&mut command)
}

/// A script that measures an engine beside the one that Python programs use for the same.
fn beside_python(name: &str, args: &[&str]) -> Result<()> {
    let scripts = paths::root().join("tests").join("bench");
    let environment = paths::target().join("bench-python");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let requirements = scripts.join("requirements.txt");
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    let mut command = Command::new(&python);
    command
        .arg(scripts.join(format!("{name}.py")))
        .args(args)
        .current_dir(paths::root())
        .env("INTERNFLOW_MODELS", paths::models()?)
        .env("BENCH_WORKER", paths::executable("debug", "internflow-inference-worker"))
        .env("BENCH_EMBED", paths::executable("debug/examples", "embed"))
        .env("BENCH_NEAREST", paths::executable("debug/examples", "nearest"));
    run(&mut command)
}
