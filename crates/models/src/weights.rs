//! A Burn module's parameters to and from safetensors, by the module's own parameter paths.
//!
//! In: any module. Out: one file whose tensor names are the paths (`backbone.blocks.0.…`), in f32
//! for exactness or f16 for shipping. Running statistics of normalisation layers are parameters
//! here, as Burn visits them.

use std::collections::{BTreeMap, HashMap};

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, TensorData},
};
use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::Value;

use crate::{Error, mobilenet::Precision};

/// Serialises every float parameter of `module`, with `metadata` in the header.
#[allow(
    clippy::implicit_hasher,
    reason = "safetensors takes a map with this hasher"
)]
pub fn to_bytes<M: Module>(
    module: &M,
    precision: Precision,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, Error> {
    let mut collector = Collector::default();
    module.visit(&mut collector);
    let stored: Vec<(String, Vec<usize>, Vec<u8>)> = collector
        .tensors
        .into_iter()
        .map(|(name, shape, values)| (name, shape, encode(&values, precision)))
        .collect();
    let dtype = match precision {
        Precision::F16 => Dtype::F16,
        Precision::F32 => Dtype::F32,
    };
    let invalid = |source: safetensors::SafeTensorError| Error::Safetensors {
        path: "<memory>".into(),
        source,
    };
    let views = stored
        .iter()
        .map(|(name, shape, bytes)| {
            Ok((
                name.clone(),
                TensorView::new(dtype, shape.clone(), bytes).map_err(invalid)?,
            ))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let bytes = safetensors::serialize(views, Some(metadata)).map_err(invalid)?;
    Ok(sorted_header(bytes))
}

/// The same file with the keys of its header in order: the metadata come out of a hash table in
/// another order each time, and equal runs shall have equal files.
pub(crate) fn sorted_header(mut file: Vec<u8>) -> Vec<u8> {
    let parsed = file.first_chunk::<8>().and_then(|length| {
        let end = 8 + u64::from_le_bytes(*length) as usize;
        let header: BTreeMap<String, Value> = serde_json::from_slice(file.get(8..end)?).ok()?;
        let sorted = serde_json::to_vec(&header).ok()?;
        (8 + sorted.len() <= end).then_some((end, sorted))
    });
    let Some((end, mut header)) = parsed else {
        return file;
    };
    header.resize(end - 8, b' ');
    file[8..end].copy_from_slice(&header);
    file
}

/// Replaces every float parameter of `module` by the tensor of the same path in `bytes`.
/// `origin` names the source in errors.
pub fn from_bytes<M: Module>(module: M, bytes: &[u8], origin: &str) -> Result<M, Error> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|source| Error::Safetensors {
        path: origin.into(),
        source,
    })?;
    let mut loader = Loader {
        path: Vec::new(),
        tensors: &tensors,
        origin,
        error: None,
    };
    let module = module.map(&mut loader);
    loader.error.map_or(Ok(module), Err)
}

#[derive(Default)]
struct Collector {
    path: Vec<String>,
    tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let values = tensor
            .to_data_as::<f32>()
            .try_to_vec::<f32>()
            .expect("converted to f32 above");
        self.tensors
            .push((self.path.join("."), tensor.dims().to_vec(), values));
    }
}

struct Loader<'a> {
    path: Vec<String>,
    tensors: &'a SafeTensors<'a>,
    origin: &'a str,
    error: Option<Error>,
}

impl Loader<'_> {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let path = || self.origin.into();
        let view = self
            .tensors
            .tensor(name)
            .map_err(|_| Error::MissingTensor {
                path: path(),
                name: name.into(),
                expected: shape.to_vec(),
            })?;
        if view.shape() != shape {
            return Err(Error::TensorShape {
                path: path(),
                name: name.into(),
                expected: shape.to_vec(),
                found: view.shape().to_vec(),
            });
        }
        match view.dtype() {
            Dtype::F32 => Ok(view
                .data()
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect()),
            Dtype::F16 => Ok(view
                .data()
                .chunks_exact(2)
                .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
                .collect()),
            other => Err(Error::TensorType {
                path: path(),
                name: name.into(),
                found: format!("{other:?}"),
            }),
        }
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.error.is_some() {
            return param;
        }
        let name = self.path.join(".");
        let shape = param.val().dims();
        match self.values(&name, &shape) {
            Ok(values) => param.map(|old| {
                Tensor::from_data(TensorData::new(values, shape), &old.device())
                    .set_require_grad(old.is_require_grad())
            }),
            Err(error) => {
                self.error = Some(error);
                param
            }
        }
    }
}

fn encode(values: &[f32], precision: Precision) -> Vec<u8> {
    match precision {
        Precision::F32 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Precision::F16 => values
            .iter()
            .flat_map(|v| f16::from_f32(*v).to_le_bytes())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::LinearConfig;
    use burn::tensor::Device;

    #[test]
    fn equal_modules_have_equal_files() {
        let linear = LinearConfig::new(3, 2).init(&Device::flex());
        let words = ["front_end", "run", "recipe_sha256", "held_out", "a", "b"];
        let file = || {
            let metadata = words.map(|word| (word.to_owned(), format!("{word} \"é\"")));
            to_bytes(&linear, Precision::F32, metadata.into_iter().collect()).unwrap()
        };
        let first = file();
        for _ in 0..20 {
            assert!(file() == first);
        }
        let (_, header) = SafeTensors::read_metadata(&first).unwrap();
        let read = header.metadata().as_ref().unwrap();
        assert_eq!(read["front_end"], "front_end \"é\"");
        let again = from_bytes(linear.clone(), &first, "test").unwrap();
        assert!(again.weight.val().into_data() == linear.weight.val().into_data());
    }
}
