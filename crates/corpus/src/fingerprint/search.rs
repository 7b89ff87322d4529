//! Fingerprints come in; the pairs that are copies of one sound go out.
//!
//! Two copies share, somewhere, two steps whose 32 bits are exactly the same (Haitsma and Kalker,
//! ISMIR 2002, section 5.2, search their database in this way); such a place proposes an
//! alignment, and the bits of the whole common part decide. Fingerprints that are equal are
//! compared once. Memory is bounded whatever the recordings: alignments are held for a part of the
//! fingerprints at a time, and of many equal fingerprints only some pairs are given.

use std::collections::BTreeMap;
use std::ops::Range;

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

/// Alignments held at once.
const MOST_ALIGNMENTS: usize = 1 << 24;
/// Of more equal sounds than this not every pair is given.
const MOST_EQUAL: usize = 64;

/// The pairs of things that are all equal: each with each, or, of more than 64, each with the first.
pub(crate) fn pairs_of(equal: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let starts = if equal.len() > MOST_EQUAL {
        1
    } else {
        equal.len()
    };
    (0..starts).flat_map(move |at| equal[at + 1..].iter().map(move |&other| (equal[at], other)))
}

/// All pairs of copies, sorted; of more than 64 equal fingerprints each is paired with the first
/// alone. Empty fingerprints are copies of nothing.
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
        found.extend(pairs_of(members).map(|(first, second)| Near {
            first,
            second,
            bit_error_rate: 0.0,
            steps: print.0.len(),
        }));
    }
    for near in pairs(&distinct) {
        let (mut one, mut other) = (&distinct[near.first].1[..], &distinct[near.second].1[..]);
        if one.len() * other.len() > MOST_EQUAL * MOST_EQUAL {
            (one, other) = (&one[..1], &other[..1]);
        }
        for &a in one {
            found.extend(other.iter().map(|&b| Near {
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
    let keys = keys(distinct);
    let mut counts = vec![0_usize; distinct.len()];
    for (first, ..) in alignments(&keys, 0..distinct.len()) {
        counts[first as usize] += 1;
    }
    let mut found = Vec::new();
    let mut from = 0;
    while from < distinct.len() {
        let mut held = 0;
        let part = from..distinct.len();
        let more = part.clone().skip(1).take_while(|&next| {
            held += counts[next - 1];
            held + counts[next] <= MOST_ALIGNMENTS
        });
        let to = from + 1 + more.count();
        found.extend(pairs_from(distinct, &keys, from..to));
        from = to;
    }
    found
}

/// The pairs whose first is one of a part.
fn pairs_from(
    distinct: &[(&Fingerprint, Vec<usize>)],
    keys: &[Key],
    part: Range<usize>,
) -> Vec<Near> {
    let mut alignments: Vec<_> = alignments(keys, part).collect();
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

/// A key, the fingerprint that has it, and its step there.
type Key = (u32, u32, u32);

/// The keys of all fingerprints, sorted.
fn keys(distinct: &[(&Fingerprint, Vec<usize>)]) -> Vec<Key> {
    let total: usize = distinct.iter().map(|(print, _)| print.0.len()).sum();
    let share = total.div_ceil(MOST_KEYS).next_power_of_two() as u32;
    let mut keys = Vec::with_capacity(total.min(MOST_KEYS));
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
    keys
}

/// Pairs of fingerprints that share a key, the first of which is in `part`, and the shift that lays
/// one over the other there.
fn alignments(keys: &[Key], part: Range<usize>) -> impl Iterator<Item = (u32, u32, i32)> {
    let places = keys
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|places| places.len() <= MOST_PLACES);
    places.flat_map(move |places| {
        let part = part.clone();
        let firsts = places.iter().enumerate();
        firsts
            .filter(move |(_, key)| part.contains(&(key.1 as usize)))
            .flat_map(move |(at, &(_, first, here))| {
                places[at + 1..]
                    .iter()
                    .filter(move |&&(_, second, _)| first != second)
                    .map(move |&(_, second, there)| (first, second, here as i32 - there as i32))
            })
    })
}
