//! A weights file as others publish it comes in, tensors under the names of its layout go out:
//! safetensors, `PyTorch` checkpoints (read as tables of tensors, nothing is run) and `CTranslate2`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use burn::store::pytorch_reader::{DType, PytorchReader, Tensor as Stored};
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};

use super::ctranslate2;
use crate::Error;
use crate::mobilenet::weights::Source;

/// Number types that weights come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    F64,
    F32,
    F16,
    Bf16,
}

/// A tensor within the bytes of a file. `number` is none for types that no weight has.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) number: Option<Number>,
    pub(super) shape: Vec<usize>,
    pub(super) bytes: Range<usize>,
}

enum Tensors {
    /// All bytes of the file and where the tensors lie in them.
    Flat(Vec<u8>, HashMap<String, Entry>),
    Pytorch(HashMap<String, Stored>),
}

/// An open weights file.
pub(super) struct Checkpoint {
    path: PathBuf,
    tensors: Tensors,
    /// Stands before every name that is asked for.
    prefix: String,
}

impl Checkpoint {
    /// Opens a file and tells its format by its first bytes.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        let tensors = if bytes.starts_with(b"PK\x03\x04") {
            let reader = PytorchReader::new(path).map_err(|error| Error::Header {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
            Tensors::Pytorch(reader.into_tensors())
        } else if ctranslate2::recognises(&bytes) {
            let table = ctranslate2::table(&bytes).map_err(|reason| Error::Header {
                path: path.to_owned(),
                reason,
            })?;
            Tensors::Flat(bytes, table)
        } else {
            let table = safetensors_table(&bytes).map_err(|source| Error::Safetensors {
                path: path.to_owned(),
                source,
            })?;
            Tensors::Flat(bytes, table)
        };
        Ok(Self {
            path: path.to_owned(),
            tensors,
            prefix: String::new(),
        })
    }

    /// Whether the file has a tensor of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = format!("{}{name}", self.prefix);
        match &self.tensors {
            Tensors::Flat(_, table) => table.contains_key(&name),
            Tensors::Pytorch(tensors) => tensors.contains_key(&name),
        }
    }

    /// Whether the file has a tensor of that name, below any prefix.
    pub(super) fn has_below(&self, name: &str) -> bool {
        self.keys().any(|key| prefix_of(key, name).is_some())
    }

    fn keys(&self) -> Box<dyn Iterator<Item = &String> + '_> {
        match &self.tensors {
            Tensors::Flat(_, table) => Box::new(table.keys()),
            Tensors::Pytorch(tensors) => Box::new(tensors.keys()),
        }
    }

    /// Names are from now on those below the place where `name` stands: checkpoints nest the same
    /// network at different depths (`state_dict.encoder.`, `audio_encoder.`, nothing). Where there
    /// are several such places the shortest is taken; where there is none, names stay as they are.
    pub(super) fn rooted_at(mut self, name: &str) -> Self {
        let prefixes = self.keys().filter_map(|key| prefix_of(key, name));
        let shortest = prefixes
            .min_by_key(|prefix| (prefix.len(), *prefix))
            .map(str::to_owned);
        self.prefix = shortest.unwrap_or_default();
        self
    }

    /// The shape of a tensor, if the file has it.
    pub(super) fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let name = format!("{}{name}", self.prefix);
        match &self.tensors {
            Tensors::Flat(_, table) => table.get(&name).map(|entry| entry.shape.clone()),
            Tensors::Pytorch(tensors) => tensors.get(&name).map(|t| t.shape().to_vec()),
        }
    }

    /// The values of a tensor that is there.
    fn read(&self, name: &str) -> Result<Vec<f32>, Error> {
        let wrong_type = |found: String| Error::TensorType {
            path: self.path.clone(),
            name: name.to_owned(),
            found,
        };
        match &self.tensors {
            Tensors::Flat(bytes, table) => {
                let entry = &table[name];
                let number = entry.number.ok_or_else(|| wrong_type("other".into()))?;
                Ok(floats(&bytes[entry.bytes.clone()], number))
            }
            Tensors::Pytorch(tensors) => {
                let stored = &tensors[name];
                let number = match stored.dtype() {
                    DType::F64 => Number::F64,
                    DType::F32 => Number::F32,
                    DType::F16 => Number::F16,
                    DType::BF16 => Number::Bf16,
                    other => return Err(wrong_type(format!("{other:?}"))),
                };
                let bytes = stored.read().map_err(|source| Error::Read {
                    path: self.path.clone(),
                    source,
                })?;
                Ok(floats(&bytes, number))
            }
        }
    }
}

impl Source for Checkpoint {
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let full = format!("{}{name}", self.prefix);
        match self.shape(name) {
            None => Err(Error::MissingTensor {
                path: self.path.clone(),
                name: full,
                expected: shape.to_vec(),
            }),
            Some(found) if found != shape => Err(Error::TensorShape {
                path: self.path.clone(),
                name: full,
                expected: shape.to_vec(),
                found,
            }),
            Some(_) => self.read(&full),
        }
    }
}

/// What stands before `name` in `key`: nothing, or whole parts of a path.
fn prefix_of<'a>(key: &'a str, name: &str) -> Option<&'a str> {
    let prefix = key.strip_suffix(name)?;
    (prefix.is_empty() || prefix.ends_with('.')).then_some(prefix)
}

fn safetensors_table(bytes: &[u8]) -> Result<HashMap<String, Entry>, safetensors::SafeTensorError> {
    let (header, metadata) = SafeTensors::read_metadata(bytes)?;
    // Deserialising checks that every tensor lies within the file.
    SafeTensors::deserialize(bytes)?;
    let entry = |info: &safetensors::tensor::TensorInfo| Entry {
        number: match info.dtype {
            Dtype::F64 => Some(Number::F64),
            Dtype::F32 => Some(Number::F32),
            Dtype::F16 => Some(Number::F16),
            Dtype::BF16 => Some(Number::Bf16),
            _ => None,
        },
        shape: info.shape.clone(),
        bytes: 8 + header + info.data_offsets.0..8 + header + info.data_offsets.1,
    };
    let tensors = metadata.tensors();
    let table = tensors
        .iter()
        .map(|(name, info)| (name.clone(), entry(info)));
    Ok(table.collect())
}

fn floats(bytes: &[u8], number: Number) -> Vec<f32> {
    fn each<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
        bytes.as_chunks::<N>().0.iter().map(|b| value(*b)).collect()
    }
    match number {
        Number::F64 => each(bytes, |b| f64::from_le_bytes(b) as f32),
        Number::F32 => each(bytes, f32::from_le_bytes),
        Number::F16 => each(bytes, |b| f16::from_le_bytes(b).to_f32()),
        Number::Bf16 => each(bytes, |b| bf16::from_le_bytes(b).to_f32()),
    }
}
