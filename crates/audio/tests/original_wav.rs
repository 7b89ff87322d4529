//! Real WAV files with a wrong block align against their FLAC twins, sample by sample.

mod common;

use laennec_audio::{DecodeOptions, Notice, decode_file};

#[test]
fn original_wav_equals_its_flac_twin() {
    let Some(data) = common::data() else {
        return;
    };
    let folder = data.join("sprsound");
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("original_wav")).unwrap() {
        let wav = entry.unwrap().path();
        let flac = folder
            .join("train_wav")
            .join(wav.with_extension("flac").file_name().unwrap());
        let wav = decode_file(&wav, &DecodeOptions::default()).unwrap();
        let flac = decode_file(&flac, &DecodeOptions::default()).unwrap();
        assert_eq!(wav.format, "WAV PCM 16 bit");
        assert_eq!(flac.format, "FLAC");
        assert_eq!(wav.signal, flac.signal);
        assert_eq!(wav.notices, [Notice::BlockAlign { stated: 4, used: 2 }]);
        assert!(flac.notices.is_empty());
        count += 1;
    }
    assert_eq!(count, 12);
}
