//! Draws tokens: in come logits, out goes a token id.

use std::collections::VecDeque;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Error, Options, Sampling};

/// Draws one token after the other, and remembers them for the repetition penalty.
#[derive(Debug, Clone)]
pub struct Sampler {
    sampling: Sampling,
    random: ChaCha8Rng,
    recent: VecDeque<u32>,
}

impl Sampler {
    /// A sampler for one generation.
    pub fn new(options: &Options) -> Result<Self, Error> {
        let Sampling {
            temperature,
            top_p,
            repetition_penalty,
            ..
        } = options.sampling;
        let check = |option, found: f32, good: bool, expected| {
            if good {
                Ok(())
            } else {
                Err(Error::Option {
                    option,
                    found,
                    expected,
                })
            }
        };
        check(
            "temperature",
            temperature,
            temperature.is_finite() && temperature >= 0.0,
            "0 or more",
        )?;
        check(
            "top_p",
            top_p,
            top_p > 0.0 && top_p <= 1.0,
            "above 0, up to 1",
        )?;
        let penalty = repetition_penalty.is_finite() && repetition_penalty >= 1.0;
        check(
            "repetition_penalty",
            repetition_penalty,
            penalty,
            "1 or more",
        )?;
        Ok(Self {
            sampling: options.sampling,
            random: ChaCha8Rng::seed_from_u64(options.seed),
            recent: VecDeque::new(),
        })
    }

    /// The next token, or `None` where a logit is NaN or infinite. The logits of recent tokens are
    /// lowered in place.
    pub fn next(&mut self, logits: &mut [f32]) -> Option<u32> {
        if logits.is_empty() || logits.iter().any(|logit| !logit.is_finite()) {
            return None;
        }
        self.penalise(logits);
        let token = if self.sampling.temperature == 0.0 {
            most_probable(logits)
        } else {
            self.draw(logits)
        };
        if self.sampling.repetition_window > 0 {
            self.recent.push_back(token);
            if self.recent.len() > self.sampling.repetition_window {
                self.recent.pop_front();
            }
        }
        Some(token)
    }

    fn penalise(&self, logits: &mut [f32]) {
        let mut tokens: Vec<u32> = self.recent.iter().copied().collect();
        tokens.sort_unstable();
        tokens.dedup();
        let penalty = self.sampling.repetition_penalty;
        for token in tokens {
            if let Some(logit) = logits.get_mut(token as usize) {
                *logit = if *logit > 0.0 {
                    *logit / penalty
                } else {
                    *logit * penalty
                };
            }
        }
    }

    fn draw(&mut self, logits: &[f32]) -> u32 {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |logit: f32| f64::from((logit - largest) / self.sampling.temperature).exp();
        let mut candidates: Vec<(f64, u32)> = logits
            .iter()
            .enumerate()
            .map(|(id, logit)| (weight(*logit), id as u32))
            .collect();
        let mut total: f64 = candidates.iter().map(|(weight, _)| weight).sum();
        if self.sampling.top_p < 1.0 {
            // Ties go by id, so that the same seed gives the same token everywhere.
            candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let wanted = total * f64::from(self.sampling.top_p);
            let mut sum = 0.0;
            let kept = candidates.iter().take_while(|(weight, _)| {
                let short = sum < wanted;
                if short {
                    sum += weight;
                }
                short
            });
            let kept = kept.count().max(1);
            candidates.truncate(kept);
            total = candidates.iter().map(|(weight, _)| weight).sum();
        }
        let mut left = self.random.random::<f64>() * total;
        for (weight, token) in &candidates {
            left -= weight;
            if left < 0.0 {
                return *token;
            }
        }
        candidates.last().map_or(0, |(_, token)| *token)
    }
}

/// The id of the largest logit; the lowest id among equals.
fn most_probable(logits: &[f32]) -> u32 {
    let better = |best: (usize, f32), (id, logit): (usize, f32)| {
        if logit > best.1 { (id, logit) } else { best }
    };
    logits
        .iter()
        .copied()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), better)
        .0 as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(sampling: Sampling, seed: u64) -> Sampler {
        Sampler::new(&Options {
            sampling,
            seed,
            ..Options::default()
        })
        .unwrap()
    }

    /// `exp` of these is proportional to 8, 4, 2, 1, 1.
    fn logits() -> Vec<f32> {
        [8.0f32, 4.0, 2.0, 1.0, 1.0]
            .iter()
            .map(|p| p.ln())
            .collect()
    }

    fn frequencies(sampling: Sampling, draws: usize) -> [f64; 5] {
        let mut sampler = sampler(sampling, 7);
        let mut counts = [0.0; 5];
        for _ in 0..draws {
            counts[sampler.next(&mut logits()).unwrap() as usize] += 1.0 / draws as f64;
        }
        counts
    }

    #[test]
    fn greedy_takes_the_first_of_the_largest() {
        assert_eq!(
            sampler(Sampling::GREEDY, 0).next(&mut [1.0, 3.0, 3.0, -1.0]),
            Some(1)
        );
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let plain = Sampling {
            temperature: 1.0,
            ..Sampling::GREEDY
        };
        for (found, expected) in frequencies(plain, 20_000)
            .iter()
            .zip([0.5, 0.25, 0.125, 0.0625, 0.0625])
        {
            assert!((found - expected).abs() < 0.015, "{found} {expected}");
        }
        // Halving the temperature squares the probabilities: 64, 16, 4, 1, 1 of 86.
        let sharp = Sampling {
            temperature: 0.5,
            ..plain
        };
        assert!((frequencies(sharp, 20_000)[0] - 64.0 / 86.0).abs() < 0.015);
    }

    #[test]
    fn top_p_keeps_the_smallest_set_that_reaches_the_sum() {
        let nucleus = Sampling {
            temperature: 1.0,
            top_p: 0.7,
            ..Sampling::GREEDY
        };
        let found = frequencies(nucleus, 20_000);
        assert!((found[0] - 2.0 / 3.0).abs() < 0.015, "{found:?}");
        assert_eq!(found[2..], [0.0; 3]);
        let smallest = Sampling {
            top_p: 0.01,
            ..nucleus
        };
        assert_eq!(frequencies(smallest, 100)[0].round(), 1.0);
    }

    #[test]
    fn the_penalty_covers_the_window_only() {
        let sampling = Sampling {
            repetition_penalty: 2.0,
            repetition_window: 1,
            ..Sampling::GREEDY
        };
        let mut sampler = sampler(sampling, 0);
        let tokens: Vec<u32> = (0..4)
            .map(|_| sampler.next(&mut [3.0, 2.0, -4.0]).unwrap())
            .collect();
        assert_eq!(tokens, [0, 1, 0, 1]);
        // A negative logit is multiplied: -1 becomes -2, below -1.5.
        assert_eq!(sampler.next(&mut [-1.5, -1.0]), Some(0));
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let sampling = Sampling {
            temperature: 1.3,
            top_p: 0.95,
            ..Sampling::GREEDY
        };
        let run = |seed| {
            let mut sampler = sampler(sampling, seed);
            (0..40)
                .map(|_| sampler.next(&mut logits()).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn options_and_logits_outside_their_range_are_refused() {
        for sampling in [
            Sampling {
                temperature: -1.0,
                ..Sampling::GREEDY
            },
            Sampling {
                temperature: f32::NAN,
                ..Sampling::GREEDY
            },
            Sampling {
                top_p: 0.0,
                ..Sampling::GREEDY
            },
            Sampling {
                repetition_penalty: 0.5,
                ..Sampling::GREEDY
            },
        ] {
            let options = Options {
                sampling,
                ..Options::default()
            };
            assert!(
                matches!(Sampler::new(&options), Err(Error::Option { .. })),
                "{sampling:?}"
            );
        }
        assert_eq!(
            sampler(Sampling::GREEDY, 0).next(&mut [0.0, f32::NAN]),
            None
        );
        assert_eq!(sampler(Sampling::GREEDY, 0).next(&mut []), None);
    }
}
