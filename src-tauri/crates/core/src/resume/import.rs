//! A profile from a file: what it would change is proposed field by field, and only what the user takes is written.

mod proposal;

use std::io::Read;
use std::path::Path;

use anyhow::Result;
use internflow_domain::{ApiError, EngineError, ErrorCode, ImportProposal, Profile, ProfileChange};
use serde::Deserialize;
use ts_rs::TS;

use crate::{Core, blocking};

pub use proposal::taken;

#[derive(Debug, Deserialize, TS)]
pub struct ReadImport {
    /// A JSON Resume, a résumé as PDF or DOCX, or the archive from LinkedIn.
    pub path: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct TakeImport {
    /// Those of a proposal that the user takes, as they came.
    pub changes: Vec<ProfileChange>,
}

/// Reads the file and says what it would change. Writes nothing.
pub async fn read(core: &Core, args: ReadImport) -> Result<ImportProposal> {
    let profile = core.store.profile().await?;
    read_beside(core, &profile, &args.path).await
}

/// As [`read`], beside a profile that is not the stored one.
pub async fn read_beside(core: &Core, profile: &Profile, path: &str) -> Result<ImportProposal> {
    let (reader, path) = (core.engines.reader.clone(), path.trim().to_owned());
    let read = blocking(move || {
        let file = bytes(Path::new(&path), reader.most_bytes() as u64)?;
        reader.read(&file).map_err(|error| match error {
            EngineError::Failed(message) => bad(message),
            other => other.into(),
        })
    })
    .await?;
    Ok(proposal::proposal(profile, read))
}

/// Writes the changes into the profile, all or none.
pub async fn take(core: &Core, args: TakeImport) -> Result<()> {
    let profile = taken(&core.store.profile().await?, &args.changes)?;
    core.store.set_profile(&profile).await?;
    core.announce("resume");
    Ok(())
}

/// Nothing but a file, and one byte more than is read at most, so that a larger one is known.
fn bytes(path: &Path, most: u64) -> Result<Vec<u8>> {
    let shown = path.display();
    let why = |error: std::io::Error| bad(format!("{shown} can't be read: {error}. Choose it again."));
    let about = std::fs::metadata(path).map_err(why)?;
    if !about.is_file() {
        return Err(bad(format!(
            "{shown} is no file. Choose a PDF, DOCX, JSON Resume or LinkedIn's archive."
        )));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(why)?;
    Ok(bytes)
}

fn bad(message: String) -> anyhow::Error {
    ApiError::new(ErrorCode::BadRequest, message).into()
}
