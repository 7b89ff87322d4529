//! In: samples. Out: what one or several lung networks hear in them, averaged.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use laennec_audio::{LogMelConfig, equalise::Equaliser};

use super::{add, front_end, log_mel, none_listed, rows};
use crate::{
    Error,
    mobilenet::{MobileNetV3, Mode},
    networks::{EVENT_CLASSES, FRAMES_PER_STEP, LungNet, RECORD_CLASSES, steps_of},
    weights,
};

/// What the lung network says of one signal.
#[derive(Clone, Debug, PartialEq)]
pub struct LungHearing {
    /// Probabilities over [`RECORD_CLASSES`].
    pub record: Vec<f32>,
    /// Probabilities over [`EVENT_CLASSES`], one entry a step.
    pub steps: Vec<Vec<f32>>,
    /// Length of a step in s.
    pub step_s: f64,
    /// Mean and deviation over time of the first network's 384 features, `[768]`.
    pub embedding: Vec<f32>,
    /// The sequence of each network, `[networks][steps][384]`, for labels of given intervals.
    pub sequences: Vec<Vec<Vec<f32>>>,
}

/// Encoders and heads for lung sounds: one network, or several whose probabilities are averaged geometrically.
#[derive(Clone, Debug)]
pub struct LungEar {
    members: Vec<Member>,
    equaliser: Option<Equaliser>,
    device: Device,
}

#[derive(Clone, Debug)]
struct Member {
    net: LungNet,
    front_end: LogMelConfig,
}

impl LungEar {
    /// Reads weights files made by `laennec train`, each with a name for errors. Their steps must
    /// have the same length, since they are averaged step by step.
    pub fn from_bytes<B: AsRef<[u8]>>(files: &[(B, String)]) -> Result<Self, Error> {
        let device = Device::flex();
        let mut members: Vec<Member> = Vec::with_capacity(files.len());
        for (bytes, origin) in files {
            let net = LungNet::new(MobileNetV3::init(0, &device), 0.0, &device);
            let front_end = front_end(bytes.as_ref(), origin)?;
            let step_s = front_end.step_seconds();
            if members.iter().any(|m| m.front_end.step_seconds() != step_s) {
                return Err(Error::Header {
                    path: origin.into(),
                    reason: format!("its step of {step_s} s differs from the other networks'"),
                });
            }
            members.push(Member {
                net: weights::from_bytes(net, bytes.as_ref(), origin)?,
                front_end,
            });
        }
        if members.is_empty() {
            return Err(none_listed("lung"));
        }
        Ok(Self {
            members,
            equaliser: None,
            device,
        })
    }

    /// The same networks, which hear every signal through an equaliser.
    #[must_use]
    pub fn through(mut self, equaliser: Option<Equaliser>) -> Self {
        self.equaliser = equaliser;
        self
    }

    /// Listens to `samples` at `rate` Hz, as long as memory allows (each network sees them at
    /// once).
    pub fn hear(&self, samples: &[f32], rate: u32) -> Result<LungHearing, Error> {
        let equalised;
        let samples = match &self.equaliser {
            Some(equaliser) => {
                equalised = equaliser.apply(samples, rate);
                &equalised
            }
            None => samples,
        };
        let share = 1.0 / self.members.len() as f32;
        let mut record = vec![0.0; RECORD_CLASSES.len()];
        let mut steps: Vec<Vec<f32>> = Vec::new();
        let mut sequences = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let (mel, frames) = log_mel(samples, rate, &member.front_end, &self.device)?;
            let sequence = member.net.sequence(mel, Mode::Infer);
            let [_, length, width] = sequence.dims();
            let mask = Tensor::ones([1, steps_of(frames)], &self.device);
            let logits = member.net.record(sequence.clone(), mask);
            add(&mut record, &rows(log_softmax(logits, 1)).remove(0), share);
            let flat = sequence.reshape([length, width]);
            let heard = rows(log_softmax(member.net.event(flat.clone()), 1));
            // Resampling may make the sequences differ by a step at the end.
            let kept = if steps.is_empty() {
                length
            } else {
                length.min(steps.len())
            };
            steps.resize_with(kept, || vec![0.0; EVENT_CLASSES.len()]);
            for (sum, step) in steps.iter_mut().zip(&heard) {
                add(sum, step, share);
            }
            sequences.push(rows(flat));
        }
        exponentiate(&mut record);
        for step in &mut steps {
            exponentiate(step);
        }
        Ok(LungHearing {
            record,
            steps,
            step_s: self.step_s(),
            embedding: mean_and_deviation(&sequences[0]),
            sequences,
        })
    }

    /// Probabilities over [`EVENT_CLASSES`] of the interval `start..end` (s) of a hearing.
    pub fn interval(&self, hearing: &LungHearing, start: f64, end: f64) -> Vec<f32> {
        let share = 1.0 / self.members.len() as f32;
        let mut mean = vec![0.0; EVENT_CLASSES.len()];
        for (member, sequence) in self.members.iter().zip(&hearing.sequences) {
            let weights = step_weights(start, end, sequence.len(), hearing.step_s);
            let width = sequence.first().map_or(0, Vec::len);
            let mut pooled = vec![0.0_f32; width];
            for (step, weight) in sequence.iter().zip(weights) {
                add(&mut pooled, step, weight);
            }
            let pooled = Tensor::from_data(TensorData::new(pooled, [1, width]), &self.device);
            add(
                &mut mean,
                &rows(log_softmax(member.net.event(pooled), 1)).remove(0),
                share,
            );
        }
        exponentiate(&mut mean);
        mean
    }

    fn step_s(&self) -> f64 {
        self.members[0].front_end.step_seconds() * FRAMES_PER_STEP as f64
    }
}

/// From mean logarithms of probabilities to probabilities: the normalised geometric mean. Unlike the
/// arithmetic one it does not draw the surest answers of several networks to the middle, so that
/// thresholds set on one or two networks still hold for all of them.
fn exponentiate(logarithms: &mut [f32]) {
    let most = logarithms.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for value in logarithms.iter_mut() {
        *value = (*value - most).exp();
        sum += *value;
    }
    for value in logarithms {
        *value /= sum;
    }
}

/// Weights over `steps` steps of `step_s` seconds, summing to 1, by overlap with `start..end` (s).
/// An interval outside the recording falls on its nearest step.
pub fn step_weights(start: f64, end: f64, steps: usize, step_s: f64) -> Vec<f32> {
    let mut weights: Vec<f32> = (0..steps)
        .map(|s| {
            let (a, b) = (s as f64 * step_s, (s + 1) as f64 * step_s);
            (end.min(b) - start.max(a)).max(0.0) as f32
        })
        .collect();
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        for weight in &mut weights {
            *weight /= sum;
        }
    } else if let Some(last) = steps.checked_sub(1) {
        let nearest = ((start.midpoint(end) / step_s).max(0.0) as usize).min(last);
        weights[nearest] = 1.0;
    }
    weights
}

fn mean_and_deviation(sequence: &[Vec<f32>]) -> Vec<f32> {
    let width = sequence.first().map_or(0, Vec::len);
    let n = sequence.len() as f32;
    let mut mean = vec![0.0_f32; width];
    for step in sequence {
        for (m, value) in mean.iter_mut().zip(step) {
            *m += value / n;
        }
    }
    let mut variance = vec![0.0_f32; width];
    for step in sequence {
        for ((v, m), value) in variance.iter_mut().zip(&mean).zip(step) {
            *v += (value - m).powi(2) / n;
        }
    }
    mean.extend(variance.iter().map(|v| v.sqrt()));
    mean
}

/// The probability of any of the classes for which `wanted` holds.
pub fn any_of(probabilities: &[f32], classes: &[&str], wanted: impl Fn(&str) -> bool) -> f32 {
    let hits = probabilities
        .iter()
        .zip(classes)
        .filter(|(_, class)| wanted(class));
    hits.map(|(p, _)| p).sum::<f32>().min(1.0)
}

/// Whether an event class of [`EVENT_CLASSES`] is a continuous adventitious sound.
pub fn is_continuous(class: &str) -> bool {
    debug_assert!(EVENT_CLASSES.contains(&class) || RECORD_CLASSES.contains(&class));
    matches!(
        class,
        "Wheeze" | "Rhonchi" | "Stridor" | "Wheeze+Crackle" | "CAS" | "CAS & DAS"
    )
}

/// Whether an event class of [`EVENT_CLASSES`] is a discontinuous adventitious sound.
pub fn is_discontinuous(class: &str) -> bool {
    matches!(
        class,
        "Fine Crackle" | "Coarse Crackle" | "Wheeze+Crackle" | "DAS" | "CAS & DAS"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_geometric_mean_of_probabilities_sums_to_one() {
        // Of 0.9, 0.1 and 0.6, 0.4: sqrt(0.54), sqrt(0.04), divided by their sum.
        let mut mean = [
            f32::midpoint(0.9_f32.ln(), 0.6_f32.ln()),
            f32::midpoint(0.1_f32.ln(), 0.4_f32.ln()),
        ];
        exponentiate(&mut mean);
        assert!((mean[0] - 0.786).abs() < 1e-3, "{mean:?}");
        assert!((mean[0] + mean[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn weights_follow_overlap() {
        // Steps of 0.32 s; 0.48..0.96 covers half of step 1 and all of step 2.
        let weights = step_weights(0.48, 0.96, 4, 0.32);
        let expected = [0.0, 1.0 / 3.0, 2.0 / 3.0, 0.0];
        for (w, e) in weights.iter().zip(expected) {
            assert!((w - e).abs() < 1e-6);
        }
        assert_eq!(step_weights(9.0, 9.5, 4, 0.32), [0.0, 0.0, 0.0, 1.0]);
    }
}
