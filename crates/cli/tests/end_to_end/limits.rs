//! Input rules at the edges: bandwidth, length, and what cannot be read.

use std::path::Path;

use laennec_audio::{DecodeOptions, decode_file, resample};

use crate::{analyze, json, sample, stderr};

/// Writes mono 16-bit samples.
fn write_wav(path: &Path, rate: u32, samples: &[f32]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer
            .write_sample((sample * 32_767.0).round() as i16)
            .unwrap();
    }
    writer.finalize().unwrap();
}

#[test]
fn a_lung_recording_at_2_khz_is_too_narrow_for_crackles() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let whole = decode_file(sample("lung-01.flac").as_ref(), &DecodeOptions::default()).unwrap();
    let narrow = resample(&whole.signal.samples, whole.signal.rate, 2000).unwrap();
    write_wav(&path.join("narrow.wav"), 2000, &narrow);
    let analysis = json(path, &["narrow.wav", "--domain", "lung"]);
    let notices = analysis["notices"].to_string();
    assert!(notices.contains("bandwidth too low for "), "{notices}");
    let mut narrow = Vec::new();
    for finding in analysis["findings"].as_array().unwrap() {
        let reason = finding["reason"].as_str().unwrap_or_default();
        if reason.starts_with("bandwidth too low") {
            assert_eq!(finding["answer"], "not_assessed");
            assert_eq!(finding["probability"], serde_json::Value::Null);
            assert!(notices.contains(finding["name"].as_str().unwrap()));
            narrow.push(finding["name"].as_str().unwrap().to_owned());
        }
    }
    assert!(narrow.contains(&"crackles".to_owned()), "{narrow:?}");
    assert!(narrow.contains(&"fine crackles".to_owned()), "{narrow:?}");
    let report = analysis["report"]["text"].as_str().unwrap();
    assert!(report.contains("Not assessed: "), "{report}");
}

#[test]
fn a_recording_above_the_cap_is_refused_unless_its_first_part_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let heart = decode_file(sample("heart-01.flac").as_ref(), &DecodeOptions::default()).unwrap();
    let rate = heart.signal.rate;
    let long = heart.signal.samples.repeat(18);
    assert!(long.len() > 600 * rate as usize);
    write_wav(&path.join("long.wav"), rate, &long);
    let refused = analyze(path, &["long.wav"]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    for said in ["long.wav", "600", "--first", "--max-seconds"] {
        assert!(stderr(&refused).contains(said), "{}", stderr(&refused));
    }
    let analysis = json(path, &["long.wav", "--first", "--max-seconds", "40"]);
    assert_eq!(analysis["recording"]["seconds"], 40.0);
    let windows = analysis["windows"]["count"].as_u64().unwrap();
    assert!(windows > 1, "{windows} windows");
    let notices = analysis["notices"].to_string();
    assert!(notices.contains("first 40"), "{notices}");
    assert_eq!(analysis["domain"]["domain"], "heart");
}

#[test]
fn one_input_that_cannot_be_read_ends_with_its_name_and_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letter.wav"), "Dear colleague").unwrap();
    for (name, said) in [
        ("nowhere.flac", "No such file"),
        ("letter.wav", "is not audio in a supported format"),
    ] {
        let output = analyze(folder.path(), &[name]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        let stderr = stderr(&output);
        assert!(stderr.starts_with("error: ") && stderr.contains("\nhelp: "));
        assert!(stderr.contains(name) && stderr.contains(said), "{stderr}");
    }
}

/// In tables a failure names no file, and no name garbles its reason.
#[test]
fn what_cannot_be_read_is_told_in_tables_without_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["is", "audio.wav"] {
        std::fs::write(folder.path().join(name), "Dear colleague").unwrap();
    }
    let output = analyze(folder.path(), &["is", "audio.wav", "--jsonl", "all.jsonl"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let lines = std::fs::read_to_string(folder.path().join("all.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 2);
    for line in lines.lines() {
        let expected = "\"error\":\"is not audio in a supported format (";
        assert!(line.contains(expected), "{line}");
    }
    assert!(!lines.contains("audio.wav"), "{lines}");
}

#[cfg(unix)]
#[test]
fn no_name_reaches_the_terminal_with_control_characters() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a\u{1b}[31m\n.wav";
    std::fs::write(folder.path().join(name), "Dear colleague").unwrap();
    for inputs in [vec![name], vec!["."], vec![".", "--json"]] {
        let output = analyze(folder.path(), &inputs);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        let told = stderr(&output) + &crate::stdout(&output);
        assert!(told.contains("a\u{fffd}[31m\u{fffd}.wav"), "{told}");
        assert!(!told.contains('\u{1b}'), "{told}");
    }
}
