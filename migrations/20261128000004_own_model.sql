-- Which model wrote the answer, and the machine that question and excerpts left for, as JSON; null before one was asked.
ALTER TABLE answer ADD COLUMN model TEXT;
