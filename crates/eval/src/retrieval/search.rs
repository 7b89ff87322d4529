//! In: vectors of recordings and of reports in a common space, and which report belongs to which
//! recording. Out: recall among the first 1, 5 and 10 and mean reciprocal rank, both ways, with
//! intervals over patients and chance levels.

use super::first_hit::FirstHit;
use crate::intervals::{Bootstrap, Estimate, GroupKind};
use crate::matrix::{Matrix, dot};
use crate::metrics::{Undefined, all_classes, same_length};

/// The ranks asked for.
const RANKS: [usize; 3] = [1, 5, 10];

/// A figure with what a space that knows nothing would give.
#[derive(Debug, Clone, PartialEq)]
pub struct RetrievalFigure {
    /// `R@1`, `R@5`, `R@10` or `MRR`.
    pub name: String,
    /// As measured.
    pub estimate: Estimate,
    /// By chance, on these queries and candidates.
    pub chance: f64,
}

/// One direction of search.
#[derive(Debug, Clone, PartialEq)]
pub struct Direction {
    /// Recall at each rank, then the mean reciprocal rank.
    pub figures: Vec<RetrievalFigure>,
    /// Number of candidates that each query is compared with.
    pub candidates: usize,
}

/// Both directions.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieval {
    /// From a recording to its report, among the distinct reports.
    pub sound_to_report: Direction,
    /// From a recording's report to a recording that has this very report.
    pub report_to_sound: Direction,
}

/// Searches by cosine similarity.
///
/// `sound` is `[recordings, width]`, `text` `[distinct reports, width]`; `report_of[i]` is the row of
/// `text` that is recording `i`'s report, `groups[i]` its patient. Recordings with the same report
/// are all right answers to it. Every recording asks once in each direction.
///
/// # Errors
/// Shapes disagree, a vector is zero, or there is nothing to search.
pub fn retrieval(
    sound: &Matrix,
    text: &Matrix,
    report_of: &[usize],
    groups: &[usize],
    bootstrap: &Bootstrap,
) -> Result<Retrieval, Undefined> {
    same_length("width of the texts", sound.columns(), text.columns())?;
    same_length("reports", sound.rows(), report_of.len())?;
    same_length("groups", sound.rows(), groups.len())?;
    all_classes(report_of, text.rows())?;
    if report_of.is_empty() {
        return Err(Undefined::Empty);
    }
    let (sound, text) = (unit_rows(sound)?, unit_rows(text)?);
    let direction = |candidates: usize, hit: &dyn Fn(usize) -> Result<[FirstHit; 2], Undefined>| {
        let hits: Vec<[FirstHit; 2]> = (0..report_of.len()).map(hit).collect::<Result<_, _>>()?;
        Ok::<_, Undefined>(Direction {
            figures: figures(&hits, groups, bootstrap)?,
            candidates,
        })
    };
    let sound_to_report = direction(text.rows(), &|query| {
        let similarities: Vec<f64> = (0..text.rows())
            .map(|row| dot(sound.row(query), text.row(row)))
            .collect();
        let right: Vec<bool> = (0..text.rows())
            .map(|row| row == report_of[query])
            .collect();
        Ok([
            FirstHit::new(&similarities, &right)?,
            FirstHit::by_chance(text.rows(), 1)?,
        ])
    })?;
    let report_to_sound = direction(sound.rows(), &|query| {
        let report = report_of[query];
        let similarities: Vec<f64> = (0..sound.rows())
            .map(|row| dot(text.row(report), sound.row(row)))
            .collect();
        let right: Vec<bool> = report_of.iter().map(|of| *of == report).collect();
        let count = right.iter().filter(|r| **r).count();
        Ok([
            FirstHit::new(&similarities, &right)?,
            FirstHit::by_chance(sound.rows(), count)?,
        ])
    })?;
    Ok(Retrieval {
        sound_to_report,
        report_to_sound,
    })
}

fn figures(
    hits: &[[FirstHit; 2]],
    groups: &[usize],
    bootstrap: &Bootstrap,
) -> Result<Vec<RetrievalFigure>, Undefined> {
    let figure = |name: String, of: &dyn Fn(FirstHit) -> f64| {
        let values: Vec<[f64; 2]> = hits.iter().map(|pair| pair.map(of)).collect();
        let mean = |which: usize, rows: &[usize]| {
            rows.iter().map(|&i| values[i][which]).sum::<f64>() / rows.len() as f64
        };
        let all: Vec<usize> = (0..values.len()).collect();
        Ok(RetrievalFigure {
            name,
            chance: mean(1, &all),
            estimate: bootstrap.estimate(groups, GroupKind::Patients, |rows| Ok(mean(0, rows)))?,
        })
    };
    let mut all = Vec::new();
    for k in RANKS {
        all.push(figure(format!("R@{k}"), &|hit: FirstHit| hit.recall_at(k))?);
    }
    all.push(figure("MRR".to_owned(), &FirstHit::reciprocal_rank)?);
    Ok(all)
}

/// Rows scaled to length 1.
pub(super) fn unit_rows(matrix: &Matrix) -> Result<Matrix, Undefined> {
    let mut result = matrix.clone();
    for index in 0..result.rows() {
        let length = dot(result.row(index), result.row(index)).sqrt();
        if !(length > 0.0 && length.is_finite()) {
            return Err(Undefined::Value {
                what: "length of vector",
                index,
                value: length,
                range: "the positive numbers",
            });
        }
        for value in result.row_mut(index) {
            *value /= length;
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(n: usize) -> Matrix {
        let mut matrix = Matrix::zeros(n, n);
        (0..n).for_each(|i| matrix.row_mut(i)[i] = 2.0);
        matrix
    }

    #[test]
    fn a_perfect_space_finds_all_and_one_that_knows_nothing_is_at_chance() {
        let report_of: Vec<usize> = (0..20).map(|i| i / 2).collect();
        let groups: Vec<usize> = (0..20).collect();
        let text = identity(10);
        let sound = text.select(&report_of);
        let bootstrap = Bootstrap::default();
        let perfect = retrieval(&sound, &text, &report_of, &groups, &bootstrap).unwrap();
        for direction in [&perfect.sound_to_report, &perfect.report_to_sound] {
            assert!(direction.figures.iter().all(|f| f.estimate.value == 1.0));
        }
        let flat = Matrix::new(20, 10, vec![1.0; 200]).unwrap();
        let same = Matrix::new(10, 10, vec![1.0; 100]).unwrap();
        let nothing = retrieval(&flat, &same, &report_of, &groups, &bootstrap).unwrap();
        for direction in [&nothing.sound_to_report, &nothing.report_to_sound] {
            for figure in &direction.figures {
                let distance = (figure.estimate.value - figure.chance).abs();
                assert!(distance < 1e-12, "{figure:?}");
            }
        }
        assert!((nothing.sound_to_report.figures[0].chance - 0.1).abs() < 1e-12);
        assert!((nothing.report_to_sound.figures[0].chance - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_zero_vector_has_no_direction() {
        let zero = Matrix::zeros(1, 2);
        assert!(retrieval(&zero, &zero, &[0], &[0], &Bootstrap::default()).is_err());
    }
}
