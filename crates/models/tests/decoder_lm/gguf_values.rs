//! Values that the GGUF reader gives: metadata of each type, both versions, and dequantised tensors
//! against the `gguf` package of llama.cpp.

use std::io::Cursor;

use laennec_models::gguf::{Array, Gguf, TensorType, Value, dequantise};

use crate::fixture;
use crate::tiny;
use crate::writer::{Meta, Writer};

#[test]
fn both_versions_give_the_same() {
    for version in [2, 3] {
        let mut gguf = tiny::open(tiny::bytes(version));
        for (name, shape, values) in tiny::weights(1) {
            assert_eq!(gguf.tensor(&name).unwrap().shape, shape);
            assert_eq!(gguf.tensor(&name).unwrap().elements(), values.len());
            assert_eq!(gguf.tensor_f32(&name).unwrap(), values);
        }
    }
}

#[test]
fn metadata_of_each_type() {
    let raw = |kind: u32, bytes: &[u8]| Meta::Raw(kind, bytes.to_vec());
    let mut writer = Writer::default();
    writer
        .meta("u8", raw(0, &[200]))
        .meta("i8", raw(1, &[200]))
        .meta("u16", raw(2, &[1, 2]))
        .meta("i16", raw(3, &(-2i16).to_le_bytes()))
        .meta("i32", raw(5, &(-3i32).to_le_bytes()))
        .meta("u64", raw(10, &u64::MAX.to_le_bytes()))
        .meta("i64", raw(11, &i64::MIN.to_le_bytes()))
        .meta("f64", raw(12, &0.1f64.to_le_bytes()))
        .meta("flag", Meta::Bool(true))
        .meta("text", Meta::Text("Ω"))
        .meta("texts", Meta::Texts(vec!["a".into(), String::new()]))
        .meta("integers", Meta::I32s(vec![-1, 7]));
    let gguf = Gguf::read(Cursor::new(writer.bytes(3)), "m").unwrap();
    let metadata = gguf.metadata();
    let integer = |key: &str| match metadata.get(key) {
        Some(Value::Integer(value)) => *value,
        other => panic!("{other:?}"),
    };
    assert_eq!(integer("u8"), 200);
    assert_eq!(integer("i8"), -56);
    assert_eq!(integer("u16"), 513);
    assert_eq!(integer("i16"), -2);
    assert_eq!(integer("i32"), -3);
    assert_eq!(integer("u64"), i128::from(u64::MAX));
    assert_eq!(integer("i64"), i128::from(i64::MIN));
    assert_eq!(metadata.require_number("f64").unwrap(), 0.1);
    assert_eq!(metadata.flag("flag").unwrap(), Some(true));
    assert_eq!(metadata.require_text("text").unwrap(), "Ω");
    assert_eq!(
        metadata.get("texts"),
        Some(&Value::Array(Array::Texts(vec!["a".into(), String::new()])))
    );
    assert_eq!(metadata.require_integers("integers").unwrap(), [-1, 7]);
    assert_eq!(metadata.iter().count(), 12);
    let wrong = metadata.count("i32").unwrap_err().to_string();
    assert!(
        wrong.contains("\"i32\"") && wrong.contains("non-negative"),
        "{wrong}"
    );
    assert_eq!(metadata.count("absent").unwrap(), None);
}

#[test]
fn dequantised_values_equal_those_of_the_gguf_package() {
    let cases = fixture::json("llm_blocks.json");
    for (name, kind) in [
        ("F16", TensorType::F16),
        ("BF16", TensorType::Bf16),
        ("Q4_0", TensorType::Q4_0),
        ("Q4_1", TensorType::Q4_1),
        ("Q8_0", TensorType::Q8_0),
    ] {
        let case = &cases[name];
        let bytes: Vec<u8> = fixture::ids(&case["bytes"])
            .iter()
            .map(|byte| *byte as u8)
            .collect();
        let found = dequantise(kind, &bytes).unwrap();
        let expected = fixture::numbers(&case["values"]);
        assert_eq!(found.len(), 96);
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(f64::from(*found), *expected, "{name}");
        }
    }
    assert_eq!(dequantise(TensorType::Q8_0, &[0; 33]), None);
    assert_eq!(dequantise(TensorType::Other(14), &[0; 210]), None);
}
