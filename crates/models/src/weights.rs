//! A Burn module's parameters to and from safetensors, by the module's own parameter paths.
//!
//! In: any module. Out: one file whose tensor names are the paths (`backbone.blocks.0.…`), in f32
//! for exactness or f16 for shipping. Running statistics of normalisation layers are parameters
//! here, as Burn visits them.

use std::collections::HashMap;

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, TensorData},
};
use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

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
    safetensors::serialize(views, Some(metadata)).map_err(invalid)
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
