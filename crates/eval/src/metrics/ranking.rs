//! In: one score and one truth per observation. Out: ROC curve, AUROC, average precision.
//!
//! Observations are sorted once, `O(n log n)`; those of equal score form one step of the curve, so
//! ties count half, as in the Mann-Whitney statistic.

use super::undefined::{Undefined, all_finite, all_weights, same_length};

/// One point of a ROC curve: what a threshold at `threshold` (score ≥ threshold is positive) gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// Lowest score called positive; `+inf` at the start of the curve.
    pub threshold: f64,
    /// 1 − specificity.
    pub false_positive_rate: f64,
    /// Sensitivity.
    pub true_positive_rate: f64,
}

/// Weighted counts at one distinct score, from the highest score down.
struct Step {
    score: f64,
    positives: f64,
    negatives: f64,
}

fn steps(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Vec<Step> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let mut steps: Vec<Step> = Vec::new();
    for index in order {
        let weight = weights.map_or(1.0, |w| w[index]);
        let (positives, negatives) = if positive[index] {
            (weight, 0.0)
        } else {
            (0.0, weight)
        };
        match steps.last_mut() {
            Some(step) if step.score == scores[index] => {
                step.positives += positives;
                step.negatives += negatives;
            }
            _ => steps.push(Step {
                score: scores[index],
                positives,
                negatives,
            }),
        }
    }
    steps
}

fn checked_steps(
    scores: &[f64],
    positive: &[bool],
    weights: Option<&[f64]>,
) -> Result<(Vec<Step>, f64, f64), Undefined> {
    same_length("truth", scores.len(), positive.len())?;
    all_finite("score", scores)?;
    if let Some(weights) = weights {
        same_length("weights", scores.len(), weights.len())?;
        all_weights(weights)?;
    }
    if scores.is_empty() {
        return Err(Undefined::Empty);
    }
    let steps = steps(scores, positive, weights);
    let positives = steps.iter().map(|s| s.positives).sum();
    let negatives = steps.iter().map(|s| s.negatives).sum();
    Ok((steps, positives, negatives))
}

fn both_classes(positives: f64, negatives: f64) -> Result<(), Undefined> {
    if positives <= 0.0 {
        Err(Undefined::NoneOf("positive"))
    } else if negatives <= 0.0 {
        Err(Undefined::NoneOf("negative"))
    } else {
        Ok(())
    }
}

/// Area under the ROC curve: the probability that a positive scores above a negative, ties half
/// (Hanley and `McNeil`, Radiology 143, 1982). Undefined unless both classes occur.
pub fn auroc(scores: &[f64], positive: &[bool]) -> Result<f64, Undefined> {
    area(checked_steps(scores, positive, None)?)
}

/// [`auroc`] with one non-negative weight per observation.
pub fn auroc_weighted(
    scores: &[f64],
    positive: &[bool],
    weights: &[f64],
) -> Result<f64, Undefined> {
    area(checked_steps(scores, positive, Some(weights))?)
}

fn area((steps, positives, negatives): (Vec<Step>, f64, f64)) -> Result<f64, Undefined> {
    both_classes(positives, negatives)?;
    let mut above = 0.0;
    let mut area = 0.0;
    for step in &steps {
        area += step.negatives * (above + 0.5 * step.positives);
        above += step.positives;
    }
    Ok(area / (positives * negatives))
}

/// ROC curve with one point per distinct score, from (0, 0) to (1, 1). Undefined unless both
/// classes occur.
pub fn roc_curve(scores: &[f64], positive: &[bool]) -> Result<Vec<RocPoint>, Undefined> {
    let (steps, positives, negatives) = checked_steps(scores, positive, None)?;
    both_classes(positives, negatives)?;
    let (mut hits, mut alarms) = (0.0, 0.0);
    let mut curve = vec![RocPoint {
        threshold: f64::INFINITY,
        false_positive_rate: 0.0,
        true_positive_rate: 0.0,
    }];
    for step in &steps {
        hits += step.positives;
        alarms += step.negatives;
        curve.push(RocPoint {
            threshold: step.score,
            false_positive_rate: alarms / negatives,
            true_positive_rate: hits / positives,
        });
    }
    Ok(curve)
}

/// Area under the precision-recall curve as average precision, `Σ (R_k − R_{k−1}) P_k`, without
/// interpolation (scikit-learn's `average_precision_score`). Undefined without positives.
pub fn average_precision(scores: &[f64], positive: &[bool]) -> Result<f64, Undefined> {
    let (steps, positives, _) = checked_steps(scores, positive, None)?;
    if positives <= 0.0 {
        return Err(Undefined::NoneOf("positive"));
    }
    let (mut hits, mut called, mut area) = (0.0, 0.0, 0.0);
    for step in &steps {
        hits += step.positives;
        called += step.positives + step.negatives;
        area += step.positives / positives * (hits / called);
    }
    Ok(area)
}

/// One-against-rest AUROC of each of `classes` and their unweighted mean.
///
/// `probabilities` is row-major `[observations, class_count]`. Undefined if one of the classes
/// has no members or is the only one: choose `classes` so that the mean says what was averaged.
pub fn macro_auroc(
    probabilities: &[f64],
    class_count: usize,
    truth: &[usize],
    classes: &[usize],
) -> Result<f64, Undefined> {
    super::undefined::all_classes(truth, class_count)?;
    super::undefined::all_classes(classes, class_count)?;
    same_length(
        "probabilities",
        truth.len() * class_count,
        probabilities.len(),
    )?;
    if truth.is_empty() || classes.is_empty() {
        return Err(Undefined::Empty);
    }
    let mut sum = 0.0;
    for &class in classes {
        let scores: Vec<f64> = probabilities
            .iter()
            .skip(class)
            .step_by(class_count)
            .copied()
            .collect();
        let positive: Vec<bool> = truth.iter().map(|&t| t == class).collect();
        sum += auroc(&scores, &positive).map_err(|reason| match reason {
            Undefined::NoneOf(_) => Undefined::OneSided(class),
            other => other,
        })?;
    }
    Ok(sum / classes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_area_is_the_share_of_ordered_pairs_and_ignores_monotone_maps(
            cases in proptest::collection::vec((0_u8..8, any::<bool>()), 2..40),
        ) {
            let scores: Vec<f64> = cases.iter().map(|c| f64::from(c.0) / 8.0).collect();
            let positive: Vec<bool> = cases.iter().map(|c| c.1).collect();
            prop_assume!(positive.contains(&true) && positive.contains(&false));
            let (mut won, mut pairs) = (0.0, 0.0);
            for (a, _) in scores.iter().zip(&positive).filter(|(_, p)| **p) {
                for (b, _) in scores.iter().zip(&positive).filter(|(_, p)| !**p) {
                    pairs += 1.0;
                    won += if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
                }
            }
            let area = auroc(&scores, &positive).unwrap();
            prop_assert!((area - won / pairs).abs() < 1e-12);
            let mapped: Vec<f64> = scores.iter().map(|s| s.exp() - 7.0).collect();
            prop_assert_eq!(auroc(&mapped, &positive), Ok(area));
            let turned: Vec<f64> = scores.iter().map(|s| -s).collect();
            prop_assert!((auroc(&turned, &positive).unwrap() + area - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn ties_between_the_classes_count_half() {
        let scores = [0.2, 0.5, 0.5, 0.9];
        let positive = [false, false, true, true];
        assert_eq!(auroc(&scores, &positive), Ok(0.875));
    }

    #[test]
    fn one_class_alone_has_no_area() {
        assert_eq!(
            auroc(&[0.1, 0.2], &[true, true]),
            Err(Undefined::NoneOf("negative"))
        );
        assert_eq!(
            average_precision(&[0.1], &[false]),
            Err(Undefined::NoneOf("positive"))
        );
        assert_eq!(auroc(&[], &[]), Err(Undefined::Empty));
        assert!(matches!(
            auroc(&[f64::NAN, 0.0], &[true, false]),
            Err(Undefined::Value { index: 0, .. })
        ));
    }

    #[test]
    fn the_curve_ends_at_one_one_and_its_trapezoids_are_the_area() {
        let scores = [0.1, 0.4, 0.35, 0.8, 0.4];
        let positive = [false, false, true, true, true];
        let curve = roc_curve(&scores, &positive).unwrap();
        let trapezoids: f64 = curve
            .windows(2)
            .map(|w| {
                (w[1].false_positive_rate - w[0].false_positive_rate)
                    * (w[1].true_positive_rate + w[0].true_positive_rate)
                    / 2.0
            })
            .sum();
        assert_eq!(curve.last().unwrap().true_positive_rate, 1.0);
        assert!((trapezoids - auroc(&scores, &positive).unwrap()).abs() < 1e-12);
    }
}
