//! One address comes in, its bytes go out into a partial file: resumed with a Range request where
//! an earlier attempt was cut short, and checked against size and SHA-256.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Response;

use super::{Digest, Error, Progress, digest_file, folder};

/// How long a download waits and how often it goes on.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Time for reaching the server, and for each read without a byte.
    pub silence: Duration,
    /// How often a connection that broke after giving something is resumed.
    pub resumes: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(30),
            resumes: 5,
        }
    }
}

/// What to fetch.
pub(super) struct Request<'a> {
    /// The address.
    pub(super) url: &'a str,
    /// Sent as bearer token to the first host only.
    pub(super) token: Option<&'a str>,
    /// What the bytes must be.
    pub(super) expected: Digest,
}

/// Fetches into `part`, which afterwards holds exactly the expected bytes. A partial file from
/// before is continued; where the result is wrong because of it, everything is fetched anew. On a
/// cut connection the partial file stays for the next call.
pub(super) fn download(
    request: &Request<'_>,
    part: &Path,
    patience: Patience,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    check_address(request.url)?;
    let mut file = open(part)?;
    let fetched = fetch(request, &mut file, part, patience, progress);
    if fetched.is_err() && length(&file, part)? == 0 {
        // Removed while it is still locked: another process cannot have begun to fill it.
        std::fs::remove_file(part).map_err(|source| write(part, source))?;
    }
    fetched
}

fn fetch(
    request: &Request<'_>,
    file: &mut File,
    part: &Path,
    patience: Patience,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let inherited = length(file, part)?;
    if inherited > request.expected.bytes {
        truncate(file, part)?;
    }
    fill(request, file, part, patience, progress)?;
    let mut checked = check(request, part);
    if checked.is_err() && inherited > 0 {
        truncate(file, part)?;
        fill(request, file, part, patience, progress)?;
        checked = check(request, part);
    }
    if checked.is_err() {
        truncate(file, part)?;
    }
    checked
}

/// Accepts `https`, and `http` to this machine itself.
pub(crate) fn check_address(url: &str) -> Result<(), Error> {
    if url.starts_with("https://") || is_loopback(url) {
        return Ok(());
    }
    Err(Error::Insecure { url: url.into() })
}

fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    !authority.contains('@') && matches!(host, "127.0.0.1" | "::1" | "localhost")
}

/// Reads from the server until the partial file is as long as it should be.
fn fill(
    request: &Request<'_>,
    file: &mut File,
    part: &Path,
    patience: Patience,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let agent = agent(request.url, patience);
    let total = request.expected.bytes;
    let mut resumes = patience.resumes;
    loop {
        let before = length(file, part)?;
        if before == total {
            return Ok(());
        }
        let outcome = fill_once(&agent, request, file, part, progress);
        let after = length(file, part)?;
        let failure = match outcome {
            Ok(()) if after == total => return Ok(()),
            Ok(()) => Error::Cut {
                url: request.url.into(),
                found: after,
                expected: total,
            },
            Err(error) => error,
        };
        let broken = matches!(failure, Error::Cut { .. } | Error::Connection { .. });
        if !broken || after <= before || resumes == 0 {
            return Err(failure);
        }
        resumes -= 1;
    }
}

/// One request, appended to the partial file.
fn fill_once(
    agent: &Agent,
    request: &Request<'_>,
    file: &mut File,
    part: &Path,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let url = request.url;
    let connection = |error: &dyn std::fmt::Display| Error::Connection {
        url: url.into(),
        reason: error.to_string(),
    };
    let start = length(file, part)?;
    let mut call = agent.get(url);
    if let Some(token) = request.token {
        call = call.header("Authorization", format!("Bearer {token}"));
    }
    if start > 0 {
        call = call.header("Range", format!("bytes={start}-"));
    }
    let response = call.call().map_err(|error| connection(&error))?;
    match response.status().as_u16() {
        206 if range_start(&response) == Some(start) => {}
        // The server sends everything again, or cannot continue here: begin anew.
        200 => truncate(file, part)?,
        206 | 416 if start > 0 => {
            truncate(file, part)?;
            return fill_once(agent, request, file, part, progress);
        }
        status => {
            return Err(Error::Status {
                url: url.into(),
                status,
            });
        }
    }
    let mut done = file
        .seek(SeekFrom::End(0))
        .map_err(|source| write(part, source))?;
    let total = request.expected.bytes;
    let mut body = response.into_body().into_reader();
    let mut block = vec![0; 1 << 16];
    loop {
        progress.advance(done, total);
        let count = match body.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) => return Err(connection(&error)),
        };
        done += count as u64;
        if done > total {
            truncate(file, part)?;
            return Err(connection(&format!(
                "more than the expected {total} bytes came"
            )));
        }
        file.write_all(&block[..count])
            .map_err(|source| write(part, source))?;
    }
}

fn agent(url: &str, patience: Patience) -> Agent {
    Agent::config_builder()
        .user_agent(concat!("laennec/", env!("CARGO_PKG_VERSION")))
        // A redirect must not lead from https to an open line.
        .https_only(!is_loopback(url))
        .http_status_as_error(false)
        // Compressed transfer would make sizes and ranges mean something else.
        .accept_encoding("identity")
        .timeout_resolve(Some(patience.silence))
        .timeout_connect(Some(patience.silence))
        .timeout_recv_response(Some(patience.silence))
        .timeout_per_read(Some(patience.silence))
        .build()
        .into()
}

/// The first byte of a partial answer (`Content-Range: bytes 5-9/10` gives 5).
fn range_start<T>(response: &Response<T>) -> Option<u64> {
    let range = response.headers().get("Content-Range")?.to_str().ok()?;
    let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    start.trim().parse().ok()
}

fn open(part: &Path) -> Result<File, Error> {
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(part)
        .map_err(|source| write(part, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Busy {
            path: part.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(write(part, source)),
    }
}

fn check(request: &Request<'_>, part: &Path) -> Result<(), Error> {
    folder::expect(request.url, &digest_file(part)?, &request.expected)
}

fn length(file: &File, part: &Path) -> Result<u64, Error> {
    let metadata = file.metadata().map_err(|source| Error::Read {
        path: part.to_path_buf(),
        source,
    })?;
    Ok(metadata.len())
}

fn truncate(file: &mut File, part: &Path) -> Result<(), Error> {
    file.set_len(0)
        .and_then(|()| file.rewind())
        .map_err(|source| write(part, source))
}

fn write(part: &Path, source: std::io::Error) -> Error {
    Error::Write {
        path: part.to_path_buf(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::check_address;

    #[test]
    fn only_https_or_this_machine() {
        for url in [
            "https://example.org/a",
            "http://127.0.0.1:8000/a",
            "http://localhost/a",
            "http://[::1]:80/a",
        ] {
            assert!(check_address(url).is_ok(), "{url}");
        }
        for url in [
            "http://example.org/a",
            "http://127.0.0.1@example.org/a",
            "http://127.0.0.1.example.org/a",
            "file:///etc/passwd",
            "",
        ] {
            assert!(check_address(url).is_err(), "{url}");
        }
    }
}
