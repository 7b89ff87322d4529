//! What a run gives out: lines and tables printed to standard output, where a closed pipe becomes a
//! failure that ends the run with success, and files that are written whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::exit::{Exit, Failure};

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

/// Writes a file beside its place and moves it there whole; over an existing one only with `force`.
pub(crate) fn write_whole(path: &Path, content: &[u8], force: bool) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| {
        Failure::new(
            Exit::Refused,
            format!("{} cannot be written: {error}", path.display()),
        )
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".laennec-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the umask takes its share.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(folder_of(path))
        .map_err(|error| failed(&error))?;
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    let moved = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match moved {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(failed(&error.error)),
    }
}

/// A file stands where an output should go.
pub(crate) fn exists(path: &Path) -> Failure {
    Failure::new(Exit::Refused, format!("{} exists already", path.display()))
        .help("add --force to overwrite it, or name another output")
}

/// The folder that a path lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
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
