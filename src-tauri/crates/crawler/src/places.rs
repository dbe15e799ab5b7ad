//! Where the work is: cities by a list and by a location's own line, and remote, hybrid or office.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex::Regex;

use crate::page::{Line, Page, expression};
use crate::{Advert, Mode, Stated};

/// One line a city: `name` or `name = other spelling, …`.
const PLACES: &str = include_str!("../data/places.txt");
/// Countries that stand for a place only where no city is named.
const COUNTRIES: &[&str] =
    &["India", "Germany", "Singapore", "Canada", "United Kingdom", "United States", "Netherlands", "Ireland"];

struct Gazetteer {
    regex: Regex,
    names: HashMap<String, &'static str>,
}

fn gazetteer() -> &'static Gazetteer {
    static READ: OnceLock<Gazetteer> = OnceLock::new();
    READ.get_or_init(|| {
        let mut names = HashMap::new();
        for line in PLACES.lines().filter(|l| !l.trim().is_empty()) {
            let (name, others) = line.split_once(" = ").unwrap_or((line, ""));
            for spelling in others.split(", ").chain([name]).filter(|s| !s.is_empty()) {
                names.insert(spelling.to_lowercase(), name);
            }
        }
        let mut spellings: Vec<&String> = names.keys().collect();
        // The longest first: "New Delhi" before "Delhi".
        spellings.sort_by_key(|s| (std::cmp::Reverse(s.len()), s.as_str()));
        let any: Vec<String> = spellings.iter().map(|s| regex::escape(s)).collect();
        let regex = Regex::new(&format!(r"(?i)\b(?:{})\b", any.join("|")))
            .expect("the list of places compiled by the tests");
        Gazetteer { regex, names }
    })
}

/// Canonical cities of a text in their order, with where they stand. A name counts only with a capital.
pub(crate) fn cities(text: &str) -> Vec<(usize, &'static str)> {
    let list = gazetteer();
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for hit in list.regex.find_iter(text) {
        let capital = hit.as_str().chars().next().is_some_and(char::is_uppercase);
        // An address ("x@pune.example") or a hyphenated name is no place.
        let before = text[..hit.start()].chars().next_back();
        let after = text[hit.end()..].chars().next();
        let part = before.is_some_and(|c| matches!(c, '@' | '.' | '#' | '-'))
            || after.is_some_and(|c| matches!(c, '.' | '@'))
                && text[hit.end() + 1..].chars().next().is_some_and(char::is_alphanumeric);
        if let Some(name) = list.names.get(&hit.as_str().to_lowercase())
            && capital
            && !part
            && !found.iter().any(|(_, f)| f == name)
        {
            found.push((hit.start(), name));
        }
    }
    found
}

/// Places of work.
pub(crate) fn places(page: &Page<'_>, advert: &Advert) -> Vec<Stated<String>> {
    let label = expression!(
        r"^(?:.*\b)?(?:locations?|places?(?: of (?:work|posting))?|city|cities|where|office|posting|job location|work location|base location|venue)$"
    );
    let elsewhere = expression!(
        r"(?i)\b(?:customers|clients|offices? in (?:\d|many|several)|overlap with|branches|headquarter\w*|hq|left for|partners|also in|other offices|born in|founded in|started in|university of|shops in|stores in|users in|relocat\w*|travel to|trip to|interviews? (?:at|in|will)|test (?:at|in|cent)|ships? to|warehouses?|registered office|centres in|from (?:\w+ ){1,2}to)\b"
    );
    let mut found = Vec::new();
    for line in page.labelled(label) {
        found.extend(in_line(line, advert, true));
    }
    if found.is_empty() {
        // "locations Hyderabad, Telangana, India": a label without its colon, as some boards export it.
        let bare = expression!(r"(?i)^(?:job |work )?locations?\s");
        found = page
            .lines
            .iter()
            .filter(|l| bare.is_match(l.text))
            .flat_map(|l| in_line(l, advert, true))
            .collect();
    }
    if found.is_empty() {
        let head = |l: &&Line<'_>| {
            let titled = advert.title.as_ref().is_some_and(|t| l.text.contains(&t.value));
            let employer =
                advert.company.as_ref().is_some_and(|t| l.text.contains(&t.value) && l.text.len() < 130);
            titled || employer || l.text.len() < 90
        };
        let first: Vec<&Line<'_>> = page.lines.iter().take(4).filter(head).collect();
        for line in first.into_iter().filter(|l| !elsewhere.is_match(l.text)) {
            found.extend(in_line(line, advert, false));
            if !found.is_empty() {
                break;
            }
        }
    }
    if found.is_empty() {
        let there = expression!(
            r"(?i)\b(?:in|at|near|our .{0,20} in|from|based in|office|campus|hybrid|onsite|on-site|posted (?:at|in))\b|^.{0,100}$"
        );
        for line in &page.lines {
            for sentence in crate::page::sentences(line.text) {
                if elsewhere.is_match(sentence) || !there.is_match(sentence) {
                    continue;
                }
                found = cities(sentence)
                    .into_iter()
                    .map(|(_, city)| Stated::new(city.to_owned(), sentence))
                    .collect();
                if !found.is_empty() {
                    return dedup(without_company(found, advert));
                }
            }
        }
    }
    if found.is_empty() {
        // A country, where remote work is said to be done from.
        for line in page.lines.iter().take(12) {
            let spoken = expression!(r"(?i)\bremote\b|\banywhere in\b|\bwork from home\b|\blocation\b")
                .is_match(line.text);
            let country = COUNTRIES.iter().find(|c| {
                expression!(r"\b[A-Z]\w+(?: [A-Z]\w+)?\b")
                    .find_iter(line.text)
                    .any(|m| m.as_str() == **c || m.as_str().ends_with(&format!(" {c}")))
            });
            let company = advert.company.as_ref().map_or("", |c| c.value.as_str());
            if let (true, Some(country)) = (spoken && line.text.len() < 100, country)
                && !company.contains(country)
            {
                return vec![Stated::new((*country).to_owned(), line.text)];
            }
        }
    }
    dedup(without_company(found, advert))
}

fn dedup(found: Vec<Stated<String>>) -> Vec<Stated<String>> {
    let mut out: Vec<Stated<String>> = Vec::new();
    for place in found {
        if !out.iter().any(|o| o.value == place.value) {
            out.push(place);
        }
    }
    out
}

/// A city that is only part of the firm's name ("Pune Softlabs") is none, unless the label has it behind a comma.
fn without_company(found: Vec<Stated<String>>, advert: &Advert) -> Vec<Stated<String>> {
    let Some(company) = &advert.company else { return found };
    found
        .into_iter()
        .filter(|place| {
            let rest = place.from.replace(&company.value, " ");
            let tail = company.value.rsplit_once(", ").map_or("", |(_, tail)| tail);
            let named = |text: &str| cities(text).iter().any(|(_, c)| *c == place.value);
            !named(&company.value) || named(&rest) || named(tail)
        })
        .collect()
}

/// Cities of a line; of a labelled line also a name that no list has.
fn in_line(line: &Line<'_>, advert: &Advert, labelled: bool) -> Vec<Stated<String>> {
    let stated = |name: &str| Stated::new(name.to_owned(), line.text);
    let listed = cities(line.text);
    if !listed.is_empty() {
        // "New York, NY" after "San Francisco, CA": all are listed.
        return without_company(listed.into_iter().map(|(_, name)| stated(name)).collect(), advert);
    }
    // "Boulder Creek, CO": a city by its state.
    let state = expression!(
        r"\b([A-Z][a-z]+(?: [A-Z][a-z]+)?), (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|BC|ON|QC|AB)\b"
    );
    if let Some(city) = state.captures(line.text).and_then(|c| c.get(1)) {
        return vec![stated(city.as_str())];
    }
    if !labelled {
        return Vec::new();
    }
    let first = line.value.split([',', '(', '/', '|', '–', ';']).next().unwrap_or("").trim();
    let name = expression!(r"^[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?$").is_match(first);
    let word = expression!(r"(?i)\b(?:remote|work|home|hybrid|office|on-?site|anywhere|multiple|various|pan|across|india|any|virtual|online|flexible|our|campus|to|will)\b").is_match(first);
    if name && !word && !COUNTRIES.contains(&first) { vec![stated(first)] } else { Vec::new() }
}

/// Remote, hybrid or office, only if said.
pub(crate) fn mode(page: &Page<'_>) -> Option<Stated<Mode>> {
    let hybrid = expression!(r"(?i)\bhybrid\b");
    let hybrid_other = expression!(
        r"(?i)\bhybrid (?:cloud|apps?|mobile|vehicles?|electric|engine|models?|search|framework)"
    );
    let remote = expression!(
        r"(?i)\bremote(?:ly)?\b|\bwork(?:ing)?[- ]from[- ](?:home|anywhere)\b|\bwfh\b|\bfrom home\b|\bvirtual(?:ly)?\b|\bhome[- ]based\b|\bfrom your bed\b|\btelecommut\w+|\bwork(?:ing)? from your (?:own )?(?:home|room|hostel)"
    );
    let remote_other = expression!(
        r"(?i)\bremote(?:ly)? (?:sensing|procedure|desktop|control\w*|villages?|areas?|monitor\w*|code execution|servers?|teams? of|interview|sites?|locations? in|usability)\b|\bvirtual(?:ly)? (?:machines?|reality|assistants?|memory|interview|test|drive|campus|hiring|labs?|env\w*|try|private|network|round|box)\b|\b(?:not?|never|isn['’]t|without)\b[^.;,]{0,30}\b(?:remote|from home|wfh|virtual)|\b(?:remote|from home|wfh)\b[^.;,]{0,25}\b(?:not (?:permitted|possible|allowed|offered|available)|is no option)|\b(?:interviews?|tests?|assessments?|apply|rounds?)\b.{0,25}\b(?:remote|virtual|from home)|git remote"
    );
    let office = expression!(
        r"(?i)\bw(?:ork(?:ing)?)?[- ]from[- ](?:the |our )?office\b|\bwfo\b|\bin[- ]office\b|\boffice\)|\b[io]n[- ]?(?:site|premises?)\b|\bonsite\b|\bin[- ]person\b|\bon[- ]campus\b|\bclassroom\)|\(offline|\bin[- ]plant\b|\bat our works\b|\bfield work\b|\boffice and\b|\bdays from office\b|^office$|\bin one room\b|\b(?:in|at|from) (?:the|our) (?:\w+ ){0,2}(?:office|plant|factory|lab|laboratory|works|institute|studio|workshop|clean room|hospital|school|warehouse|shop|hangar|test rig)\b|\battendance in the\b|\bat the institute\b|\boffline\b|\bon site\b|\boffice[-– ]based\b"
    );
    let office_other = expression!(
        r"(?i)\b(?:placement|head|registered|post|placements|back|dean['’]?s) office|\b(?:mail|write to|visit|contact|come to|walk[- ]in|register|reach|report|call|submit\w*|send|deliver\w*|drop)\b.{0,30}\b(?:office|studio|lab|school|shop|institute|plant|factory)\b|\b(?:interviews?|test|drive|rounds?|selection)\b.{0,25}\b(?:in[- ]person|on[- ]?site|on[- ]campus|offline|office)|\bon[- ]campus (?:drive|interview|recruit|placement|hiring)|\bin[- ]person (?:interview|test|round)|\bnever had an office\b|\bno office\b|\bon[- ]site (?:gym|food|interview|cafeteria)|\boffline[- ]first\b|\bworks? offline\b|\b(?:bring|wifi|coffee|chai)\b.{0,20}\bin the office"
    );
    let mut best: Option<(u8, Stated<Mode>)> = None;
    for line in &page.lines {
        for sentence in crate::page::sentences(line.text) {
            let found = if hybrid.is_match(sentence) && !hybrid_other.is_match(sentence) {
                (0, Mode::Hybrid)
            } else if remote.is_match(sentence) && !remote_other.is_match(sentence) {
                (1, Mode::Remote)
            } else if office.is_match(sentence) && !office_other.is_match(sentence)
                || (line.label == "mode" && line.value.eq_ignore_ascii_case("office"))
            {
                (1, Mode::Office)
            } else if expression!(
                r"(?i)\b(?:work(?:ing)? from home|remote work|wfh)\b.{0,12}\b(?:is|are) not\b"
            )
            .is_match(sentence)
            {
                (2, Mode::Office)
            } else {
                continue;
            };
            if best.as_ref().is_none_or(|(rank, _)| found.0 < *rank) {
                best = Some((found.0, Stated::new(found.1, sentence)));
            }
        }
    }
    best.map(|(_, stated)| stated)
}
