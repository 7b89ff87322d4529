//! Metadata of a GGUF file: in come keys and typed values, out go values of the type that the
//! caller needs.

use std::collections::BTreeMap;

use super::Error;

/// One metadata value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An integer of any of the format's widths; `u64` values above `i64::MAX` need the wider type.
    Integer(i128),
    /// A `float32` or `float64`.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// UTF-8 text.
    Text(String),
    /// A list of values of one type.
    Array(Array),
}

/// A list of metadata values of one type. Arrays of arrays are refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// Integers of any width that fits.
    Integers(Vec<i64>),
    /// Numbers.
    Floats(Vec<f64>),
    /// Truth values.
    Bools(Vec<bool>),
    /// Texts.
    Texts(Vec<String>),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Bool(_) => "a truth value",
            Self::Text(_) => "a text",
            Self::Array(Array::Integers(_)) => "an array of integers",
            Self::Array(Array::Floats(_)) => "an array of numbers",
            Self::Array(Array::Bools(_)) => "an array of truth values",
            Self::Array(Array::Texts(_)) => "an array of texts",
        }
    }
}

/// The metadata of one file, by key.
#[derive(Debug, Clone)]
pub struct Metadata {
    file: String,
    values: BTreeMap<String, Value>,
}

impl Metadata {
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            values: BTreeMap::new(),
        }
    }

    pub(super) fn insert(&mut self, key: String, value: Value) -> Result<(), Error> {
        if self.values.contains_key(&key) {
            return Err(Error::Duplicate {
                file: self.file.clone(),
                what: "metadata key",
                name: key,
            });
        }
        self.values.insert(key, value);
        Ok(())
    }

    /// The file that the metadata came from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The value of a key, where there is one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// All keys with their values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    fn wrong(&self, key: &str, found: &Value, expected: &'static str) -> Error {
        Error::WrongType {
            file: self.file.clone(),
            key: key.to_owned(),
            found: found.kind(),
            expected,
        }
    }

    fn missing(&self, key: &str) -> Error {
        Error::MissingKey {
            file: self.file.clone(),
            key: key.to_owned(),
        }
    }

    /// A text, `None` where the key is absent.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(key, other, "a text")),
        }
    }

    /// A non-negative integer, `None` where the key is absent.
    pub fn count(&self, key: &str) -> Result<Option<usize>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Integer(value)) if usize::try_from(*value).is_ok() => {
                Ok(Some(*value as usize))
            }
            Some(other) => Err(self.wrong(key, other, "a non-negative integer")),
        }
    }

    /// A number, `None` where the key is absent.
    pub fn number(&self, key: &str) -> Result<Option<f64>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Float(value)) => Ok(Some(*value)),
            Some(other) => Err(self.wrong(key, other, "a number")),
        }
    }

    /// A truth value, `None` where the key is absent.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(self.wrong(key, other, "a truth value")),
        }
    }

    /// A text that must be there.
    pub fn require_text(&self, key: &str) -> Result<&str, Error> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A non-negative integer that must be there.
    pub fn require_count(&self, key: &str) -> Result<usize, Error> {
        self.count(key)?.ok_or_else(|| self.missing(key))
    }

    /// A number that must be there.
    pub fn require_number(&self, key: &str) -> Result<f64, Error> {
        self.number(key)?.ok_or_else(|| self.missing(key))
    }

    /// A list of texts that must be there.
    pub fn require_texts(&self, key: &str) -> Result<&[String], Error> {
        match self.get(key) {
            None => Err(self.missing(key)),
            Some(Value::Array(Array::Texts(texts))) => Ok(texts),
            Some(other) => Err(self.wrong(key, other, "an array of texts")),
        }
    }

    /// A list of integers that must be there.
    pub fn require_integers(&self, key: &str) -> Result<&[i64], Error> {
        match self.get(key) {
            None => Err(self.missing(key)),
            Some(Value::Array(Array::Integers(values))) => Ok(values),
            Some(other) => Err(self.wrong(key, other, "an array of integers")),
        }
    }
}
