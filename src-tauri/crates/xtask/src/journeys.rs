//! The journeys: what a user does, in a real browser and in the real window, with the real model.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::paths;
use crate::steps::{Steps, run};
use crate::tools;

/// The journeys in Chromium against the browser host.
pub fn browser(steps: &mut Steps) -> Result<()> {
    for (name, of) in [("journey in the browser", "browser"), ("journey of what strangers write", "hostile")]
    {
        let Some(browser) = tools::browser() else {
            steps.left_out(name, "no Chromium was found");
            continue;
        };
        steps.step(name, || {
            let mut command = Command::new("node");
            command
                .arg(script(&format!("{of}.mjs")))
                .env("CHROMIUM", browser)
                .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"));
            run(real(&mut command, of)?)
        })?;
    }
    Ok(())
}

/// The journeys in the window. Their driver is WebKitGTK's, so they run on Linux only.
pub fn window(steps: &mut Steps) -> Result<()> {
    for (name, of) in [
        ("journey in the window", "window"),
        ("journey into the code in the window", "code"),
        ("journey of the findings in the window", "findings"),
        ("journey of what was built in the window", "built"),
        ("journey from a job board to an application", "jobs"),
        ("journey from two repositories to a résumé", "resume"),
        ("journey with GitHub in the window", "github"),
        ("journey in which the text model is killed", "worker"),
        ("journey of the data in the window", "data"),
    ] {
        if !cfg!(target_os = "linux") {
            steps.left_out(name, "its driver exists for Linux only");
            continue;
        }
        steps.step(name, || {
            let mut command = Command::new("xvfb-run");
            command
                .args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--", "node"])
                .arg(script(&format!("{of}.mjs")))
                .env("INTERNFLOW_APP", paths::executable("debug", "internflow"))
                .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"))
                // No accessibility bus, no GPU, and a webview that lets itself be driven.
                .env("NO_AT_BRIDGE", "1")
                .env("LIBGL_ALWAYS_SOFTWARE", "1")
                .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
                .env("TAURI_WEBVIEW_AUTOMATION", "true");
            run(real(&mut command, of)?)
        })?;
    }
    Ok(())
}

/// The Word document as LibreOffice opens and saves it.
pub fn office(steps: &mut Steps) -> Result<()> {
    let name = "Word document in LibreOffice";
    if tools::find("soffice").is_none() && !cfg!(target_os = "linux") {
        steps.left_out(name, "LibreOffice was not found");
        return Ok(());
    }
    steps.step(name, || {
        let mut command = Command::new("node");
        command.arg(script("office.mjs")).env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"));
        run(command.current_dir(paths::root()))
    })
}

/// The hosts of the tests keep to their makers' own descriptions, and a cut of the power takes what it may.
pub fn hosts(steps: &mut Steps) -> Result<()> {
    for (name, folder, files) in [
        ("GitHub of the tests", "github", &["contract", "behaviour", "device", "git"][..]),
        ("job boards of the tests", "boards", &["contract", "sources", "hosted", "faults", "life"][..]),
        ("cut of the power in chaos", "chaos", &["power"][..]),
    ] {
        steps.step(name, || {
            let mut command = Command::new("node");
            // By name: a folder as argument means another thing to each version of Node. And the flag once:
            // what follows the first file is a file too.
            command.arg("--test");
            command.args(files.iter().map(|file| format!("tests/{folder}/{file}.test.mjs")));
            run(command.current_dir(paths::root()))
        })?;
    }
    Ok(())
}

fn script(name: &str) -> std::path::PathBuf {
    Path::new("tests").join("journeys").join(name)
}

/// With the real models, and a folder for the pictures.
fn real<'a>(command: &'a mut Command, out: &str) -> Result<&'a mut Command> {
    let out = paths::root().join("tests/out").join(out);
    std::fs::create_dir_all(&out).with_context(|| format!("{} cannot be made", out.display()))?;
    Ok(command
        .current_dir(paths::root())
        .env("INTERNFLOW_REAL_MODEL", "1")
        .env("INTERNFLOW_MODELS", paths::models()?)
        .env("JOURNEY_OUT", out))
}
