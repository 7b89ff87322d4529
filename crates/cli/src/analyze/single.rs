//! One recording: its view or JSON goes to standard output, figure, page and tables to their files.

use std::io::IsTerminal;
use std::path::Path;

use super::Arguments;
use super::outputs::{FigureFormat, Outputs};
use super::recording::{Heard, Job, analyze};
use crate::exit::{Exit, Failure};
use crate::output::{print, safe_name};
use crate::render::table::Row;
use crate::render::terminal::{self, Paint};
use crate::render::{Scene, figure, html, table};

/// Analyses the recording and writes everything that was asked for.
pub(super) fn run(
    path: &Path,
    arguments: &Arguments,
    job: &Job,
    outputs: &Outputs,
) -> Result<(), Failure> {
    let Heard { signal, listened } =
        analyze(path, job).map_err(|failure| failure.about(&safe_name(path)))?;
    let scene = Scene {
        signal: &signal,
        listened: &listened,
    };
    if let Some((path, format)) = &outputs.figure {
        let drawn = match format {
            FigureFormat::Png => figure::png(&scene)?,
            FigureFormat::Svg => figure::svg(&scene)?.into_bytes(),
        };
        outputs.write(path, &drawn)?;
    }
    if let Some(path) = &outputs.html {
        outputs.write(path, html::page(&scene)?.as_bytes())?;
    }
    let row = Row {
        input: 1,
        file: arguments.keep_names.then(|| safe_name(path)),
        duplicate_of: None,
        analysis: Some(listened.analysis),
        error: None,
    };
    write_tables(std::slice::from_ref(&row), outputs)?;
    let Some(analysis) = &row.analysis else {
        return Ok(());
    };
    if arguments.json {
        let json = serde_json::to_string_pretty(analysis).map_err(|error| json_failure(&error))?;
        return print(&(json + "\n"));
    }
    let name = path
        .file_name()
        .map_or_else(|| safe_name(path), |name| safe_name(Path::new(name)));
    print(&terminal::view(&name, analysis, Paint(coloured())))
}

/// Writes CSV and JSON lines where they were asked for.
pub(super) fn write_tables(rows: &[Row], outputs: &Outputs) -> Result<(), Failure> {
    if let Some(path) = &outputs.csv {
        outputs.write(path, table::csv(rows).as_bytes())?;
    }
    if let Some(path) = &outputs.jsonl {
        let lines = table::json_lines(rows).map_err(|error| json_failure(&error))?;
        outputs.write(path, lines.as_bytes())?;
    }
    Ok(())
}

pub(super) fn json_failure(error: &serde_json::Error) -> Failure {
    Failure::new(Exit::Internal, format!("JSON: {error}"))
}

/// Colour is for terminals, unless `NO_COLOR` says otherwise.
fn coloured() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb
}
