//! The linear-probe benchmark: encoders and labelled recordings come in; for every task the AUROC of
//! each encoder, its gain over the starting encoder and over every control, with paired intervals,
//! go out.
//!
//! An encoder is frozen; only a linear classifier on its clip embedding is fitted. Two protocols
//! judge it: ours ([`Protocol::Nested`]) and OPERA's ([`Protocol::Opera`]).

mod compare;
mod encoder;
mod figures;
mod kept;
mod layers;
mod measures;
mod page;
mod protocol;
mod ranked;
mod rows;
mod run;
mod space;
mod tables;
mod task;

pub use compare::{Gain, Scores, gain};
pub use encoder::{Contender, Role};
pub use page::{MARKER, Page};
pub use protocol::{Protocol, SEEDS};
pub use ranked::RankedScores;
pub use rows::TaskRows;
pub use run::{Inputs, Outcome, TaskOutcome, run};
pub use space::Space;
pub use task::{Design, Selection, Task, tasks};
