-- How an address is known to be the user's: they confirmed it, an account of theirs has it, or they said
-- that it is not theirs.
ALTER TABLE identity ADD COLUMN how TEXT NOT NULL DEFAULT 'confirmed'
    CHECK (how IN ('confirmed', 'account', 'refused'));
