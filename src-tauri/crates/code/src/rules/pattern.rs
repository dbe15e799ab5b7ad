//! Expressions that are made while a file is checked, from names in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::Regex;

/// Expressions kept by a thread: those of a file or two.
const MOST: usize = 1_000;

thread_local! {
    static MADE: RefCell<HashMap<String, Option<Rc<Regex>>>> = RefCell::default();
}

/// The expression; `None` when it is none, or too long. Making one costs a millisecond and rules ask for the
/// same few again and again, so a thread keeps them. Behind a pointer: a clone of an expression itself has
/// no memory yet, and would make one at each use.
pub(crate) fn regex(pattern: &str) -> Option<Rc<Regex>> {
    MADE.with_borrow_mut(|made| {
        if let Some(known) = made.get(pattern) {
            return known.clone();
        }
        if made.len() >= MOST {
            made.clear();
        }
        let new = Regex::new(pattern).ok().map(Rc::new);
        made.insert(pattern.to_owned(), new.clone());
        new
    })
}
