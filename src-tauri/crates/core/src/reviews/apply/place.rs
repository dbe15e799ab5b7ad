//! Which file may be written: one of a working copy of the repository, whatever the repository calls its files and
//! whatever lies in the folder.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use internflow_domain::Repository;
use internflow_git::{MAX_BYTES, Repo};

use super::super::post::refused;

/// Top folder of the working copy: the one that the user chose, else the repository's own, else the `last` one that
/// was used for it. `None` when none of them is there. `known` are commits of which the working copy must have one.
pub(super) fn working_copy(
    repository: &Repository,
    chosen: Option<&str>,
    last: Option<&str>,
    known: &[String],
) -> Result<Option<PathBuf>> {
    let check = |folder: &str| check(Path::new(folder.trim()), &repository.name, known);
    if let Some(folder) = chosen {
        return check(folder).map(Some);
    }
    if Repo::open(Path::new(&repository.path))?.work_tree().is_some() {
        return check(&repository.path).map(Some);
    }
    // One that is gone or that became something else is as good as none: the user is asked again.
    Ok(last.and_then(|folder| check(folder).ok()))
}

fn check(folder: &Path, name: &str, known: &[String]) -> Result<PathBuf> {
    let shown = folder.display();
    if !folder.is_absolute() {
        return Err(refused(format!(
            "`{shown}` is no complete path. Write it from its beginning, or choose the folder."
        )));
    }
    let repo = Repo::open(folder)?;
    let Some(top) = repo.work_tree() else {
        return Err(refused(format!(
            "{shown} is a bare repository: there are no files in it that could be changed. Choose a folder that \
             `git clone` made."
        )));
    };
    let unreadable = || format!("The folder {shown} can't be read. Check the permission, or choose another");
    let top = top.canonicalize().with_context(unreadable)?;
    let folder = folder.canonicalize().with_context(unreadable)?;
    // What a repository's own configuration calls its working copy may be any folder at all.
    if top != folder {
        return Err(refused(format!(
            "{shown} is not the top folder of a working copy: that is {}. Choose that one.",
            top.display()
        )));
    }
    if !known.iter().any(|sha| repo.commit(sha).is_ok()) {
        return Err(refused(format!(
            "{shown} does not have the reviewed commit: it is no working copy of {name}, or not up to date. Choose \
             another folder, or `git fetch` in this one first."
        )));
    }
    Ok(folder)
}

/// The file at `path` in the folder. Nothing outside of it, nothing behind a link and nothing of git's is ever meant.
pub(super) fn file(folder: &Path, path: &str) -> Result<PathBuf> {
    let mut file = folder.to_path_buf();
    for part in path.split('/') {
        let mut components = Path::new(part).components();
        let plain = matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
        // There a colon leads to another drive or stream, and dots and blanks at the end are not seen.
        let odd = cfg!(windows) && (part.contains(':') || part.ends_with(['.', ' ']));
        if !plain || odd || is_git(part) {
            return Err(refused(format!(
                "`{path}` leads out of the working copy or into git's own folder. InternFlow never writes there."
            )));
        }
        file.push(part);
        if file.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
            return Err(refused(format!(
                "{} is a symbolic link, and what it leads to may be outside of the working copy. Nothing was changed; \
                 change the file by hand.",
                file.display()
            )));
        }
    }
    Ok(file)
}

/// `.git`, in all the ways in which some file system takes it for that.
fn is_git(part: &str) -> bool {
    const UNSEEN: [std::ops::RangeInclusive<char>; 4] =
        ['\u{200c}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{206a}'..='\u{206f}', '\u{feff}'..='\u{feff}'];
    let seen = part.chars().filter(|c| !UNSEEN.iter().any(|range| range.contains(c)));
    let plain: String = seen.flat_map(char::to_lowercase).collect();
    matches!(plain.trim_end_matches(['.', ' ']), ".git" | "git~1")
}

/// The text of a file that can be changed.
pub(super) fn text(file: &Path, path: &str) -> Result<(String, Metadata)> {
    let metadata = match file.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Err(refused(format!("{} is no file. Nothing was changed.", file.display()))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(refused(format!(
                "There is no {path} in this working copy: it was moved or deleted, or another branch is checked out. \
                 Check out the branch that you reviewed, or change the line by hand."
            )));
        }
        Err(error) => return Err(error).with_context(|| format!("{} can't be read", file.display())),
    };
    if metadata.len() > MAX_BYTES {
        let megabytes = metadata.len() as f64 / 1e6;
        return Err(refused(format!(
            "{path} has grown to {megabytes:.1} MB since the review. Change the line by hand."
        )));
    }
    // Its folder would let a read-only file be replaced all the same.
    let writable = !metadata.permissions().readonly() && fs::File::options().append(true).open(file).is_ok();
    if !writable {
        return Err(refused(format!(
            "{path} is read-only. Allow writing to it, then apply the change; or change a copy by hand."
        )));
    }
    let bytes = fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        refused(format!(
            "{path} is not UTF-8, and writing it as UTF-8 would change other characters of it. Nothing was changed; \
             save it as UTF-8 in your editor, or change the line by hand."
        ))
    })?;
    Ok((text, metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = Path::new("copy");
        let plain = file(folder, "src/ein ä.py").expect("a usual path");
        assert_eq!(plain, folder.join("src").join("ein ä.py"));
        for path in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../../x",
            "a//b",
            "./a",
            "a/.",
            "a/",
            "a/..",
            ".git/config",
        ] {
            assert!(file(folder, path).is_err(), "{path:?}");
        }
        for path in
            ["sub/.GIT/hooks/post-checkout", ".git./config", ".git /x", "git~1/config", ".g\u{200c}it/config"]
        {
            assert!(file(folder, path).is_err(), "some file system takes it for .git: {path:?}");
        }
        assert!(file(folder, ".github/workflows/test.yml").is_ok());
        assert!(file(folder, ".gitignore").is_ok());
    }
}
