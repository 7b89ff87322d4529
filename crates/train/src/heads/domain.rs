//! Linear heads: the domain on the heart encoder's pattern, noise on the lung encoder's embedding.
//!
//! In: embeddings with classes. Out: standardised logistic regressions; the penalty with the
//! greatest likelihood on the calibration recordings is taken.

use laennec_assistant::bundle::{LinearHead, Novelty};
use laennec_audio::augment;
use laennec_corpus::{Domain, Located, Split};
use laennec_eval::{
    Matrix,
    probes::{LogisticOptions, LogisticRegression, TrainingData, class_weights},
};
use laennec_models::ear::LungEar;
use rand::RngExt;
use rayon::prelude::*;

use super::{
    HeadsRecipe,
    examples::{DOMAINS, Heard, decode, window},
    is_of,
};
use crate::{Error, lung::augment::noise_kind, sampling};

/// Length of the windows of clean and buried heart recordings, in samples at 8 kHz.
const HEART_WINDOW: usize = 80_000;

/// The domain head.
pub(super) fn fit_domain(recipe: &HeadsRecipe, heard: &[Heard]) -> Result<LinearHead, Error> {
    let part = |calibrates: bool| {
        let chosen: Vec<&Heard> = heard
            .iter()
            .filter(|h| h.calibrates == calibrates)
            .collect();
        Rows {
            features: chosen.iter().map(|h| h.pattern.clone()).collect(),
            classes: chosen.iter().map(|h| h.class).collect(),
        }
    };
    fit(recipe, &part(false), &part(true), DOMAINS.len())
}

/// The head that tells buried heart recordings from clean ones. No heart recording at hand is
/// labelled poor, so clean ones are buried in noise.
pub(super) fn fit_poor_heart(
    recipe: &HeadsRecipe,
    recordings: &[Located],
    ear: &LungEar,
) -> Result<LinearHead, Error> {
    let part = |split: Split| -> Result<Rows, Error> {
        let chosen: Vec<(usize, &Located)> = recordings
            .iter()
            .enumerate()
            .filter(|(_, l)| is_of(l, Domain::Heart, &[split]))
            .collect();
        let pairs = chosen
            .par_iter()
            .flat_map(|&(index, located)| [0, 1].map(|class| (index, located, class)))
            .map(|(index, located, class)| {
                let mut rng = sampling::rng(recipe.seed, &[index as u64, class as u64, 7]);
                let mut samples = window(&decode(located)?, HEART_WINDOW, &mut rng);
                let range = if class == 1 {
                    recipe.buried_snr_db
                } else {
                    recipe.snr_db
                };
                let snr = rng.random_range(range[0]..=range[1]);
                let kind = noise_kind(&mut rng);
                augment::add_noise(&mut samples, 8000, kind, snr, &mut rng);
                Ok((ear.hear(&samples, 8000)?.embedding, class))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let (features, classes) = pairs.into_iter().unzip();
        Ok(Rows { features, classes })
    };
    fit(recipe, &part(Split::Train)?, &part(Split::Calibration)?, 2)
}

/// Centre and spread of the training embeddings of heart and of lung.
pub(super) fn fit_novelty(heard: &[Heard]) -> Novelty {
    let (mut centres, mut spreads) = (Vec::new(), Vec::new());
    for class in [0, 1] {
        let rows: Vec<&Vec<f32>> = heard
            .iter()
            .filter(|h| h.class == class && !h.calibrates)
            .map(|h| &h.embedding)
            .collect();
        let (mean, scale) = moments(&rows);
        centres.push(mean);
        spreads.push(scale);
    }
    Novelty { centres, spreads }
}

struct Rows {
    features: Vec<Vec<f32>>,
    classes: Vec<usize>,
}

fn fit(
    recipe: &HeadsRecipe,
    train: &Rows,
    choose: &Rows,
    classes: usize,
) -> Result<LinearHead, Error> {
    let (mean, scale) = moments(&train.features.iter().collect::<Vec<_>>());
    let matrix = |rows: &Rows| {
        let standard: Vec<Vec<f64>> = rows
            .features
            .iter()
            .map(|row| {
                let terms = row.iter().zip(mean.iter().zip(&scale));
                terms.map(|(x, (m, s))| f64::from((x - m) / s)).collect()
            })
            .collect();
        Matrix::from_rows(&standard).map_err(laennec_eval::Error::from)
    };
    let (features, held_out) = (matrix(train)?, matrix(choose)?);
    let data = TrainingData {
        features: &features,
        classes: &train.classes,
        class_count: classes,
        weights: &class_weights(&train.classes, classes, 1.0),
    };
    let mut best: Option<(f64, LogisticRegression)> = None;
    for &c in &recipe.penalties {
        let start = best.as_ref().map(|(_, model)| model);
        let model = LogisticRegression::fit(data, LogisticOptions::with_c(c), start)?;
        let probabilities = model
            .probabilities(&held_out)
            .map_err(laennec_eval::Error::from)?;
        let likelihood: f64 = choose
            .classes
            .iter()
            .enumerate()
            .map(|(row, &class)| probabilities.row(row)[class].max(1e-12).ln())
            .sum();
        if best.as_ref().is_none_or(|(most, _)| likelihood > *most) {
            best = Some((likelihood, model));
        }
    }
    let (_, model) = best.ok_or_else(|| Error::NoData {
        what: "penalties in the recipe of the heads".into(),
    })?;
    let coefficients = model.coefficients();
    let row = |r: usize| coefficients.row(r);
    let width = coefficients.columns() - 1;
    let to_f32 = |values: &[f64]| values.iter().map(|v| *v as f32).collect();
    Ok(LinearHead {
        mean,
        scale,
        weights: (0..coefficients.rows())
            .map(|r| to_f32(&row(r)[..width]))
            .collect(),
        bias: (0..coefficients.rows())
            .map(|r| row(r)[width] as f32)
            .collect(),
    })
}

/// Mean and deviation of each feature; a constant feature has deviation 1.
fn moments(rows: &[&Vec<f32>]) -> (Vec<f32>, Vec<f32>) {
    let width = rows.first().map_or(0, |r| r.len());
    let n = rows.len().max(1) as f64;
    let mut mean = vec![0.0_f64; width];
    for row in rows {
        for (m, x) in mean.iter_mut().zip(row.iter()) {
            *m += f64::from(*x) / n;
        }
    }
    let mut variance = vec![0.0_f64; width];
    for row in rows {
        for ((v, m), x) in variance.iter_mut().zip(&mean).zip(row.iter()) {
            *v += (f64::from(*x) - m).powi(2) / n;
        }
    }
    let scale = variance
        .iter()
        .map(|v| if *v > 1e-12 { v.sqrt() as f32 } else { 1.0 })
        .collect();
    (mean.iter().map(|m| *m as f32).collect(), scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling;
    use rand::RngExt;

    /// `rare` rows of class 1 among 400, each class uniform over an interval of length 4; the two
    /// overlap from 0 to 2.
    fn rows(rare: usize, seed: u64) -> Rows {
        let mut rng = sampling::rng(seed, &[]);
        let mut rows = Rows {
            features: Vec::new(),
            classes: Vec::new(),
        };
        // The rare class stands first, so that a weight by place would be one by class.
        for n in 0..400 {
            let class = usize::from(n < rare);
            let from = if class == 1 { 0.0 } else { -2.0 };
            rows.features.push(vec![rng.random_range(from..from + 4.0)]);
            rows.classes.push(class);
        }
        rows
    }

    #[test]
    fn a_rare_class_weighs_as_much_as_a_common_one() {
        let text = include_str!("../../../../recipes/heads.toml");
        let recipe: HeadsRecipe = toml::from_str(text).unwrap();
        let boundary = |rare: usize| {
            let head = fit(&recipe, &rows(rare, 1), &rows(rare, 2), 2).unwrap();
            let at = |x: f32| head.probabilities(&[x])[0];
            (-200..400)
                .map(|n| n as f32 / 100.0)
                .find(|x| at(*x) >= 0.5)
                .unwrap()
        };
        let (even, uneven) = (boundary(200), boundary(40));
        assert!((even - 1.0).abs() < 0.25, "{even}");
        assert!((uneven - 1.0).abs() < 0.25, "{uneven}");
    }
}
