//! Seeded randomness that depends on the place in training alone.
//!
//! In: the recipe's seed and a position (epoch, step, item). Out: a generator. Nothing is carried
//! from step to step, so a resumed run draws what the uninterrupted one would have drawn.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator for one position of a run.
pub fn rng(seed: u64, position: &[u64]) -> ChaCha8Rng {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    // FNV-1a over the position: cheap, and collisions would only repeat an augmentation.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in position.iter().flat_map(|p| p.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    key[8..16].copy_from_slice(&hash.to_le_bytes());
    key[16..24].copy_from_slice(&(position.len() as u64).to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A permutation of `0..n` (Fisher and Yates).
pub fn permutation(n: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, rng.random_range(0..=i));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_independent_and_repeatable() {
        let draw = |position: &[u64]| rng(7, position).random::<u64>();
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[0]), draw(&[0, 0]));
    }

    #[test]
    fn permutation_holds_every_index_once() {
        let mut order = permutation(100, &mut rng(1, &[]));
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
