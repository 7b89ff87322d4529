//! In: reference, signal quality and answer of heart recordings. Out: the score of the
//! 2016 `PhysioNet` challenge, which allows the answer "unsure" and forgives it where the
//! recording is noisy.

use super::confusion::{SeSp, ratio};
use super::undefined::{Undefined, same_length};

/// What an entry of the challenge may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeartAnswer {
    /// -1 in the challenge's files.
    Normal,
    /// 0: too noisy to say.
    Unsure,
    /// 1.
    Abnormal,
}

/// Shares of noisy recordings with which the challenge weighs its two qualities, each in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeartShares {
    /// `wa2`: noisy abnormal recordings by all abnormal ones.
    pub noisy_abnormal: f64,
    /// `wn2`: noisy normal recordings by all normal ones.
    pub noisy_normal: f64,
}

/// Modified sensitivity and specificity of the 2016 challenge; its score `MAcc` is
/// [`SeSp::mean`] (Clifford et al., Computing in Cardiology 43, 2016, and the challenge's page).
///
/// With counts named reference, answer, quality (1 clean, 2 noisy):
/// `Se = wa1 Aa1 / (Aa1 + Aq1 + An1) + wa2 (Aa2 + Aq2) / (Aa2 + Aq2 + An2)`,
/// `Sp = wn1 Nn1 / (Na1 + Nq1 + Nn1) + wn2 (Nn2 + Nq2) / (Na2 + Nq2 + Nn2)`.
/// The challenge takes the weights from its whole test set (`shares`); without them they are those
/// of the given recordings. A quality that weighs nothing does not count. Undefined where a quality
/// that weighs something has no recordings.
pub fn physionet(
    abnormal: &[bool],
    noisy: &[bool],
    answers: &[HeartAnswer],
    shares: Option<HeartShares>,
) -> Result<SeSp, Undefined> {
    same_length("qualities", abnormal.len(), noisy.len())?;
    same_length("answers", abnormal.len(), answers.len())?;
    if abnormal.is_empty() {
        return Err(Undefined::Empty);
    }
    let right = |reference: bool, own: HeartAnswer, weight: Option<f64>, kind: &'static str| {
        // [clean, noisy] recordings of this reference, and those answered rightly.
        let (mut all, mut hits) = ([0.0; 2], [0.0; 2]);
        for ((&is, &rough), &answer) in abnormal.iter().zip(noisy).zip(answers) {
            if is == reference {
                let quality = usize::from(rough);
                let forgiven = rough && answer == HeartAnswer::Unsure;
                all[quality] += 1.0;
                hits[quality] += f64::from(u8::from(answer == own || forgiven));
            }
        }
        let noisy_weight = match weight {
            Some(share) if (0.0..=1.0).contains(&share) => share,
            Some(value) => {
                return Err(Undefined::Value {
                    what: "share of noisy recordings",
                    index: 0,
                    value,
                    range: "[0, 1]",
                });
            }
            None => ratio(all[1], all[0] + all[1], kind)?,
        };
        let mut share = 0.0;
        for (quality, weight) in [1.0 - noisy_weight, noisy_weight].into_iter().enumerate() {
            if weight > 0.0 {
                share += weight * ratio(hits[quality], all[quality], kind)?;
            }
        }
        Ok(share)
    };
    Ok(SeSp {
        sensitivity: right(
            true,
            HeartAnswer::Abnormal,
            shares.map(|s| s.noisy_abnormal),
            "abnormal, in each quality that weighs something",
        )?,
        specificity: right(
            false,
            HeartAnswer::Normal,
            shares.map(|s| s.noisy_normal),
            "normal, in each quality that weighs something",
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::HeartAnswer::{Abnormal, Normal, Unsure};
    use super::*;

    #[test]
    fn unsure_is_forgiven_where_the_recording_is_noisy_only() {
        let abnormal = [true, true, true, false, false];
        let answers = [Abnormal, Unsure, Unsure, Normal, Abnormal];
        let noisy = [false, false, true, false, true];
        let score = physionet(&abnormal, &noisy, &answers, None).unwrap();
        assert!((score.sensitivity - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(score.specificity, 0.5);
        let clean = physionet(&abnormal, &[false; 5], &answers, None).unwrap();
        assert!((clean.sensitivity - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn weights_need_recordings_and_a_range() {
        let shares = |noisy_abnormal| {
            Some(HeartShares {
                noisy_abnormal,
                noisy_normal: 0.0,
            })
        };
        let given = |share| physionet(&[true, false], &[false; 2], &[Abnormal, Normal], share);
        assert_eq!(given(shares(0.0)).map(SeSp::mean), Ok(1.0));
        assert!(matches!(given(shares(0.2)), Err(Undefined::NoneOf(_))));
        assert!(matches!(given(shares(1.5)), Err(Undefined::Value { .. })));
        assert!(physionet(&[true], &[false], &[Abnormal], None).is_err());
    }
}
