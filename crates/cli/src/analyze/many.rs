//! Many recordings, several at once: one bad file does not stop the rest. A summary goes to standard
//! output, rows to CSV and JSON lines; the exit code says whether all, some or none succeeded.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use laennec_assistant::{Analysis, RESEARCH_USE};
use rayon::prelude::*;

use super::Arguments;
use super::inputs::Found;
use super::kept::Kept;
use super::outputs::Outputs;
use super::recording::{Job, analyze};
use super::single::write_tables;
use crate::exit::{Exit, Failure};
use crate::output::{print, safe_name, table};
use crate::render::table::{Row, in_short, json_lines, notices};

/// Analyses all recordings that were found.
pub(super) fn run(
    arguments: &Arguments,
    found: &Found,
    job: &Job,
    outputs: &Outputs,
) -> Result<(), Failure> {
    if found.files.is_empty() {
        let mut message = "no audio file was found".to_owned();
        for (folder, reason) in &found.unreadable {
            let _ = write!(message, "; {}: {reason}", safe_name(folder));
        }
        return Err(Failure::new(Exit::Input, message)
            .help("in folders, files ending in wav, flac, mp3, ogg, aiff or m4a are taken; name others one by one"));
    }
    let kept = Kept::open(outputs, job)?;
    let heard = listen(&found.files, arguments, job, kept.as_ref())?;
    let rows = rows(found, heard, arguments.keep_names);
    write_tables(&rows, outputs)?;
    if let Some(kept) = kept {
        kept.done()?;
    }
    if arguments.json {
        // The lines on standard output name no file.
        eprint!("{}", failures(found, &rows));
        print(&json_lines(&rows).map_err(|error| super::single::json_failure(&error))?)?;
    } else {
        print(&summary(found, &rows))?;
    }
    let failed = rows.iter().filter(|row| row.error.is_some()).count() + found.unreadable.len();
    let done = rows.len() + found.unreadable.len() - failed;
    match (done, failed) {
        (_, 0) => Ok(()),
        (0, _) => Err(Failure::new(
            Exit::Input,
            "none of the recordings could be analysed",
        )),
        _ => Err(Failure::new(
            Exit::Partial,
            format!(
                "{failed} of {} inputs failed; the others were done",
                done + failed
            ),
        )),
    }
}

/// Analyses the files that are not known yet, `--jobs` at once, with a progress bar on standard
/// error.
fn listen(
    files: &[PathBuf],
    arguments: &Arguments,
    job: &Job,
    kept: Option<&Kept>,
) -> Result<Vec<Result<Analysis, Failure>>, Failure> {
    let known = |path: &PathBuf| kept.and_then(|kept| kept.known(path));
    let known: Vec<Option<Analysis>> = files.iter().map(known).collect();
    let before = known.iter().flatten().count();
    if before > 0 {
        eprintln!("note: {before} of {} were analysed before", files.len());
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.jobs.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("no threads: {error}")))?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} (about {eta} left)")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(files.len() as u64).with_style(style);
    let heard = pool.install(|| {
        let each = files.par_iter().zip(known).map(|(path, known)| {
            if let Some(analysis) = known {
                bar.inc(1);
                return Ok(Ok(analysis));
            }
            let heard = analyze(path, job).map(|heard| heard.listened.analysis);
            if let (Some(kept), Ok(analysis)) = (kept, &heard) {
                kept.keep(path, analysis)?;
            }
            bar.inc(1);
            Ok(heard)
        });
        each.collect()
    });
    bar.finish_and_clear();
    heard
}

fn rows(found: &Found, heard: Vec<Result<Analysis, Failure>>, keep_names: bool) -> Vec<Row> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let inputs = found.files.iter().zip(heard).enumerate();
    let row = inputs.map(|(at, (path, heard))| {
        let input = at + 1;
        let (analysis, error) = match heard {
            Ok(analysis) => (Some(analysis), None),
            Err(failure) => (None, Some(failure.message().to_owned())),
        };
        let sound = analysis.as_ref().filter(|one| one.recording.seconds > 0.0);
        let before = sound.and_then(|analysis| {
            let earliest = *first.entry(analysis.id.clone()).or_insert(input);
            (earliest != input).then_some(earliest)
        });
        Row {
            input,
            file: keep_names.then(|| safe_name(path)),
            duplicate_of: before,
            analysis,
            error,
        }
    });
    row.collect()
}

/// One line for each recording and folder that could not be read, with its name.
fn failures(found: &Found, rows: &[Row]) -> String {
    let mut text = String::new();
    for (row, path) in rows.iter().zip(&found.files) {
        if let Some(reason) = &row.error {
            let _ = writeln!(
                text,
                "error: input {}, {}: {reason}",
                row.input,
                safe_name(path)
            );
        }
    }
    for (folder, reason) in &found.unreadable {
        let _ = writeln!(text, "error: {}: {reason}", safe_name(folder));
    }
    text
}

/// One line for each input, the counts, and what is to be noted.
fn summary(found: &Found, rows: &[Row]) -> String {
    let mut lines: Vec<[String; 5]> =
        vec![["", "file", "signal", "domain", "findings"].map(str::to_owned)];
    for (row, path) in rows.iter().zip(&found.files) {
        let [quality, domain, mut findings] = match (&row.analysis, &row.error) {
            (Some(analysis), _) => in_short(analysis),
            (None, error) => {
                let reason = error.clone().unwrap_or_default();
                ["error".to_owned(), String::new(), reason]
            }
        };
        if let Some(first) = row.duplicate_of {
            let _ = write!(findings, " (same sound as {first})");
        }
        lines.push([
            row.input.to_string(),
            safe_name(path),
            quality,
            domain,
            findings,
        ]);
    }
    let mut text = table(&lines);
    text.push('\n');
    let count = |quality: &str| {
        lines
            .iter()
            .skip(1)
            .filter(|line| line[2] == quality)
            .count()
    };
    let failed = count("error");
    let _ = write!(
        text,
        "{} analysed ({} usable, {} borderline, {} poor signal), {failed} failed",
        rows.len() - failed,
        count("usable"),
        count("borderline"),
        count("poor"),
    );
    let duplicates = rows.iter().filter(|row| row.duplicate_of.is_some()).count();
    for (number, what) in [
        (duplicates, "with the same sound as another"),
        (found.skipped, "other or hidden files skipped"),
        (found.repeated, "links to what was there already skipped"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {what}");
        }
    }
    text.push_str(".\n");
    for (folder, reason) in &found.unreadable {
        let _ = writeln!(text, "Not read: {}: {reason}", safe_name(folder));
    }
    text.push_str(&notices(rows));
    if let Some(analysis) = rows.iter().find_map(|row| row.analysis.as_ref()) {
        let bundle = &analysis.bundle;
        let _ = writeln!(text, "Bundle {} {}.", bundle.name, bundle.version);
    }
    text + RESEARCH_USE + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_named_to_the_person_without_control_characters() {
        let found = Found {
            files: vec!["a\u{1b}.wav".into()],
            unreadable: vec![("sub\nfolder".into(), "permission denied".to_owned())],
            ..Found::default()
        };
        let heard = vec![Err(Failure::new(Exit::Input, "holds no sound"))];
        let rows = rows(&found, heard, false);
        assert_eq!(rows[0].error.as_deref(), Some("holds no sound"));
        let told = failures(&found, &rows);
        let expected = "error: input 1, a\u{fffd}.wav: holds no sound\n\
                        error: sub\u{fffd}folder: permission denied\n";
        assert_eq!(told, expected);
    }
}
