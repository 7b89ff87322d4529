//! In: headings and rows of text. Out: a Markdown table, padded so that its source reads well too.

/// How the cells of a column are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A table with a heading row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|(name, align)| (cell(name), *align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row: missing cells are empty, surplus ones are kept out.
    pub fn push<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Self {
        let mut row: Vec<String> = cells.into_iter().map(|text| cell(text.as_ref())).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
        self
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table in GitHub-flavoured Markdown, ending with a line break.
    pub fn to_markdown(&self) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                self.rows
                    .iter()
                    .map(|row| row[column].chars().count())
                    .chain([self.columns[column].0.chars().count(), 3])
                    .max()
                    .unwrap_or(3)
            })
            .collect();
        let mut text = String::new();
        self.line(&mut text, &widths, |column| &self.columns[column].0);
        text.push('|');
        for (width, (_, align)) in widths.iter().zip(&self.columns) {
            let end = if *align == Align::Right { ":" } else { "-" };
            text.push(' ');
            text.push_str(&"-".repeat(width - 1));
            text.push_str(end);
            text.push_str(" |");
        }
        text.push('\n');
        for row in &self.rows {
            self.line(&mut text, &widths, |column| &row[column]);
        }
        text
    }

    fn line<'a>(&self, text: &mut String, widths: &[usize], cell: impl Fn(usize) -> &'a String) {
        text.push('|');
        for (column, &width) in widths.iter().enumerate() {
            let padded = match self.columns[column].1 {
                Align::Left => format!(" {:<width$} |", cell(column)),
                Align::Right => format!(" {:>width$} |", cell(column)),
            };
            text.push_str(&padded);
        }
        text.push('\n');
    }
}

/// Text that stays within its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_in_their_column() {
        let mut table = Table::new(&[("Task", Align::Left), ("Score", Align::Right)]);
        table.push(["1-1", "0.90"]).push(["a|b\nc"]);
        let expected = "| Task   | Score |\n| ------ | ----: |\n| 1-1    |  0.90 |\n\
                        | a\\|b c |       |\n";
        assert_eq!(table.to_markdown(), expected);
    }
}
