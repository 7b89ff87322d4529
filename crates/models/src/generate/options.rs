//! What a caller may choose about generation.

/// How the next token is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// 0 takes the most probable token; above, the logits are divided by it before one is drawn.
    pub temperature: f32,
    /// Only the most probable tokens whose probabilities reach this sum are drawn from, 0 to 1
    /// (Holtzman et al. 2020).
    pub top_p: f32,
    /// Tokens of the window have positive logits divided, negative ones multiplied by this; 1
    /// leaves them (Keskar et al. 2019, section 4.1).
    pub repetition_penalty: f32,
    /// How many of the last generated tokens the penalty looks at.
    pub repetition_window: usize,
}

impl Sampling {
    /// Always the most probable token, without a penalty.
    pub const GREEDY: Self = Self {
        temperature: 0.0,
        top_p: 1.0,
        repetition_penalty: 1.0,
        repetition_window: 0,
    };
}

/// The options of one generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The most tokens to generate.
    pub max_tokens: usize,
    /// How tokens are drawn.
    pub sampling: Sampling,
    /// The seed of the draws; the same seed gives the same text.
    pub seed: u64,
    /// Texts that end the generation.
    pub stop: Vec<String>,
    /// Tokens that end the generation, besides the tokenizer's end token.
    pub end_tokens: Vec<u32>,
}

impl Default for Options {
    /// Greedy, up to 256 tokens.
    fn default() -> Self {
        Self {
            max_tokens: 256,
            sampling: Sampling::GREEDY,
            seed: 0,
            stop: Vec::new(),
            end_tokens: Vec::new(),
        }
    }
}
