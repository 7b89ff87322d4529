//! CPU time of decoding a recording and of the log-mel front ends on 10 s of noise.

use std::path::{Path, PathBuf};

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::{DecodeOptions, LogMel, LogMelConfig, decode_file};
use laennec_benches::{Case, Failure, Work, mean_magnitude, noise, run};

const SECONDS: usize = 10;

fn main() -> Result<(), Failure> {
    run(&[
        Case {
            name: "decode",
            what: "to decode samples/lung-01.flac, or the file named, to mono f32",
            prepare: decode,
        },
        Case {
            name: "log-mel-opera",
            what: "for the log-mel of 10 s at 16 kHz, OPERA's settings (librosa's numbers)",
            prepare: opera,
        },
        Case {
            name: "log-mel-32k",
            what: "for the log-mel of 10 s at 32 kHz, EfficientAT's settings",
            prepare: |_| efficientat(&LogMelConfig::efficientat_32k()),
        },
        Case {
            name: "log-mel-8k",
            what: "for the log-mel of 10 s at 8 kHz, lung settings",
            prepare: |_| efficientat(&LogMelConfig::lung_8k()),
        },
        Case {
            name: "log-mel-2k",
            what: "for the log-mel of 10 s at 2 kHz, heart settings",
            prepare: |_| efficientat(&LogMelConfig::heart_2k()),
        },
    ])
}

fn decode(file: Option<&Path>) -> Result<Option<Work>, Failure> {
    let sample = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples/lung-01.flac");
    let path = file.map_or_else(sample, Path::to_owned);
    let options = DecodeOptions::default();
    // A missing file is named before anything is measured.
    decode_file(&path, &options)?;
    Ok(Some(Box::new(move |watch| {
        let decoded = watch.time(|| decode_file(&path, &options))?;
        Ok(mean_magnitude(&decoded.signal.samples))
    })))
}

fn opera(_: Option<&Path>) -> Result<Option<Work>, Failure> {
    let config = LibrosaConfig::opera();
    let samples = noise(SECONDS * config.rate as usize);
    let mut front = LibrosaLogMel::new(&config)?;
    Ok(Some(Box::new(move |watch| {
        let mel = watch.time(|| front.compute(&samples));
        Ok(mean_magnitude(&mel.values))
    })))
}

fn efficientat(config: &LogMelConfig) -> Result<Option<Work>, Failure> {
    let samples = noise(SECONDS * config.rate as usize);
    let mut front = LogMel::new(config)?;
    Ok(Some(Box::new(move |watch| {
        let mel = watch.time(|| front.compute(&samples));
        Ok(mean_magnitude(&mel.values))
    })))
}
