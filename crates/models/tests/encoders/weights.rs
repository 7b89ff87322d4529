//! The twin of `fixtures/encoder_weights.py`: names and shapes of a weights file come in, the file
//! with values that follow from name and index goes out; and the same for inputs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Values in [-1, 1).
pub(crate) fn uniform(name: &str, count: usize) -> impl Iterator<Item = f64> {
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    (1..=count as u64).map(move |index| {
        let mut z = index.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(seed);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 40) as f64 / f64::from(1 << 23) - 1.0
    })
}

fn weight(name: &str, shape: &[usize], gain: f64) -> Vec<f32> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let (offset, scale) = if ends(&["running_var", ".tau"]) {
        (0.7, 0.3)
    } else if ends(&["bias", "running_mean"]) {
        (0.0, 0.1)
    } else {
        match shape {
            [] | [_] => (1.0, 0.2),
            [1, _, _] => (0.0, 0.5),
            [_, inputs @ ..] => {
                let fan_in: usize = inputs.iter().product();
                (0.0, (3.0 * gain / fan_in as f64).sqrt())
            }
        }
    };
    uniform(name, shape.iter().product())
        .map(|u| (offset + scale * u) as f32)
        .collect()
}

/// A test input between 0 and 1 as `PyTorch` sees it, `[batch, frames, bands]` or
/// `[batch, bands, frames]`.
pub(crate) fn signal(name: &str, shape: [usize; 3], device: &Device) -> Tensor<3> {
    let values: Vec<f32> = uniform(name, shape.iter().product())
        .map(|u| (0.5 + 0.5 * u) as f32)
        .collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// A fixture that one of the scripts `make_encoder_….py` wrote.
pub(crate) struct Fixture {
    bytes: Vec<u8>,
}

impl Fixture {
    pub(crate) fn open(name: &str) -> Self {
        let bytes = std::fs::read(path(name)).unwrap();
        Self { bytes }
    }

    /// Values and shape of a stored tensor.
    pub(crate) fn tensor(&self, name: &str) -> (Vec<f32>, Vec<usize>) {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        let view = file.tensor(name).unwrap();
        assert_eq!(view.dtype(), Dtype::F32);
        let (chunks, _) = view.data().as_chunks::<4>();
        let values = chunks.iter().map(|b| f32::from_le_bytes(*b)).collect();
        (values, view.shape().to_vec())
    }

    /// Names of the stored tensors that begin with `prefix`, without it.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        let names = file.names();
        let named = names.iter().filter_map(|name| name.strip_prefix(prefix));
        named.map(str::to_owned).collect()
    }

    fn metadata(&self, key: &str) -> String {
        let (_, header) = SafeTensors::read_metadata(&self.bytes).unwrap();
        header.metadata().as_ref().unwrap()[key].clone()
    }

    /// The weights file whose names and shapes the header lists, as safetensors bytes.
    pub(crate) fn weights(&self) -> Vec<u8> {
        let gain: f64 = self.metadata("gain").parse().unwrap();
        let tensors: BTreeMap<String, (String, Vec<usize>)> =
            serde_json::from_str(&self.metadata("tensors")).unwrap();
        let stored: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = tensors
            .into_iter()
            .map(|(name, (number, shape))| {
                if number == "I64" {
                    let count: usize = shape.iter().product();
                    return (name, Dtype::I64, shape, vec![0; 8 * count]);
                }
                let values = weight(&name, &shape, gain);
                let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
                (name, Dtype::F32, shape, bytes)
            })
            .collect();
        let views = stored.iter().map(|(name, number, shape, bytes)| {
            let view = TensorView::new(*number, shape.clone(), bytes).unwrap();
            (name.clone(), view)
        });
        safetensors::serialize(views, None).unwrap()
    }

    /// [`Fixture::weights`] as a file in `folder`.
    pub(crate) fn weights_file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("weights.safetensors");
        std::fs::write(&path, self.weights()).unwrap();
        path
    }

    /// Compares a tensor with a stored one; the outputs' own size is the scale.
    pub(crate) fn assert_close<const D: usize>(
        &self,
        name: &str,
        found: Tensor<D>,
        tolerance: f32,
    ) {
        let (expected, shape) = self.tensor(name);
        assert_eq!(found.dims().to_vec(), shape, "{name}");
        let found = crate::common::values(found);
        let scale = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        assert!(scale > 0.1, "{name} says nothing: {scale}");
        let worst = found
            .iter()
            .zip(&expected)
            .map(|(a, b)| (a - b).abs())
            .fold(
                0.0_f32,
                |worst, d| if d.is_nan() { d } else { worst.max(d) },
            );
        println!("{name}: largest difference {worst:e} at values up to {scale}");
        assert!(
            worst <= tolerance * scale.max(1.0),
            "{name}: {worst} of {scale}"
        );
    }
}

/// A file of the fixtures folder.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}
