//! Where a search looks, in the store's words.

use anyhow::Result;
use internflow_code::Language;
use internflow_domain::{ApiError, ErrorCode};
use internflow_store::search::Scope;

use super::SearchCode;
use crate::{Core, authorship};

pub(super) async fn scope(core: &Core, args: &SearchCode) -> Result<Scope> {
    let language = match args.language.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => Some(language(name)?),
        None => None,
    };
    let authors = match args.mine {
        true => Some(addresses(core, args.repository_id).await?),
        false => None,
    };
    let path = args.path.trim().to_ascii_lowercase();
    Ok(Scope { repository_id: args.repository_id, path, language, authors })
}

fn language(name: &str) -> Result<String> {
    let name = name.to_lowercase();
    let found = Language::parse(&name).or_else(|| Language::of(&format!("file.{name}"), ""));
    let found = found.ok_or_else(|| {
        let message = format!("`{name}` is no language that is known here. Try `python` or `py`.");
        ApiError::new(ErrorCode::BadRequest, message)
    })?;
    Ok(found.name().to_owned())
}

/// The user's addresses in one repository, or in all.
async fn addresses(core: &Core, repository_id: Option<i64>) -> Result<Vec<String>> {
    let mut emails = Vec::new();
    for repository in core.store.repositories().await? {
        if repository_id.is_none_or(|id| id == repository.id) {
            emails.extend(authorship::emails(core, &repository.path).await?);
        }
    }
    emails.sort();
    emails.dedup();
    Ok(emails)
}

/// What a search for the user's own code can't know yet.
pub(super) async fn of_unknown(core: &Core, repository_id: Option<i64>) -> Result<Option<String>> {
    Ok(match core.store.unblamed_count(repository_id).await? {
        0 => None,
        1 => Some("Who wrote one file is still to be read; it is left out.".to_owned()),
        n => Some(format!("Who wrote {n} files is still to be read; they are left out.")),
    })
}
