//! A folder and a number come in; a data folder of that many made-up heart recordings goes out, for
//! measuring how an import grows:
//! `cargo run -p laennec-corpus --example many -- FOLDER 100000`
//!
//! The sounds are 5 s at 2 kHz: beats of a seeded tempo, pitch and loudness over noise, no two alike,
//! four to a subject, in the layout of a Hugging Face `AudioFolder` (`FOLDER/custom/made`).

use std::f64::consts::TAU;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use laennec_corpus::wording::Draw;

/// Hz.
const RATE: u32 = 2000;
/// Of one sound.
const SAMPLES: usize = 10_000;
/// Files to a folder.
const FOLDER: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), Some(count)) = (arguments.next().map(PathBuf::from), arguments.next())
    else {
        return Err("expected FOLDER and a number".into());
    };
    let count: usize = count.to_str().ok_or("expected a number")?.parse()?;
    let set = folder.join("custom/made");
    fs::create_dir_all(&set)?;
    fs::write(set.join("laennec.toml"), "domain = \"heart\"\n")?;
    let mut table = BufWriter::new(fs::File::create(set.join("metadata.csv"))?);
    writeln!(table, "file_name,subject,label,murmur,sex,age")?;
    for number in 0..count {
        let mut draw = Draw::new(number as u64, &["many"]);
        let part = format!("{:03}", number / FOLDER);
        if number.is_multiple_of(FOLDER) {
            fs::create_dir_all(set.join(&part))?;
        }
        let name = format!("{part}/{number:06}.wav");
        let murmur = draw.below(4) == 0;
        fs::write(set.join(&name), wav(&sound(&mut draw, murmur)))?;
        let subject = number / 4;
        let (label, one) = if murmur { ("murmur", 1) } else { ("normal", 0) };
        let sex = ["female", "male"][subject % 2];
        writeln!(
            table,
            "{name},s{subject},{label},{one},{sex},{}",
            subject % 90
        )?;
    }
    table.flush()?;
    Ok(())
}

/// Beats over noise, of a person of whom nothing is true.
fn sound(draw: &mut Draw, murmur: bool) -> Vec<i16> {
    let mut between = |low: f64, high: f64| low + (high - low) * draw.below(1 << 20) as f64 / 1e6;
    let (beat, systole) = (between(0.5, 1.2), between(0.25, 0.35));
    let (first, second, hiss) = (
        between(40.0, 90.0),
        between(60.0, 150.0),
        between(90.0, 400.0),
    );
    let (loud, noise) = (between(2000.0, 12_000.0), between(30.0, 600.0));
    (0..SAMPLES)
        .map(|n| {
            let time = n as f64 / f64::from(RATE);
            let at = time % beat;
            let burst = |from: f64, hertz: f64| {
                let past = at - from;
                (-(past / 0.03).powi(2)).exp() * (TAU * hertz * past).sin()
            };
            let between = if murmur && at > 0.1 && at < systole {
                0.3 * (TAU * hiss * time).sin()
            } else {
                0.0
            };
            let random = draw.below(2001) as f64 / 1000.0 - 1.0;
            let sum = burst(0.06, first) + 0.7 * burst(0.06 + systole, second) + between;
            (loud * sum + noise * random) as i16
        })
        .collect()
}

/// A WAV file of one channel and 16 bits.
fn wav(samples: &[i16]) -> Vec<u8> {
    let bytes = 2 * samples.len() as u32;
    let mut file = Vec::with_capacity(44 + bytes as usize);
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(RATE.to_le_bytes());
    file.extend((2 * RATE).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}
