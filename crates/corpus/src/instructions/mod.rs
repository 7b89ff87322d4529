//! Instructions (`StethoBench`): recordings come in, a JSONL file of questions about them with
//! answers, and a table of what it holds, go out.
//!
//! | task | question | gold from |
//! |---|---|---|
//! | `Classification` | is one finding there, yes or no; can the recording be judged | `findings` |
//! | `Identification` | which findings are heard; when, and in which phase, is one heard | `findings`, `events`, `record_class` |
//! | `Report` | write the report | the same |
//! | `Reasoning` | what is heard, and what can it mean | findings gold, meaning from [`conditions`] |
//! | `DDx` | which diagnosis | `diagnoses`; without them from [`conditions`] |
//! | `Comparison` | two recordings: in which is a finding heard | `findings` of both |
//! | `Location` | name the site heard; what is heard at a given site | `site`, `findings` |
//!
//! What is answered from [`conditions`] says nothing true of this recording beyond its findings; it
//! has `gold` false and serves format and support only.
//!
//! Every answer is read back by [`verify`](crate::verify) before it is stored: it states what was
//! asked, and nothing that the facts of its recording do not hold. Styles of questions and lengths
//! of answers are dealt in turn within each class, so that neither tells the answer; a question "is
//! it there" has as many yes as no for each finding, data set and split. One recording has at most
//! [`MOST_PAIRS`] pairs, those counted in which it comes second.

mod answers;
mod check;
pub mod conditions;
mod items;
mod plan;
mod prompts;
mod row;
mod sites;
mod table;
mod write;

pub use plan::MOST_PAIRS;
pub use row::{Instruction, Length, SHORT_WORDS, Style, Task};
pub use table::{Row, Table};
pub use write::{Options, write};

pub(crate) use answers::answer;
pub(crate) use check::wrong;
pub(crate) use items::{Item, Kind, items, present};
pub(crate) use prompts::{prompt, styles};
