//! Paths that an address is made of: joined from prefixes, or taken from where a file lies.

/// A prefix and what follows it, with one slash at the front and none doubled: `/api` and `users` in `/api/users`.
pub(super) fn joined(prefix: &str, rest: &str) -> String {
    let (prefix, rest) = (prefix.trim_end_matches('/'), rest.trim());
    let path = if rest.is_empty() || rest.starts_with('/') {
        format!("{prefix}{rest}")
    } else {
        format!("{prefix}/{rest}")
    };
    if path.starts_with('/') || path == "*" { path } else { format!("/{path}") }
}

/// The address that a framework gives a file by its folders below `root`: `src/routes/notes/[id]/+page.svelte`
/// gives `/notes/[id]`. Groups in brackets and slots of a layout are no part of it.
pub(super) fn of_file(path: &str, root: &str) -> Option<String> {
    let (folders, _) = path.rsplit_once('/')?;
    let folders: Vec<&str> = folders.split('/').collect();
    let root = folders.iter().position(|folder| *folder == root)?;
    let shown = |folder: &&&str| !(folder.starts_with('(') || folder.starts_with('@'));
    let parts: Vec<&str> = folders[root + 1..].iter().filter(shown).copied().collect();
    Some(joined("/", &parts.join("/")))
}

/// What stands before the extension of a file's name.
pub(super) fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split_once('.').map_or(file, |(stem, _)| stem)
}
