//! A language model that does not answer: whether reports are kept decides how the run ends.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::{built, program, text};

/// A server that answers one request and is gone.
fn answers_once() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        let mut request = Vec::new();
        let mut block = [0; 4096];
        while !request.ends_with(b"}") {
            let count = stream.read(&mut block).unwrap();
            request.extend(&block[..count]);
        }
        let body = r#"{"choices": [{"message": {"role": "assistant", "content": "no"}}]}"#;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
        let length = body.len();
        write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    });
    address
}

/// Nobody listens there any more.
fn gone() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn a_model_that_fails_ends_with_3_or_4_by_what_is_kept() {
    let root = built();
    for (address, code, help) in [
        (gone(), 3, "when the language model answers"),
        (answers_once(), 4, "the reports that passed are kept"),
        (gone(), 3, "when the language model answers"),
    ] {
        let failed = program(root.path())
            .args(["corpus", "report", "one/manifest.parquet", "new.jsonl"])
            .args(["--writer", "endpoint", "--tries", "1"])
            .env("LAENNEC_LM_URL", address)
            .env("LAENNEC_LM_MODEL", "small")
            .env("LAENNEC_LM_CONCURRENCY", "1")
            .env("LAENNEC_LM_RETRIES", "0")
            .output()
            .unwrap();
        let told = text(&failed.stderr);
        assert_eq!(failed.status.code(), Some(code), "{told}");
        assert!(told.contains(help), "{told}");
    }
}
