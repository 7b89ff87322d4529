//! An HTTP server on this machine whose answers a test decides.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// First byte of the `Range` header.
    pub(crate) start: Option<usize>,
}

/// What the server does.
#[derive(Clone)]
pub(crate) enum Answer {
    /// The bytes; `Range` is honoured.
    Whole(Vec<u8>),
    /// The bytes from the start, whatever was asked.
    NoRange(Vec<u8>),
    /// The right length, but only so many bytes from where the client asked, then the end.
    Cut(Vec<u8>, usize),
    /// The bytes in pieces with a pause before each.
    Slow(Vec<u8>, usize, Duration),
    /// A status and a short page.
    Status(u16),
    /// The head, then nothing for this long.
    Silent(Duration),
}

pub(crate) struct Server {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers the first request with the first answer and so on; the last one is repeated.
    pub(crate) fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let request = read(&stream);
                let count = {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    log.len()
                };
                let answer = answers[(count - 1).min(answers.len() - 1)].clone();
                // A client that has seen enough closes the connection; that is no fault.
                thread::spawn(move || drop(reply(&stream, &request, answer)));
            }
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The first byte of each request, 0 without a range.
    pub(crate) fn starts(&self) -> Vec<usize> {
        self.asked()
            .iter()
            .map(|asked| asked.start.unwrap_or(0))
            .collect()
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let start = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let line = line.to_ascii_lowercase();
            let range = line.strip_prefix("range: bytes=")?.to_owned();
            range.trim_end_matches('-').parse().ok()
        })
        .last();
    Asked { path, start }
}

fn reply(mut stream: &TcpStream, asked: &Asked, answer: Answer) -> std::io::Result<()> {
    let start = asked.start.unwrap_or(0);
    match answer {
        Answer::Whole(bytes) if start > bytes.len() => head(stream, 416, 0, None),
        Answer::Whole(bytes) => {
            ranged(stream, asked, &bytes)?;
            stream.write_all(&bytes[start..])
        }
        Answer::NoRange(bytes) => {
            head(stream, 200, bytes.len(), None)?;
            stream.write_all(&bytes)
        }
        Answer::Cut(bytes, count) => {
            ranged(stream, asked, &bytes)?;
            stream.write_all(&bytes[start..bytes.len().min(start + count)])
        }
        Answer::Slow(bytes, piece, pause) => {
            ranged(stream, asked, &bytes)?;
            for piece in bytes[start..].chunks(piece) {
                thread::sleep(pause);
                stream.write_all(piece)?;
            }
            Ok(())
        }
        Answer::Status(status) => {
            head(stream, status, 5, None)?;
            stream.write_all(b"sorry")
        }
        Answer::Silent(pause) => {
            head(stream, 200, 100, None)?;
            thread::sleep(pause);
            Ok(())
        }
    }
}

fn ranged(stream: &TcpStream, asked: &Asked, bytes: &[u8]) -> std::io::Result<()> {
    match asked.start {
        None => head(stream, 200, bytes.len(), None),
        Some(start) => {
            let range = format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len());
            head(stream, 206, bytes.len() - start, Some(&range))
        }
    }
}

fn head(
    mut stream: &TcpStream,
    status: u16,
    length: usize,
    range: Option<&str>,
) -> std::io::Result<()> {
    let range = range.map_or(String::new(), |range| format!("Content-Range: {range}\r\n"));
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{range}Connection: close\r\n\r\n"
    )
}
