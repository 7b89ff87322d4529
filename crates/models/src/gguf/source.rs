//! Reading of little-endian fields from a file whose length is known: out go numbers and strings,
//! never more than the file holds and the header limit allows.

use std::io::{Read, Seek, SeekFrom};

use super::{Error, limits};

/// A file being read, with its name for messages.
#[derive(Debug)]
pub(super) struct Source<R> {
    /// The name of the file.
    pub(super) file: String,
    inner: R,
    position: u64,
    length: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut inner: R, file: &str) -> Result<Self, Error> {
        let file = file.to_owned();
        let sought = inner
            .seek(SeekFrom::End(0))
            .and_then(|length| inner.rewind().map(|()| length));
        match sought {
            Ok(length) => Ok(Self {
                file,
                inner,
                position: 0,
                length,
            }),
            Err(source) => Err(Error::Io { file, source }),
        }
    }

    /// Bytes from the beginning of the file.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Length of the file in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Refuses `count` items of at least `size` bytes each where the file or the header limit
    /// cannot hold them.
    pub(super) fn require(&self, count: u64, size: u64, field: &str) -> Result<(), Error> {
        let needed = count.saturating_mul(size);
        let left = self.length - self.position;
        if needed > left {
            return Err(Error::Truncated {
                file: self.file.clone(),
                field: field.to_owned(),
                needed,
                left,
            });
        }
        let header = self.position.saturating_add(needed);
        if header > limits::HEADER_BYTES {
            return Err(Error::Limit {
                file: self.file.clone(),
                field: format!("the length of the header (within {field})"),
                found: header,
                limit: limits::HEADER_BYTES,
            });
        }
        Ok(())
    }

    /// Refuses a value above its limit.
    pub(super) fn limit(&self, found: u64, limit: u64, field: &str) -> Result<(), Error> {
        if found > limit {
            return Err(Error::Limit {
                file: self.file.clone(),
                field: field.to_owned(),
                found,
                limit,
            });
        }
        Ok(())
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        self.inner.read_exact(buffer).map_err(|source| Error::Io {
            file: self.file.clone(),
            source,
        })?;
        self.position += buffer.len() as u64;
        Ok(())
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self, field: &str) -> Result<[u8; N], Error> {
        self.require(1, N as u64, field)?;
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn u32(&mut self, field: &str) -> Result<u32, Error> {
        self.array(field).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, field: &str) -> Result<u64, Error> {
        self.array(field).map(u64::from_le_bytes)
    }

    /// A string: its length as `u64`, then that many bytes of UTF-8.
    pub(super) fn string(&mut self, limit: u64, field: &str) -> Result<String, Error> {
        let length = self.u64(field)?;
        self.limit(length, limit, &format!("the length of {field}"))?;
        self.require(length, 1, field)?;
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|error| Error::Invalid {
            file: self.file.clone(),
            field: field.to_owned(),
            found: format!("not UTF-8 after {} bytes", error.utf8_error().valid_up_to()),
            expected: "UTF-8 text",
        })
    }

    /// `length` bytes from `start`; the caller has checked that they lie within the file.
    pub(super) fn bytes_at(&mut self, start: u64, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; length];
        self.inner
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.inner.read_exact(&mut bytes))
            .map_err(|source| Error::Io {
                file: self.file.clone(),
                source,
            })?;
        Ok(bytes)
    }
}
