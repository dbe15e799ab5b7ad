-- When a posting was closed: a while later it is forgotten. Null while it is open.
ALTER TABLE posting ADD COLUMN closed_at INTEGER;
UPDATE posting SET closed_at = unixepoch() WHERE NOT is_open;

-- Postings that the user was told of, or that were here before anything was told. Openings are not remembered: these are
-- split and joined. A row outlives its posting, so what comes back is told no second time.
CREATE TABLE job_told (
    key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO job_told SELECT key FROM posting;

-- What the user was told.
CREATE TABLE job_notice (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    at    INTEGER NOT NULL,
    title TEXT    NOT NULL,
    says  TEXT    NOT NULL,
    -- The openings as they were told, as a JSON list.
    jobs  TEXT    NOT NULL,
    seen  INTEGER NOT NULL DEFAULT 0
) STRICT;
