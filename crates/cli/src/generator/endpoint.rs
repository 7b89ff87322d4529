//! An OpenAI-compatible endpoint: environment variables come in, a text generator goes out.

use laennec_corpus::{GenerateError, Generated, Prompt, TextGenerator, Tokens};
use laennec_models::chat::{Message, Role};
use laennec_models::endpoint::{Endpoint, Request, Settings, VARIABLES};

use crate::exit::{Exit, Failure};

/// A language model somewhere else.
pub(crate) struct Remote(Endpoint);

impl Remote {
    /// What tokens cost, in the currency of the prices that were set; none without prices.
    pub(crate) fn cost(&self, tokens: Tokens) -> Option<f64> {
        let [read, written] = self.0.settings().prices;
        let cost = (tokens.read as f64 * read + tokens.written as f64 * written) / 1e6;
        (read + written > 0.0).then_some(cost)
    }
}

impl TextGenerator for Remote {
    fn name(&self) -> String {
        let settings = self.0.settings();
        format!("{} at {}", settings.model, settings.base)
    }

    fn concurrency(&self) -> usize {
        self.0.settings().concurrency
    }

    fn generate(&self, prompt: &Prompt<'_>) -> Result<Generated, GenerateError> {
        let request = Request {
            messages: messages(prompt),
            temperature: prompt.temperature,
            seed: prompt.seed,
            most_tokens: prompt.most_tokens,
        };
        let completion = self.0.complete(&request).map_err(|error| GenerateError {
            model: self.name(),
            reason: error.to_string(),
        })?;
        let tokens = Tokens {
            read: completion.read,
            written: completion.written,
        };
        Ok(Generated {
            text: completion.text,
            tokens,
        })
    }
}

/// The turns of a prompt.
pub(super) fn messages(prompt: &Prompt<'_>) -> Vec<Message> {
    let system = (!prompt.system.is_empty()).then(|| Message::new(Role::System, prompt.system));
    system
        .into_iter()
        .chain([Message::new(Role::User, prompt.user)])
        .collect()
}

/// The endpoint that the environment names.
pub(crate) fn remote() -> Result<Remote, Failure> {
    let settings = Settings::from_variables(|name| std::env::var(name).ok()).map_err(|error| {
        let variables: Vec<String> = VARIABLES
            .iter()
            .map(|(name, meaning)| format!("{name}: {meaning}"))
            .collect();
        Failure::new(Exit::Usage, error).help(variables.join("\n"))
    })?;
    Ok(Remote(Endpoint::new(settings)))
}
