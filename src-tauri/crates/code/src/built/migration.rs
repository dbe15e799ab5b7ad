//! Changes of a database's schema, by the folders and names that each tool wants.

use super::{Built, BuiltKind};
use crate::Language;
use crate::syntax::Lines;

/// The migration that a file is, with the file as its lines.
pub(super) fn find(path: &str, language: Option<Language>, text: &str, found: &mut Vec<Built>) {
    if text.trim().is_empty() || goes_back(path) {
        return;
    }
    let Some((folders, file)) = path.rsplit_once('/') else { return };
    let among = |name: &str| folders.split('/').any(|folder| folder.eq_ignore_ascii_case(name));
    let in_migrations = among("migrations") || among("migration") || among("migrate");
    let (stem, _) = file.rsplit_once('.').unwrap_or((file, ""));
    let numbered = stem.trim_start_matches(['V', 'v']).starts_with(|c: char| c.is_ascii_digit());
    let tool = match language {
        Some(Language::Python) if in_migrations && text.contains("class Migration(") => "Django",
        Some(Language::Python)
            if among("versions") && has_line(text, "def upgrade") && has_line(text, "revision") =>
        {
            "Alembic"
        }
        Some(Language::Sql) if file == "migration.sql" && among("migrations") => "Prisma",
        Some(Language::Sql) if in_migrations && (numbered || file == "up.sql" || stem.ends_with(".up")) => {
            "SQL"
        }
        Some(Language::JavaScript | Language::TypeScript) if in_migrations && goes_both_ways(text) => {
            "JavaScript"
        }
        Some(Language::CSharp) if in_migrations && text.contains(": Migration") => "Entity Framework Core",
        Some(Language::Ruby) if in_migrations && text.contains("ActiveRecord::Migration") => "Rails",
        Some(Language::Php) if in_migrations && text.contains("extends Migration") => "Laravel",
        _ => return,
    };
    // Where every file is called `up.sql`, the folder has the name.
    let name = match file {
        "up.sql" | "migration.sql" => folders.rsplit('/').next().unwrap_or(folders),
        _ => stem.strip_suffix(".up").unwrap_or(stem),
    };
    found.push(Built::new(BuiltKind::Migration, name, (1, Lines::of(text).count()), tool));
}

/// The half of a migration that takes it back.
pub(super) fn goes_back(path: &str) -> bool {
    path.ends_with("/down.sql") || path.ends_with(".down.sql")
}

fn has_line(text: &str, start: &str) -> bool {
    text.lines().any(|line| line.starts_with(start))
}

/// Knex, Sequelize and TypeORM: a way up and a way down.
fn goes_both_ways(text: &str) -> bool {
    let has = |word: &str| text.split(|c: char| !c.is_alphanumeric()).any(|own| own == word);
    has("up") && has("down")
}
