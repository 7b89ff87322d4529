//! In: the recordings of the data sets with their splits, and networks. Out: docs/weak.md, how good
//! labels are that no gold entered, measured against the hidden gold.

mod contenders;
mod foreign;
mod page;
mod target;

use laennec_corpus::DataSet;
use laennec_corpus::weak::{Item, Options, gather, votes};

pub use foreign::{BundleModel, Tagger};
pub use page::MARKER;

use crate::error::Error;
use crate::intervals::Bootstrap;

/// The data sets that are measured.
pub const DATA_SETS: [DataSet; 3] = [DataSet::SprSound, DataSet::Kauh, DataSet::PhysioNet2016];

/// Gathers evidence of all items, lets the functions vote and writes the report.
///
/// # Errors
/// [`Error::Corpus`] where sounds or what was kept of them cannot be read.
pub fn page(
    items: &[Item<'_>],
    options: &Options<'_>,
    bootstrap: Bootstrap,
) -> Result<String, Error> {
    let evidence = gather(items, options)?;
    let votes = votes(items, &evidence, options.models)?;
    page::page(&page::Material {
        items,
        evidence: &evidence,
        votes: &votes,
        bootstrap,
        networks: options
            .models
            .iter()
            .map(|model| (model.name().to_owned(), model.weights().to_owned()))
            .collect(),
    })
}
