//! Fingerprints come in; the pairs that are copies of one sound go out.
//!
//! Two copies share, somewhere, two steps whose 32 bits are exactly the same (Haitsma and Kalker,
//! ISMIR 2002, section 5.2, search their database in this way); such a place proposes an
//! alignment, and the bits of the whole common part decide. Fingerprints that are equal are
//! compared once, so that many exact copies cost nothing.

use std::collections::BTreeMap;

use super::Fingerprint;

/// Two sounds that are copies of one another, in whole or in part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Index of the one, the lesser.
    pub first: usize,
    /// Index of the other.
    pub second: usize,
    /// Share of bits that differ over the common part.
    pub bit_error_rate: f64,
    /// Length of the common part, in steps of 64 ms.
    pub steps: usize,
}

/// Largest share of differing bits of a copy whose common part is long.
const MOST_DIFFERENT: f64 = 0.30;
/// Common parts shorter than this, in steps (4 s), must agree better.
const LONG: usize = 64;
/// Shortest common part, in steps (1.5 s).
const SHORTEST: usize = 24;
/// Largest share of differing bits at the shortest common part; between this and [`LONG`] the
/// limit is a straight line.
const MOST_DIFFERENT_SHORTEST: f64 = 0.15;
/// The common part is at least this share of the shorter of two fingerprints.
const LEAST_COMMON: f64 = 0.5;
/// Steps between the two that make a key.
const APART: usize = 2;
/// Keys held at once; of more, a share is taken that is the same in all copies.
const MOST_KEYS: usize = 1 << 23;
/// A key in more places than this is a hum or a pause, which tells nothing.
const MOST_PLACES: usize = 64;

/// All pairs of copies, sorted. Empty fingerprints are copies of nothing.
pub fn near_duplicates(prints: &[&Fingerprint]) -> Vec<Near> {
    let mut equal: BTreeMap<&Fingerprint, Vec<usize>> = BTreeMap::new();
    for (index, &print) in prints.iter().enumerate() {
        if print.0.len() >= SHORTEST {
            equal.entry(print).or_default().push(index);
        }
    }
    let distinct: Vec<(&Fingerprint, Vec<usize>)> = equal.into_iter().collect();
    let mut found = Vec::new();
    for (print, members) in &distinct {
        for (at, &first) in members.iter().enumerate() {
            found.extend(members[at + 1..].iter().map(|&second| Near {
                first,
                second,
                bit_error_rate: 0.0,
                steps: print.0.len(),
            }));
        }
    }
    for near in pairs(&distinct) {
        for &a in &distinct[near.first].1 {
            found.extend(distinct[near.second].1.iter().map(|&b| Near {
                first: a.min(b),
                second: a.max(b),
                ..near
            }));
        }
    }
    found.sort_by_key(|near| (near.first, near.second));
    found
}

/// Pairs among distinct fingerprints, by index.
fn pairs(distinct: &[(&Fingerprint, Vec<usize>)]) -> Vec<Near> {
    let mut alignments = alignments(distinct);
    alignments.sort_unstable();
    let mut found = Vec::new();
    for of_pair in alignments.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (first, second) = (of_pair[0].0 as usize, of_pair[0].1 as usize);
        let best = of_pair
            .chunk_by(|a, b| a.2 == b.2)
            .filter_map(|same| accepted(distinct[first].0, distinct[second].0, same[0].2))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((bit_error_rate, steps)) = best {
            found.push(Near {
                first,
                second,
                bit_error_rate,
                steps,
            });
        }
    }
    found
}

/// Error rate and steps of the alignment, where it makes the two copies of one another.
fn accepted(a: &Fingerprint, b: &Fingerprint, shift: i32) -> Option<(f64, usize)> {
    let agreement = a.agreement(b, shift as isize);
    let shorter = a.0.len().min(b.0.len());
    let steps = agreement.steps;
    let common = steps as f64 >= LEAST_COMMON * shorter as f64;
    (common && steps >= SHORTEST && agreement.bit_error_rate <= limit(steps))
        .then_some((agreement.bit_error_rate, steps))
}

/// Largest share of differing bits over a common part of that many steps.
fn limit(steps: usize) -> f64 {
    let long = (steps - SHORTEST) as f64 / (LONG - SHORTEST) as f64;
    MOST_DIFFERENT_SHORTEST + (MOST_DIFFERENT - MOST_DIFFERENT_SHORTEST) * long.min(1.0)
}

/// Pairs of fingerprints that share a key, and the shift that lays one over the other there.
fn alignments(distinct: &[(&Fingerprint, Vec<usize>)]) -> Vec<(u32, u32, i32)> {
    let total: usize = distinct.iter().map(|(print, _)| print.0.len()).sum();
    let share = total.div_ceil(MOST_KEYS).next_power_of_two() as u32;
    let mut keys: Vec<(u32, u32, u32)> = Vec::with_capacity(total.min(MOST_KEYS));
    for (index, (print, _)) in distinct.iter().enumerate() {
        for (step, pair) in print.0.windows(APART + 1).enumerate() {
            let (a, b) = (pair[0], pair[APART]);
            let key = u32::from(a) << 16 | u32::from(b);
            // Multiplied, so that the share is taken evenly (Knuth, vol. 3, section 6.4).
            if a != 0 && b != 0 && key.wrapping_mul(2_654_435_769) >> 8 & (share - 1) == 0 {
                keys.push((key, index as u32, step as u32));
            }
        }
    }
    keys.sort_unstable();
    let mut found = Vec::new();
    for places in keys.chunk_by(|a, b| a.0 == b.0) {
        if places.len() > MOST_PLACES {
            continue;
        }
        for (at, &(_, first, here)) in places.iter().enumerate() {
            for &(_, second, there) in &places[at + 1..] {
                if first != second {
                    found.push((first, second, here as i32 - there as i32));
                }
            }
        }
    }
    found
}
