//! Chunks found by words, and by the names of functions.

use anyhow::Result;

use super::{Scope, WITHIN};
use crate::{Store, to_json};

/// Letters of a word from which on it also finds what begins with it.
const PREFIX: usize = 3;

/// Chunks that are scored for one search: about 10 ms of them.
const MANY: u32 = 2_000;

/// So many times more of the best are scored for those of a scope.
const WIDER: u32 = 4;

/// The rank of a chunk, the best lowest: a word in the name of a function counts ten times as much as one in its text,
/// one in the path four times.
const RANK: &str = "bm25(chunk_words, 10.0, 4.0, 1.0)";

impl Store {
    /// Ids of the chunks that hold any of `terms` (lower-case words) or of what begins with one, the best first
    /// by [`RANK`].
    pub async fn find_words(&self, terms: &[String], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let mut counted = self.counted(terms).await?;
        counted.sort();
        let (wanted, any) = (self.wanted(&counted, limit).await?, any_of(&counted));
        let found = self.best(&wanted, scope, limit).await?;
        // What is telling was counted everywhere; those chunks may all be outside the scope.
        if found.len() < limit as usize && wanted != any {
            return self.best(&any, scope, limit).await;
        }
        Ok(found)
    }

    /// Words as FTS5 looks for them, and how many chunks hold each. What begins with one is looked for, too, unless
    /// that is too much: FTS5 puts the lists of all such words together first, each time.
    async fn counted(&self, words: &[String]) -> Result<Vec<(u32, String)>> {
        // Quoted, so that no word is an operator of FTS5.
        let whole: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', ""))).collect();
        let mut counted: Vec<(u32, String)> =
            self.holding(&whole).await?.into_iter().zip(whole.iter().cloned()).collect();
        let may_begin: Vec<usize> = (0..words.len())
            .filter(|&at| counted[at].0 <= MANY && words[at].chars().count() >= PREFIX)
            .collect();
        let begun: Vec<String> = may_begin.iter().map(|&at| format!("{}*", whole[at])).collect();
        for ((at, begun), more) in may_begin.into_iter().zip(&begun).zip(self.holding(&begun).await?) {
            if more <= MANY || counted[at].0 == 0 {
                counted[at] = (more, begun.clone());
            }
        }
        Ok(counted)
    }

    /// The query for chunks that hold any of the terms, which are ordered by how many do. Where that is a large part
    /// of all chunks, for the most telling of them: scoring each chunk that holds `get` takes longer than the
    /// rest of a search, and says nothing.
    async fn wanted(&self, terms: &[(u32, String)], limit: u32) -> Result<String> {
        let mut sum = 0;
        let telling = terms.iter().take_while(|(chunks, _)| {
            sum += chunks;
            sum <= MANY
        });
        let (telling, common) = terms.split_at(telling.count());
        let found: u32 = telling.iter().map(|(chunks, _)| chunks).sum();
        if common.is_empty() {
            return Ok(any_of(terms));
        }
        let mut wanted: Vec<String> = telling.iter().map(|(_, term)| term.clone()).collect();
        // Of the common ones, those chunks in whose name all of them stand; and where these are few, as many
        // words together as leave enough chunks, or as few as leave few enough.
        let mut together = 0;
        if found < limit {
            let named = format!("(symbol : ({}))", joined(common, " AND "));
            let holding = self.holding_one(&named).await?;
            wanted.push(named);
            together = common.len();
            if found + holding < limit {
                together = 1;
                for end in 2..=common.len() {
                    let holding = self.holding_one(&joined(&common[..end], " AND ")).await?;
                    if holding >= limit {
                        together = end;
                    }
                    if holding <= MANY {
                        break;
                    }
                }
                wanted.push(format!("({})", joined(&common[..together], " AND ")));
            }
        }
        // The second half is true of every chunk of which the first is, and lets the other words count for the
        // score. A word costs its time again where it stands twice.
        let others = &common[together..];
        if others.is_empty() {
            return Ok(wanted.join(" OR "));
        }
        let any = if together > 0 { [telling, &common[..1], others].concat() } else { terms.to_vec() };
        Ok(format!("({}) AND ({})", wanted.join(" OR "), any_of(&any)))
    }

    /// How many chunks fit each query of FTS5, counted until they are too many.
    async fn holding(&self, queries: &[String]) -> Result<Vec<u32>> {
        Ok(sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM chunk_words WHERE chunk_words MATCH query.value LIMIT ?2))
             FROM json_each(?1) AS query ORDER BY query.key",
        )
        .bind(to_json(&queries)?)
        .bind(MANY + 1)
        .fetch_all(&self.read)
        .await?)
    }

    async fn holding_one(&self, query: &str) -> Result<u32> {
        Ok(self.holding(&[query.to_owned()]).await?.into_iter().sum())
    }

    /// Ids of the chunks in whose name these words stand in a row, the shortest name first. The last word may be
    /// cut off.
    pub async fn find_name_words(&self, words: &[&str], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        if words.len() < 2 {
            return Ok(Vec::new());
        }
        let row = words.join(" ").replace('"', "");
        self.matching(&format!("symbol : \"{row}\" *"), "length(chunk.symbol)", scope, limit).await
    }

    /// Ids of the chunks of the scope that fit a query of FTS5, the best first by [`RANK`].
    async fn best(&self, query: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        // Whether a chunk is within the scope stands in its row, and to read that takes longer than to score it. So the
        // best of all are narrowed, and only where that leaves too few, all of them.
        let wide = if scope.is_everything() { limit } else { limit * WIDER };
        let sql =
            format!("SELECT rowid FROM chunk_words WHERE chunk_words MATCH ? ORDER BY {RANK}, rowid LIMIT ?");
        let all: Vec<i64> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(query).bind(wide).fetch_all(&self.read).await?;
        if scope.is_everything() {
            return Ok(all);
        }
        let found = self.narrowed(&all, scope, limit).await?;
        match found.len() < limit as usize && all.len() >= wide as usize {
            true => self.matching(query, RANK, scope, limit).await,
            false => Ok(found),
        }
    }

    /// Those of `ids` that are chunks of the scope, in their order.
    async fn narrowed(&self, ids: &[i64], scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT chunk.id FROM json_each(?1) AS one JOIN chunk ON chunk.id = one.value
             WHERE {WITHIN} ORDER BY one.key LIMIT ?6"
        );
        self.ids(sql, &to_json(&ids)?, scope, limit).await
    }

    /// Ids of the chunks of the scope that fit a query of FTS5.
    async fn matching(&self, query: &str, order: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT chunk.id FROM chunk_words JOIN chunk ON chunk.id = chunk_words.rowid
             WHERE chunk_words MATCH ?1 AND {WITHIN} ORDER BY {order}, chunk.id LIMIT ?6"
        );
        self.ids(sql, query, scope, limit).await
    }

    /// Ids that a statement finds: `?1` is what it looks for, `?6` how many of them, the others are those of [`WITHIN`].
    async fn ids(&self, sql: String, sought: &str, scope: &Scope, limit: u32) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(sought)
            .bind(scope.repository_id)
            .bind(&scope.path)
            .bind(&scope.language)
            .bind(scope.authors.as_ref().map(to_json).transpose()?)
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }

    /// Ids of the chunks with this [`Words::name`]; those `written` so come first, without regard to case. What
    /// is qualified (`Session.load`, `Session::load`) must end so.
    pub async fn find_symbol(
        &self,
        name: &str,
        written: &str,
        scope: &Scope,
        limit: u32,
    ) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT id FROM chunk WHERE name = ?1 AND {WITHIN}
               AND (NOT ?7 OR substr(lower(symbol), -length(?6)) = ?6)
             ORDER BY substr(lower(symbol), -length(?6)) != ?6, length(symbol), id LIMIT ?8"
        );
        let written = written.to_ascii_lowercase();
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(name)
            .bind(scope.repository_id)
            .bind(&scope.path)
            .bind(&scope.language)
            .bind(scope.authors.as_ref().map(to_json).transpose()?)
            // As SQLite's lower() does: only the letters of ASCII have another case.
            .bind(&written)
            .bind(!written.contains(char::is_whitespace) && (written.contains('.') || written.contains("::")))
            .bind(limit)
            .fetch_all(&self.read)
            .await?)
    }
}

/// Terms of FTS5 with how many chunks hold them.
fn joined(terms: &[(u32, String)], by: &str) -> String {
    terms.iter().map(|(_, term)| term.as_str()).collect::<Vec<_>>().join(by)
}

fn any_of(terms: &[(u32, String)]) -> String {
    joined(terms, " OR ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{ChunkRow, IndexedFile, Words};

    #[tokio::test]
    async fn words_of_nearly_every_chunk_do_not_pick_the_ones_that_are_scored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("test.db")).await.expect("a new database");
        let id = store.add_repository("/shop", "shop").await.expect("it is added");
        let every = MANY as usize + 2_000;
        let mut chunks = Vec::new();
        for n in 0..every {
            let symbol = match n {
                7 => "get user invoice",
                8 => "get user order",
                n if n % 10 == 0 => "get user",
                _ => "get",
            };
            let row = ChunkRow {
                id: 0,
                repository_id: id,
                path: "a.py".into(),
                symbol: Some(symbol.into()),
                start_line: n as i64,
                end_line: n as i64,
                text: symbol.into(),
                text_hash: n.to_string(),
            };
            chunks.push((row, Words { symbol: symbol.into(), ..Words::default() }));
        }
        let file = IndexedFile { path: "a.py".into(), blob: "b".into(), language: None, left_out: None };
        store.replace_chunks(id, &file, chunks).await.expect("they are stored");
        let find = async |terms: &[&str], limit: u32| -> Vec<i64> {
            let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
            let found = store.find_words(&terms, &Scope::default(), limit).await.expect("an answer");
            let lines = store.chunk_lines(id, "a.py").await.expect("lines");
            found.iter().map(|id| lines.iter().find(|one| one.0 == *id).expect("a chunk").1.into()).collect()
        };
        assert_eq!(find(&["get", "user", "invoice"], 1).await, [7], "the rare word decides");
        let found = find(&["get", "invoice"], 3).await;
        assert_eq!(found[0], 7);
        assert_eq!(found.len(), 3, "one hit of the rare word is no whole answer");
        assert_eq!(find(&["get"], 5).await.len(), 5, "a common word alone is looked for");
        let found = find(&["nowhere", "get", "user"], 9).await;
        assert!(found.iter().all(|line| line % 10 == 0 || [7, 8].contains(line)), "both together: {found:?}");

        let small = store.add_repository("/small", "small").await.expect("it is added");
        let row = ChunkRow {
            id: 0,
            repository_id: small,
            path: "b.py".into(),
            symbol: None,
            start_line: 1,
            end_line: 1,
            text: "get".into(),
            text_hash: "b".into(),
        };
        let file = IndexedFile { path: "b.py".into(), blob: "b".into(), language: None, left_out: None };
        let words = Words { text: "get".into(), ..Words::default() };
        store.replace_chunks(small, &file, vec![(row, words)]).await.expect("it is stored");
        let scope = Scope { repository_id: Some(small), ..Scope::default() };
        let found = store.find_words(&["get".into(), "user".into()], &scope, 5).await.expect("an answer");
        assert_eq!(found.len(), 1, "what is common elsewhere is all that a small repository has");
        store.close().await;
    }
}
