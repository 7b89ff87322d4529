//! Cut, flipped and invented files: an answer or a typed error, never a panic, bounded memory.

mod common {
    pub(crate) mod wave;
}

use common::wave::{Wave, aiff, chunk, ramp};
use laennec_audio::{DecodeOptions, decode_bytes};
use proptest::prelude::*;

/// One small file of each format.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let samples = ramp(2000);
    let mut rf64 = Wave::mono(8000, &samples);
    rf64.magic = *b"RF64";
    rf64.data_size = Some(u32::MAX);
    rf64.chunks = chunk(
        *b"ds64",
        &[vec![0; 8], 4000_u64.to_le_bytes().to_vec(), vec![0; 12]].concat(),
    );
    vec![
        ("wav", Wave::mono(8000, &samples).bytes()),
        ("rf64", rf64.bytes()),
        ("aiff", aiff(&samples)),
        ("flac", include_bytes!("fixtures/tone.flac").to_vec()),
        ("mp3", include_bytes!("fixtures/tone.mp3").to_vec()),
        ("ogg", include_bytes!("fixtures/tone.ogg").to_vec()),
        ("m4a", include_bytes!("fixtures/tone.m4a").to_vec()),
        ("adpcm", include_bytes!("fixtures/adpcm.wav").to_vec()),
    ]
}

/// Decodes with a cap of 10 s and checks what every answer promises.
fn judge(bytes: Vec<u8>) -> bool {
    let options = DecodeOptions {
        max_seconds: 10.0,
        first: true,
        ..DecodeOptions::default()
    };
    match decode_bytes(bytes, None, &options) {
        Ok(decoded) => {
            let signal = decoded.signal;
            assert!(!signal.samples.is_empty());
            assert!(signal.samples.iter().all(|sample| sample.is_finite()));
            assert!((500..=192_000).contains(&signal.rate));
            assert!(signal.samples.len() as f64 <= 10.0 * f64::from(signal.rate));
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

#[test]
fn files_cut_anywhere_are_answered() {
    for (name, bytes) in files() {
        assert!(judge(bytes.clone()), "{name}");
        let step = (bytes.len() / 150).max(1);
        let cuts = (0..bytes.len().min(120)).chain((120..bytes.len()).step_by(step));
        let answered = cuts.filter(|&cut| judge(bytes[..cut].to_vec())).count();
        println!("{name}: {answered} cut files still hold a recording");
        // These hold an index, a block or a page that symphonia wants whole.
        let in_one_piece = ["m4a", "aiff", "ogg", "adpcm"].contains(&name);
        assert!(answered > 20 || in_one_piece, "{name}");
    }
}

#[test]
fn cut_recordings_say_so() {
    let bytes = include_bytes!("fixtures/tone.flac");
    let decoded = decode_bytes(
        bytes[..bytes.len() / 2].to_vec(),
        None,
        &DecodeOptions::default(),
    )
    .unwrap();
    assert!(!decoded.notices.is_empty());
}

#[test]
fn sizes_from_another_world_cost_nothing() {
    let samples = ramp(100);
    for size in [0x7FFF_FFFF, 0xFFFF_FFF0, u32::MAX] {
        for rate in [500, 192_000] {
            let mut wave = Wave::mono(rate, &samples);
            wave.data_size = Some(size);
            judge(wave.bytes());
            wave.chunks = chunk(*b"ds64", &[0xFF; 28]);
            wave.magic = *b"RF64";
            judge(wave.bytes());
            wave.channels = u16::MAX;
            judge(wave.bytes());
        }
    }
    // A chunk whose size points far beyond the file, and one that points at itself.
    for size in [u32::MAX, u32::MAX - 7, 0] {
        let mut bytes = b"RIFF\0\0\0\0WAVEJUNK".to_vec();
        bytes.extend(size.to_le_bytes());
        bytes.extend(vec![0; 100_000]);
        assert!(!judge(bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bits_are_answered(
        file in 0..8_usize, flips in prop::collection::vec((0.0..1.0_f64, 0..8_u32), 1..20), header in any::<bool>(),
    ) {
        let (_, mut bytes) = files().swap_remove(file);
        let reach = if header { bytes.len().min(200) } else { bytes.len() };
        for (place, bit) in flips {
            bytes[(place * reach as f64) as usize] ^= 1 << bit;
        }
        judge(bytes);
    }

    #[test]
    fn invented_bytes_are_answered(kind in 0..9_usize, tail in prop::collection::vec(any::<u8>(), 0..2000)) {
        let magics: [&[u8]; 9] = [
            b"", b"RIFF\0\0\0\0WAVE", b"RF64\0\0\0\0WAVEds64", b"fLaC\0\0\0\x22", b"ID3\x04\0\0",
            b"OggS\0\x02", b"FORM\0\0\0\0AIFFCOMM", b"\0\0\0\x20ftypM4A ", b"\xFF\xFB\x90\x64",
        ];
        judge([magics[kind], &tail].concat());
    }

    #[test]
    fn any_wave_header_is_answered(
        tag in any::<u16>(), channels in any::<u16>(), rate in any::<u32>(), bits in any::<u16>(),
        block_align in any::<u16>(), size in prop::option::of(any::<u32>()), plain in any::<bool>(),
        extensible in prop::option::of(0..8_u16),
    ) {
        let wave = Wave {
            tag: if plain { tag % 4 } else { tag },
            channels: if plain { channels % 9 } else { channels },
            rate: if plain { rate % 200_000 } else { rate },
            bits: if plain { bits % 70 } else { bits },
            block_align, extensible, data_size: size,
            ..Wave::mono(8000, &ramp(500))
        };
        judge(wave.bytes());
    }
}
