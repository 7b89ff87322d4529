//! In: mn04 as it started and as it was trained, a teacher's vectors of the reports. Out: how alike
//! their layers are to each other and to the reports, as a heat map.

use burn::tensor::{Device, Tensor};
use laennec_audio::{DecodeOptions, decode_file};
use laennec_models::encoder::{AnyEncoder, Encoder, Mn04, batch_of};
use laennec_models::mobilenet::Mode;
use rayon::prelude::*;

use super::run::Inputs;
use crate::error::Error;
use crate::matrix::Matrix;
use crate::report::heat_map_svg;
use crate::similarity::debiased_cka;

/// Blocks after which a layer is read; 0 is the stem.
const AFTER: [usize; 4] = [0, 4, 8, 12];

/// Recordings compared; more change the second decimal.
const MOST: usize = 100;

/// The recordings of `rows` that are compared, evenly spread.
pub(super) fn compared(rows: &[usize]) -> Vec<usize> {
    let count = rows.len().min(MOST);
    (0..count).map(|k| rows[k * rows.len() / count]).collect()
}

/// Means over time and frequency of each layer of a contender, `[compared, channels]` each, the
/// embedding last; none where it is no mn04.
pub(super) fn layers(
    inputs: &Inputs<'_>,
    contender: usize,
    rows: &[usize],
) -> Result<Option<Vec<Matrix>>, Error> {
    let Some(encoder) = inputs.contenders[contender].encoder().and_then(mn04) else {
        return Ok(None);
    };
    let per_recording: Vec<Vec<Vec<f64>>> = rows
        .par_iter()
        .map_with(encoder.clone(), |encoder, &row| {
            let signal =
                decode_file(&inputs.recordings[row].path, &DecodeOptions::default())?.signal;
            let mut front_end = encoder.front_end().plan()?;
            let mel = front_end.compute_from(&signal.samples, signal.rate)?;
            let features: Tensor<4> = batch_of(&[mel], &Device::flex())?.unsqueeze_dim(1);
            let network = &encoder.network;
            let mut all = Vec::new();
            for blocks in AFTER {
                all.push(mean(network.beginning(
                    features.clone(),
                    blocks,
                    Mode::Infer,
                ))?);
            }
            all.push(mean(network.feature_map(features, Mode::Infer))?);
            Ok(all)
        })
        .collect::<Result<_, Error>>()?;
    let layer = |index: usize| {
        let rows: Vec<&Vec<f64>> = per_recording.iter().map(|layers| &layers[index]).collect();
        Matrix::from_rows(&rows)
    };
    Ok(Some(
        (0..=AFTER.len()).map(layer).collect::<Result<_, _>>()?,
    ))
}

/// Rows: the layers of a trained encoder; columns: those of the start, and the reports where there
/// are vectors of them.
pub(super) fn heat_map(
    title: &str,
    trained: &[Matrix],
    start: &[Matrix],
    reports: Option<&Matrix>,
) -> String {
    let mut names: Vec<String> = AFTER
        .iter()
        .map(|blocks| format!("block {blocks}"))
        .collect();
    "stem".clone_into(&mut names[0]);
    names.push("embedding".to_owned());
    let mut columns: Vec<String> = names.iter().map(|name| format!("start: {name}")).collect();
    if reports.is_some() {
        columns.push("reports (teacher)".to_owned());
    }
    let values: Vec<Vec<Option<f64>>> = trained
        .iter()
        .map(|own| {
            start
                .iter()
                .chain(reports)
                .map(|other| debiased_cka(own, other).ok())
                .collect()
        })
        .collect();
    heat_map_svg(title, &names, &columns, &values)
}

/// Mean of a map `[1, channels, rows, steps]` over rows and steps.
fn mean(map: Tensor<4>) -> Result<Vec<f64>, Error> {
    let values: Vec<f32> = map
        .mean_dim(3)
        .mean_dim(2)
        .into_data()
        .try_to_vec()
        .map_err(|reason| Error::Shape {
            expected: "means of f32".to_owned(),
            found: format!("{reason:?}"),
        })?;
    Ok(values.into_iter().map(f64::from).collect())
}

#[allow(
    unreachable_patterns,
    clippy::unnecessary_wraps,
    reason = "the other encoders have no such blocks, however many there are"
)]
fn mn04(encoder: &AnyEncoder) -> Option<&Mn04> {
    match encoder {
        AnyEncoder::Mn04(encoder) => Some(encoder),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_spread_and_the_map_has_a_column_for_the_reports() {
        assert_eq!(compared(&[4, 5, 6]), [4, 5, 6]);
        let many: Vec<usize> = (0..400).collect();
        assert_eq!(compared(&many)[..3], [0, 4, 8]);
        let layer = |salt: usize| {
            let value = |i: usize| ((i * 7919 + salt * 331) % 997) as f64;
            Matrix::new(10, 3, (0..30).map(value).collect()).unwrap()
        };
        let own: Vec<Matrix> = (0..=AFTER.len()).map(layer).collect();
        let svg = heat_map("CKA", &own, &own, Some(&layer(50)));
        // The background, and a cell for each pair of layers and each layer with the reports.
        assert_eq!(
            svg.matches("<rect").count(),
            1 + own.len() * (own.len() + 1)
        );
        assert!(svg.contains(">1.00<"));
        assert!(svg.contains("start: stem") && svg.contains("reports (teacher)"));
    }
}
