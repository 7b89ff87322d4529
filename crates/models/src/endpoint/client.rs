//! A request to an endpoint, repeated while the server is busy: messages go out, a completion comes
//! back.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use ureq::Agent;
use ureq::http::Response;

use super::{Error, Settings};
use crate::chat::Message;

/// The longest pause before a repetition.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// 0 for the most probable text.
    pub temperature: f32,
    /// Seed, for servers that take one.
    pub seed: u64,
    /// Most tokens of the answer.
    pub most_tokens: usize,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The text.
    pub text: String,
    /// Tokens of the prompt, as the server counts them; 0 where it does not.
    pub read: u64,
    /// Tokens of the answer, as the server counts them; 0 where it does not.
    pub written: u64,
}

/// A connection to an endpoint, to be shared by threads.
#[derive(Debug)]
pub struct Endpoint {
    settings: Settings,
    agent: Agent,
}

#[derive(Deserialize)]
struct Body {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Choice {
    message: Reply,
}

#[derive(Deserialize)]
struct Reply {
    content: Option<String>,
}

#[derive(Default, Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// How a try ended without a completion.
struct Failed {
    error: Error,
    again: Again,
}

/// Whether it may help to ask again.
enum Again {
    Never,
    /// After the client's own pause.
    Later,
    /// After the time that the server says.
    After(Duration),
}

impl Endpoint {
    /// Opens nothing yet.
    pub fn new(settings: Settings) -> Self {
        let agent = Agent::config_builder()
            .user_agent(concat!("laennec/", env!("CARGO_PKG_VERSION")))
            .https_only(settings.base.starts_with("https://"))
            .http_status_as_error(false)
            // The key must not follow a redirect.
            .max_redirects(0)
            .timeout_connect(Some(settings.patience))
            .timeout_global(Some(settings.patience))
            .build()
            .into();
        Self { settings, agent }
    }

    /// How it is reached.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The answer to a request.
    ///
    /// # Errors
    /// [`Error::Connection`] and [`Error::Status`] where the server does not answer after all
    /// repetitions, or refuses; [`Error::Answer`] where it answers something else.
    pub fn complete(&self, request: &Request) -> Result<Completion, Error> {
        let mut pause = self.settings.pause;
        let mut tries = 1;
        loop {
            let failed = match self.complete_once(request, tries) {
                Ok(completion) => return Ok(completion),
                Err(failed) => failed,
            };
            let wait = match failed.again {
                Again::Later => pause,
                Again::After(asked) => asked,
                Again::Never => return Err(failed.error),
            };
            if tries > self.settings.retries {
                return Err(failed.error);
            }
            std::thread::sleep(wait.min(LONGEST_PAUSE));
            pause *= 2;
            tries += 1;
        }
    }

    fn complete_once(&self, request: &Request, tries: u32) -> Result<Completion, Failed> {
        let url = format!("{}/chat/completions", self.settings.base);
        let broken = |reason: &dyn std::fmt::Display| Failed {
            error: Error::Connection {
                url: url.clone(),
                reason: reason.to_string(),
                tries,
            },
            again: Again::Later,
        };
        let body = json!({
            "model": self.settings.model,
            "messages": request.messages,
            "temperature": request.temperature,
            "seed": request.seed,
            "max_tokens": request.most_tokens,
        });
        let mut call = self
            .agent
            .post(&url)
            .header("Content-Type", "application/json");
        if let Some(key) = &self.settings.key {
            call = call.header("Authorization", format!("Bearer {key}"));
        }
        let mut response = call
            .send(body.to_string())
            .map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let asked = retry_after(&response);
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| broken(&error))?;
        if status != 200 {
            let busy = matches!(status, 408 | 409 | 425 | 429 | 500..=599);
            let message = message(&text);
            return Err(Failed {
                error: Error::Status {
                    url,
                    status,
                    message,
                    tries,
                },
                again: match asked {
                    _ if !busy => Again::Never,
                    Some(asked) => Again::After(asked),
                    None => Again::Later,
                },
            });
        }
        let wrong = |reason: String| Failed {
            error: Error::Answer {
                url: url.clone(),
                reason,
            },
            again: Again::Never,
        };
        let body: Body = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let first = body
            .choices
            .into_iter()
            .next()
            .and_then(|choice| choice.message.content);
        let text = first.ok_or_else(|| wrong("it has no choice with content".to_owned()))?;
        Ok(Completion {
            text,
            read: body.usage.prompt_tokens,
            written: body.usage.completion_tokens,
        })
    }
}

/// The seconds of `Retry-After`; a date in it counts as none.
fn retry_after<T>(response: &Response<T>) -> Option<Duration> {
    let value = response.headers().get("Retry-After")?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

/// The server's message, from `{"error": {"message": ...}}` or the text itself.
fn message(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let said = value
        .pointer("/error/message")
        .and_then(serde_json::Value::as_str);
    said.unwrap_or(text).chars().take(200).collect()
}
