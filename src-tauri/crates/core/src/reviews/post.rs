//! Findings as comments on GitHub. Only what the user picked, only after they said so, each once.

use anyhow::{Context, Result};
use internflow_domain::{ApiError, ErrorCode, Finding, Review, Source, StoredFinding};
use internflow_github::{Client, GithubError, comments};
use serde::Deserialize;
use ts_rs::TS;

use super::{get, topic};
use crate::api::Nothing;
use crate::repositories::OneCommit;
use crate::{Core, account, repositories, settings};

#[derive(Debug, Deserialize, TS)]
pub struct PostFindings {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub sha: String,
    /// The findings to post; others stay here.
    #[ts(type = "Array<number>")]
    pub finding_ids: Vec<i64>,
}

/// Posts findings as comments on their commit. What is posted before an error is noted and not posted
/// again.
pub async fn post(core: &Core, args: PostFindings) -> Result<Review> {
    if !settings::get(core, Nothing {}).await?.comment_on_github {
        return Err(refused("Comments on GitHub are switched off in the settings."));
    }
    let repository = repositories::one(core, args.repository_id).await?;
    let signed_in = account::current(core).await?;
    let (Some(remote), Some(signed_in)) = (repository.remote, signed_in) else {
        return Err(refused(
            "Comments need a repository that is followed on GitHub, and an account that is signed in.",
        ));
    };
    if !signed_in.host.owns(&remote.url) {
        return Err(refused("This repository is not on the GitHub that is signed in to."));
    }
    let one = || OneCommit { repository_id: args.repository_id, sha: args.sha.clone() };
    let review = get(core, one()).await?.ok_or_else(|| ApiError::not_found("review"))?;
    let wanted: Vec<&StoredFinding> = review
        .findings
        .iter()
        .filter(|stored| args.finding_ids.contains(&stored.id) && stored.posted.is_none())
        .collect();
    if !wanted.is_empty() {
        let client = &signed_in.client;
        let learned = async |error: GithubError| {
            account::learn(core, &signed_in, &error).await;
            anyhow::Error::from(told(error, &remote.full_name))
        };
        let patches = match comments::patches(client, &remote.full_name, &args.sha).await {
            Ok(patches) => patches,
            Err(error) => return Err(learned(error).await),
        };
        for stored in wanted {
            let finding = &stored.finding;
            let position = patches.position(&finding.path, finding.line);
            let at = position.map(|position| (finding.path.as_str(), position));
            let body = body(finding, at.is_none());
            let fresh = core.store.begin_post(stored.id).await?;
            match send(client, &remote.full_name, &args.sha, at, &body, fresh).await {
                Ok(url) => core.store.set_posted(stored.id, &url).await?,
                Err(error) => {
                    if is_refusal(&error) {
                        core.store.not_posted(stored.id).await?;
                    }
                    core.announce(topic(args.repository_id, &args.sha));
                    return Err(learned(error).await);
                }
            }
        }
        core.announce(topic(args.repository_id, &args.sha));
    }
    get(core, one()).await?.context("the review is gone")
}

/// Posts the comment, unless an earlier try whose answer was lost has done so.
async fn send(
    client: &Client,
    full_name: &str,
    sha: &str,
    at: Option<(&str, u32)>,
    body: &str,
    fresh: bool,
) -> Result<String, GithubError> {
    if !fresh && let Some(url) = comments::find(client, full_name, sha, at, body).await? {
        return Ok(url);
    }
    comments::post(client, full_name, sha, at, body).await
}

/// GitHub has said that it did not take it; anything else may have arrived.
fn is_refusal(error: &GithubError) -> bool {
    match error {
        GithubError::Refused { status, .. } => *status < 500,
        GithubError::NotFound(_) | GithubError::Paused { .. } | GithubError::SignedOut => true,
        _ => false,
    }
}

pub(super) fn refused(why: impl Into<String>) -> anyhow::Error {
    ApiError::new(ErrorCode::BadRequest, why).into()
}

/// GitHub's refusals in words that say what to do here.
fn told(error: GithubError, full_name: &str) -> ApiError {
    let message = match &error {
        GithubError::Refused { status: 403, message } => format!(
            "GitHub does not let this sign-in comment on {full_name} ({message}). It needs the repository \
             permission \"Contents: write\", in an App that is installed there; an organisation may also have \
             switched comments on commits off."
        ),
        // GitHub says 422 of a commit that it does not know.
        GithubError::NotFound(_) | GithubError::Refused { status: 422, .. } => {
            format!("This commit is not on {full_name} at GitHub. Push it, then post the findings.")
        }
        _ => error.to_string(),
    };
    ApiError::new(ErrorCode::Failed, message)
}

/// The comment in GitHub's Markdown; with its place in words when it has none in the diff.
fn body(finding: &Finding, with_place: bool) -> String {
    let mut body = String::new();
    if with_place {
        body.push_str(&format!("`{}` line {}\n\n", finding.path.replace('`', ""), finding.line));
    }
    body.push_str(&format!("**{}**\n\n{}\n", plain(&finding.message), plain(&finding.why)));
    if let Some(fix) = &finding.fix {
        body.push_str(&format!("\n{}", fenced("diff", fix)));
    }
    let by = match finding.source {
        Source::Rule => format!("rule {}", finding.rule),
        Source::Model => format!("a local model, {:.0} % sure", finding.confidence * 100.0),
    };
    body.push_str(&format!("\n<sub>{}, {by}; posted from InternFlow</sub>\n", finding.severity.as_str()));
    body
}

/// A block of code, which nothing in it can close.
pub(super) fn fenced(language: &str, code: &str) -> String {
    // A fence longer than any run of backticks in the code.
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", code.trim_end())
}

/// Words of a model or of somebody's code, which mention nobody, link to nothing and are no HTML. Code between
/// backticks stays as it is: GitHub takes nothing in it for a mention.
pub(super) fn plain(text: &str) -> String {
    // An open backtick, a double one or one over two lines is no code to GitHub: then nothing is.
    let code = text.matches('`').count().is_multiple_of(2) && !text.contains("``") && !text.contains('\n');
    let words = |part: &str| {
        let part = part.replace('<', "&lt;").replace('[', "\\[");
        part.replace('@', "@\u{200b}").replace('#', "#\u{200b}")
    };
    let parts = text.split('`').enumerate();
    parts
        .map(|(i, part)| if code && i % 2 == 1 { part.to_owned() } else { words(part) })
        .collect::<Vec<_>>()
        .join("`")
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Category, Severity};

    use super::*;

    #[test]
    fn a_comment_calls_nobody_and_ends_where_it_ends() {
        let finding = Finding {
            commit: String::new(),
            path: "a.py".into(),
            line: 3,
            end_line: 3,
            severity: Severity::Major,
            category: Category::Security,
            source: Source::Model,
            rule: "model/security".into(),
            message: "Ask @everyone about <script> and #1; `x @ y` is a product.".into(),
            why: "Because.".into(),
            quote: String::new(),
            fix: Some("-a\n+```\n+b\n".into()),
            confidence: 0.4,
        };
        let body = body(&finding, true);
        assert!(!body.contains("@everyone") && !body.contains("<script>") && !body.contains("#1"), "{body}");
        assert!(body.contains("`x @ y`"), "code is shown as it is: {body}");
        assert!(
            body.contains("````diff\n-a\n+```\n+b\n````"),
            "a fence in the patch does not end it: {body}"
        );
        assert!(!plain("Use `foo @team <img>").contains("@team"), "a backtick that is never closed");
        assert_eq!(plain("![x](http://x) or `a[0]`"), "!\\[x](http://x) or `a[0]`", "no picture is fetched");
        assert!(body.contains("`a.py` line 3") && body.contains("40 % sure"), "{body}");
    }
}
