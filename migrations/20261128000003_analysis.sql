-- The analysis of a repository: the task that makes the newest, and what the last one that ended found.
CREATE TABLE analysis (
    repository_id INTEGER PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    task_id       INTEGER NOT NULL REFERENCES task (id),
    -- As JSON.
    report        TEXT
) STRICT;

-- What was counted in each file of the newest commit, so that a new commit costs only the files it changed.
CREATE TABLE analysed_file (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    path          TEXT    NOT NULL,
    blob          TEXT    NOT NULL,
    -- Of the code that counted; another one counts again.
    version       INTEGER NOT NULL,
    -- What the text alone says, as JSON.
    facts         TEXT    NOT NULL,
    -- Surviving lines by the commit that wrote them, as JSON; NULL until git was asked, which takes long.
    blame         TEXT,
    PRIMARY KEY (repository_id, path)
) STRICT, WITHOUT ROWID;

-- How much each commit changed in each file, as JSON; NULL for commits that touch too many to say anything
-- about one. By id: counted once, however often the history is read again.
CREATE TABLE analysed_commit (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    sha           TEXT    NOT NULL,
    files         TEXT,
    PRIMARY KEY (repository_id, sha)
) STRICT, WITHOUT ROWID;
