//! Conditional probabilities whose classes may be in any order come in; the order in which votes agree
//! most with classes goes out.

/// Among columns of equal balance (to three decimals), the order in which votes agree most with
/// classes: the assignment that maximises `Σ_i P(vote of i = y, class = y)`.
pub(super) fn permute_columns(mu: &mut [f64], balance: &[f64]) {
    let classes = balance.len();
    let agreeing = |vote: usize, column: usize| -> f64 {
        let rows = mu.chunks_exact(classes).skip(vote).step_by(classes);
        rows.map(|row| row[column]).sum::<f64>() * balance[column]
    };
    let mut source: Vec<usize> = (0..classes).collect();
    let mut seen = vec![false; classes];
    for class in 0..classes {
        if seen[class] {
            continue;
        }
        let rounded = |p: f64| (p * 1000.0).round();
        let group: Vec<usize> = (class..classes)
            .filter(|&other| rounded(balance[other]) == rounded(balance[class]))
            .collect();
        for &member in &group {
            seen[member] = true;
        }
        let order = best_assignment(group.len(), |to, from| agreeing(group[to], group[from]));
        for (to, from) in order.into_iter().enumerate() {
            source[group[to]] = group[from];
        }
    }
    for row in mu.chunks_exact_mut(classes) {
        let old = row.to_vec();
        for (to, &from) in source.iter().enumerate() {
            row[to] = old[from];
        }
    }
}

/// For each place the one that fills it, so that the sum of `value(place, filler)` is largest; by
/// dynamic programming over the sets of fillers used.
fn best_assignment(size: usize, value: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let sets = 1_usize << size;
    let mut best = vec![(f64::NEG_INFINITY, 0); sets];
    best[0].0 = 0.0;
    for set in 0..sets {
        let place = set.count_ones() as usize;
        for filler in (0..size).filter(|filler| set & (1 << filler) == 0) {
            let with = set | 1 << filler;
            let sum = best[set].0 + value(place, filler);
            if sum > best[with].0 {
                best[with] = (sum, filler);
            }
        }
    }
    let mut set = sets - 1;
    let mut order = vec![0; size];
    for place in (0..size).rev() {
        order[place] = best[set].1;
        set &= !(1 << order[place]);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_assignment_is_that_of_trying_all() {
        let value = |place: usize, filler: usize| ((7 * place + 3 * filler * filler) % 11) as f64;
        let mut best = f64::MIN;
        for a in 0..3 {
            for b in (0..3).filter(|&b| b != a) {
                best = best.max(value(0, a) + value(1, b) + value(2, 3 - a - b));
            }
        }
        let order = best_assignment(3, value);
        let sum: f64 = order
            .iter()
            .enumerate()
            .map(|(place, &f)| value(place, f))
            .sum();
        assert_eq!(sum, best);
    }
}
