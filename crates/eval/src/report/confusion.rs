//! In: a confusion matrix and the names of its classes. Out: a table, truth in rows.

use super::table::{Align, Table};
use crate::metrics::{ConfusionMatrix, Undefined, same_length};

/// Truth in rows, answers in columns, and each class's recall; "none" where the class does not
/// occur.
pub fn confusion_table(matrix: &ConfusionMatrix, names: &[&str]) -> Result<Table, Undefined> {
    same_length("class names", matrix.classes(), names.len())?;
    let mut columns = vec![("truth \\ answer", Align::Left)];
    columns.extend(names.iter().map(|name| (*name, Align::Right)));
    columns.push(("recall", Align::Right));
    let mut table = Table::new(&columns);
    for (class, name) in names.iter().enumerate() {
        let mut row = vec![(*name).to_owned()];
        row.extend((0..names.len()).map(|answer| format!("{}", matrix.count(class, answer))));
        row.push(
            matrix
                .recall(class)
                .map_or_else(|_| "none".to_owned(), |recall| format!("{recall:.3}")),
        );
        table.push(row);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_stands_in_rows() {
        let matrix = ConfusionMatrix::new(&[0, 0, 1], &[0, 1, 1], 3).unwrap();
        let text = confusion_table(&matrix, &["heart", "lung", "other"])
            .unwrap()
            .to_markdown();
        let rows: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(rows[2], "| heart | 1 | 1 | 0 | 0.500 |");
        assert_eq!(rows[3], "| lung | 0 | 1 | 0 | 1.000 |");
        assert_eq!(rows[4], "| other | 0 | 0 | 0 | none |");
        assert!(confusion_table(&matrix, &["heart"]).is_err());
    }
}
