//! Importing again: what did not change is not read, what changed is, and names are kept nowhere.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_corpus::{Import, Reading, manifest};

/// A mono WAV file of 16 bits at 2 kHz: a tone with beats.
fn wav(seconds: f64, hz: f64) -> Vec<u8> {
    let samples: Vec<i16> = (0..(2000.0 * seconds) as usize)
        .map(|n| {
            let t = n as f64 / 2000.0;
            let beat = (t * 7.0).sin().powi(2) * (1.0 + (t * hz / 90.0).sin());
            (8000.0 * beat * (std::f64::consts::TAU * hz * t).sin()) as i16
        })
        .collect();
    let length = 2 * samples.len() as u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    for (word, size) in [
        (16, 4),
        (1, 2),
        (1, 2),
        (2000, 4),
        (4000, 4),
        (2, 2),
        (16, 2),
    ] {
        bytes.extend(&u32::to_le_bytes(word)[..size]);
    }
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

/// A small PhysioNet 2016 tree.
fn tree(root: &Path, count: usize) {
    let part = root.join("physionet2016/training-a");
    fs::create_dir_all(&part).unwrap();
    let mut list = String::new();
    for number in 1..=count {
        let name = format!("a{number:04}");
        fs::write(
            part.join(format!("{name}.wav")),
            wav(3.0, 60.0 + 7.0 * number as f64),
        )
        .unwrap();
        writeln!(list, "{name},{}", if number % 3 == 0 { 1 } else { -1 }).unwrap();
    }
    fs::write(part.join("REFERENCE.csv"), list).unwrap();
}

fn import(root: &Path, cache: &Path) -> Reading {
    let (calls, largest) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let reading = Import {
        cache: Some(cache),
        progress: &|progress| {
            calls.fetch_add(1, Ordering::Relaxed);
            largest.fetch_max(progress.done, Ordering::Relaxed);
            assert!(progress.done <= progress.total);
        },
    }
    .read(root)
    .unwrap();
    assert_eq!(
        calls.load(Ordering::Relaxed),
        largest.load(Ordering::Relaxed)
    );
    reading
}

#[test]
fn only_what_changed_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (root, cache) = (folder.path(), folder.path().join("m.cache"));
    tree(root, 12);
    let first = import(root, &cache);
    assert_eq!((first.located.len(), first.reused), (12, 0));
    let written = fs::read(&cache).unwrap();
    let again = import(root, &cache);
    assert_eq!(again.reused, 12);
    assert_eq!(
        again.located, first.located,
        "what is kept is what was measured"
    );
    assert_eq!(fs::read(&cache).unwrap(), written);

    // A changed file, one that is gone and a new one.
    let part = root.join("physionet2016/training-a");
    fs::write(part.join("a0005.wav"), wav(4.0, 333.0)).unwrap();
    fs::remove_file(part.join("a0007.wav")).unwrap();
    let changed = import(root, &cache);
    assert_eq!((changed.located.len(), changed.reused), (11, 10));
    let of = |reading: &Reading| {
        let longest = reading.located.iter().map(|found| found.recording.seconds);
        longest.fold(0.0, f64::max)
    };
    assert_eq!((of(&first), of(&changed)), (3.0, 4.0));

    // A damaged cache knows nothing and is replaced.
    fs::write(&cache, &written[..written.len() / 2]).unwrap();
    assert_eq!(import(root, &cache).reused, 0);
    assert_eq!(import(root, &cache).reused, 11);
    assert!(!root.join("m.cache.partial").exists());
}

#[test]
fn a_cache_that_another_import_is_writing_is_left_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let (root, cache) = (folder.path(), folder.path().join("m.cache"));
    tree(root, 3);
    let partial = root.join("m.cache.partial");
    let other = fs::File::create(&partial).unwrap();
    other.lock().unwrap();
    assert_eq!(import(root, &cache).located.len(), 3);
    assert!(partial.exists() && !cache.exists());
    drop(other);
    import(root, &cache);
    assert_eq!(import(root, &cache).reused, 3);
}

#[test]
fn the_cache_and_the_manifest_hold_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let (root, cache) = (folder.path(), folder.path().join("m.cache"));
    tree(root, 5);
    let reading = import(root, &cache);
    let path = root.join("m.parquet");
    manifest::write(&path, &reading.recordings()).unwrap();
    for file in [cache, path] {
        let bytes = fs::read(file).unwrap();
        for name in ["a0001", "a0005", "physionet2016/training-a/a"] {
            let held = bytes.windows(name.len()).any(|run| run == name.as_bytes());
            assert!(!held, "{name}");
        }
    }
    let row = &reading.located[0].recording;
    assert!(!row.fingerprint.0.is_empty() && row.level.is_some());
    assert_eq!(row.provenance.reader, "physionet2016");
    assert!(row.provenance.line.is_some() && row.provenance.source_hash.len() == 16);
}

/// Peak memory and time of a hundred thousand recordings:
/// `cargo test -p laennec-corpus --test import -- --ignored --nocapture`.
#[test]
#[ignore = "writes 100,000 files; run by hand for the figures in docs/performance.md"]
fn a_hundred_thousand_recordings() {
    let count = std::env::var("LAENNEC_IMPORT_COUNT").map_or(100_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let part = root.join("physionet2016/training-a");
    fs::create_dir_all(&part).unwrap();
    let sounds: Vec<Vec<u8>> = (0..40)
        .map(|n| wav(4.0, 60.0 + 11.0 * f64::from(n)))
        .collect();
    let mut list = String::new();
    for number in 0..count {
        let name = format!("a{number:06}");
        // No two files are the same.
        let mut bytes = sounds[number % sounds.len()].clone();
        for at in (100..bytes.len() - 4).step_by(501) {
            bytes[at] ^= (number >> (at % 17)) as u8;
        }
        fs::write(part.join(format!("{name}.wav")), bytes).unwrap();
        writeln!(list, "{name},{}", if number % 3 == 0 { 1 } else { -1 }).unwrap();
    }
    fs::write(part.join("REFERENCE.csv"), list).unwrap();
    let path = root.join("m.parquet");
    for round in ["first", "second"] {
        let (start, before) = (std::time::Instant::now(), cpu_seconds());
        let import = Import {
            cache: Some(&root.join("m.cache")),
            progress: &|_| {},
        };
        let reading = import.read(root).unwrap();
        assert_eq!(reading.located.len(), count);
        assert_eq!(reading.reused, if round == "first" { 0 } else { count });
        let mut writer = manifest::Writer::create(&path).unwrap();
        for located in reading.located {
            writer.push(located.recording).unwrap();
        }
        writer.finish().unwrap();
        println!(
            "{round} import of {count}: {:.1} s, CPU {:.1} s, peak memory {} MiB, manifest {} MiB",
            start.elapsed().as_secs_f64(),
            cpu_seconds() - before,
            peak_kib() / 1024,
            fs::metadata(&path).unwrap().len() >> 20,
        );
    }
}

/// CPU time of this process, user and system, in s (Linux: hundredths of a second).
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks = |field: usize| -> f64 {
        after_name
            .split_whitespace()
            .nth(field)
            .unwrap()
            .parse()
            .unwrap()
    };
    (ticks(11) + ticks(12)) / 100.0
}

/// Most memory that this process has held, in KiB (Linux).
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
