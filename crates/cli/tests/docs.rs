//! Runs what the documentation tells a reader to type. Each fenced block marked `console` holds
//! lines that begin with `$ `, run by a shell with this program in its path, each followed by lines
//! of its output. A line `...` stands for any lines; `[exit 5]` says that the command ends with that
//! code. Blocks marked `console network` run only where `LAENNEC_TEST_NETWORK` is set, blocks that
//! mention `$LAENNEC_DATA` only where that is set. All blocks of a page share one temporary folder
//! in which `samples`, `models` and `recipes` of the repository can be read.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A command with what the page says about it.
struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
    exit: i32,
}

/// The commands of a page, without those that need what is not here.
fn steps(page: &str) -> Vec<Step> {
    let network = std::env::var_os("LAENNEC_TEST_NETWORK").is_some();
    let data = std::env::var_os("LAENNEC_DATA").is_some();
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    let mut skipping = false;
    for (number, line) in page.lines().enumerate() {
        if let Some(mark) = line.strip_prefix("```") {
            inside = !inside && (mark == "console" || mark == "console network");
            skipping = inside && mark.ends_with("network") && !network;
            if skipping {
                eprintln!(
                    "skipped: line {}: LAENNEC_TEST_NETWORK is not set",
                    number + 1
                );
            }
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            let without_data = command.contains("$LAENNEC_DATA") && !data;
            if without_data {
                eprintln!("skipped: line {}: LAENNEC_DATA is not set", number + 1);
            }
            skipping |= without_data;
            if !skipping {
                steps.push(Step {
                    line: number + 1,
                    command: command.to_owned(),
                    expected: Vec::new(),
                    exit: 0,
                });
            }
        } else if inside && !skipping {
            let step = steps.last_mut().expect("a block begins with a command");
            match line
                .strip_prefix("[exit ")
                .and_then(|rest| rest.strip_suffix(']'))
            {
                Some(code) => step.exit = code.parse().unwrap(),
                None => step.expected.push(line.to_owned()),
            }
        }
    }
    steps
}

/// Whether `output` consists of the expected lines, where `...` stands for any number of lines.
fn matches(expected: &[String], output: &[&str]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((line, rest)) if line == "..." => {
            (0..=output.len()).any(|skipped| matches(rest, &output[skipped..]))
        }
        Some((line, rest)) => output
            .split_first()
            .is_some_and(|(first, others)| first.trim_end() == line && matches(rest, others)),
    }
}

fn run_page(path: &Path) -> usize {
    let page = std::fs::read_to_string(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["samples", "models", "recipes"] {
        let target = repository().join(name).canonicalize();
        #[cfg(unix)]
        if let Ok(target) = target {
            std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        }
    }
    let program = Path::new(env!("CARGO_BIN_EXE_laennec")).parent().unwrap();
    let mut search = program.as_os_str().to_owned();
    search.push(":");
    search.push(std::env::var_os("PATH").unwrap_or_default());
    let steps = steps(&page);
    for step in &steps {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{{ {}\n}} 2>&1", step.command)])
            .current_dir(folder.path())
            .env("PATH", &search)
            .env("HOME", folder.path())
            .env_remove("LAENNEC_MODELS")
            .env_remove("LAENNEC_BUNDLE")
            .env_remove("XDG_DATA_HOME")
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1");
        let output = command.output().unwrap();
        let text =
            String::from_utf8_lossy(&output.stdout).replace(folder.path().to_str().unwrap(), "~");
        let place = format!("{}:{}: {}", path.display(), step.line, step.command);
        assert_eq!(output.status.code(), Some(step.exit), "{place}\n{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            step.expected.is_empty() || matches(&step.expected, &lines),
            "{place}\nsaid:\n{text}\nexpected:\n{}",
            step.expected.join("\n")
        );
    }
    steps.len()
}

#[test]
fn the_commands_of_the_documentation_do_what_it_says() {
    let docs = repository().join("docs");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(docs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    let commands: usize = pages.iter().map(|page| run_page(page)).sum();
    assert!(commands > 5, "only {commands} commands were found");
}

#[test]
fn expected_output_is_compared_line_by_line() {
    let expected = ["a", "...", "c"].map(String::from);
    assert!(matches(&expected, &["a", "c"]));
    assert!(matches(&expected, &["a", "b", "b", "c"]));
    assert!(!matches(&expected, &["a", "b"]));
    assert!(!matches(&expected, &["b", "c"]));
    assert!(!matches(&expected, &["a", "c", "d"]));
}

/// `0.955 [0.923, 0.978]` in a table of the README must stand in the report that it is taken from.
#[test]
fn figures_of_the_readme_are_those_of_the_report() {
    let read = |name: &str| std::fs::read_to_string(repository().join(name)).unwrap();
    let (readme, report) = (read("README.md"), read("docs/accuracy.md"));
    let figures: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| ") && line.ends_with("] |"))
        .filter_map(|line| line.trim_end_matches(" |").rsplit("| ").next())
        .collect();
    assert!(figures.len() >= 4, "{figures:?}");
    for figure in figures {
        assert!(
            report.contains(figure),
            "{figure} is not in docs/accuracy.md"
        );
    }
}
