//! In: samples. Out: what one or several heart networks hear in them, averaged.

use burn::tensor::{Device, activation::sigmoid};
use laennec_audio::LogMelConfig;

use super::{add, front_end, log_mel, none_listed, rows};
use crate::{
    Error,
    mobilenet::{MobileNetV3, Mode},
    networks::HeartNet,
    weights,
};

/// Windows of the heart networks in s: what they were trained on.
const HEART_WINDOW_S: f64 = 10.0;

/// What the heart network says of one signal.
#[derive(Clone, Debug, PartialEq)]
pub struct HeartHearing {
    /// Probability that the heart sounds are abnormal.
    pub abnormal: f32,
    /// The first network's embedding, `[1536]`. The front end takes each band's mean away, so it describes how the
    /// sound moves in time, not the spectrum of the chest, the room or the device.
    pub pattern: Vec<f32>,
}

/// Encoders and heads for heart sounds: one network, or several whose probabilities are averaged.
#[derive(Clone, Debug)]
pub struct HeartEar {
    members: Vec<Member>,
    device: Device,
}

#[derive(Clone, Debug)]
struct Member {
    net: HeartNet,
    front_end: LogMelConfig,
}

impl HeartEar {
    /// Reads weights files made by `laennec train`, each with a name for errors.
    pub fn from_bytes<B: AsRef<[u8]>>(files: &[(B, String)]) -> Result<Self, Error> {
        if files.is_empty() {
            return Err(none_listed("heart"));
        }
        let device = Device::flex();
        let member = |(bytes, origin): &(B, String)| {
            let net = HeartNet::new(MobileNetV3::init(0, &device), 0.0, &device);
            Ok(Member {
                net: weights::from_bytes(net, bytes.as_ref(), origin)?,
                front_end: front_end(bytes.as_ref(), origin)?,
            })
        };
        Ok(Self {
            members: files.iter().map(member).collect::<Result<_, Error>>()?,
            device,
        })
    }

    /// Listens in windows of 10 s that overlap by half, the last one ending with the signal, and
    /// averages over them and over the networks; a shorter signal is repeated to 10 s, as in
    /// training.
    pub fn hear(&self, samples: &[f32], rate: u32) -> Result<HeartHearing, Error> {
        let wanted = (HEART_WINDOW_S * f64::from(rate)) as usize;
        let windows = spread(samples, wanted);
        let share = 1.0 / windows.len() as f32;
        let mut abnormal = 0.0;
        let mut pattern = Vec::new();
        for (index, member) in self.members.iter().enumerate() {
            for window in &windows {
                let (mel, _) = log_mel(window, rate, &member.front_end, &self.device)?;
                let embedding = member.net.embedding(mel, Mode::Infer);
                if index == 0 {
                    let values = rows(embedding.clone()).remove(0);
                    pattern.resize(values.len(), 0.0);
                    add(&mut pattern, &values, share);
                }
                abnormal += sigmoid(member.net.abnormal(embedding)).into_scalar::<f32>();
            }
        }
        Ok(HeartHearing {
            abnormal: abnormal * share / self.members.len() as f32,
            pattern,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_with_the_signal() {
        let samples: Vec<f32> = (0..25).map(|i| i as f32).collect();
        let starts: Vec<f32> = spread(&samples, 10).iter().map(|w| w[0]).collect();
        assert_eq!(starts, [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(spread(&samples[..3], 5), [[0.0, 1.0, 2.0, 0.0, 1.0]]);
    }
}
