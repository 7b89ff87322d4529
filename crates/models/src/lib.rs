//! Encoders, the decoder language model, tokenizers, weights in and out, bundles.
