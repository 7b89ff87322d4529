//! Building blocks of the reports: Markdown tables and SVG diagrams.

mod confusion;
mod heat_map;
mod scatter;
mod svg;
mod table;
pub(crate) mod text;

pub use confusion::confusion_table;
pub use heat_map::heat_map_svg;
pub use scatter::map_svg;
pub use svg::{reliability_svg, roc_svg};
pub use table::{Align, Table};
