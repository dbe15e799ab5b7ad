//! What a tracking system or a recruiter would miss in a profile.

use internflow_domain::Profile;

use crate::clean::clean;

/// Letters of a word for which every line of every template has room.
const LONGEST_WORD: usize = 70;

/// Short sentences, the most serious first; empty when nothing is missing.
pub fn missing(profile: &Profile) -> Vec<String> {
    let basics = &profile.basics;
    let blank = |text: &str| text.trim().is_empty();
    let no_link = blank(&basics.url) && basics.profiles.iter().all(|p| blank(&p.url) && blank(&p.username));
    let undated = profile.education.iter().any(|e| blank(&e.end_date) && blank(&e.start_date));
    let bare_project = profile.projects.iter().find(|p| p.highlights.is_empty() && blank(&p.description));
    let endless = endless_word(profile);
    let checks = [
        (blank(&basics.name), "No name: the résumé cannot be exported without one.".to_owned()),
        (blank(&basics.email), "No e-mail address: nobody can answer you.".to_owned()),
        (
            !blank(&basics.email) && crate::clean::mail_address(basics.email.trim()).is_none(),
            format!("“{}” does not look like an e-mail address.", basics.email.trim()),
        ),
        (blank(&basics.phone), "No phone number: many application systems require one.".to_owned()),
        (
            profile.education.is_empty(),
            "No education: internships are filtered by degree and year.".to_owned(),
        ),
        (undated, "Education without a year: add when you will graduate.".to_owned()),
        (
            profile.work.is_empty() && profile.projects.is_empty(),
            "No experience and no projects: add at least one project.".to_owned(),
        ),
        (
            bare_project.is_some(),
            format!(
                "The project “{}” says nothing about what you did.",
                bare_project.map_or("", |p| p.name.trim())
            ),
        ),
        (profile.skills.is_empty(), "No skills: tracking systems search for them by name.".to_owned()),
        (blank(&basics.location.city), "No city: add where you are.".to_owned()),
        (no_link, "No link to your code or home page.".to_owned()),
        (
            endless.is_some(),
            format!(
                "“{}…” is too long for a line and runs off the page: part it with spaces.",
                endless.unwrap_or_default()
            ),
        ),
    ];
    checks.into_iter().filter(|(applies, _)| *applies).map(|(_, sentence)| sentence).collect()
}

/// The beginning of the first word in a sentence of the profile that no line has room for.
fn endless_word(profile: &Profile) -> Option<String> {
    let work = profile.work.iter().flat_map(|w| w.highlights.iter().chain([&w.summary]));
    let projects = profile.projects.iter().flat_map(|p| p.highlights.iter().chain([&p.description]));
    let texts = work.chain(projects).chain([&profile.basics.summary, &profile.basics.label]);
    let mut words = texts.flat_map(|text| text.split_whitespace());
    words.find(|word| word.chars().count() > LONGEST_WORD).map(|word| clean(word).chars().take(20).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn only_what_is_missing_is_named() {
        assert_eq!(missing(&samples::student()), Vec::<String>::new(), "a full profile needs no advice");
        let empty = missing(&Profile::default());
        assert!(empty[0].starts_with("No name") && empty.len() == 8, "an empty profile lacks all: {empty:?}");
        let mut profile = samples::student();
        profile.projects[0].highlights = vec!["W".repeat(71)];
        assert!(missing(&profile)[0].starts_with("“WWWW"), "a word that runs off the page is named");
        let mut profile = samples::student();
        profile.basics.email = "asha at example".to_owned();
        profile.education[0].start_date.clear();
        profile.education[0].end_date.clear();
        let found = missing(&profile);
        assert!(
            found.len() == 2 && found[0].contains("asha at example") && found[1].contains("year"),
            "{found:?}"
        );
    }
}
