//! OPERA's benchmark (Zhang et al., `NeurIPS` 2024, arXiv 2406.16148): its 19 task definitions and
//! its linear-evaluation protocol.

mod head;
mod protocol;
mod tasks;

pub use head::LinearHead;
pub use protocol::{OperaOptions, fit, shuffled};
pub use tasks::{OperaTask, TASKS, Target};
