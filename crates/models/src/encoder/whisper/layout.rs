//! The two layouts of Whisper files: a file comes in, tensors under Hugging Face's names go out.
//!
//! `CTranslate2` names the layers by number and stores queries, keys and values as one matrix.

use std::path::Path;

use super::WhisperSize;
use crate::Error;
use crate::encoder::checkpoint::Checkpoint;
use crate::mobilenet::weights::Source;

/// Width of a head, the same in all sizes of Whisper.
pub(super) const HEAD_WIDTH: usize = 64;

/// A Whisper file of either layout.
pub(super) struct File {
    checkpoint: Checkpoint,
    ctranslate2: bool,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let checkpoint = Checkpoint::open(path)?;
        let ctranslate2 = checkpoint.has("encoder/conv1/weight");
        // The decoder has layers and positions too; only the encoder has convolutions.
        let checkpoint = if ctranslate2 {
            checkpoint
        } else {
            checkpoint.rooted_at("conv1.weight")
        };
        Ok(Self {
            checkpoint,
            ctranslate2,
        })
    }

    /// The sizes that the tensors have; those of `tiny` where a tensor is missing, so that the
    /// error names it.
    pub(super) fn size(&self) -> WhisperSize {
        let shape = |name: &str| self.checkpoint.shape(&self.stored(name).0);
        let (convolution, positions) = (shape("conv1.weight"), shape("embed_positions.weight"));
        let (Some([width, bands, _]), Some([positions, _])) =
            (convolution.as_deref(), positions.as_deref())
        else {
            return WhisperSize::TINY;
        };
        let norm = |layer: usize| format!("layers.{layer}.final_layer_norm.weight");
        let layers = (0..).take_while(|layer| self.checkpoint.has(&self.stored(&norm(*layer)).0));
        WhisperSize {
            bands: *bands,
            width: *width,
            layers: layers.count().max(1),
            positions: *positions,
        }
    }

    /// The name of a tensor in the file, and which third of it is meant where it is a joint one.
    fn stored(&self, name: &str) -> (String, Option<usize>) {
        if !self.ctranslate2 {
            return (name.to_owned(), None);
        }
        let (path, kind) = name.rsplit_once('.').unwrap_or((name, ""));
        if path == "embed_positions" {
            return ("encoder/position_encodings/encodings".into(), None);
        }
        let (place, part) = match path.strip_prefix("layers.").and_then(|p| p.split_once('.')) {
            Some((layer, part)) => (format!("encoder/layer_{layer}"), part),
            None => ("encoder".to_owned(), path),
        };
        let (part, third) = match part {
            "self_attn.q_proj" => ("self_attention/linear_0", Some(0)),
            "self_attn.k_proj" => ("self_attention/linear_0", Some(1)),
            "self_attn.v_proj" => ("self_attention/linear_0", Some(2)),
            "self_attn.out_proj" => ("self_attention/linear_1", None),
            "self_attn_layer_norm" => ("self_attention/layer_norm", None),
            "final_layer_norm" => ("ffn/layer_norm", None),
            "fc1" => ("ffn/linear_0", None),
            "fc2" => ("ffn/linear_1", None),
            other => (other, None),
        };
        let kind = match kind {
            "weight" if part.ends_with("layer_norm") => "gamma",
            "bias" if part.ends_with("layer_norm") => "beta",
            kind => kind,
        };
        (format!("{place}/{part}/{kind}"), third)
    }
}

impl Source for File {
    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let (stored, third) = self.stored(name);
        let Some(third) = third else {
            return self.checkpoint.values(&stored, shape);
        };
        let mut joint = shape.to_vec();
        if let Some(rows) = joint.first_mut() {
            *rows *= 3;
        }
        let values = self.checkpoint.values(&stored, &joint)?;
        let length = values.len() / 3;
        Ok(values[third * length..(third + 1) * length].to_vec())
    }
}
