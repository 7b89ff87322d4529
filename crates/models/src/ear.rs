//! Trained networks ready to listen: samples in, raw scores out, nothing calibrated or decided.
//!
//! [`LungEar`] hears record classes, event classes over time and an embedding; [`HeartEar`] hears
//! whether heart sounds are abnormal. Each brings the front end that it was trained with.

use std::collections::HashMap;

use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{sigmoid, softmax},
};
use laennec_audio::{LogMel, LogMelConfig, resample};
use safetensors::SafeTensors;

use crate::{
    Error,
    mobilenet::{MobileNetV3, Mode},
    networks::{EVENT_CLASSES, FRAMES_PER_STEP, HeartNet, LungNet, RECORD_CLASSES, steps_of},
    weights,
};

/// Key of the front end in the header of a weights file.
pub const FRONT_END_KEY: &str = "front_end";

/// Windows of the heart network in s: what it was trained on.
const HEART_WINDOW_S: f64 = 10.0;

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

/// Encoders and heads for lung sounds: one network, or several whose probabilities are averaged.
#[derive(Debug)]
pub struct LungEar {
    members: Vec<Member>,
    device: Device,
}

#[derive(Debug)]
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
            return Err(Error::Header {
                path: "<bundle>".into(),
                reason: "it lists no lung network".into(),
            });
        }
        Ok(Self { members, device })
    }

    /// Listens to `samples` at `rate` Hz, as long as memory allows (each network sees them at
    /// once).
    pub fn hear(&self, samples: &[f32], rate: u32) -> Result<LungHearing, Error> {
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
            add(&mut record, &rows(softmax(logits, 1)).remove(0), share);
            let flat = sequence.reshape([length, width]);
            let heard = rows(softmax(member.net.event(flat.clone()), 1));
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
                &rows(softmax(member.net.event(pooled), 1)).remove(0),
                share,
            );
        }
        mean
    }

    fn step_s(&self) -> f64 {
        self.members[0].front_end.step_seconds() * FRAMES_PER_STEP as f64
    }
}

/// `sum += weight * values`.
fn add(sum: &mut [f32], values: &[f32], weight: f32) {
    for (s, v) in sum.iter_mut().zip(values) {
        *s += weight * v;
    }
}

/// What the heart network says of one signal.
#[derive(Clone, Debug, PartialEq)]
pub struct HeartHearing {
    /// Probability that the heart sounds are abnormal.
    pub abnormal: f32,
    /// The embedding, `[1536]`. The front end takes each band's mean away, so it describes how the
    /// sound moves in time, not the spectrum of the chest, the room or the device.
    pub pattern: Vec<f32>,
}

/// Encoder and head for heart sounds.
#[derive(Debug)]
pub struct HeartEar {
    net: HeartNet,
    front_end: LogMelConfig,
    device: Device,
}

impl HeartEar {
    /// Reads a weights file made by `laennec train`; `origin` names it in errors.
    pub fn from_bytes(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        let device = Device::flex();
        let net = HeartNet::new(MobileNetV3::init(0, &device), 0.0, &device);
        Ok(Self {
            net: weights::from_bytes(net, bytes, origin)?,
            front_end: front_end(bytes, origin)?,
            device,
        })
    }

    /// Listens in windows of 10 s that overlap by half, the last one ending with the signal, and
    /// averages over them; a shorter signal is repeated to 10 s, as in training.
    pub fn hear(&self, samples: &[f32], rate: u32) -> Result<HeartHearing, Error> {
        let wanted = (HEART_WINDOW_S * f64::from(rate)) as usize;
        let windows = spread(samples, wanted);
        let share = 1.0 / windows.len() as f32;
        let mut abnormal = 0.0;
        let mut pattern = Vec::new();
        for window in &windows {
            let (mel, _) = log_mel(window, rate, &self.front_end, &self.device)?;
            let embedding = self.net.embedding(mel, Mode::Infer);
            let values = rows(embedding.clone()).remove(0);
            pattern.resize(values.len(), 0.0);
            add(&mut pattern, &values, share);
            abnormal += share * sigmoid(self.net.abnormal(embedding)).into_scalar::<f32>();
        }
        Ok(HeartHearing { abnormal, pattern })
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

/// Windows of `wanted` samples, half overlapping; one, repeated to length, of a shorter signal.
fn spread(samples: &[f32], wanted: usize) -> Vec<Vec<f32>> {
    if samples.len() <= wanted {
        return vec![samples.iter().copied().cycle().take(wanted).collect()];
    }
    let last = samples.len() - wanted;
    (0..last)
        .step_by((wanted / 2).max(1))
        .chain([last])
        .map(|start| samples[start..start + wanted].to_vec())
        .collect()
}

/// `[1, 1, bands, frames]` and the number of frames.
fn log_mel(
    samples: &[f32],
    rate: u32,
    front_end: &LogMelConfig,
    device: &Device,
) -> Result<(Tensor<4>, usize), Error> {
    let samples = resample(samples, rate, front_end.rate)?;
    let mel = LogMel::new(front_end)?.compute(&samples);
    let shape = [1, 1, mel.bands, mel.frames];
    Ok((
        Tensor::from_data(TensorData::new(mel.values, shape), device),
        mel.frames,
    ))
}

fn front_end(bytes: &[u8], origin: &str) -> Result<LogMelConfig, Error> {
    let wrong = |reason: String| Error::Header {
        path: origin.into(),
        reason,
    };
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|source| Error::Safetensors {
        path: origin.into(),
        source,
    })?;
    let empty = HashMap::new();
    let text = header
        .metadata()
        .as_ref()
        .unwrap_or(&empty)
        .get(FRONT_END_KEY);
    let text = text.ok_or_else(|| wrong(format!("its header has no '{FRONT_END_KEY}'")))?;
    serde_json::from_str(text).map_err(|e| wrong(format!("'{FRONT_END_KEY}': {e}")))
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = tensor.dims();
    let values: Vec<f32> = tensor.into_data().try_to_vec().expect("f32 throughout");
    values.chunks(width).map(<[f32]>::to_vec).collect()
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
    fn weights_follow_overlap() {
        // Steps of 0.32 s; 0.48..0.96 covers half of step 1 and all of step 2.
        let weights = step_weights(0.48, 0.96, 4, 0.32);
        let expected = [0.0, 1.0 / 3.0, 2.0 / 3.0, 0.0];
        for (w, e) in weights.iter().zip(expected) {
            assert!((w - e).abs() < 1e-6);
        }
        assert_eq!(step_weights(9.0, 9.5, 4, 0.32), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn windows_end_with_the_signal() {
        let samples: Vec<f32> = (0..25).map(|i| i as f32).collect();
        let starts: Vec<f32> = spread(&samples, 10).iter().map(|w| w[0]).collect();
        assert_eq!(starts, [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(spread(&samples[..3], 5), [[0.0, 1.0, 2.0, 0.0, 1.0]]);
    }
}
