//! The networks that Laennec trains: mn04 with heads for lung and for heart recordings.
//!
//! In: log-mel `[batch, 1, bands, frames]`. Out: logits per recording, per annotated interval and
//! per time step. One step of the feature map is [`FRAMES_PER_STEP`] frames.

mod heart;
mod lung;
mod pooling;

pub use heart::HeartNet;
pub use lung::{EVENT_CLASSES, LungNet, RECORD_CLASSES};
pub use pooling::AttentionPooling;

/// Frames of log-mel that one time step of the feature map covers (five halvings).
pub const FRAMES_PER_STEP: usize = 32;

/// Time steps of the feature map for `frames` frames: each stride-2 layer rounds up.
pub fn steps_of(frames: usize) -> usize {
    frames.div_ceil(FRAMES_PER_STEP)
}
