//! What the user decides about bullets: hidden, in other words, in which order, always first. Each can be undone.

use anyhow::Result;
use internflow_domain::{ApiError, BulletSteps, ErrorCode};
use serde::Deserialize;
use ts_rs::TS;

use crate::Core;
use crate::api::Nothing;

#[derive(Debug, Deserialize, TS)]
pub struct HideBullet {
    #[ts(type = "number")]
    pub id: i64,
    pub hidden: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct EditBullet {
    #[ts(type = "number")]
    pub id: i64,
    pub text: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct PinBullet {
    #[ts(type = "number")]
    pub id: i64,
    pub pinned: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct OrderBullets {
    /// Bullets of one repository, all of them, in the order wanted. Pinned ones stay before the others.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
}

pub async fn hide(core: &Core, args: HideBullet) -> Result<()> {
    found(core.store.set_bullet_hidden(args.id, args.hidden).await?)?;
    core.announce("achievements");
    Ok(())
}

pub async fn edit(core: &Core, args: EditBullet) -> Result<()> {
    let text = args.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(
            ApiError::new(ErrorCode::BadRequest, "A bullet needs words. Untick it to leave it out.").into()
        );
    }
    found(core.store.edit_bullet(args.id, &text).await?)?;
    core.announce("achievements");
    Ok(())
}

pub async fn pin(core: &Core, args: PinBullet) -> Result<()> {
    found(core.store.pin_bullet(args.id, args.pinned).await?)?;
    core.announce("achievements");
    Ok(())
}

pub async fn order(core: &Core, args: OrderBullets) -> Result<()> {
    let bullets = core.store.bullets().await?;
    let of = |id: &i64| bullets.iter().find(|bullet| bullet.id == *id).map(|bullet| bullet.repository_id);
    let whole = args.ids.first().and_then(of).is_some_and(|repository| {
        let mut known: Vec<i64> =
            bullets.iter().filter(|b| b.repository_id == repository).map(|b| b.id).collect();
        let mut given = args.ids.clone();
        known.sort_unstable();
        given.sort_unstable();
        known == given
    });
    if !whole {
        let message = "The bullets changed meanwhile. Look at them and move this one again.";
        return Err(ApiError::new(ErrorCode::BadRequest, message).into());
    }
    found(core.store.order_bullets(&args.ids).await?)?;
    core.announce("achievements");
    Ok(())
}

pub async fn steps(core: &Core, _: Nothing) -> Result<BulletSteps> {
    core.store.bullet_steps().await
}

pub async fn undo(core: &Core, _: Nothing) -> Result<()> {
    if core.store.undo_bullet_step().await? {
        core.announce("achievements");
    }
    Ok(())
}

pub async fn redo(core: &Core, _: Nothing) -> Result<()> {
    if core.store.redo_bullet_step().await? {
        core.announce("achievements");
    }
    Ok(())
}

pub(super) fn found(found: bool) -> Result<(), ApiError> {
    if found { Ok(()) } else { Err(ApiError::not_found("bullet")) }
}
