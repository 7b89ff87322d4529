//! The bytes of an annotation file and a kind of damage come in; damaged bytes go out.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A way in which a file gets damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The end is lost.
    Truncated,
    /// Nothing is left.
    Emptied,
    /// A byte that is no UTF-8.
    WrongByte,
    /// UTF-16 instead of UTF-8.
    Utf16,
    /// A NUL byte.
    Nul,
    /// A quotation mark.
    Quote,
    /// A number becomes huge.
    HugeNumber,
    /// A number becomes negative.
    NegativeNumber,
    /// A number becomes no number (`NaN` would be one: tables write it where nothing is known).
    NoNumber,
    /// One field of every row is lost.
    MissingColumn,
    /// One field of one row is lost.
    MissingField,
    /// A row stands there twice.
    DuplicatedRow,
    /// A stretch of bytes is lost.
    Drained,
    /// Two fields of a row change places.
    Swapped,
    /// Windows line ends.
    Crlf,
    /// A byte order mark.
    ByteOrderMark,
    /// A blank line at the end.
    BlankLine,
}

impl Damage {
    pub(crate) const ALL: [Self; 17] = [
        Self::Truncated,
        Self::Emptied,
        Self::WrongByte,
        Self::Utf16,
        Self::Nul,
        Self::Quote,
        Self::HugeNumber,
        Self::NegativeNumber,
        Self::NoNumber,
        Self::MissingColumn,
        Self::MissingField,
        Self::DuplicatedRow,
        Self::Drained,
        Self::Swapped,
        Self::Crlf,
        Self::ByteOrderMark,
        Self::BlankLine,
    ];

    /// Whether the rows say the same as before.
    pub(crate) const fn is_harmless(self) -> bool {
        matches!(self, Self::Crlf | Self::ByteOrderMark | Self::BlankLine)
    }

    /// Whether it may write another row that is valid in the format: nobody can tell such a row
    /// from a true one.
    pub(crate) const fn may_leave_valid_rows(self) -> bool {
        matches!(
            self,
            Self::HugeNumber
                | Self::NegativeNumber
                | Self::MissingColumn
                | Self::MissingField
                | Self::Drained
                | Self::Swapped
        )
    }
}

/// The damaged bytes; none where the file has nothing that could be damaged so.
pub(crate) fn damaged(bytes: &[u8], damage: Damage, random: &mut ChaCha8Rng) -> Option<Vec<u8>> {
    if bytes.len() < 2 {
        return None;
    }
    let mut bytes = bytes.to_vec();
    let place = random.random_range(0..bytes.len());
    match damage {
        Damage::Truncated => bytes.truncate(place),
        Damage::Emptied => bytes.clear(),
        Damage::WrongByte => bytes[place] = 0xff,
        Damage::Nul => bytes.insert(place, 0),
        Damage::Quote => bytes.insert(place, b'"'),
        Damage::Drained => {
            let end = random.random_range(place..bytes.len().min(place + 40));
            bytes.drain(place..end);
        }
        _ => {
            // The rest is done to text.
            let text = String::from_utf8(bytes).ok()?;
            return in_text(&text, damage, random);
        }
    }
    Some(bytes)
}

fn in_text(text: &str, damage: Damage, random: &mut ChaCha8Rng) -> Option<Vec<u8>> {
    let lines: Vec<&str> = text.lines().collect();
    let row = random.random_range(0..lines.len());
    let changed = |changed: String| {
        let mut lines = lines.clone();
        lines[row] = &changed;
        Some(lines.join("\n").into_bytes())
    };
    match damage {
        Damage::Utf16 => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Damage::Crlf => Some(text.replace('\n', "\r\n").into_bytes()),
        Damage::ByteOrderMark => Some(format!("\u{feff}{text}").into_bytes()),
        Damage::BlankLine => Some(format!("{text}\n").into_bytes()),
        Damage::HugeNumber => number(text, ["1e308", "99999999999999999999"], random),
        Damage::NegativeNumber => number(text, ["-5", "-0.25"], random),
        Damage::NoNumber => number(text, ["inf", "1O.5"], random),
        Damage::DuplicatedRow => {
            let mut lines = lines.clone();
            lines.insert(row, lines[row]);
            Some(lines.join("\n").into_bytes())
        }
        Damage::MissingColumn => {
            let separator = separator(text)?;
            let place = random.random_range(0..lines[0].matches(separator).count().max(1));
            let rows = lines.iter().map(|line| without(line, separator, place));
            Some(rows.collect::<Vec<_>>().join("\n").into_bytes())
        }
        Damage::MissingField => {
            let separator = separator(text)?;
            let place = random.random_range(0..lines[row].matches(separator).count().max(1));
            changed(without(lines[row], separator, place))
        }
        Damage::Swapped => {
            let separator = separator(text)?;
            let mut fields: Vec<&str> = lines[row].split(separator).collect();
            let last = fields.len().checked_sub(1).filter(|last| *last > 0)?;
            fields.swap(0, last);
            changed(fields.join(&separator.to_string()))
        }
        _ => None,
    }
}

/// The sign that separates the fields of the first row, the most frequent of four.
fn separator(text: &str) -> Option<char> {
    let first = text.lines().next()?;
    let signs = ['\t', ';', ',', ' '].into_iter();
    signs
        .max_by_key(|sign| first.matches(*sign).count())
        .filter(|sign| first.contains(*sign))
}

fn without(line: &str, separator: char, place: usize) -> String {
    let fields = line
        .split(separator)
        .enumerate()
        .filter(|(index, _)| *index != place);
    fields
        .map(|(_, field)| field)
        .collect::<Vec<_>>()
        .join(&separator.to_string())
}

/// Replaces one run of digits and points, in whatever it stands.
fn number(text: &str, instead: [&str; 2], random: &mut ChaCha8Rng) -> Option<Vec<u8>> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(index, c)| c.is_ascii_digit() && !text[..*index].ends_with(is_part))
        .map(|(index, _)| index)
        .collect();
    let start = *starts.get(random.random_range(0..starts.len().max(1)))?;
    let length = text[start..]
        .find(|c| !is_part(c))
        .unwrap_or(text.len() - start);
    let instead = instead[random.random_range(0..instead.len())];
    Some(format!("{}{instead}{}", &text[..start], &text[start + length..]).into_bytes())
}
