//! Reports from metadata (`AcuLa`): recordings come in, a JSONL file with one verified report a
//! recording and a table of how they passed go out.
//!
//! A report states the [`Facts`] of its recording, all of them and nothing else. The template
//! grammar writes it, or a language model that is given the template; either is read back by
//! [`verify`](crate::verify), tried again with other draws where it differs, and falls to the
//! template in the end. A text that did not pass is never stored.
//!
//! One line of the file:
//!
//! | column | meaning |
//! |---|---|
//! | `id`, `subject`, `group`, `data_set`, `split` | as in the manifest |
//! | `mode` | `full` or `labels-hidden` |
//! | `text` | the report |
//! | `source` | `template`, or the name of the language model |
//! | `tries` | texts that the language model wrote until one passed, or until it was given up; 0 without one |
//! | `template` | the template report that the language model was given, else null |
//! | `facts` | what the report states, see [`Facts`] |
//! | `key` | SHA-256 of all that the text depends on |
//!
//! A report whose key is in the file already, or in the partial file of a run that was cut short,
//! is taken from there.

mod journal;
mod prompt;
mod row;
mod sentence;
mod table;
mod template;
mod wordings;
mod write;

pub use row::Report;
pub(crate) use sentence::Sentence;
pub use table::Table;
pub use template::Template;
pub(crate) use template::times;
pub(crate) use wordings::{CLEAR_HEART, CLEAR_LUNG, PRESENT};
pub use write::{Company, Options, write};
