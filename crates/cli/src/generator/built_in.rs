//! The language model of the models folder: the folder comes in, a text generator goes out.

use std::fmt::Display;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;

use laennec_corpus::{GenerateError, Generated, Prompt, TextGenerator, Tokens};
use laennec_models::chat::ChatTemplate;
use laennec_models::generate::{Decoder, Options, Sampling, generate};
use laennec_models::gguf::Gguf;
use laennec_models::llama::{Llama, QuantisedLlama};
use laennec_models::registry::{Folder, Lock, State};
use laennec_models::tokenizer::Tokenizer;

use super::endpoint::messages;
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};

/// The language model, as `laennec models list` calls it.
pub(crate) const MODEL: &str = "smollm2-135m-instruct-q4_1";

/// The share of probability from which varying answers are drawn.
const TOP_P: f32 = 0.9;

/// A language model that answers prompts on this machine: with all its numbers as Burn computes
/// them, or with the quantised ones of the file, which is faster.
pub(crate) struct BuiltIn<D = Llama> {
    decoder: D,
    tokenizer: Tokenizer,
    chat: ChatTemplate,
    name: String,
}

impl<D: Decoder + Sync> TextGenerator for BuiltIn<D> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn generate(&self, prompt: &Prompt<'_>) -> Result<Generated, GenerateError> {
        let failed = |error: &dyn Display| GenerateError {
            model: self.name(),
            reason: error.to_string(),
        };
        let text = self
            .chat
            .render(&messages(prompt), true)
            .map_err(|error| failed(&error))?;
        let tokens = self
            .tokenizer
            .encode(&text)
            .map_err(|error| failed(&error))?;
        let sampling = if prompt.temperature > 0.0 {
            Sampling {
                temperature: prompt.temperature,
                top_p: TOP_P,
                ..Sampling::GREEDY
            }
        } else {
            Sampling::GREEDY
        };
        let options = Options {
            max_tokens: prompt.most_tokens,
            sampling,
            seed: prompt.seed,
            ..Options::default()
        };
        let go_on = |_: &str| ControlFlow::Continue(());
        let generation = generate(&self.decoder, &self.tokenizer, &tokens, &options, go_on)
            .map_err(|error| failed(&error))?;
        let tokens = Tokens {
            read: tokens.len() as u64,
            written: generation.tokens.len() as u64,
        };
        Ok(Generated {
            text: generation.text,
            tokens,
        })
    }
}

/// Opens the language model in the models folder, after a look at its hash.
pub(crate) fn built_in(folders: &Folders) -> Result<BuiltIn, Failure> {
    let device = burn::tensor::Device::flex();
    open(folders, "burn", |gguf| Llama::from_gguf(gguf, &device))
}

/// The same with quantised weights.
pub(crate) fn quick(folders: &Folders) -> Result<BuiltIn<QuantisedLlama>, Failure> {
    open(folders, "quantised", QuantisedLlama::from_gguf)
}

fn open<D>(
    folders: &Folders,
    form: &str,
    load: impl FnOnce(&mut Gguf<BufReader<File>>) -> Result<D, laennec_models::llama::Error>,
) -> Result<BuiltIn<D>, Failure> {
    let pull = format!("laennec models pull {MODEL}");
    let folder = Folder::new(folders.models()?);
    let internal = |error: &dyn std::fmt::Display| Failure::new(Exit::Internal, error);
    let lock = Lock::built_in().map_err(|error| internal(&error))?;
    let model = lock.model(MODEL).map_err(|error| internal(&error))?;
    let Some(file) = model.files.first() else {
        return Err(internal(&format!("the model {MODEL} has no file")));
    };
    match folder.state(file).map_err(|error| internal(&error))? {
        State::Verified => {}
        State::Missing | State::Partial(_) => {
            return Err(Failure::new(
                Exit::Missing,
                format!(
                    "this needs the language model, and {} is not here",
                    folder.path(file).display()
                ),
            )
            .help(format!(
                "fetch it once: {pull}\nwithout it, the template writes the reports"
            )));
        }
        State::Damaged(_) => {
            return Err(Failure::new(
                Exit::Mismatch,
                format!(
                    "{} is not the language model that was expected",
                    folder.path(file).display()
                ),
            )
            .help(format!("fetch it again: {pull} --force")));
        }
    }
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::new(
            Exit::Mismatch,
            format!("the language model cannot be read: {error}"),
        )
        .help(format!("fetch it again: {pull} --force"))
    };
    let mut gguf = Gguf::open(&folder.path(file)).map_err(|error| unreadable(&error))?;
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).map_err(|error| unreadable(&error))?;
    let chat =
        ChatTemplate::from_gguf(gguf.metadata(), &tokenizer).map_err(|error| unreadable(&error))?;
    let decoder = load(&mut gguf).map_err(|error| unreadable(&error))?;
    Ok(BuiltIn {
        decoder,
        tokenizer,
        chat,
        name: format!("{MODEL} ({form})"),
    })
}
