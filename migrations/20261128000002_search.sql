-- Why a file has no chunks, in words for the user; null when it is searched.
ALTER TABLE indexed_file ADD COLUMN left_out TEXT;
-- Language by name and first line, null where none is known.
ALTER TABLE indexed_file ADD COLUMN language TEXT;
-- Who wrote its chunks is in `chunk_author`.
ALTER TABLE indexed_file ADD COLUMN blamed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX indexed_file_unblamed ON indexed_file (repository_id) WHERE NOT blamed AND left_out IS NULL;
-- Every file is read again, while the chunks that are there go on being found.
UPDATE indexed_file SET blob = '';

-- Commit whose files the chunks are of; null while they are being read.
ALTER TABLE repository ADD COLUMN indexed TEXT;

-- Letters and digits of the symbol's last part, lower case: a name however its words are joined.
ALTER TABLE chunk ADD COLUMN name TEXT;
CREATE INDEX chunk_name ON chunk (name);
-- `placed` stands behind the text: without this, counting would read through the texts.
CREATE INDEX chunk_placed ON chunk (placed, repository_id);
-- Was kept under the hash of the text, though the name was embedded with it: equal bodies shared a vector.
DELETE FROM embedding;

-- Lines of a chunk that survive at `repository.indexed`, by who wrote them.
CREATE TABLE chunk_author (
    chunk_id INTEGER NOT NULL REFERENCES chunk (id) ON DELETE CASCADE,
    -- Lower case; empty for what a merge brought, which is nobody's.
    email    TEXT    NOT NULL,
    -- Of the repository's import, which is nobody's until the user says that they wrote it.
    import   INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    PRIMARY KEY (chunk_id, email, import)
) STRICT, WITHOUT ROWID;

-- The answer that a question follows; null begins a conversation.
ALTER TABLE answer ADD COLUMN follows INTEGER REFERENCES answer (id) ON DELETE SET NULL;

INSERT INTO task (kind, title, dedupe, payload, created_at)
SELECT 'index', 'Index ' || name, 'index:' || id, json_object('repository_id', id), unixepoch()
FROM repository WHERE true ON CONFLICT DO NOTHING;
