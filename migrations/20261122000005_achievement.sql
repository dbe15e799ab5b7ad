-- Résumé bullets. `slot` names what a bullet is about ("tests", "area:src/api"), so that building
-- again replaces a bullet and keeps what the user decided about it.
CREATE TABLE achievement (
    id            INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    slot          TEXT    NOT NULL,
    position      INTEGER NOT NULL,
    text          TEXT    NOT NULL,
    by_model      INTEGER NOT NULL,
    gate          TEXT,
    facts         TEXT    NOT NULL,
    commits       TEXT    NOT NULL,
    hidden        INTEGER NOT NULL DEFAULT 0,
    edited        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (repository_id, slot)
) STRICT;

-- Languages and frameworks a repository proves, for the résumé's skills and keywords.
CREATE TABLE proven_skill (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    method        TEXT    NOT NULL,
    PRIMARY KEY (repository_id, name)
) STRICT;
