//! Names of exported files: readable to a recruiter and safe in every file system.

use internflow_domain::Profile;

use crate::clean::{clean, is_indic};

/// Longest name in bytes, so that extension and " (2)" still fit the 255 of common file systems.
const MAX_BYTES: usize = 180;

/// "Asha-Rao-Backend-Intern" from the name and a role, "Asha-Rao-Resume" without one, "Resume" without a name. Letters of
/// all scripts stay; there is no separator, no leading dot and no reserved device name.
pub fn file_stem(profile: &Profile, role: &str) -> String {
    let (name, role) = (words(&profile.basics.name), words(role));
    // The last word also keeps "CON" or "NUL" from being the whole name.
    let last = if name.is_empty() || role.is_empty() { vec!["Resume".to_owned()] } else { role };
    let mut stem = String::new();
    for word in name.into_iter().chain(last) {
        if stem.len() + word.len() + 1 > MAX_BYTES {
            break;
        }
        if !stem.is_empty() {
            stem.push('-');
        }
        stem.push_str(&word);
    }
    stem
}

fn words(text: &str) -> Vec<String> {
    let text: String = clean(text).chars().filter(|c| !"'’`.".contains(*c)).collect();
    let belongs = |c: char| {
        c.is_alphanumeric()
            || is_indic(c) && !matches!(c, '।' | '॥')
            || matches!(c, '\u{0300}'..='\u{036F}' | '\u{200C}' | '\u{200D}')
    };
    text.split(|c| !belongs(c)).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_readable() {
        let cases = [
            ("Asha Rao", "", "Asha-Rao-Resume"),
            ("Asha Rao", "Backend / Intern", "Asha-Rao-Backend-Intern"),
            ("", "Backend Intern", "Resume"),
            ("../..\\etc: passwd?*", "", "etc-passwd-Resume"),
            ("Conor O'Brien Jr.", "", "Conor-OBrien-Jr-Resume"),
            ("CON", "", "CON-Resume"),
            ("", "", "Resume"),
            ("\u{202E}\u{0}🚀", "", "Resume"),
            ("आशा क्षीरसागर", "", "आशा-क्षीरसागर-Resume"),
            ("Zoë Müller-Lüdenscheidt", "", "Zoë-Müller-Lüdenscheidt-Resume"),
        ];
        for (name, role, wanted) in cases {
            let mut profile = Profile::default();
            profile.basics.name = name.to_owned();
            assert_eq!(file_stem(&profile, role), wanted, "for {name:?} and {role:?}");
        }
        let mut profile = Profile::default();
        profile.basics.name = "नाम ".repeat(200);
        assert!(file_stem(&profile, "").len() <= 190, "file systems stop at 255 bytes");
    }
}
