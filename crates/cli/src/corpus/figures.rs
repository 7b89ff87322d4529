//! Recordings come in; figures of what they hold go out as SVG and PNG: balance of findings,
//! durations, devices, sites, and which findings stand together.

mod bars;
mod matrix;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use laennec_corpus::{DataSet, Finding, Presence, Recording};

use self::bars::{Bar, bars};
use self::matrix::matrix;
use crate::exit::{Exit, Failure};
use crate::output::unwritable;
use crate::render::figure::raster;
use crate::render::figure::svg::Rect;

/// Colours that readers with any colour vision tell apart (Okabe and Ito).
const COLOURS: [&str; 7] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666",
];
/// Bars of a figure; the rarest are summed in a last one.
const MOST: usize = 30;

/// Writes the figures into a folder.
pub(super) fn write(recordings: &[Recording], folder: &Path, png: bool) -> Result<(), Failure> {
    let failed = |path: &Path, error: &std::io::Error| unwritable(path, error.kind());
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for (name, svg) in [
        ("findings", findings(recordings)),
        ("durations", durations(recordings)),
        ("devices", devices(recordings)),
        ("sites", sites(recordings)),
        ("co-occurrence", co_occurrence(recordings)),
    ] {
        let path = folder.join(format!("{name}.svg"));
        fs::write(&path, &svg).map_err(|error| failed(&path, &error))?;
        if png {
            let nothing = Rect {
                x: 0.0,
                y: 0.0,
                width: 0.0,
                height: 0.0,
            };
            let image = raster::png(&svg, nothing, None)
                .map_err(|reason| Failure::new(Exit::Internal, format!("the figure: {reason}")))?;
            let path = folder.join(format!("{name}.png"));
            fs::write(&path, image).map_err(|error| failed(&path, &error))?;
        }
    }
    Ok(())
}

/// Recordings in which a finding is present and absent; elsewhere it is unknown.
fn findings(recordings: &[Recording]) -> String {
    let count = |finding: Finding, presence: Presence| {
        let stated = |row: &&Recording| row.presence(finding) == Some(presence);
        recordings.iter().filter(stated).count()
    };
    let rows = Finding::ALL.iter().filter_map(|&finding| {
        let parts = vec![
            count(finding, Presence::Present),
            count(finding, Presence::Absent),
        ];
        (parts.iter().sum::<usize>() > 0).then(|| Bar {
            label: finding.word().replace('_', " "),
            parts,
        })
    });
    let legend = ["present", "absent"].map(str::to_owned);
    let title = format!("Findings in {} recordings", recordings.len());
    bars(&title, &legend, &rows.collect::<Vec<_>>())
}

/// Recordings by duration, in parts by data set.
fn durations(recordings: &[Recording]) -> String {
    const EDGES: [f64; 9] = [0.0, 2.0, 5.0, 8.0, 12.0, 16.0, 25.0, 40.0, 80.0];
    let sets = data_sets(recordings);
    let rows: Vec<Bar> = EDGES
        .iter()
        .enumerate()
        .map(|(index, &from)| {
            let to = EDGES.get(index + 1).copied().unwrap_or(f64::INFINITY);
            let within = |row: &&Recording| (from..to).contains(&row.seconds);
            let label = if to.is_finite() {
                format!("{from} to {to} s")
            } else {
                format!("{from} s and more")
            };
            let parts = sets
                .iter()
                .map(|&set| {
                    recordings
                        .iter()
                        .filter(within)
                        .filter(|row| row.data_set == set)
                        .count()
                })
                .collect();
            Bar { label, parts }
        })
        .collect();
    let hours = recordings.iter().map(|row| row.seconds).sum::<f64>() / 3600.0;
    let legend: Vec<String> = sets.iter().map(|set| set.name().to_owned()).collect();
    bars(
        &format!("Durations, {hours:.1} hours in all"),
        &legend,
        &rows,
    )
}

fn data_sets(recordings: &[Recording]) -> Vec<DataSet> {
    let present = |set: &DataSet| recordings.iter().any(|row| row.data_set == *set);
    DataSet::ALL.into_iter().filter(present).collect()
}

/// Recordings by data set and device.
fn devices(recordings: &[Recording]) -> String {
    counted("Devices and filters", recordings, |row| {
        let device = row.device.as_deref().unwrap_or("not stated");
        format!("{}: {device}", row.data_set)
    })
}

/// Recordings by site.
fn sites(recordings: &[Recording]) -> String {
    counted("Sites", recordings, |row| {
        row.site.map_or_else(
            || "not stated".to_owned(),
            |site| site.to_string().replace('_', " "),
        )
    })
}

/// Bars by what `label` says, the most frequent first.
fn counted(title: &str, recordings: &[Recording], label: impl Fn(&Recording) -> String) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in recordings {
        *counts.entry(label(row)).or_default() += 1;
    }
    let mut rows: Vec<Bar> = counts
        .into_iter()
        .map(|(label, count)| Bar {
            label,
            parts: vec![count],
        })
        .collect();
    rows.sort_by_key(|bar| std::cmp::Reverse(bar.parts[0]));
    if rows.len() > MOST {
        let others = rows.split_off(MOST - 1);
        rows.push(Bar {
            label: format!("{} others", others.len()),
            parts: vec![others.iter().map(|bar| bar.parts[0]).sum()],
        });
    }
    bars(title, &["recordings".to_owned()], &rows)
}

/// Recordings in which two findings are both present.
fn co_occurrence(recordings: &[Recording]) -> String {
    let has = |row: &Recording, finding| row.presence(finding) == Some(Presence::Present);
    let shown: Vec<Finding> = Finding::ALL
        .iter()
        .copied()
        .filter(|&finding| recordings.iter().any(|row| has(row, finding)))
        .collect();
    let labels: Vec<String> = shown.iter().map(|f| f.word().replace('_', " ")).collect();
    let both = |a: Finding, b: Finding| {
        let present = |row: &&Recording| has(row, a) && has(row, b);
        recordings.iter().filter(present).count()
    };
    let counts: Vec<Vec<usize>> = shown
        .iter()
        .map(|&a| shown.iter().map(|&b| both(a, b)).collect())
        .collect();
    matrix("Recordings with both findings", &labels, &counts)
}
