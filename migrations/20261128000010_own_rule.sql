-- A rule without a text was never looked for. Its sentence takes the text's place: it is still found nowhere, and there
-- to be completed.
UPDATE own_rule SET forbids = sentence WHERE forbids IS NULL;
