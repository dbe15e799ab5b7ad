//! The résumé: the user's profile with the proven bullets put in.

pub mod import;
pub(crate) mod left_out;
pub(crate) mod origin;
mod read_back;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use internflow_domain::{ApiError, Bullet, ErrorCode, Fit, Look, Profile, Project, ResumeFormat, Skill};
use internflow_store::achievement::ProvenSkill;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::{Core, blocking, settings};

/// What a private repository is called outside of the app.
pub const PRIVATE: &str = "Private project";
pub use left_out::{leave_out, left_out, put_back};
pub use read_back::{ReadResumeFile, read_back, read_file};

#[derive(Debug, Deserialize, TS)]
pub struct SetProfile {
    pub profile: Profile,
}

#[derive(Debug, Serialize, TS)]
pub struct Preview {
    /// One SVG a page.
    pub pages: Vec<String>,
    /// What a reader or an applicant tracking system would miss ("no e-mail").
    pub missing: Vec<String>,
    /// Name of an exported file without its extension.
    pub file_stem: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportResume {
    pub format: ResumeFormat,
    /// Template and paper; where nothing is said, those of the settings.
    #[serde(default)]
    #[ts(optional)]
    pub look: Option<Look>,
    /// Where to write; null for the exports folder, from which the file can be dragged.
    pub path: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct Exported {
    pub path: String,
    #[ts(type = "number")]
    pub bytes: u64,
}

pub async fn profile(core: &Core, _: Nothing) -> Result<Profile> {
    core.store.profile().await
}

/// What is typed is seen before it is saved.
#[derive(Debug, Deserialize, TS)]
pub struct PreviewResume {
    /// The stored one when absent.
    #[serde(default)]
    #[ts(optional)]
    pub profile: Option<Profile>,
}

pub async fn set_profile(core: &Core, args: SetProfile) -> Result<()> {
    core.store.set_profile(&args.profile).await?;
    core.announce("resume");
    Ok(())
}

pub async fn preview(core: &Core, args: PreviewResume) -> Result<Preview> {
    let profile = match args.profile {
        Some(profile) => profile,
        None => core.store.profile().await?,
    };
    shown(core, document_of(core, profile).await?, None).await
}

/// The pages of a document; `look` counts instead of the settings'.
pub(crate) async fn shown(core: &Core, document: Profile, look: Option<Look>) -> Result<Preview> {
    let look = match look {
        Some(look) => look,
        None => settings::get(core, Nothing {}).await?.look,
    };
    let typesetter = core.engines.typesetter.clone();
    let missing = typesetter.missing(&document);
    let file_stem = typesetter.file_stem(&document, &document.basics.label);
    let pages = blocking(move || Ok(typesetter.preview(&document, look)?)).await?;
    Ok(Preview { pages, missing, file_stem })
}

/// What it takes to bring the résumé onto one page. Bullets that stand on facts and were not edited are proven.
pub async fn fit(core: &Core, _: Nothing) -> Result<Fit> {
    let document = document(core).await?;
    let look = settings::get(core, Nothing {}).await?.look;
    let bullets = core.store.bullets().await?;
    let texts = |of: fn(&Bullet) -> bool| -> Vec<String> {
        bullets.iter().filter(|b| b.goes_out() && of(b)).map(|b| b.text.clone()).collect()
    };
    let (proven, pinned) = (texts(|b| !b.edited), texts(|b| b.pinned));
    let typesetter = core.engines.typesetter.clone();
    blocking(move || Ok(typesetter.fit(&document, look, &proven, &pinned)?)).await
}

pub async fn export(core: &Core, args: ExportResume) -> Result<Exported> {
    may_be_written(args.path.as_deref(), args.format.extension())?;
    let document = document(core).await?;
    let label = document.basics.label.clone();
    write(core, document, &label, args).await
}

/// Exports a profile that is not the stored one, with the bullets of these repositories only.
pub async fn export_profile(
    core: &Core,
    mut profile: Profile,
    repository_ids: Vec<i64>,
    args: ExportResume,
) -> Result<Exported> {
    let mut bullets = core.store.bullets().await?;
    bullets.retain(|bullet| repository_ids.contains(&bullet.repository_id));
    merge_bullets(&mut profile, &bullets, &core.store.proven_skills().await?);
    origin::complete(&mut profile, &origin::origins(core, &bullets).await?);
    let label = profile.basics.label.clone();
    write(core, profile, &label, args).await
}

/// Writes a document; `role` is what its file's name says behind the student's name: the line below it, or the role
/// of an opening.
pub(crate) async fn write(
    core: &Core,
    document: Profile,
    role: &str,
    args: ExportResume,
) -> Result<Exported> {
    let exports = core.config.data_dir.join("exports");
    let path = match args.path {
        Some(path) => PathBuf::from(path),
        None => exports.join(format!(
            "{}.{}",
            core.engines.typesetter.file_stem(&document, role),
            args.format.extension()
        )),
    };
    let look = match args.look {
        Some(look) => look,
        None => settings::get(core, Nothing {}).await?.look,
    };
    let typesetter = core.engines.typesetter.clone();
    blocking(move || {
        let bytes = typesetter.export(&document, look, args.format)?;
        write_atomically(&path, &bytes)?;
        Ok(Exported { path: path.display().to_string(), bytes: bytes.len() as u64 })
    })
    .await
}

/// The profile with each repository's visible bullets as a project, and skills from what the
/// repositories prove where the user wrote none; without what the user left out.
async fn document(core: &Core) -> Result<Profile> {
    document_of(core, core.store.profile().await?).await
}

async fn document_of(core: &Core, profile: Profile) -> Result<Profile> {
    let mut document = said_of(core, profile).await?;
    origin::complete(&mut document, &origin::origins(core, &core.store.bullets().await?).await?);
    Ok(document)
}

/// The document without what the repositories say of its projects.
async fn said_of(core: &Core, mut profile: Profile) -> Result<Profile> {
    let skills = core.store.proven_skills().await?;
    merge_bullets(&mut profile, &core.store.bullets().await?, &skills);
    left_out::without(&mut profile, &core.store.omitted().await?);
    Ok(profile)
}

pub(crate) fn merge_bullets(profile: &mut Profile, bullets: &[Bullet], skills: &[ProvenSkill]) {
    let visible = || bullets.iter().filter(|bullet| bullet.goes_out());
    let mut seen: Vec<i64> = Vec::new();
    for bullet in visible() {
        if !seen.contains(&bullet.repository_id) {
            seen.push(bullet.repository_id);
        }
    }
    for id in &seen {
        let of_repository: Vec<&Bullet> = visible().filter(|b| b.repository_id == *id).collect();
        // What a private repository is called, the user may say in their profile; here it stays unsaid.
        let private = of_repository[0].private;
        let name = if private { unnamed(profile) } else { of_repository[0].repository.clone() };
        let known = profile.projects.iter().position(|p| !private && same_name(&p.name, &name));
        let at = known.unwrap_or_else(|| {
            profile.projects.push(Project { name, ..Project::default() });
            profile.projects.len() - 1
        });
        let project = &mut profile.projects[at];
        // Pinned ones come before what the user wrote about the project themself.
        let texts =
            |pinned: bool| of_repository.iter().filter(move |b| b.pinned == pinned).map(|b| b.text.clone());
        project.highlights.splice(0..0, texts(true));
        project.highlights.extend(texts(false));
        for skill in skills.iter().filter(|s| s.repository_id == *id).take(6) {
            if !project.keywords.iter().any(|k| k.eq_ignore_ascii_case(&skill.name)) {
                project.keywords.push(skill.name.clone());
            }
        }
    }
    // What is proven stands there whatever the user wrote; nothing twice.
    let named: HashSet<String> =
        profile.skills.iter().flat_map(|group| &group.keywords).map(|name| name.to_lowercase()).collect();
    let unnamed =
        skills.iter().filter(|s| seen.contains(&s.repository_id) && !named.contains(&s.name.to_lowercase()));
    for group in grouped(unnamed) {
        match profile.skills.iter_mut().find(|own| same_name(&own.name, &group.name)) {
            Some(own) => own.keywords.extend(group.keywords),
            None => profile.skills.push(group),
        }
    }
}

/// Lines of skills, each with the kinds of skills in it.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Languages", &["language"]),
    ("Frameworks and libraries", &["framework", "ml", "library"]),
    ("Databases", &["database"]),
    ("Tools and testing", &["tool", "testing", "cloud"]),
];

/// The line of skills that a kind belongs to.
pub(crate) fn group(kind: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(_, kinds)| kinds.contains(&kind)).map(|(name, _)| *name)
}

/// Repositories that no document names.
pub(crate) async fn private(core: &Core) -> Result<HashSet<i64>> {
    let all = core.store.repositories().await?;
    Ok(all.into_iter().filter(|one| one.safe_wording).map(|one| one.id).collect())
}

/// A name for a project that has to stay unnamed: "Private project", "Private project 2".
fn unnamed(profile: &Profile) -> String {
    let is_taken = |name: &String| profile.projects.iter().any(|project| project.name == *name);
    let numbered = (2..).map(|n| format!("{PRIVATE} {n}"));
    std::iter::once(PRIVATE.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

fn grouped<'a>(skills: impl Iterator<Item = &'a ProvenSkill> + Clone) -> Vec<Skill> {
    GROUPS
        .iter()
        .filter_map(|(name, kinds)| {
            let mut keywords: Vec<String> = Vec::new();
            for skill in skills.clone().filter(|s| kinds.contains(&s.kind.as_str())) {
                if !keywords.contains(&skill.name) {
                    keywords.push(skill.name.clone());
                }
            }
            keywords.truncate(12);
            (!keywords.is_empty()).then(|| Skill { name: (*name).to_owned(), keywords, ..Skill::default() })
        })
        .collect()
}

fn same_name(a: &str, b: &str) -> bool {
    let plain =
        |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    plain(a) == plain(b)
}

/// Refuses places that nobody chooses for a document. The path comes from the page: one that was taken over could
/// otherwise have a profile written as the start file of a shell. `extension` is that of the format.
pub(crate) fn may_be_written(path: Option<&str>, extension: &str) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let (shown, path) = (path, Path::new(path));
    let fits = path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension));
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    if path.is_absolute() && fits && !hidden {
        return Ok(());
    }
    let message = format!("{shown} is no place for this file. Give a whole path that ends in .{extension}.");
    Err(ApiError::new(ErrorCode::BadRequest, message).into())
}

/// Writes beside the target, syncs, renames: an old file stays whole when the disk is full.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let shown = path.display();
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = folder.join(name);
        let mut file = std::fs::File::create(&part)?;
        let done =
            file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&part, path));
        if done.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        done
    };
    write().with_context(|| format!("{shown} can't be written; an older file there is unchanged. Check space and permission, or choose another place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_of_a_repository_join_the_project_of_that_name() {
        let bullet = |hidden, pinned, text: &str| Bullet {
            id: 1,
            repository_id: 7,
            repository: "mess-menu".into(),
            text: text.into(),
            by_model: false,
            gate: None,
            facts: vec![],
            commits: vec![],
            hidden,
            edited: false,
            private: false,
            safe: false,
            pinned,
            rewording: None,
        };
        let mut profile = Profile::default();
        profile.projects.push(Project {
            name: "Mess Menu".into(),
            highlights: vec!["Mine".into()],
            ..Project::default()
        });
        let bullets =
            [bullet(false, true, "First"), bullet(false, false, "Shown"), bullet(true, false, "Not shown")];
        merge_bullets(&mut profile, &bullets, &[]);
        assert_eq!(profile.projects.len(), 1, "one project is not shown twice under two spellings");
        assert_eq!(profile.projects[0].highlights, ["First", "Mine", "Shown"], "what is pinned stays first");
    }
}
