//! In: similarities of one query to all candidates, and which of them are right. Out: where the
//! first right one stands, as an expectation over all orders of equally similar candidates.
//!
//! Counting ties for or against the query would give a collapsed space, in which all candidates are
//! equally similar, a perfect or a zero score; here it gets chance, which is why the same formulas
//! give the chance level.

use crate::metrics::{Undefined, all_finite, same_length};

/// The place of the first right candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstHit {
    /// Wrong candidates that are more similar than any right one.
    better: usize,
    /// Candidates as similar as the most similar right one, with it.
    tied: usize,
    /// Right ones among those.
    right: usize,
}

impl FirstHit {
    /// From the similarities of all candidates; undefined where none is right.
    pub fn new(similarities: &[f64], right: &[bool]) -> Result<Self, Undefined> {
        same_length("right candidates", similarities.len(), right.len())?;
        all_finite("similarity", similarities)?;
        let best = similarities
            .iter()
            .zip(right)
            .filter(|(_, right)| **right)
            .map(|(similarity, _)| *similarity)
            .reduce(f64::max)
            .ok_or(Undefined::NoneOf("a right candidate"))?;
        let count = |wanted: &dyn Fn(f64, bool) -> bool| {
            let all = similarities.iter().zip(right);
            all.filter(|(s, r)| wanted(**s, **r)).count()
        };
        Ok(Self {
            better: count(&|s, _| s > best),
            tied: count(&|s, _| s == best),
            right: count(&|s, r| s == best && r),
        })
    }

    /// What a space that knows nothing gives: all candidates alike.
    pub fn by_chance(candidates: usize, right: usize) -> Result<Self, Undefined> {
        if right == 0 || right > candidates {
            return Err(Undefined::NoneOf("a right candidate"));
        }
        Ok(Self {
            better: 0,
            tied: candidates,
            right,
        })
    }

    /// Probability that a right candidate is among the first `k`: `1 - C(t - r, m) / C(t, m)` with
    /// `t` tied ones, `r` of them right, and `m` of the `k` places left to them.
    pub fn recall_at(self, k: usize) -> f64 {
        1.0 - self.missed(k.saturating_sub(self.better))
    }

    /// Expected reciprocal of the rank of the first right candidate.
    pub fn reciprocal_rank(self) -> f64 {
        (1..=self.tied - self.right + 1)
            .map(|place| {
                let here = self.right as f64 / (self.tied - place + 1) as f64;
                self.missed(place - 1) * here / (self.better + place) as f64
            })
            .sum()
    }

    /// Probability that none of the first `places` tied candidates is right.
    fn missed(self, places: usize) -> f64 {
        let wrong = self.tied - self.right;
        if places > wrong {
            return 0.0;
        }
        (0..places)
            .map(|i| (wrong - i) as f64 / (self.tied - i) as f64)
            .product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every order of the tied candidates, by enumeration.
    fn enumerated(hit: FirstHit, k: usize) -> (f64, f64) {
        let (mut recall, mut reciprocal, mut orders) = (0.0, 0.0, 0.0);
        for mask in 0_u32..1 << hit.tied {
            if mask.count_ones() as usize != hit.right {
                continue;
            }
            let rank = hit.better + mask.trailing_zeros() as usize + 1;
            recall += f64::from(u8::from(rank <= k));
            reciprocal += 1.0 / rank as f64;
            orders += 1.0;
        }
        (recall / orders, reciprocal / orders)
    }

    proptest! {
        #[test]
        fn it_is_the_mean_over_all_orders_of_ties(
            better in 0_usize..5, tied in 1_usize..9, share in 0.0_f64..1.0, k in 1_usize..12,
        ) {
            let right = 1 + (share * (tied - 1) as f64) as usize;
            let hit = FirstHit { better, tied, right };
            let (recall, reciprocal) = enumerated(hit, k);
            prop_assert!((hit.recall_at(k) - recall).abs() < 1e-12);
            prop_assert!((hit.reciprocal_rank() - reciprocal).abs() < 1e-12);
        }
    }

    #[test]
    fn a_collapsed_space_is_at_chance() {
        let right = [false, true, false, false];
        let collapsed = FirstHit::new(&[0.3; 4], &right).unwrap();
        assert_eq!(Ok(collapsed), FirstHit::by_chance(4, 1));
        assert_eq!(collapsed.recall_at(1), 0.25);
        let clear = FirstHit::new(&[0.3, 0.2, 0.1, 0.0], &right).unwrap();
        assert_eq!((clear.recall_at(1), clear.recall_at(2)), (0.0, 1.0));
        assert_eq!(clear.reciprocal_rank(), 0.5);
        assert!(FirstHit::new(&[0.1], &[false]).is_err());
    }
}
