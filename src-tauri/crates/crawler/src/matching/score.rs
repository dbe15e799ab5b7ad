//! The score: named parts in whole points that sum to it, so that it can be shown how it came about.
//!
//! The shares are set so that skills decide: an advert that names none stays below half, however near it seems.

use internflow_domain::{Standing, Verdict};

use super::requirements::groups;
use super::{Match, Part, PartKind, Requirement, Rule};

const REQUIRED: i32 = 50;
const OPTIONAL: i32 = 10;
const CLOSENESS: i32 = 20;
const CONDITIONS: i32 = 15;
const WISHES: i32 = 5;
/// What a claimed skill counts beside a proven one.
const CLAIMED: f64 = 0.4;
/// Requirements from which on a list speaks for itself. One skill of one is no full match: the advert says too little.
const FEW: usize = 3;
/// Skills from which on an advert lists whatever exists; honest ones have about ten, the longest thirty.
const STUFFED: usize = 40;
/// The most for whom a condition of the employer shuts out.
const NOT_ELIGIBLE: i32 = 25;
/// The most for what the student does not want.
const NOT_WANTED: i32 = 50;
/// The most for a stuffed advert: below any honest one of which a third is proven.
const LISTS_ALL: i32 = 20;
/// Skills that a sentence names before it counts the rest.
const NAMED: usize = 5;

/// The match with these rules and requirements.
pub(super) fn scored(rules: Vec<Rule>, requirements: Vec<Requirement>, closeness: Option<f64>) -> Match {
    let listed = requirements.iter().filter(|requirement| requirement.counts).count();
    let stuffed = listed > STUFFED;
    let mut parts = vec![
        skills(PartKind::Required, REQUIRED, &requirements),
        skills(PartKind::Optional, OPTIONAL, &requirements),
        near(closeness, stuffed),
        share(PartKind::Conditions, CONDITIONS, &rules),
        share(PartKind::Wishes, WISHES, &rules),
    ];
    let sum: i32 = parts.iter().map(|part| part.points).sum();
    let limits = limits(&rules, stuffed.then_some(listed));
    if let Some((most, says)) =
        limits.into_iter().min_by_key(|(most, _)| *most).filter(|(most, _)| *most < sum)
    {
        parts.push(Part { kind: PartKind::Limit, points: most - sum, most: 0, says });
    }
    let score = parts.iter().map(|part| part.points).sum();
    let eligible = eligible(&rules);
    let says = format!("{} {}", may_apply(eligible, &rules), parts[0].says);
    Match { eligible, rules, requirements, score, parts, says }
}

/// What bounds the score, and why.
fn limits(rules: &[Rule], stuffed: Option<usize>) -> Vec<(i32, String)> {
    let broken = |wish: bool| {
        rules.iter().filter(move |rule| rule.verdict == Verdict::NotMet && rule.about.is_wish() == wish)
    };
    let condition = broken(false).next().map(|rule| {
        (NOT_ELIGIBLE, format!("You can't apply, so it is {NOT_ELIGIBLE} at most. {}", rule.says))
    });
    let wish = broken(true).next().map(|rule| {
        (NOT_WANTED, format!("It is not what you want, so it is {NOT_WANTED} at most. {}", rule.says))
    });
    let all = stuffed.map(|listed| {
        let says = format!(
            "It lists {listed} skills, which says little about the work, so it is {LISTS_ALL} at most."
        );
        (LISTS_ALL, says)
    });
    [condition, wish, all].into_iter().flatten().collect()
}

/// Of the employer's conditions together: one that is not met shuts out, one that is not known leaves it open.
fn eligible(rules: &[Rule]) -> Verdict {
    let any = |verdict| rules.iter().any(|rule| !rule.about.is_wish() && rule.verdict == verdict);
    [Verdict::NotMet, Verdict::Unknown, Verdict::Met]
        .into_iter()
        .find(|v| any(*v))
        .unwrap_or(Verdict::NotStated)
}

fn may_apply(eligible: Verdict, rules: &[Rule]) -> String {
    let first = |verdict| rules.iter().find(|rule| !rule.about.is_wish() && rule.verdict == verdict);
    match eligible {
        Verdict::Met => "You meet each condition that it states.".to_owned(),
        Verdict::NotStated => "It states no conditions.".to_owned(),
        verdict => first(verdict).map(|rule| rule.says.clone()).unwrap_or_default(),
    }
}

/// Points for skills: the share of requirements that are proven, claimed ones counting less.
fn skills(kind: PartKind, most: i32, requirements: &[Requirement]) -> Part {
    let required = kind == PartKind::Required;
    let all: Vec<Vec<&Requirement>> =
        groups(requirements).into_iter().filter(|group| group[0].required == required).collect();
    let best = |group: &[&Requirement]| group.iter().map(|r| worth(r.standing)).fold(0.0, f64::max);
    let worths: Vec<f64> = all.iter().map(|group| best(group)).collect();
    let points = worths.iter().sum::<f64>() / worths.len().max(FEW) as f64 * f64::from(most);
    let what = if required { "required" } else { "optional" };
    let says = match all.len() {
        0 if required => "Which skills it requires is not stated, so there is nothing to compare.".to_owned(),
        0 => "It names no skills that only help.".to_owned(),
        count => {
            let proven = worths.iter().filter(|worth| **worth == 1.0).count();
            let claimed = worths.iter().filter(|worth| **worth == CLAIMED).count();
            let mut says = format!("Your code proves {proven} of {count} {what} skills");
            if claimed > 0 {
                says += &format!("; {claimed} you only claim");
            }
            let missing: Vec<String> = all
                .iter()
                .zip(&worths)
                .filter(|(_, worth)| **worth == 0.0)
                .map(|(group, _)| group.iter().map(|r| r.skill.as_str()).collect::<Vec<_>>().join(" or "))
                .collect();
            if !missing.is_empty() {
                says += &format!("; missing: {}", listing(&missing));
            }
            if count < FEW {
                says += "; so short a list says little";
            }
            says + "."
        }
    };
    Part { kind, points: points.round() as i32, most, says }
}

fn worth(standing: Standing) -> f64 {
    match standing {
        Standing::Proven => 1.0,
        Standing::Claimed => CLAIMED,
        Standing::Missing => 0.0,
    }
}

/// "A, B and 3 more".
fn listing(names: &[String]) -> String {
    match names.len() {
        count if count > NAMED => format!("{} and {} more", names[..NAMED].join(", "), count - NAMED),
        _ => names.join(", "),
    }
}

/// Points for closeness. A text that lists everything is near to everybody, so its closeness says nothing.
fn near(closeness: Option<f64>, stuffed: bool) -> Part {
    let measured = closeness.filter(|near| near.is_finite());
    let known = measured.filter(|_| !stuffed).map_or(0.0, |near| near.clamp(0.0, 1.0));
    let says = match known {
        _ if stuffed => "A text that lists so much is near to everything, so its nearness does not count.",
        _ if measured.is_none() => {
            "How near the work described is to what you made is not measured, so these points stay out."
        }
        near if near >= 0.66 => "The work described is near to what you made.",
        near if near >= 0.33 => "The work described has something in common with what you made.",
        _ => "The work described has little in common with what you made.",
    };
    let points = (known * f64::from(CLOSENESS)).round() as i32;
    Part { kind: PartKind::Closeness, points, most: CLOSENESS, says: says.to_owned() }
}

/// Points for conditions or wishes: the share that is met of those stated. What is not stated or not known counts half.
/// The deadline is left out, since to be open is no merit.
fn share(kind: PartKind, most: i32, rules: &[Rule]) -> Part {
    let wishes = kind == PartKind::Wishes;
    let counted = |rule: &&Rule| rule.about.is_wish() == wishes && rule.about != super::About::Deadline;
    let of = |verdict| rules.iter().filter(counted).filter(|rule| rule.verdict == verdict).count();
    let (met, not_met, unknown) = (of(Verdict::Met), of(Verdict::NotMet), of(Verdict::Unknown));
    let stated = met + not_met + unknown;
    let share = if stated == 0 { 0.5 } else { (met as f64 + unknown as f64 / 2.0) / stated as f64 };
    let what = if wishes { "what you want" } else { "conditions" };
    let says = match stated {
        0 if wishes => "It says nothing on what you want.".to_owned(),
        0 => "It states no conditions, so half of the points are given.".to_owned(),
        _ if wishes => format!("It says what it offers on {stated} of your 4 wishes, and {met} of them fit."),
        _ if unknown > 0 => format!("You meet {met} of {stated} stated {what}; {unknown} can't be told yet."),
        _ => format!("You meet {met} of {stated} stated {what}."),
    };
    Part { kind, points: (share * f64::from(most)).round() as i32, most, says }
}
