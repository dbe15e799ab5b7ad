-- The queue of long work. `lease` is the random token of the run that holds the row: a run that lost
-- its lease can write nothing. `dedupe` makes asking twice for the same work one row while it is open.
CREATE TABLE task (
    id         INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    dedupe     TEXT    NOT NULL,
    payload    TEXT    NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'queued'
               CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'poisoned')),
    lease      TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    deaths     INTEGER NOT NULL DEFAULT 0,
    progress   TEXT    NOT NULL DEFAULT '{"stage":"","done":0,"total":0,"eta_s":null}',
    error      TEXT,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX task_open ON task (dedupe) WHERE state IN ('queued', 'running');
CREATE INDEX task_state ON task (state, kind, id);

-- Every request that left the machine.
CREATE TABLE network_call (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    host     TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    sent     INTEGER NOT NULL,
    received INTEGER NOT NULL,
    outcome  TEXT    NOT NULL
) STRICT;
