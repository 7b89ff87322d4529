//! What shape a decoder has: in come the metadata of a GGUF file, out goes a checked configuration.

use crate::gguf::Metadata;

use super::Error;

/// The model families that the decoder covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Llama, SmolLM2: no biases; GGUF stores query and key rows for interleaved rotary embeddings.
    Llama,
    /// Qwen2: biases on query, key and value; rows as in Hugging Face.
    Qwen2,
}

/// The hyperparameters of one decoder.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The model family.
    pub architecture: Architecture,
    /// Number of tokens in the vocabulary.
    pub vocabulary: usize,
    /// Longest sequence in tokens.
    pub context: usize,
    /// Width of the hidden states.
    pub width: usize,
    /// Width within the feed-forward layers.
    pub hidden: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Number of query heads.
    pub heads: usize,
    /// Number of key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Width of one head; even.
    pub head_width: usize,
    /// Base of the rotary frequencies.
    pub rope_base: f64,
    /// Added to the mean square before its root in the norms.
    pub norm_epsilon: f64,
    /// Whether the output head is the embedding matrix.
    pub tied_head: bool,
}

/// The largest count that a hyperparameter may have; tensor shapes, and so memory, are bounded by the file itself.
const LARGEST: usize = 1 << 24;

impl Config {
    /// Reads `general.architecture` and the hyperparameters; `tied_head` says that the file has no tensor of its own for
    /// the output head.
    pub fn from_gguf(metadata: &Metadata, tied_head: bool) -> Result<Self, Error> {
        let name = metadata.require_text("general.architecture")?;
        let architecture = match name {
            "llama" => Architecture::Llama,
            "qwen2" => Architecture::Qwen2,
            other => {
                return Err(Error::Architecture {
                    file: metadata.file().to_owned(),
                    found: other.to_owned(),
                });
            }
        };
        let key = |suffix: &str| format!("{name}.{suffix}");
        let count = |suffix: &str| -> Result<usize, Error> {
            let found = metadata.require_count(&key(suffix))?;
            within(metadata, &key(suffix), found, 1, LARGEST)
        };
        let number = |suffix: &str| -> Result<f64, Error> {
            let found = metadata.require_number(&key(suffix))?;
            if found.is_finite() && found > 0.0 {
                return Ok(found);
            }
            Err(hyperparameter(
                metadata,
                &key(suffix),
                &found,
                "a positive number",
            ))
        };

        let width = count("embedding_length")?;
        let heads = count("attention.head_count")?;
        let kv_heads = match metadata.count(&key("attention.head_count_kv"))? {
            Some(found) if found > 0 && heads.is_multiple_of(found) => found,
            None => heads,
            Some(found) => {
                let expected = format!("a divisor of the {heads} heads");
                return Err(hyperparameter(
                    metadata,
                    &key("attention.head_count_kv"),
                    &found,
                    expected,
                ));
            }
        };
        let head_width = match metadata.count(&key("attention.key_length"))? {
            Some(found) => within(metadata, &key("attention.key_length"), found, 2, LARGEST)?,
            None => width / heads,
        };
        if head_width == 0 || !head_width.is_multiple_of(2) {
            return Err(hyperparameter(
                metadata,
                "the width of a head",
                &head_width,
                "a positive even number",
            ));
        }
        for (suffix, expected) in [
            ("rope.dimension_count", head_width),
            ("attention.value_length", head_width),
        ] {
            if let Some(found) = metadata
                .count(&key(suffix))?
                .filter(|found| *found != expected)
            {
                return Err(hyperparameter(
                    metadata,
                    &key(suffix),
                    &found,
                    format!("the width of a head, {expected}"),
                ));
            }
        }
        if let Some(found) = metadata
            .text(&key("rope.scaling.type"))?
            .filter(|found| *found != "none")
        {
            return Err(hyperparameter(
                metadata,
                &key("rope.scaling.type"),
                &found,
                "none",
            ));
        }
        let rows = metadata.require_texts("tokenizer.ggml.tokens")?.len();
        Ok(Self {
            architecture,
            vocabulary: within(metadata, "the number of tokens", rows, 1, LARGEST)?,
            context: count("context_length")?,
            width,
            hidden: count("feed_forward_length")?,
            layers: within(
                metadata,
                &key("block_count"),
                count("block_count")?,
                1,
                4096,
            )?,
            heads,
            kv_heads,
            head_width,
            rope_base: number("rope.freq_base")?,
            norm_epsilon: number("attention.layer_norm_rms_epsilon")?,
            tied_head,
        })
    }

    /// Whether query, key and value have biases.
    pub fn attention_bias(&self) -> bool {
        self.architecture == Architecture::Qwen2
    }

    /// Width of all query heads together.
    pub fn query_width(&self) -> usize {
        self.heads * self.head_width
    }

    /// Width of all key heads together, and of all value heads.
    pub fn kv_width(&self) -> usize {
        self.kv_heads * self.head_width
    }

    /// Checks that `new` more positions fit after `past`.
    pub(super) fn fits(&self, past: usize, new: usize) -> Result<(), Error> {
        if new == 0 {
            return Err(Error::Empty);
        }
        let length = past + new;
        if length > self.context {
            return Err(Error::ContextFull {
                length,
                context: self.context,
            });
        }
        Ok(())
    }

    /// Checks that all token ids lie within the vocabulary.
    pub(super) fn known(&self, tokens: &[u32]) -> Result<(), Error> {
        match tokens.iter().find(|id| **id as usize >= self.vocabulary) {
            Some(id) => Err(Error::UnknownToken {
                id: *id,
                vocabulary: self.vocabulary,
            }),
            None => Ok(()),
        }
    }
}

fn hyperparameter(
    metadata: &Metadata,
    field: &str,
    found: &dyn std::fmt::Display,
    expected: impl Into<String>,
) -> Error {
    Error::Hyperparameter {
        file: metadata.file().to_owned(),
        field: field.to_owned(),
        found: found.to_string(),
        expected: expected.into(),
    }
}

fn within(
    metadata: &Metadata,
    field: &str,
    found: usize,
    least: usize,
    most: usize,
) -> Result<usize, Error> {
    if (least..=most).contains(&found) {
        return Ok(found);
    }
    Err(hyperparameter(
        metadata,
        field,
        &found,
        format!("{least} to {most}"),
    ))
}
