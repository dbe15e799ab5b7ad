//! What the user does to bullets, each step with the bullets before and after it, so that it can be undone and done
//! again.

use anyhow::{Context, Result};
use internflow_domain::{BulletStep, BulletSteps, Rewording};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::{Store, Write, from_json, to_json};

/// Steps that can be undone; older ones are forgotten.
const KEPT: i64 = 100;

/// All of a bullet that a step may change.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
struct Kept {
    id: i64,
    text: String,
    by_model: bool,
    gate: Option<String>,
    /// JSON, as the row has it.
    facts: String,
    commits: String,
    hidden: bool,
    edited: bool,
    pinned: bool,
    place: Option<i64>,
    safe: bool,
    /// Of the repository: the user's own words are safe where it is private, since they know what they write.
    private: bool,
}

#[derive(FromRow)]
struct Step {
    id: i64,
    before: String,
    after: String,
}

impl Store {
    /// Keeps a bullet out of the résumé, or takes it in again. False when there is no such bullet, here and below.
    pub async fn set_bullet_hidden(&self, id: i64, hidden: bool) -> Result<bool> {
        let what = if hidden { BulletStep::Hide } else { BulletStep::Show };
        self.step(what, &[id], |_, bullet| bullet.hidden = hidden).await
    }

    /// Replaces the words by the user's own.
    pub async fn edit_bullet(&self, id: i64, text: &str) -> Result<bool> {
        self.step(BulletStep::Edit, &[id], |_, bullet| {
            text.clone_into(&mut bullet.text);
            bullet.edited = true;
            bullet.safe = bullet.private;
        })
        .await
    }

    pub async fn pin_bullet(&self, id: i64, pinned: bool) -> Result<bool> {
        let what = if pinned { BulletStep::Pin } else { BulletStep::Unpin };
        self.step(what, &[id], |_, bullet| bullet.pinned = pinned).await
    }

    /// Puts the bullets of a repository into this order.
    pub async fn order_bullets(&self, ids: &[i64]) -> Result<bool> {
        self.step(BulletStep::Move, ids, |place, bullet| bullet.place = Some(place)).await
    }

    /// Takes the other words, with what they stand on, in place of the bullet's own.
    pub async fn take_rewording(&self, id: i64) -> Result<bool> {
        let words: Option<String> =
            sqlx::query_scalar("SELECT rewording FROM achievement WHERE id = ? AND rewording IS NOT NULL")
                .bind(id)
                .fetch_optional(&self.read)
                .await?;
        let Some(words) = words else { return Ok(false) };
        let words: Rewording = from_json(&words)?;
        let (facts, commits) = (to_json(&words.facts)?, to_json(&words.commits)?);
        self.step(BulletStep::Reword, &[id], |_, bullet| {
            words.text.clone_into(&mut bullet.text);
            (bullet.by_model, bullet.gate, bullet.edited) = (words.by_model, words.gate.clone(), false);
            bullet.safe = words.safe;
            (bullet.facts, bullet.commits) = (facts.clone(), commits.clone());
        })
        .await
    }

    pub async fn bullet_steps(&self) -> Result<BulletSteps> {
        let what = |sql: &'static str| sqlx::query_scalar::<_, String>(sql).fetch_optional(&self.read);
        let undo =
            what("SELECT what FROM achievement_step WHERE NOT undone ORDER BY id DESC LIMIT 1").await?;
        let redo = what("SELECT what FROM achievement_step WHERE undone ORDER BY id LIMIT 1").await?;
        let read = |what: Option<String>| what.as_deref().map(from_json::<BulletStep>).transpose();
        Ok(BulletSteps { undo: read(undo)?, redo: read(redo)? })
    }

    /// Takes the last step back; false when there is none.
    pub async fn undo_bullet_step(&self) -> Result<bool> {
        let last = "SELECT id, before, after FROM achievement_step WHERE NOT undone ORDER BY id DESC LIMIT 1";
        self.go_back(last, true).await
    }

    /// Does the step again that was undone last; false when there is none.
    pub async fn redo_bullet_step(&self) -> Result<bool> {
        let next = "SELECT id, before, after FROM achievement_step WHERE undone ORDER BY id LIMIT 1";
        self.go_back(next, false).await
    }

    async fn go_back(&self, which: &'static str, undone: bool) -> Result<bool> {
        let mut tx = self.begin().await?;
        let step: Option<Step> = sqlx::query_as(which).fetch_optional(&mut *tx).await?;
        let Some(step) = step else { return Ok(false) };
        let bullets: Vec<Kept> = from_json(if undone { &step.before } else { &step.after })?;
        for bullet in &bullets {
            put(&mut tx, bullet).await?;
        }
        sqlx::query("UPDATE achievement_step SET undone = ? WHERE id = ?")
            .bind(undone)
            .bind(step.id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Changes bullets, told their place among `ids`, and remembers how they were. What was undone before can't be
    /// done again after it.
    async fn step(
        &self,
        what: BulletStep,
        ids: &[i64],
        mut change: impl FnMut(i64, &mut Kept) + Send,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (place, id) in ids.iter().enumerate() {
            let found: Option<Kept> = sqlx::query_as(
                "SELECT a.id, a.text, a.by_model, a.gate, a.facts, a.commits, a.hidden, a.edited, a.pinned, a.place, a.safe,
                        r.safe_wording AS private
                 FROM achievement a JOIN repository r ON r.id = a.repository_id WHERE a.id = ?",
            )
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(was) = found else { return Ok(false) };
            let mut bullet = was.clone();
            change(i64::try_from(place).context("more bullets than there are numbers")?, &mut bullet);
            put(&mut tx, &bullet).await?;
            before.push(was);
            after.push(bullet);
        }
        if what == BulletStep::Reword {
            sqlx::query(
                "UPDATE achievement SET rewording = NULL WHERE id IN (SELECT value FROM json_each(?))",
            )
            .bind(to_json(&ids)?)
            .execute(&mut *tx)
            .await?;
        } else if before == after {
            return Ok(true);
        }
        sqlx::query("DELETE FROM achievement_step WHERE undone").execute(&mut *tx).await?;
        sqlx::query("INSERT INTO achievement_step (what, before, after) VALUES (?, ?, ?)")
            .bind(to_json(&what)?)
            .bind(to_json(&before)?)
            .bind(to_json(&after)?)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "DELETE FROM achievement_step
             WHERE id NOT IN (SELECT id FROM achievement_step ORDER BY id DESC LIMIT ?)",
        )
        .bind(KEPT)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn put(tx: &mut Write, bullet: &Kept) -> Result<()> {
    sqlx::query(
        "UPDATE achievement SET text = ?, by_model = ?, gate = ?, facts = ?, commits = ?, hidden = ?, edited = ?,
                pinned = ?, place = ?, safe = ?
         WHERE id = ?",
    )
    .bind(&bullet.text)
    .bind(bullet.by_model)
    .bind(&bullet.gate)
    .bind(&bullet.facts)
    .bind(&bullet.commits)
    .bind(bullet.hidden)
    .bind(bullet.edited)
    .bind(bullet.pinned)
    .bind(bullet.place)
    .bind(bullet.safe)
    .bind(bullet.id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
