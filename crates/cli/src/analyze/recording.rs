//! One file to one analysis: decode, listen, reword if asked for.

use std::path::Path;

use laennec_assistant::{AnalyzeOptions, Listened, Listener, Source, reword};
use laennec_audio::{DecodeOptions, Signal, decode_file};
use laennec_corpus::TextGenerator;

use crate::exit::{Exit, Failure};
use crate::generator::BuiltIn;

/// What is done with each recording.
pub(super) struct Job<'a> {
    pub(super) decode: DecodeOptions,
    pub(super) options: AnalyzeOptions,
    pub(super) listener: &'a dyn Listener,
    pub(super) rewriter: Option<&'a BuiltIn>,
}

/// A recording and what was heard in it.
pub(super) struct Heard {
    pub(super) signal: Signal,
    pub(super) listened: Listened,
}

/// Analyses one file. A file without samples is no error: it has a poor signal. A failure does not
/// name the file.
pub(super) fn analyze(path: &Path, job: &Job) -> Result<Heard, Failure> {
    let (signal, source) = match decode_file(path, &job.decode) {
        Ok(decoded) => {
            let source = Source::from(&decoded);
            (decoded.signal, source)
        }
        Err(error) if matches!(error.cause(), laennec_audio::Error::Empty) => {
            let source = Source {
                channels: 1,
                format: "empty".to_owned(),
                notices: Vec::new(),
            };
            (
                Signal {
                    samples: Vec::new(),
                    rate: 0,
                },
                source,
            )
        }
        Err(error) => return Err(refused(error.cause())),
    };
    let mut listened = laennec_assistant::analyze(&signal, &source, job.listener, job.options)
        .map_err(|error| Failure::new(Exit::Internal, error))?;
    if let Some(rewriter) = job.rewriter {
        reword(&mut listened.analysis, rewriter as &dyn TextGenerator)
            .map_err(|error| Failure::new(Exit::Internal, error))?;
    }
    Ok(Heard { signal, listened })
}

fn refused(cause: &laennec_audio::Error) -> Failure {
    use laennec_audio::Error;
    let failure = Failure::new(Exit::Input, cause);
    match cause {
        Error::TooLong { .. } => failure.help("--max-seconds SECONDS raises the cap"),
        Error::Read(_) | Error::NotAFile => failure.help("check the path and its permissions"),
        Error::Channel { .. } => {
            failure.help("choose another with --channel, or leave it out for the mean")
        }
        Error::NotAudio | Error::Encoding { .. } => {
            failure.help("convert it first, for example: ffmpeg -i INPUT output.wav")
        }
        Error::Damaged { .. } => failure.help("export or copy it again from its source"),
        _ => failure,
    }
}
