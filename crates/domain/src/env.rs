//! What the rules may ask of the world: the time and fresh randomness, passed in.

use crate::ids::hex;
use crate::time::Millis;

/// The world as the rules see it.
pub trait Env {
    /// The device's clock; may jump, tie, or be wrong.
    fn now(&mut self) -> Millis;
    /// Sixteen unpredictable bytes.
    fn random(&mut self) -> [u8; 16];

    /// A new id, random and ordered by time, such as `case-0192f3a4b5c6-9f3e…`.
    fn new_id(&mut self, prefix: &str) -> String {
        let now = u64::try_from(self.now()).unwrap_or(0) & 0xffff_ffff_ffff;
        let random = self.random();
        format!("{prefix}-{now:012x}-{}", hex(random.get(..8).unwrap_or_default()))
    }
}

/// A world for tests and replays: a clock that counts up and numbers that repeat for a seed.
#[derive(Debug, Clone)]
pub struct FixedEnv {
    /// What [`Env::now`] says next.
    pub clock: Millis,
    /// How much the clock moves at each look.
    pub step: Millis,
    counter: u64,
    seed: u64,
}

impl FixedEnv {
    /// A world whose numbers differ for each seed.
    #[must_use]
    pub fn new(clock: Millis, seed: u64) -> Self {
        Self { clock, step: 1, counter: 0, seed }
    }
}

impl Env for FixedEnv {
    fn now(&mut self) -> Millis {
        self.clock = self.clock.saturating_add(self.step);
        self.clock
    }

    fn random(&mut self) -> [u8; 16] {
        use sha2::{Digest, Sha256};
        self.counter += 1;
        let mut digest = Sha256::new();
        digest.update(self.seed.to_le_bytes());
        digest.update(self.counter.to_le_bytes());
        let full: [u8; 32] = digest.finalize().into();
        crate::ids::ActionId::of_hash(&full).0
    }
}
