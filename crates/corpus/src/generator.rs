//! The language model as this crate sees it: a prompt goes out, a text comes back. Programs join an
//! implementation to it; none is here.

/// What a language model is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prompt<'a> {
    /// The task and the manner, for the model's system turn; may be empty.
    pub system: &'a str,
    /// The question, for the user's turn.
    pub user: &'a str,
    /// 0 for the most probable text; above, the texts vary.
    pub temperature: f32,
    /// Seed of the draws, for models that take one.
    pub seed: u64,
    /// Most tokens of the answer.
    pub most_tokens: usize,
}

impl<'a> Prompt<'a> {
    /// A question without a system turn, to be answered with the most probable text.
    pub const fn plain(user: &'a str, most_tokens: usize) -> Self {
        Self {
            system: "",
            user,
            temperature: 0.0,
            seed: 0,
            most_tokens,
        }
    }
}

/// What a language model answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The text as it came.
    pub text: String,
    /// Tokens of prompt and answer, as far as the model tells: what an answer costs.
    pub tokens: Tokens,
}

/// Tokens read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tokens {
    /// Of prompts.
    pub read: u64,
    /// Of answers.
    pub written: u64,
}

impl std::ops::AddAssign for Tokens {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.written += other.written;
    }
}

/// A language model failed for good, after whatever retries it makes by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the language model {model} failed: {reason}")]
pub struct GenerateError {
    /// The name of the model.
    pub model: String,
    /// What it says.
    pub reason: String,
}

/// A language model that answers prompts.
pub trait TextGenerator: Sync {
    /// The name of the model, with everything on which its answers depend (file hash, address).
    /// Texts of another name are not taken from a cache.
    fn name(&self) -> String;

    /// How many prompts it is best asked at once.
    fn concurrency(&self) -> usize {
        1
    }

    /// The answer to a prompt.
    ///
    /// # Errors
    /// [`GenerateError`] where there is none.
    fn generate(&self, prompt: &Prompt<'_>) -> Result<Generated, GenerateError>;
}
