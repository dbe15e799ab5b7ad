//! The résumé, and any other file, as an applicant tracking system reads it. Nothing here stops an export.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use internflow_domain::{ApiError, ErrorCode, ReadBack, ResumeFormat};
use serde::Deserialize;
use ts_rs::TS;

use super::document;
use crate::api::Nothing;
use crate::{Core, blocking, settings, tailor};

/// Formats that tracking systems take, and for which there is a reader.
const READ: [ResumeFormat; 2] = [ResumeFormat::Pdf, ResumeFormat::Docx];

#[derive(Debug, Deserialize, TS)]
pub struct ReadResumeFile {
    pub path: String,
    /// It was exported from this résumé, so it is known what was meant.
    pub exported: bool,
    /// The opening for which it was exported; absent for the master.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub opening: Option<i64>,
}

/// The résumé as it would leave now, read again in every format that has a reader.
pub async fn read_back(core: &Core, _: Nothing) -> Result<Vec<ReadBack>> {
    let document = document(core).await?;
    let look = settings::get(core, Nothing {}).await?.look;
    let (typesetter, reader) = (core.engines.typesetter.clone(), core.engines.tracking.clone());
    blocking(move || {
        READ.iter()
            .map(|format| -> Result<ReadBack> {
                let file = typesetter.export(&document, look, *format)?;
                let back = reader.read_back(&mut file.as_slice(), Some(&document))?;
                Ok(ReadBack { name: format.extension().to_uppercase(), ..back })
            })
            .collect()
    })
    .await
}

/// A file of this machine, read as a tracking system does.
pub async fn read_file(core: &Core, args: ReadResumeFile) -> Result<ReadBack> {
    let meant = match args.opening {
        _ if !args.exported => None,
        None => Some(document(core).await?),
        Some(id) => Some(tailor::document(core, id).await?),
    };
    let reader = core.engines.tracking.clone();
    blocking(move || {
        let path = Path::new(&args.path);
        let asked = || format!("{} can't be read. Choose a PDF or a Word file", path.display());
        // A pipe or a device would keep the reader waiting.
        if !std::fs::metadata(path).with_context(asked)?.is_file() {
            let message = format!("{} is not a file. Choose a PDF or a Word file.", path.display());
            return Err(ApiError::new(ErrorCode::BadRequest, message).into());
        }
        let mut file = File::open(path).with_context(asked)?;
        let back = reader.read_back(&mut file, meant.as_ref()).with_context(asked)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(ReadBack { name, ..back })
    })
    .await
}
