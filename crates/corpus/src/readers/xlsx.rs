//! The first sheet of an Excel workbook (Office Open XML, ECMA-376 part 1, section 18) comes in;
//! its rows as text go out.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use roxmltree::{Document, Node};
use zip::ZipArchive;

use super::Trouble;
use super::sheet::Line;

/// Bytes that one part of a workbook may unpack to. The lists of the data sets have a few kB.
const LARGEST: u64 = 64 << 20;
/// Columns that a row may have: Excel's own limit.
const WIDEST: usize = 16_384;

type Archive = ZipArchive<BufReader<File>>;

/// The rows of the first sheet that hold anything, each as long as its last filled cell, and
/// filled up to the length of the first row.
pub(super) fn rows(path: &Path) -> Result<Vec<Line>, Trouble> {
    let file = File::open(path).map_err(|error| Trouble::Unreadable(error.kind()))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| Trouble::Xlsx)?;
    let shared = match part(&mut archive, "xl/sharedStrings.xml") {
        Some(xml) => shared_strings(&xml).ok_or(Trouble::Xlsx)?,
        None => Vec::new(),
    };
    let sheet = part(&mut archive, "xl/worksheets/sheet1.xml").ok_or(Trouble::Xlsx)?;
    let mut rows = sheet_rows(&sheet, &shared).ok_or(Trouble::Xlsx)?;
    let width = rows.first().map_or(0, |(_, fields)| fields.len());
    for (_, fields) in &mut rows {
        while fields.len() < width {
            fields.push(String::new());
        }
    }
    Ok(rows)
}

fn part(archive: &mut Archive, name: &str) -> Option<String> {
    let entry = archive.by_name(name).ok()?;
    let mut text = String::new();
    let length = entry.take(LARGEST).read_to_string(&mut text).ok()?;
    ((length as u64) < LARGEST).then_some(text)
}

fn shared_strings(xml: &str) -> Option<Vec<String>> {
    let document = Document::parse(xml).ok()?;
    let items = document.root_element().children();
    Some(
        items
            .filter(|node| node.has_tag_name_local("si"))
            .map(all_text)
            .collect(),
    )
}

fn sheet_rows(xml: &str, shared: &[String]) -> Option<Vec<Line>> {
    let document = Document::parse(xml).ok()?;
    let mut rows = Vec::new();
    for row in document
        .descendants()
        .filter(|node| node.has_tag_name_local("row"))
    {
        let line = row.attribute("r")?.parse().ok()?;
        let mut fields: Vec<String> = Vec::new();
        for cell in row.children().filter(|node| node.has_tag_name_local("c")) {
            let place = column(cell.attribute("r")?)?;
            let text = cell_text(cell, shared)?;
            if !text.is_empty() {
                fields.resize(fields.len().max(place + 1), String::new());
                text.trim().clone_into(&mut fields[place]);
            }
        }
        if !fields.is_empty() {
            rows.push((line, fields));
        }
    }
    Some(rows)
}

fn cell_text(cell: Node<'_, '_>, shared: &[String]) -> Option<String> {
    let value = cell.children().find(|node| node.has_tag_name_local("v"));
    let value = value.and_then(|node| node.text()).unwrap_or_default();
    match cell.attribute("t") {
        Some("s") => shared.get(value.parse::<usize>().ok()?).cloned(),
        Some("inlineStr") => Some(all_text(cell)),
        _ => Some(value.to_owned()),
    }
}

fn all_text(node: Node<'_, '_>) -> String {
    let texts = node
        .descendants()
        .filter(|node| node.has_tag_name_local("t"));
    texts.filter_map(|node| node.text()).collect()
}

/// `C7` is column 2.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0_usize, |number, letter| {
        number
            .saturating_mul(26)
            .saturating_add(usize::from(letter - b'A') + 1)
    });
    (1..=WIDEST).contains(&number).then(|| number - 1)
}

/// Comparing tags without their namespace: writers differ in prefixes, not in names.
trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
