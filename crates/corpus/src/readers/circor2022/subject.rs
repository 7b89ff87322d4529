//! The text of one subject of `CirCor` comes in; its recordings, demographics, murmur and outcome go
//! out.

use std::collections::BTreeMap;
use std::path::Path;

use super::murmur::SubjectMurmur;
use crate::readers::fields::{code, is_missing, number, optional_code};
use crate::readers::sheet::exactly;
use crate::readers::source::text_lines;
use crate::readers::{Fault, Trouble};
use crate::recording::{Outcome, Sex};

/// One recording that the text lists.
pub(super) struct Part {
    pub(super) line: u64,
    /// `AV`, `PV`, `TV`, `MV` or `Phc`.
    pub(super) location: String,
    pub(super) sound: String,
    pub(super) segmentation: String,
}

/// What the text says of the subject.
pub(super) struct Subject {
    pub(super) number: String,
    /// The number in the other screening campaign, for whoever took part in both.
    pub(super) other_number: Option<String>,
    pub(super) recordings: Vec<Part>,
    pub(super) sex: Option<Sex>,
    pub(super) height_cm: Option<f32>,
    pub(super) weight_kg: Option<f32>,
    pub(super) pregnant: Option<bool>,
    pub(super) murmur: SubjectMurmur,
    pub(super) outcome: Outcome,
}

/// The fields `#Field: value` with their lines.
pub(super) struct Fields(BTreeMap<String, (u64, String)>);

impl Fields {
    /// Reads one field with `parse`; a fault has the line of the field.
    pub(super) fn get<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, Trouble>,
    ) -> Result<T, Fault> {
        let (line, value) = self.0.get(name).ok_or((None, Trouble::NoField(name)))?;
        parse(value).map_err(|trouble| (Some(*line), trouble))
    }
}

impl Subject {
    /// Reads the text of the subject `number`.
    pub(super) fn read(path: &Path, number: &str) -> Result<Self, Fault> {
        let mut lines = text_lines(path)?.into_iter();
        let (line, first) = lines.next().ok_or((None, Trouble::Empty))?;
        let located = |trouble| (Some(line), trouble);
        let [own, announced, _hertz] = words(&first).map_err(located)?;
        if own != number {
            let expected = "the number that names the file";
            let field = "subject";
            return Err(located(Trouble::Value { field, expected }));
        }
        let field = "number of recordings";
        let expected = "a number";
        let announced: usize = announced
            .parse()
            .map_err(|_| located(Trouble::Value { field, expected }))?;
        let (mut recordings, mut fields) = (Vec::new(), BTreeMap::new());
        for (line, text) in lines {
            if let Some(field) = text.strip_prefix('#') {
                let expected = "#Field: value";
                let shape = Trouble::Value {
                    field: "#",
                    expected,
                };
                let (name, value) = field.split_once(':').ok_or((Some(line), shape))?;
                let value = (line, value.trim().to_owned());
                if fields.insert(name.trim().to_owned(), value).is_some() {
                    return Err((Some(line), Trouble::Repeated));
                }
            } else {
                let part = words(&text).and_then(|[location, _header, sound, segmentation]| {
                    let known = ["AV", "PV", "TV", "MV", "Phc"].map(|known| (known, ()));
                    let expected = "AV, PV, TV, MV or Phc";
                    code(&location, &known, "location", expected)?;
                    Ok(Part {
                        line,
                        location,
                        sound,
                        segmentation,
                    })
                });
                recordings.push(part.map_err(|trouble| (Some(line), trouble))?);
            }
        }
        if recordings.len() != announced {
            let listed = recordings.len();
            return Err(located(Trouble::Count { announced, listed }));
        }
        Self::of(number, recordings, &Fields(fields))
    }

    fn of(number: &str, recordings: Vec<Part>, fields: &Fields) -> Result<Self, Fault> {
        fields.get("Age", |text| {
            let groups = ["Neonate", "Infant", "Child", "Adolescent", "Young adult"];
            let expected = "Neonate, Infant, Child, Adolescent or Young adult";
            optional_code(text, &groups.map(|group| (group, ())), "Age", expected)
        })?;
        Ok(Self {
            number: number.to_owned(),
            other_number: fields.get("Additional ID", |text| {
                if is_missing(text) {
                    return Ok(None);
                }
                whole_number(text).map(Some)
            })?,
            recordings,
            sex: fields.get("Sex", |text| {
                let codes = [("Female", Sex::Female), ("Male", Sex::Male)];
                optional_code(text, &codes, "Sex", "Female or Male")
            })?,
            height_cm: fields.get("Height", |text| {
                self::number(text, 20.0..=250.0, "Height", "cm, 20 to 250")
            })?,
            weight_kg: fields.get("Weight", |text| {
                self::number(text, 0.5..=400.0, "Weight", "kg, 0.5 to 400")
            })?,
            pregnant: fields.get("Pregnancy status", |text| {
                let codes = [("True", true), ("False", false)];
                optional_code(text, &codes, "Pregnancy status", "True or False")
            })?,
            murmur: SubjectMurmur::read(fields)?,
            outcome: fields.get("Outcome", |text| {
                let codes = [("Normal", Outcome::Normal), ("Abnormal", Outcome::Abnormal)];
                code(text, &codes, "Outcome", "Normal or Abnormal")
            })?,
        })
    }
}

fn words<const N: usize>(text: &str) -> Result<[String; N], Trouble> {
    exactly(text.split_whitespace().map(str::to_owned).collect())
}

/// The number of a subject: tables of numbers with gaps are saved as `1234.0`.
fn whole_number(text: &str) -> Result<String, Trouble> {
    let number = text.strip_suffix(".0").unwrap_or(text);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let (field, expected) = ("Additional ID", "a number or nan");
    is_number
        .then(|| number.to_owned())
        .ok_or(Trouble::Value { field, expected })
}
