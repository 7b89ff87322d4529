//! Reads the JSON fixtures, and finds the folder of real models.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A fixture of `tests/fixtures`.
pub(crate) fn json(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn ids(value: &Value) -> Vec<u32> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_u64().unwrap() as u32)
        .collect()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

/// SmolLM2 within the folder that `LAENNEC_MODELS` names; `None`, with a message, where the
/// variable or the file is absent.
pub(crate) fn smollm2() -> Option<PathBuf> {
    let name = "SmolLM2-135M-Instruct.Q4_1.gguf";
    let path = std::env::var_os("LAENNEC_MODELS").map(|folder| PathBuf::from(folder).join(name));
    let path = path.filter(|path| path.is_file());
    if path.is_none() {
        eprintln!("skipped: LAENNEC_MODELS names no folder with {name}");
    }
    path
}
