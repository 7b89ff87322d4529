//! A tiny random Llama with a byte-level tokenizer, as the bytes of a GGUF file.

use std::io::Cursor;

use laennec_models::gguf::Gguf;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::writer::{Meta, Writer};

pub(crate) const WIDTH: usize = 32;
pub(crate) const HIDDEN: usize = 64;
pub(crate) const LAYERS: usize = 2;
pub(crate) const HEADS: usize = 4;
pub(crate) const KV_HEADS: usize = 2;
pub(crate) const HEAD: usize = WIDTH / HEADS;
pub(crate) const CONTEXT: usize = 48;
pub(crate) const ROPE_BASE: f64 = 1000.0;
pub(crate) const EPSILON: f64 = 1e-5;

/// Special tokens, then the 256 bytes in GPT-2's alphabet, then a few merged ones.
pub(crate) fn vocabulary() -> (Vec<String>, Vec<i32>, Vec<String>) {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let mut next = 0x100;
    let mut letter = |byte: u8| {
        if printable(byte) {
            return char::from(byte).to_string();
        }
        next += 1;
        char::from_u32(next - 1).unwrap().to_string()
    };
    let mut tokens: Vec<String> = ["<|end|>", "<|start|>"].map(str::to_owned).to_vec();
    let mut kinds = vec![3; tokens.len()];
    tokens.extend((0..=u8::MAX).map(&mut letter));
    let merges: Vec<String> = ["w h", "e e", "wh ee", "Ġ wh", "z e"]
        .map(str::to_owned)
        .to_vec();
    tokens.extend(merges.iter().map(|merge| merge.replace(' ', "")));
    kinds.resize(tokens.len(), 1);
    (tokens, kinds, merges)
}

pub(crate) fn vocabulary_size() -> usize {
    vocabulary().0.len()
}

/// A tensor: name, shape, values.
pub(crate) type Tensor = (String, Vec<usize>, Vec<f32>);

/// The tensors of the model.
pub(crate) fn weights(seed: u64) -> Vec<Tensor> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut tensors = Vec::new();
    let mut add = |name: String, shape: &[usize], centre: f32, spread: f32| {
        let count: usize = shape.iter().product();
        let values = (0..count)
            .map(|_| centre + spread * random.random_range(-1.0f32..1.0))
            .collect();
        tensors.push((name, shape.to_vec(), values));
    };
    add(
        "token_embd.weight".into(),
        &[vocabulary_size(), WIDTH],
        0.0,
        1.0,
    );
    add("output_norm.weight".into(), &[WIDTH], 1.0, 0.3);
    for layer in 0..LAYERS {
        let name = |part: &str| format!("blk.{layer}.{part}.weight");
        add(name("attn_norm"), &[WIDTH], 1.0, 0.3);
        add(name("ffn_norm"), &[WIDTH], 1.0, 0.3);
        add(name("attn_q"), &[WIDTH, WIDTH], 0.0, 0.5);
        add(name("attn_k"), &[KV_HEADS * HEAD, WIDTH], 0.0, 0.5);
        add(name("attn_v"), &[KV_HEADS * HEAD, WIDTH], 0.0, 0.5);
        add(name("attn_output"), &[WIDTH, WIDTH], 0.0, 0.5);
        add(name("ffn_gate"), &[HIDDEN, WIDTH], 0.0, 0.5);
        add(name("ffn_up"), &[HIDDEN, WIDTH], 0.0, 0.5);
        add(name("ffn_down"), &[WIDTH, HIDDEN], 0.0, 0.5);
    }
    tensors
}

pub(crate) fn metadata(writer: &mut Writer) {
    let (tokens, kinds, merges) = vocabulary();
    let template =
        "{% for m in messages %}<|start|>{{ m.role }} {{ m.content }}<|end|>{% endfor %}";
    writer
        .meta("general.architecture", Meta::Text("llama"))
        .meta("llama.context_length", Meta::U32(CONTEXT as u32))
        .meta("llama.embedding_length", Meta::U32(WIDTH as u32))
        .meta("llama.feed_forward_length", Meta::U32(HIDDEN as u32))
        .meta("llama.block_count", Meta::U32(LAYERS as u32))
        .meta("llama.attention.head_count", Meta::U32(HEADS as u32))
        .meta("llama.attention.head_count_kv", Meta::U32(KV_HEADS as u32))
        .meta("llama.rope.freq_base", Meta::F32(ROPE_BASE as f32))
        .meta("llama.rope.dimension_count", Meta::U32(HEAD as u32))
        .meta(
            "llama.attention.layer_norm_rms_epsilon",
            Meta::F32(EPSILON as f32),
        )
        .meta("tokenizer.ggml.model", Meta::Text("gpt2"))
        .meta("tokenizer.ggml.pre", Meta::Text("smollm"))
        .meta("tokenizer.ggml.tokens", Meta::Texts(tokens))
        .meta("tokenizer.ggml.token_type", Meta::I32s(kinds))
        .meta("tokenizer.ggml.merges", Meta::Texts(merges))
        .meta("tokenizer.ggml.bos_token_id", Meta::U32(1))
        .meta("tokenizer.ggml.eos_token_id", Meta::U32(0))
        .meta("tokenizer.ggml.add_bos_token", Meta::Bool(false))
        .meta("tokenizer.chat_template", Meta::Text(template));
}

/// A whole file of the given version.
pub(crate) fn bytes(version: u32) -> Vec<u8> {
    let mut writer = Writer::default();
    metadata(&mut writer);
    for (name, shape, values) in weights(1) {
        writer.tensor_f32(&name, &shape, &values);
    }
    writer.bytes(version)
}

pub(crate) fn open(bytes: Vec<u8>) -> Gguf<Cursor<Vec<u8>>> {
    Gguf::read(Cursor::new(bytes), "tiny.gguf").unwrap()
}
