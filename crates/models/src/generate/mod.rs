//! Text generation: in come a decoder, a tokenizer and the tokens of a prompt, out comes text,
//! piece by piece.

mod options;
mod sampler;
mod stop;

use std::ops::ControlFlow;

use crate::llama::{self, Cache, Config, Llama, QuantisedCache, QuantisedLlama};
use crate::tokenizer::{self, Tokenizer, Utf8Stream};

pub use options::{Options, Sampling};
pub use sampler::Sampler;
pub use stop::StopStrings;

/// Why text could not be generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The decoder refused the tokens.
    #[error(transparent)]
    Decoder(#[from] llama::Error),
    /// A token has no bytes.
    #[error(transparent)]
    Tokenizer(#[from] tokenizer::Error),
    /// An option outside its range.
    #[error("the option {option} is {found}; expected {expected}")]
    Option {
        /// The option.
        option: &'static str,
        /// Its value.
        found: f32,
        /// What is allowed.
        expected: &'static str,
    },
    /// The decoder gave logits that are not numbers.
    #[error("the decoder's logits after {length} tokens are not finite")]
    NotFinite {
        /// Tokens in the cache.
        length: usize,
    },
}

/// A decoder that continues a sequence of tokens, with a cache of what it has seen.
pub trait Decoder {
    /// What is kept of the sequence.
    type Cache;

    /// The model's hyperparameters.
    fn config(&self) -> &Config;

    /// The state before the first token.
    fn start(&self) -> Self::Cache;

    /// Number of tokens in the cache.
    fn length(&self, cache: &Self::Cache) -> usize;

    /// Takes tokens into the cache and gives the logits of the next one, `[vocabulary]`.
    fn next_logits(
        &self,
        cache: &mut Self::Cache,
        tokens: &[u32],
    ) -> Result<Vec<f32>, llama::Error>;
}

impl Decoder for Llama {
    type Cache = Cache;

    fn config(&self) -> &Config {
        self.config()
    }

    fn start(&self) -> Cache {
        self.cache()
    }

    fn length(&self, cache: &Cache) -> usize {
        cache.length()
    }

    fn next_logits(&self, cache: &mut Cache, tokens: &[u32]) -> Result<Vec<f32>, llama::Error> {
        self.next_logits(cache, tokens)
    }
}

impl Decoder for QuantisedLlama {
    type Cache = QuantisedCache;

    fn config(&self) -> &Config {
        self.config()
    }

    fn start(&self) -> QuantisedCache {
        self.cache()
    }

    fn length(&self, cache: &QuantisedCache) -> usize {
        cache.length()
    }

    fn next_logits(
        &self,
        cache: &mut QuantisedCache,
        tokens: &[u32],
    ) -> Result<Vec<f32>, llama::Error> {
        self.next_logits(cache, tokens)
    }
}

/// Why generation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// The model ended its turn.
    EndToken(u32),
    /// One of the stop strings was written; it is not part of the text.
    StopString(String),
    /// As many tokens as allowed were written.
    MaxTokens,
    /// The model's context is full.
    ContextFull,
    /// The receiver of the text asked to stop.
    Receiver,
}

/// What was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// The text without stop strings and special tokens.
    pub text: String,
    /// The tokens, the ending one not included.
    pub tokens: Vec<u32>,
    /// Why it ended.
    pub stop: StopReason,
}

/// Continues `prompt` on a fresh cache. `receive` gets the text in whole characters as it grows,
/// and may stop it.
pub fn generate<D: Decoder>(
    decoder: &D,
    tokenizer: &Tokenizer,
    prompt: &[u32],
    options: &Options,
    receive: impl FnMut(&str) -> ControlFlow<()>,
) -> Result<Generation, Error> {
    let mut cache = decoder.start();
    let logits = decoder.next_logits(&mut cache, prompt)?;
    continue_from(decoder, tokenizer, &mut cache, logits, options, receive)
}

/// Generates from a cache that already holds a prompt (tokens, embeddings of another encoder, or a
/// shared beginning), and the logits that follow it.
pub fn continue_from<D: Decoder>(
    decoder: &D,
    tokenizer: &Tokenizer,
    cache: &mut D::Cache,
    mut logits: Vec<f32>,
    options: &Options,
    mut receive: impl FnMut(&str) -> ControlFlow<()>,
) -> Result<Generation, Error> {
    let mut sampler = Sampler::new(options)?;
    let mut stops = StopStrings::new(&options.stop);
    let mut characters = Utf8Stream::default();
    let mut text = String::new();
    let mut tokens = Vec::new();
    // Gives text on; true where the receiver wants no more.
    let mut give = |text: &mut String, piece: &str| {
        text.push_str(piece);
        !piece.is_empty() && receive(piece).is_break()
    };

    let stop = loop {
        if tokens.len() == options.max_tokens {
            break StopReason::MaxTokens;
        }
        let Some(token) = sampler.next(&mut logits) else {
            return Err(Error::NotFinite {
                length: decoder.length(cache),
            });
        };
        if tokenizer.eos() == Some(token) || options.end_tokens.contains(&token) {
            break StopReason::EndToken(token);
        }
        tokens.push(token);
        let (piece, found) = stops.push(&characters.push(tokenizer.token_bytes(token)?));
        if give(&mut text, &piece) {
            return Ok(Generation {
                text,
                tokens,
                stop: StopReason::Receiver,
            });
        }
        if let Some(found) = found {
            return Ok(Generation {
                text,
                tokens,
                stop: StopReason::StopString(found),
            });
        }
        if decoder.length(cache) == decoder.config().context {
            break StopReason::ContextFull;
        }
        if tokens.len() < options.max_tokens {
            logits = decoder.next_logits(cache, &[token])?;
        }
    };
    // What was held back, as the beginning of a character or of a stop string, belongs to the text
    // after all.
    let (piece, found) = stops.push(&characters.finish());
    give(&mut text, &piece);
    if let Some(found) = found {
        return Ok(Generation {
            text,
            tokens,
            stop: StopReason::StopString(found),
        });
    }
    give(&mut text, &stops.finish());
    Ok(Generation { text, tokens, stop })
}
