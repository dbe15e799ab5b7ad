//! Comments on lines of a commit.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{Client, GithubError};

/// The diffs of a commit's files as GitHub shows them, by path.
pub struct Patches(HashMap<String, String>);

#[derive(Deserialize)]
struct Commit {
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    /// Absent for binary files and very long diffs.
    patch: Option<String>,
}

#[derive(Serialize)]
struct NewComment<'a> {
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u32>,
}

#[derive(Deserialize)]
struct Posted {
    html_url: String,
    body: String,
    path: Option<String>,
    position: Option<u32>,
}

/// Asks for the diffs of a commit: comments are placed by lines of these, and git's diff is not always ours.
///
/// # Errors
/// [`GithubError::Refused`] with 422 for a commit that was never pushed, or those of [`Client::get`].
pub async fn patches(client: &Client, full_name: &str, sha: &str) -> Result<Patches, GithubError> {
    let commit: Commit = client.get(&format!("/repos/{full_name}/commits/{sha}"), None::<&()>).await?;
    let patches = commit.files.into_iter().filter_map(|file| Some((file.filename, file.patch?)));
    Ok(Patches(patches.collect()))
}

impl Patches {
    /// GitHub's `position` of a line of the new file: how many lines of the diff it is below the first `@@`.
    /// `None` when the diff does not show that line.
    pub fn position(&self, path: &str, line: u32) -> Option<u32> {
        let mut number = 0;
        for (position, text) in self.0.get(path)?.lines().enumerate() {
            match text.as_bytes().first() {
                Some(b'@') => number = new_start(text)?,
                Some(b'-' | b'\\') => {}
                _ if number == line => return u32::try_from(position).ok(),
                _ => number += 1,
            }
        }
        None
    }
}

/// `7` of `@@ -5,3 +7,9 @@ def f():`.
fn new_start(header: &str) -> Option<u32> {
    let after = header.split_once('+')?.1;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The address of a comment that says exactly this at this place, among the first hundred on the commit.
///
/// # Errors
/// Those of [`Client::get`].
pub async fn find(
    client: &Client,
    full_name: &str,
    sha: &str,
    at: Option<(&str, u32)>,
    body: &str,
) -> Result<Option<String>, GithubError> {
    let route = format!("/repos/{full_name}/commits/{sha}/comments");
    let there: Vec<Posted> = client.get(&route, Some(&[("per_page", "100")])).await?;
    let same = |one: &Posted| one.body.trim() == body.trim() && one.path.as_deref().zip(one.position) == at;
    Ok(there.into_iter().find(same).map(|one| one.html_url))
}

/// Writes a comment, at a position of a file's diff or on the commit as a whole. Returns its address.
///
/// # Errors
/// [`GithubError::Refused`] with 403 when the sign-in may not write here (GitHub wants `contents: write`), or those of [`Client::get`].
pub async fn post(
    client: &Client,
    full_name: &str,
    sha: &str,
    at: Option<(&str, u32)>,
    body: &str,
) -> Result<String, GithubError> {
    let comment = NewComment { body, path: at.map(|(path, _)| path), position: at.map(|(_, p)| p) };
    let route = format!("/repos/{full_name}/commits/{sha}/comments");
    let posted: Posted = client.post(&route, &comment).await?;
    Ok(posted.html_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_counted_as_github_counts_them() {
        // As in GitHub's documentation: the line below the first `@@` is 1, and later `@@` lines count.
        let patch = "@@ -1,3 +1,4 @@\n import os\n-old = 1\n+new = 1\n+more = 2\n end\n@@ -20,2 +21,3 @@ def f():\n     x = 1\n+    y = 2\n     return x\n\\ No newline at end of file";
        let patches = Patches(HashMap::from([("a.py".to_owned(), patch.to_owned())]));
        assert_eq!(patches.position("a.py", 2), Some(3), "new = 1");
        assert_eq!(patches.position("a.py", 3), Some(4));
        assert_eq!(patches.position("a.py", 22), Some(8), "y = 2, after the second header");
        assert_eq!(patches.position("a.py", 10), None, "a comment on a line that is not shown is refused");
        assert_eq!(patches.position("b.py", 1), None);
    }
}
