//! In: vectors of recordings and of sentences that name each class. Out: how close each recording
//! is to each class, without any training on labels.

use super::search::unit_rows;
use crate::matrix::{Matrix, add_scaled, dot};
use crate::metrics::{Undefined, same_length};

/// Cosine similarity `[recordings, classes]` of each recording to the mean direction of each class's
/// sentences (prompt ensembling as in CLIP, Radford et al. 2021, section 3.1.4).
///
/// `sound` is `[recordings, width]`; `prompts` has one matrix `[sentences, width]` a class. For two
/// classes the score of the second is its similarity minus that of the first.
///
/// # Errors
/// Widths disagree, a class has no sentence, or a vector is zero.
pub fn zero_shot(sound: &Matrix, prompts: &[Matrix]) -> Result<Matrix, Undefined> {
    let sound = unit_rows(sound)?;
    let mut directions = Vec::with_capacity(prompts.len());
    for sentences in prompts {
        same_length(
            "width of the sentences",
            sound.columns(),
            sentences.columns(),
        )?;
        if sentences.rows() == 0 {
            return Err(Undefined::Empty);
        }
        let unit = unit_rows(sentences)?;
        let mut mean = Matrix::zeros(1, unit.columns());
        for row in 0..unit.rows() {
            add_scaled(mean.row_mut(0), 1.0 / unit.rows() as f64, unit.row(row));
        }
        directions.push(unit_rows(&mean)?);
    }
    let mut similarities = Matrix::zeros(sound.rows(), prompts.len());
    for row in 0..sound.rows() {
        for (target, direction) in similarities.row_mut(row).iter_mut().zip(&directions) {
            *target = dot(sound.row(row), direction.row(0));
        }
    }
    Ok(similarities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_closest_to_the_sentences_that_it_resembles() {
        let sound = Matrix::from_rows(&[[3.0, 0.1], [0.2, 5.0]]).unwrap();
        let prompts = [
            Matrix::from_rows(&[[1.0, 0.0], [9.0, 1.0]]).unwrap(),
            Matrix::from_rows(&[[0.0, 0.5]]).unwrap(),
        ];
        let similarities = zero_shot(&sound, &prompts).unwrap();
        assert_eq!(similarities.row_argmax(), [0, 1]);
        // Long sentence vectors weigh no more than short ones.
        let scaled = [
            prompts[0].clone(),
            Matrix::from_rows(&[[0.0, 50.0]]).unwrap(),
        ];
        assert_eq!(zero_shot(&sound, &scaled).unwrap(), similarities);
        assert!(zero_shot(&sound, &[Matrix::zeros(0, 2)]).is_err());
    }
}
