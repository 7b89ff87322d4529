//! A file or bytes to mono samples, whatever the format and however odd the header.
//!
//! The content decides about the format, not the name. RIFF and RF64 files with PCM, float or
//! G.711 samples are read here, because real devices write headers that strict readers refuse;
//! all else goes through symphonia. Input is read piece by piece and only the mono result is
//! kept, so memory is bounded by the cap on the duration.

mod collect;
mod container;
mod pcm;
mod wav;

use std::fs::File;
use std::io::{Cursor, Read, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use symphonia::core::io::MediaSource;

use crate::{Error, Notice, Signal};

/// How several channels become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelChoice {
    /// Their mean.
    #[default]
    Mean,
    /// One of them, counted from 0.
    Index(usize),
}

/// What to decode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodeOptions {
    /// Cap on the duration, in seconds: longer recordings are refused, or cut if `first` is set.
    pub max_seconds: f64,
    /// Keep the first `max_seconds` of a longer recording instead of refusing it.
    pub first: bool,
    /// What to do with several channels.
    pub channel: ChannelChoice,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            max_seconds: 600.0,
            first: false,
            channel: ChannelChoice::Mean,
        }
    }
}

/// A decoded recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The sound: at least one sample, all finite, at 500 Hz to 192 kHz.
    pub signal: Signal,
    /// Number of channels in the file.
    pub channels: usize,
    /// Container and encoding, such as `WAV PCM 16 bit`.
    pub format: String,
    /// What is worth telling about the file.
    pub notices: Vec<Notice>,
}

/// Decodes a file.
///
/// # Errors
/// [`Error::InFile`] around what went wrong: unreadable, not a regular file, not audio, damaged,
/// no samples, too long, rate out of range, no channels, no such channel, samples not finite.
pub fn decode_file(path: &Path, options: &DecodeOptions) -> Result<Decoded, Error> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    open(path)
        .and_then(|file| decode_source(file, extension, options))
        .map_err(|source| Error::InFile {
            path: path.to_owned(),
            source: Box::new(source),
        })
}

/// Decodes a file that is in memory. `extension_hint` is what its name says (`"wav"`); it does not
/// choose the format, but a [`Notice::Extension`] tells if the content is another.
///
/// # Errors
/// As [`decode_file`], without the file name.
pub fn decode_bytes(
    bytes: Vec<u8>,
    extension_hint: Option<&str>,
    options: &DecodeOptions,
) -> Result<Decoded, Error> {
    decode_source(Cursor::new(bytes), extension_hint, options)
}

fn open(path: &Path) -> Result<File, Error> {
    // Asked before opening: opening a pipe would wait for a writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::NotAFile);
    }
    Ok(File::open(path)?)
}

fn decode_source<S: MediaSource + 'static>(
    mut source: S,
    extension: Option<&str>,
    options: &DecodeOptions,
) -> Result<Decoded, Error> {
    let mut magic = Vec::with_capacity(12);
    source.by_ref().take(12).read_to_end(&mut magic)?;
    source.seek(SeekFrom::Start(0))?;
    if magic.is_empty() {
        return Err(Error::Empty);
    }

    let decoded = if wav::is_wave(&magic) {
        match wav::read_header(&mut source)? {
            wav::Header::Samples(layout) => wav::decode(&mut source, layout, options)?,
            wav::Header::Coded => decode_container(source, &magic, options)?,
        }
    } else {
        decode_container(source, &magic, options)?
    };
    Ok(with_extension_notice(decoded, extension))
}

/// The decoders are other people's code and see arbitrary bytes: should one panic all the same,
/// the file counts as damaged and the program goes on.
fn decode_container<S: MediaSource + 'static>(
    mut source: S,
    magic: &[u8],
    options: &DecodeOptions,
) -> Result<Decoded, Error> {
    source.seek(SeekFrom::Start(0))?;
    catch_unwind(AssertUnwindSafe(|| {
        container::decode(Box::new(source), magic, options)
    }))
    .unwrap_or_else(|_| {
        Err(Error::Damaged {
            format: "audio".to_owned(),
            reason: "its decoder gave up on it".to_owned(),
        })
    })
}

/// Extensions under which each container goes; the first word of `Decoded::format` is the key.
const EXTENSIONS: [(&str, &[&str]); 7] = [
    ("WAV", &["wav", "wave", "bwf"]),
    ("RF64", &["wav", "rf64", "bwf"]),
    ("FLAC", &["flac"]),
    ("MP3", &["mp3"]),
    ("Ogg", &["ogg", "oga"]),
    ("AIFF", &["aif", "aiff", "aifc"]),
    ("MP4", &["m4a", "mp4", "m4b", "mov"]),
];

fn with_extension_notice(mut decoded: Decoded, extension: Option<&str>) -> Decoded {
    let Some(extension) = extension.map(str::to_lowercase) else {
        return decoded;
    };
    let container = decoded.format.split(' ').next().unwrap_or_default();
    let usual = |(_, names): &&(&str, &[&str])| names.contains(&extension.as_str());
    let named_so = EXTENSIONS.iter().filter(usual).count() > 0;
    let fits = EXTENSIONS
        .iter()
        .filter(usual)
        .any(|(name, _)| *name == container);
    if named_so && !fits {
        decoded.notices.push(Notice::Extension {
            extension,
            format: decoded.format.clone(),
        });
    }
    decoded
}
