//! A PyTorch checkpoint comes in, a safetensors file with the same tensors goes out. The reader
//! interprets only what a table of tensors needs and runs no code from the file; only the zip
//! format of PyTorch 1.6 and later is accepted.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use burn::store::pytorch_reader::{DType, PytorchReader, Tensor};
use safetensors::Dtype;
use safetensors::tensor::TensorInfo;
use serde::Serialize;

use super::digest::Digester;
use super::{Digest, Error, PytorchSource};

/// Writes `checkpoint` as safetensors to `output`, one tensor in memory at a time. The order is
/// that of the `safetensors` crate (widest type first, then by name), so that equal tensors give
/// equal bytes. `recipe` says how scalars and the header's metadata are written.
pub(super) fn pytorch_to_safetensors(
    checkpoint: &Path,
    output: &Path,
    recipe: Option<&PytorchSource>,
) -> Result<Digest, Error> {
    let failed = |reason: String| Error::Checkpoint {
        path: checkpoint.to_path_buf(),
        reason,
    };
    let reader = PytorchReader::new(checkpoint).map_err(|error| failed(error.to_string()))?;
    let mut tensors: Vec<(String, Tensor)> = reader.into_tensors().into_iter().collect();
    if tensors.is_empty() {
        return Err(failed("it holds no tensors".into()));
    }
    if tensors.iter().any(|(name, _)| name == "__metadata__") {
        return Err(failed("a tensor is called __metadata__".into()));
    }
    tensors.sort_by(|(left, a), (right, b)| {
        let types = stored_type(b.dtype()).cmp(&stored_type(a.dtype()));
        types.then_with(|| left.cmp(right))
    });

    let header = header(&tensors, recipe).map_err(|error| failed(error.to_string()))?;
    let write = |source| Error::Write {
        path: output.to_path_buf(),
        source,
    };
    let mut file = BufWriter::new(File::create(output).map_err(write)?);
    let mut digester = Digester::default();
    let mut put = |bytes: &[u8]| {
        digester.update(bytes);
        file.write_all(bytes).map_err(write)
    };
    put(&(header.len() as u64).to_le_bytes())?;
    put(&header)?;
    for (_, tensor) in &tensors {
        let bytes = tensor.read().map_err(|error| failed(error.to_string()))?;
        put(&bytes)?;
    }
    file.flush().map_err(write)?;
    Ok(digester.finish())
}

/// The JSON header, padded with blanks so that the data begins at a multiple of eight bytes.
fn header(
    tensors: &[(String, Tensor)],
    recipe: Option<&PytorchSource>,
) -> Result<Vec<u8>, serde_json::Error> {
    // Written entry by entry: the order is part of the bytes that are hashed.
    let mut entries = Vec::with_capacity(tensors.len() + 1);
    if let Some(recipe) = recipe.filter(|recipe| !recipe.metadata.is_empty()) {
        let pairs: Result<Vec<String>, _> = recipe
            .metadata
            .iter()
            .map(|(key, value)| entry(key, value))
            .collect();
        entries.push(format!("\"__metadata__\":{{{}}}", pairs?.join(",")));
    }
    let vectors = recipe.is_some_and(|recipe| recipe.scalars_as_vectors);
    let mut start = 0;
    for (name, tensor) in tensors {
        let shape = match tensor.shape() {
            [] if vectors => &[1],
            shape => shape,
        };
        let end = start + tensor.byte_len();
        let info = TensorInfo {
            dtype: stored_type(tensor.dtype()),
            shape: shape.to_vec(),
            data_offsets: (start, end),
        };
        entries.push(entry(name, &info)?);
        start = end;
    }
    let mut header = format!("{{{}}}", entries.join(",")).into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok(header)
}

fn entry(key: &str, value: &impl Serialize) -> Result<String, serde_json::Error> {
    let value = serde_json::to_string(value)?;
    Ok(format!("{}:{value}", serde_json::to_string(key)?))
}

fn stored_type(dtype: DType) -> Dtype {
    match dtype {
        DType::F64 => Dtype::F64,
        DType::F32 => Dtype::F32,
        DType::F16 => Dtype::F16,
        DType::BF16 => Dtype::BF16,
        DType::I64 => Dtype::I64,
        DType::I32 => Dtype::I32,
        DType::I16 => Dtype::I16,
        DType::I8 => Dtype::I8,
        DType::U64 => Dtype::U64,
        DType::U32 => Dtype::U32,
        DType::U16 => Dtype::U16,
        DType::U8 => Dtype::U8,
        DType::Bool => Dtype::BOOL,
    }
}
