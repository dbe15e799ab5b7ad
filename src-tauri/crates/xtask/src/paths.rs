//! Where things are: the checkout, what cargo builds, and the user's data folder.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The checkout.
pub fn root() -> PathBuf {
    let own =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    own.ancestors().nth(3).map(PathBuf::from).unwrap_or(own)
}

/// The UI's folder.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// An executable that `cargo build` made; `profile` is `debug` or `release`.
pub fn executable(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The program's data folder, as the program itself finds it.
pub fn data() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("INTERNFLOW_DATA_DIR") {
        return Ok(folder.into());
    }
    let home = || {
        env::var_os("HOME").map(PathBuf::from).context("HOME is not set; set INTERNFLOW_DATA_DIR to a folder")
    };
    Ok(if cfg!(windows) {
        let roaming =
            env::var_os("APPDATA").context("APPDATA is not set; set INTERNFLOW_DATA_DIR to a folder")?;
        PathBuf::from(roaming).join("internflow").join("InternFlow").join("data")
    } else if cfg!(target_os = "macos") {
        home()?.join("Library/Application Support/in.internflow.InternFlow")
    } else {
        let set = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
        set.map_or_else(|| home().map(|home| home.join(".local/share")), Ok)?.join("internflow")
    })
}

/// Folder of the real models: in the data folder, so that every checkout shares them.
pub fn models() -> Result<PathBuf> {
    match env::var_os("INTERNFLOW_MODELS") {
        Some(folder) => Ok(folder.into()),
        None => Ok(data()?.join("models")),
    }
}
