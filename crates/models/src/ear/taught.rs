//! What taught a network, as the header of its weights file says it.

use serde::{Deserialize, Serialize};

use super::header_value;
use crate::Error;

/// Key of [`Taught`] in the header, as JSON.
pub const TAUGHT_KEY: &str = "taught";

/// The recordings that a network learned from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taught {
    /// Names of their data sets, sorted.
    pub data_sets: Vec<String>,
    /// Names of their devices (PhysioNet's databases), sorted.
    pub databases: Vec<String>,
    /// How many.
    pub recordings: usize,
    /// SHA-256 of their opaque ids, sorted, each on a line.
    pub sha256: String,
}

impl Taught {
    /// Reads the header of a weights file; `origin` names it in errors.
    ///
    /// # Errors
    /// [`Error::Header`] where it does not say what taught the network.
    pub fn read(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Header {
            path: origin.into(),
            reason,
        };
        let text = header_value(bytes, origin, TAUGHT_KEY)?
            .ok_or_else(|| wrong(format!("its header has no '{TAUGHT_KEY}'")))?;
        serde_json::from_str(&text).map_err(|e| wrong(format!("'{TAUGHT_KEY}': {e}")))
    }

    /// As [`Taught::read`] reads it.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain data serialises")
    }
}
