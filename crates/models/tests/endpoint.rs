//! The endpoint client, against a server on this machine.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use laennec_models::chat::{Message, Role};
use laennec_models::endpoint::{Endpoint, Error, Request, Settings};

/// Status, further header lines and body of an answer; a status of 0 closes the connection.
type Answer = (u16, &'static str, &'static str);

/// A server that gives its answers in turn, the last one again and again, and keeps what was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<(String, serde_json::Value)>>>,
}

impl Server {
    fn new(answers: &'static [Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(read(&stream));
                    log.len()
                };
                let answer = answers[(number - 1).min(answers.len() - 1)];
                thread::spawn(move || reply(stream, answer));
            }
        });
        Self { address, asked }
    }

    fn endpoint(&self, retries: u32) -> Endpoint {
        let mut settings = Settings::new(self.address.clone(), "small").unwrap();
        settings.key = Some("the key".to_owned());
        settings.retries = retries;
        settings.pause = Duration::from_millis(20);
        settings.patience = Duration::from_secs(5);
        Endpoint::new(settings)
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

/// The head and the JSON body of a request.
fn read(stream: &TcpStream) -> (String, serde_json::Value) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0);
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1).unwrap();
    let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

fn reply(mut stream: TcpStream, (status, headers, body): Answer) {
    if status != 0 {
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
        );
        // A client that gave up closes the connection; that is no fault.
        let _ = stream.write_all(text.as_bytes());
    }
}

const GOOD: Answer = (
    200,
    "",
    r#"{"choices":[{"message":{"role":"assistant","content":"No wheeze."}}],
        "usage":{"prompt_tokens":41,"completion_tokens":3}}"#,
);

fn request() -> Request {
    let turns = [
        (Role::System, "Be brief."),
        (Role::User, "Reword: \"no wheeze\""),
    ];
    Request {
        messages: turns.map(|(role, text)| Message::new(role, text)).into(),
        temperature: 0.5,
        seed: 7,
        most_tokens: 50,
    }
}

#[test]
fn a_request_is_what_the_protocol_says() {
    let server = Server::new(&[GOOD]);
    let completion = server.endpoint(0).complete(&request()).unwrap();
    assert_eq!(
        (
            completion.text.as_str(),
            completion.read,
            completion.written
        ),
        ("No wheeze.", 41, 3)
    );
    let (head, body) = server.asked.lock().unwrap()[0].clone();
    assert!(
        head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.to_lowercase()
            .contains("authorization: bearer the key\r\n"),
        "{head}"
    );
    let expected = serde_json::json!({
        "model": "small",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Reword: \"no wheeze\""},
        ],
        "temperature": 0.5,
        "seed": 7,
        "max_tokens": 50,
    });
    assert_eq!(body, expected);
}

#[test]
fn a_busy_server_is_asked_again_with_growing_pauses() {
    let busy: Answer = (503, "", "busy");
    let answers: &[Answer] = &[
        busy,
        (0, "", ""),
        (429, "Retry-After: 0\r\n", "{}"),
        busy,
        GOOD,
    ];
    let server = Server::new(Vec::leak(answers.to_vec()));
    let start = Instant::now();
    let completion = server.endpoint(5).complete(&request()).unwrap();
    assert_eq!(
        (completion.text.as_str(), server.count()),
        ("No wheeze.", 5)
    );
    // 20 and 40 ms, none where the server says 0 s, and 160 ms.
    assert!(
        start.elapsed() >= Duration::from_millis(220),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn it_gives_up_and_says_what_the_server_said() {
    let server = Server::new(&[(500, "", r#"{"error":{"message":"out of memory"}}"#)]);
    let error = server.endpoint(2).complete(&request()).unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Status {
                status: 500,
                tries: 3,
                ..
            }
        ),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("out of memory") && !text.contains("the key"),
        "{text}"
    );
    assert_eq!(server.count(), 3);
}

#[test]
fn a_refusal_and_a_wrong_answer_are_not_repeated() {
    let refusing = Server::new(&[(401, "", "no such key")]);
    let error = refusing.endpoint(5).complete(&request()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Status {
                status: 401,
                tries: 1,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(refusing.count(), 1);
    let elsewhere = Server::new(&[(307, "Location: http://127.0.0.1:1/\r\n", "")]);
    let error = elsewhere.endpoint(5).complete(&request()).unwrap_err();
    assert!(
        matches!(error, Error::Status { status: 307, .. }),
        "{error}"
    );
    for body in [
        "<html>",
        "{}",
        r#"{"choices":[]}"#,
        r#"{"choices":[{"message":{"content":null}}]}"#,
    ] {
        let answers: Vec<Answer> = vec![(200, "", body)];
        let server = Server::new(Vec::leak(answers));
        let error = server.endpoint(5).complete(&request()).unwrap_err();
        assert!(matches!(error, Error::Answer { .. }), "{body}: {error}");
        assert_eq!(server.count(), 1, "{body}");
    }
}

#[test]
fn many_threads_may_ask_at_once() {
    let server = Server::new(&[GOOD]);
    let endpoint = server.endpoint(0);
    thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| endpoint.complete(&request())))
            .collect();
        for one in all {
            assert_eq!(one.join().unwrap().unwrap().text, "No wheeze.");
        }
    });
    assert_eq!(server.count(), 8);
}
