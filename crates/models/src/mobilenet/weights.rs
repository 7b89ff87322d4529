//! Where a network's weights come from and go to: named tensors from a safetensors file or from a
//! seeded initialisation in, tensors on a device out; and back into safetensors bytes.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use half::{bf16, f16};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::error::Error;
use crate::weights::sorted_header;

/// Number type of saved weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats: training can go on from them without loss.
    F32,
    /// 16-bit floats: half the size, for models that ship.
    F16,
}

/// Gives the values of a named tensor.
pub(crate) trait Source {
    /// Values of the tensor `name`, which must have `shape`.
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error>;
}

/// The tensor `name` of `source`, on `device`.
pub(crate) fn tensor<const D: usize>(
    source: &mut dyn Source,
    name: &str,
    shape: [usize; D],
    device: &Device,
) -> Result<Tensor<D>, Error> {
    let values = source.values(name, &shape)?;
    Ok(Tensor::from_data(TensorData::new(values, shape), device))
}

/// A safetensors file read into memory.
pub(crate) struct File<'a> {
    path: PathBuf,
    tensors: SafeTensors<'a>,
}

impl<'a> File<'a> {
    /// Reads the header of `bytes`; `path` is named in errors.
    pub(crate) fn new(path: &Path, bytes: &'a [u8]) -> Result<Self, Error> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|source| Error::Safetensors {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            tensors,
        })
    }
}

impl Source for File<'_> {
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let view = self
            .tensors
            .tensor(name)
            .map_err(|_| Error::MissingTensor {
                path: self.path.clone(),
                name: name.to_owned(),
                expected: shape.to_vec(),
            })?;
        if view.shape() != shape {
            return Err(Error::TensorShape {
                path: self.path.clone(),
                name: name.to_owned(),
                expected: shape.to_vec(),
                found: view.shape().to_vec(),
            });
        }
        let pairs = || view.data().chunks_exact(2).map(|b| [b[0], b[1]]);
        match view.dtype() {
            Dtype::F32 => Ok(view
                .data()
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect()),
            Dtype::F16 => Ok(pairs().map(|b| f16::from_le_bytes(b).to_f32()).collect()),
            Dtype::BF16 => Ok(pairs().map(|b| bf16::from_le_bytes(b).to_f32()).collect()),
            other => Err(Error::TensorType {
                path: self.path.clone(),
                name: name.to_owned(),
                found: format!("{other:?}"),
            }),
        }
    }
}

/// Seeded initial values: convolutions by He's rule for their outputs (uniform), linear layers
/// with deviation 0.01, norms as the identity, other biases 0 (what `EfficientAT` does, with uniform
/// in place of normal deviates). Learned tokens `[1, tokens, dims]` have deviation 0.02, as in
/// masked auto-encoders; temperatures of attention (`tau`) are 1.
pub(crate) struct Initial(ChaCha8Rng);

impl Initial {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }
}

impl Source for Initial {
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let count = shape.iter().product();
        let deviation = match shape {
            [outputs, _, height, width] => {
                let depthwise = shape[1] == 1 && *outputs > 1;
                let fan_out = if depthwise { 1 } else { *outputs } * height * width;
                (2.0 / fan_out as f32).sqrt()
            }
            [_, _] => 0.01,
            [1, _, _] => 0.02,
            [outputs, _, width] => (2.0 / (outputs * width) as f32).sqrt(),
            _ => {
                let one = [".weight", "running_var", ".tau"];
                let one = one.iter().any(|end| name.ends_with(end));
                return Ok(vec![if one { 1.0 } else { 0.0 }; count]);
            }
        };
        let bound = deviation * 3.0f32.sqrt();
        Ok((0..count)
            .map(|_| self.0.random_range(-bound..bound))
            .collect())
    }
}

/// A tensor to be saved: name, shape and values in row-major order.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

impl Named {
    /// Copies `tensor` from its device.
    pub(crate) fn new<const D: usize>(name: String, tensor: Tensor<D>) -> Self {
        let shape = tensor.dims().to_vec();
        let values = tensor
            .into_data()
            .convert::<f32>()
            .try_into_vec::<f32>()
            .expect("the data were just converted to f32");
        Self {
            name,
            shape,
            values,
        }
    }
}

/// Safetensors bytes of `tensors`; `metadata` goes into the header.
pub(crate) fn serialize(
    tensors: &[Named],
    precision: Precision,
    metadata: &[(&str, &str)],
) -> Result<Vec<u8>, Error> {
    let invalid = |source| Error::Safetensors {
        path: PathBuf::from("<memory>"),
        source,
    };
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|named| match precision {
            Precision::F32 => named.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Precision::F16 => named
                .values
                .iter()
                .flat_map(|&v| f16::from_f32(v).to_le_bytes())
                .collect(),
        })
        .collect();
    let dtype = match precision {
        Precision::F32 => Dtype::F32,
        Precision::F16 => Dtype::F16,
    };
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|(named, data)| {
            TensorView::new(dtype, named.shape.clone(), data).map(|view| (&named.name, view))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(invalid)?;
    let metadata = metadata
        .iter()
        .map(|&(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let bytes = safetensors::serialize(views, Some(metadata)).map_err(invalid)?;
    Ok(sorted_header(bytes))
}
