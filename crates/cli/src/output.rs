//! What a run gives out: lines and tables printed to standard output, where a closed pipe becomes a
//! failure that ends the run with success, and files that are written whole or not at all.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use laennec_corpus::place::{Place, folder_of};

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

/// A text without the control characters by which a file name could command a terminal; lines and tabs
/// stay.
pub(crate) fn safe(text: &str) -> String {
    let commands = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    text.replace(commands, "\u{fffd}")
}

/// A path as text without any control character. What is not UTF-8 becomes a replacement character.
pub(crate) fn safe_name(path: &Path) -> String {
    path.to_string_lossy().replace(char::is_control, "\u{fffd}")
}

/// Refuses, before any work, an output that could not be written in the end. A device or a pipe can.
pub(crate) fn writable(path: &Path) -> Result<(), Failure> {
    let file = match Place::of(path) {
        Place::Stream => return Ok(()),
        Place::Folder => return Err(is_folder(path)),
        Place::File(file) => file,
    };
    let folder = folder_of(&file);
    if !folder.is_dir() {
        let (path, folder) = (path.display(), folder.display());
        let message = format!("{path} cannot be written: the folder {folder} does not exist");
        return Err(
            Failure::new(Exit::Refused, message).help("make it first, or name another output")
        );
    }
    match unfinished().tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(unwritable(path, error.kind())),
    }
}

/// As [`writable`], for what only a file can take.
pub(crate) fn writable_file(path: &Path) -> Result<(), Failure> {
    if Place::of(path) == Place::Stream {
        let message = format!("{} is a device or a pipe", path.display());
        return Err(Failure::new(Exit::Refused, message).help("name a file"));
    }
    writable(path)
}

/// Writes a file beside its place and moves it there whole; over an existing one only with `force`.
/// A link keeps leading to the file; a device or a pipe is written through.
pub(crate) fn write_whole(path: &Path, content: &[u8], force: bool) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| unwritable(path, error.kind());
    let place = match Place::of(path) {
        Place::Stream => return write_through(path, content),
        Place::Folder => return Err(is_folder(path)),
        Place::File(place) => place,
    };
    let mut file = unfinished()
        .tempfile_in(folder_of(&place))
        .map_err(|error| failed(&error))?;
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    let moved = if force {
        file.persist(place)
    } else {
        file.persist_noclobber(place)
    };
    match moved {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(failed(&error.error)),
    }
}

fn write_through(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let opened = File::options().write(true).open(path);
    match opened.and_then(|mut stream| stream.write_all(content)) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::output(&error)),
        Err(error) => Err(unwritable(path, error.kind())),
        Ok(()) => Ok(()),
    }
}

/// A file that has its name only when it is whole.
fn unfinished() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".laennec-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the umask takes its share.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// A file stands where an output should go.
pub(crate) fn exists(path: &Path) -> Failure {
    Failure::new(Exit::Refused, format!("{} exists already", path.display()))
        .help("add --force to overwrite it, or name another output")
}

/// An output that cannot be written. Of the error only its kind is told, since it may name the
/// unfinished file.
pub(crate) fn unwritable(path: &Path, kind: ErrorKind) -> Failure {
    let message = format!("{} cannot be written: {kind}", path.display());
    let help = match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space, or name another output"
        }
        _ => "name an output in a folder that is there and can be written",
    };
    Failure::new(Exit::Refused, message).help(help)
}

fn is_folder(path: &Path) -> Failure {
    Failure::new(Exit::Refused, format!("{} is a folder", path.display())).help("name a file in it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters_not_bytes() {
        let rows = [["é", "b"], ["long", "c"]].map(|row| row.map(String::from));
        assert_eq!(table(&rows), "é     b\nlong  c\n");
    }

    #[test]
    fn no_name_commands_the_terminal() {
        assert_eq!(
            safe_name(Path::new("a\u{1b}[2J\n.wav")),
            "a\u{fffd}[2J\u{fffd}.wav"
        );
        assert_eq!(safe("a\u{1b}\r\nb"), "a\u{fffd}\u{fffd}\nb");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_leading_to_the_file_that_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        assert_eq!(
            write_whole(&link, b"new", false).unwrap_err().exit,
            Exit::Refused
        );
        write_whole(&link, b"new", true).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_never_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        writable(&path).unwrap();
        assert_eq!(writable_file(&path).unwrap_err().exit, Exit::Refused);
        for force in [false, true] {
            // No socket can be opened as a file.
            let refused = write_whole(&path, b"x", force).unwrap_err();
            assert_eq!(refused.exit, Exit::Refused);
            assert!(path.metadata().unwrap().file_type().is_socket());
        }
    }

    #[test]
    fn an_output_that_cannot_be_written_is_told_before_and_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("none/out.csv");
        let refused = writable(&nowhere).unwrap_err();
        assert_eq!(refused.exit, Exit::Refused);
        assert!(refused.message().starts_with(nowhere.to_str().unwrap()));
        assert_eq!(writable(folder.path()).unwrap_err().exit, Exit::Refused);
        writable(&folder.path().join("new")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let full = unwritable(&nowhere, ErrorKind::StorageFull);
        assert!(
            full.message()
                .ends_with("none/out.csv cannot be written: no storage space")
        );
    }
}
