//! Data with a shape of its own: what an ORM stores, what a validator checks, what a schema creates.

mod sql;

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::source::{Place, Source};
use super::{Built, BuiltKind};
use crate::Language;

pub(super) use sql::find_tables;

/// Classes that stand between a class and the framework's own, in one file.
const DEEPEST: usize = 8;

pub(super) fn of(place: &Place, found: &mut Vec<Built>) {
    let one = match (place.source.language, place.node.kind()) {
        (Language::Python, "class_definition") => of_python(place),
        (Language::Java, "class_declaration") => of_jpa(place),
        (Language::CSharp, "property_declaration") => of_entity_framework(place),
        (Language::Go, "type_spec") => of_gorm(place),
        (Language::Rust, "struct_item") => of_rust(place),
        (
            Language::JavaScript | Language::TypeScript | Language::Tsx,
            "class_declaration" | "abstract_class_declaration",
        ) => of_decorated(place),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => of_call(place),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "variable_declarator") => {
            of_drizzle(place)
        }
        _ => None,
    };
    found.extend(one);
}

fn model(name: &str, lines: (u32, u32), made_with: impl Into<String>) -> Built {
    Built::new(BuiltKind::Model, name, lines, made_with)
}

/// What makes a model of Django a base of others only.
static ABSTRACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\babstract\s*=\s*True\b")
        .expect("the pattern is part of the program and is compiled by the tests")
});
/// What stores a field of a model of SQLAlchemy.
static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:Column|mapped_column)\s*\(")
        .expect("the pattern is part of the program and is compiled by the tests")
});

fn of_python(place: &Place) -> Option<Built> {
    let source = place.source;
    let made_with = python_base(source, place.node, &mut HashSet::new())?;
    let body = place.node.child_by_field_name("body").map_or("", |body| source.text_of(body));
    let is = match made_with {
        "Django" => !ABSTRACT.is_match(body),
        "SQLAlchemy" => body.contains("__tablename__") || COLUMN.is_match(body),
        _ => true,
    };
    is.then(|| model(source.field(place.node, "name"), place.lines(), made_with))
}

/// The framework that a class comes from, by its bases, also through those in the same file.
fn python_base(source: &Source, class: Node, seen: &mut HashSet<usize>) -> Option<&'static str> {
    if seen.len() >= DEEPEST || !seen.insert(class.id()) {
        return None;
    }
    let bases = source.bases(class);
    let body = class.child_by_field_name("body").map_or("", |body| source.text_of(body));
    for base in &bases {
        let squeezed: String = base.split_whitespace().collect();
        let plain = squeezed.split('[').next().unwrap_or_default();
        let known = match plain {
            "models.Model" if source.imports(&["django.db"]) => Some("Django"),
            "BaseModel" | "pydantic.BaseModel" if source.imports(&["pydantic"]) => Some("Pydantic"),
            "SQLModel" if source.imports(&["sqlmodel"]) => Some("SQLModel"),
            "db.Model" => Some("SQLAlchemy"),
            "Document" | "EmbeddedDocument" if source.imports(&["mongoengine", "beanie"]) => Some("MongoDB"),
            "Model" if source.imports(&["tortoise", "peewee"]) => Some("ORM"),
            _ => None,
        };
        if known.is_some() {
            return known;
        }
    }
    if source.imports(&["sqlalchemy", "sqlmodel"]) && !bases.is_empty() && body.contains("__tablename__") {
        return Some("SQLAlchemy");
    }
    let above = bases.iter().filter_map(|base| source.definition(base));
    above.filter(|base| base.kind() == "class_definition").find_map(|base| python_base(source, base, seen))
}

fn of_jpa(place: &Place) -> Option<Built> {
    let source = place.source;
    let marks = source.annotations_in(place.node);
    let has = |name: &str| marks.iter().any(|(own, _)| *own == name);
    let made_with = if has("Entity") && source.imports(&["jakarta.persistence", "javax.persistence"]) {
        "JPA"
    } else if has("Document") && source.imports(&["org.springframework.data.mongodb"]) {
        "Spring Data MongoDB"
    } else if has("Entity") && source.imports(&["androidx.room"]) {
        "Room"
    } else {
        return None;
    };
    Some(model(source.field(place.node, "name"), source.lines(place.node), made_with))
}

/// `DbSet<Book> Books` in a context of Entity Framework stores `Book`.
fn of_entity_framework(place: &Place) -> Option<Built> {
    let source = place.source;
    let of_type = source.field(place.node, "type");
    let entity = of_type.strip_prefix("DbSet<")?.strip_suffix('>')?;
    let class = place.class()?;
    let is = source.bases(class).iter().any(|base| base.contains("DbContext"));
    is.then(|| model(entity, source.lines(place.node), "Entity Framework Core"))
}

/// A struct that embeds `gorm.Model` or says in its tags how it is stored.
fn of_gorm(place: &Place) -> Option<Built> {
    let source = place.source;
    let body = place.node.child_by_field_name("type").filter(|body| body.kind() == "struct_type")?;
    let list = source.children(body).into_iter().next()?;
    let stored = source.children(list).into_iter().any(|field| {
        let embeds =
            field.child_by_field_name("name").is_none() && source.field(field, "type") == "gorm.Model";
        embeds || source.field(field, "tag").contains("gorm:\"")
    });
    let lines = match place.parent().filter(|parent| parent.named_child_count() == 1) {
        Some(parent) => source.lines(parent),
        None => source.lines(place.node),
    };
    stored.then(|| model(source.field(place.node, "name"), lines, "GORM"))
}

/// A struct that derives what reads a row of Diesel or SQLx, or an entity of SeaORM.
fn of_rust(place: &Place) -> Option<Built> {
    let source = place.source;
    let inside = |mark: &Node| source.text_of(*mark).trim_start_matches("#[").trim_start().to_owned();
    let derived: Vec<String> =
        place.marks.iter().map(inside).filter(|mark| mark.starts_with("derive")).collect();
    let derives = |wanted: &str| {
        derived.iter().any(|mark| mark.split(|c: char| !c.is_alphanumeric()).any(|word| word == wanted))
    };
    let made_with = if derives("FromRow") && source.mentions("sqlx") {
        "SQLx"
    } else if source.mentions("diesel")
        && ["Queryable", "Selectable", "Identifiable"].into_iter().any(derives)
    {
        "Diesel"
    } else if derives("DeriveEntityModel") && source.mentions("sea_orm") {
        "SeaORM"
    } else {
        return None;
    };
    let table = place.marks.iter().map(inside).find_map(|mark| {
        let (_, name) = mark.split_once("table_name")?;
        let name = name.trim_start().strip_prefix('=')?.trim_start().trim_matches(['"', ')', ']']);
        Some(name.split('"').next().unwrap_or(name).to_owned())
    });
    // Every entity of SeaORM is called `Model`.
    let name = match (made_with, &table) {
        ("SeaORM", Some(table)) => table.as_str(),
        _ => source.field(place.node, "name"),
    };
    Some(model(name, place.lines(), made_with))
}

/// `@Entity()` of TypeORM and MikroORM, `@Schema()` of Mongoose in NestJS, `@Table` of Sequelize.
fn of_decorated(place: &Place) -> Option<Built> {
    let source = place.source;
    let marks = place.annotations();
    let has = |name: &str| marks.iter().any(|(own, _)| *own == name);
    let made_with = if has("Entity") && source.imports(&["typeorm"]) {
        "TypeORM"
    } else if has("Entity") && source.imports(&["@mikro-orm"]) {
        "MikroORM"
    } else if has("Schema") && source.imports(&["@nestjs/mongoose"]) {
        "Mongoose"
    } else if has("Table") && source.imports(&["sequelize-typescript"]) {
        "Sequelize"
    } else {
        return None;
    };
    Some(model(source.field(place.node, "name"), place.lines(), made_with))
}

/// `mongoose.model('User', schema)` and `sequelize.define('User', {…})`. With a name alone it looks one up.
fn of_call(place: &Place) -> Option<Built> {
    let source = place.source;
    let call = source.call(place.node).filter(|call| call.arguments.len() >= 2)?;
    let on = call.receiver.map_or("", |receiver| source.text_of(receiver));
    let made_with = match call.name {
        "model" if source.imports(&["mongoose"]) && (on.is_empty() || on == "mongoose") => "Mongoose",
        "define" if source.imports(&["sequelize"]) && on.to_ascii_lowercase().ends_with("sequelize") => {
            "Sequelize"
        }
        _ => return None,
    };
    let name = source.literal(*call.arguments.first()?)?;
    Some(model(name, source.lines(place.node), made_with))
}

/// `export const users = pgTable('users', {…})`.
fn of_drizzle(place: &Place) -> Option<Built> {
    let source = place.source;
    let call = source.call(place.node.child_by_field_name("value")?)?;
    let is =
        matches!(call.name, "pgTable" | "mysqlTable" | "sqliteTable") && source.imports(&["drizzle-orm"]);
    let table = source.literal(*call.arguments.first()?).filter(|_| is)?;
    let lines = match place.above {
        [.., outer, declared] if declared.kind() == "lexical_declaration" => match outer.kind() {
            "export_statement" => source.lines(*outer),
            _ => source.lines(*declared),
        },
        _ => source.lines(place.node),
    };
    Some(model(source.field(place.node, "name"), lines, format!("Drizzle, table {table}")))
}
