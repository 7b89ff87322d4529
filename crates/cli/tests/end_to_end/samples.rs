//! The recordings that ship with the project: JSON, figure, page, tables.

use crate::{analyze, json, sample, stderr, stdout};

#[test]
fn the_samples_give_the_documented_json() {
    let folder = tempfile::tempdir().unwrap();
    for (name, domain) in [("lung-01.flac", "lung"), ("heart-01.flac", "heart")] {
        let analysis = json(folder.path(), &[&sample(name)]);
        assert_eq!(analysis["schema_version"], "1");
        assert_eq!(analysis["quality"]["quality"], "usable", "{name}");
        assert_eq!(analysis["domain"]["domain"], domain);
        assert_eq!(analysis["domain"]["stated"], false);
        let findings = analysis["findings"].as_array().unwrap();
        assert!(!findings.is_empty(), "{name}");
        for finding in findings {
            let answer = finding["answer"].as_str().unwrap();
            assert!(
                ["present", "absent", "uncertain", "not_assessed"].contains(&answer),
                "{name}: {answer}"
            );
            if ["present", "absent"].contains(&answer) {
                let probability = finding["probability"].as_f64().unwrap();
                assert!((0.0..=1.0).contains(&probability));
            }
        }
        let report = &analysis["report"];
        assert_eq!(report["source"], "template");
        let opening = format!("This is a recording of {domain} sounds of ");
        assert!(report["text"].as_str().unwrap().starts_with(&opening));
        let research = analysis["research_use"].as_str().unwrap();
        assert!(research.starts_with("For research use only"));
        assert!(analysis["bundle"]["sha256"].as_str().unwrap().len() == 64);
        assert!(!analysis.to_string().contains(name), "the name is kept out");
    }
}

#[test]
fn the_poor_sample_is_called_poor_and_nothing_is_asserted() {
    let folder = tempfile::tempdir().unwrap();
    let analysis = json(folder.path(), &[&sample("poor-01.flac")]);
    assert_eq!(analysis["quality"]["quality"], "poor");
    for finding in analysis["findings"].as_array().unwrap() {
        assert_eq!(finding["answer"], "not_assessed");
    }
    assert_eq!(analysis["events"], serde_json::json!([]));
    let report = analysis["report"]["text"].as_str().unwrap();
    assert!(report.starts_with("The signal is too poor to be judged."));
}

#[test]
fn figures_and_page_are_written_and_never_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let lung = sample("lung-01.flac");
    let output = analyze(path, &[&lung, "--figure", "f.png", "--html", "page.html"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for said in ["Signal ", "Domain ", "Finding ", "Report", "research use"] {
        assert!(stdout(&output).contains(said), "{said}");
    }
    let output = analyze(path, &[&lung, "--figure", "f.svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let png = std::fs::read(path.join("f.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert!(size(16) >= 1200 && size(20) >= 600, "width and height");
    let svg = std::fs::read_to_string(path.join("f.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("Lung sounds") && svg.contains("@font-face"));
    let page = std::fs::read_to_string(path.join("page.html")).unwrap();
    assert!(page.starts_with("<!doctype html>"));
    assert!(page.contains("<audio controls") && page.contains("data:audio/wav;base64,"));
    for outside in ["src=\"http", "href=\"http", "url(http", "lung-01"] {
        assert!(!page.contains(outside), "{outside}");
    }

    for name in ["f.png", "f.svg", "page.html"] {
        let option = if name == "page.html" {
            "--html"
        } else {
            "--figure"
        };
        let before = std::fs::read(path.join(name)).unwrap();
        let heart = sample("heart-01.flac");
        let refused = analyze(path, &[&heart, option, name]);
        assert_eq!(refused.status.code(), Some(6), "{name}");
        assert!(stderr(&refused).contains("--force"));
        assert_eq!(std::fs::read(path.join(name)).unwrap(), before);
        let forced = analyze(path, &[&heart, option, name, "--force"]);
        assert_eq!(forced.status.code(), Some(0), "{}", stderr(&forced));
        assert_ne!(std::fs::read(path.join(name)).unwrap(), before);
    }
}

/// A table may go to a pipe, which is no file to be replaced and has nothing beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_table_goes_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let stream = "/proc/self/fd/1";
    let inputs = [sample("poor-01.flac"), sample("heart-01.flac")];
    for inputs in [&inputs[..1], &inputs] {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let output = analyze(
            folder.path(),
            &[&inputs, ["--csv", stream].as_slice()].concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.starts_with("input,id,error"), "{text}");
        assert!(text.contains("research use"), "{text}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
