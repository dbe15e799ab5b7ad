//! What keeps a tracking system from reading a résumé, in plain words for the student.

use serde::{Deserialize, Serialize};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Empty,
    /// Neither PDF nor DOCX.
    UnknownFormat,
    TooLarge,
    Damaged,
    Encrypted,
    /// Unpacks to more than is bearable.
    Bomb,
    TooSlow,
    /// Parts that lead back to themselves.
    Tangled,
    /// Image only.
    NoText,
    Columns,
    /// Lines of a table are mixed by some systems.
    Table,
    TextBox,
    /// Text in the header or footer of a Word document.
    HeaderFooter,
    /// Mail or phone stand only there.
    ContactInHeader,
    /// Code points without a public meaning.
    Icons,
    Ligatures,
    /// Letters that came out as replacement characters.
    BrokenText,
    /// Fonts that do not say which letters their glyphs are.
    NoCharacterMap,
    ManyPages,
    UnreadableDate,
    UnusualHeading,
    NoHeadings,
    NoName,
    NoEmail,
    NoPhone,
    /// The two readers do not agree.
    ReadersDiffer,
}

/// A problem with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: Kind,
    /// What breaks.
    pub breaks: String,
    pub why: String,
    /// What to do now.
    pub mend: String,
    /// The words, fonts or places that it is about; may be empty.
    pub found: String,
}

impl Problem {
    pub(crate) fn new(kind: Kind, found: &str) -> Self {
        let (breaks, why, mend) = words(kind);
        Self {
            kind,
            breaks: breaks.to_owned(),
            why: why.to_owned(),
            mend: mend.to_owned(),
            found: found.to_owned(),
        }
    }
}

/// What breaks, why, and what to do.
fn words(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Empty => ("Nothing is read.", "The file has no bytes.", "Export or copy it again."),
        Kind::UnknownFormat => (
            "Nothing is read.",
            "The file is neither a PDF nor a Word document, whatever its name says.",
            "Export it as PDF or DOCX.",
        ),
        Kind::TooLarge => (
            "Nothing is read.",
            "The file is larger than any résumé. Application forms refuse such files too.",
            "Make the pictures smaller or leave them out, then export again.",
        ),
        Kind::Damaged => (
            "Nothing is read.",
            "The file is cut off or not built as its format asks for.",
            "Export it again, and open it once before you send it.",
        ),
        Kind::Encrypted => (
            "Nothing is read.",
            "The file is protected. Many systems skip a protected file, also when it opens without a password.",
            "Export it without password and without restrictions.",
        ),
        Kind::Bomb => (
            "Nothing is read.",
            "A part of the file unpacks to far more than a résumé holds, so it was not opened.",
            "Export the résumé again from the program in which you wrote it.",
        ),
        Kind::TooSlow => (
            "Nothing is read.",
            "The file is so involved that reading was stopped. A tracking system stops too.",
            "Export it again from the program in which you wrote it.",
        ),
        Kind::Tangled => (
            "Some of the text is missing.",
            "Parts of the page lead back to themselves or are nested too deep.",
            "Export it again from the program in which you wrote it.",
        ),
        Kind::NoText => (
            "Nothing is read: no name, no mail, no skill.",
            "The file has no text in it. A scan or an exported picture looks the same to you and is empty to a program.",
            "Export the résumé as text: from Word, Google Docs or LaTeX, not by scanning or from a drawing.",
        ),
        Kind::Columns => (
            "Lines of the two columns may be read as one, so that titles, dates and skills mix.",
            "Many systems read across the whole page, line by line.",
            "Use a template with one column.",
        ),
        Kind::Table => (
            "Text in the table may be read in another order, or its cells run together.",
            "Some systems read a table by rows, some by columns, and some skip it.",
            "Write the same as plain lines with headings.",
        ),
        Kind::TextBox => (
            "Text in boxes is skipped or read at another place.",
            "A text box floats over the page and belongs to no line.",
            "Move the words into the page itself.",
        ),
        Kind::HeaderFooter => (
            "Text at the top or bottom margin may be skipped.",
            "Many systems read only the body of a document.",
            "Move what matters into the page itself.",
        ),
        Kind::ContactInHeader => (
            "Mail or phone may be missing, so that nobody can reach you.",
            "They stand only in the header or footer, or in a text box.",
            "Write them below your name, in the page itself.",
        ),
        Kind::Icons => (
            "A symbol is read as nothing or as a wrong letter.",
            "It is drawn by an icon font, and its code means nothing outside that font.",
            "Write the word instead: “Phone”, “Email”, “GitHub”.",
        ),
        Kind::Ligatures => (
            "Words with fi, fl or ff are not found by a search.",
            "Two letters are stored as one joined sign.",
            "Turn ligatures off in the program, or choose another font.",
        ),
        Kind::BrokenText => (
            "Some letters come out as boxes or question marks.",
            "The file does not say which letters these signs are.",
            "Choose another font, or export with another program.",
        ),
        Kind::NoCharacterMap => (
            "Text in some fonts comes out wrong or not at all.",
            "These fonts are stored without a map from their signs to letters.",
            "Choose another font, or export with another program. In LaTeX: \\usepackage{cmap}.",
        ),
        Kind::ManyPages => (
            "Readers stop early, and some forms refuse the file.",
            "The résumé of a student has one page, at most two.",
            "Keep what fits the job and leave out the rest.",
        ),
        Kind::UnreadableDate => (
            "The time of an entry is missing, so your experience may count as none.",
            "No date beside it could be read.",
            "Write “May 2025 – Jul 2025” or “2023 – 2027”.",
        ),
        Kind::UnusualHeading => (
            "What stands below this heading goes into no field, or into a wrong one.",
            "Systems know a section by its usual name.",
            "Use a plain name: Education, Experience, Projects, Skills, Achievements, Certifications.",
        ),
        Kind::NoHeadings => (
            "Education, experience and skills are not told apart.",
            "No line is a heading that a system knows.",
            "Write a heading over each part: Education, Experience, Projects, Skills.",
        ),
        Kind::NoName => (
            "Your name is missing.",
            "The first line is not a name.",
            "Write your name alone on the first line.",
        ),
        Kind::NoEmail => (
            "Your mail address is missing.",
            "No address is in the text.",
            "Write it below your name, as text.",
        ),
        Kind::NoPhone => (
            "Your phone number is missing.",
            "No number is in the text.",
            "Write it below your name with +91, as text.",
        ),
        Kind::ReadersDiffer => (
            "Two programs read the file differently, so two systems will too.",
            "The file does not fix the order or the letters of its text.",
            "Compare the two texts; a template with one column mends most of it.",
        ),
    }
}
