//! What shape a decoder has: in come the metadata of a GGUF file, out goes a checked configuration.

use std::fmt::Display;

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

/// The largest count that a hyperparameter may have; tensor shapes, and so memory, are bounded by
/// the file itself.
const LARGEST: usize = 1 << 24;

impl Config {
    /// Reads `general.architecture` and the hyperparameters; `tied_head` says that the file has no
    /// tensor of its own for the output head.
    pub fn from_gguf(metadata: &Metadata, tied_head: bool) -> Result<Self, Error> {
        let family = metadata.require_text("general.architecture")?;
        let architecture = match family {
            "llama" => Architecture::Llama,
            "qwen2" => Architecture::Qwen2,
            other => {
                return Err(Error::Architecture {
                    file: metadata.file().to_owned(),
                    found: other.to_owned(),
                });
            }
        };
        let fields = Fields { metadata, family };
        let width = fields.count("embedding_length", LARGEST)?;
        let (heads, kv_heads, head_width) = fields.heads(width)?;
        let scaling = fields.key("rope.scaling.type");
        if let Some(found) = metadata.text(&scaling)?.filter(|found| *found != "none") {
            return Err(fields.wrong(&scaling, &found, "none"));
        }
        let vocabulary = metadata.require_texts("tokenizer.ggml.tokens")?.len();
        if vocabulary == 0 {
            return Err(fields.wrong("the number of tokens", &vocabulary, "at least 1"));
        }
        Ok(Self {
            architecture,
            vocabulary,
            context: fields.count("context_length", LARGEST)?,
            width,
            hidden: fields.count("feed_forward_length", LARGEST)?,
            layers: fields.count("block_count", 4096)?,
            heads,
            kv_heads,
            head_width,
            rope_base: fields.positive("rope.freq_base")?,
            norm_epsilon: fields.positive("attention.layer_norm_rms_epsilon")?,
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

/// The metadata of one model family, whose keys begin with its name.
struct Fields<'a> {
    metadata: &'a Metadata,
    family: &'a str,
}

impl Fields<'_> {
    fn key(&self, suffix: &str) -> String {
        format!("{}.{suffix}", self.family)
    }

    fn wrong(&self, field: &str, found: &dyn Display, expected: impl Into<String>) -> Error {
        Error::Hyperparameter {
            file: self.metadata.file().to_owned(),
            field: field.to_owned(),
            found: found.to_string(),
            expected: expected.into(),
        }
    }

    /// A count from 1 to `most`.
    fn count(&self, suffix: &str, most: usize) -> Result<usize, Error> {
        let key = self.key(suffix);
        match self.metadata.require_count(&key)? {
            found if (1..=most).contains(&found) => Ok(found),
            found => Err(self.wrong(&key, &found, format!("1 to {most}"))),
        }
    }

    fn positive(&self, suffix: &str) -> Result<f64, Error> {
        let key = self.key(suffix);
        match self.metadata.require_number(&key)? {
            found if found.is_finite() && found > 0.0 => Ok(found),
            found => Err(self.wrong(&key, &found, "a positive number")),
        }
    }

    /// Query heads, key and value heads, and the width of one.
    fn heads(&self, width: usize) -> Result<(usize, usize, usize), Error> {
        let heads = self.count("attention.head_count", LARGEST)?;
        let key = self.key("attention.head_count_kv");
        let kv_heads = self.metadata.count(&key)?.unwrap_or(heads);
        if kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
            let expected = format!("a divisor of the {heads} heads");
            return Err(self.wrong(&key, &kv_heads, expected));
        }
        let key = self.key("attention.key_length");
        let head_width = self.metadata.count(&key)?.unwrap_or(width / heads);
        if !(2..=LARGEST).contains(&head_width) || !head_width.is_multiple_of(2) {
            let expected = format!("an even number from 2 to {LARGEST}");
            return Err(self.wrong("the width of a head", &head_width, expected));
        }
        for suffix in ["rope.dimension_count", "attention.value_length"] {
            let key = self.key(suffix);
            let found = self.metadata.count(&key)?.unwrap_or(head_width);
            if found != head_width {
                let expected = format!("the width of a head, {head_width}");
                return Err(self.wrong(&key, &found, expected));
            }
        }
        Ok((heads, kv_heads, head_width))
    }
}
