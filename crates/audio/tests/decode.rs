//! Every format and every input rule, on files made here.

mod common {
    pub(crate) mod wave;
}

use std::collections::HashMap;

use common::wave::{Wave, aiff, chunk, ramp};
use laennec_audio::{
    ChannelChoice, DecodeOptions, Decoded, Error, Notice, decode_bytes, decode_file,
};

fn decode(bytes: Vec<u8>) -> Result<Decoded, Error> {
    decode_bytes(bytes, None, &DecodeOptions::default())
}

fn expected(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|&s| f32::from(s) / 32_768.0).collect()
}

#[test]
fn pcm_of_all_widths_is_exact() {
    type Stored = fn(i16) -> Vec<u8>;
    let samples = ramp(1000);
    let values = expected(&samples);
    let plain = Wave::mono(8000, &samples);
    let widths: [(u16, u16, u16, Stored); 5] = [
        (1, 16, 2, |s| s.to_le_bytes().to_vec()),
        (1, 24, 3, |s| {
            (i32::from(s) << 8).to_le_bytes()[..3].to_vec()
        }),
        (1, 32, 4, |s| (i32::from(s) << 16).to_le_bytes().to_vec()),
        (3, 32, 4, |s| {
            (f32::from(s) / 32_768.0).to_le_bytes().to_vec()
        }),
        (3, 64, 8, |s| {
            (f64::from(s) / 32_768.0).to_le_bytes().to_vec()
        }),
    ];
    for (tag, bits, block_align, bytes) in widths {
        let data: Vec<u8> = samples.iter().flat_map(|&s| bytes(s)).collect();
        for extensible in [None, Some(tag)] {
            let wave = Wave {
                tag,
                bits,
                block_align,
                extensible,
                data: data.clone(),
                ..plain.clone()
            };
            let decoded = decode(wave.bytes()).unwrap();
            assert_eq!(decoded.signal.samples, values, "{tag} {bits}");
            assert_eq!((decoded.signal.rate, decoded.channels), (8000, 1));
            assert!(decoded.notices.is_empty(), "{:?}", decoded.notices);
        }
    }
    // 24 bits left-justified in 4 bytes: block align and byte rate say so.
    let data = samples
        .iter()
        .flat_map(|&s| (i32::from(s) << 16).to_le_bytes())
        .collect();
    let wave = Wave {
        bits: 24,
        block_align: 4,
        data,
        ..plain.clone()
    };
    assert_eq!(decode(wave.bytes()).unwrap().signal.samples, values);

    let wave = Wave {
        bits: 8,
        block_align: 1,
        data: vec![0, 128, 255],
        ..plain
    };
    assert_eq!(
        decode(wave.bytes()).unwrap().signal.samples,
        [-1.0, 0.0, 127.0 / 128.0]
    );
}

#[test]
fn g711_follows_its_tables() {
    let plain = Wave {
        bits: 8,
        block_align: 1,
        ..Wave::mono(8000, &[])
    };
    // Values of ITU-T G.191's decoders.
    let a_law = Wave {
        tag: 6,
        data: vec![0xD5, 0x55, 0x80, 0x00, 0xAA],
        ..plain.clone()
    };
    let values = [8, -8, 5504, -5504, 32_256];
    assert_eq!(
        decode(a_law.bytes()).unwrap().signal.samples,
        expected(&values)
    );
    let mu_law = Wave {
        tag: 7,
        data: vec![0xFF, 0x7F, 0x80, 0x00, 0xC0],
        ..plain
    };
    let values = [0, 0, 32_124, -32_124, 1_884];
    assert_eq!(
        decode(mu_law.bytes()).unwrap().signal.samples,
        expected(&values)
    );
}

#[test]
fn wrong_sizes_and_alignments_are_told() {
    let samples = ramp(1000);
    let values = expected(&samples);
    let plain = Wave::mono(8000, &samples);
    let decoded = decode(
        Wave {
            block_align: 4,
            ..plain.clone()
        }
        .bytes(),
    )
    .unwrap();
    assert_eq!(decoded.signal.samples, values);
    assert_eq!(decoded.notices, [Notice::BlockAlign { stated: 4, used: 2 }]);
    for size in [0, u32::MAX] {
        let decoded = decode(
            Wave {
                data_size: Some(size),
                ..plain.clone()
            }
            .bytes(),
        )
        .unwrap();
        assert_eq!(decoded.signal.samples, values);
        assert_eq!(decoded.notices, [Notice::UnknownSize]);
    }
    let decoded = decode(
        Wave {
            data_size: Some(4000),
            ..plain.clone()
        }
        .bytes(),
    )
    .unwrap();
    let notice = Notice::Truncated {
        expected_seconds: 0.25,
        decoded_seconds: 0.125,
    };
    assert_eq!(
        (decoded.signal.samples, decoded.notices),
        (values.clone(), vec![notice])
    );
    // An empty data chunk before another chunk is empty, not a forgotten size.
    let empty = Wave {
        data_size: Some(0),
        data: chunk(*b"LIST", b"INFOabcd"),
        ..plain
    };
    assert!(matches!(decode(empty.bytes()), Err(Error::Empty)));
}

#[test]
fn rf64_takes_its_size_from_ds64() {
    let samples = ramp(1000);
    let mut sizes = Vec::new();
    for size in [2072_u64, 2000, 1000] {
        sizes.extend(size.to_le_bytes());
    }
    let mut wave = Wave::mono(8000, &samples);
    wave.chunks = chunk(*b"ds64", &sizes);
    wave.data_size = Some(u32::MAX);
    wave.data.extend(chunk(*b"LIST", b"not sound"));
    for magic in [*b"RF64", *b"BW64"] {
        let decoded = decode(
            Wave {
                magic,
                ..wave.clone()
            }
            .bytes(),
        )
        .unwrap();
        assert_eq!(decoded.signal.samples, expected(&samples));
        assert_eq!(
            (decoded.format.as_str(), decoded.notices.len()),
            ("RF64 PCM 16 bit", 0)
        );
    }
}

#[test]
fn chunks_in_any_order_are_skipped() {
    let samples = ramp(100);
    let mut wave = Wave::mono(8000, &samples);
    wave.chunks = [chunk(*b"bext", &[7; 603]), chunk(*b"JUNK", &[])].concat();
    assert_eq!(
        decode(wave.bytes()).unwrap().signal.samples,
        expected(&samples)
    );
}

#[derive(serde::Deserialize)]
struct Reference {
    start: usize,
    left: Vec<f32>,
}

#[test]
fn coded_formats_equal_ffmpeg() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let references: HashMap<String, Reference> =
        serde_json::from_str(include_str!("fixtures/clips.json")).unwrap();
    // Decoders may differ in how much of the coder's delay they cut off, at most two AAC frames.
    let files = [
        ("tone.mp3", "MP3", 16_000, 1200),
        ("tone.ogg", "Ogg vorbis", 16_000, 0),
        ("tone.m4a", "MP4 aac", 16_000, 2048),
        ("tone.flac", "FLAC", 16_000, 0),
        ("adpcm.wav", "WAV adpcm_ima_wav", 8_000, 0),
    ];
    for (name, format, rate, reach) in files {
        let left = DecodeOptions {
            channel: ChannelChoice::Index(0),
            ..DecodeOptions::default()
        };
        let decoded = decode_file(&fixtures.join(name), &left).unwrap();
        assert_eq!((decoded.format.as_str(), decoded.channels), (format, 2));
        assert_eq!(decoded.signal.rate, rate);
        let taken = Notice::ChannelTaken {
            channel: 0,
            channels: 2,
        };
        assert_eq!(decoded.notices, [taken], "{name}");
        let samples = &decoded.signal.samples;
        let reference = &references[name];
        let difference = |start: usize| {
            let pairs = samples[start..].iter().zip(&reference.left);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let (worst, start) = (reference.start - reach..=reference.start + reach)
            .map(|start| (difference(start), start))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap();
        println!(
            "{name}: {} samples, {worst:e} from ffmpeg at {start}",
            samples.len()
        );
        assert!(worst < 1e-4, "{name}: {worst}");
    }
}

#[test]
fn aiff_is_exact() {
    let samples = ramp(800);
    let decoded = decode(aiff(&samples)).unwrap();
    assert_eq!(
        (decoded.signal.samples, decoded.signal.rate),
        (expected(&samples), 8000)
    );
    assert!(decoded.format.starts_with("AIFF"));
}

#[test]
fn content_decides_and_the_name_is_told() {
    let wave = Wave::mono(8000, &ramp(100)).bytes();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("named.mp3");
    std::fs::write(&path, &wave).unwrap();
    let decoded = decode_file(&path, &DecodeOptions::default()).unwrap();
    let notice = Notice::Extension {
        extension: "mp3".into(),
        format: "WAV PCM 16 bit".into(),
    };
    assert_eq!(decoded.notices, [notice]);
    for name in ["WAV", "dat"] {
        let decoded = decode_bytes(wave.clone(), Some(name), &DecodeOptions::default()).unwrap();
        assert!(decoded.notices.is_empty());
    }
}

#[test]
fn channels_are_averaged_or_chosen() {
    let left_right = [1000, 3000, -2000, 4000];
    let stereo = Wave {
        channels: 2,
        block_align: 4,
        ..Wave::mono(8000, &left_right)
    }
    .bytes();
    let decoded = decode(stereo.clone()).unwrap();
    assert_eq!(decoded.signal.samples, expected(&[2000, 1000]));
    assert_eq!(decoded.notices, [Notice::ChannelsAveraged { channels: 2 }]);
    let choose = |index| DecodeOptions {
        channel: ChannelChoice::Index(index),
        ..DecodeOptions::default()
    };
    let right = decode_bytes(stereo.clone(), None, &choose(1)).unwrap();
    let taken = Notice::ChannelTaken {
        channel: 1,
        channels: 2,
    };
    assert_eq!(right.notices, [taken]);
    assert_eq!(right.signal.samples, expected(&[3000, 4000]));
    let error = decode_bytes(stereo, None, &choose(2)).unwrap_err();
    assert!(matches!(
        error,
        Error::Channel {
            index: 2,
            channels: 2
        }
    ));
    assert!(error.to_string().contains("valid are 0 to 1"));
    let many = Wave {
        channels: 255,
        block_align: 510,
        ..Wave::mono(8000, &ramp(2550))
    };
    assert_eq!(decode(many.bytes()).unwrap().signal.samples.len(), 10);
    let none = Wave {
        channels: 0,
        ..Wave::mono(8000, &ramp(10))
    };
    assert!(matches!(decode(none.bytes()), Err(Error::NoChannels)));
}

#[test]
fn the_cap_refuses_or_cuts() {
    let wave = Wave::mono(1000, &ramp(5000)).bytes();
    let options = DecodeOptions {
        max_seconds: 2.0,
        ..DecodeOptions::default()
    };
    let error = decode_bytes(wave.clone(), None, &options).unwrap_err();
    assert!(matches!(error, Error::TooLong { exact: true, .. }));
    let message = error.to_string();
    assert!(message.contains("5.0 s") && message.contains("2.0 s") && message.contains("--first"));
    let first = DecodeOptions {
        first: true,
        ..options
    };
    let decoded = decode_bytes(wave.clone(), None, &first).unwrap();
    assert_eq!(decoded.signal.samples, expected(&ramp(2000)));
    assert_eq!(decoded.notices, [Notice::FirstPart { kept_seconds: 2.0 }]);
    let fits = DecodeOptions {
        max_seconds: 5.0,
        first: true,
        ..options
    };
    assert!(decode_bytes(wave, None, &fits).unwrap().notices.is_empty());
    for file in ["tone.mp3", "tone.flac", "tone.ogg", "tone.m4a"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(file);
        let short = DecodeOptions {
            max_seconds: 0.5,
            ..options
        };
        let error = decode_file(&path, &short).unwrap_err();
        assert!(matches!(error.cause(), Error::TooLong { .. }), "{error}");
        let first = decode_file(
            &path,
            &DecodeOptions {
                first: true,
                ..short
            },
        )
        .unwrap();
        assert_eq!(first.signal.samples.len(), 8000);
        assert!(
            first
                .notices
                .contains(&Notice::FirstPart { kept_seconds: 0.5 })
        );
    }
}

#[test]
fn what_cannot_be_analysed_is_a_typed_error() {
    let floats = |values: &[f32]| Wave {
        tag: 3,
        bits: 32,
        block_align: 4,
        data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        ..Wave::mono(8000, &[])
    };
    let bad = floats(&[0.0, 0.1, f32::NAN, f32::INFINITY, 0.2]).bytes();
    assert!(matches!(
        decode(bad),
        Err(Error::NonFinite { count: 2, first: 2 })
    ));
    let integers = decode(floats(&[0.0, 16_384.0, -32_768.0]).bytes()).unwrap();
    assert_eq!(integers.signal.samples, [0.0, 0.5, -1.0]);
    assert_eq!(integers.notices, [Notice::Rescaled { peak: 32_768.0 }]);
    for rate in [0, 499, 192_001, u32::MAX] {
        let wave = Wave::mono(rate, &ramp(10)).bytes();
        assert!(matches!(decode(wave), Err(Error::Rate { rate: found }) if found == rate));
    }
    assert!(matches!(
        decode(Wave::mono(8000, &[]).bytes()),
        Err(Error::Empty)
    ));
    assert!(matches!(decode(Vec::new()), Err(Error::Empty)));
    assert!(matches!(
        decode(b"Dear Sir or Madam,".repeat(50)),
        Err(Error::NotAudio)
    ));
    let odd = Wave {
        bits: 40,
        block_align: 5,
        ..Wave::mono(8000, &ramp(10))
    };
    assert!(matches!(decode(odd.bytes()), Err(Error::Encoding { .. })));
    let header_only = Wave::mono(8000, &ramp(10)).bytes()[..30].to_vec();
    assert!(matches!(decode(header_only), Err(Error::Damaged { .. })));

    let folder = tempfile::tempdir().unwrap();
    let error = decode_file(folder.path(), &DecodeOptions::default()).unwrap_err();
    assert!(matches!(error.cause(), Error::NotAFile));
    let error =
        decode_file(&folder.path().join("none.wav"), &DecodeOptions::default()).unwrap_err();
    assert!(matches!(error.cause(), Error::Read(_)) && error.to_string().contains("none.wav"));
}
