//! `account`: signing in to GitHub, who is signed in, signing out.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use internflow_core::Core;
use internflow_core::account::{self, PasteToken};
use internflow_core::api::Nothing;
use internflow_core::settings;
use internflow_domain::{Account, SignIn};

use crate::show;
use crate::show::Format;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign in with a code that you type on GitHub's page.
    Login {
        /// API address of a GitHub Enterprise Server; kept in the settings.
        #[arg(long, value_name = "URL")]
        api_url: Option<String>,
        /// Client id of the GitHub App to sign in with; kept in the settings.
        #[arg(long, value_name = "ID", env = "INTERNFLOW_GITHUB_CLIENT_ID")]
        client_id: Option<String>,
        /// Read a token from standard input instead: `account login --with-token < token.txt`.
        #[arg(long)]
        with_token: bool,
    },
    /// Show who is signed in, what the sign-in may do and when it ends.
    Status {
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Delete the tokens from this computer. Everything that was synced stays.
    Logout,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Login { api_url, client_id, with_token } => {
            set(core, api_url, client_id).await?;
            if with_token { paste(core).await } else { login(core).await }
        }
        Command::Status { format } => {
            let state = account::get(core, Nothing {}).await?;
            match (format, &state) {
                (Format::Json, _) => show::line(&serde_json::to_string_pretty(&state)?),
                (Format::Text, SignIn::SignedIn { account }) => status(account),
                (Format::Text, SignIn::SignedOut { message, .. }) => {
                    show::line("Not signed in. `internflow-cli account login` signs in.");
                    message.iter().for_each(|message| show::note(message));
                }
                (Format::Text, SignIn::Code { page, user_code, .. }) => {
                    show::line(&format!("The code {user_code} waits to be typed at {page}"));
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Logout => {
            let out = account::sign_out(core, Nothing {}).await?;
            show::line("Signed out. Everything that was synced stays.");
            show::note(&format!("To take the access back at GitHub too: {}", out.revoke_page));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Keeps what was named for the next time.
pub(crate) async fn set(core: &Core, api_url: Option<String>, client_id: Option<String>) -> Result<()> {
    let before = settings::get(core, Nothing {}).await?;
    let mut now = before.clone();
    now.github_api = api_url.unwrap_or(now.github_api);
    now.github_client_id = client_id.unwrap_or(now.github_client_id);
    if now != before {
        settings::set(core, now).await?;
    }
    Ok(())
}

async fn login(core: &Core) -> Result<ExitCode> {
    let mut events = core.subscribe();
    let mut state = account::sign_in(core, Nothing {}).await?;
    if let SignIn::Code { user_code, page, .. } = &state {
        show::line(&format!("Open {page} and type the code {user_code}"));
    }
    let mut said = None;
    loop {
        match state {
            SignIn::SignedIn { account } => {
                status(&account);
                return Ok(ExitCode::SUCCESS);
            }
            SignIn::SignedOut { message, .. } => {
                bail!(message.unwrap_or_else(|| "Signing in was stopped.".to_owned()))
            }
            SignIn::Code { waiting, .. } => {
                if waiting != said {
                    waiting.iter().for_each(|reason| show::note(reason));
                    said = waiting;
                }
            }
        }
        tokio::select! {
            // A missed event is followed by a look all the same.
            _ = events.recv() => {}
            _ = tokio::signal::ctrl_c() => {
                account::cancel(core, Nothing {}).await?;
            }
        }
        state = account::get(core, Nothing {}).await?;
    }
}

async fn paste(core: &Core) -> Result<ExitCode> {
    let token = tokio::task::spawn_blocking(|| {
        let mut token = String::new();
        std::io::stdin().lock().take(4096).read_to_string(&mut token).map(|_| token)
    });
    let token = token.await?.context("No token could be read from standard input")?;
    match account::paste(core, PasteToken { token }).await? {
        SignIn::SignedIn { account } => {
            status(&account);
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("GitHub did not take the token."),
    }
}

fn status(account: &Account) {
    let name = account.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    show::line(&format!("Signed in to {} as {}{name}", account.host, account.login));
    show::line(&format!("  E-mails      {}", account.emails.join(", ")));
    let moment = |at: i64| internflow_core::account::day(at);
    match (account.expires_at, account.renewable_until) {
        (_, Some(until)) => show::line(&format!("  Renews       by itself until {}", moment(until))),
        (Some(at), None) => show::line(&format!("  Ends         {}", moment(at))),
        (None, None) => {}
    }
    if !account.permissions.is_empty() {
        show::line(&format!("  May          {}", account.permissions.join(", ")));
    }
    if !account.kept {
        show::note(
            "There is no keyring on this computer, so the sign-in ends with this command. `doctor` says how to mend it.",
        );
    }
}
