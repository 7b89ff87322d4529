//! In: calibrated probabilities of labelled recordings. Out: the section on how well probabilities
//! say what happens, with its diagrams.

use laennec_assistant::bundle::{HEART_FINDINGS, LUNG_FINDINGS};
use laennec_assistant::wording;
use laennec_corpus::Finding;

use super::heard::{self, HeardRecording};
use super::text::{counts, joined, shown};
use super::{Figure, Inputs};
use crate::error::Error;
use crate::metrics::{Binning, ReliabilityBin, brier, expected_calibration_error, reliability};
use crate::predictions::Predictions;
use crate::report::{Align, Table, reliability_svg};

/// Bins of equal width on [0, 1].
const BINS: usize = 10;

/// The section, and file name and content of each diagram.
pub(super) fn section(
    inputs: &Inputs<'_>,
    lung: &[HeardRecording<'_>],
    heart: &[HeardRecording<'_>],
) -> Result<(String, Vec<Figure>), Error> {
    let mut table = Table::new(&[
        ("class", Align::Left),
        ("n / patients", Align::Right),
        ("with it", Align::Right),
        ("mean probability", Align::Right),
        ("Brier score", Align::Left),
        ("calibration error (ECE)", Align::Left),
    ]);
    let mut of_lung = Vec::new();
    let mut of_others = Vec::new();
    for finding in LUNG_FINDINGS {
        let (predictions, _) = heard::finding(lung, finding)?;
        of_lung.push(class(inputs, &mut table, finding, &predictions)?);
    }
    let poor = heard::quality(lung)?;
    of_others.push(class(inputs, &mut table, Finding::PoorSignal, &poor)?);
    for finding in HEART_FINDINGS {
        let predictions = heard::finding(heart, finding)?.0.by_recording();
        of_others.push(class(inputs, &mut table, finding, &predictions)?);
    }
    let text = joined([
        "## Reliability of the probabilities",
        "Calibrated by cross-fitting on other patients, judged on validation patients (hearts: on recordings, \
         as persons are unknown; all databases together). The expected calibration error is the \
         mean distance between probability and observed share over ten bins of equal width, \
         weighted by their size; it is above 0 even for perfect probabilities where bins are small. \
         Poor signal is given on all lung recordings, the lung findings on those that experts could \
         judge.",
        &table.to_markdown(),
        "![Reliability of the lung findings](figures/reliability-lung.svg) ![Reliability of poor \
         signal and abnormal heart sounds](figures/reliability-others.svg)",
    ]);
    let figures = vec![
        (
            "reliability-lung.svg",
            reliability_svg("Lung findings, validation recordings", &of_lung),
        ),
        (
            "reliability-others.svg",
            reliability_svg("Poor signal and heart, validation recordings", &of_others),
        ),
    ];
    Ok((text, figures))
}

/// Adds the row of a class and returns its curve.
fn class(
    inputs: &Inputs<'_>,
    table: &mut Table,
    finding: Finding,
    predictions: &Predictions,
) -> Result<(String, Vec<ReliabilityBin>), Error> {
    let (scores, truth) = predictions.binary(&[1])?;
    let of = |indices: &[usize]| -> (Vec<f64>, Vec<bool>) {
        indices.iter().map(|&i| (scores[i], truth[i])).unzip()
    };
    let error = predictions.estimate(&inputs.bootstrap, |indices| {
        let (scores, truth) = of(indices);
        expected_calibration_error(&scores, &truth, BINS, Binning::EqualWidth)
    });
    let squared = predictions.estimate(&inputs.bootstrap, |indices| {
        let (scores, truth) = of(indices);
        brier(&scores, &truth)
    });
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    table.push([
        wording::name(finding).to_owned(),
        counts(&error),
        truth.iter().filter(|t| **t).count().to_string(),
        format!("{mean:.3}"),
        shown(&squared),
        shown(&error),
    ]);
    let bins = reliability(&scores, &truth, BINS, Binning::EqualWidth)?;
    Ok((wording::name(finding).to_owned(), bins))
}
