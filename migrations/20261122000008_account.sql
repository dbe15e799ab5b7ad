-- One row while signed in. The tokens are in the operating system's keyring and never here.
CREATE TABLE account (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    -- Base addresses, as they were when signing in: settings may change meanwhile.
    api         TEXT NOT NULL,
    client_id   TEXT NOT NULL,
    account     TEXT NOT NULL
) STRICT;

-- Answers of the API that GitHub confirms by their ETag without counting the request, by account.
CREATE TABLE remembered (
    login TEXT NOT NULL,
    url   TEXT NOT NULL,
    etag  TEXT NOT NULL,
    link  TEXT,
    body  BLOB NOT NULL,
    PRIMARY KEY (login, url)
) STRICT, WITHOUT ROWID;

-- The far end of repositories that are kept in step with a host.
CREATE TABLE remote (
    repository_id INTEGER PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    full_name     TEXT NOT NULL,
    url           TEXT NOT NULL UNIQUE,
    fork          INTEGER NOT NULL DEFAULT 0,
    private       INTEGER NOT NULL DEFAULT 0,
    synced_at     INTEGER,
    -- Ids that the branches stood at then, as JSON: what is new since is reviewed.
    tips          TEXT,
    -- When a sync was last begun, however it ended: the schedule counts from here.
    tried_at      INTEGER NOT NULL DEFAULT 0,
    problem       TEXT
) STRICT;

-- Pull requests, reviews and issues of the account, also in other people's repositories.
CREATE TABLE contribution (
    kind         TEXT    NOT NULL,
    repository   TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    contribution TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (kind, repository, number)
) STRICT, WITHOUT ROWID;
