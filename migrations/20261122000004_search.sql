-- Chunks of repositories and their vectors: the truth from which the vector index is rebuilt.
CREATE TABLE indexed_file (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    path          TEXT    NOT NULL,
    blob          TEXT    NOT NULL,
    PRIMARY KEY (repository_id, path)
) STRICT;

CREATE TABLE chunk (
    id            INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    path          TEXT    NOT NULL,
    symbol        TEXT,
    start_line    INTEGER NOT NULL,
    end_line      INTEGER NOT NULL,
    text          TEXT    NOT NULL,
    -- sha256 of the text: equal text is embedded once, ever.
    text_hash     TEXT    NOT NULL
) STRICT;
CREATE INDEX chunk_path ON chunk (repository_id, path);

CREATE TABLE embedding (
    text_hash TEXT NOT NULL,
    version   TEXT NOT NULL,
    -- 32-bit floats, little endian.
    vector    BLOB NOT NULL,
    PRIMARY KEY (text_hash, version)
) STRICT, WITHOUT ROWID;
