//! Scoring of event timelines against annotations that leave gaps.

mod frames;
mod matching;
mod span;
mod timeline;

pub use frames::frame_truth;
pub use matching::{EventCounts, MIN_IOU, count_events};
pub use span::Span;
pub use timeline::{Timeline, event_f1, frame_auroc};
