-- Addresses of the `Co-authored-by` lines, lower case, as JSON.
ALTER TABLE history ADD COLUMN co_authors TEXT NOT NULL DEFAULT '[]';
-- Read again, with those lines.
UPDATE repository SET head = NULL;

-- How much each commit changed. By id: counted once, however often the history is read again.
CREATE TABLE change_size (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    sha           TEXT    NOT NULL,
    files         INTEGER NOT NULL,
    added         INTEGER NOT NULL,
    removed       INTEGER NOT NULL,
    PRIMARY KEY (repository_id, sha)
) STRICT, WITHOUT ROWID;

-- A first commit that brings a whole tree at once, and whether the user says that they wrote it.
ALTER TABLE repository ADD COLUMN import TEXT;
ALTER TABLE repository ADD COLUMN import_mine INTEGER NOT NULL DEFAULT 0;
-- Made from a template: its first commit is somebody else's work.
ALTER TABLE remote ADD COLUMN template INTEGER NOT NULL DEFAULT 0;

-- Address of the comment that the user made of a finding.
ALTER TABLE finding ADD COLUMN posted TEXT;
