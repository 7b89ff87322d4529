//! A folder of 100 recordings in mixed formats, 20 of them damaged in different ways: 80 analyses,
//! 20 errors that name file and reason, exit code 4, bounded memory.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use laennec_audio::{DecodeOptions, Signal, decode_file};

use crate::damage::{self, Whole};
use crate::program;

/// Most resident memory of the program, in MiB. A folder a hundred times as large needs no more:
/// recordings are let go once they are analysed.
#[cfg(target_os = "linux")]
const MOST_MEMORY_MIB: u64 = 1024;

/// Whole recordings of each folder of the data, with the ending of the files.
const SOURCES: [(&str, &str, usize); 9] = [
    ("sprsound/train_wav", "flac", 18),
    ("sprsound/original_wav", "wav", 8),
    ("physionet2016/training-a", "flac", 7),
    ("physionet2016/training-e", "flac", 7),
    ("kauh/audio", "flac", 10),
    ("hls-cmds/HS", "flac", 4),
    ("hls-cmds/LS", "flac", 4),
    ("hls-cmds/Mix", "flac", 2),
    ("cough-covid19/audio", "mp3", 10),
];

/// `count` files of a folder, evenly spread over its sorted names.
fn spread(folder: &Path, ending: &str, count: usize) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| {
        panic!("{}: {error}", folder.display());
    });
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    assert!(files.len() >= count, "{}: too few files", folder.display());
    (0..count)
        .map(|at| files[at * files.len() / count].clone())
        .collect()
}

/// Writes a recording as WAV, in one of five ways that devices use.
fn rewrite(signal: &Signal, way: usize, path: &Path) {
    use hound::SampleFormat::{Float, Int};
    let (channels, bits, format) = [
        (1, 16, Int),
        (2, 16, Int),
        (1, 24, Int),
        (2, 32, Float),
        (1, 8, Int),
    ][way % 5];
    let spec = hound::WavSpec {
        channels,
        sample_rate: signal.rate,
        bits_per_sample: bits,
        sample_format: format,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let full = f32::from(2_u8).powi(i32::from(bits) - 1) - 1.0;
    for sample in &signal.samples {
        for _ in 0..channels {
            match format {
                Float => writer.write_sample(*sample).unwrap(),
                Int => writer.write_sample((sample * full).round() as i32).unwrap(),
            }
        }
    }
    writer.finalize().unwrap();
}

/// Fills the folder; the damaged files with the reasons that must be given come back. All names are
/// neutral: those of the data sets tell of patients.
fn fill(folder: &Path, data: &Path) -> Vec<damage::Broken> {
    let mut number = 0;
    let mut next = |ending: &str| {
        number += 1;
        folder.join(format!("r{number:02}.{ending}"))
    };
    for (source, ending, count) in SOURCES {
        for path in spread(&data.join(source), ending, count) {
            std::fs::copy(path, next(ending)).unwrap();
        }
    }
    let decoded = |path: &Path| decode_file(path, &DecodeOptions::default()).unwrap().signal;
    for (way, path) in spread(&data.join("kauh/audio"), "flac", 11)
        .iter()
        .skip(1)
        .enumerate()
    {
        rewrite(&decoded(path), way, &next("wav"));
    }
    assert_eq!(number, 80);

    let lung = spread(&data.join("sprsound/train_wav"), "flac", 3).remove(1);
    let wav = folder.join("whole.wav");
    rewrite(&decoded(&lung), 0, &wav);
    let cough = spread(&data.join("cough-covid19/audio"), "mp3", 1).remove(0);
    let whole = Whole {
        wav: std::fs::read(&wav).unwrap(),
        flac: std::fs::read(&lung).unwrap(),
        mp3: std::fs::read(cough).unwrap(),
    };
    std::fs::remove_file(wav).unwrap();
    damage::write_all(folder, &whole)
}

/// Waits for the program; its exit code and, on Linux, the most resident memory in MiB it had.
fn finish(mut child: Child) -> (i32, Option<u64>) {
    let mut most = None;
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let high = status.ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        most = high.map(|kib| kib / 1024).or(most);
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code().unwrap(), most);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_hundred_recordings_of_which_twenty_are_damaged() {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let inputs = folder.path().join("in");
    std::fs::create_dir(&inputs).unwrap();
    let broken = fill(&inputs, Path::new(&data));
    assert_eq!(broken.len(), 20);

    let text = std::fs::File::create(folder.path().join("stdout")).unwrap();
    let errors = std::fs::File::create(folder.path().join("stderr")).unwrap();
    let child = program(folder.path())
        .args(["in", "--jsonl", "all.jsonl", "--csv", "all.csv"])
        .stdin(Stdio::null())
        .stdout(text)
        .stderr(errors)
        .spawn()
        .unwrap();
    let (code, memory) = finish(child);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (summary, errors) = (read("stdout"), read("stderr"));
    assert_eq!(code, 4, "{errors}\n{summary}");
    assert!(
        errors.contains("20 of 100 inputs failed; the others were done"),
        "{errors}"
    );
    assert!(summary.contains("\n80 analysed ("), "{summary}");
    let unsaid: Vec<_> = broken
        .iter()
        .filter(|(name, reason)| {
            !summary
                .lines()
                .any(|line| line.contains(name) && line.contains("error") && line.contains(reason))
        })
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:?}\n{summary}");

    let lines = read("all.jsonl");
    let rows: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 100);
    let failed = rows.iter().filter(|row| row["error"].is_string()).count();
    let heard = rows
        .iter()
        .filter(|row| row["analysis"].is_object())
        .count();
    assert_eq!((heard, failed), (80, 20));
    for row in rows.iter().filter(|row| row["analysis"].is_object()) {
        assert_eq!(row["analysis"]["schema_version"], "1");
        assert!(
            !row["analysis"]["report"]["text"]
                .as_str()
                .unwrap()
                .is_empty()
        );
    }
    assert!(
        !lines.contains(".flac") && !lines.contains(".wav"),
        "names are kept out"
    );
    assert!(read("all.csv").starts_with("input,id,error"));

    #[cfg(target_os = "linux")]
    {
        let memory = memory.expect("Linux tells the memory of a process");
        eprintln!("most resident memory: {memory} MiB");
        assert!(memory < MOST_MEMORY_MIB, "{memory} MiB");
    }
    #[cfg(not(target_os = "linux"))]
    assert!(memory.is_none());
}
