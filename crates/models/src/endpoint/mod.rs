//! A language model behind an OpenAI-compatible endpoint: messages go out to `POST
//! BASE/chat/completions`, text and the tokens it cost come back.
//!
//! Any server that speaks this protocol will do (the public services, llama.cpp, vLLM, Ollama).
//! Answers that a server gives when it is busy (408, 409, 425, 429, 5xx) and broken connections
//! are tried again after a pause that doubles each time, or after the time the server asks for in
//! `Retry-After`.

mod client;
mod error;
mod settings;

pub use client::{Completion, Endpoint, Request};
pub use error::Error;
pub use settings::{Settings, VARIABLES};
