//! Damaged and hostile GGUF files: each is an error that names the file and the field, none a panic
//! or a large allocation.

use std::io::Cursor;

use burn::tensor::Device;
use laennec_models::chat::ChatTemplate;
use laennec_models::gguf::{Error, Gguf};
use laennec_models::llama::{self, Llama};
use laennec_models::tokenizer::Tokenizer;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::tiny;
use crate::writer::{Meta, Writer};

fn read(bytes: Vec<u8>) -> Result<Gguf<Cursor<Vec<u8>>>, Error> {
    Gguf::read(Cursor::new(bytes), "bad.gguf")
}

/// A file with one metadata entry of a raw type and value.
fn with_meta(kind: u32, bytes: &[u8]) -> Vec<u8> {
    Writer::default()
        .meta("k.x", Meta::Raw(kind, bytes.to_vec()))
        .bytes(3)
}

/// A file with one tensor entry, and `data` bytes behind it.
fn with_tensor(shape: &[usize], kind: u32, data: usize) -> Vec<u8> {
    Writer::default()
        .tensor("w", shape, kind, &vec![0; data])
        .bytes(3)
}

fn array(kind: u32, count: u64) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &count.to_le_bytes()].concat()
}

#[test]
fn messages_name_the_file_and_the_field() {
    let mut alignment = Writer::default();
    alignment.meta("general.alignment", Meta::U32(48));
    let mut twice = Writer::default();
    twice.meta("k", Meta::U32(1)).meta("k", Meta::U32(2));
    let mut tensors = Writer::default();
    tensors
        .tensor_f32("w", &[1], &[0.0])
        .tensor_f32("w", &[1], &[0.0]);
    let huge = u64::MAX.to_le_bytes();
    for (bytes, expected) in [
        (b"GGML\x03\0\0\0".to_vec(), "not a GGUF file"),
        (b"GG".to_vec(), "ends within the magic"),
        (b"GGUF\x04\0\0\0".to_vec(), "version 4"),
        (b"GGUF\0\0\0\x03".to_vec(), "version 50331648"),
        (
            [b"GGUF\x03\0\0\0".as_slice(), &huge, &huge].concat(),
            "the tensor count is 18446744073709551615",
        ),
        (
            [b"GGUF\x03\0\0\0".as_slice(), &[0; 8], &huge].concat(),
            "the metadata count",
        ),
        (with_meta(13, &[0; 8]), "the type of \"k.x\" is 13"),
        (with_meta(7, &[2]), "the truth value \"k.x\" is 2"),
        (with_meta(8, &huge), "the length of k.x"),
        (
            with_meta(8, &[2, 0, 0, 0, 0, 0, 0, 0, 0xC3, 0x28]),
            "not UTF-8 after 0 bytes",
        ),
        (with_meta(9, &array(4, 1 << 23)), "ends within k.x"),
        (
            with_meta(9, &array(4, 1 << 40)),
            "the number of elements of \"k.x\"",
        ),
        (
            with_meta(9, &[array(9, 1), array(4, 0)].concat()),
            "the element type of \"k.x\" is an array",
        ),
        (alignment.bytes(3), "general.alignment is 48"),
        (twice.bytes(3), "metadata key \"k\" occurs twice"),
        (tensors.bytes(3), "tensor \"w\" occurs twice"),
        (
            with_tensor(&[1, 1, 1, 1, 1], 0, 4),
            "the dimension count of the tensor \"w\" is 5",
        ),
        (with_tensor(&[0, 4], 0, 0), "the shape of the tensor \"w\""),
        (
            with_tensor(&[1 << 32, 1 << 32], 0, 64),
            "the shape of the tensor \"w\"",
        ),
        (with_tensor(&[4, 33], 3, 100), "whole blocks"),
        (
            with_tensor(&[1 << 40], 0, 64),
            "the data of the tensor \"w\"",
        ),
        (with_tensor(&[4, 32], 8, 34), "the data of the tensor \"w\""),
    ] {
        let message = read(bytes).unwrap_err().to_string();
        assert!(
            message.contains("bad.gguf") && message.contains(expected),
            "{expected}: {message}"
        );
    }
}

#[test]
fn tensors_that_cannot_be_used_are_named() {
    let mut gguf = read(with_tensor(&[2, 256], 14, 420)).unwrap();
    let message = gguf.tensor_f32("w").unwrap_err().to_string();
    assert!(
        message.contains("\"w\"") && message.contains("Q6_K"),
        "{message}"
    );
    let message = gguf.tensor_f32("v").unwrap_err().to_string();
    assert!(message.contains("\"v\" is missing"), "{message}");
    let nan = Writer::default()
        .tensor_f32("w", &[2], &[1.0, f32::NAN])
        .bytes(3);
    let message = read(nan).unwrap().tensor_f32("w").unwrap_err().to_string();
    assert!(message.contains("\"w\" is NaN"), "{message}");
}

fn load(bytes: Vec<u8>) -> Result<Llama, llama::Error> {
    Llama::from_gguf(&mut read(bytes)?, &Device::flex())
}

#[test]
fn models_that_do_not_fit_their_metadata_are_refused() {
    let build = |change: &dyn Fn(&mut Writer), skip: &str, extra: bool| {
        let mut writer = Writer::default();
        change(&mut writer);
        tiny::metadata(&mut writer);
        for (name, shape, values) in tiny::weights(1).iter().filter(|(name, ..)| name != skip) {
            writer.tensor_f32(name, shape, values);
        }
        if extra {
            writer.tensor_f32("rope_freqs.weight", &[4], &[1.0; 4]);
        }
        load(writer.bytes(3))
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(build(&|_| {}, "", false), Ok(()));
    let missing = build(&|_| {}, "blk.1.ffn_up.weight", false).unwrap_err();
    assert!(
        missing.contains("\"blk.1.ffn_up.weight\" is missing"),
        "{missing}"
    );
    let unused = build(&|_| {}, "", true).unwrap_err();
    assert!(
        unused.contains("no place for the tensor \"rope_freqs.weight\""),
        "{unused}"
    );
    let scaled = build(
        &|w| {
            w.meta("llama.rope.scaling.type", Meta::Text("yarn"));
        },
        "",
        false,
    )
    .unwrap_err();
    assert!(
        scaled.contains("rope.scaling.type is yarn; expected none"),
        "{scaled}"
    );
    let wide = build(
        &|w| {
            w.meta("llama.attention.key_length", Meta::U32(1 << 24));
        },
        "",
        false,
    )
    .unwrap_err();
    assert!(
        wide.contains("rope.dimension_count is 8; expected the width of a head, 16777216"),
        "{wide}"
    );
}

/// What happens to the bytes of a good file.
#[derive(Debug, Clone)]
enum Damage {
    Set(prop::sample::Index, u8),
    /// A 64-bit number written over eight bytes.
    Number(prop::sample::Index, u64),
    Cut(prop::sample::Index),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let number = prop_oneof![
        Just(u64::MAX),
        Just(i64::MAX as u64),
        Just(1 << 32),
        Just(u64::from(u32::MAX)),
        Just(0),
        any::<u64>(),
        0u64..100_000,
    ];
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, value)| Damage::Set(at, value)),
        4 => (at(), number).prop_map(|(at, value)| Damage::Number(at, value)),
        1 => at().prop_map(Damage::Cut),
        1 => (at(), 1usize..40).prop_map(|(at, count)| Damage::Remove(at, count)),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage, reach: usize) {
    let reach = reach.min(bytes.len()).max(1);
    match damage {
        Damage::Set(at, value) => bytes[at.index(reach)] = *value,
        Damage::Number(at, value) => {
            let at = at.index(reach).min(bytes.len() - 8);
            bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        Damage::Cut(at) => bytes.truncate(at.index(reach).max(8)),
        Damage::Remove(at, count) => {
            let at = at.index(reach);
            let end = (at + count).min(bytes.len());
            bytes.drain(at..end);
            bytes.resize(bytes.len().max(8), 0);
        }
        Damage::Insert(at, new) => {
            let at = at.index(reach);
            bytes.splice(at..at, new.iter().copied());
        }
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 600,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(17),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever is changed, every step ends in a value or in an error. Two thirds of the damage
    /// hits the header's first kilobyte, where the counts and hyperparameters are.
    #[test]
    fn damage_never_panics(damages in prop::collection::vec((damage(), 0usize..3), 1..4)) {
        let mut bytes = tiny::bytes(3);
        for (damage, where_) in &damages {
            apply(&mut bytes, damage, if *where_ == 0 { usize::MAX } else { 1024 });
        }
        if let Ok(mut gguf) = read(bytes) {
            let tokenizer = Tokenizer::from_gguf(gguf.metadata());
            if let Ok(tokenizer) = &tokenizer {
                let ids = tokenizer.encode("wheeze <|end|> 12").unwrap();
                tokenizer.decode(&ids).unwrap();
                let _ = ChatTemplate::from_gguf(gguf.metadata(), tokenizer);
            }
            if let Ok(model) = Llama::from_gguf(&mut gguf, &Device::flex()) {
                let _ = model.next_logits(&mut model.cache(), &[1, 5, 9]);
            }
        }
    }
}
