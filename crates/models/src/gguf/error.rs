//! What can be wrong with a GGUF file: each case names the file and the field, with what was
//! expected.

/// An error of the GGUF reader.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be opened, sought or read.
    #[error("{file}: cannot read: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file does not begin with `GGUF`.
    #[error("{file}: not a GGUF file: it begins with the bytes {found:02x?}, expected \"GGUF\"")]
    Magic {
        /// The file.
        file: String,
        /// The first four bytes.
        found: [u8; 4],
    },
    /// A version that this reader does not know.
    #[error("{file}: GGUF version {found} is not supported; versions 2 and 3 (little endian) are")]
    Version {
        /// The file.
        file: String,
        /// The version in the file.
        found: u32,
    },
    /// The file ends before a field does.
    #[error("{file}: ends within {field}: {needed} more bytes are claimed, {left} are left")]
    Truncated {
        /// The file.
        file: String,
        /// The field being read.
        field: String,
        /// Bytes that the field claims.
        needed: u64,
        /// Bytes left in the file.
        left: u64,
    },
    /// A count or a length above its limit.
    #[error("{file}: {field} is {found}, more than the limit of {limit}")]
    Limit {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// Its value.
        found: u64,
        /// The largest value allowed.
        limit: u64,
    },
    /// A field whose value the format does not allow.
    #[error("{file}: {field} is {found}; expected {expected}")]
    Invalid {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// What was found.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A metadata key or a tensor name that occurs twice.
    #[error("{file}: {what} \"{name}\" occurs twice")]
    Duplicate {
        /// The file.
        file: String,
        /// `metadata key` or `tensor`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A metadata key that is needed and absent.
    #[error("{file}: the metadata key \"{key}\" is missing")]
    MissingKey {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// A metadata value of another type than needed.
    #[error("{file}: the metadata value \"{key}\" is {found}, expected {expected}")]
    WrongType {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// The type found.
        found: &'static str,
        /// The type needed.
        expected: &'static str,
    },
    /// A tensor that is needed and absent.
    #[error("{file}: the tensor \"{tensor}\" is missing")]
    MissingTensor {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
    },
    /// A tensor of a type that cannot be dequantised.
    #[error(
        "{file}: the tensor \"{tensor}\" has the type {found}; F32, F16, BF16, Q4_0, Q4_1 and Q8_0 are supported"
    )]
    UnsupportedType {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
        /// The name of its type, or its number.
        found: String,
    },
    /// A tensor of another shape than needed.
    #[error(
        "{file}: the tensor \"{tensor}\" has the shape {found:?}, expected {expected:?} (rows first)"
    )]
    Shape {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
        /// The shape found.
        found: Vec<usize>,
        /// The shape needed.
        expected: Vec<usize>,
    },
}
