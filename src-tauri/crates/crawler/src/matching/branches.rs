//! Branches of engineering that an advert names beside a degree: "B.E./B.Tech (CSE/IT/ECE)".

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex::Regex;

use crate::page::{Page, expression, first};
use crate::{Advert, Stated};

/// Branches and the expressions that name them. Those that employers take as one are one here. Short ones count in
/// capitals only: "it" is a word.
const BRANCHES: &[(&str, &str)] = &[
    (
        "Computer Science or IT",
        r"(?i:\bcomputer (?:science|engineering|applications?)|\binformation (?:technology|science)|\bcomputers\b|\bcomputer\b|\bsoftware engineering\b|\bcomp\.? ?sc)|\bCSE?\b|\bIT\b|\bISE\b|\bAI ?(?:&|and|/|-)? ?(?:DS|ML)\b",
    ),
    ("Electrical", r"(?i:\belectrical\b)|\bEEE\b|\bEE\b"),
    (
        "Electronics",
        r"(?i:\belectronics?\b|\btele-?communications?\b)|\bECE\b|\bETC\b|\bE&TC\b|\bE ?& ?C\b|\bEXTC\b|\bENTC\b|\bEC\b",
    ),
    ("Instrumentation", r"(?i:\binstrumentation\b)|\bEIE\b|\bE&I\b|\bICE\b"),
    ("Mechanical", r"(?i:\bmechanical\b|\bmech\b)"),
    ("Mechatronics", r"(?i:\bmechatronics\b|\brobotics\b)"),
    ("Automobile", r"(?i:\bautomobile\b|\bautomotive\b)"),
    ("Production or Industrial", r"(?i:\bproduction\b|\bindustrial engineering\b|\bmanufacturing\b)"),
    ("Aerospace", r"(?i:\baerospace\b|\baeronautic\w*)"),
    ("Civil", r"(?i:\bcivil\b|\bstructural engineering\b)"),
    ("Chemical", r"(?i:\bchemical\b)"),
    ("Metallurgy or Materials", r"(?i:\bmetallurg\w+|\bmaterials? (?:science|engineering)\b)"),
    ("Biotechnology", r"(?i:\bbio-?tech(?:nology)?\b)"),
    ("Biomedical", r"(?i:\bbio-?medical\b)"),
    ("Mining", r"(?i:\bmining\b)"),
    ("Mathematics or Statistics", r"(?i:\bmathematics\b|\bmaths?\b|\bstatistics\b)"),
    ("Physics", r"(?i:\bphysics\b)"),
];

fn expressions() -> &'static [(&'static str, Regex)] {
    static COMPILED: OnceLock<Vec<(&'static str, Regex)>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let compiled = |text: &str| Regex::new(text).expect("an expression compiled by the tests");
        BRANCHES.iter().map(|(name, text)| (*name, compiled(text))).collect()
    })
}

/// Branches of a text.
pub(super) fn named(text: &str) -> BTreeSet<&'static str> {
    expressions().iter().filter(|(_, regex)| regex.is_match(text)).map(|(name, _)| *name).collect()
}

/// Branches that the advert asks for. `None` where it names none, or opens the list ("or a related field"): a list
/// that is only an example refuses nobody.
pub(super) fn asked(advert: &Advert, page: &Page<'_>) -> Option<Stated<BTreeSet<&'static str>>> {
    let open = expression!(
        r"(?i)\b(?:any|all|other|every|various) (?:engineering )?(?:branch|stream|discipline|department|speciali[sz]ation)|\b(?:related|equivalent|similar|relevant|allied|comparable|quantitative|technical) (?:field|discipline|branch|stream|area|course|degree|subject|major|qualification)|\betc\b|\bor (?:similar|related|equivalent|allied)\b|\bpreferred\b|\bpreferably\b"
    );
    let label = expression!(r"\b(?:branch(?:es)?|streams?|disciplines?|departments?|speciali[sz]ations?)\b");
    let degree = expression!(
        r"\bB\.?\s?Tech\b|\bM\.?\s?Tech\b|\bB\.?E\b\.?|\bM\.?E\b\.?|\bB\.?\s?S[cC]\b|\bM\.?\s?S[cC]\b|\b(?i:diploma|dual degree|bachelor['’]?s?|master['’]?s?|degree)\b"
    );
    let labelled = page.labelled(label).map(|line| (line.text, line.value));
    let beside = advert.degrees.iter().filter_map(|stated| {
        let last = degree.find_iter(&stated.from).last()?;
        // What a later part of a terse line says is of the work, not of the degree.
        let rest = first(&stated.from[last.end()..], 120);
        Some((stated.from.as_str(), rest.split([';', '|', '•', '·', '–', '—']).next().unwrap_or("")))
    });
    for (sentence, list) in labelled.chain(beside) {
        // A list stands in brackets, behind "in" or "of", or directly behind the degree.
        let list =
            expression!(r"(?i)^[\s.,:/-]*(?:students?|degree)?\s*(?:\(|\[|\bin\b|\bof\b|-)?\s*(.{0,100})")
                .captures(list);
        let list = list.and_then(|found| found.get(1)).map_or("", |text| text.as_str());
        let list = list.split([')', ']']).next().unwrap_or("");
        let named = named(list);
        if !named.is_empty() {
            return (!open.is_match(sentence)).then(|| Stated::new(named, sentence));
        }
    }
    None
}
