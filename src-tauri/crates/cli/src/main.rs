//! `internflow-cli`: the terminal host and the browser host of InternFlow. The same core and the same
//! commands as the window.
//!
//! Exit status: 0 done, 1 failed, 2 wrong usage, 3 findings at or above `--fail-on`.

mod account;
mod analysis;
mod apply;
mod ats;
mod bullets;
mod data;
mod defence;
mod findings;
mod health;
mod jobs;
mod learn;
mod ledger;
mod logs;
mod models;
mod repos;
mod resume;
mod resume_import;
mod review;
mod search;
mod serve;
mod show;
mod tailor;
mod wait;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use internflow_app::{Leftovers, Places, Running};
use internflow_core::trace;

/// Line-level reviews of your commits and a résumé with proof, on your own laptop.
#[derive(Parser)]
#[command(name = "internflow-cli", version)]
struct Cli {
    /// Folder for database, index, models and exports.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Review commits of a repository.
    Review(review::Args),
    Findings(findings::Args),
    Apply(apply::Args),
    Learn(learn::Args),
    /// Write résumé bullets from the work in repositories, each with its commits.
    Bullets(bullets::Args),
    /// Write a résumé from a JSON Resume profile and the work in repositories.
    Resume(resume::Args),
    ResumeImport(resume_import::Args),
    /// Sign in to GitHub, see who is signed in, sign out.
    Account(account::Args),
    /// List, add and remove repositories.
    Repos(repos::Args),
    Sync(repos::SyncArgs),
    Index(search::IndexArgs),
    Search(search::SearchArgs),
    Ask(search::AskArgs),
    Analyze(analysis::Args),
    Ats(ats::Args),
    Jobs(jobs::Args),
    Tailor(tailor::Args),
    Letter(tailor::LetterArgs),
    Defence(defence::Args),
    /// List what you built in repositories, each thing with its lines and commits.
    Ledger(ledger::Args),
    /// List, get and verify the models.
    Models(models::Args),
    Data(data::Args),
    /// Show the app in a browser, from this machine only.
    Serve(serve::Args),
    Logs(logs::Args),
    /// Look at everything the app needs and say how to mend what is wrong.
    Doctor(health::DoctorArgs),
    /// Show how each part of the app is: what it does, what waits for it, what went wrong.
    Health(health::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let code = match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    };
    // What still blocks (a keyring prompt) must not keep the terminal.
    runtime.shutdown_background();
    code
}

fn failed(error: &anyhow::Error) -> ExitCode {
    show::error(&format!("{error:#}"));
    ExitCode::from(1)
}

async fn run(cli: Cli) -> Result<ExitCode> {
    // About files and nothing else: the database, which an open window may hold, is not needed.
    match &cli.command {
        Command::Ats(args) => return ats::run(args),
        Command::Jobs(args) => {
            if let Some(done) = args.alone() {
                return done;
            }
        }
        Command::Data(args) => {
            if let Some(done) = args.alone(&Places::find(cli.data_dir.clone())?.data_dir).await {
                return done;
            }
        }
        Command::Logs(args) => return logs::run(&Places::find(cli.data_dir.clone())?.data_dir, args),
        _ => {}
    }
    let leftovers = match &cli.command {
        Command::Serve(_) => Leftovers::Resume,
        Command::Sync(args) if !args.once => Leftovers::Resume,
        _ => Leftovers::Leave,
    };
    let running = internflow_app::start(Places::find(cli.data_dir)?, leftovers).await?;
    let done = trace::asked("terminal", Box::pin(command(cli.command, &running))).await;
    running.stop().await;
    done
}

async fn command(command: Command, running: &Running) -> Result<ExitCode> {
    let core = &running.core;
    match command {
        Command::Review(args) => review::run(core, args).await,
        Command::Findings(args) => findings::run(core, args).await,
        Command::Apply(args) => apply::run(core, args).await,
        Command::Learn(args) => learn::run(core, args).await,
        Command::Bullets(args) => bullets::run(core, args).await,
        Command::Resume(args) => resume::run(core, args).await,
        Command::ResumeImport(args) => resume_import::run(core, args).await,
        Command::Account(args) => account::run(core, args).await,
        Command::Repos(args) => repos::run(core, args).await,
        Command::Sync(args) => repos::sync(core, args).await,
        Command::Index(args) => search::index(core, args).await,
        Command::Search(args) => search::search(core, args).await,
        Command::Ask(args) => search::ask(core, args).await,
        Command::Analyze(args) => analysis::run(core, args).await,
        Command::Ats(args) => ats::run(&args),
        Command::Jobs(args) => jobs::run(core, args).await,
        Command::Tailor(args) => tailor::run(core, args).await,
        Command::Letter(args) => tailor::letter(core, args).await,
        Command::Defence(args) => defence::run(core, args).await,
        Command::Ledger(args) => ledger::run(core, args).await,
        Command::Models(args) => models::run(core, args).await,
        Command::Data(args) => data::run(core, args).await,
        Command::Serve(args) => serve::run(core, args).await,
        Command::Logs(args) => logs::run(&core.config().data_dir, &args),
        Command::Doctor(args) => health::doctor(core, args).await,
        Command::Health(args) => health::health(core, &args).await,
    }
}
