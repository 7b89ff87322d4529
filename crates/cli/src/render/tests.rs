//! The terminal view, the page and the tables of a fixed analysis.

use laennec_audio::Signal;
use laennec_corpus::Domain;

use super::table::{Row, csv, json_lines, notices};
use super::terminal::{Paint, view};
use super::{Scene, escape, fixture, hertz, html};

#[test]
fn the_view_fits_eighty_columns_and_says_the_answers() {
    let (_, listened) = fixture::example(Domain::Lung);
    let text = view("breath.wav", &listened.analysis, Paint(false));
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
    for said in [
        "breath.wav",
        "lung sounds (heart 0 %, lung 96 %",
        "wheeze",
        "Timeline",
        "##",
        "Report",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let coloured = view("breath.wav", &listened.analysis, Paint(true));
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn a_poor_signal_shows_its_reason_and_no_findings() {
    let listened = fixture::listen(
        &Signal {
            samples: vec![0.0; 8000],
            rate: 8000,
        },
        Domain::Lung,
    );
    let text = view("silence.wav", &listened.analysis, Paint(false));
    assert!(text.contains("zero") && !text.contains("wheeze"), "{text}");
}

#[test]
fn the_page_is_self_contained_and_names_no_file() {
    let (signal, listened) = fixture::example(Domain::Heart);
    let page = html::page(&Scene {
        signal: &signal,
        listened: &listened,
    })
    .unwrap();
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("http://") && !outside.contains("https://"));
    for part in [
        "<audio controls src=\"data:audio/wav;base64,",
        "<svg ",
        "id=\"analysis\"",
        "&quot;schema_version&quot;",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn tables_have_one_row_an_input_and_no_name_unless_asked() {
    let (_, listened) = fixture::example(Domain::Lung);
    let row = |input, error: Option<&str>| Row {
        input,
        file: None,
        duplicate_of: None,
        analysis: error.is_none().then(|| listened.analysis.clone()),
        error: error.map(str::to_owned),
    };
    let mut rows = vec![row(1, None), row(2, Some("is damaged"))];
    let table = csv(&rows);
    assert_eq!(table.lines().count(), 3);
    let header = table.lines().next().unwrap();
    assert!(header.starts_with("input,id,") && header.contains("wheeze,wheeze_probability"));
    assert!(table.lines().nth(2).unwrap().starts_with("2,,is damaged,"));
    rows[0].file = Some("breath.wav".to_owned());
    assert!(csv(&rows).starts_with("input,file,id,"));
    let lines = json_lines(&rows).unwrap();
    let parsed: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(parsed[0]["analysis"]["id"], listened.analysis.id.as_str());
    assert!(parsed[1].get("analysis").is_none() && parsed[1].get("file").is_none());
}

#[test]
fn a_notice_stands_in_its_row_and_once_below_with_its_inputs() {
    let (_, listened) = fixture::example(Domain::Lung);
    let row = |input, notices: &[&str]| {
        let mut analysis = listened.analysis.clone();
        analysis.notices = notices.iter().map(ToString::to_string).collect();
        Row {
            input,
            file: None,
            duplicate_of: None,
            analysis: Some(analysis),
            error: None,
        }
    };
    let rows = [
        row(1, &["cut off"]),
        row(2, &[]),
        row(3, &["cut off"]),
        row(4, &["averaged", "cut off"]),
    ];
    assert_eq!(
        notices(&rows),
        "Note on 4: averaged\nNote on 1, 3-4: cut off\n"
    );
    let table = csv(&rows);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains(",report,notices,bundle,"), "{}", lines[0]);
    assert!(lines[4].contains(",averaged; cut off,"), "{}", lines[4]);
}

#[test]
fn escaped_text_holds_no_markup() {
    assert_eq!(
        escape("<a b='\"'>&\u{1}"),
        "&lt;a b=&#39;&quot;&#39;&gt;&amp; "
    );
}

#[test]
fn hertz_without_needless_digits() {
    let shown = [500.0, 2000.0, 44_100.0, 22_050.0].map(hertz);
    assert_eq!(shown, ["500 Hz", "2 kHz", "44.1 kHz", "22.05 kHz"]);
}
