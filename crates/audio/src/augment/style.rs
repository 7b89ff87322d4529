//! The style of a recording chain on a log-mel: mean and deviation of each band over time.
//!
//! A device, a room and a chest wall filter sound, which on a log-mel is an offset of each band, and set
//! how far each band stands out of the noise, which is its deviation. Moving both towards those of another
//! recording gives the sound of one chain to the events of another (`MixStyle`, Zhou et al. 2021, arXiv
//! 2104.02008, eq. 5 to 7; by frequency band as in Schmid et al., DCASE 2022).

use crate::Mel;

/// Smallest deviation that is divided by: a band that stays the same says nothing of its events.
const STILL: f32 = 1e-3;

/// Mean and standard deviation of each band over time, `[bands]` both.
#[derive(Clone, Debug, PartialEq)]
pub struct BandStyle {
    mean: Vec<f32>,
    deviation: Vec<f32>,
}

impl BandStyle {
    /// The style of a log-mel.
    pub fn of(mel: &Mel) -> Self {
        let frames = mel.frames.max(1) as f32;
        let bands = (0..mel.bands).map(|band| {
            let values = mel.band(band);
            let mean = values.iter().sum::<f32>() / frames;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / frames;
            (mean, variance.sqrt())
        });
        let (mean, deviation) = bands.unzip();
        Self { mean, deviation }
    }
}

/// Moves the style of a log-mel by `share` (0 to 1) of the way to another's; both have the same bands.
/// Where the log-mel stands still its deviation stays.
pub fn mix_style(mel: &mut Mel, other: &BandStyle, share: f32) {
    let own = BandStyle::of(mel);
    for (band, row) in mel.values.chunks_mut(mel.frames.max(1)).enumerate() {
        let (mean, deviation) = (own.mean[band], own.deviation[band]);
        let scale = if deviation > STILL {
            1.0 + share * (other.deviation[band] / deviation - 1.0)
        } else {
            1.0
        };
        let to = mean + share * (other.mean[band] - mean);
        for value in row {
            *value = (*value - mean) * scale + to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mel(values: &[f32]) -> Mel {
        Mel {
            values: values.to_vec(),
            bands: 2,
            frames: values.len() / 2,
        }
    }

    #[test]
    fn the_whole_way_gives_the_other_style_to_the_own_events() {
        let other = mel(&[4.0, 8.0, 4.0, 8.0, -1.0, -1.0, -1.0, -1.0]);
        let mut own = mel(&[0.0, 0.0, 1.0, 1.0, 2.0, 4.0, 2.0, 4.0]);
        let mut half = own.clone();
        mix_style(&mut own, &BandStyle::of(&other), 1.0);
        assert_eq!(own.values, [4.0, 4.0, 8.0, 8.0, -1.0, -1.0, -1.0, -1.0]);
        mix_style(&mut half, &BandStyle::of(&other), 0.5);
        assert_eq!(half.band(0), [2.0, 2.0, 4.5, 4.5]);
        assert_eq!(half.band(1), [0.5, 1.5, 0.5, 1.5]);
    }

    #[test]
    fn a_still_band_only_moves() {
        let other = BandStyle::of(&mel(&[0.0, 9.0, 0.0, 9.0]));
        let mut own = mel(&[1.0, 1.0, 1.0, 1.0]);
        mix_style(&mut own, &other, 1.0);
        assert_eq!(own.values, [4.5; 4]);
    }
}
