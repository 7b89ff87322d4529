//! Frozen language models as teachers: texts in, one vector a text out.
//!
//! [`TextEncoder`] is a BERT with its tokenizer (all-MiniLM-L6-v2), [`Decoder`] the language model
//! that also writes reports (SmolLM2), [`RandomTeacher`] a control that knows nothing of language.
//! Embeddings are computed once: [`cached`] keeps them by the hash of model, pooling and text.

mod bert;
mod cache;
mod decoder;
mod pooling;
mod random;
mod text_encoder;

use std::path::Path;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

pub use bert::{Bert, BertConfig};
pub use cache::cached;
pub use decoder::Decoder;
pub use pooling::Pooling;
pub use random::RandomTeacher;
pub use text_encoder::TextEncoder;

use crate::Error;

/// The text encoder's name in recipes and in the lock file.
pub const MINILM: &str = "all-minilm-l6-v2";
/// The decoder's name in recipes and in the lock file.
pub const SMOLLM2: &str = "smollm2-135m-instruct-q4_1";
/// The decoder's file in the models folder.
const SMOLLM2_FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// Key of the [`TeacherConfig`] that taught an encoder, as JSON, in the header of its weights.
pub const TEACHER_KEY: &str = "teacher";

/// A frozen model that turns texts into vectors.
pub trait Teacher {
    /// What the vectors depend on besides the text: SHA-256 of the weights, layer, pooling.
    fn identity(&self) -> String;

    /// Values of a vector.
    fn width(&self) -> usize;

    /// One vector a text, in their order.
    ///
    /// # Errors
    /// A text cannot be tokenised or is longer than the model's context.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error>;
}

/// Which teacher, as a recipe says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherConfig {
    /// [`MINILM`], [`SMOLLM2`], or the path of another decoder's GGUF file, from the models folder
    /// on.
    pub model: String,
    /// How the vectors of the tokens become one.
    pub pooling: Pooling,
    /// After how many layers; without it, after all.
    #[serde(default)]
    pub layer: Option<usize>,
}

impl TeacherConfig {
    /// Loads the teacher from the models folder, where `laennec models pull` puts it.
    ///
    /// # Errors
    /// The files are not there or damaged, or the name or the layer does not exist.
    pub fn open(&self, models: &Path, device: &Device) -> Result<Box<dyn Teacher>, Error> {
        let file = match self.model.as_str() {
            SMOLLM2 => SMOLLM2_FILE,
            model => model,
        };
        match file {
            MINILM => {
                let folder = models.join(MINILM);
                let encoder = TextEncoder::open(&folder, &BertConfig::minilm(), device)?;
                Ok(Box::new(encoder.with(self.pooling, self.layer)?))
            }
            file if Path::new(file).extension().is_some_and(|e| e == "gguf") => {
                let decoder = Decoder::open(&models.join(file), device)?;
                Ok(Box::new(decoder.with(self.pooling, self.layer)?))
            }
            other => Err(Error::Teacher {
                found: other.to_owned(),
                expected: format!("{MINILM}, {SMOLLM2} or the path of a .gguf file"),
            }),
        }
    }
}

/// The layer to read: `wanted`, or the last of `layers`.
fn checked_layer(wanted: Option<usize>, layers: usize) -> Result<usize, Error> {
    match wanted {
        None => Ok(layers),
        Some(layer) if layer <= layers => Ok(layer),
        Some(layer) => Err(Error::Teacher {
            found: format!("layer {layer}"),
            expected: format!("0 (the embeddings) to {layers}"),
        }),
    }
}
