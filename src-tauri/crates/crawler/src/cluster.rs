//! The same opening, listed by several sources or once for each city: one cluster with all its places.
//!
//! Postings of one firm with one title belong together when their texts are nearly the same. A cluster once made
//! stays: new postings join it or found one of their own, and never join two that were apart. What the user put
//! apart stays apart.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::page::expression;

/// Words that make up one piece of a text.
const SHINGLE: usize = 4;
/// Pieces that are kept of a text; of short ones that is all.
const KEPT: usize = 128;
/// Share of pieces in common from which two texts are of one opening: above what a firm's introduction makes of an
/// advert, below what another city changes in it. Not yet calibrated on real boards.
const SAME: f64 = 0.7;
/// Texts with fewer pieces say too little to be compared.
const TOO_SHORT: usize = 20;

/// What is compared of a text: the smallest hashes of its pieces, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch(Vec<u64>);

impl Sketch {
    /// Of what a reader sees of a text.
    pub fn of(visible: &str) -> Self {
        let words: Vec<String> = words(visible);
        let mut pieces: Vec<u64> = words.windows(SHINGLE).map(|piece| hash(&piece.join(" "))).collect();
        pieces.sort_unstable();
        pieces.dedup();
        pieces.truncate(KEPT);
        Self(pieces)
    }

    fn is_short(&self) -> bool {
        self.0.len() < TOO_SHORT
    }

    /// How much two texts have in common, from 0 to 1: the share of common pieces, estimated on the smallest hashes
    /// of both together.
    pub fn likeness(&self, other: &Self) -> f64 {
        let most = if self.0.len() == KEPT || other.0.len() == KEPT { KEPT } else { usize::MAX };
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let (mut all, mut common) = (0_usize, 0_usize);
        while all < most {
            match (a.peek(), b.peek()) {
                (None, None) => break,
                (Some(x), Some(y)) if x == y => {
                    common += 1;
                    a.next();
                    b.next();
                }
                (Some(x), Some(y)) if x > y => {
                    b.next();
                }
                (Some(_), _) => {
                    a.next();
                }
                (None, Some(_)) => {
                    b.next();
                }
            }
            all += 1;
        }
        if all == 0 { 0.0 } else { common as f64 / all as f64 }
    }
}

/// A posting as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Names the posting among all of all boards.
    pub key: String,
    pub company: String,
    pub title: String,
    pub places: Vec<String>,
    pub sketch: Sketch,
}

/// Postings of one opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// The key of the posting that founded it.
    pub id: String,
    pub members: Vec<String>,
    /// Of all members: cities in their official spelling, else as written.
    pub places: Vec<String>,
}

/// Clusters of `openings`, in the order of their founders. Give the openings in the order in which they were first
/// seen, with what was decided before: `kept` names each posting's cluster, `apart` the pairs that the user split.
pub fn clusters(
    openings: &[Opening],
    kept: &HashMap<String, String>,
    apart: &[(String, String)],
) -> Vec<Cluster> {
    let mut split: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (a, b) in apart {
        split.entry(a).or_default().insert(b);
        split.entry(b).or_default().insert(a);
    }
    let mut found: Vec<Building<'_>> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<(String, String), Vec<usize>> = HashMap::new();
    // Those that were placed before come first: what is new then finds every cluster that was there.
    let (old, new): (Vec<_>, Vec<_>) = openings.iter().partition(|opening| kept.contains_key(&opening.key));
    for opening in old.into_iter().chain(new) {
        let fits = |cluster: &Building<'_>| {
            let enemies = split.get(opening.key.as_str());
            !cluster.members.iter().any(|member| enemies.is_some_and(|e| e.contains(member.key.as_str())))
        };
        let before = kept.get(&opening.key);
        let name = (company(&opening.company), title(&opening.title));
        let home = match before.and_then(|id| by_id.get(id)) {
            Some(at) if fits(&found[*at]) => Some(*at),
            // The founder of its cluster begins it again; who was split from its cluster looks for another.
            _ if before.is_some_and(|id| !by_id.contains_key(id)) => None,
            _ => by_name.get(&name).and_then(|all| best(opening, all, &found, fits)),
        };
        let at = home.unwrap_or_else(|| {
            let mut id = before.filter(|id| !by_id.contains_key(*id)).unwrap_or(&opening.key).clone();
            // Its own key may have named a cluster that it was split from.
            while by_id.contains_key(&id) {
                id.push('+');
            }
            by_id.insert(id.clone(), found.len());
            found.push(Building { id, members: Vec::new() });
            found.len() - 1
        });
        found[at].members.push(opening);
        // Of what a user joined or a firm renamed, each name leads to the cluster.
        let of_name = by_name.entry(name).or_default();
        if !of_name.contains(&at) {
            of_name.push(at);
        }
    }
    found.into_iter().map(Building::done).collect()
}

/// A cluster while it is made.
struct Building<'o> {
    id: String,
    members: Vec<&'o Opening>,
}

impl Building<'_> {
    fn done(self) -> Cluster {
        let mut places: Vec<String> = Vec::new();
        for place in self.members.iter().flat_map(|member| &member.places) {
            let cities = crate::places::cities(place);
            let named: Vec<String> = match cities.is_empty() {
                true => vec![place.trim().to_owned()],
                false => cities.into_iter().map(|(_, city)| city.to_owned()).collect(),
            };
            for place in named {
                if !place.is_empty() && !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        Cluster {
            id: self.id,
            members: self.members.iter().map(|member| member.key.clone()).collect(),
            places,
        }
    }
}

/// The cluster with the member that is most like the opening, if one is like enough.
fn best(
    opening: &Opening,
    among: &[usize],
    found: &[Building<'_>],
    fits: impl Fn(&Building<'_>) -> bool,
) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for at in among.iter().filter(|at| fits(&found[**at])) {
        let likeness = found[*at].members.iter().map(|member| alike(opening, member)).fold(0.0, f64::max);
        if likeness >= SAME && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, *at));
        }
    }
    best.map(|(_, at)| at)
}

/// Likeness of two postings of one firm and one title. Where one has no text, as rows of a list have none, a place
/// in common decides.
fn alike(a: &Opening, b: &Opening) -> f64 {
    if !a.sketch.is_short() && !b.sketch.is_short() {
        return a.sketch.likeness(&b.sketch);
    }
    let cities = |opening: &Opening| -> HashSet<String> {
        let all = opening.places.iter().flat_map(|place| {
            let cities = crate::places::cities(place);
            let written = cities.is_empty().then(|| place.trim().to_lowercase());
            cities.into_iter().map(|(_, city)| city.to_lowercase()).chain(written).collect::<Vec<_>>()
        });
        all.filter(|place| !place.is_empty()).collect()
    };
    if cities(a).intersection(&cities(b)).next().is_some() { 1.0 } else { 0.0 }
}

/// A firm's name as it is compared: without legal form, remarks in brackets and what only some sources add.
pub fn company(name: &str) -> String {
    let bare = expression!(r"\([^)]*\)|\[[^\]]*\]").replace_all(name, " ").to_lowercase();
    const FORMS: &[&str] = &[
        "pvt",
        "private",
        "ltd",
        "limited",
        "llp",
        "llc",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "gmbh",
        "ag",
        "se",
        "sa",
        "bv",
        "plc",
        "pte",
        "the",
        "company",
    ];
    let mut words = words(&bare);
    // A country at the end is its branch there: "Firm India Private Limited".
    while words.len() > 1 && words.last().is_some_and(|w| FORMS.contains(&w.as_str()) || w == "india") {
        words.pop();
    }
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    words.concat()
}

/// A title without place, number of the requisition and gender marks; its words sorted, since "Intern, Backend" and
/// "Backend Intern" are one.
fn title(text: &str) -> String {
    let marks = expression!(
        r"(?i)\((?:[mfdwx](?:\s?/\s?[mfdwx*])+|all genders|remote|hybrid|on-?site)\)|\b(?:req(?:uisition)?|job)\s?(?:id|no\.?|#)?\s?[:#-]?\s?[A-Z]{0,4}-?\d{3,}\b|\b[A-Z]{1,3}-?\d{4,}\b"
    );
    let text = without_places(&marks.replace_all(text, " "));
    const SAME_WORDS: &[(&str, &str)] = &[
        ("internship", "intern"),
        ("interns", "intern"),
        ("engineering", "engineer"),
        ("engineers", "engineer"),
        ("development", "developer"),
        ("developers", "developer"),
        ("trainees", "trainee"),
        ("sr", "senior"),
        ("jr", "junior"),
    ];
    const EMPTY: &[&str] =
        &["the", "a", "an", "at", "in", "for", "of", "and", "remote", "hybrid", "onsite", "india"];
    let mut all: Vec<String> = words(&text.to_lowercase())
        .into_iter()
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .map(|word| {
            SAME_WORDS.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| (*to).to_owned())
        })
        .collect();
    all.sort();
    all.dedup();
    all.join(" ")
}

/// The text without the words that name cities, in any of their spellings.
fn without_places(text: &str) -> String {
    let all: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#' | '.'))).collect();
    let is_city = |name: &str| crate::places::cities(name).first().is_some_and(|(at, _)| *at == 0);
    let mut kept = Vec::new();
    let mut at = 0;
    while at < all.len() {
        // "New Delhi" is one by two words, of which the first alone is none.
        let pair = all.get(at + 1).map(|next| format!("{} {next}", all[at]));
        if is_city(all[at]) {
            at += 1;
        } else if pair.is_some_and(|pair| is_city(&pair)) {
            at += 2;
        } else {
            kept.push(all[at]);
            at += 1;
        }
    }
    kept.join(" ")
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// FNV-1a, its bits mixed once more so that the smallest are a fair sample.
fn hash(text: &str) -> u64 {
    let folded = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (folded ^ (folded >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests;
