//! Byte-level BPE tokenizer from GGUF metadata: text in, token ids out, and back.
//!
//! Encoding is done by the `tokenizers` crate; decoding joins the bytes of the tokens, so that a
//! stream of tokens can be cut at any place and [`Utf8Stream`] still yields whole characters.

use std::collections::HashMap;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::{AddedToken, PreTokenizerWrapper};

use crate::gguf::Metadata;

/// Why a tokenizer could not be made, or a text not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The metadata lack a field, or hold one of a wrong type.
    #[error(transparent)]
    Gguf(#[from] crate::gguf::Error),
    /// A kind of tokenizer that this program does not know.
    #[error("{file}: {key} is \"{found}\"; supported: {supported}")]
    Unsupported {
        /// The file.
        file: String,
        /// The metadata key.
        key: &'static str,
        /// Its value.
        found: String,
        /// The values that are supported.
        supported: &'static str,
    },
    /// Token list, token types, merges or special ids that do not fit each other.
    #[error("{file}: the tokenizer is inconsistent: {problem}")]
    Inconsistent {
        /// The file.
        file: String,
        /// What does not fit.
        problem: String,
    },
    /// The `tokenizers` crate refused a vocabulary or a text.
    #[error("the tokenizer failed: {0}")]
    Library(String),
    /// A token id outside the vocabulary.
    #[error("token {id} is outside the vocabulary of {vocabulary} tokens")]
    UnknownToken {
        /// The id.
        id: u32,
        /// The size of the vocabulary.
        vocabulary: usize,
    },
}

/// The number that GGUF gives to control tokens in `tokenizer.ggml.token_type`.
const CONTROL: i64 = 3;

/// A byte-level BPE tokenizer with its special tokens.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    plain: tokenizers::Tokenizer,
    /// The bytes of each token, by id; for a special token the bytes of its name.
    bytes: Vec<Vec<u8>>,
    special: Vec<bool>,
    bos: Option<u32>,
    eos: Option<u32>,
    add_bos: bool,
}

impl Tokenizer {
    /// Builds the tokenizer that the file describes (`tokenizer.ggml.*`).
    pub fn from_gguf(metadata: &Metadata) -> Result<Self, Error> {
        let file = metadata.file();
        let model = metadata.require_text("tokenizer.ggml.model")?;
        if model != "gpt2" {
            return Err(Error::Unsupported {
                file: file.to_owned(),
                key: "tokenizer.ggml.model",
                found: model.to_owned(),
                supported: "gpt2 (byte-level BPE)",
            });
        }
        let splitter = pre_tokenizer(metadata)?;
        let inconsistent = |problem: String| Error::Inconsistent {
            file: file.to_owned(),
            problem,
        };

        let tokens = metadata.require_texts("tokenizer.ggml.tokens")?;
        let kinds = metadata.require_integers("tokenizer.ggml.token_type")?;
        if tokens.len() != kinds.len() {
            return Err(inconsistent(format!(
                "{} tokens, but {} token types",
                tokens.len(),
                kinds.len()
            )));
        }
        let special: Vec<bool> = kinds.iter().map(|kind| *kind == CONTROL).collect();
        let mut vocabulary = Vocab::default();
        for (id, token) in tokens.iter().enumerate() {
            if vocabulary.insert(token.clone(), id as u32).is_some() {
                return Err(inconsistent(format!("the token {token:?} occurs twice")));
            }
        }
        let alphabet = byte_alphabet();
        let bytes = tokens
            .iter()
            .zip(&special)
            .map(|(token, special)| {
                if *special {
                    Some(token.as_bytes().to_vec())
                } else {
                    spelled(token, &alphabet)
                }
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| {
                inconsistent("a token is not spelled in the byte-level alphabet".to_owned())
            })?;

        let merges = metadata
            .require_texts("tokenizer.ggml.merges")?
            .iter()
            .map(|merge| match merge.split_once(' ') {
                Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
                None => Err(inconsistent(format!(
                    "the merge {merge:?} is not two tokens with a space between"
                ))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let bpe = BPE::builder()
            .vocab_and_merges(vocabulary, merges)
            .build()
            .map_err(|error| inconsistent(error.to_string()))?;

        let mut plain = tokenizers::Tokenizer::new(bpe);
        plain.with_pre_tokenizer(Some(splitter));
        let mut inner = plain.clone();
        let added = tokens
            .iter()
            .zip(&special)
            .filter(|(_, special)| **special)
            .map(|(token, _)| AddedToken::from(token.as_str(), true));
        inner
            .add_special_tokens(added)
            .map_err(|error| Error::Library(error.to_string()))?;

        let id = |key: &str| -> Result<Option<u32>, Error> {
            match metadata.count(key)? {
                Some(id) if id >= tokens.len() => {
                    Err(inconsistent(format!("{key} is {id} of {}", tokens.len())))
                }
                id => Ok(id.map(|id| id as u32)),
            }
        };
        Ok(Self {
            inner,
            plain,
            bos: id("tokenizer.ggml.bos_token_id")?,
            eos: id("tokenizer.ggml.eos_token_id")?,
            add_bos: metadata
                .flag("tokenizer.ggml.add_bos_token")?
                .unwrap_or(false),
            bytes,
            special,
        })
    }

    /// Number of tokens.
    pub fn vocabulary(&self) -> usize {
        self.bytes.len()
    }

    /// The token that begins a text, where the file names one.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// The token that ends a text or a turn, where the file names one.
    pub fn eos(&self) -> Option<u32> {
        self.eos
    }

    /// Whether the file wants the beginning token before each text. [`Self::encode`] never adds it
    /// by itself, because a chat template writes it out.
    pub fn adds_bos(&self) -> bool {
        self.add_bos
    }

    /// The id of a token by its spelling in the file (`<|im_end|>`).
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Whether the token is a control token, which has no text of its own.
    pub fn is_special(&self, id: u32) -> bool {
        self.special.get(id as usize).copied().unwrap_or(false)
    }

    /// The first special token that is spelled out in the text, if any.
    pub fn special_in(&self, text: &str) -> Option<&str> {
        self.special_tokens().find(|token| text.contains(token))
    }

    /// The spellings of all special tokens, in the order of their ids.
    pub fn special_tokens(&self) -> impl Iterator<Item = &str> {
        let special = self
            .bytes
            .iter()
            .zip(&self.special)
            .filter(|(_, special)| **special);
        special.filter_map(|(bytes, _)| std::str::from_utf8(bytes).ok())
    }

    /// Token ids of a text in which special tokens are spelled out, as a chat template writes it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, Error> {
        ids(&self.inner, text)
    }

    /// Token ids of a text that is nothing but text: a special token spelled in it becomes ordinary
    /// tokens.
    pub fn encode_plain(&self, text: &str) -> Result<Vec<u32>, Error> {
        ids(&self.plain, text)
    }

    /// The bytes of one token; empty for a special token. They need not be whole characters.
    pub fn token_bytes(&self, id: u32) -> Result<&[u8], Error> {
        match self.bytes.get(id as usize) {
            None => Err(Error::UnknownToken {
                id,
                vocabulary: self.vocabulary(),
            }),
            Some(_) if self.is_special(id) => Ok(&[]),
            Some(bytes) => Ok(bytes),
        }
    }

    /// The text of a list of tokens without the special ones; bytes that are not UTF-8 become
    /// U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> Result<String, Error> {
        let mut bytes = Vec::new();
        for id in ids {
            bytes.extend_from_slice(self.token_bytes(*id)?);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn ids(tokenizer: &tokenizers::Tokenizer, text: &str) -> Result<Vec<u32>, Error> {
    let encoding = tokenizer
        .encode_fast(text, false)
        .map_err(|error| Error::Library(error.to_string()))?;
    Ok(encoding.get_ids().to_vec())
}

/// How text is cut before merging, by `tokenizer.ggml.pre` (the names of llama.cpp).
fn pre_tokenizer(metadata: &Metadata) -> Result<Sequence, Error> {
    let key = "tokenizer.ggml.pre";
    let bytes = PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true));
    match metadata.text(key)?.unwrap_or("default") {
        "smollm" => Ok(Sequence::new(vec![
            PreTokenizerWrapper::Digits(Digits::new(true)),
            bytes,
        ])),
        "gpt-2" => Ok(Sequence::new(vec![bytes])),
        found => Err(Error::Unsupported {
            file: metadata.file().to_owned(),
            key: "tokenizer.ggml.pre",
            found: found.to_owned(),
            supported: "smollm, gpt-2",
        }),
    }
}

/// GPT-2's alphabet, which writes each byte as one printable character: printable Latin-1 bytes
/// stand for themselves, the 68 others for U+0100 onward (`bytes_to_unicode` in `encoder.py` of
/// `openai/gpt-2`).
fn byte_alphabet() -> HashMap<char, u8> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let themselves = (0..=u8::MAX)
        .filter(|byte| printable(*byte))
        .map(|byte| (char::from(byte), byte));
    let others = (0..=u8::MAX).filter(|byte| !printable(*byte));
    themselves.chain(('\u{100}'..).zip(others)).collect()
}

fn spelled(token: &str, alphabet: &HashMap<char, u8>) -> Option<Vec<u8>> {
    token
        .chars()
        .map(|character| alphabet.get(&character).copied())
        .collect()
}

/// Turns pieces of bytes into text as soon as characters are whole.
#[derive(Debug, Default)]
pub struct Utf8Stream {
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// Takes more bytes and gives the text that is complete now. Bytes that can never become a
    /// character turn into U+FFFD, just as when the whole is decoded at once.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            if invalid.is_empty() {
                continue;
            }
            // An incomplete character at the very end may still be completed.
            let at_end = done + invalid.len() == self.pending.len();
            if at_end
                && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none())
            {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            done += invalid.len();
        }
        self.pending.drain(..done);
        text
    }

    /// Ends the stream: what is left of an incomplete character.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.pending).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_all_bytes_once() {
        let alphabet = byte_alphabet();
        assert_eq!(alphabet.len(), 256);
        let mut bytes: Vec<u8> = alphabet.values().copied().collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
        assert_eq!(alphabet[&'Ġ'], b' ');
        assert_eq!(alphabet[&'Ċ'], b'\n');
    }

    #[test]
    fn a_stream_cut_anywhere_equals_the_whole() {
        let text = "Wheeze → «râle» 🫁, Ω; then";
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend([0xFF, b'a', 0xE2, 0x82, b'b', 0xF0, 0x9F]);
        let whole = String::from_utf8_lossy(&bytes).into_owned();
        for size in 1..7 {
            let mut stream = Utf8Stream::default();
            let mut joined: String = bytes.chunks(size).map(|piece| stream.push(piece)).collect();
            joined.push_str(&stream.finish());
            assert_eq!(joined, whole, "pieces of {size}");
        }
    }

    #[test]
    fn an_incomplete_character_waits() {
        let mut stream = Utf8Stream::default();
        assert_eq!(stream.push(&[b'a', 0xE2, 0x86]), "a");
        assert_eq!(stream.push(&[0x92]), "→");
        assert_eq!(stream.finish(), "");
    }
}
