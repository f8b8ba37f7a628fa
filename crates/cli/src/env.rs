//! The real clock and real randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use anju_domain::env::Env;
use anju_domain::time::Millis;

/// The world outside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RealEnv;

impl Env for RealEnv {
    fn now(&mut self) -> Millis {
        // A clock before 1970 is as wrong as can be; the log bears wrong clocks.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| Millis::try_from(since.as_millis()).ok())
            .unwrap_or(0)
    }

    fn random(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Ids that repeat would forge actions: without randomness nothing may be written.
            std::process::abort();
        }
        bytes
    }
}
