//! Rows to Arrow arrays: the plain, optional and nested columns of a batch.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, StringArray, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{Field, Fields};
use arrow::error::ArrowError;

/// A text column.
pub(super) fn texts<'a, T>(rows: &'a [T], get: impl Fn(&'a T) -> &'a str) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(rows.iter().map(get)))
}

/// A text column with nulls.
pub(super) fn optional_texts<'a, T>(
    rows: &'a [T],
    get: impl Fn(&'a T) -> Option<&'a str>,
) -> ArrayRef {
    Arc::new(rows.iter().map(get).collect::<StringArray>())
}

/// A column of structures from the columns of their fields; null where `valid` is false.
pub(super) fn structures(
    fields: Fields,
    columns: Vec<ArrayRef>,
    valid: Option<Vec<bool>>,
) -> Result<ArrayRef, ArrowError> {
    let nulls = valid.map(NullBuffer::from);
    Ok(Arc::new(StructArray::try_new(fields, columns, nulls)?))
}

/// A list column from its items, one after another, and the length of each list.
pub(crate) fn lists(
    items: ArrayRef,
    lengths: impl Iterator<Item = usize>,
) -> Result<ArrayRef, ArrowError> {
    let item = Field::new("item", items.data_type().clone(), false);
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(
        Arc::new(item),
        offsets,
        items,
        None,
    )?))
}
