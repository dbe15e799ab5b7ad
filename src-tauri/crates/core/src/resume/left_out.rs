//! What the user leaves out of the document so that it fits onto a page. The profile keeps it, and it can be put back.

use anyhow::Result;
use internflow_domain::{ApiError, EntryKind, ErrorCode, Omission, Omitted, Profile};
use serde_json::Value;

use super::{said_of, same_name};
use crate::api::{Id, Nothing};
use crate::{Core, achievements};

/// Leaves out what was proposed. A bullet that was built from commits is hidden, as by its own checkbox.
pub async fn leave_out(core: &Core, args: Omission) -> Result<()> {
    // An entry is known by what the user said of it.
    let document = said_of(core, core.store.profile().await?).await?;
    let changed = || {
        let message = "The résumé changed meanwhile. Look at the proposal again.";
        ApiError::new(ErrorCode::BadRequest, message)
    };
    let entry = entries(&document, args.kind).into_iter().nth(args.entry).ok_or_else(changed)?;
    let text = match args.bullet {
        Some(bullet) => {
            let text = entry.bullets.into_iter().nth(bullet).ok_or_else(changed)?;
            // The proposal shows the words as they are printed.
            if !same_name(&text, &args.text) {
                return Err(changed().into());
            }
            text
        }
        None if same_name(&entry.title, &args.title) => String::new(),
        None => return Err(changed().into()),
    };
    let built = core.store.bullets().await?.into_iter().find(|b| {
        args.kind == EntryKind::Project
            && !b.hidden
            && !text.is_empty()
            && b.text == text
            && same_name(&b.repository, &entry.title)
    });
    if let Some(bullet) = built {
        return achievements::hide(core, achievements::HideBullet { id: bullet.id, hidden: true }).await;
    }
    core.store.leave_out(args.kind, &entry.key, &text).await?;
    core.announce("resume");
    Ok(())
}

pub async fn left_out(core: &Core, _: Nothing) -> Result<Vec<Omitted>> {
    core.store.omitted().await
}

pub async fn put_back(core: &Core, args: Id) -> Result<()> {
    if !core.store.put_back_omitted(args.id).await? {
        return Err(ApiError::not_found("entry").into());
    }
    core.announce("resume");
    Ok(())
}

/// The profile without what is left out. Words that were changed since are other words, and stay.
pub(crate) fn without(profile: &mut Profile, left_out: &[Omitted]) {
    let gone = |kind: EntryKind, entry: &str, text: &str| {
        left_out.iter().any(|one| one.kind == kind && one.entry == entry && one.text == text)
    };
    let stays = |kind: EntryKind, entry: &Entry| !gone(kind, &entry.key, "");
    for kind in [EntryKind::Work, EntryKind::Project, EntryKind::Volunteering] {
        let known = entries(profile, kind);
        let key = |at: usize| known.get(at).map_or("", |entry| entry.key.as_str());
        let mut keep = known.iter().map(|entry| stays(kind, entry));
        let mut next = || keep.next().unwrap_or(true);
        match kind {
            EntryKind::Work => {
                for (at, work) in profile.work.iter_mut().enumerate() {
                    work.highlights.retain(|text| text.is_empty() || !gone(kind, key(at), text));
                }
                profile.work.retain(|_| next());
            }
            EntryKind::Project => {
                for (at, project) in profile.projects.iter_mut().enumerate() {
                    project.highlights.retain(|text| text.is_empty() || !gone(kind, key(at), text));
                }
                profile.projects.retain(|_| next());
            }
            EntryKind::Volunteering => {
                let Some(Value::Array(items)) = profile.other.get_mut("volunteer") else { continue };
                for (at, item) in items.iter_mut().enumerate() {
                    if let Some(Value::Array(texts)) = item.get_mut("highlights") {
                        texts.retain(|text| text.as_str().is_none_or(|text| !gone(kind, key(at), text)));
                    }
                }
                items.retain(|_| next());
            }
        }
    }
}

/// An entry as far as it is told from others.
struct Entry {
    title: String,
    /// Title, organisation and beginning, as far as they are stated.
    key: String,
    bullets: Vec<String>,
}

fn entries(profile: &Profile, kind: EntryKind) -> Vec<Entry> {
    let entry = |parts: [&str; 3], bullets: Vec<String>| {
        let stated: Vec<&str> =
            parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        let title = stated.first().copied().unwrap_or_default().to_owned();
        Entry { title, key: stated.join(", "), bullets }
    };
    match kind {
        EntryKind::Work => {
            let of = profile.work.iter();
            of.map(|w| entry([&w.position, &w.name, &w.start_date], w.highlights.clone())).collect()
        }
        EntryKind::Project => {
            let of = profile.projects.iter();
            of.map(|p| entry([&p.name, &p.start_date, ""], p.highlights.clone())).collect()
        }
        EntryKind::Volunteering => {
            let of = profile.other.get("volunteer").and_then(Value::as_array).into_iter().flatten();
            of.map(|item| {
                let text = |key: &str| item[key].as_str().unwrap_or_default();
                let bullets = item["highlights"].as_array().into_iter().flatten();
                let bullets = bullets.map(|one| one.as_str().unwrap_or_default().to_owned()).collect();
                entry([text("position"), text("organization"), text("startDate")], bullets)
            })
            .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Project, Work};
    use serde_json::json;

    use super::*;

    fn left(kind: EntryKind, entry: &str, text: &str) -> Omitted {
        Omitted { id: 1, kind, entry: entry.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn only_what_is_named_is_left_out() {
        let mut profile = Profile::default();
        for year in ["2024-05", "2025-05"] {
            profile.work.push(Work {
                position: "Intern".into(),
                name: "Acme".into(),
                start_date: year.into(),
                highlights: vec!["Wrote it".into(), "Ran it".into()],
                ..Work::default()
            });
        }
        profile.projects.push(Project { name: "Mess Menu".into(), ..Project::default() });
        profile.other.insert(
            "volunteer".into(),
            json!([{"organization": "Library", "highlights": ["Sorted", "Lent"]}]),
        );
        let left_out = [
            left(EntryKind::Work, "Intern, Acme, 2024-05", "Wrote it"),
            left(EntryKind::Project, "Mess Menu", ""),
            left(EntryKind::Volunteering, "Library", "Lent"),
            left(EntryKind::Project, "Not there any more", ""),
        ];
        without(&mut profile, &left_out);
        assert_eq!(profile.work[0].highlights, ["Ran it"], "the bullet that was named");
        assert_eq!(profile.work[1].highlights.len(), 2, "the same words in another job stay");
        assert!(profile.projects.is_empty(), "a whole entry");
        assert_eq!(profile.other["volunteer"][0]["highlights"], json!(["Sorted"]), "other lists too");
    }
}
