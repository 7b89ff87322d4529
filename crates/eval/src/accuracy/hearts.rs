//! In: the heart network and simple features of the recordings. Out: the section on `PhysioNet`
//! 2016, database by database, beside baselines that cannot hear a heart.

use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::{DataSet, Located, Recording, Split};
use rayon::prelude::*;

use super::frozen::embeddings;
use super::left_out::abnormal_predictions;
use super::text::{NONE, counts, joined, shown};
use super::{Inputs, reference};
use crate::baselines::{level_and_duration, mean_spectrum};
use crate::embed::Embedding;
use crate::error::Error;
use crate::matrix::Matrix;
use crate::predictions::Predictions;
use crate::report::{Align, Table};
use crate::tasks::physionet::{ABNORMAL, HeartRows, database, heart_search};

/// What is read off one recording: the two baselines and, in validation, the network's answer.
struct Measured {
    spectrum: Vec<f64>,
    level: Vec<f64>,
    abnormal: Option<f64>,
}

/// The section.
pub(super) fn section(inputs: &Inputs<'_>) -> Result<String, Error> {
    let is_heart = |l: &&Located| l.recording.data_set == DataSet::PhysioNet2016;
    let located: Vec<&Located> = inputs.recordings.iter().filter(is_heart).collect();
    let recordings: Vec<&Recording> = located.iter().map(|l| &l.recording).collect();
    let embedding = embeddings(inputs, &located)?;
    let measured = measure(inputs, &located)?;
    let features = [
        embedding.iter().map(Embedding::mean).collect::<Vec<_>>(),
        measured.iter().map(|m| m.spectrum.clone()).collect(),
        measured.iter().map(|m| m.level.clone()).collect(),
    ];
    let mut probes = Vec::new();
    for rows in &features {
        probes.push(HeartRows::new(&recordings, &Matrix::from_rows(rows)?)?);
    }
    let names = probes.first().map(HeartRows::databases).unwrap_or_default();
    let (mut within, mut left_out) = (within_table(), left_out_table());
    for (done, name) in names.iter().enumerate() {
        (inputs.progress)("heart baselines", done + 1, names.len());
        // Of a database that reserves no recordings, only what carries over to it can be told.
        if let Some(ours) = ours(&recordings, &measured, name)? {
            within.push(within_row(inputs, name, &ours, &probes)?);
        }
        left_out.push(left_out_row(inputs, name, &probes)?);
    }
    Ok(joined([
        "## Heart sounds: PhysioNet 2016, normal or abnormal",
        "Each database is one device and population, so that a figure within it may be that of its \
         recording chain: a model counts only above the same linear probe on the mean spectrum and \
         on level and duration, which cannot hear a heart. The networks are judged on their mean \
         probability before calibration, at 0.5 as the reference run and at the bundle's threshold, \
         which serves both kinds best on other recordings, as heard by networks that did not learn \
         from them. The columns from *linear probe on mn04* on hold AUROC; \
         (Se + Sp) / 2. The persons are unknown, so that intervals resample \
         recordings and are too narrow where one person has several.",
        &within.to_markdown(),
        "With a whole database left out of training, on all its recordings: AUROC, and for the \
         fine-tuned network (`laennec train recipes/heart.toml --leave-out DATABASE --epochs 8`, one training \
         for each) also (Se + Sp) / 2 at 0.5. The two small databases were not left out in turn.",
        &left_out.to_markdown(),
    ]))
}

fn measure(inputs: &Inputs<'_>, located: &[&Located]) -> Result<Vec<Measured>, Error> {
    let (done, total) = (AtomicUsize::new(0), located.len());
    located
        .par_iter()
        .map(|located| {
            let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
            let validates = located.recording.split == Some(Split::Validation);
            let heard = validates.then(|| inputs.ear.heart().hear(&signal.samples, signal.rate));
            let measured = Measured {
                spectrum: mean_spectrum(&signal)?,
                level: level_and_duration(&signal)?,
                abnormal: heard.transpose()?.map(|h| f64::from(h.abnormal)),
            };
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (inputs.progress)("heart network and baselines", done, total);
            Ok(measured)
        })
        .collect()
}

/// The network on the validation recordings of one database; none where it has none.
fn ours(
    recordings: &[&Recording],
    measured: &[Measured],
    name: &str,
) -> Result<Option<Predictions>, Error> {
    let of_it = recordings.iter().zip(measured);
    let of_it = of_it.filter(|(recording, _)| database(recording) == Some(name));
    let heard: Vec<(&Recording, f64)> = of_it
        .filter_map(|(recording, m)| Some((*recording, m.abnormal?)))
        .collect();
    if heard.is_empty() {
        return Ok(None);
    }
    abnormal_predictions(heard).map(Some)
}

fn within_table() -> Table {
    Table::new(&[
        ("database", Align::Left),
        ("n", Align::Right),
        ("abnormal", Align::Right),
        ("AUROC", Align::Left),
        ("(Se + Sp) / 2 at 0.5", Align::Left),
        ("at the threshold", Align::Left),
        ("linear probe on mn04", Align::Left),
        ("mean spectrum", Align::Left),
        ("level and duration", Align::Left),
        ("reference run", Align::Right),
    ])
}

fn within_row(
    inputs: &Inputs<'_>,
    name: &str,
    ours: &Predictions,
    probes: &[HeartRows<'_>],
) -> Result<Vec<String>, Error> {
    let bootstrap = inputs.bootstrap;
    let both = |predictions: &Predictions| {
        let area = predictions.auroc_of(&[ABNORMAL], &bootstrap);
        let mean = predictions.sensitivity_specificity_mean(&[ABNORMAL], 0.5, &bootstrap);
        (shown(&area), shown(&mean))
    };
    let (area, mean) = both(ours);
    let at = f64::from(inputs.ear.heads().heart_even_at);
    let at_threshold = ours.sensitivity_specificity_mean(&[ABNORMAL], at, &bootstrap);
    let abnormal = ours.truth().iter().filter(|t| **t == ABNORMAL).count();
    let mut row = vec![
        name.to_owned(),
        ours.len().to_string(),
        abnormal.to_string(),
        area,
        mean,
        shown(&at_threshold),
    ];
    for probe in probes {
        let (area, mean) = both(&probe.within(name, &heart_search())?);
        row.push(format!("{area}; {mean}"));
    }
    row.push(reference::heart(name).to_owned());
    Ok(row)
}

fn left_out_table() -> Table {
    Table::new(&[
        ("database left out", Align::Left),
        ("n", Align::Right),
        ("fine-tuned network", Align::Left),
        ("linear probe on mn04", Align::Left),
        ("mean spectrum", Align::Left),
        ("level and duration", Align::Left),
        ("reference run", Align::Right),
    ])
}

fn left_out_row(
    inputs: &Inputs<'_>,
    name: &str,
    probes: &[HeartRows<'_>],
) -> Result<Vec<String>, Error> {
    let bootstrap = inputs.bootstrap;
    let network = inputs.left_out.iter().find(|heart| heart.database == name);
    let tuned = match network {
        Some(heart) => {
            let predictions = heart.predictions(inputs.recordings, inputs.progress)?;
            let area = predictions.auroc_of(&[ABNORMAL], &bootstrap);
            let mean = predictions.sensitivity_specificity_mean(&[ABNORMAL], 0.5, &bootstrap);
            format!("{}; {}", shown(&area), shown(&mean))
        }
        None => NONE.to_owned(),
    };
    let mut row = vec![name.to_owned(), NONE.to_owned(), tuned];
    for probe in probes {
        let area = probe
            .left_out(name, &heart_search())?
            .auroc_of(&[ABNORMAL], &bootstrap);
        row[1] = counts(&area);
        row.push(shown(&area));
    }
    row.push(reference::heart_left_out(name).to_owned());
    Ok(row)
}
