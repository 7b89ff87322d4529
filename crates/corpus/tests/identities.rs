//! What identifies a person never reaches a manifest, its cache or a stored error, whatever stands
//! in the rows of a table.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::fs;
use std::path::Path;

use laennec_corpus::check::check;
use laennec_corpus::{Import, manifest};
use proptest::prelude::*;
use proptest::sample::select;

const MAPPING: &str = r#"
table = "table.csv"
audio = "."
domain = "lung"
[columns]
file = "file"
subject = "patient"
device = "device"
class = "label"
diagnoses = "diagnosis"
sex = "sex"
age = "age"
"#;

/// Values that a careless export of a hospital's table may hold; each is unlike any word of ours.
fn identifying() -> impl Strategy<Value = String> {
    let name = (
        select(vec!["Quenby", "Zsófia", "Oyelaran", "Thjodolf"]),
        select(vec!["Wexcombe", "Bhattacharyya", "Przybylski"]),
    )
        .prop_map(|(given, family)| format!("{given} {family}"));
    let date = (
        1_u32..28,
        1_u32..12,
        1921_u32..2024,
        select(vec!["-", ".", "/"]),
    )
        .prop_map(|(day, month, year, mark)| format!("{year}{mark}{month:02}{mark}{day:02}"));
    let month = (
        1_u32..28,
        select(vec!["January", "Sept", "mar"]),
        1921_u32..2024,
    )
        .prop_map(|(day, month, year)| format!("{day} {month} {year}"));
    let serial = (
        select(vec!["SN", "MRN ", "#", ""]),
        100_000_u64..99_999_999_999,
    )
        .prop_map(|(prefix, number)| format!("{prefix}{number}"));
    let text = name
        .clone()
        .prop_map(|name| format!("{name} was seen on ward 7; daughter phoned, call back."));
    let address = "[a-z]{6,9}@[a-z]{6,9}\\.org";
    prop_oneof![name, date, month, serial, text, address]
}

/// A mono WAV file of 16 bits at 4 kHz.
fn wav() -> Vec<u8> {
    let samples: Vec<i16> = (0..12_000)
        .map(|n| ((n * n / 700) % 9000) as i16 - 4500)
        .collect();
    let length = 2 * samples.len() as u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    for (word, size) in [
        (16, 4),
        (1, 2),
        (1, 2),
        (4000, 4),
        (8000, 4),
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

/// Whether the bytes hold the text, or a part of it that tells who it is.
fn holds(bytes: &[u8], secret: &str) -> bool {
    let parts = secret.split_whitespace().chain([secret]);
    let telling = parts.filter(|part| part.chars().count() >= 6);
    let known = ["daughter", "phoned,", "January"];
    telling
        .filter(|part| !known.contains(part))
        .any(|part| bytes.windows(part.len()).any(|run| run == part.as_bytes()))
}

fn import(root: &Path) -> (Vec<u8>, usize) {
    let cache = root.join("m.cache");
    let reading = Import {
        cache: Some(&cache),
        progress: &|_| {},
    }
    .read(root)
    .unwrap();
    let path = root.join("m.parquet");
    let rows = reading.recordings();
    assert!(check(&rows).identifying.is_empty());
    assert!(
        rows.iter()
            .all(|row| row.age_years.is_none_or(|age| age <= 90.0))
    );
    manifest::write(&path, &rows).unwrap();
    // Where every row was refused there is no cache.
    let mut bytes = fs::read(cache).unwrap_or_default();
    bytes.extend(fs::read(path).unwrap());
    // The columns are compressed: what a reader of the manifest sees counts too.
    bytes.extend(serde_json::to_vec(&rows).unwrap());
    for problem in &reading.problems {
        bytes.extend(serde_json::to_vec(&problem.stored()).unwrap());
    }
    (bytes, rows.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn no_identity_reaches_what_is_stored(
        secrets in proptest::collection::vec(identifying(), 4),
        column in 0_usize..5,
        age in 0_u32..140,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let set = folder.path().join("custom/clinic");
        fs::create_dir_all(&set).unwrap();
        fs::write(set.join("laennec.toml"), MAPPING).unwrap();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut table = "file,patient,device,label,diagnosis,sex,age,notes\n".to_owned();
        let mut names = Vec::new();
        for (number, secret) in secrets.iter().enumerate() {
            // The name of the file and the notes always tell, one of the other columns too.
            let name = format!("{}_{number}", secret.replace(['/', '@', '#', ';', ','], "_"));
            fs::write(set.join(format!("{name}.wav")), wav()).unwrap();
            let mut fields = ["p", "Littmann", "wheeze", "asthma", "F"].map(str::to_owned);
            fields[column].clone_from(secret);
            let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
            table += &quoted(&format!("{name}.wav"));
            table += ",";
            table += &fields.join(",");
            table += &[",", &age.to_string(), ",", &quoted(secret), "\n"].concat();
            names.push(name);
        }
        fs::write(set.join("table.csv"), table).unwrap();
        let (stored, _) = import(folder.path());
        for secret in secrets.iter().chain(&names) {
            prop_assert!(!holds(&stored, secret), "{} is stored", secret);
        }
    }
}
