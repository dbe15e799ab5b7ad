-- Repositories the user added. Their content stays where it is; only what was counted is here.
CREATE TABLE repository (
    id      INTEGER PRIMARY KEY,
    path    TEXT    NOT NULL UNIQUE,
    name    TEXT    NOT NULL,
    branch  TEXT,
    -- Commit that HEAD named when `history` was written.
    head    TEXT,
    commits INTEGER NOT NULL DEFAULT 0,
    mine    INTEGER NOT NULL DEFAULT 0,
    notice  TEXT
) STRICT;

-- The user's own e-mail addresses, lower case.
CREATE TABLE identity (
    email TEXT PRIMARY KEY
) STRICT;

-- Commits reachable from `repository.head`, newest first.
CREATE TABLE history (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    sha           TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    author_name   TEXT    NOT NULL,
    author_email  TEXT    NOT NULL,
    time          INTEGER NOT NULL,
    parents       INTEGER NOT NULL,
    PRIMARY KEY (repository_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_author ON history (repository_id, author_email);
