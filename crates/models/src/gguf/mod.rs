//! GGUF files (versions 2 and 3, little endian): in come the bytes of a file, out go its metadata,
//! the list of its tensors, and single tensors, dequantised to `f32` or as stored.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. The header is read under
//! [`limits`], every count is compared with the bytes that are left before memory is taken for it,
//! and tensors are read one at a time, so that a damaged or hostile file costs at most a small
//! multiple of its own header.

mod error;
mod file;
mod header;
pub mod limits;
mod metadata;
mod quantisation;
mod source;
mod tensor;

pub use error::Error;
pub use file::Gguf;
pub use metadata::{Array, Metadata, Value};
pub use quantisation::dequantise;
pub use tensor::{TensorInfo, TensorType};
