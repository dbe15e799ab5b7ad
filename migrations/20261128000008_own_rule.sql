-- Rules of the user's own for a repository. AUTOINCREMENT: findings name their rule by this id, and a new rule must
-- not inherit those of a deleted one.
CREATE TABLE own_rule (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    sentence      TEXT    NOT NULL,
    -- Folder, file or pattern; empty for the whole repository.
    place         TEXT    NOT NULL,
    -- Names of languages as JSON; empty for all.
    languages     TEXT    NOT NULL,
    -- Text that no added line may hold; null for a sentence that is told to the model.
    forbids       TEXT,
    -- `forbids` is a regular expression.
    regex         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX own_rule_repository ON own_rule (repository_id);
