//! The employer's conditions and the student's wishes, each met, not met, not stated or not known.

use std::fmt::Display;

use chrono::NaiveDate;
use internflow_domain::{JobKind, Verdict};

use super::{About, Candidate, Rule, branches, countries};
use crate::page::{Page, expression};
use crate::{Advert, Mode, Posting, Stated, eligibility, skills};

/// A degree, and those that whoever has or pursues it also has: an M.Tech had a B.Tech or its equal before.
const COVERS: &[(&str, &[&str])] = &[
    ("B.Tech", &["B.E.", "B.S.", "Bachelor's"]),
    ("B.E.", &["B.Tech", "B.S.", "Bachelor's"]),
    ("B.Sc", &["B.S.", "Bachelor's"]),
    ("B.S.", &["B.Sc", "Bachelor's"]),
    ("BCA", &["Bachelor's"]),
    ("B.Com", &["Bachelor's"]),
    ("B.A.", &["Bachelor's"]),
    ("BBA", &["Bachelor's"]),
    ("B.Des", &["Bachelor's"]),
    ("B.Arch", &["Bachelor's"]),
    ("M.Tech", &["M.E.", "M.S.", "Master's", "B.Tech", "B.E.", "B.S.", "Bachelor's"]),
    ("M.E.", &["M.Tech", "M.S.", "Master's", "B.Tech", "B.E.", "B.S.", "Bachelor's"]),
    ("Dual Degree", &["B.Tech", "B.E.", "M.Tech", "M.E.", "B.S.", "M.S.", "Bachelor's", "Master's"]),
    ("M.Sc", &["M.S.", "Master's", "B.Sc", "B.S.", "Bachelor's"]),
    ("M.S.", &["Master's", "Bachelor's"]),
    ("MCA", &["Master's", "Bachelor's"]),
    ("MBA", &["Master's", "Bachelor's"]),
    ("M.Des", &["Master's", "B.Des", "Bachelor's"]),
    ("PhD", &["Master's", "Bachelor's"]),
];

/// All rules, in the order in which they are shown.
pub(super) fn rules(
    candidate: &Candidate,
    advert: &Advert,
    posting: &Posting,
    page: &Page<'_>,
    today: NaiveDate,
) -> Vec<Rule> {
    vec![
        batch(candidate, advert),
        degree(candidate, advert),
        branch(candidate, advert, page),
        least(About::Cgpa, "a CGPA", advert.cgpa_min.as_ref(), candidate.cgpa),
        least(About::Percent, "marks in per cent", advert.percent_min.as_ref(), candidate.percent),
        experience(candidate, advert),
        permit(candidate, advert, posting, page),
        deadline(advert, today),
        kind(candidate, advert),
        place(candidate, advert, posting),
        mode(candidate, advert),
        pay(candidate, advert),
    ]
}

fn rule(about: About, verdict: Verdict, from: Option<&str>, says: String) -> Rule {
    Rule { about, verdict, from: from.map(str::to_owned), says }
}

fn not_stated(about: About, what: &str) -> Rule {
    rule(about, Verdict::NotStated, None, format!("The advert does not say {what}."))
}

fn yes(met: bool) -> Verdict {
    if met { Verdict::Met } else { Verdict::NotMet }
}

/// "A, B or C".
fn any<T: Display>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// The sentence names a preference, which refuses nobody.
fn prefers(sentence: &str) -> bool {
    expression!(r"(?i)\bprefer|\bdesirable\b|\bideally\b|\b(?:is|are|would be) a plus\b|\badvantage\b")
        .is_match(sentence)
        || skills::optional().is_match(sentence)
            && !expression!(r"(?i)\bmust\b|\brequired\b").is_match(sentence)
}

fn batch(candidate: &Candidate, advert: &Advert) -> Rule {
    let Some(first) = advert.batches.first() else {
        return not_stated(About::Batch, "which batches can apply");
    };
    let mut years: Vec<i32> = advert.batches.iter().map(|batch| batch.value).collect();
    years.sort_unstable();
    let asks = format!("Asks for the batch of {}", any(&years));
    let Some(mine) = candidate.batch else {
        let says = format!("{asks}; your profile has no year of graduation.");
        return rule(About::Batch, Verdict::Unknown, Some(&first.from), says);
    };
    let stated = advert.batches.iter().find(|batch| batch.value == mine);
    let from = &stated.unwrap_or(first).from;
    rule(About::Batch, yes(stated.is_some()), Some(from), format!("{asks}; you graduate in {mine}."))
}

fn degree(candidate: &Candidate, advert: &Advert) -> Rule {
    let asked: Vec<&Stated<String>> = advert.degrees.iter().filter(|d| !prefers(&d.from)).collect();
    let Some(first) = asked.first() else {
        return not_stated(About::Degree, "which degree it asks for");
    };
    let asks = format!("Asks for {}", any(asked.iter().map(|degree| &degree.value)));
    let Some(written) = candidate.degree.as_ref() else {
        let says = format!("{asks}; your profile has no degree.");
        return rule(About::Degree, Verdict::Unknown, Some(&first.from), says);
    };
    let read = eligibility::degrees(&Page::new(written));
    let mine: Vec<&str> = match read.is_empty() {
        true => vec![written.trim()],
        false => read.iter().map(|degree| degree.value.as_str()).collect(),
    };
    let covers = |asked: &str| {
        mine.iter().any(|mine| {
            let others = COVERS.iter().find(|(name, _)| name == mine).map_or(&[][..], |(_, others)| others);
            *mine == asked || others.contains(&asked) || asked == "Any degree" && *mine != "Diploma"
        })
    };
    let stated = asked.iter().find(|degree| covers(&degree.value));
    let from = &stated.unwrap_or(first).from;
    rule(About::Degree, yes(stated.is_some()), Some(from), format!("{asks}; yours is {}.", written.trim()))
}

fn branch(candidate: &Candidate, advert: &Advert, page: &Page<'_>) -> Rule {
    let Some(Stated { value: asked, from }) = branches::asked(advert, page) else {
        return not_stated(About::Branch, "that it asks for one branch rather than another");
    };
    let asks = format!("Asks for {}", any(&asked));
    let written = candidate.branch.as_deref().unwrap_or_default().trim();
    let mine = branches::named(written);
    let (verdict, says) = match mine.is_empty() {
        true if written.is_empty() => (Verdict::Unknown, format!("{asks}; your profile has no branch.")),
        true => (Verdict::Unknown, format!("{asks}; whether {written} counts is for the employer to say.")),
        false => (yes(!mine.is_disjoint(&asked)), format!("{asks}; yours is {written}.")),
    };
    rule(About::Branch, verdict, Some(&from), says)
}

/// Marks are compared in the scale in which they are asked for: every university has another way from one to the other.
fn least(about: About, what: &str, asked: Option<&Stated<f64>>, mine: Option<f64>) -> Rule {
    let Some(asked) = asked.filter(|asked| !prefers(&asked.from)) else {
        return not_stated(about, &format!("that it asks for {what}"));
    };
    let asks = format!("Asks for {what} of at least {}", asked.value);
    let (verdict, says) = match mine.filter(|mine| mine.is_finite()) {
        Some(mine) => (yes(mine >= asked.value), format!("{asks}; yours is {mine}.")),
        None => (Verdict::Unknown, format!("{asks}; your profile does not have that.")),
    };
    rule(about, verdict, Some(&asked.from), says)
}

fn experience(candidate: &Candidate, advert: &Advert) -> Rule {
    let Some(asked) = advert.experience_min_years.as_ref().filter(|asked| !prefers(&asked.from)) else {
        return not_stated(About::Experience, "that it asks for years of work");
    };
    let (least, mine) = (asked.value, candidate.experience_years);
    let says = match least > 0.0 {
        true if least == 1.0 => format!("Asks for at least a year of work; you have {mine}."),
        true => format!("Asks for at least {least} years of work; you have {mine}."),
        false => "Open to those without experience.".to_owned(),
    };
    rule(About::Experience, yes(mine >= least), Some(&asked.from), says)
}

/// Whether the student may work where the work is. A country abroad is no refusal by itself: only a sentence is.
fn permit(candidate: &Candidate, advert: &Advert, posting: &Posting, page: &Page<'_>) -> Rule {
    let Some(home) = candidate.country.as_deref().map(countries::spelt) else {
        return rule(About::Permit, Verdict::Unknown, None, "Your profile has no country.".to_owned());
    };
    let mut allowed: Vec<String> =
        candidate.permits.iter().map(|country| countries::spelt(country)).collect();
    allowed.push(home);
    let may = |country: &str| allowed.iter().any(|own| own.eq_ignore_ascii_case(country));
    let written =
        posting.places.iter().map(String::as_str).chain(advert.places.iter().map(|p| p.from.as_str()));
    let places: Vec<Option<&str>> = written.flat_map(countries::countries).collect();
    let where_from = advert.places.first().map(|place| place.from.as_str());
    let talks = expression!(
        r"(?i)\bauthori[sz](?:ed|ation) to work\b|\bwork authori[sz]ation\b|\bright to work\b|\bwork permits?\b|\bvisas?\b|\bsponsor(?:ship|ed|ing)?\b|\bcitizens?(?:hip)?\b|\bnationals?\b(?: only| of)"
    );
    let other = expression!(
        r"(?i)\bvisa (?:cards?|payments?|processing)\b|\bsponsor(?:ed|s)? (?:by|events?|course|trip)\b|\bsenior citizens?\b|\bcitizens? (?:services?|portal|data|engagement)\b|\bgood citizens?\b"
    );
    let refuses = expression!(
        r"(?i)\b(?:no|not|unable|cannot|can['’]t|don['’]t|won['’]t|without)\b[^.]{0,40}\b(?:sponsor\w*|visas?)\b|\bmust (?:\w+ ){0,2}(?:be|have|hold)\b|\b(?:required|only|mandatory|eligible)\b"
    );
    let helps = expression!(
        r"(?i)\b(?:we|will|can|does|happy to)\b[^.]{0,20}\bsponsor|\bsponsorship (?:is )?(?:available|provided|offered)\b|\b(?:family )?visas? (?:is |are )?(?:provided|covered|arranged|included)\b"
    );
    for sentence in page.sentences().filter(|s| talks.is_match(s) && !other.is_match(s)) {
        let named: Vec<&str> = countries::countries(sentence)
            .into_iter()
            .flatten()
            .chain(countries::peoples(sentence))
            .collect();
        let of: Vec<&str> = match named.is_empty() {
            true => places.iter().copied().flatten().collect(),
            false => named,
        };
        if of.iter().any(|country| may(country)) {
            let says = format!("Only for those who may work in {}; you may.", any(&of));
            return rule(About::Permit, Verdict::Met, Some(sentence), says);
        }
        if refuses.is_match(sentence) && !of.is_empty() {
            let says = format!("Only for those who may work in {}, for which you name no permit.", any(&of));
            return rule(About::Permit, Verdict::NotMet, Some(sentence), says);
        }
        if helps.is_match(sentence) {
            let says = "The employer helps with the permit.".to_owned();
            return rule(About::Permit, Verdict::Met, Some(sentence), says);
        }
    }
    match places.iter().flatten().find(|country| may(country)) {
        Some(country) => rule(About::Permit, Verdict::Met, where_from, format!("You may work in {country}.")),
        None if places.iter().any(Option::is_some) => {
            let abroad = any(places.iter().flatten());
            let says = format!(
                "The work is in {abroad}, for which you name no permit; the advert does not say whether it helps."
            );
            rule(About::Permit, Verdict::NotStated, where_from, says)
        }
        None => not_stated(About::Permit, "in which country the work is"),
    }
}

fn deadline(advert: &Advert, today: NaiveDate) -> Rule {
    let Some(last) = &advert.deadline else {
        return not_stated(About::Deadline, "until when one can apply");
    };
    let open = last.value >= today;
    let says = match (last.value - today).num_days() {
        0 => "Today is the last day to apply.".to_owned(),
        1 => "Tomorrow is the last day to apply.".to_owned(),
        left if open => format!("Open until {}, {left} days from now.", last.value.format("%-d %B %Y")),
        _ => format!("The last day to apply was {}.", last.value.format("%-d %B %Y")),
    };
    rule(About::Deadline, yes(open), Some(&last.from), says)
}

fn kind(candidate: &Candidate, advert: &Advert) -> Rule {
    let name = |kind: JobKind| match kind {
        JobKind::Internship => "an internship",
        JobKind::NewGraduate => "a job for new graduates",
        JobKind::Job => "a job",
    };
    let Some(kind) = &advert.kind else {
        return not_stated(About::Kind, "whether it is an internship or a job");
    };
    let wanted = candidate.kinds.is_empty() || candidate.kinds.contains(&kind.value);
    let says = match wanted {
        true => format!("It is {}, as you want.", name(kind.value)),
        false => {
            format!("It is {}; you want {}.", name(kind.value), any(candidate.kinds.iter().map(|k| name(*k))))
        }
    };
    rule(About::Kind, yes(wanted), Some(&kind.from), says)
}

fn place(candidate: &Candidate, advert: &Advert, posting: &Posting) -> Rule {
    let remote = advert.mode.as_ref().filter(|mode| mode.value == Mode::Remote);
    if let Some(remote) = remote {
        let says = "The work is remote, so the place does not matter.".to_owned();
        return rule(About::Place, Verdict::Met, Some(&remote.from), says);
    }
    let Some(first) = advert.places.first() else {
        return not_stated(About::Place, "where the work is");
    };
    let there = any(advert.places.iter().map(|place| &place.value));
    let fits = |wanted: &str| {
        let same = |name: &str| name.eq_ignore_ascii_case(wanted.trim());
        let cities: Vec<&str> = crate::places::cities(wanted).into_iter().map(|(_, city)| city).collect();
        let country = countries::countries(wanted).into_iter().flatten().next();
        let named =
            advert.places.iter().any(|place| same(&place.value) || cities.contains(&place.value.as_str()));
        // "India" is wanted by who takes any of its cities; a city is not wanted with its whole country.
        let whole = cities.is_empty() && country.is_some() && {
            let places = advert
                .places
                .iter()
                .map(|p| p.value.as_str())
                .chain(posting.places.iter().map(String::as_str));
            places.flat_map(countries::countries).any(|of| of == country)
        };
        named || whole
    };
    let wanted = candidate.places.is_empty() || candidate.places.iter().any(|place| fits(place));
    let says = match wanted {
        true => format!("The work is in {there}."),
        false => format!("The work is in {there}; you want {}.", any(&candidate.places)),
    };
    rule(About::Place, yes(wanted), Some(&first.from), says)
}

fn mode(candidate: &Candidate, advert: &Advert) -> Rule {
    let name = |mode: Mode| match mode {
        Mode::Remote => "remote",
        Mode::Hybrid => "partly remote",
        Mode::Office => "in the office",
    };
    let Some(mode) = &advert.mode else {
        return not_stated(About::Mode, "whether the work is remote or in an office");
    };
    let wanted = candidate.modes.is_empty() || candidate.modes.contains(&mode.value);
    let says = match wanted {
        true => format!("The work is {}.", name(mode.value)),
        false => {
            let want = any(candidate.modes.iter().map(|mode| name(*mode)));
            format!("The work is {}; you want {want}.", name(mode.value))
        }
    };
    rule(About::Mode, yes(wanted), Some(&mode.from), says)
}

fn pay(candidate: &Candidate, advert: &Advert) -> Rule {
    if let Some(unpaid) = advert.unpaid.as_ref().filter(|unpaid| unpaid.value) {
        let says = match candidate.unpaid {
            true => "It is unpaid, which is fine with you.",
            false => "It is unpaid; you want to be paid.",
        };
        return rule(About::Pay, yes(candidate.unpaid), Some(&unpaid.from), says.to_owned());
    }
    let paid = advert.stipend.as_ref().map(|pay| &pay.from);
    let paid = paid.or(advert.salary_lpa.as_ref().map(|pay| &pay.from));
    match paid.or(advert.foreign_pay.as_ref().map(|pay| &pay.from)) {
        Some(from) => rule(About::Pay, Verdict::Met, Some(from), "It is paid.".to_owned()),
        None => not_stated(About::Pay, "what it pays"),
    }
}
