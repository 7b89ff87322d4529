//! Predictions of probes, computed once: a task, embeddings and a protocol in; probabilities of the
//! judged recordings with each seed out.
//!
//! A fit takes longer than an embedding, and a further encoder changes nothing for the others. One
//! file of little-endian 64-bit floats for each combination, named by the hash of all that it depends
//! on; a damaged one is computed anew.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::encoder::hex;
use super::protocol::{Protocol, SEEDS};
use super::rows::TaskRows;
use crate::error::Error;
use crate::matrix::Matrix;

/// Probabilities `[judged, classes]` with each of [`SEEDS`].
///
/// # Errors
/// A probe cannot be fitted, or the folder cannot be written.
pub(super) fn predictions(
    cache: &Path,
    protocol: Protocol,
    rows: &TaskRows,
    classes: usize,
    features: &Matrix,
) -> Result<Vec<Matrix>, Error> {
    let folder = cache.join("probes");
    let file = folder.join(format!("{}.f64", key(protocol, rows, classes, features)));
    if let Some(kept) = fs::read(&file).ok().and_then(|b| decode(&b, rows, classes)) {
        return Ok(kept);
    }
    let computed = protocol.predict_all(rows, classes, features)?;
    let values = computed.iter().flat_map(Matrix::values);
    let bytes: Vec<u8> = values.flat_map(|v| v.to_le_bytes()).collect();
    fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    let thread = rayon::current_thread_index().unwrap_or(usize::MAX);
    let beside = file.with_extension(format!("{}-{thread}.part", std::process::id()));
    fs::write(&beside, bytes).map_err(Error::io(&beside))?;
    fs::rename(&beside, &file).map_err(Error::io(&file))?;
    Ok(computed)
}

fn key(protocol: Protocol, rows: &TaskRows, classes: usize, features: &Matrix) -> String {
    let mut hash = Sha256::new();
    hash.update(protocol.key());
    let numbers = [
        &rows.fitted_classes,
        &rows.fitted_groups,
        &rows.judged_classes,
        &rows.judged_groups,
    ];
    for part in numbers.into_iter().chain([&vec![classes]]) {
        hash.update((part.len() as u64).to_le_bytes());
        for &number in part {
            hash.update((number as u64).to_le_bytes());
        }
    }
    for &row in rows.fitted.iter().chain(&rows.judged) {
        for value in features.row(row) {
            hash.update(value.to_le_bytes());
        }
    }
    hex(&hash.finalize())[..32].to_owned()
}

/// None where the bytes are no such file.
fn decode(bytes: &[u8], rows: &TaskRows, classes: usize) -> Option<Vec<Matrix>> {
    let (values, rest) = bytes.as_chunks::<8>();
    let size = rows.judged.len() * classes;
    if !rest.is_empty() || values.len() != size * SEEDS.len() || size == 0 {
        return None;
    }
    let values: Vec<f64> = values.iter().map(|b| f64::from_le_bytes(*b)).collect();
    let matrix = |part: &[f64]| Matrix::new(rows.judged.len(), classes, part.to_vec()).ok();
    values.chunks_exact(size).map(matrix).collect()
}
