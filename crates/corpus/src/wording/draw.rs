//! A seed and what is written about come in; the same choices come out on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of choices. Two streams with the same seed and the same parts choose alike, whatever
/// else was written before, so that a text does not depend on the order of the recordings.
#[derive(Clone, Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of `parts` (an id, a task, the number of a try) under `seed`.
    pub fn new(seed: u64, parts: &[&str]) -> Self {
        let text = format!("{seed}|{}", parts.join("|"));
        Self(ChaCha8Rng::from_seed(Sha256::digest(text).into()))
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        // The bias of the remainder is below 2^-50 for the few alternatives of a pattern.
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }

    /// Any number of 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One of the items, of which there is at least one.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Puts the items into a drawn order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_and_parts_alone() {
        let numbers = |seed, parts: &[&str]| -> Vec<usize> {
            let mut draw = Draw::new(seed, parts);
            (0..8).map(|_| draw.below(1000)).collect()
        };
        assert_eq!(numbers(1, &["a", "b"]), numbers(1, &["a", "b"]));
        assert_ne!(numbers(1, &["a", "b"]), numbers(2, &["a", "b"]));
        assert_ne!(numbers(1, &["a", "b"]), numbers(1, &["a", "c"]));
    }

    #[test]
    fn every_order_of_three_is_drawn() {
        let orders: std::collections::BTreeSet<[u8; 3]> = (0..200)
            .map(|seed| {
                let mut items = [1, 2, 3];
                Draw::new(seed, &[]).shuffle(&mut items);
                items
            })
            .collect();
        assert_eq!(orders.len(), 6);
    }
}
