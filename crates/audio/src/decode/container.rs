//! FLAC, MP3, Ogg Vorbis, AIFF, MP4/AAC and coded WAV to samples, through symphonia.
//!
//! Encoder delay is cut off for MP3 and Vorbis; symphonia leaves that of AAC in, so an M4A file
//! starts late by 1024 samples or so (at most 2112).

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Symphonia;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::collect::{Collector, Flow};
use super::{DecodeOptions, Decoded};
use crate::{Error, Notice};

/// With more damaged packets than this share the rest is no recording any more.
const MAX_DAMAGED_SHARE: f64 = 0.1;
/// A shorter shortfall than this, in seconds, is an encoder's rounding.
const SHORTFALL_SECONDS: f64 = 0.1;

/// Decodes the default audio track.
pub(super) fn decode(
    source: Box<dyn MediaSource>,
    magic: &[u8],
    options: &DecodeOptions,
) -> Result<Decoded, Error> {
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let mut reader = symphonia::default::get_probe()
        .probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(|error| refusal(error, magic))?;
    let container = container_name(reader.format_info().short_name);
    let damaged = |reason: String| Error::Damaged {
        format: container.clone(),
        reason,
    };

    let track = reader
        .default_track(TrackType::Audio)
        .ok_or_else(|| damaged("it has no audio track".to_owned()))?;
    let (id, stated) = (track.id, track.num_frames);
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or_else(|| damaged("its audio track is not described".to_owned()))?;
    if let Some(rate) = parameters.sample_rate {
        // Before anything is decoded, so that the error is the same for whole and cut files.
        Collector::new(rate, 1, &DecodeOptions::default())?;
    }
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| match error {
            Symphonia::Unsupported(what) => Error::Encoding {
                format: container.clone(),
                encoding: what.to_owned(),
            },
            other => damaged(other.to_string()),
        })?;
    let codec = decoder.codec_info().short_name;

    let mut packets = Packets::default();
    packets
        .read(&mut *reader, &mut *decoder, id, options)
        .map_err(|error| error.unwrap_or_else(&damaged))?;
    let Packets {
        collector,
        good,
        damaged: bad,
        ending,
        ..
    } = packets;
    if bad as f64 > MAX_DAMAGED_SHARE * (good + bad) as f64 {
        return Err(damaged(format!(
            "{bad} of {} packets cannot be decoded",
            good + bad
        )));
    }
    let Some(collector) = collector else {
        return Err(ending.map_or(Error::Empty, damaged));
    };

    let mut notices = Vec::new();
    if bad > 0 {
        notices.push(Notice::DamagedPackets { count: bad });
    }
    if let Some(reason) = ending {
        notices.push(Notice::StoppedEarly { reason });
    }
    let decoded_seconds = collector.seconds(collector.frames() as f64);
    let expected_seconds = collector.seconds(stated.unwrap_or(0) as f64);
    if expected_seconds > decoded_seconds + SHORTFALL_SECONDS && !collector.is_full() {
        notices.push(Notice::Truncated {
            expected_seconds,
            decoded_seconds,
        });
    }
    let format = match container.as_str() {
        "FLAC" | "MP3" => container,
        _ => format!("{container} {codec}"),
    };
    collector.finish(format, notices)
}

/// The probe's error: damage if the first bytes are those of a known format, else not audio.
fn refusal(error: Symphonia, magic: &[u8]) -> Error {
    const MAGICS: [(&[u8], usize, &str); 5] = [
        (b"fLaC", 0, "FLAC"),
        (b"OggS", 0, "Ogg"),
        (b"FORM", 0, "AIFF"),
        (b"ID3", 0, "MP3"),
        (b"ftyp", 4, "MP4"),
    ];
    let known = MAGICS.iter().find(|(bytes, at, _)| {
        magic
            .get(*at..)
            .is_some_and(|magic| magic.starts_with(bytes))
    });
    match (error, known) {
        (Symphonia::IoError(error), _) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Error::Read(error)
        }
        (error, Some((_, _, format))) => Error::Damaged {
            format: (*format).to_owned(),
            reason: error.to_string(),
        },
        (_, None) => Error::NotAudio,
    }
}

/// What became of the packets of one track.
#[derive(Default)]
struct Packets {
    /// Made when the first packet tells the rate and the channels.
    collector: Option<Collector>,
    rate: u32,
    channels: usize,
    good: usize,
    damaged: usize,
    /// Why reading stopped before the end.
    ending: Option<String>,
    interleaved: Vec<f32>,
}

/// An error of ours, or the description of damage.
type Stop = Result<Error, String>;

impl Packets {
    fn read(
        &mut self,
        reader: &mut dyn FormatReader,
        decoder: &mut dyn AudioDecoder,
        track: u32,
        options: &DecodeOptions,
    ) -> Result<(), Stop> {
        loop {
            let packet = match reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(()),
                Err(Symphonia::IoError(error))
                    if error.kind() == std::io::ErrorKind::UnexpectedEof =>
                {
                    self.ending = Some("the file ends inside a packet".to_owned());
                    return Ok(());
                }
                Err(Symphonia::IoError(error)) => return Err(Ok(Error::Read(error))),
                Err(error) => {
                    self.ending = Some(error.to_string());
                    return Ok(());
                }
            };
            if packet.track_id != track {
                continue;
            }
            match decoder.decode(&packet) {
                Ok(buffer) => {
                    self.good += 1;
                    if self.take(&buffer, options)? == Flow::Full {
                        return Ok(());
                    }
                }
                Err(Symphonia::DecodeError(_) | Symphonia::IoError(_)) => self.damaged += 1,
                Err(error) => {
                    self.ending = Some(error.to_string());
                    return Ok(());
                }
            }
        }
    }

    fn take(
        &mut self,
        buffer: &GenericAudioBufferRef<'_>,
        options: &DecodeOptions,
    ) -> Result<Flow, Stop> {
        let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
        if self.collector.is_none() {
            self.collector = Some(Collector::new(rate, channels, options).map_err(Ok)?);
            (self.rate, self.channels) = (rate, channels);
        }
        if (rate, channels) != (self.rate, self.channels) {
            return Err(Err(format!(
                "it changes from {} Hz and {} channel(s) to {rate} Hz and {channels}",
                self.rate, self.channels
            )));
        }
        buffer.copy_to_vec_interleaved(&mut self.interleaved);
        let collector = self.collector.as_mut().expect("made above");
        collector.push(&self.interleaved).map_err(Ok)
    }
}

/// Symphonia's short name of a container to the one that people use.
fn container_name(short: &str) -> String {
    match short {
        "wave" => "WAV",
        "flac" => "FLAC",
        "mp3" | "mpa" | "mp1" | "mp2" => "MP3",
        "ogg" => "Ogg",
        "aiff" => "AIFF",
        "isomp4" => "MP4",
        "aac" | "adts" => "AAC",
        other => other,
    }
    .to_owned()
}
