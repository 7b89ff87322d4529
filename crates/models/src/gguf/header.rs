//! The header of a GGUF file: in comes a [`Source`] at its beginning, out go the metadata and the
//! places of the tensors.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::metadata::{Array, Metadata, Value};
use super::source::Source;
use super::{Error, TensorInfo, TensorType, limits};

/// The alignment of tensor data where the file states none.
const DEFAULT_ALIGNMENT: u64 = 32;

/// Reads everything before the tensor data.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
) -> Result<(Metadata, Vec<TensorInfo>), Error> {
    let magic = source.array("the magic")?;
    if &magic != b"GGUF" {
        return Err(Error::Magic {
            file: source.file.clone(),
            found: magic,
        });
    }
    let version = source.u32("the version")?;
    if !(2..=3).contains(&version) {
        return Err(Error::Version {
            file: source.file.clone(),
            found: version,
        });
    }
    let tensor_count = source.u64("the tensor count")?;
    source.limit(tensor_count, limits::TENSORS, "the tensor count")?;
    let metadata_count = source.u64("the metadata count")?;
    source.limit(
        metadata_count,
        limits::METADATA_ENTRIES,
        "the metadata count",
    )?;

    let mut metadata = Metadata::new(&source.file);
    for _ in 0..metadata_count {
        let key = source.string(limits::KEY_BYTES, "a metadata key")?;
        let value = value(source, &key)?;
        metadata.insert(key, value)?;
    }
    let alignment = alignment(&metadata)?;
    let tensors = tensors(source, tensor_count, alignment)?;
    Ok((metadata, tensors))
}

fn alignment(metadata: &Metadata) -> Result<u64, Error> {
    let key = "general.alignment";
    match metadata.count(key)? {
        None => Ok(DEFAULT_ALIGNMENT),
        Some(found) if found.is_power_of_two() && found as u64 <= limits::ALIGNMENT => {
            Ok(found as u64)
        }
        Some(found) => Err(Error::Invalid {
            file: metadata.file().to_owned(),
            field: key.to_owned(),
            found: found.to_string(),
            expected: "a power of two up to 65536",
        }),
    }
}

/// The scalar and array types of the format, by number.
#[derive(Clone, Copy)]
enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    Text,
    Array,
    U64,
    I64,
    F64,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::U32,
        Self::I32,
        Self::F32,
        Self::Bool,
        Self::Text,
        Self::Array,
        Self::U64,
        Self::I64,
        Self::F64,
    ];

    fn read<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<Self, Error> {
        let code = source.u32(key)?;
        Self::ALL
            .get(code as usize)
            .copied()
            .ok_or_else(|| Error::Invalid {
                file: source.file.clone(),
                field: format!("the type of \"{key}\""),
                found: code.to_string(),
                expected: "a value type from 0 to 12",
            })
    }

    /// Bytes that one value takes at least.
    fn size(self) -> u64 {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::Text | Self::U64 | Self::I64 | Self::F64 => 8,
            Self::Array => 12,
        }
    }
}

fn value<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<Value, Error> {
    let kind = Kind::read(source, key)?;
    if let Kind::Array = kind {
        array(source, key).map(Value::Array)
    } else {
        scalar(source, kind, key)
    }
}

fn scalar<R: Read + Seek>(source: &mut Source<R>, kind: Kind, key: &str) -> Result<Value, Error> {
    Ok(match kind {
        Kind::U8 => Value::Integer(u8::from_le_bytes(source.array(key)?).into()),
        Kind::I8 => Value::Integer(i8::from_le_bytes(source.array(key)?).into()),
        Kind::U16 => Value::Integer(u16::from_le_bytes(source.array(key)?).into()),
        Kind::I16 => Value::Integer(i16::from_le_bytes(source.array(key)?).into()),
        Kind::U32 => Value::Integer(u32::from_le_bytes(source.array(key)?).into()),
        Kind::I32 => Value::Integer(i32::from_le_bytes(source.array(key)?).into()),
        Kind::U64 => Value::Integer(u64::from_le_bytes(source.array(key)?).into()),
        Kind::I64 => Value::Integer(i64::from_le_bytes(source.array(key)?).into()),
        Kind::F32 => Value::Float(f32::from_le_bytes(source.array(key)?).into()),
        Kind::F64 => Value::Float(f64::from_le_bytes(source.array(key)?)),
        Kind::Text => Value::Text(source.string(limits::STRING_BYTES, key)?),
        Kind::Bool => match source.array::<1>(key)? {
            [0] => Value::Bool(false),
            [1] => Value::Bool(true),
            [found] => {
                return Err(Error::Invalid {
                    file: source.file.clone(),
                    field: format!("the truth value \"{key}\""),
                    found: found.to_string(),
                    expected: "0 or 1",
                });
            }
        },
        Kind::Array => {
            return Err(Error::Invalid {
                file: source.file.clone(),
                field: format!("the element type of \"{key}\""),
                found: "an array".to_owned(),
                expected: "arrays of numbers, truth values or texts",
            });
        }
    })
}

fn array<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<Array, Error> {
    let kind = Kind::read(source, key)?;
    let count = source.u64(key)?;
    source.limit(
        count,
        limits::ARRAY_ELEMENTS,
        &format!("the number of elements of \"{key}\""),
    )?;
    source.require(count, kind.size(), key)?;
    let mut array = match kind {
        Kind::F32 | Kind::F64 => Array::Floats(Vec::with_capacity(count as usize)),
        Kind::Bool => Array::Bools(Vec::with_capacity(count as usize)),
        Kind::Text => Array::Texts(Vec::with_capacity(count as usize)),
        _ => Array::Integers(Vec::with_capacity(count as usize)),
    };
    for _ in 0..count {
        match (&mut array, scalar(source, kind, key)?) {
            (Array::Integers(all), Value::Integer(one)) => {
                all.push(i64::try_from(one).map_err(|_| Error::Invalid {
                    file: source.file.clone(),
                    field: format!("an element of \"{key}\""),
                    found: one.to_string(),
                    expected: "an integer below 2^63",
                })?);
            }
            (Array::Floats(all), Value::Float(one)) => all.push(one),
            (Array::Bools(all), Value::Bool(one)) => all.push(one),
            (Array::Texts(all), Value::Text(one)) => all.push(one),
            _ => unreachable!("the kind of the array decides the kind of its elements"),
        }
    }
    Ok(array)
}

fn tensors<R: Read + Seek>(
    source: &mut Source<R>,
    count: u64,
    alignment: u64,
) -> Result<Vec<TensorInfo>, Error> {
    // A name length, a dimension count, a type and an offset are the least that an entry takes.
    source.require(count, 8 + 4 + 4 + 8, "the tensor list")?;
    let mut tensors = Vec::with_capacity(count as usize);
    let mut names = HashSet::new();
    for _ in 0..count {
        let tensor = tensor(source, alignment)?;
        if !names.insert(tensor.name.clone()) {
            return Err(Error::Duplicate {
                file: source.file.clone(),
                what: "tensor",
                name: tensor.name,
            });
        }
        tensors.push(tensor);
    }
    let data = source.position().next_multiple_of(alignment);
    for tensor in &mut tensors {
        place(source, tensor, data)?;
    }
    Ok(tensors)
}

/// One entry of the tensor list; `start` is still relative to the data.
fn tensor<R: Read + Seek>(source: &mut Source<R>, alignment: u64) -> Result<TensorInfo, Error> {
    let name = source.string(limits::NAME_BYTES, "a tensor name")?;
    let field = |what: &str| format!("the {what} of the tensor \"{name}\"");
    let dimensions = source.u32(&field("dimension count"))?;
    source.limit(
        dimensions.into(),
        limits::DIMENSIONS.into(),
        &field("dimension count"),
    )?;
    let mut shape = Vec::with_capacity(dimensions as usize);
    for _ in 0..dimensions {
        shape.push(source.u64(&field("shape"))?);
    }
    let kind = TensorType::from_code(source.u32(&field("type"))?);
    let start = source.u64(&field("offset"))?;
    let invalid = |what: &str, found: String, expected| Error::Invalid {
        file: source.file.clone(),
        field: field(what),
        found,
        expected,
    };
    if !start.is_multiple_of(alignment) {
        return Err(invalid(
            "offset",
            start.to_string(),
            "a multiple of the alignment",
        ));
    }
    let elements = shape
        .iter()
        .try_fold(1u64, |product, size| product.checked_mul(*size));
    let (Some(elements), false) = (
        elements.filter(|n| i64::try_from(*n).is_ok()),
        shape.contains(&0),
    ) else {
        return Err(invalid(
            "shape",
            format!("{shape:?}"),
            "positive sizes with a product below 2^63",
        ));
    };
    let bytes = match kind.block() {
        None => 0,
        Some((values, bytes)) => {
            let row = shape.first().copied().unwrap_or(1);
            if !row.is_multiple_of(values as u64) {
                return Err(invalid(
                    "shape",
                    format!("{shape:?}"),
                    "a first size that is whole blocks of its type",
                ));
            }
            (elements / values as u64).saturating_mul(bytes as u64)
        }
    };
    let shape = shape.iter().rev().map(|size| *size as usize).collect();
    Ok(TensorInfo {
        name,
        shape,
        kind,
        start,
        bytes,
    })
}

/// Moves `start` from the beginning of the data to the beginning of the file, and checks that the
/// file holds the tensor.
fn place<R: Read + Seek>(
    source: &Source<R>,
    tensor: &mut TensorInfo,
    data: u64,
) -> Result<(), Error> {
    let start = data.saturating_add(tensor.start);
    let end = start.saturating_add(tensor.bytes);
    if end > source.length() {
        return Err(Error::Truncated {
            file: source.file.clone(),
            field: format!("the data of the tensor \"{}\"", tensor.name),
            needed: tensor.bytes,
            left: source.length().saturating_sub(start),
        });
    }
    tensor.start = start;
    Ok(())
}
