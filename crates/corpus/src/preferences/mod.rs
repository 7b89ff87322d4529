//! Preference pairs by rule: recordings come in, a JSONL file of questions with a true answer and a
//! near miss goes out. The near miss is the same answer in the same words with one clinical
//! attribute wrong, so that what is preferred is what is true, not how it is said.
//!
//! | attribute | the near miss | needs |
//! |---|---|---|
//! | `presence` | a finding that is absent is stated, or one that is present denied | `findings` |
//! | `type` | another finding in its place, one that is known to be absent | `findings` |
//! | `phase` | inspiration for expiration, or the other way round | `record_class` (KAUH) |
//! | `site` | another listening point | `site` |
//! | `time` | an interval in which the finding is not annotated | `events` |
//!
//! Before a pair is stored, the chosen answer is read back as true, and the rejected one as refuted
//! by a field of its recording: what is merely unknown makes no near miss. The columns are those of
//! [`instructions`](crate::instructions), with `response_chosen`, `response_rejected` and
//! `attribute` in place of `response`.

mod near_miss;
mod row;
mod write;

pub use row::{Attribute, Preference};
pub use write::{Options, Table, write};
