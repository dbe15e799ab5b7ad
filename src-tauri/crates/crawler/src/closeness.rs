//! How near an opening's work is to what a student made: passages of its advert against texts of the student's own,
//! both as the vectors that an embedding model makes of them.
//!
//! Only what a reader of the advert sees is cut into passages, so nothing that is hidden in it is compared.

use crate::Posting;
use crate::page::first;

/// Characters of a passage: a paragraph or a list, and less than the 256 tokens that the embedding model reads.
const PASSAGE: usize = 600;
/// A passage with less is a heading or a link; it is near to whatever names the same thing.
const SHORTEST: usize = 40;
/// Passages of an advert that count. Adverts have three to nine of them.
const MOST: usize = 12;
/// An advert's passages that speak for it: the others are of the firm, its benefits and how to apply.
const SPEAK: usize = 3;
/// Cosines that are worth nothing and everything, with the search's MiniLM. Of the 130 labelled adverts in
/// `tests/fixtures/adverts/tune` and seven made-up students, nine in ten that share no skill lie below the first, and nine
/// in ten that share three or more below the second; the student with the skills was the nearest for 12 of 13.
const FAR: f64 = 0.22;
const NEAR: f64 = 0.39;

/// What is compared of an advert: its title with each passage, since a passage alone may not say of what it is.
pub fn passages(posting: &Posting) -> Vec<String> {
    let title = posting.title.trim();
    let mut all: Vec<String> = Vec::new();
    let mut passage = String::new();
    for mut line in crate::visible(&posting.description).text.lines() {
        while !line.is_empty() {
            if !passage.is_empty() && passage.len() + line.len() > PASSAGE {
                all.push(std::mem::take(&mut passage));
            }
            let part = first(line, PASSAGE);
            line = &line[part.len()..];
            passage.push_str(part);
            passage.push('\n');
        }
    }
    all.push(passage);
    all.retain(|passage| passage.len() >= SHORTEST);
    all.truncate(MOST);
    all.iter().map(|passage| format!("{title}\n{passage}")).collect()
}

/// From 0 to 1, of unit vectors: how near the advert's passages that are nearest to anything of the student's are to
/// it. `None` where one of the two has nothing.
pub fn closeness(advert: &[Vec<f32>], student: &[Vec<f32>]) -> Option<f64> {
    let nearest = |passage: &Vec<f32>| student.iter().map(|own| cosine(passage, own)).max_by(f64::total_cmp);
    let mut all: Vec<f64> = advert.iter().filter_map(nearest).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all.truncate(SPEAK);
    let count = all.len();
    (count > 0).then(|| {
        let mean = all.into_iter().sum::<f64>() / count as f64;
        ((mean - FAR) / (NEAR - FAR)).clamp(0.0, 1.0)
    })
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}
