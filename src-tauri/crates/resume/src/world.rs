//! A Typst world without disk, packages, clock or network: the templates, one data file, own fonts.

use internflow_domain::Template;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// What the templates share, each of them in the order of [`Template::ALL`], and the handout.
const SOURCES: [(&str, &str); 6] = [
    ("base.typ", include_str!("../templates/base.typ")),
    ("classic.typ", include_str!("../templates/classic.typ")),
    ("compact.typ", include_str!("../templates/compact.typ")),
    ("academic.typ", include_str!("../templates/academic.typ")),
    ("modern.typ", include_str!("../templates/modern.typ")),
    ("handout.typ", include_str!("../templates/handout.typ")),
];

/// Faces in the order in which the templates fall back; fonts/README.md says where they come from.
const FACES: [&[u8]; 14] = [
    include_bytes!("../fonts/Inter-Regular.otf"),
    include_bytes!("../fonts/Inter-SemiBold.otf"),
    include_bytes!("../fonts/LibertinusSerif-Regular.otf"),
    include_bytes!("../fonts/LibertinusSerif-Semibold.otf"),
    include_bytes!("../fonts/LibertinusSerif-Italic.otf"),
    include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("../fonts/NotoSansBengali-Regular.ttf"),
    include_bytes!("../fonts/NotoSansTamil-Regular.ttf"),
    include_bytes!("../fonts/NotoSansTelugu-Regular.ttf"),
    include_bytes!("../fonts/NotoSansKannada-Regular.ttf"),
    include_bytes!("../fonts/NotoSansMalayalam-Regular.ttf"),
    include_bytes!("../fonts/NotoSansGujarati-Regular.ttf"),
    include_bytes!("../fonts/NotoSansGurmukhi-Regular.ttf"),
    include_bytes!("../fonts/NotoSansOriya-Regular.ttf"),
];

/// What every compilation shares: the standard library, the fonts and the templates.
pub struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
    data: FileId,
}

impl Shop {
    pub fn open() -> Self {
        let fonts: Vec<Font> = FACES.iter().filter_map(|face| Font::new(Bytes::new(*face), 0)).collect();
        let source = |(name, text): (&str, &str)| Source::new(file_id(name), text.to_owned());
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: SOURCES.map(source).into(),
            data: file_id("resume.json"),
        }
    }

    /// True when a bundled face has a glyph for the character.
    pub fn prints(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(c as u32))
    }

    /// A world in which `/resume.json` reads as `data` and the template is what is compiled.
    pub fn world(&self, template: Template, data: Vec<u8>) -> ResumeWorld<'_> {
        let main = match template {
            Template::Classic => 1,
            Template::Compact => 2,
            Template::Academic => 3,
            Template::Modern => 4,
        };
        ResumeWorld { shop: self, main: &self.sources[main], data: Bytes::new(data) }
    }

    /// The same for a handout.
    pub fn handout(&self, data: Vec<u8>) -> ResumeWorld<'_> {
        ResumeWorld { shop: self, main: &self.sources[5], data: Bytes::new(data) }
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names above are plain relative paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// One compilation.
pub struct ResumeWorld<'a> {
    shop: &'a Shop,
    main: &'a Source,
    data: Bytes,
}

impl World for ResumeWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.shop.sources.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A document must not change because a day went by.
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_face_is_a_font() {
        let shop = Shop::open();
        assert_eq!(shop.fonts.len(), FACES.len(), "a face that does not parse would print as empty boxes");
        for c in "Aäőệ₹€→•–“”Жλ आ আ ஆ ఆ ಆ ആ આ ਆ ଆ".chars() {
            assert!(shop.prints(c), "no bundled face prints {c:?}");
        }
        assert!(!shop.prints('🚀') && !shop.prints('ش'), "coverage must be able to say no");
    }
}
