//! Twenty ways in which a sound file can be broken, each with what the program says of it.

use std::path::Path;

/// Real recordings to break.
pub(crate) struct Whole {
    /// Mono WAV, 16 bit, with a header of 44 bytes.
    pub(crate) wav: Vec<u8>,
    /// FLAC.
    pub(crate) flac: Vec<u8>,
    /// MP3.
    pub(crate) mp3: Vec<u8>,
}

/// A broken file: its name and words of the reason that must be given.
pub(crate) type Broken = (&'static str, &'static str);

/// Writes the twenty files into `folder`.
pub(crate) fn write_all(folder: &Path, whole: &Whole) -> Vec<Broken> {
    let Whole { wav, flac, mp3 } = whole;
    assert_eq!(&wav[36..40], b"data");
    let patched = |at: usize, bytes: &[u8]| {
        let mut copy = wav.clone();
        copy[at..at + bytes.len()].copy_from_slice(bytes);
        copy
    };
    let audio = flac_audio(flac);
    let mut silent_frames = flac.clone();
    silent_frames[audio..].fill(0);
    let mut tagged = b"ID3\x03\0\0\0\0\0\x0a".to_vec();
    tagged.extend([0; 10]);
    tagged.extend(mp3.iter().map(|byte| byte & 0x3f));
    let floats = |bad: f32| {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for at in 0..16_000 {
            let sample = if at == 9000 { bad } else { (at as f32).sin() };
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    };
    let aiff = [
        b"FORM\0\0\0\x1eAIFFCOMM".as_slice(),
        &[0, 0, 0, 18],
        &[0; 4],
    ]
    .concat();
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "d01.wav",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            "not audio",
        ),
        ("d02.wav", wav[..20].to_vec(), "damaged"),
        ("d03.wav", wav[..36].to_vec(), "damaged"),
        ("d04.wav", b"Dear colleague, ".repeat(500), "not audio"),
        ("d05.wav", patched(0, b"XIFF"), "not audio"),
        ("d06.wav", floats(f32::NAN), "NaN or infinite"),
        ("d07.wav", floats(f32::NEG_INFINITY), "NaN or infinite"),
        ("d08.wav", patched(24, &[0; 4]), "sampling rate of 0 Hz"),
        (
            "d09.wav",
            patched(24, &100_u32.to_le_bytes()),
            "sampling rate of 100 Hz",
        ),
        (
            "d10.wav",
            patched(24, &400_000_u32.to_le_bytes()),
            "sampling rate of 400000 Hz",
        ),
        ("d11.wav", patched(22, &[0; 2]), "no channels"),
        (
            "d12.wav",
            patched(20, &0x1234_u16.to_le_bytes()),
            "not supported",
        ),
        ("d13.wav", patched(16, &u32::MAX.to_le_bytes()), "damaged"),
        ("d14.flac", flac[..20].to_vec(), "FLAC"),
        ("d15.flac", flac[..audio].to_vec(), "FLAC"),
        ("d16.flac", silent_frames, "FLAC"),
        ("d17.mp3", tagged, "MP3"),
        ("d18.m4a", b"\0\0\0\x10ftypM4A \0\0\0\0".to_vec(), "moov"),
        ("d19.aiff", aiff, "AIFF"),
    ];
    let mut broken: Vec<Broken> = Vec::new();
    for (name, bytes, reason) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
        broken.push((name, reason));
    }
    broken.push(unreadable(folder));
    broken
}

/// A link that leads nowhere.
#[cfg(unix)]
fn unreadable(folder: &Path) -> Broken {
    std::os::unix::fs::symlink(folder.join("gone"), folder.join("d20.wav")).unwrap();
    ("d20.wav", "No such file")
}

/// A header that asks for more bits than samples have.
#[cfg(not(unix))]
fn unreadable(folder: &Path) -> Broken {
    let mut bytes = std::fs::read(folder.join("d03.wav")).unwrap();
    bytes[34..36].copy_from_slice(&[200, 0]);
    std::fs::write(folder.join("d20.wav"), bytes).unwrap();
    ("d20.wav", "damaged")
}

/// Where the metadata blocks of a FLAC file end.
fn flac_audio(flac: &[u8]) -> usize {
    assert_eq!(&flac[..4], b"fLaC");
    let mut at = 4;
    loop {
        let length = u32::from_be_bytes([0, flac[at + 1], flac[at + 2], flac[at + 3]]) as usize;
        let last = flac[at] & 0x80 != 0;
        at += 4 + length;
        if last {
            return at;
        }
    }
}
