//! In: every contender's scores on a task, by seed. Out: its AUROC with interval, and differences
//! between contenders with paired intervals: both are computed on the same resamples of patients.

use rayon::prelude::*;

use super::ranked::RankedScores;
use super::rows::TaskRows;
use crate::intervals::{Bootstrap, Estimate, GroupKind};
use crate::matrix::Matrix;
use crate::metrics::Undefined;

/// A figure of one contender on one task, or on the mean of several, with its value on each
/// resample of patients.
#[derive(Debug, Clone)]
pub struct Scores {
    /// On all patients.
    pub value: f64,
    /// On each resample; NaN where undefined.
    pub resampled: Vec<f64>,
    /// With each seed of the fit, on all patients.
    pub by_seed: Vec<f64>,
    /// Observations judged.
    pub n: usize,
    /// Units resampled, and what they are.
    pub units: (usize, GroupKind),
}

impl Scores {
    /// Mean over the seeds of the macro one-against-rest AUROC (of two classes: of the second).
    /// `by_seed` holds probabilities `[judged, classes]`.
    ///
    /// # Errors
    /// A class does not occur among the judged.
    pub fn auroc(
        rows: &TaskRows,
        by_seed: &[Matrix],
        bootstrap: &Bootstrap,
    ) -> Result<Self, Undefined> {
        let mut ranked: Vec<Vec<RankedScores>> = Vec::with_capacity(by_seed.len());
        for probabilities in by_seed {
            let first = usize::from(probabilities.columns() == 2);
            let of_class = |class| {
                let positive = rows.judged_classes.iter().map(|c| *c == class).collect();
                RankedScores::new(&probabilities.column(class), positive)
            };
            ranked.push(
                (first..probabilities.columns())
                    .map(of_class)
                    .collect::<Result<_, _>>()?,
            );
        }
        let seed_mean = |classes: &[RankedScores], weights: &[f64]| -> Result<f64, Undefined> {
            let mut sum = 0.0;
            for class in classes {
                sum += class.auroc(weights)?;
            }
            Ok(sum / classes.len() as f64)
        };
        let once = vec![1.0; rows.judged.len()];
        let by_seed: Vec<f64> = ranked
            .iter()
            .map(|classes| seed_mean(classes, &once))
            .collect::<Result<_, _>>()?;
        let own = Bootstrap {
            seed: bootstrap.seed ^ name_hash(&rows.population),
            ..*bootstrap
        };
        let resampled = (0..bootstrap.resamples)
            .into_par_iter()
            .map(|resample| {
                let drawn = own.multiplicities(rows.unit_count, resample);
                let weights: Vec<f64> = rows.units.iter().map(|&unit| drawn[unit]).collect();
                let means: Result<Vec<f64>, _> = ranked
                    .iter()
                    .map(|seed| seed_mean(seed, &weights))
                    .collect();
                means.map_or(f64::NAN, |means| mean(&means))
            })
            .collect();
        Ok(Self {
            value: mean(&by_seed),
            resampled,
            by_seed,
            n: rows.judged.len(),
            units: (rows.unit_count, rows.kind),
        })
    }

    /// Unweighted mean over tasks, resample by resample; undefined where one of them is. None
    /// without tasks.
    pub fn mean(tasks: &[&Self]) -> Option<Self> {
        let first = tasks.first()?;
        let across =
            |of: &dyn Fn(&Self) -> f64| mean(&tasks.iter().map(|t| of(t)).collect::<Vec<_>>());
        Some(Self {
            value: across(&|t| t.value),
            resampled: (0..first.resampled.len())
                .map(|i| across(&|t| t.resampled[i]))
                .collect(),
            by_seed: (0..first.by_seed.len())
                .map(|i| across(&|t| t.by_seed[i]))
                .collect(),
            n: tasks.iter().map(|t| t.n).sum(),
            units: (
                tasks.iter().map(|t| t.units.0).max().unwrap_or(0),
                first.units.1,
            ),
        })
    }

    /// What this one has more than `other`, resample by resample.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let subtract = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
        Self {
            value: self.value - other.value,
            resampled: subtract(&self.resampled, &other.resampled),
            by_seed: subtract(&self.by_seed, &other.by_seed),
            n: self.n,
            units: self.units,
        }
    }

    /// With its interval.
    pub fn estimate(&self, bootstrap: &Bootstrap) -> Estimate {
        bootstrap.summary(self.value, &self.resampled, self.n, self.units)
    }

    /// Standard deviation over the seeds.
    pub fn seed_deviation(&self) -> f64 {
        let centre = mean(&self.by_seed);
        let squares: f64 = self.by_seed.iter().map(|v| (v - centre).powi(2)).sum();
        (squares / (self.by_seed.len().max(2) - 1) as f64).sqrt()
    }
}

/// A candidate's gain on a task or on the mean of tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// Over the starting encoder.
    pub over_start: Estimate,
    /// Over each shuffled control.
    pub over_shuffled: Vec<Estimate>,
    /// Of each shuffled control over the starting encoder.
    pub shuffled_over_start: Vec<Estimate>,
    /// Whether the gain counts; none where there is no shuffled control to hold it against.
    pub counts: Option<bool>,
}

/// The gain of `candidate`. It counts where its interval lies above 0, where it exceeds the upper
/// end of the interval of each shuffled control's gain, and where the paired difference to each of
/// them lies above 0 with its whole interval.
pub fn gain(
    candidate: &Scores,
    start: &Scores,
    shuffled: &[&Scores],
    bootstrap: &Bootstrap,
) -> Gain {
    let over_start = candidate.minus(start).estimate(bootstrap);
    let over_shuffled: Vec<Estimate> = shuffled
        .iter()
        .map(|control| candidate.minus(control).estimate(bootstrap))
        .collect();
    let shuffled_over_start: Vec<Estimate> = shuffled
        .iter()
        .map(|control| control.minus(start).estimate(bootstrap))
        .collect();
    let above_zero = |estimate: &Estimate| estimate.interval.is_some_and(|i| i.low > 0.0);
    let outside = |control: &Estimate| {
        control
            .interval
            .is_some_and(|interval| over_start.value > interval.high)
    };
    let counts = above_zero(&over_start)
        && over_shuffled.iter().all(above_zero)
        && shuffled_over_start.iter().all(outside);
    Gain {
        counts: (!shuffled.is_empty()).then_some(counts),
        over_start,
        over_shuffled,
        shuffled_over_start,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// FNV-1a, so that populations are resampled independently and always in the same way.
fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 60 persons with two recordings each, half of them positive.
    fn rows() -> TaskRows {
        let person: Vec<usize> = (0..120).map(|i| i / 2).collect();
        TaskRows {
            fitted: vec![],
            fitted_classes: vec![],
            fitted_groups: vec![],
            judged: (0..120).collect(),
            judged_classes: person.iter().map(|p| p % 2).collect(),
            judged_groups: person.clone(),
            units: person,
            unit_count: 60,
            kind: GroupKind::Patients,
            population: "made up".into(),
        }
    }

    /// Scores that follow the class with `strength`; `salt` makes another contender of it.
    fn scores(rows: &TaskRows, strength: f64, salt: usize) -> Scores {
        let row = |i: usize| {
            let noise = ((i * 7919 + salt * 31_337) % 1009) as f64 / 1009.0;
            let p = (noise + strength * rows.judged_classes[i] as f64) / (1.0 + strength);
            [1.0 - p, p]
        };
        let table: Vec<[f64; 2]> = (0..120).map(row).collect();
        let matrix = Matrix::from_rows(&table).unwrap();
        Scores::auroc(rows, &[matrix.clone(), matrix], &Bootstrap::default()).unwrap()
    }

    #[test]
    fn the_interval_is_that_of_the_ordinary_bootstrap() {
        let rows = rows();
        let own = scores(&rows, 0.4, 1);
        let estimate = own.estimate(&Bootstrap::default());
        let table: Vec<bool> = rows.judged_classes.iter().map(|c| *c == 1).collect();
        let values: Vec<f64> = (0..120)
            .map(|i| {
                ((i * 7919 + 31_337) % 1009) as f64 / 1009.0 + 0.4 * f64::from(u8::from(table[i]))
            })
            .collect();
        let seed = Bootstrap::default().seed ^ name_hash("made up");
        let ordinary = Bootstrap {
            seed,
            ..Bootstrap::default()
        }
        .estimate(&rows.units, GroupKind::Patients, |indices| {
            let scores: Vec<f64> = indices.iter().map(|&i| values[i]).collect();
            let truth: Vec<bool> = indices.iter().map(|&i| table[i]).collect();
            crate::metrics::auroc(&scores, &truth)
        })
        .unwrap();
        let (a, b) = (estimate.interval.unwrap(), ordinary.interval.unwrap());
        assert!((estimate.value - ordinary.value).abs() < 1e-12);
        assert!((a.low - b.low).abs() < 1e-12 && (a.high - b.high).abs() < 1e-12);
    }

    #[test]
    fn a_gain_counts_above_the_shuffled_controls_only() {
        let rows = rows();
        let bootstrap = Bootstrap::default();
        let start = scores(&rows, 0.0, 1);
        let [strong, other_strong, weak] =
            [(2.0, 2), (2.0, 3), (0.0, 4)].map(|(strength, salt)| scores(&rows, strength, salt));
        assert_eq!(
            gain(&strong, &start, &[&weak], &bootstrap).counts,
            Some(true)
        );
        assert_eq!(
            gain(&strong, &start, &[&other_strong], &bootstrap).counts,
            Some(false)
        );
        assert_eq!(
            gain(&strong, &start, &[&weak, &other_strong], &bootstrap).counts,
            Some(false)
        );
        assert_eq!(
            gain(&weak, &start, &[&weak], &bootstrap).counts,
            Some(false)
        );
        assert_eq!(gain(&strong, &start, &[], &bootstrap).counts, None);
    }

    #[test]
    fn a_difference_is_paired_and_a_mean_is_taken_resample_by_resample() {
        let rows = rows();
        let bootstrap = Bootstrap::default();
        let (a, b) = (scores(&rows, 0.5, 1), scores(&rows, 0.6, 1));
        let width = |s: &Scores| s.estimate(&bootstrap).interval.map(|i| i.high - i.low);
        // The same noise: the difference is far better known than each of the two.
        assert!(width(&b.minus(&a)).unwrap() < 0.7 * width(&a).unwrap());
        let mean = Scores::mean(&[&a, &b]).unwrap();
        assert!((mean.value - f64::midpoint(a.value, b.value)).abs() < 1e-12);
        assert!((mean.resampled[7] - f64::midpoint(a.resampled[7], b.resampled[7])).abs() < 1e-12);
        assert_eq!(a.seed_deviation(), 0.0);
        assert!(Scores::mean(&[]).is_none());
    }
}
