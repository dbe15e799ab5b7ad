//! Résumé bullets with their proof, and the skills that repositories prove.

use anyhow::Result;
use internflow_domain::{Bullet, Ledger, Rewording};
use sqlx::FromRow;

use crate::activity::{Claimed, complete};
use crate::{Store, from_json, to_json};

#[derive(FromRow)]
struct Row {
    id: i64,
    repository_id: i64,
    repository: String,
    text: String,
    by_model: bool,
    gate: Option<String>,
    facts: String,
    commits: String,
    hidden: bool,
    edited: bool,
    private: bool,
    safe: bool,
    pinned: bool,
    rewording: Option<String>,
}

/// A skill with the file or count that proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenSkill {
    pub repository_id: i64,
    pub name: String,
    /// `language`, `framework`, `database`, `testing`, `tool`, ...
    pub kind: String,
    pub method: String,
    /// Commits that show it, newest first.
    pub commits: Vec<String>,
    /// How often its code uses it: lines of a language, else 1.
    pub uses: u32,
}

#[derive(FromRow)]
struct SkillRow {
    repository_id: i64,
    name: String,
    kind: String,
    method: String,
    commits: String,
    uses: i64,
}

impl Store {
    /// All bullets by repository: those that are pinned first, then as the user put them, then as they were built.
    pub async fn bullets(&self) -> Result<Vec<Bullet>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT a.id, a.repository_id, r.name AS repository, a.text, a.by_model, a.gate, a.facts, a.commits,
                    a.hidden, a.edited, r.safe_wording AS private, a.safe, a.pinned, a.rewording
             FROM achievement a JOIN repository r ON r.id = a.repository_id
             ORDER BY a.repository_id, a.pinned DESC, a.place IS NULL, a.place, a.position, a.id",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Bullet {
                    id: row.id,
                    repository_id: row.repository_id,
                    repository: row.repository,
                    text: row.text,
                    by_model: row.by_model,
                    gate: row.gate,
                    facts: from_json(&row.facts)?,
                    commits: from_json(&row.commits)?,
                    hidden: row.hidden,
                    edited: row.edited,
                    private: row.private,
                    safe: row.safe,
                    pinned: row.pinned,
                    rewording: row.rewording.as_deref().map(from_json).transpose()?,
                })
            })
            .collect()
    }

    /// Replaces the bullets (by slot) and skills of the repositories and ends the task, in one
    /// transaction. Words the user edited stay as they are, and so do place, pin and what is hidden. What was done
    /// before can't be undone any more: those words may say what is no longer counted.
    pub async fn finish_bullets(
        &self,
        claimed: &Claimed,
        repository_ids: &[i64],
        bullets: &[(String, Bullet)],
        skills: &[ProvenSkill],
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        for (position, (slot, bullet)) in bullets.iter().enumerate() {
            sqlx::query(
                "INSERT INTO achievement (repository_id, slot, position, text, by_model, gate, facts, commits, safe)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (repository_id, slot) DO UPDATE SET
                   position = excluded.position, facts = excluded.facts, commits = excluded.commits, rewording = NULL,
                   text = CASE WHEN edited THEN text ELSE excluded.text END,
                   by_model = CASE WHEN edited THEN by_model ELSE excluded.by_model END,
                   gate = CASE WHEN edited THEN gate ELSE excluded.gate END,
                   safe = CASE WHEN edited THEN safe ELSE excluded.safe END",
            )
            .bind(bullet.repository_id)
            .bind(slot)
            .bind(position as i64)
            .bind(&bullet.text)
            .bind(bullet.by_model)
            .bind(&bullet.gate)
            .bind(to_json(&bullet.facts)?)
            .bind(to_json(&bullet.commits)?)
            .bind(bullet.safe)
            .execute(&mut *tx)
            .await?;
        }
        for id in repository_ids {
            let slots: Vec<&String> =
                bullets.iter().filter(|(_, b)| b.repository_id == *id).map(|(s, _)| s).collect();
            sqlx::query(
                "DELETE FROM achievement WHERE repository_id = ? AND NOT edited
                 AND slot NOT IN (SELECT value FROM json_each(?))",
            )
            .bind(id)
            .bind(to_json(&slots)?)
            .execute(&mut *tx)
            .await?;
            sqlx::query("DELETE FROM proven_skill WHERE repository_id = ?")
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        for (position, skill) in skills.iter().enumerate() {
            sqlx::query(
                "INSERT OR IGNORE INTO proven_skill (repository_id, position, name, kind, method, commits, uses)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(skill.repository_id)
            .bind(position as i64)
            .bind(&skill.name)
            .bind(&skill.kind)
            .bind(&skill.method)
            .bind(to_json(&skill.commits)?)
            .bind(skill.uses)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("DELETE FROM achievement_step").execute(&mut *tx).await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// What the bullet is about, under the name that its repository's facts have; `None` when there is no such bullet.
    pub async fn bullet_slot(&self, id: i64) -> Result<Option<String>> {
        let slot = sqlx::query_scalar("SELECT slot FROM achievement WHERE id = ?");
        Ok(slot.bind(id).fetch_optional(&self.read).await?)
    }

    /// Keeps other words beside the bullet and ends the task, in one transaction.
    pub async fn finish_rewording(
        &self,
        claimed: &Claimed,
        id: i64,
        rewording: &Rewording,
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE achievement SET rewording = ? WHERE id = ?")
            .bind(to_json(rewording)?)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Forgets the other words.
    pub async fn drop_rewording(&self, id: i64) -> Result<bool> {
        let done = sqlx::query("UPDATE achievement SET rewording = NULL WHERE id = ?")
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The ledger of a repository as it was counted last.
    pub async fn ledger(&self, repository_id: i64) -> Result<Option<Ledger>> {
        let text: Option<String> = sqlx::query_scalar("SELECT ledger FROM ledger WHERE repository_id = ?")
            .bind(repository_id)
            .fetch_optional(&self.read)
            .await?;
        text.as_deref().map(from_json).transpose()
    }

    /// Keeps a ledger and ends the task that counted it, in one transaction.
    pub async fn finish_ledger(
        &self,
        claimed: &Claimed,
        repository_id: i64,
        ledger: &Ledger,
        now: i64,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT OR REPLACE INTO ledger (repository_id, ledger) VALUES (?, ?)")
            .bind(repository_id)
            .bind(to_json(ledger)?)
            .execute(&mut *tx)
            .await?;
        if complete(&mut tx, claimed, now).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    pub async fn proven_skills(&self) -> Result<Vec<ProvenSkill>> {
        let rows: Vec<SkillRow> = sqlx::query_as(
            "SELECT repository_id, name, kind, method, commits, uses FROM proven_skill
             ORDER BY repository_id, position",
        )
        .fetch_all(&self.read)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ProvenSkill {
                    repository_id: row.repository_id,
                    name: row.name,
                    kind: row.kind,
                    method: row.method,
                    commits: from_json(&row.commits)?,
                    uses: row.uses as u32,
                })
            })
            .collect()
    }
}
