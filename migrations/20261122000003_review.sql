-- The newest review of a commit.
CREATE TABLE review (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    sha           TEXT    NOT NULL,
    task_id       INTEGER NOT NULL REFERENCES task (id),
    summary       TEXT,
    PRIMARY KEY (repository_id, sha)
) STRICT;

CREATE TABLE finding (
    id            INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    sha           TEXT    NOT NULL,
    fingerprint   TEXT    NOT NULL,
    -- The run that saw it last: a completed run removes what it no longer sees.
    task_id       INTEGER NOT NULL,
    finding       TEXT    NOT NULL,
    dismissed     TEXT,
    UNIQUE (repository_id, fingerprint)
) STRICT;
CREATE INDEX finding_commit ON finding (repository_id, sha);
