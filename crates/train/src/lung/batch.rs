//! A batch of lung recordings as tensors.
//!
//! In: log-mels of different lengths with events. Out: padded log-mels, the mask of valid steps,
//! targets, and the matrix that averages steps over annotated intervals.

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::Mel;
use laennec_models::{
    ear::step_weights,
    networks::{FRAMES_PER_STEP, steps_of},
};

use super::data::LungEvent;

/// One item: a log-mel with its labels.
pub struct Item {
    /// Log-mel `[bands, frames]`.
    pub mel: Mel,
    /// Index of the record class.
    pub record: usize,
    /// Annotated intervals in s.
    pub events: Vec<LungEvent>,
}

/// Tensors of a batch.
pub struct Batch {
    /// `[batch, 1, bands, frames]`, shorter recordings padded with their own minimum.
    pub mel: Tensor<4>,
    /// `[batch, steps]`, 1 where a step belongs to the recording.
    pub mask: Tensor<2>,
    /// `[events, batch * steps]`: each row averages the steps inside one interval by overlap.
    pub intervals: Option<Tensor<2>>,
    /// Record class of each item.
    pub records: Vec<Option<usize>>,
    /// Event class of each row of `intervals`.
    pub events: Vec<Option<usize>>,
}

impl Batch {
    /// Collates items; `frame_s` is the hop of the front end in s.
    pub fn new(items: &[Item], frame_s: f64, device: &Device) -> Self {
        let bands = items.iter().map(|i| i.mel.bands).max().unwrap_or(0);
        let frames = items.iter().map(|i| i.mel.frames).max().unwrap_or(0);
        let steps = steps_of(frames);
        let step_s = frame_s * FRAMES_PER_STEP as f64;
        let mut mel = Vec::with_capacity(items.len() * bands * frames);
        let mut mask = vec![0.0_f32; items.len() * steps];
        let mut intervals = Vec::new();
        let mut events = Vec::new();
        for (row, item) in items.iter().enumerate() {
            pad(&item.mel, frames, &mut mel);
            let valid = steps_of(item.mel.frames);
            mask[row * steps..row * steps + valid].fill(1.0);
            for event in &item.events {
                let weights = step_weights(event.start, event.end, valid, step_s);
                let mut line = vec![0.0_f32; items.len() * steps];
                line[row * steps..row * steps + valid].copy_from_slice(&weights);
                intervals.extend(line);
                events.push(Some(event.class));
            }
        }
        let width = items.len() * steps;
        let shape = [items.len(), 1, bands, frames];
        Self {
            mel: Tensor::from_data(TensorData::new(mel, shape), device),
            mask: Tensor::from_data(TensorData::new(mask, [items.len(), steps]), device),
            intervals: (!events.is_empty()).then(|| {
                Tensor::from_data(TensorData::new(intervals, [events.len(), width]), device)
            }),
            records: items.iter().map(|i| Some(i.record)).collect(),
            events,
        }
    }
}

/// Appends `mel` to `out`, each band padded to `frames` with the smallest value of the recording.
fn pad(mel: &Mel, frames: usize, out: &mut Vec<f32>) {
    let floor = mel.values.iter().copied().fold(f32::INFINITY, f32::min);
    for band in mel.values.chunks(mel.frames) {
        out.extend_from_slice(band);
        out.resize(out.len() + frames - mel.frames, floor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_masked() {
        let item = |frames: usize, events: Vec<LungEvent>| Item {
            mel: Mel {
                values: vec![1.0; 4 * frames],
                bands: 4,
                frames,
            },
            record: 0,
            events,
        };
        let event = LungEvent {
            start: 0.0,
            end: 0.3,
            class: 2,
        };
        let items = [item(64, vec![event]), item(33, vec![event, event])];
        let batch = Batch::new(&items, 0.01, &Device::flex());
        assert_eq!(batch.mel.dims(), [2, 1, 4, 64]);
        let mask: Vec<f32> = batch.mask.into_data().try_to_vec().unwrap();
        assert_eq!(mask, [1.0, 1.0, 1.0, 1.0]);
        assert_eq!(batch.intervals.unwrap().dims(), [3, 4]);
        assert_eq!(batch.events, [Some(2); 3]);
    }
}
