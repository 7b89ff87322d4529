//! In: SPRSound's validation recordings as heard. Out: the section on signal quality.

use laennec_assistant::Quality;
use laennec_corpus::Finding;

use super::Inputs;
use super::frozen::LungProbes;
use super::heard::{self, HeardRecording};
use super::text::{counts, joined, shown};
use crate::error::Error;
use crate::intervals::wilson;
use crate::report::{Align, Table};
use crate::tasks::sprsound::SprSoundTask;

/// The section.
pub(super) fn section(
    inputs: &Inputs<'_>,
    heard: &[HeardRecording<'_>],
    probes: &LungProbes,
) -> Result<String, Error> {
    let poor = heard::quality(heard)?;
    let ours = poor.auroc_of(&[1], &inputs.bootstrap);
    let records = SprSoundTask::Records3;
    let positive: Vec<usize> = records.poor_quality().into_iter().collect();
    let probe = probes
        .of(records)
        .predictions
        .auroc_of(&positive, &inputs.bootstrap);
    let mut areas = Table::new(&[
        ("n / patients", Align::Right),
        ("poor", Align::Right),
        ("AUROC", Align::Left),
        ("linear probe on mn04", Align::Left),
    ]);
    areas.push([
        counts(&ours),
        poor.truth().iter().sum::<usize>().to_string(),
        shown(&ours),
        shown(&probe),
    ]);
    let mut answers = Table::new(&[
        ("experts \\ Laennec", Align::Left),
        ("usable", Align::Right),
        ("borderline", Align::Right),
        ("poor", Align::Right),
        ("refused as poor", Align::Left),
    ]);
    for (name, wanted) in [("usable", false), ("poor quality", true)] {
        let of: Vec<&HeardRecording<'_>> = heard
            .iter()
            .filter(|one| one.truth(Finding::PoorSignal) == Some(wanted))
            .collect();
        let count = |quality| {
            of.iter()
                .filter(|one| one.analysis.quality.quality == quality)
                .count()
        };
        let refused = count(Quality::Poor);
        answers.push([
            name.to_owned(),
            count(Quality::Usable).to_string(),
            count(Quality::Borderline).to_string(),
            refused.to_string(),
            shown(&wilson(refused, of.len())),
        ]);
    }
    Ok(joined([
        "## Signal quality",
        "SPRSound's experts set aside recordings of poor quality; the probability of a poor signal \
         is judged on all its validation recordings. The reference runs give no figure. No \
         annotation of quality exists for the heart recordings here, so that none is given.",
        &areas.to_markdown(),
        "What `laennec analyze` makes of it. No finding is judged in a poor recording; borderline \
         ones are judged, with a notice. Intervals of shares here take recordings as independent \
         (Wilson).",
        &answers.to_markdown(),
    ]))
}
