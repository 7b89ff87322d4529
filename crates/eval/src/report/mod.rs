//! Building blocks of the accuracy report: Markdown tables and SVG diagrams.

mod confusion;
mod svg;
mod table;

pub use confusion::confusion_table;
pub use svg::{reliability_svg, roc_svg};
pub use table::{Align, Table};
