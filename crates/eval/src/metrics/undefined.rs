//! In: nothing. Out: `Undefined`, the reasons why a metric has no value for given data.
//!
//! A metric that its definition leaves open (one class only, nothing predicted) is an error value
//! here and never a conventional 0, 0.5 or 1, so that no table can show a figure nobody measured.

/// Why a metric has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Undefined {
    /// No observations were given.
    #[error("no observations")]
    Empty,
    /// Two slices that describe the same observations differ in length.
    #[error("{what}: expected {expected} values, found {found}")]
    Length {
        /// Which of the inputs has the wrong length.
        what: &'static str,
        /// Number of values of the first input.
        expected: usize,
        /// Number of values found.
        found: usize,
    },
    /// A score or weight is NaN, infinite, or outside its range.
    #[error("{what} {index} is {value}, outside {range}")]
    Value {
        /// Which input.
        what: &'static str,
        /// Position in that input.
        index: usize,
        /// The offending value.
        value: f64,
        /// The accepted range in words.
        range: &'static str,
    },
    /// A class label is not below the number of classes.
    #[error("class {class} at position {index}; there are {classes} classes")]
    Class {
        /// Position of the label.
        index: usize,
        /// The label.
        class: usize,
        /// Number of classes.
        classes: usize,
    },
    /// The ratio's denominator is zero because no observation is of this kind.
    #[error("no observation is {0}")]
    NoneOf(&'static str),
    /// A class needed for the average does not occur, or nothing but it occurs.
    #[error("class {0} has no members, or is the only one")]
    OneSided(usize),
}

/// Checks that `found` equals `expected`.
pub(crate) fn same_length(
    what: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), Undefined> {
    if expected == found {
        Ok(())
    } else {
        Err(Undefined::Length {
            what,
            expected,
            found,
        })
    }
}

/// Checks that every value is finite.
pub(crate) fn all_finite(what: &'static str, values: &[f64]) -> Result<(), Undefined> {
    check_values(what, values, "the finite numbers", f64::is_finite)
}

/// Checks that every value is a probability.
pub(crate) fn all_probabilities(what: &'static str, values: &[f64]) -> Result<(), Undefined> {
    check_values(what, values, "[0, 1]", |v| (0.0..=1.0).contains(&v))
}

/// Checks that every value is a usable weight: finite and not negative.
pub(crate) fn all_weights(weights: &[f64]) -> Result<(), Undefined> {
    check_values("weight", weights, "[0, inf)", |w| w.is_finite() && w >= 0.0)
}

fn check_values(
    what: &'static str,
    values: &[f64],
    range: &'static str,
    accepted: impl Fn(f64) -> bool,
) -> Result<(), Undefined> {
    match values.iter().position(|&value| !accepted(value)) {
        None => Ok(()),
        Some(index) => Err(Undefined::Value {
            what,
            index,
            value: values[index],
            range,
        }),
    }
}

/// Checks that every label is below `classes`.
pub(crate) fn all_classes(labels: &[usize], classes: usize) -> Result<(), Undefined> {
    match labels.iter().position(|&label| label >= classes) {
        None => Ok(()),
        Some(index) => Err(Undefined::Class {
            index,
            class: labels[index],
            classes,
        }),
    }
}
