//! One row of a record batch to a recording.

use arrow::array::{Array, AsArray, ListArray, StringArray, StructArray};
use arrow::datatypes::{
    ArrowPrimitiveType, Float32Type, Float64Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::record_batch::RecordBatch;

use crate::finding::{Finding, Presence};
use crate::fingerprint::Fingerprint;
use crate::recording::{
    DataSet, Domain, Event, EventKind, Level, Manoeuvre, Murmur, MurmurGrade, MurmurPitch,
    MurmurQuality, MurmurShape, MurmurTiming, OfficialSplit, Outcome, Provenance, Quality,
    Recording, Sex, Split,
};
use crate::site::Area;

/// Columns of a batch whose types were compared with the schema.
pub(super) struct Columns<'a> {
    pub(super) batch: &'a RecordBatch,
}

/// The name of the column that holds an unknown value.
type Unknown = &'static str;

impl Columns<'_> {
    pub(super) fn recording(&self, row: usize) -> Result<Recording, Unknown> {
        let site = self
            .optional("site", row)
            .map(str::to_owned)
            .map(TryInto::try_into);
        Ok(Recording {
            id: self.text("id", row)?,
            subject: self.optional_text("subject", row),
            group: self.text("group", row)?,
            data_set: self.word("data_set", row, DataSet::from_name)?,
            domain: self.word("domain", row, Domain::from_word)?,
            manoeuvre: self.optional_word("manoeuvre", row, Manoeuvre::from_word)?,
            site: site.transpose().map_err(|_| "site")?,
            device: self.optional_text("device", row),
            sample_rate: self.number::<UInt32Type>("sample_rate", row),
            channels: self.number::<UInt16Type>("channels", row),
            seconds: self.number::<Float64Type>("seconds", row),
            audio_sha256: self.text("audio_sha256", row)?,
            fingerprint: Fingerprint(
                self.list("fingerprint", row)
                    .as_primitive::<UInt16Type>()
                    .values()
                    .to_vec(),
            ),
            level: self.level(row),
            record_class: self.optional_text("record_class", row),
            findings: self.findings(row)?,
            events: self.events(row)?,
            murmurs: self.murmurs(row)?,
            quality: self.optional_word("quality", row, Quality::from_word)?,
            diagnoses: {
                let codes = self.list("diagnoses", row);
                let codes: &StringArray = codes.as_string();
                codes.iter().flatten().map(str::to_owned).collect()
            },
            outcome: self.optional_word("outcome", row, Outcome::from_word)?,
            sex: self.optional_word("sex", row, Sex::from_word)?,
            age_years: self.float("age_years", row),
            height_cm: self.float("height_cm", row),
            weight_kg: self.float("weight_kg", row),
            bmi: self.float("bmi", row),
            pregnant: self.flag("pregnant", row),
            smoker: self.flag("smoker", row),
            official_split: self.optional_word("official_split", row, OfficialSplit::from_word)?,
            split: self.optional_word("split", row, Split::from_word)?,
            licence: self.text("licence", row)?,
            provenance: self.provenance(row),
        })
    }

    fn level(&self, row: usize) -> Option<Level> {
        let levels = self.column("level").as_struct();
        let number = |column: usize| {
            levels
                .column(column)
                .as_primitive::<Float32Type>()
                .value(row)
        };
        levels.is_valid(row).then(|| Level {
            rms_dbfs: number(0),
            peak_dbfs: number(1),
            clipped: number(2),
        })
    }

    fn provenance(&self, row: usize) -> Provenance {
        let parts = self.column("provenance").as_struct();
        let lines = parts.column(2).as_primitive::<UInt64Type>();
        Provenance {
            reader: strings(parts, 0).value(row).to_owned(),
            reader_version: parts.column(1).as_primitive::<UInt32Type>().value(row),
            line: lines.is_valid(row).then(|| lines.value(row)),
            source_hash: strings(parts, 3).value(row).to_owned(),
        }
    }

    fn findings(&self, row: usize) -> Result<Vec<(Finding, Presence)>, Unknown> {
        let items = self.items("findings", row);
        let words = |column| strings(&items, column);
        let pair = |index| {
            let finding = Finding::from_word(words(0).value(index))?;
            Some((finding, Presence::from_word(words(1).value(index))?))
        };
        (0..items.len())
            .map(|index| pair(index).ok_or("findings"))
            .collect()
    }

    fn events(&self, row: usize) -> Result<Vec<Event>, Unknown> {
        let items = self.items("events", row);
        let time = |column: usize, index| {
            items
                .column(column)
                .as_primitive::<Float64Type>()
                .value(index)
        };
        let event = |index| {
            let kind = EventKind::from_word(strings(&items, 2).value(index))?;
            Some(Event {
                start_s: time(0, index),
                end_s: time(1, index),
                kind,
            })
        };
        (0..items.len())
            .map(|index| event(index).ok_or("events"))
            .collect()
    }

    fn murmurs(&self, row: usize) -> Result<Vec<Murmur>, Unknown> {
        let items = self.items("murmurs", row);
        (0..items.len())
            .map(|index| murmur(&items, index))
            .collect()
    }

    fn column(&self, name: &str) -> &dyn Array {
        self.batch
            .column_by_name(name)
            .expect("the columns were compared with the schema")
    }

    fn number<T: ArrowPrimitiveType>(&self, name: &str, row: usize) -> T::Native {
        self.column(name).as_primitive::<T>().value(row)
    }

    fn float(&self, name: &str, row: usize) -> Option<f32> {
        let numbers = self.column(name).as_primitive::<Float32Type>();
        numbers.is_valid(row).then(|| numbers.value(row))
    }

    fn flag(&self, name: &str, row: usize) -> Option<bool> {
        let flags = self.column(name).as_boolean();
        flags.is_valid(row).then(|| flags.value(row))
    }

    fn list(&self, name: &str, row: usize) -> arrow::array::ArrayRef {
        let lists: &ListArray = self.column(name).as_list();
        lists.value(row)
    }

    fn items(&self, name: &str, row: usize) -> StructArray {
        self.list(name, row).as_struct().clone()
    }

    fn optional(&self, name: &str, row: usize) -> Option<&str> {
        let texts: &StringArray = self.column(name).as_string();
        texts.is_valid(row).then(|| texts.value(row))
    }

    fn optional_text(&self, name: &str, row: usize) -> Option<String> {
        self.optional(name, row).map(str::to_owned)
    }

    fn text(&self, name: Unknown, row: usize) -> Result<String, Unknown> {
        self.optional_text(name, row).ok_or(name)
    }

    fn word<T>(
        &self,
        name: Unknown,
        row: usize,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, Unknown> {
        self.optional(name, row).and_then(parse).ok_or(name)
    }

    fn optional_word<T>(
        &self,
        name: Unknown,
        row: usize,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unknown> {
        self.optional(name, row)
            .map(|word| parse(word).ok_or(name))
            .transpose()
    }
}

fn murmur(items: &StructArray, index: usize) -> Result<Murmur, Unknown> {
    /// A word that may be null.
    fn word<T>(
        items: &StructArray,
        column: usize,
        index: usize,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unknown> {
        let words = strings(items, column);
        let known = words.is_valid(index).then(|| words.value(index));
        known.map(|word| parse(word).ok_or("murmurs")).transpose()
    }
    let areas: &ListArray = items.column(5).as_list();
    let areas = areas.value(index);
    let areas: &StringArray = areas.as_string();
    Ok(Murmur {
        timing: word(items, 0, index, MurmurTiming::from_word)?.ok_or("murmurs")?,
        shape: word(items, 1, index, MurmurShape::from_word)?,
        grade: word(items, 2, index, MurmurGrade::from_word)?,
        pitch: word(items, 3, index, MurmurPitch::from_word)?,
        quality: word(items, 4, index, MurmurQuality::from_word)?,
        heard_at: areas
            .iter()
            .map(|area| area.and_then(Area::from_word).ok_or("murmurs"))
            .collect::<Result<_, _>>()?,
        loudest_at: word(items, 6, index, Area::from_word)?,
    })
}

fn strings(items: &StructArray, column: usize) -> &StringArray {
    items.column(column).as_string()
}
