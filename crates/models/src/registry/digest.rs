//! A file or a stream comes in, its size and SHA-256 go out.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::Error;

/// What a file is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A digest in the making: bytes are added as they pass.
#[derive(Default)]
pub(super) struct Digester {
    hash: Sha256,
    bytes: u64,
}

impl Digester {
    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The digest of everything that was added.
    pub(super) fn finish(self) -> Digest {
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            write!(sha256, "{byte:02x}").expect("writing to a string succeeds");
        }
        Digest {
            bytes: self.bytes,
            sha256,
        }
    }
}

/// SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let mut digester = Digester::default();
    digester.update(bytes);
    digester.finish().sha256
}

/// Size and SHA-256 of a file, read in blocks of 1 MiB.
pub fn digest_file(path: &Path) -> Result<Digest, Error> {
    let read = |source| Error::Read {
        path: path.to_path_buf(),
        source,
    };
    let mut file = File::open(path).map_err(read)?;
    let mut digester = Digester::default();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(digester.finish()),
            Ok(count) => digester.update(&block[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(read(error)),
        }
    }
}
