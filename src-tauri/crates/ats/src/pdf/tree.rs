//! Brings a PDF into a form that no reader gets lost in: one flat list of pages with everything they inherit, and
//! no content in pictures.

use std::collections::HashSet;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Pages that are read. Nobody reads the thirty-first page of a résumé.
pub(super) const MOST_PAGES: usize = 30;

/// Pages that are counted.
const MOST_COUNTED: usize = 5000;

/// What a page takes from the nodes above it.
const INHERITED: [&[u8]; 3] = [b"Resources", b"MediaBox", b"Rotate"];

/// A4, for pages that state no size.
const A4: [f32; 4] = [0.0, 0.0, 595.0, 842.0];

/// Flattens the tree of pages in place. Returns the pages that stay, and how many there were.
pub(super) fn flatten(doc: &mut Document) -> (Vec<ObjectId>, usize) {
    let (found, counted) = pages(doc);
    let root: ObjectId = doc.new_object_id();
    let mut ids = Vec::new();
    for mut page in found {
        page.set("Parent", root);
        page.set("Type", Object::Name(b"Page".to_vec()));
        let contents = readable_contents(doc, &page);
        page.set("Contents", contents.into_iter().map(Object::Reference).collect::<Vec<_>>());
        if !page.has(b"MediaBox") {
            page.set("MediaBox", A4.map(Object::Real).to_vec());
        }
        // A copy at an id of its own: one node may be listed twice.
        ids.push(doc.add_object(page));
    }
    let mut pages = Dictionary::new();
    pages.set("Type", Object::Name(b"Pages".to_vec()));
    pages.set("Count", ids.len() as i64);
    pages.set("Kids", ids.iter().map(|id| Object::Reference(*id)).collect::<Vec<_>>());
    doc.objects.insert(root, Object::Dictionary(pages));
    if let Ok(catalog) = doc.catalog_mut() {
        catalog.set("Pages", root);
    }
    for object in doc.objects.values_mut() {
        if let Object::Stream(stream) = object {
            let picture = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image");
            if picture {
                stream.set_content(Vec::new());
                stream.dict.remove(b"Filter");
            }
        }
    }
    (ids, counted)
}

/// Copies of the pages in reading order, with what they inherit, and how many there are.
fn pages(doc: &Document) -> (Vec<Dictionary>, usize) {
    let mut found = Vec::new();
    let mut counted = 0;
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let root = doc.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference);
    let mut open: Vec<(ObjectId, Rc<Dictionary>)> = root.map(|id| (id, Rc::default())).into_iter().collect();
    while let Some((id, inherited)) = open.pop() {
        let Ok(node) = doc.get_dictionary(id) else { continue };
        let mut own = Dictionary::clone(&inherited);
        for key in INHERITED {
            if let Ok(value) = node.get(key) {
                own.set(key, value.clone());
            }
        }
        let kids = node.get_deref(b"Kids", doc).and_then(Object::as_array);
        match kids {
            // A tree that leads back to a node above it would never end.
            Ok(kids) if seen.insert(id) => {
                let own = Rc::new(own);
                let kids = kids.iter().rev().filter_map(|kid| kid.as_reference().ok());
                open.extend(kids.take(MOST_COUNTED).map(|kid| (kid, Rc::clone(&own))));
            }
            Ok(_) => {}
            Err(_) if counted == MOST_COUNTED => break,
            Err(_) => {
                counted += 1;
                if found.len() < MOST_PAGES {
                    let mut page = node.clone();
                    own.iter().for_each(|(key, value)| page.set(key.clone(), value.clone()));
                    found.push(page);
                }
            }
        }
    }
    (found, counted)
}

/// The streams of a page that are there: a reader may stop at one that is not.
fn readable_contents(doc: &Document, page: &Dictionary) -> Vec<ObjectId> {
    let mut ids = Vec::new();
    let mut take = |object: &Object| {
        let id = object.as_reference().ok();
        ids.extend(id.filter(|id| doc.get_object(*id).is_ok_and(|o| o.as_stream().is_ok())));
    };
    match page.get(b"Contents") {
        Ok(Object::Array(items)) => items.iter().for_each(&mut take),
        Ok(reference) => match doc.dereference(reference) {
            Ok((_, Object::Array(items))) => items.iter().for_each(&mut take),
            _ => take(reference),
        },
        Err(_) => {}
    }
    ids
}
