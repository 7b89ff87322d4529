//! Embeddings of texts, computed once: a teacher, a folder and texts in, one vector a text out.
//!
//! The folder holds one safetensors file a teacher, named by the hash of its identity; in it each
//! vector is named by the SHA-256 of its text. The file holds no text.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::Path,
};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::Teacher;
use crate::{Error, registry::sha256_hex};

/// Vectors of `texts`, in their order; those that `folder` does not hold yet are computed and added.
/// A damaged cache file is computed anew.
///
/// # Errors
/// The teacher fails, or the cache cannot be written.
pub fn cached(
    teacher: &dyn Teacher,
    folder: &Path,
    texts: &[String],
) -> Result<Vec<Vec<f32>>, Error> {
    let name = sha256_hex(teacher.identity().as_bytes());
    let path = folder.join(format!("teacher-{}.safetensors", &name[..16]));
    let mut known = fs::read(&path)
        .ok()
        .and_then(|bytes| parse(&bytes, teacher.width()))
        .unwrap_or_default();
    let keys: Vec<String> = texts.iter().map(|t| sha256_hex(t.as_bytes())).collect();
    let mut seen = BTreeSet::new();
    let missing: Vec<usize> = (0..texts.len())
        .filter(|&i| !known.contains_key(&keys[i]) && seen.insert(&keys[i]))
        .collect();
    if !missing.is_empty() {
        let wanted: Vec<&str> = missing.iter().map(|&i| texts[i].as_str()).collect();
        for (&i, vector) in missing.iter().zip(teacher.embed(&wanted)?) {
            known.insert(keys[i].clone(), vector);
        }
        write(folder, &path, &known)?;
    }
    Ok(keys.iter().map(|key| known[key].clone()).collect())
}

/// `None` where the bytes are no such cache.
fn parse(bytes: &[u8], width: usize) -> Option<BTreeMap<String, Vec<f32>>> {
    let tensors = SafeTensors::deserialize(bytes).ok()?;
    tensors
        .iter()
        .map(|(name, view)| {
            let fits = view.dtype() == Dtype::F32 && view.shape() == [width];
            let values = view.data().chunks_exact(4);
            let values = values.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            fits.then(|| (name.to_owned(), values.collect()))
        })
        .collect()
}

fn write(folder: &Path, path: &Path, known: &BTreeMap<String, Vec<f32>>) -> Result<(), Error> {
    let failed = |source| Error::Write {
        path: path.to_path_buf(),
        source,
    };
    let invalid = |source| Error::Safetensors {
        path: path.to_path_buf(),
        source,
    };
    let stored: Vec<(&String, Vec<u8>)> = known
        .iter()
        .map(|(key, v)| (key, v.iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let views = stored
        .iter()
        .map(|(key, bytes)| {
            let view = TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes);
            Ok((key.as_str(), view.map_err(invalid)?))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let none: Option<HashMap<String, String>> = None;
    let bytes = safetensors::serialize(views, none).map_err(invalid)?;
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}
