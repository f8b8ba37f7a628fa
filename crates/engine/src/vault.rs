//! Encryption at rest as a person meets it: the state that a page shows, and the orders that it gives.
//!
//! How values are sealed is the store's; that no other tab is at work while rows are rewritten is the host's.

use anju_domain::trust::{SHORTEST_PASSPHRASE, is_passphrase};
use anju_store::sealed::{Cipher, ROUNDS, Rewriting, VaultError};
use anju_store::{SealedStore, Sealing, Store, Table};
use serde::{Deserialize, Serialize};

use crate::engine::{EngineError, Progress};
use crate::protocol::Failure;

/// What a page asks of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultOrder {
    /// How it stands.
    Look,
    /// Opens it.
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// Seals everything.
    TurnOn {
        /// The passphrase from now on.
        passphrase: String,
    },
    /// Opens everything for good.
    TurnOff {
        /// The passphrase.
        passphrase: String,
    },
    /// Puts another passphrase in place.
    Change {
        /// The passphrase so far.
        old: String,
        /// The passphrase from now on.
        new: String,
    },
    /// Goes on with what was interrupted.
    Resume,
}

impl VaultOrder {
    /// Whether it rewrites rows, so that no other tab may be at work.
    #[must_use]
    pub fn rewrites(&self) -> bool {
        matches!(self, Self::TurnOn { .. } | Self::TurnOff { .. } | Self::Resume)
    }
}

/// How the vault stands, for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// Nothing is sealed.
    Off,
    /// Sealed, and the passphrase has not been given.
    Locked,
    /// Sealed and open.
    On,
    /// Being sealed; interrupted where no order is under way.
    TurningOn,
    /// Being opened for good; interrupted where no order is under way.
    TurningOff,
}

impl From<Sealing> for VaultState {
    fn from(sealing: Sealing) -> Self {
        match sealing {
            Sealing::Off => Self::Off,
            Sealing::Locked => Self::Locked,
            Sealing::On => Self::On,
            Sealing::TurningOn => Self::TurningOn,
            Sealing::TurningOff => Self::TurningOff,
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::WrongPassphrase => Self::new("wrong_passphrase", ""),
            VaultError::NothingToDo => Self::new("vault_moved", ""),
            VaultError::Store(e) => EngineError::from(e).into(),
        }
    }
}

/// Carries out an order and tells how the vault stands then.
///
/// # Errors
/// A wrong or short passphrase, a store that failed; a rewriting that was cut off goes on with
/// [`VaultOrder::Resume`].
pub async fn carry_out<S: Store, C: Cipher>(
    store: &SealedStore<S, C>,
    order: VaultOrder,
    progress: &impl Progress,
) -> Result<VaultState, Failure> {
    match &order {
        VaultOrder::Look | VaultOrder::Resume => {}
        VaultOrder::Unlock { passphrase } => store.unlock(passphrase).await?,
        VaultOrder::TurnOn { passphrase } => {
            long_enough(passphrase)?;
            store.turn_on(passphrase, ROUNDS).await?;
        }
        VaultOrder::TurnOff { passphrase } => store.turn_off(passphrase).await?,
        VaultOrder::Change { old, new } => {
            long_enough(new)?;
            store.change_passphrase(old, new, ROUNDS).await?;
        }
    }
    if order.rewrites() {
        let mut total = 0;
        for table in Table::ALL {
            total += store.count(table).await.map_err(EngineError::from)?;
        }
        let mut at = Rewriting::default();
        while !store.rewrite(&mut at).await? {
            // What is begun is ended: half sealed is a state to be in by accident only.
            let _not_now = progress.step(at.done, total).await;
        }
    }
    Ok(store.sealing().into())
}

fn long_enough(passphrase: &str) -> Result<(), Failure> {
    if is_passphrase(passphrase) {
        return Ok(());
    }
    Err(Failure { field: Some("passphrase".to_owned()), ..Failure::new("passphrase_short", SHORTEST_PASSPHRASE) })
}
