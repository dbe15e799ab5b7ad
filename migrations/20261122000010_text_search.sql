-- Words of chunks for full-text search, with identifiers split: `getUserName` is also found by "user name".
-- Contentless: the text is in `chunk`. Rowids are chunk ids.
CREATE VIRTUAL TABLE chunk_words USING fts5 (
    symbol, path, text,
    content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);

-- The chunk's vector is in the vector index. Words come first: a name is found before anything is embedded.
ALTER TABLE chunk ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
-- Everything is cut again, with its words.
DELETE FROM indexed_file;
DELETE FROM chunk;
CREATE TRIGGER chunk_forgotten AFTER DELETE ON chunk BEGIN
    DELETE FROM chunk_words WHERE rowid = old.id;
END;
INSERT INTO task (kind, title, dedupe, payload, created_at)
SELECT 'index', 'Index ' || name, 'index:' || id, json_object('repository_id', id), unixepoch()
FROM repository WHERE true ON CONFLICT DO NOTHING;

-- Questions about a repository and what was answered.
CREATE TABLE answer (
    id            INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    task_id       INTEGER NOT NULL REFERENCES task (id),
    question      TEXT    NOT NULL,
    sha           TEXT    NOT NULL,
    -- Statements as JSON, in the order they were written.
    statements    TEXT    NOT NULL DEFAULT '[]',
    notice        TEXT
) STRICT;
CREATE INDEX answer_repository ON answer (repository_id);
