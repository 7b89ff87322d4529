//! The largest values that a GGUF header may claim. The limits lie far above every published model.

/// Metadata entries.
pub const METADATA_ENTRIES: u64 = 1 << 16;
/// Tensors.
pub const TENSORS: u64 = 1 << 16;
/// Bytes of one metadata key (the format's own limit).
pub const KEY_BYTES: u64 = (1 << 16) - 1;
/// Bytes of one tensor name; the format allows 64, some writers more.
pub const NAME_BYTES: u64 = 256;
/// Bytes of one string value.
pub const STRING_BYTES: u64 = 1 << 24;
/// Elements of one array value.
pub const ARRAY_ELEMENTS: u64 = 1 << 24;
/// Dimensions of one tensor.
pub const DIMENSIONS: u32 = 4;
/// Alignment of the tensor data in bytes.
pub const ALIGNMENT: u64 = 1 << 16;
/// Bytes of the whole header.
pub const HEADER_BYTES: u64 = 1 << 28;
