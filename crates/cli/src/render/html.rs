//! One self-contained HTML page: a scene comes in; figure, playable sound, findings, report and the
//! analysis as JSON go out. It loads nothing from anywhere.

use std::fmt::Write;
use std::io::Cursor;

use base64::Engine;
use laennec_assistant::analysis::{Analysis, FindingAnswer};
use laennec_audio::{Signal, resample};

use super::{Scene, answer_colour, answer_label, escape, figure};
use crate::exit::{Exit, Failure};

/// Longest sound that goes into the page, in seconds.
const LONGEST_S: f64 = 120.0;

/// Highest rate of the sound in the page, in Hz.
const HIGHEST_RATE: u32 = 16_000;

/// Lowest rate that browsers play reliably, in Hz.
const LOWEST_RATE: u32 = 8_000;

const STYLE: &str = "
:root{color-scheme:light}
body{font:16px/1.5 system-ui,sans-serif;color:#1f2933;background:#fff;max-width:1200px;margin:0 auto;padding:1rem 1.5rem 3rem}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.notice{background:#fff4e0;color:#6b4a00;padding:.6rem .9rem;border-radius:4px;font-weight:600}
.figure svg{width:100%;height:auto;border:1px solid #d9e0e6;border-radius:4px}
audio{width:100%}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d9e0e6;vertical-align:top}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.small{color:#52606d;font-size:.85rem}
pre{background:#f5f7fa;padding:1rem;overflow:auto;font-size:.8rem;max-height:32rem}
";

/// The page of one recording.
pub(crate) fn page(scene: &Scene) -> Result<String, Failure> {
    let analysis = &scene.listened.analysis;
    let internal = |what: &str, error: &dyn std::fmt::Display| {
        Failure::new(Exit::Internal, format!("{what}: {error}"))
    };
    let sound = sound(scene.signal).map_err(|error| internal("the sound of the page", &error))?;
    let json = serde_json::to_string_pretty(analysis).map_err(|error| internal("JSON", &error))?;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>Laennec {id}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Laennec: recording {id}</h1>\n<p class=\"notice\">{notice}</p>\n",
        id = escape(&analysis.id),
        notice = escape(&analysis.research_use),
    );
    let _ = writeln!(
        page,
        "<h2>Report</h2>\n<p>{}</p>",
        escape(&analysis.report.text)
    );
    for notice in &analysis.notices {
        let _ = writeln!(page, "<p class=\"small\">Note: {}.</p>", escape(notice));
    }
    page.push_str("<h2>Sound</h2>\n");
    match sound {
        Some(sound) => {
            let _ = writeln!(
                page,
                "<audio controls src=\"data:audio/wav;base64,{}\"></audio>",
                base64::engine::general_purpose::STANDARD.encode(sound)
            );
            if analysis.recording.seconds > LONGEST_S {
                let _ = writeln!(page, "<p class=\"small\">The first {LONGEST_S:.0} s.</p>");
            }
        }
        None => page.push_str("<p>There is no sound in this recording.</p>\n"),
    }
    let _ = writeln!(
        page,
        "<h2>Figure</h2>\n<div class=\"figure\">{}</div>",
        figure::svg(scene)?
    );
    findings(&mut page, analysis);
    events(&mut page, analysis);
    bundle(&mut page, analysis);
    let _ = writeln!(
        page,
        "<h2>As data</h2>\n<details><summary>JSON, schema version {}</summary>\n<pre id=\"analysis\">{}</pre>\n</details>",
        escape(&analysis.schema_version),
        escape(&json)
    );
    page.push_str("</body>\n</html>\n");
    Ok(page)
}

fn percent(value: Option<f32>) -> String {
    value.map_or("–".to_owned(), |value| format!("{:.0} %", value * 100.0))
}

fn findings(page: &mut String, analysis: &Analysis) {
    page.push_str(
        "<h2>Findings</h2>\n<table>\n<tr><th>Finding</th><th>Answer</th><th>Probability</th>\
         <th>Absent below</th><th>Present from</th><th>Remark</th></tr>\n",
    );
    for found in &analysis.findings {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td style=\"color:{};font-weight:600\">{}</td><td class=\"number\">{}</td>\
             <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"small\">{}</td></tr>",
            escape(&found.name),
            answer_colour(found.answer),
            answer_label(found.answer),
            percent(found.probability),
            percent(found.absent_below),
            percent(found.present_at),
            escape(&remark(found)),
        );
    }
    page.push_str("</table>\n");
}

/// The reason of an open answer, else the error rates behind a decided one.
fn remark(found: &FindingAnswer) -> String {
    match (&found.reason, found.stated) {
        (Some(reason), _) => reason.clone(),
        (None, Some(stated)) => format!(
            "on calibration recordings ({} with, {} without): {:.0} % of those with it called absent, \
             {:.0} % of those without it called present, {:.0} % decided",
            stated.positives,
            stated.negatives,
            stated.miss_rate * 100.0,
            stated.false_alarm_rate * 100.0,
            stated.coverage * 100.0
        ),
        (None, None) => String::new(),
    }
}

fn events(page: &mut String, analysis: &Analysis) {
    if analysis.events.is_empty() {
        return;
    }
    page.push_str(
        "<h2>Timeline</h2>\n<table>\n<tr><th>Finding</th><th>Start (s)</th><th>End (s)</th><th>Probability</th></tr>\n",
    );
    for event in &analysis.events {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td class=\"number\">{:.2}</td><td class=\"number\">{:.2}</td><td class=\"number\">{}</td></tr>",
            escape(&event.name),
            event.start_s,
            event.end_s,
            percent(Some(event.probability))
        );
    }
    page.push_str("</table>\n");
}

fn bundle(page: &mut String, analysis: &Analysis) {
    let bundle = &analysis.bundle;
    let _ = writeln!(
        page,
        "<h2>Who listened</h2>\n<p>Bundle {} {}, weights SHA-256 <code>{}</code>.</p>\n<ul>",
        escape(&bundle.name),
        escape(&bundle.version),
        escape(&bundle.sha256)
    );
    for source in &bundle.trained_on {
        let classes: Vec<String> = source
            .per_class
            .iter()
            .map(|class| format!("{} {}", class.class, class.n))
            .collect();
        let _ = writeln!(
            page,
            "<li>{}{}</li>",
            escape(&source.describe()),
            if classes.is_empty() {
                String::new()
            } else {
                format!(
                    "<br><span class=\"small\">{}</span>",
                    escape(&classes.join(", "))
                )
            }
        );
    }
    page.push_str("</ul>\n");
}

/// The sound as a WAV file of 16 bit, made as loud as it can be; `None` if there is none.
fn sound(signal: &Signal) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error>> {
    let kept = ((LONGEST_S * f64::from(signal.rate)) as usize).min(signal.samples.len());
    let samples = &signal.samples[..kept];
    let peak = samples
        .iter()
        .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    if peak == 0.0 {
        return Ok(None);
    }
    let rate = signal.rate.clamp(LOWEST_RATE, HIGHEST_RATE);
    let resampled;
    let samples = if rate == signal.rate {
        samples
    } else {
        resampled = resample(samples, signal.rate, rate)?;
        &resampled
    };
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec)?;
    for sample in samples {
        writer.write_sample((sample / peak * 32_000.0).clamp(-32_768.0, 32_767.0) as i16)?;
    }
    writer.finalize()?;
    Ok(Some(file.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_of_the_page_is_a_readable_wav() {
        let samples = (0..4000).map(|n| 0.01 * (n as f32 * 0.3).sin()).collect();
        let wav = sound(&Signal {
            samples,
            rate: 2000,
        })
        .unwrap()
        .unwrap();
        let reader = hound::WavReader::new(Cursor::new(wav)).unwrap();
        assert_eq!(reader.spec().sample_rate, LOWEST_RATE);
        assert_eq!(reader.duration(), 16_000);
        let silent = Signal {
            samples: vec![0.0; 10],
            rate: 2000,
        };
        assert!(sound(&silent).unwrap().is_none());
    }
}
