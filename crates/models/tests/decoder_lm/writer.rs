//! Writes GGUF files for tests: in come metadata and tensors, out go bytes.

/// A metadata value, with the number of its type in the format.
pub(crate) enum Meta<'a> {
    U32(u32),
    F32(f32),
    Bool(bool),
    Text(&'a str),
    Texts(Vec<String>),
    I32s(Vec<i32>),
    /// A type number and raw bytes, for what no proper file holds.
    Raw(u32, Vec<u8>),
}

/// A GGUF file being put together.
#[derive(Default)]
pub(crate) struct Writer {
    metadata: Vec<u8>,
    metadata_count: u64,
    tensors: Vec<u8>,
    tensor_count: u64,
    data: Vec<u8>,
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

impl Writer {
    pub(crate) fn meta(&mut self, key: &str, value: Meta<'_>) -> &mut Self {
        let out = &mut self.metadata;
        text(out, key);
        let mut typed = |kind: u32, bytes: &[u8]| {
            out.extend(kind.to_le_bytes());
            out.extend(bytes);
        };
        match value {
            Meta::U32(value) => typed(4, &value.to_le_bytes()),
            Meta::F32(value) => typed(6, &value.to_le_bytes()),
            Meta::Bool(value) => typed(7, &[u8::from(value)]),
            Meta::Raw(kind, bytes) => typed(kind, &bytes),
            Meta::Text(value) => {
                typed(8, &[]);
                text(out, value);
            }
            Meta::Texts(values) => {
                typed(9, &8u32.to_le_bytes());
                out.extend((values.len() as u64).to_le_bytes());
                for value in &values {
                    text(out, value);
                }
            }
            Meta::I32s(values) => {
                typed(9, &5u32.to_le_bytes());
                out.extend((values.len() as u64).to_le_bytes());
                for value in &values {
                    out.extend(value.to_le_bytes());
                }
            }
        }
        self.metadata_count += 1;
        self
    }

    /// Appends a tensor of the shape `[rows, columns]` or `[length]`, with the number of its type.
    pub(crate) fn tensor(
        &mut self,
        name: &str,
        shape: &[usize],
        kind: u32,
        data: &[u8],
    ) -> &mut Self {
        text(&mut self.tensors, name);
        self.tensors.extend((shape.len() as u32).to_le_bytes());
        for size in shape.iter().rev() {
            self.tensors.extend((*size as u64).to_le_bytes());
        }
        self.tensors.extend(kind.to_le_bytes());
        self.tensors.extend((self.data.len() as u64).to_le_bytes());
        self.data.extend(data);
        self.data.resize(self.data.len().next_multiple_of(32), 0);
        self.tensor_count += 1;
        self
    }

    pub(crate) fn tensor_f32(&mut self, name: &str, shape: &[usize], values: &[f32]) -> &mut Self {
        let data: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.tensor(name, shape, 0, &data)
    }

    /// The file, of the given version.
    pub(crate) fn bytes(&self, version: u32) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(version.to_le_bytes());
        out.extend(self.tensor_count.to_le_bytes());
        out.extend(self.metadata_count.to_le_bytes());
        out.extend(&self.metadata);
        out.extend(&self.tensors);
        out.resize(out.len().next_multiple_of(32), 0);
        out.extend(&self.data);
        out
    }
}
