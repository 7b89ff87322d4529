//! Text for standard output: lines and tables come in, printed text goes out. A closed pipe
//! becomes a failure that ends the run with success.

use std::io::Write;

use crate::exit::Failure;

/// Prints text to standard output, without adding a line end.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::output(&error))
}

/// Lays rows out in columns that are as wide as their longest cell, two blanks apart.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_are_aligned_by_characters_not_bytes() {
        let rows = [["é", "b"], ["long", "c"]].map(|row| row.map(String::from));
        assert_eq!(table(&rows), "é     b\nlong  c\n");
    }
}
