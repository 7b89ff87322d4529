//! Tables of many recordings: one row for each input comes in, CSV and JSON lines go out. A row
//! carries the opaque id; the file name only if that was asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use laennec_assistant::{Analysis, Quality};
use laennec_corpus::{Domain, Finding, Presence};
use serde::Serialize;

use super::{answer_label, quality_label};

/// What became of one input.
#[derive(Serialize)]
pub(crate) struct Row {
    /// Place of the input in the sorted list, from 1.
    pub(crate) input: usize,
    /// Its path, if names are to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Number of the first input with the same samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate_of: Option<usize>,
    /// The analysis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) analysis: Option<Analysis>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// One JSON object a line.
pub(crate) fn json_lines(rows: &[Row]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(row)?);
        text.push('\n');
    }
    Ok(text)
}

/// A header and one line for each row; one column with the answer and one with the probability of
/// each finding that occurs in any row.
pub(crate) fn csv(rows: &[Row]) -> String {
    let found = |finding: Finding| {
        rows.iter()
            .filter_map(|row| row.analysis.as_ref())
            .any(|analysis| {
                analysis
                    .findings
                    .iter()
                    .any(|answer| answer.finding == finding)
            })
    };
    let findings: Vec<Finding> = Finding::ALL
        .iter()
        .copied()
        .filter(|&one| found(one))
        .collect();
    let names = rows.iter().any(|row| row.file.is_some());
    let mut header: Vec<String> = vec!["input".to_owned()];
    if names {
        header.push("file".to_owned());
    }
    let fixed = [
        "id",
        "error",
        "duplicate_of",
        "seconds",
        "rate_hz",
        "quality",
        "domain",
    ];
    header.extend(fixed.map(str::to_owned));
    for finding in &findings {
        header.push(finding.word().to_owned());
        header.push(format!("{}_probability", finding.word()));
    }
    header.extend(
        [
            "events",
            "report",
            "notices",
            "bundle",
            "bundle_sha256",
            "research_use",
        ]
        .map(str::to_owned),
    );
    let mut text = line(&header);
    for row in rows {
        text.push_str(&line(&cells(row, names, &findings)));
    }
    text
}

fn cells(row: &Row, names: bool, findings: &[Finding]) -> Vec<String> {
    let mut cells = vec![row.input.to_string()];
    if names {
        cells.push(row.file.clone().unwrap_or_default());
    }
    let from = |get: &dyn Fn(&Analysis) -> String| row.analysis.as_ref().map_or(String::new(), get);
    cells.push(from(&|analysis| analysis.id.clone()));
    cells.push(row.error.clone().unwrap_or_default());
    cells.push(
        row.duplicate_of
            .map_or(String::new(), |input| input.to_string()),
    );
    cells.push(from(&|analysis| {
        format!("{:.3}", analysis.recording.seconds)
    }));
    cells.push(from(&|analysis| analysis.recording.rate_hz.to_string()));
    cells.push(from(&|analysis| {
        quality_label(analysis.quality.quality).to_owned()
    }));
    cells.push(from(&|analysis| {
        analysis
            .domain
            .domain
            .map_or("", |domain| domain.word())
            .to_owned()
    }));
    for &finding in findings {
        let answer = row.analysis.as_ref().and_then(|analysis| {
            analysis
                .findings
                .iter()
                .find(|answer| answer.finding == finding)
        });
        cells.push(answer.map_or(String::new(), |found| found.answer.word().to_owned()));
        let probability = answer.and_then(|found| found.probability);
        cells.push(probability.map_or(String::new(), |probability| format!("{probability:.4}")));
    }
    cells.push(from(&|analysis| {
        let events = analysis.events.iter();
        let shown = events.map(|event| {
            format!(
                "{}:{:.2}-{:.2}",
                event.finding.word(),
                event.start_s,
                event.end_s
            )
        });
        shown.collect::<Vec<_>>().join(" ")
    }));
    cells.push(from(&|analysis| analysis.report.text.clone()));
    cells.push(from(&|analysis| analysis.notices.join("; ")));
    cells.push(from(&|analysis| {
        format!("{} {}", analysis.bundle.name, analysis.bundle.version)
    }));
    cells.push(from(&|analysis| analysis.bundle.sha256.clone()));
    cells.push(from(&|analysis| analysis.research_use.clone()));
    cells
}

/// Quotes cells as RFC 4180 says. A cell that a spreadsheet would run as a formula gets a leading
/// apostrophe.
fn line(cells: &[String]) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| {
            let formula = cell.starts_with(['=', '+', '@', '\t']);
            let cell = if formula {
                format!("'{cell}")
            } else {
                cell.clone()
            };
            if cell.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        })
        .collect();
    quoted.join(",") + "\n"
}

/// The line of a person's summary: quality, domain and what is present or uncertain.
pub(crate) fn in_short(analysis: &Analysis) -> [String; 3] {
    let domain = match analysis.domain.domain {
        _ if analysis.quality.quality == Quality::Poor => "",
        Some(Domain::Heart) => "heart",
        Some(Domain::Lung) => "lung",
        Some(Domain::Other) => "neither",
        None => "uncertain",
    };
    let of = |answer: Presence| -> Vec<&str> {
        let all = analysis
            .findings
            .iter()
            .filter(|found| found.answer == answer);
        all.map(|found| found.name.as_str()).collect()
    };
    let parts: Vec<String> = [Presence::Present, Presence::Uncertain]
        .into_iter()
        .filter(|&answer| !of(answer).is_empty())
        .map(|answer| format!("{}: {}", answer_label(answer), of(answer).join(", ")))
        .collect();
    let findings = if analysis
        .findings
        .iter()
        .all(|found| found.answer == Presence::NotAssessed)
    {
        "not assessed".to_owned()
    } else if parts.is_empty() {
        "nothing detected".to_owned()
    } else {
        parts.join("; ")
    };
    [
        quality_label(analysis.quality.quality).to_owned(),
        domain.to_owned(),
        findings,
    ]
}

/// Each notice once, with the numbers of the inputs that it belongs to.
pub(crate) fn notices(rows: &[Row]) -> String {
    let mut inputs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in rows {
        for notice in row.analysis.iter().flat_map(|analysis| &analysis.notices) {
            inputs.entry(notice).or_default().push(row.input);
        }
    }
    let mut text = String::new();
    for (notice, inputs) in inputs {
        let _ = writeln!(text, "Note on {}: {notice}", ranges(&inputs));
    }
    text
}

/// Ascending numbers as `1, 3-5`.
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let range = |run: &[usize]| match run {
        [first, .., last] => format!("{first}-{last}"),
        one => one.iter().map(usize::to_string).collect(),
    };
    runs.map(range).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let cells = ["a,b", "say \"x\"", "=1+1", "plain"].map(str::to_owned);
        assert_eq!(line(&cells), "\"a,b\",\"say \"\"x\"\"\",'=1+1,plain\n");
    }
}
