//! Résumés from a profile: PDF and preview by Typst, Word, Markdown, plain text and JSON Resume.
//! Everything happens in memory, without disk, clock or network; equal input gives equal bytes.

mod advice;
mod clean;
mod dates;
mod docx;
mod extra;
mod file_name;
mod json;
mod locate;
mod markdown;
#[cfg(test)]
mod samples;
mod shape;
mod sheet;
mod text;
mod typeset;
mod world;

use internflow_domain::{EngineError, Profile, ResumeFormat, Typesetter};

pub use json::{ProfileError, parse_profile};

use crate::sheet::sheet;

/// The documents of a profile. Holds the fonts and Typst's library: make one and keep it.
pub struct Documents {
    shop: world::Shop,
}

impl Documents {
    pub fn new() -> Self {
        Self { shop: world::Shop::open() }
    }

    /// Letters of the profile that PDF and preview cannot print, because no bundled font has their
    /// script; each once, in reading order. The other formats carry them unharmed.
    pub fn unprintable(&self, profile: &Profile) -> Vec<char> {
        typeset::unprintable(&self.shop, &sheet(profile))
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter for Documents {
    /// # Errors
    /// When the profile has no name, or Typst or the packer of the Word file refuses the content.
    fn export(&self, profile: &Profile, format: ResumeFormat) -> Result<Vec<u8>, EngineError> {
        let sheet = sheet(profile);
        if sheet.name.is_empty() {
            return Err(EngineError::Failed("Fill in your name first: a résumé needs one.".to_owned()));
        }
        match format {
            ResumeFormat::Pdf => typeset::pdf(&typeset::typeset(&self.shop, &sheet)?),
            ResumeFormat::Docx => docx::docx(&sheet).map_err(|e| EngineError::Failed(format!("{e:#}"))),
            ResumeFormat::Md => Ok(markdown::markdown(&sheet).into_bytes()),
            ResumeFormat::Txt => Ok(text::text(&sheet).into_bytes()),
            ResumeFormat::Json => json::json(profile)
                .map_err(|e| EngineError::Failed(format!("The profile could not be written as JSON: {e}."))),
        }
    }

    /// Shows what there is, also of an unfinished profile: always at least one page.
    fn preview(&self, profile: &Profile) -> Result<Vec<String>, EngineError> {
        Ok(typeset::svg(&typeset::typeset(&self.shop, &sheet(profile))?))
    }

    fn missing(&self, profile: &Profile) -> Vec<String> {
        let mut missing = advice::missing(profile);
        let letters: String = self.unprintable(profile).iter().take(8).collect();
        if !letters.is_empty() {
            missing.push(format!("letters that the PDF can't print ({letters}); the Word file has them"));
        }
        missing
    }

    fn file_stem(&self, profile: &Profile) -> String {
        file_name::file_stem(profile, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [ResumeFormat; 5] =
        [ResumeFormat::Pdf, ResumeFormat::Docx, ResumeFormat::Json, ResumeFormat::Md, ResumeFormat::Txt];

    #[test]
    fn every_format_is_written_twice_alike() {
        let (documents, profile) = (Documents::new(), samples::student());
        for format in FORMATS {
            let first = documents.export(&profile, format).expect("export");
            assert!(
                !first.is_empty() && first == documents.export(&profile, format).expect("export"),
                "{format:?}"
            );
        }
    }

    #[test]
    fn a_nameless_profile_previews_and_does_not_export() {
        let (documents, profile) = (Documents::new(), Profile::default());
        for format in FORMATS {
            let error = documents.export(&profile, format).expect_err("there is no name");
            assert!(error.to_string().contains("Fill in your name first"), "{format:?} said: {error}");
        }
        let pages = documents.preview(&profile).expect("an empty page is a preview");
        assert!(pages.len() == 1 && pages[0].starts_with("<svg"), "the form starts with an empty page");
    }

    #[test]
    fn letters_without_a_font_are_named() {
        let (documents, mut profile) = (Documents::new(), samples::student());
        assert!(documents.unprintable(&profile).is_empty(), "an ordinary profile prints in full");
        profile.basics.label = "Шura क्ष 🚀 中文中".to_owned();
        assert_eq!(documents.unprintable(&profile), ['中', '文'], "only these have no face");
    }

    #[test]
    fn previews_have_a_drawing_a_page() {
        let pages = Documents::new().preview(&samples::busy(30)).expect("preview");
        assert!(
            pages.len() >= 3 && pages.iter().all(|p| p.contains("<path") || p.contains("<use")),
            "blank pages"
        );
    }
}
