//! Reviews as files to hand on: SARIF for tools, Markdown for people.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use internflow_code::{Language, mask_secrets};
use internflow_domain::{ApiError, Commit, Finding, Repository, Review, Source, StoredFinding, short};
use internflow_git::Repo;
use serde::Deserialize;
use ts_rs::TS;

use super::get;
use super::post::{fenced, plain};
use super::sarif::sarif;
use crate::repositories::{self, OneCommit, masked};
use crate::resume::{Exported, may_be_written, write_atomically};
use crate::{Core, account, blocking, counted};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReviewFormat {
    Sarif,
    Markdown,
}

impl ReviewFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Sarif => "sarif",
            Self::Markdown => "md",
        }
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct ExportReview {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub sha: String,
    pub format: ReviewFormat,
    /// Where to write; null for the exports folder.
    pub path: Option<String>,
}

/// Writes the review of a commit: what is open and shown.
pub async fn export(core: &Core, args: ExportReview) -> Result<Exported> {
    may_be_written(args.path.as_deref(), args.format.extension())?;
    let repository = repositories::one(core, args.repository_id).await?;
    let one = OneCommit { repository_id: repository.id, sha: args.sha.clone() };
    let review = get(core, one).await?.ok_or_else(|| ApiError::not_found("review"))?;
    let exports = core.config.data_dir.join("exports");
    blocking(move || {
        let extension = args.format.extension();
        let text = match args.format {
            ReviewFormat::Sarif => {
                let findings: Vec<&Finding> = shown(&review).map(|stored| &stored.finding).collect();
                serde_json::to_string_pretty(&sarif(&repository, &findings))? + "\n"
            }
            ReviewFormat::Markdown => {
                let commit = masked(Repo::open(Path::new(&repository.path))?.commit(&args.sha)?);
                markdown(&repository, &[(commit, review)])
            }
        };
        let path = args.path.map_or_else(
            || exports.join(format!("{}-{}-review.{extension}", stem(&repository.name), short(&args.sha))),
            PathBuf::from,
        );
        write_atomically(&path, text.as_bytes())?;
        Ok(Exported { path: path.display().to_string(), bytes: text.len() as u64 })
    })
    .await
}

/// Reviews of commits as one document, in the order they come in.
pub fn markdown(repository: &Repository, reviews: &[(Commit, Review)]) -> String {
    let mut text = format!("# Review of {}\n", plain(&repository.name));
    for (commit, review) in reviews {
        let _ = write!(
            text,
            "\n## {} {}\n\n{}, {}",
            short(&commit.sha),
            plain(&commit.subject),
            plain(&commit.author_name),
            account::day(commit.time)
        );
        if let Some(summary) = &review.summary {
            let by = match &summary.model {
                Some(model) => format!("rules and {}", plain(model)),
                None => "rules only".to_owned(),
            };
            let _ = write!(text, "; {} in {}, {by}", found(review), counted(summary.reviewed.len(), "file"));
        }
        text.push_str(".\n");
        for stored in shown(review) {
            finding(&mut text, &stored.finding);
        }
        let skipped = review.summary.iter().flat_map(|summary| &summary.skipped);
        let left_out: Vec<String> =
            skipped.map(|one| format!("- {}: {}\n", code(&one.path), plain(&one.reason))).collect();
        if !left_out.is_empty() {
            let _ = write!(text, "\n### Not reviewed\n\n{}", left_out.concat());
        }
    }
    text
}

fn finding(text: &mut String, finding: &Finding) {
    let severity = finding.severity.as_str();
    let lines = match finding.end_line {
        end if end > finding.line => format!("{}–{end}", finding.line),
        _ => finding.line.to_string(),
    };
    let by = match finding.source {
        Source::Rule => format!("rule {}", code(&finding.rule)),
        Source::Model => format!("a local model, {:.0} % sure", finding.confidence * 100.0),
    };
    let language = Language::of(&finding.path, "").map_or("", Language::name);
    let _ = write!(
        text,
        "\n### {}\n\n**{}{}, {}.** {}\n\n{}\n{}\n_Found by {by}._\n",
        code(&format!("{}:{lines}", finding.path)),
        severity[..1].to_uppercase(),
        &severity[1..],
        finding.category.as_str(),
        plain(&finding.message),
        fenced(language, &finding.quote),
        if finding.why.is_empty() { String::new() } else { format!("{}\n", plain(&finding.why)) },
    );
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n{}", fenced("diff", &mask_secrets(fix)));
    }
}

/// What is neither dismissed nor fixed, of what the user wants to see.
fn shown(review: &Review) -> impl Iterator<Item = &StoredFinding> {
    review.findings.iter().filter(|stored| stored.is_open() && stored.shown)
}

/// A name as code, whatever is in it.
fn code(name: &str) -> String {
    format!("`{}`", name.replace(['`', '\n', '\r'], ""))
}

fn found(review: &Review) -> String {
    match shown(review).count() {
        0 => "nothing found".to_owned(),
        n => counted(n, "finding"),
    }
}

/// A name of which every file system makes a file.
fn stem(name: &str) -> String {
    let stem: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    if stem.trim_matches('-').is_empty() { "repository".to_owned() } else { stem }
}
