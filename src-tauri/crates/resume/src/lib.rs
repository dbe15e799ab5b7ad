//! Résumés from a profile: PDF and preview by Typst, Word, HTML, Markdown, plain text and JSON Resume.
//! Everything happens in memory, without disk, clock or network; equal input gives equal bytes.

mod advice;
mod clean;
mod dates;
mod docx;
mod dress;
mod extra;
mod file_name;
mod fit;
mod handout;
mod html;
mod json;
mod locate;
mod markdown;
mod omit;
#[cfg(test)]
mod readback_tests;
#[cfg(test)]
mod samples;
mod shape;
mod sheet;
mod text;
mod typeset;
mod world;

use internflow_domain::{
    EngineError, Fit, Handout, HandoutFormat, Look, Profile, ResumeFormat, Template, Typesetter,
};

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
        typeset::unprintable(&self.shop, &sheet(profile, Template::default()))
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
    fn export(&self, profile: &Profile, look: Look, format: ResumeFormat) -> Result<Vec<u8>, EngineError> {
        let sheet = sheet(profile, look.template);
        if sheet.name.is_empty() {
            return Err(EngineError::Failed("Fill in your name first: a résumé needs one.".to_owned()));
        }
        match format {
            ResumeFormat::Pdf => typeset::pdf(&typeset::typeset(&self.shop, &sheet, look)?.document),
            ResumeFormat::Docx => docx::docx(&sheet, look).map_err(|e| EngineError::Failed(format!("{e:#}"))),
            ResumeFormat::Md => Ok(markdown::markdown(&sheet).into_bytes()),
            ResumeFormat::Txt => Ok(text::text(&sheet).into_bytes()),
            ResumeFormat::Html => Ok(html::html(&sheet, look).into_bytes()),
            ResumeFormat::Json => json::json(profile)
                .map_err(|e| EngineError::Failed(format!("The profile could not be written as JSON: {e}."))),
        }
    }

    /// Shows what there is, also of an unfinished profile: always at least one page.
    fn preview(&self, profile: &Profile, look: Look) -> Result<Vec<String>, EngineError> {
        let sheet = sheet(profile, look.template);
        Ok(typeset::svg(&typeset::typeset(&self.shop, &sheet, look)?.document))
    }

    fn fit(
        &self,
        profile: &Profile,
        look: Look,
        proven: &[String],
        pinned: &[String],
    ) -> Result<Fit, EngineError> {
        fit::fit(&self.shop, profile, look, proven, pinned)
    }

    fn missing(&self, profile: &Profile) -> Vec<String> {
        let mut missing = advice::missing(profile);
        let letters: String = self.unprintable(profile).iter().take(8).collect();
        if !letters.is_empty() {
            missing.push(format!("letters that the PDF can't print ({letters}); the Word file has them"));
        }
        missing
    }

    fn file_stem(&self, profile: &Profile, role: &str) -> String {
        file_name::file_stem(profile, role)
    }

    fn handout(&self, handout: &Handout, format: HandoutFormat) -> Result<Vec<u8>, EngineError> {
        match format {
            HandoutFormat::Pdf => handout::pdf(&self.shop, handout),
            HandoutFormat::Md => Ok(handout::markdown(handout).into_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::Paper;

    use super::*;

    const FORMATS: [ResumeFormat; 6] = [
        ResumeFormat::Pdf,
        ResumeFormat::Docx,
        ResumeFormat::Json,
        ResumeFormat::Md,
        ResumeFormat::Txt,
        ResumeFormat::Html,
    ];

    /// Every template on every paper.
    fn looks() -> impl Iterator<Item = Look> {
        Template::ALL
            .into_iter()
            .flat_map(|template| [Paper::A4, Paper::Letter].map(|paper| Look { template, paper }))
    }

    #[test]
    fn every_format_is_written_twice_alike() {
        let (documents, profile) = (Documents::new(), samples::student());
        for (look, format) in looks().flat_map(|look| FORMATS.map(|format| (look, format))) {
            let first = documents.export(&profile, look, format).expect("export");
            // A new set of documents shares no memory of the first.
            let second = Documents::new().export(&profile, look, format).expect("export");
            assert!(!first.is_empty() && first == second, "{look:?} as {format:?} differs from run to run");
        }
    }

    #[test]
    fn a_nameless_profile_previews_and_does_not_export() {
        let (documents, profile) = (Documents::new(), Profile::default());
        for look in looks() {
            for format in FORMATS {
                let error = documents.export(&profile, look, format).expect_err("there is no name");
                assert!(error.to_string().contains("Fill in your name first"), "{format:?} said: {error}");
            }
            let pages = documents.preview(&profile, look).expect("an empty page is a preview");
            assert!(pages.len() == 1 && pages[0].starts_with("<svg"), "the form starts with an empty page");
        }
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
        let pages = Documents::new().preview(&samples::busy(30), Look::default()).expect("preview");
        assert!(
            pages.len() >= 3 && pages.iter().all(|p| p.contains("<path") || p.contains("<use")),
            "blank pages"
        );
    }
}
