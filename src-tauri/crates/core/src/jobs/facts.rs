//! What an advert states, in words: a line each, with the sentence that says so.

use internflow_crawler::{Advert, Mode, Per, Ppo, Range, Start, Stated};
use internflow_domain::{JobFact, JobKind};

/// What is stated, in the order of importance.
pub fn stated(advert: &Advert) -> Vec<JobFact> {
    let (stated, _) = lines(advert);
    stated
}

/// What is not, by the same names.
pub fn not_stated(advert: &Advert) -> Vec<&'static str> {
    let (_, open) = lines(advert);
    open
}

/// What to look at twice.
pub fn flags(advert: &Advert) -> Vec<JobFact> {
    let flags = advert.flags.iter().map(|flag| JobFact {
        label: "Look twice".to_owned(),
        value: flag.value.reason.clone(),
        from: flag.from.clone(),
    });
    flags.collect()
}

fn lines(advert: &Advert) -> (Vec<JobFact>, Vec<&'static str>) {
    let months = |range: &Range| between(range, |n| n.to_string(), " months");
    let rows: Vec<(&str, Option<(String, &str)>)> = vec![
        (
            "What it is",
            one(&advert.kind, |kind| match kind {
                JobKind::Internship => "internship".to_owned(),
                JobKind::NewGraduate => "job for new graduates".to_owned(),
                JobKind::Job => "job".to_owned(),
            }),
        ),
        ("Duration", one(&advert.duration_months, months)),
        (
            "Start",
            one(&advert.start, |start| match start {
                Start::Immediate => "at once".to_owned(),
                Start::Month { year, month } => format!("{year}-{month:02}"),
            }),
        ),
        ("Stipend", one(&advert.stipend, |range| between(range, |n| format!("₹{n}"), " a month"))),
        ("Salary", one(&advert.salary_lpa, |range| between(range, |n| format!("₹{n}"), " lakh a year"))),
        (
            "Pay",
            one(&advert.foreign_pay, |pay| {
                let per = match pay.per {
                    Per::Hour => "an hour",
                    Per::Month => "a month",
                    Per::Year => "a year",
                };
                format!("{} {per}", between(&pay.amount, |n| format!("{n} {}", pay.currency), ""))
            }),
        ),
        ("Unpaid", one(&advert.unpaid, |_| "yes".to_owned())),
        (
            "Offer after it",
            one(&advert.ppo, |ppo| match ppo {
                Ppo::Promised => "promised".to_owned(),
                Ppo::Possible => "possible".to_owned(),
            }),
        ),
        ("Place", all(&advert.places, String::clone)),
        (
            "Work",
            one(&advert.mode, |mode| match mode {
                Mode::Remote => "remote".to_owned(),
                Mode::Hybrid => "hybrid".to_owned(),
                Mode::Office => "at the office".to_owned(),
            }),
        ),
        ("Batch", all(&advert.batches, i32::to_string)),
        ("Degree", all(&advert.degrees, String::clone)),
        ("CGPA from", one(&advert.cgpa_min, f64::to_string)),
        ("Marks from", one(&advert.percent_min, |percent| format!("{percent} %"))),
        ("Experience", one(&advert.experience_min_years, |years| format!("{years} years"))),
        ("Bond", one(&advert.bond_months, |months| format!("{months} months"))),
        ("Posted", one(&advert.posted, |date| date.to_string())),
        ("Apply by", one(&advert.deadline, |date| date.to_string())),
    ];
    let (mut stated, mut open) = (Vec::new(), Vec::new());
    for (label, value) in rows {
        match value {
            Some((value, from)) => {
                stated.push(JobFact { label: label.to_owned(), value, from: from.to_owned() });
            }
            None => open.push(label),
        }
    }
    for (label, skills) in [("Asks for", &advert.skills_required), ("Would like", &advert.skills_optional)] {
        stated.extend(all(skills, String::clone).map(|(value, from)| JobFact {
            label: label.to_owned(),
            value,
            from: from.to_owned(),
        }));
    }
    (stated, open)
}

fn one<T>(of: &Option<Stated<T>>, show: impl Fn(&T) -> String) -> Option<(String, &str)> {
    of.as_ref().map(|stated| (show(&stated.value), stated.from.as_str()))
}

fn all<T>(of: &[Stated<T>], show: impl Fn(&T) -> String) -> Option<(String, &str)> {
    let first = of.first()?;
    Some((of.iter().map(|stated| show(&stated.value)).collect::<Vec<_>>().join(", "), &first.from))
}

/// "₹20000 to ₹25000 a month".
pub fn between(range: &Range, show: impl Fn(f64) -> String, unit: &str) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("{}{unit}", show(min)),
        (Some(min), Some(max)) => format!("{} to {}{unit}", show(min), show(max)),
        (Some(min), None) => format!("from {}{unit}", show(min)),
        (None, Some(max)) => format!("up to {}{unit}", show(max)),
        (None, None) => String::new(),
    }
}
