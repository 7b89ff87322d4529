//! In: the group of every observation. Out: folds in which a group is never on both sides.

use crate::error::Error;
use crate::intervals::number_groups;

/// Fold of every observation, below `folds`: the largest groups first, each to the fold with the
/// fewest observations so far (scikit-learn's `GroupKFold`), ties by number. Deterministic.
pub fn group_folds(groups: &[usize], folds: usize) -> Result<Vec<usize>, Error> {
    let (numbered, sizes) = counted(groups, folds)?;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&group| std::cmp::Reverse(sizes[group]));
    Ok(fill(&numbered, order, &sizes, folds))
}

/// Each group in `order` goes to the fold with the fewest observations so far.
fn fill(numbered: &[usize], order: Vec<usize>, sizes: &[usize], folds: usize) -> Vec<usize> {
    let mut load = vec![0_usize; folds];
    let mut fold_of = vec![0_usize; sizes.len()];
    for group in order {
        let lightest = (0..folds).fold(0, |best, f| if load[f] < load[best] { f } else { best });
        fold_of[group] = lightest;
        load[lightest] += sizes[group];
    }
    numbered.iter().map(|&group| fold_of[group]).collect()
}

/// Number of every observation's group, and observations of each group; refuses too few groups.
fn counted(groups: &[usize], folds: usize) -> Result<(Vec<usize>, Vec<usize>), Error> {
    let numbered = number_groups(groups.iter().copied());
    let count = numbered.iter().max().map_or(0, |most| most + 1);
    if folds < 2 || count < folds {
        return Err(Error::Folds {
            groups: count,
            folds,
        });
    }
    let mut sizes = vec![0_usize; count];
    for &group in &numbered {
        sizes[group] += 1;
    }
    Ok((numbered, sizes))
}

/// As [`group_folds`], with the groups in an order drawn from `seed`: other seeds, other folds of
/// about the same size.
pub fn seeded_group_folds(groups: &[usize], folds: usize, seed: u64) -> Result<Vec<usize>, Error> {
    let (numbered, sizes) = counted(groups, folds)?;
    let order = crate::opera::shuffled(sizes.len(), seed, 0);
    Ok(fill(&numbered, order, &sizes, folds))
}

/// Refuses evaluation of groups that trained.
pub fn refuse_leakage(training: &[usize], evaluated: &[usize]) -> Result<(), Error> {
    let training: std::collections::HashSet<usize> = training.iter().copied().collect();
    let evaluated: std::collections::HashSet<usize> = evaluated.iter().copied().collect();
    match evaluated.intersection(&training).count() {
        0 => Ok(()),
        shared => Err(Error::Leakage {
            shared,
            evaluated: evaluated.len(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_group_is_in_one_fold_and_no_fold_is_empty(
            groups in proptest::collection::vec(0_usize..30, 40..200),
            folds in 2_usize..6,
            seed in 0_u64..4,
        ) {
            let distinct: std::collections::HashSet<_> = groups.iter().collect();
            prop_assume!(distinct.len() >= folds);
            let assigned = if seed == 0 {
                group_folds(&groups, folds).unwrap()
            } else {
                seeded_group_folds(&groups, folds, seed).unwrap()
            };
            for (i, g) in groups.iter().enumerate() {
                for (j, h) in groups.iter().enumerate() {
                    prop_assert!(g != h || assigned[i] == assigned[j]);
                }
            }
            prop_assert!((0..folds).all(|fold| assigned.contains(&fold)));
        }
    }

    #[test]
    fn leakage_and_too_few_groups_are_refused() {
        assert!(matches!(
            refuse_leakage(&[1, 2, 3], &[3, 4]),
            Err(Error::Leakage {
                shared: 1,
                evaluated: 2
            })
        ));
        assert!(matches!(
            group_folds(&[0, 0, 1], 3),
            Err(Error::Folds {
                groups: 2,
                folds: 3
            })
        ));
    }
}
