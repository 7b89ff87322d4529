//! What the frozen part of the encoder makes of each clip, computed once.
//!
//! In: recordings, an encoder, a view (clean or augmented). Out: maps in half precision, in memory
//! and in one cache file a view, named by the hash of everything that they depend on.

use std::{collections::HashMap, fs, path::Path};

use burn::tensor::{Device, Tensor, TensorData};
use half::f16;
use laennec_audio::{DecodeOptions, Mel, decode_file};
use laennec_corpus::Located;
use laennec_models::encoder::{AnyEncoder, Encoder, FrontEnd, Planned, batch_of};
use rayon::prelude::*;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{Augment, encoder::beginning, window::window};
use crate::{Error, checkpoint, error::io, sampling};

/// Clips of one forward pass.
const BATCH: usize = 8;
/// The only tensor of a cache file.
const MAPS: &str = "maps";
/// Raise when the same settings give other maps.
const VERSION: u32 = 1;

/// How clips are cut and changed.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// Length of a clip in s.
    pub(super) window_s: f64,
    /// The changes and their seed and number; without them the middle of the recording as it is.
    pub(super) augmented: Option<(&'a Augment, u64, usize)>,
}

/// Where the maps come from.
pub(super) struct Source<'a> {
    /// The encoder as training starts, without autodiff.
    pub(super) encoder: &'a AnyEncoder,
    /// SHA-256 of its weights.
    pub(super) hash: &'a str,
    /// Blocks that the maps have passed.
    pub(super) frozen: usize,
    /// Folder of the cache files.
    pub(super) cache: &'a Path,
    /// Where the network lies.
    pub(super) device: &'a Device,
}

/// Maps of clips, all of one shape.
pub(super) struct Features {
    shape: [usize; 3],
    values: Vec<f16>,
}

impl Features {
    /// Maps of `rows`, `[rows, channels, height, width]`.
    pub(super) fn batch(&self, rows: &[usize], device: &Device) -> Tensor<4> {
        let size: usize = self.shape.iter().product();
        let values: Vec<f32> = rows
            .iter()
            .flat_map(|row| &self.values[row * size..(row + 1) * size])
            .map(|v| v.to_f32())
            .collect();
        let [channels, height, width] = self.shape;
        let shape = [rows.len(), channels, height, width];
        Tensor::from_data(TensorData::new(values, shape), device)
    }

    /// Number of clips.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.shape.iter().product::<usize>().max(1)
    }
}

impl Source<'_> {
    /// The maps of a view of `recordings`: from the cache, or computed and stored there; `report`
    /// gets the number of clips done.
    pub(super) fn features(
        &self,
        recordings: &[&Located],
        view: View<'_>,
        report: &mut dyn FnMut(usize),
    ) -> Result<Features, Error> {
        let key = self.key(recordings, view);
        let path = self
            .cache
            .join(format!("features-{}.safetensors", &key[..24]));
        if let Some(features) = read(&path, recordings.len()) {
            return Ok(features);
        }
        let mut features = Features {
            shape: [0; 3],
            values: Vec::new(),
        };
        for (batch, chosen) in recordings.chunks(BATCH).enumerate() {
            let mels = chosen
                .par_iter()
                .enumerate()
                .map_init(
                    || self.encoder.front_end().plan(),
                    |plan, (i, located)| {
                        let plan = plan.as_mut().map_err(|_| self.front_end_fault())?;
                        view.mel(plan, located, batch * BATCH + i)
                    },
                )
                .collect::<Result<Vec<Mel>, Error>>()?;
            let batched = batch_of(&mels, self.device)?;
            self.encoder.check(&batched)?;
            let map = beginning(self.encoder, batched, self.frozen);
            let [_, channels, height, width] = map.dims();
            features.shape = [channels, height, width];
            let values: Vec<f32> = map.into_data().try_to_vec().expect("f32 throughout");
            features
                .values
                .extend(values.into_iter().map(f16::from_f32));
            report(batch * BATCH + chosen.len());
        }
        self.write(&path, &features)?;
        Ok(features)
    }

    /// The reason why the front end cannot be planned, which is the same each time.
    fn front_end_fault(&self) -> Error {
        match self.encoder.front_end().plan() {
            Err(error) => error.into(),
            Ok(_) => Error::NoData {
                what: "a front end that works".into(),
            },
        }
    }

    fn key(&self, recordings: &[&Located], view: View<'_>) -> String {
        let front_end: FrontEnd = self.encoder.front_end();
        let ids: Vec<&str> = recordings
            .iter()
            .map(|l| match l.recording.audio_sha256.as_str() {
                "" => l.recording.id.as_str(),
                hash => hash,
            })
            .collect();
        let key = serde_json::json!([
            VERSION,
            self.encoder.name(),
            self.hash,
            self.frozen,
            front_end,
            view.window_s,
            view.augmented,
            ids,
        ]);
        checkpoint::hex(key.to_string().as_bytes())
    }

    fn write(&self, path: &Path, features: &Features) -> Result<(), Error> {
        let bytes: Vec<u8> = features
            .values
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        let [channels, height, width] = features.shape;
        let shape = vec![features.len(), channels, height, width];
        let fault = |source| laennec_models::Error::Safetensors {
            path: path.to_path_buf(),
            source,
        };
        let view = TensorView::new(Dtype::F16, shape, &bytes).map_err(fault)?;
        let none: Option<HashMap<String, String>> = None;
        let file = safetensors::serialize([(MAPS, view)], none).map_err(fault)?;
        fs::create_dir_all(self.cache).map_err(io(self.cache))?;
        let beside = path.with_extension("tmp");
        fs::write(&beside, file).map_err(io(&beside))?;
        fs::rename(&beside, path).map_err(io(path))
    }
}

impl View<'_> {
    /// The spectrogram of one clip; `index` is the recording's place, from which its random changes
    /// are drawn.
    fn mel(self, plan: &mut Planned, located: &Located, index: usize) -> Result<Mel, Error> {
        let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
        let Some((augment, seed, number)) = self.augmented else {
            let clip = window(&signal.samples, signal.rate, self.window_s, 0.5);
            return Ok(plan.compute_from(&clip, signal.rate)?);
        };
        let mut rng = sampling::rng(seed, &[number as u64, index as u64]);
        let clip = augment.apply(&signal.samples, signal.rate, self.window_s, &mut rng);
        let mut mel = plan.compute_from(&clip, signal.rate)?;
        augment.apply_mel(&mut mel, &mut rng);
        Ok(mel)
    }
}

/// A cache file; `None` where there is none, or another number of clips or damaged bytes.
fn read(path: &Path, clips: usize) -> Option<Features> {
    let bytes = fs::read(path).ok()?;
    let tensors = SafeTensors::deserialize(&bytes).ok()?;
    let view = tensors.tensor(MAPS).ok()?;
    let &[count, channels, height, width] = view.shape() else {
        return None;
    };
    let values = view.data().chunks_exact(2);
    (count == clips && view.dtype() == Dtype::F16).then(|| Features {
        shape: [channels, height, width],
        values: values.map(|b| f16::from_le_bytes([b[0], b[1]])).collect(),
    })
}
