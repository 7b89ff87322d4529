//! What stays the same when a sound is copied at another level, rate or format.

use serde::{Deserialize, Serialize};

/// Sub-fingerprints of a sound, one a frame; empty where the sound is too short or constant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub Vec<u32>);
