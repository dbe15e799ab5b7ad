//! Scores the reader against labelled adverts, as the README of the data says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use internflow_crawler::{Advert, FlagKind, Mode, Per, Ppo, Start, Stated};
use internflow_domain::JobKind;

/// Counts of a field.
#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
}

impl Count {
    pub fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    pub fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

/// Scores of a folder, and one line for each value that is not as labelled.
#[derive(Debug, Default)]
pub struct Score {
    pub fields: BTreeMap<String, Count>,
    pub misses: Vec<String>,
    pub adverts: usize,
}

/// The day on which the adverts were written.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).unwrap_or_default()
}

/// Labels and text of each advert of a folder, by name.
pub fn adverts(folder: &Path) -> Result<Vec<(String, toml::Table, String)>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let text = std::fs::read_to_string(&path)?;
        let (labels, advert) = text
            .strip_prefix("+++\n")
            .and_then(|t| t.split_once("\n+++\n"))
            .with_context(|| format!("{} has no labels", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        out.push((name, labels.parse()?, advert.to_owned()));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(out)
}

/// Reads and compares all adverts of a folder.
pub fn score(folder: &Path) -> Result<Score> {
    let mut score = Score::default();
    for (name, labels, text) in adverts(folder)? {
        score.adverts += 1;
        let read = flatten(&internflow_crawler::read(&text, today()));
        let labels: BTreeMap<String, BTreeSet<String>> =
            labels.iter().map(|(k, v)| (k.clone(), label(k, v))).collect();
        let keys: BTreeSet<&String> = read.keys().chain(labels.keys()).collect();
        let none = BTreeSet::new();
        for key in keys {
            let (said, meant) = (read.get(key).unwrap_or(&none), labels.get(key).unwrap_or(&none));
            // A tolerance is for amounts: the years 2027 and 2028 are not the same.
            let right = if key == "batches" {
                said.intersection(meant).count()
            } else {
                said.iter().filter(|s| meant.iter().any(|m| same(s, m))).count().min(meant.len())
            };
            let count = score.fields.entry(key.clone()).or_default();
            count.right += right;
            count.wrong += said.len() - right;
            count.missed += meant.len() - right;
            if right < said.len().max(meant.len()) {
                score.misses.push(format!("{name}: {key}: read {said:?}, labelled {meant:?}"));
            }
        }
    }
    Ok(score)
}

fn same(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 0.005 * b.abs().max(1e-9),
        _ => a == b,
    }
}

/// A title or company as it is compared: in lower case, without legal form.
fn plain(text: &str) -> String {
    let mut text = text.to_lowercase();
    for end in
        [" pvt. ltd.", " pvt ltd", " private limited", " limited", " ltd.", " ltd", " gmbh", " llp", " inc"]
    {
        text = text.trim_end_matches(end).to_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn label(key: &str, value: &toml::Value) -> BTreeSet<String> {
    let one = |v: &toml::Value| match v {
        toml::Value::String(s) if key == "title" || key == "company" => plain(s),
        toml::Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    match value {
        toml::Value::Array(all) => all.iter().map(one).collect(),
        one_value => BTreeSet::from([one(one_value)]),
    }
}

/// The advert in the words of the labels.
fn flatten(advert: &Advert) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            out.entry(key.to_owned()).or_default().insert(value);
        }
    };
    let text = |s: &Option<Stated<String>>| s.as_ref().map(|s| plain(&s.value));
    let number = |n: Option<f64>| n.map(|n| n.to_string());
    add("title", text(&advert.title));
    add("company", text(&advert.company));
    let kind = |k: JobKind| match k {
        JobKind::Internship => "internship",
        JobKind::NewGraduate => "new-graduate",
        JobKind::Job => "job",
    };
    add("kind", advert.kind.as_ref().map(|k| kind(k.value).to_owned()));
    let range =
        |r: &Option<Stated<internflow_crawler::Range>>| r.as_ref().map(|r| r.value).unwrap_or_default();
    add("duration_months", number(range(&advert.duration_months).min));
    let months = range(&advert.duration_months);
    add("duration_months_max", number(months.max.filter(|max| Some(*max) != months.min)));
    add("stipend_min", number(range(&advert.stipend).min));
    add("stipend_max", number(range(&advert.stipend).max));
    add("salary_min_lpa", number(range(&advert.salary_lpa).min));
    add("salary_max_lpa", number(range(&advert.salary_lpa).max));
    add(
        "start",
        advert.start.as_ref().map(|s| match s.value {
            Start::Immediate => "immediate".to_owned(),
            Start::Month { year, month } => format!("{year}-{month:02}"),
        }),
    );
    if let Some(pay) = &advert.foreign_pay {
        add("currency", Some(pay.value.currency.clone()));
        add("pay_min", number(pay.value.amount.min));
        add("pay_max", number(pay.value.amount.max));
        let per = match pay.value.per {
            Per::Hour => "hour",
            Per::Month => "month",
            Per::Year => "year",
        };
        add("pay_per", Some(per.to_owned()));
    }
    add("unpaid", advert.unpaid.as_ref().map(|_| "true".to_owned()));
    add(
        "ppo",
        advert.ppo.as_ref().map(|p| if p.value == Ppo::Promised { "true" } else { "possible" }.to_owned()),
    );
    let mode = |m: Mode| match m {
        Mode::Remote => "remote",
        Mode::Hybrid => "hybrid",
        Mode::Office => "office",
    };
    add("mode", advert.mode.as_ref().map(|m| mode(m.value).to_owned()));
    advert.places.iter().for_each(|p| add("places", Some(p.value.clone())));
    advert.batches.iter().for_each(|p| add("batches", Some(p.value.to_string())));
    advert.degrees.iter().for_each(|p| add("degrees", Some(p.value.clone())));
    advert.skills_required.iter().for_each(|p| add("skills_required", Some(p.value.clone())));
    advert.skills_optional.iter().for_each(|p| add("skills_optional", Some(p.value.clone())));
    add("cgpa_min", number(advert.cgpa_min.as_ref().map(|n| n.value)));
    add("percent_min", number(advert.percent_min.as_ref().map(|n| n.value)));
    add("bond_months", number(advert.bond_months.as_ref().map(|n| n.value)));
    add("experience_min_years", number(advert.experience_min_years.as_ref().map(|n| n.value)));
    add("deadline", advert.deadline.as_ref().map(|d| d.value.to_string()));
    add("posted", advert.posted.as_ref().map(|d| d.value.to_string()));
    let flag = |f: FlagKind| match f {
        FlagKind::Fee => "fee",
        FlagKind::CertificateOnly => "certificate-only",
        FlagKind::Unverifiable => "unverifiable",
        FlagKind::ChatOnly => "chat-only",
        FlagKind::TooGood => "too-good",
        FlagKind::Stale => "stale",
        FlagKind::Senior => "senior",
    };
    advert.flags.iter().for_each(|f| add("flags", Some(flag(f.value.kind).to_owned())));
    out
}

/// The table of a score.
pub fn table(score: &Score) -> String {
    let mut out = format!(
        "{} adverts\n{:<22} {:>9} {:>7} {:>6} {:>6} {:>6}\n",
        score.adverts, "field", "precision", "recall", "right", "wrong", "missed"
    );
    let mut all = Count::default();
    for (field, count) in &score.fields {
        out += &row(field, *count);
        all.right += count.right;
        all.wrong += count.wrong;
        all.missed += count.missed;
    }
    out + &row("all", all)
}

fn row(field: &str, count: Count) -> String {
    format!(
        "{field:<22} {:>9.3} {:>7.3} {:>6} {:>6} {:>6}\n",
        count.precision(),
        count.recall(),
        count.right,
        count.wrong,
        count.missed
    )
}
