//! A GGUF file opened for reading: in comes a path, out go metadata and single tensors.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::source::Source;
use super::{Error, Metadata, TensorInfo, dequantise, header};

/// An open GGUF file. The header is in memory; tensors are read when asked for.
#[derive(Debug)]
pub struct Gguf<R = BufReader<File>> {
    source: Source<R>,
    metadata: Metadata,
    tensors: Vec<TensorInfo>,
}

impl Gguf {
    /// Opens the file and reads its header.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| Error::Io {
            file: name.clone(),
            source,
        })?;
        Self::read(BufReader::new(file), &name)
    }
}

impl<R: Read + Seek> Gguf<R> {
    /// Reads the header from anything that can be read and sought; `name` stands for the file in
    /// messages.
    pub fn read(inner: R, name: &str) -> Result<Self, Error> {
        let mut source = Source::new(inner, name)?;
        let (metadata, tensors) = header::read(&mut source)?;
        Ok(Self {
            source,
            metadata,
            tensors,
        })
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.source.file
    }

    /// The metadata.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// All tensors, in the order of the file.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors
    }

    /// The tensor of that name.
    pub fn tensor(&self, name: &str) -> Result<&TensorInfo, Error> {
        self.tensors
            .iter()
            .find(|tensor| tensor.name == name)
            .ok_or_else(|| Error::MissingTensor {
                file: self.file().to_owned(),
                tensor: name.to_owned(),
            })
    }

    /// The data of a tensor as stored, for a type that can be read.
    pub fn tensor_bytes(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let tensor = self.tensor(name)?;
        if tensor.kind.block().is_none() {
            return Err(self.unsupported(tensor));
        }
        let (start, length) = (tensor.start, tensor.bytes as usize);
        self.source.bytes_at(start, length)
    }

    /// The values of a tensor, dequantised, in the order of its shape (last dimension fastest).
    /// Values that are not finite are refused: a model that holds one answers nothing but NaN.
    pub fn tensor_f32(&mut self, name: &str) -> Result<Vec<f32>, Error> {
        let bytes = self.tensor_bytes(name)?;
        let tensor = self.tensor(name)?;
        let values = dequantise(tensor.kind, &bytes).ok_or_else(|| self.unsupported(tensor))?;
        if let Some(found) = values.iter().find(|value| !value.is_finite()) {
            return Err(Error::Invalid {
                file: self.file().to_owned(),
                field: format!("a value of the tensor \"{name}\""),
                found: found.to_string(),
                expected: "finite values",
            });
        }
        Ok(values)
    }

    fn unsupported(&self, tensor: &TensorInfo) -> Error {
        Error::UnsupportedType {
            file: self.file().to_owned(),
            tensor: tensor.name.clone(),
            found: tensor.kind.to_string(),
        }
    }
}
