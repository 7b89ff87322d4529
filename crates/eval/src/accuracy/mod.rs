//! In: the recordings of the data sets with their splits, a bundle that listens, embeddings of the
//! untouched encoder. Out: the accuracy report as Markdown with its diagrams, every figure measured
//! in this run on patients who neither trained, calibrated nor chose a threshold.

mod answers;
mod domains;
mod elsewhere;
mod foreign;
mod frozen;
mod heard;
mod hearts;
mod introduction;
mod left_out;
mod lung;
mod networks;
mod official;
mod quality;
mod reference;
mod reliability;
mod robustness;
mod segments;
mod timeline;
mod variant;

use laennec_assistant::AnalyzeOptions;
use laennec_assistant::bundle::Ear;
use laennec_corpus::{DataSet, Domain, Located, Split};

use crate::embed::EmbeddingCache;
use crate::error::Error;
use crate::intervals::Bootstrap;
use crate::report::text;

pub(crate) use heard::hear;
pub use introduction::MARKER;
pub use left_out::LeftOutHeart;
pub use networks::Networks;
pub use variant::Variant;

/// File name and content of a diagram.
type Figure = (&'static str, String);

/// Told what is being done, how much of it is done, and how much there is.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// What the report is made from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// All recordings with their splits; none may be without one.
    pub recordings: &'a [Located],
    /// The bundle.
    pub ear: &'a Ear,
    /// Heart networks that never heard one of the databases.
    pub left_out: &'a [LeftOutHeart],
    /// Embeddings of the untouched encoder, for the linear probes.
    pub cache: &'a EmbeddingCache,
    /// How intervals are drawn.
    pub bootstrap: Bootstrap,
    /// Where progress goes.
    pub progress: Progress<'a>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The text.
    pub markdown: String,
    /// File name and content of each SVG diagram; the text links to `figures/NAME`.
    pub figures: Vec<Figure>,
}

impl<'a> Inputs<'a> {
    /// The recordings of a data set in a split.
    fn of(&self, data_set: DataSet, split: Split) -> Vec<&'a Located> {
        let wanted = |located: &&Located| {
            located.recording.data_set == data_set && located.recording.split == Some(split)
        };
        self.recordings.iter().filter(wanted).collect()
    }
}

/// Measures everything and writes the report. SPRSound and `PhysioNet` 2016 must be among the
/// recordings; the sections on other data sets are left out where those are.
pub fn page(inputs: &Inputs<'_>) -> Result<Page, Error> {
    let lung = inputs.of(DataSet::SprSound, Split::Validation);
    let heart = inputs.of(DataSet::PhysioNet2016, Split::Validation);
    let segments = segments::hear_all(inputs, "lung tasks", &lung, Variant::AsRecorded)?;
    let whole_lung = heard::hear_all(inputs, "lung recordings", &lung, Variant::AsRecorded)?;
    let whole_heart = heard::hear_all(inputs, "heart recordings", &heart, Variant::AsRecorded)?;
    let kauh = inputs.of(DataSet::Kauh, Split::Test);
    let elsewhere = heard::hear_all(inputs, "KAUH", &kauh, Variant::AsRecorded)?;
    let is_lung = AnalyzeOptions {
        domain: Some(Domain::Lung),
    };
    let what = "KAUH, domain stated";
    let stated = heard::hear_stated(inputs, what, &kauh, Variant::AsRecorded, is_lung)?;
    let probes = frozen::LungProbes::fit(inputs)?;
    let heard_sets = domains::HeardSets {
        lung: &whole_lung,
        heart: &whole_heart,
        elsewhere: &elsewhere,
    };

    let (reliability, mut figures) = reliability::section(inputs, &whole_lung, &whole_heart)?;
    let (lung_tasks, roc) = lung::section(inputs, &segments, &whole_lung, &probes)?;
    figures.push(roc);
    let sections = [
        introduction::section(inputs),
        lung_tasks,
        official::section(inputs, &probes)?,
        timeline::section(inputs, &whole_lung, &probes)?,
        hearts::section(inputs)?,
        domains::section(inputs, &heard_sets)?,
        quality::section(inputs, &whole_lung, &probes)?,
        answers::section(inputs, &whole_lung, &whole_heart, [&elsewhere, &stated]),
        reliability,
        elsewhere::section(inputs, &elsewhere, &probes)?,
        foreign::section(inputs)?,
        robustness::section(inputs, &segments, &lung, &probes)?,
        introduction::limits(),
    ];
    let there: Vec<String> = sections.into_iter().filter(|s| !s.is_empty()).collect();
    Ok(Page {
        markdown: there.join("\n"),
        figures,
    })
}
