//! A teacher that knows nothing: each text gets its own random direction, whatever it says.
//!
//! The control for what a language model's geometry adds: recordings with word for word the same
//! report still share a vector, but no two reports are closer than any others.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Teacher;
use crate::{Error, registry::sha256_hex};

/// Independent uniform values, seeded by the text.
#[derive(Clone, Copy, Debug)]
pub struct RandomTeacher {
    /// Values of a vector.
    pub width: usize,
    /// Another seed is another teacher.
    pub seed: u64,
}

impl Teacher for RandomTeacher {
    fn identity(&self) -> String {
        format!("random/{}/{}", self.width, self.seed)
    }

    fn width(&self) -> usize {
        self.width
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error> {
        let vector = |text: &&str| {
            let hash = sha256_hex(format!("{}/{text}", self.seed).as_bytes());
            let mut key = [0; 32];
            key.copy_from_slice(&hash.as_bytes()[..32]);
            let mut rng = ChaCha8Rng::from_seed(key);
            (0..self.width)
                .map(|_| rng.random_range(-1.0..1.0_f32))
                .collect()
        };
        Ok(texts.iter().map(vector).collect())
    }
}
