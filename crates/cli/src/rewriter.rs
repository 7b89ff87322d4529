//! The language model that rewords reports: the models folder comes in, a text generator goes out.

use std::ops::ControlFlow;

use laennec_assistant::TextGenerator;
use laennec_models::chat::{ChatTemplate, Message, Role};
use laennec_models::generate::{Options, generate};
use laennec_models::gguf::Gguf;
use laennec_models::llama::Llama;
use laennec_models::registry::{Folder, Lock, State};
use laennec_models::tokenizer::Tokenizer;

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};

/// The language model, as `laennec models list` calls it.
pub(crate) const MODEL: &str = "smollm2-135m-instruct-q4_1";

/// Most tokens of a rewording; the template report has at most about 200.
const MOST_TOKENS: usize = 320;

/// A language model that answers prompts, greedily.
pub(crate) struct Rewriter {
    decoder: Llama,
    tokenizer: Tokenizer,
    chat: ChatTemplate,
}

impl TextGenerator for Rewriter {
    fn generate(&self, prompt: &str) -> Result<String, laennec_assistant::Error> {
        let failed = |error: &dyn std::fmt::Display| laennec_assistant::Error::Generate {
            reason: error.to_string(),
        };
        let text = self
            .chat
            .render(&[Message::new(Role::User, prompt)], true)
            .map_err(|error| failed(&error))?;
        let tokens = self
            .tokenizer
            .encode(&text)
            .map_err(|error| failed(&error))?;
        let options = Options {
            max_tokens: MOST_TOKENS,
            ..Options::default()
        };
        let go_on = |_: &str| ControlFlow::Continue(());
        generate(&self.decoder, &self.tokenizer, &tokens, &options, go_on)
            .map(|generation| generation.text)
            .map_err(|error| failed(&error))
    }
}

/// Opens the language model in the models folder, after a look at its hash.
pub(crate) fn open(folders: &Folders) -> Result<Rewriter, Failure> {
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
                    "rewording needs the language model, and {} is not here",
                    folder.path(file).display()
                ),
            )
            .help(format!(
                "fetch it once: {pull}\nwithout it, `laennec analyze` gives the template report"
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
    let device = burn::tensor::Device::flex();
    let decoder = Llama::from_gguf(&mut gguf, &device).map_err(|error| unreadable(&error))?;
    Ok(Rewriter {
        decoder,
        tokenizer,
        chat,
    })
}
