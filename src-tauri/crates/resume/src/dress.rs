//! What the templates look like outside of Typst: the Word document and the HTML page follow the same choices.

use internflow_domain::Template;

/// Choices of a template.
pub struct Dress {
    /// Colour of headings, as RRGGBB.
    pub accent: &'static str,
    pub serif: bool,
    /// Name and contacts stand in the middle.
    pub centred: bool,
    /// Headings are shown in capitals.
    pub capitals: bool,
    /// Sections in their order, by title; those that are not named follow in the order of the profile.
    pub order: &'static [&'static str],
}

impl Dress {
    pub fn of(template: Template) -> Self {
        match template {
            Template::Classic => Self {
                accent: "1F4E79",
                serif: false,
                centred: false,
                capitals: false,
                order: &["Education", "Experience", "Projects", "Skills"],
            },
            Template::Compact => Self {
                accent: "1B1F24",
                serif: false,
                centred: false,
                capitals: true,
                order: &["Education", "Skills", "Experience", "Projects"],
            },
            Template::Academic => Self {
                accent: "1B1F24",
                serif: true,
                centred: true,
                capitals: false,
                order: &["Education", "Publications", "Projects", "Experience", "Awards", "Skills"],
            },
            Template::Modern => Self {
                accent: "0B6B5D",
                serif: false,
                centred: false,
                capitals: true,
                order: &["Experience", "Projects", "Skills", "Education"],
            },
        }
    }
}
