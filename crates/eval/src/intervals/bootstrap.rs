//! In: the group of every observation and a statistic of a list of observations. Out: the
//! statistic with a percentile interval of the bootstrap over groups.
//!
//! Recordings of one patient are alike, so patients are drawn with replacement and each drawn
//! patient brings all their observations (Davison & Hinkley 1997, section 3.8; Field & Welsh,
//! J. R. Stat. Soc. B 69, 2007).

use std::collections::HashMap;
use std::hash::Hash;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use super::estimate::{Estimate, GroupKind, Interval};
use crate::metrics::{Undefined, sorted_quantile};

/// With fewer groups the resamples are too much alike for an interval.
pub const FEWEST_GROUPS: usize = 10;

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Seed; resample `i` uses stream `i` of `ChaCha8`, so threads do not change the result.
    pub seed: u64,
    /// Coverage of the interval, in (0, 1).
    pub level: f64,
}

impl Default for Bootstrap {
    /// 1,000 resamples, 95 %.
    fn default() -> Self {
        Self {
            resamples: 1000,
            seed: 2016,
            level: 0.95,
        }
    }
}

/// Numbers equal keys alike, in order of first appearance: the group of every observation.
pub fn number_groups<K: Hash + Eq>(keys: impl IntoIterator<Item = K>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    keys.into_iter()
        .map(|key| {
            let next = numbers.len();
            *numbers.entry(key).or_insert(next)
        })
        .collect()
}

impl Bootstrap {
    /// The statistic on all observations, with its interval.
    ///
    /// `groups[i]` is the group of observation `i`; `statistic` receives indices of observations,
    /// an observation as often as its group was drawn. Resamples on which it is undefined are
    /// counted and left out. There is no interval with fewer than [`FEWEST_GROUPS`] groups, where
    /// more than half of the resamples are undefined, or where all of them agree (a perfect figure
    /// stays perfect in every resample, which does not make it certain). `Err` where the statistic
    /// is undefined on the data.
    pub fn estimate(
        &self,
        groups: &[usize],
        kind: GroupKind,
        statistic: impl Fn(&[usize]) -> Result<f64, Undefined> + Sync,
    ) -> Result<Estimate, Undefined> {
        let all: Vec<usize> = (0..groups.len()).collect();
        let value = statistic(&all)?;
        let members = members_of(groups);
        let values: Vec<f64> = (0..self.resamples)
            .into_par_iter()
            .map(|resample| statistic(&self.draw(&members, resample)).unwrap_or(f64::NAN))
            .collect();
        Ok(self.summary(value, &values, groups.len(), (members.len(), kind)))
    }

    /// The estimate of a statistic whose value on each resample is known; NaN where it is
    /// undefined. `groups` are their number and kind.
    pub(crate) fn summary(
        &self,
        value: f64,
        resampled: &[f64],
        n: usize,
        groups: (usize, GroupKind),
    ) -> Estimate {
        let mut values: Vec<f64> = resampled.to_vec();
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let varied = values.first() < values.last();
        let enough = groups.0 >= FEWEST_GROUPS && values.len() * 2 >= resampled.len();
        let tail = (1.0 - self.level) / 2.0;
        Estimate {
            value,
            interval: (varied && enough).then(|| Interval {
                low: sorted_quantile(&values, tail),
                high: sorted_quantile(&values, 1.0 - tail),
            }),
            n,
            groups: groups.0,
            kind: groups.1,
            degenerate: resampled.len() - values.len(),
        }
    }

    /// How often each of `groups` groups is drawn in a resample.
    pub(crate) fn multiplicities(&self, groups: usize, resample: usize) -> Vec<f64> {
        let mut drawn = vec![0.0; groups];
        for group in self.drawn(groups, resample) {
            drawn[group] += 1.0;
        }
        drawn
    }

    /// Observations of as many groups as there are, drawn with replacement.
    fn draw(&self, members: &[Vec<usize>], resample: usize) -> Vec<usize> {
        let mut drawn = Vec::new();
        for group in self.drawn(members.len(), resample) {
            drawn.extend_from_slice(&members[group]);
        }
        drawn
    }

    /// As many of `groups` groups, with replacement.
    fn drawn(&self, groups: usize, resample: usize) -> impl Iterator<Item = usize> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(resample as u64);
        (0..groups).map(move |_| {
            // The high half of a 64 x 64 bit product is uniform up to 2^-64 x the group count.
            let wide = u128::from(rng.next_u64()) * groups as u128;
            (wide >> 64) as usize
        })
    }
}

fn members_of(groups: &[usize]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (index, group) in number_groups(groups.iter().copied())
        .into_iter()
        .enumerate()
    {
        if group == members.len() {
            members.push(Vec::new());
        }
        members[group].push(index);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(values: &[f64]) -> impl Fn(&[usize]) -> Result<f64, Undefined> + Sync + '_ {
        |indices| {
            if indices.is_empty() {
                return Err(Undefined::Empty);
            }
            Ok(indices.iter().map(|&i| values[i]).sum::<f64>() / indices.len() as f64)
        }
    }

    #[test]
    fn copies_of_a_patients_recordings_do_not_narrow_the_interval() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17)).collect();
        let groups: Vec<usize> = (0..40).collect();
        let tenfold: Vec<f64> = values.iter().flat_map(|&v| [v; 10]).collect();
        let tenfold_groups: Vec<usize> = groups.iter().flat_map(|&g| [g; 10]).collect();
        let bootstrap = Bootstrap::default();
        let kind = GroupKind::Patients;
        let one = bootstrap.estimate(&groups, kind, mean_of(&values)).unwrap();
        let ten = bootstrap
            .estimate(&tenfold_groups, kind, mean_of(&tenfold))
            .unwrap();
        let (one, ten) = (one.interval.unwrap(), ten.interval.unwrap());
        assert!((one.low - ten.low).abs() < 1e-9 && (one.high - ten.high).abs() < 1e-9);
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_of_theory() {
        // 100 values with deviation s: the 95 % interval is about 2 x 1.96 x s / 10 wide.
        let values: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100)).collect();
        let groups: Vec<usize> = (0..100).collect();
        let estimate = Bootstrap::default()
            .estimate(&groups, GroupKind::Recordings, mean_of(&values))
            .unwrap();
        let interval = estimate.interval.unwrap();
        let theory = 2.0 * 1.96 * 28.866 / 10.0;
        assert!((interval.high - interval.low - theory).abs() < 0.1 * theory);
        assert!((estimate.value - 49.5).abs() < 1e-9);
    }

    #[test]
    fn undefined_resamples_are_counted() {
        // Both of two groups are needed: half of the resamples draw one of them twice.
        let both = |indices: &[usize]| {
            if indices.contains(&0) && indices.contains(&1) {
                Ok(1.0)
            } else {
                Err(Undefined::NoneOf("positive"))
            }
        };
        let estimate = Bootstrap::default()
            .estimate(&[0, 1], GroupKind::Patients, both)
            .unwrap();
        assert!((400..600).contains(&estimate.degenerate));
    }

    #[test]
    fn few_patients_and_perfect_figures_have_no_interval() {
        let bootstrap = Bootstrap::default();
        let kind = GroupKind::Patients;
        let few = bootstrap
            .estimate(&[7, 7, 8], kind, mean_of(&[1.0, 2.0, 3.0]))
            .unwrap();
        assert_eq!((few.value, few.interval, few.groups), (2.0, None, 2));
        let groups: Vec<usize> = (0..50).collect();
        let perfect = bootstrap
            .estimate(&groups, kind, mean_of(&[1.0; 50]))
            .unwrap();
        assert_eq!((perfect.interval, perfect.degenerate), (None, 0));
    }
}
