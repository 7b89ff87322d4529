//! In: probabilities of the probes of our protocol. Out: what of them AUROC does not say: precision,
//! answers at the likeliest class, calibration.

use super::encoder::Role;
use super::run::{Inputs, Outcome};
use crate::matrix::Matrix;
use crate::metrics::{
    Binning, ConfusionMatrix, Undefined, average_precision, expected_calibration_error,
};
use crate::report::text::NONE;
use crate::report::{Align, Table};

/// Bins of the calibration error.
const BINS: usize = 10;

/// Of one task and encoder; each value may be undefined by itself.
struct Measures {
    average_precision: Result<f64, Undefined>,
    f1: Result<f64, Undefined>,
    sensitivity: Result<f64, Undefined>,
    specificity: Result<f64, Undefined>,
    calibration_error: Result<f64, Undefined>,
}

/// One row for each task and each encoder that is the start or a candidate.
pub(super) fn measures(inputs: &Inputs<'_>, outcome: &Outcome) -> Table {
    let mut table = Table::new(&[
        ("task", Align::Left),
        ("encoder", Align::Left),
        ("AUPRC", Align::Right),
        ("F1", Align::Right),
        ("Se", Align::Right),
        ("Sp", Align::Right),
        ("ECE", Align::Right),
    ]);
    let asked = inputs.contenders.iter().enumerate();
    let asked: Vec<(usize, &str)> = asked
        .filter(|(_, one)| matches!(one.role, Role::Start | Role::Candidate))
        .map(|(index, one)| (index, one.name.as_str()))
        .collect();
    for one in &outcome.tasks {
        for (index, name) in &asked {
            let found = Measures::of(&one.probabilities[*index], &one.rows.judged_classes);
            let cell = |value: Result<f64, Undefined>| {
                value.map_or_else(|_| NONE.to_owned(), |value| format!("{value:.3}"))
            };
            table.push([
                one.task.name.clone(),
                (*name).to_owned(),
                cell(found.average_precision),
                cell(found.f1),
                cell(found.sensitivity),
                cell(found.specificity),
                cell(found.calibration_error),
            ]);
        }
    }
    table
}

impl Measures {
    /// Two classes: of the second. More: unweighted means of each occurring class against the rest,
    /// and the calibration of the likeliest class.
    fn of(probabilities: &Matrix, truth: &[usize]) -> Self {
        let classes = probabilities.columns();
        let likeliest: Vec<usize> = (0..probabilities.rows())
            .map(|row| {
                let p = probabilities.row(row);
                (0..classes).fold(
                    0,
                    |best, class| if p[class] > p[best] { class } else { best },
                )
            })
            .collect();
        let asked: Vec<usize> = match classes {
            2 => vec![1],
            _ => (0..classes).filter(|class| truth.contains(class)).collect(),
        };
        let of_class = |class: usize, all: &[usize]| -> Vec<bool> {
            all.iter().map(|one| *one == class).collect()
        };
        let mean = |value: &dyn Fn(usize) -> Result<f64, Undefined>| -> Result<f64, Undefined> {
            let all = asked.iter().map(|&class| value(class));
            let all: Vec<f64> = all.collect::<Result<_, _>>()?;
            if all.is_empty() {
                return Err(Undefined::Empty);
            }
            Ok(all.iter().sum::<f64>() / all.len() as f64)
        };
        let matrix =
            |class| ConfusionMatrix::binary(&of_class(class, truth), &of_class(class, &likeliest));
        let (sure, right): (Vec<f64>, Vec<bool>) = if classes == 2 {
            (probabilities.column(1), of_class(1, truth))
        } else {
            let rows = likeliest.iter().enumerate();
            rows.map(|(row, &class)| (probabilities.row(row)[class], truth[row] == class))
                .unzip()
        };
        Self {
            average_precision: mean(&|class| {
                average_precision(&probabilities.column(class), &of_class(class, truth))
            }),
            f1: mean(&|class| matrix(class)?.f1(1)),
            sensitivity: mean(&|class| matrix(class)?.recall(1)),
            specificity: mean(&|class| matrix(class)?.recall(0)),
            calibration_error: expected_calibration_error(&sure, &right, BINS, Binning::EqualWidth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: &Result<f64, Undefined>, expected: f64) {
        let value = value.as_ref().unwrap();
        assert!((value - expected).abs() < 1e-12, "{value} {expected}");
    }

    #[test]
    fn two_classes_by_hand() {
        let p = [0.9, 0.6, 0.2, 0.4].map(|p| vec![1.0 - p, p]);
        let found = Measures::of(&Matrix::from_rows(&p).unwrap(), &[1, 0, 1, 0]);
        close(&found.sensitivity, 0.5);
        close(&found.specificity, 0.5);
        close(&found.f1, 0.5);
        // Positives stand first and last of four.
        close(&found.average_precision, 0.5 + 0.5 * 0.5);
        close(&found.calibration_error, (0.1 + 0.6 + 0.8 + 0.4) / 4.0);
    }

    #[test]
    fn of_several_classes_those_that_occur_are_averaged() {
        let p = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1]].map(|p| p.to_vec());
        let found = Measures::of(&Matrix::from_rows(&p).unwrap(), &[0, 1, 1]);
        close(&found.sensitivity, f64::midpoint(1.0, 0.5));
        close(&found.specificity, f64::midpoint(0.5, 1.0));
        close(&found.f1, 2.0 / 3.0);
        close(&found.average_precision, 1.0);
        // 0.8 right, 0.7 right and 0.5 wrong, each in a bin of its own.
        close(&found.calibration_error, (0.2 + 0.3 + 0.5) / 3.0);
    }

    #[test]
    fn what_is_undefined_is_no_number() {
        let p = [[0.8, 0.2], [0.6, 0.4]].map(|p| p.to_vec());
        let found = Measures::of(&Matrix::from_rows(&p).unwrap(), &[0, 0]);
        assert!(found.average_precision.is_err() && found.sensitivity.is_err());
        close(&found.specificity, 1.0);
    }
}
