//! The header of a `CTranslate2` model (`model.bin`, binary version 6): bytes come in, the table of
//! its tensors goes out.
//!
//! Source: `CTranslate2`'s `model_spec.py`, `_serialize`.

use std::collections::HashMap;

use super::checkpoint::{Entry, Number};

/// The only version of the layout that is read.
const VERSION: u32 = 6;
/// More than any model has, so that a damaged count is an error at once.
const MOST_TENSORS: u32 = 100_000;

/// Whether `bytes` begin as such a file does: the version and the name of a specification.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    let mut reader = Reader { bytes, at: 0 };
    reader.u32() == Ok(VERSION) && reader.text().is_ok_and(|name| name.ends_with("Spec"))
}

/// The tensors by name, with where they lie in `bytes`; what is wrong otherwise.
pub(super) fn table(bytes: &[u8]) -> Result<HashMap<String, Entry>, String> {
    let mut reader = Reader { bytes, at: 0 };
    reader.u32()?;
    reader.text()?;
    let _revision = reader.u32()?;
    let count = reader.u32()?;
    if count > MOST_TENSORS {
        return Err(format!("it claims to have {count} tensors"));
    }
    let mut table = HashMap::new();
    for _ in 0..count {
        let name = reader.text()?;
        let dimensions = reader.take(1)?[0];
        let shape = (0..dimensions)
            .map(|_| reader.u32().map(|size| size as usize))
            .collect::<Result<Vec<_>, _>>()?;
        let (number, width) = match reader.take(1)?[0] {
            0 => (Some(Number::F32), 4),
            1 => (None, 1),
            2 => (None, 2),
            3 => (None, 4),
            4 => (Some(Number::F16), 2),
            5 => (Some(Number::Bf16), 2),
            other => return Err(format!("tensor \"{name}\" has the unknown type {other}")),
        };
        let length = reader.u32()? as usize;
        let expected = shape
            .iter()
            .try_fold(width, |product: usize, size| product.checked_mul(*size));
        if expected != Some(length) {
            return Err(format!(
                "tensor \"{name}\" has {length} bytes for shape {shape:?}"
            ));
        }
        let start = reader.at;
        reader.take(length)?;
        let entry = Entry {
            number,
            shape,
            bytes: start..reader.at,
        };
        table.insert(name, entry);
    }
    Ok(table)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(length);
        let found = end.and_then(|end| self.bytes.get(self.at..end));
        let found = found.ok_or_else(|| format!("it ends at byte {}", self.bytes.len()))?;
        self.at += length;
        Ok(found)
    }

    fn u32(&mut self) -> Result<u32, String> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A length (with the final zero byte) in 16 bits and the text.
    fn text(&mut self) -> Result<String, String> {
        let length = self.take(2)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        let bytes = self.take(length)?;
        let text = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        String::from_utf8(text.to_vec()).map_err(|_| "a name in it is no text".into())
    }
}
