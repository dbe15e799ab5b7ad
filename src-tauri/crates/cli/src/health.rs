//! `doctor`: whether the machine has what the app needs. `health`: how each part of the app is.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use internflow_core::Core;
use internflow_core::activity;
use internflow_core::api::Nothing;
use internflow_domain::{Component, ComponentState};
use serde_json::json;

use crate::show;
use crate::show::Format;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(clap::Args)]
pub(crate) struct DoctorArgs {
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Also write a file to send with a question: versions, checks, the queue and the logs, without code, names
    /// and tokens.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

/// Ends with 1 when something is to be mended.
pub(crate) async fn doctor(core: &Core, args: DoctorArgs) -> Result<ExitCode> {
    let checks = activity::doctor(core, Nothing {}).await?;
    let well = checks.iter().all(|check| check.ok);
    let written = match args.bundle {
        Some(file) => {
            let path = Some(std::path::absolute(file)?.to_string_lossy().into_owned());
            Some(activity::bundle(core, activity::WriteBundle { path }).await?)
        }
        None => None,
    };
    if args.format == Format::Json {
        let components = activity::components(core, Nothing {}).await?;
        let all = json!({ "checks": checks, "components": components, "bundle": written.map(|it| it.path) });
        show::line(&serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::from(u8::from(!well)));
    }
    for check in checks {
        let mark = if check.ok { "ok  " } else { "MEND" };
        show::line(&format!("{mark}  {:<22} {}", check.name, check.found));
        if !check.ok {
            show::line(&format!("      {:<22} → {}", "", check.mend));
        }
    }
    if let Some(written) = written {
        show::line(&format!("{}  {:.1} KB", written.path, written.bytes as f64 / 1e3));
    }
    Ok(ExitCode::from(u8::from(!well)))
}

/// Ends with 1 when a part is left alone or does not answer.
pub(crate) async fn health(core: &Core, args: &Args) -> Result<ExitCode> {
    let components = activity::components(core, Nothing {}).await?;
    let trouble = components.iter().any(|component| component.state.is_trouble());
    match args.format {
        Format::Json => show::line(&serde_json::to_string_pretty(&components)?),
        Format::Text => components.iter().for_each(line),
    }
    Ok(ExitCode::from(u8::from(trouble)))
}

fn line(component: &Component) {
    let state = match component.state {
        ComponentState::Running => "running",
        ComponentState::Idle => "idle",
        ComponentState::Waiting => "waiting",
        ComponentState::LeftAlone => "LEFT ALONE",
        ComponentState::Broken => "BROKEN",
    };
    let mut words = component.words.clone();
    if component.queued > 0 {
        words += &format!("; {} waiting", component.queued);
    }
    if let Some(memory) = component.memory {
        words += &format!("; {:.0} MB", memory as f64 / 1e6);
    }
    show::line(&format!("{state:<10}  {:<26} {words}", component.name));
    if let Some(error) = &component.last_error {
        show::line(&format!("            {:<26} last error: {}", "", error.message));
    }
}
