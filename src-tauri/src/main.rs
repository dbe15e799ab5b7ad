//! The window: one host of the core. It opens the window, forwards two doors (`call` and `subscribe`),
//! lets files be dragged out, and stops the core on exit. What the app does is decided in `internflow-core`.

// No console window beside the app on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod drag;
mod host;
mod shell;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(message) => return shell::refuse(&message),
    };
    shell::prepare_webview();
    let host = match host::Host::start(args.repository) {
        Ok(host) => host,
        Err(error) => {
            // Most often another window has the data folder: then that one comes to the front.
            shell::focus_other();
            return shell::refuse(&format!("{error:#}"));
        }
    };
    shell::run(host)
}

/// `internflow [--repository PATH]`. The data folder comes from `INTERNFLOW_DATA_DIR` when it is set.
#[derive(Debug, Default, PartialEq)]
struct Args {
    /// A repository to add and open.
    repository: Option<PathBuf>,
}

impl Args {
    fn parse(args: impl Iterator<Item = std::ffi::OsString>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut args = args;
        while let Some(arg) = args.next() {
            match arg.to_str() {
                Some("--repository") => {
                    let path = args.next().ok_or("--repository needs the folder of a repository.")?;
                    parsed.repository = Some(path.into());
                }
                // Desktop environments pass their own (macOS: -psn_…); a file or folder opens the app.
                Some(other) if other.starts_with("--") => return Err(format!("There is no option {other}.")),
                _ => {}
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_option_is_refused() {
        let parse = |args: &[&str]| Args::parse(args.iter().map(Into::into));
        assert_eq!(parse(&["--repository", "/r"]).map(|a| a.repository), Ok(Some("/r".into())));
        assert!(parse(&["--repositry", "/r"]).is_err(), "a mistyped option must not open an empty window");
        assert!(parse(&["--repository"]).is_err());
    }
}
