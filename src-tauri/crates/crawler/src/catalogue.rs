//! Companies whose boards may be followed: `data/boards.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::Board;

/// A company of the catalogue.
#[derive(Debug, Clone, Deserialize)]
pub struct Company {
    pub company: String,
    /// Where it hires interns or new graduates, as far as is known.
    #[serde(default)]
    pub places: Vec<String>,
    #[serde(flatten)]
    pub board: Board,
}

/// All companies, in the order of the file.
pub fn companies() -> &'static [Company] {
    #[derive(Deserialize)]
    struct Catalogue {
        board: Vec<Company>,
    }
    static COMPANIES: LazyLock<Vec<Company>> = LazyLock::new(|| {
        let file: Catalogue =
            toml::from_str(include_str!("../data/boards.toml")).expect("the catalogue is read by the tests");
        file.board
    });
    &COMPANIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_of_the_catalogue_is_followed_by_its_address() {
        for listed in companies() {
            let address = listed.board.address();
            assert_eq!(
                Board::recognise(&address).as_ref(),
                Some(&listed.board),
                "{}: {address}",
                listed.company
            );
        }
    }
}
