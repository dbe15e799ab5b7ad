-- Job boards that the user follows. `name` is connector and key as the crawler spells them: two addresses of one
-- board are one.
CREATE TABLE job_board (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE,
    -- What the crawler asks, as JSON.
    board      TEXT    NOT NULL,
    -- The company or site, for people.
    title      TEXT    NOT NULL,
    -- As the user gave it.
    address    TEXT    NOT NULL,
    is_on      INTEGER NOT NULL DEFAULT 1,
    -- Circuit breaker, as JSON.
    circuit    TEXT    NOT NULL,
    added_at   INTEGER NOT NULL,
    crawled_at INTEGER,
    outcome    TEXT    CHECK (outcome IN ('complete', 'partial', 'unchanged', 'failed')),
    -- What the last crawl did not read, as a JSON list of sentences.
    skipped    TEXT    NOT NULL DEFAULT '[]',
    -- `ETag` and `Last-Modified` of the last complete answer, as JSON; null where the board sends none.
    validators TEXT
) STRICT;

-- Openings: each one cluster of postings. `view` is what a list shows, made from its postings.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Key of the posting that founded the cluster.
    founder     TEXT    NOT NULL UNIQUE,
    view        TEXT    NOT NULL DEFAULT '{}',
    -- Lower-case words of title, company, places and skills.
    words       TEXT    NOT NULL DEFAULT '',
    -- Company as clusters compare it.
    company     TEXT    NOT NULL DEFAULT '',
    kind        TEXT,
    is_remote   INTEGER NOT NULL DEFAULT 0,
    is_open     INTEGER NOT NULL DEFAULT 1,
    score       INTEGER,
    day         TEXT    NOT NULL DEFAULT '',
    -- The user's reason; null when it is shown.
    hidden      TEXT,
    -- The user's application, as JSON, and how far it is; null when it is not tracked.
    application TEXT,
    stage       TEXT
) STRICT;
CREATE INDEX job_shown ON job (is_open, score);

-- What boards list. A board that is removed takes its postings along, except those of openings that the user
-- tracks: these lose their board and stay.
CREATE TABLE posting (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    board_id    INTEGER REFERENCES job_board (id) ON DELETE SET NULL,
    -- Names it among all postings of all boards.
    key         TEXT    NOT NULL UNIQUE,
    -- The board's own name for it.
    source_id   TEXT    NOT NULL,
    job_id      INTEGER REFERENCES job (id),
    -- What a crawl has to know of it again, as JSON.
    known       TEXT    NOT NULL,
    is_open     INTEGER NOT NULL,
    -- Hash of what the board's list said of it when its text was read.
    listed_hash TEXT    NOT NULL,
    -- The posting, of its description what a reader sees, and what the text states, as JSON.
    posting     TEXT    NOT NULL,
    advert      TEXT    NOT NULL,
    -- For clusters: company as they compare it, and a sketch of the text as JSON.
    company     TEXT    NOT NULL,
    sketch      TEXT    NOT NULL
) STRICT;
CREATE INDEX posting_board ON posting (board_id);
CREATE INDEX posting_job ON posting (job_id);
CREATE INDEX posting_company ON posting (company);

-- Pairs of postings that the user said are not the same opening.
CREATE TABLE job_apart (
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
