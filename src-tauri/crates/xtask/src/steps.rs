//! Named steps: each says what it does and how long it took; the first that fails ends the run with the
//! command that repeats it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The steps of one run so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Outcome)>,
}

enum Outcome {
    Passed(Duration),
    /// Not run here, and why.
    Left(String),
}

impl Steps {
    /// Runs `work` under a name.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n── {name}");
        let start = Instant::now();
        if let Err(error) = work() {
            self.summary();
            println!("  failed  {name} ({:.1} s)", start.elapsed().as_secs_f64());
            println!("\n{} passed, 1 failed", self.passed());
            return Err(error.context(format!("The step \"{name}\" failed")));
        }
        println!("   {name}: {:.1} s", start.elapsed().as_secs_f64());
        self.done.push((name.to_owned(), Outcome::Passed(start.elapsed())));
        Ok(())
    }

    /// Says that a step cannot run on this machine.
    pub fn left_out(&mut self, name: &str, why: &str) {
        println!("\n── {name}: not run, {why}");
        self.done.push((name.to_owned(), Outcome::Left(why.to_owned())));
    }

    /// The table at the end.
    pub fn finish(&self) {
        self.summary();
        println!("\n{} passed, 0 failed", self.passed());
    }

    fn passed(&self) -> usize {
        self.done.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Passed(_))).count()
    }

    fn summary(&self) {
        println!("\n── summary");
        for (name, outcome) in &self.done {
            match outcome {
                Outcome::Passed(time) => println!("{:7.1} s  {name}", time.as_secs_f64()),
                Outcome::Left(why) => println!("  not run  {name}: {why}"),
            }
        }
    }
}

/// A command as it can be typed to repeat it.
pub fn shown(command: &Command) -> String {
    let quote = |word: &std::ffi::OsStr| {
        let word = word.to_string_lossy();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c);
        if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { format!("'{word}'") }
    };
    let mut words = Vec::new();
    if let Some(folder) = command.get_current_dir() {
        words.push(format!("cd {} &&", quote(folder.as_os_str())));
    }
    let set = command.get_envs().filter_map(|(key, value)| Some((key, value?)));
    words.extend(set.map(|(key, value)| format!("{}={}", key.to_string_lossy(), quote(value))));
    words.push(quote(command.get_program()));
    words.extend(command.get_args().map(quote));
    words.join(" ")
}

/// Runs a command that reads nothing from the terminal; its output goes to ours.
pub fn run(command: &mut Command) -> Result<()> {
    command.stdin(Stdio::null());
    let status = command.status().with_context(|| format!("{} could not be started", shown(command)))?;
    if !status.success() {
        bail!("It ended with {status}. To repeat it:\n  {}", shown(command));
    }
    Ok(())
}

/// What a command writes, or `None` when it cannot be started or fails.
pub fn answer(program: impl AsRef<Path>, args: &[&str]) -> Option<String> {
    let output =
        Command::new(program.as_ref()).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
