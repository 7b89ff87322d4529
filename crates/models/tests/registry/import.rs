//! `import` against checkpoints written by `PyTorch`, and damaged and hostile ones.

use std::path::{Path, PathBuf};

use laennec_models::registry::{Error, Folder, Lock, Origin, Patience, Puller, Silent, import};

use crate::server::{Answer, Server};
use crate::sha256;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn built_in() -> Lock {
    Lock::built_in().unwrap()
}

#[test]
fn a_checkpoint_becomes_the_file_that_pythons_safetensors_writes() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let input = fixture("registry_checkpoint.pt");
    let done = import(&built_in(), &folder, &input, false).unwrap();
    let expected = std::fs::read(fixture("registry_checkpoint.safetensors")).unwrap();
    assert_eq!(std::fs::read(&done.path).unwrap(), expected);
    assert_eq!(done.digest.sha256, sha256(&expected));
    assert_eq!(
        done.path,
        root.path().join("registry_checkpoint.safetensors")
    );
    assert_eq!(done.model, None);

    let again = import(&built_in(), &folder, &input, false).unwrap_err();
    assert!(matches!(again, Error::Exists { .. }), "{again}");
    import(&built_in(), &folder, &input, true).unwrap();
}

/// A lock file whose model is made from the checkpoint fixture.
fn recipe_lock(url: &str) -> Lock {
    let checkpoint = std::fs::read(fixture("registry_checkpoint.pt")).unwrap();
    let file = std::fs::read(fixture("registry_recipe.safetensors")).unwrap();
    Lock::parse(&format!(
        "version = 1\n[[model]]\nid = \"m\"\nsummary = \"\"\nlicence = \"MIT\"\nnotice = \"\"\n\
         [[model.file]]\nname = \"sub/m.safetensors\"\nbytes = {}\nsha256 = \"{}\"\n\
         [[model.file.source]]\nkind = \"https\"\nurl = \"{url}\"\n\
         [model.file.source.pytorch]\nbytes = {}\nsha256 = \"{}\"\n\
         scalars_as_vectors = true\nmetadata = [[\"source\", \"fixture\"]]\n",
        file.len(),
        sha256(&file),
        checkpoint.len(),
        sha256(&checkpoint),
    ))
    .unwrap()
}

#[test]
fn a_known_checkpoint_becomes_the_file_of_the_lock_file_bit_for_bit() {
    let checkpoint = std::fs::read(fixture("registry_checkpoint.pt")).unwrap();
    let expected = std::fs::read(fixture("registry_recipe.safetensors")).unwrap();
    let server = Server::new(vec![Answer::Whole(checkpoint)]);
    let lock = recipe_lock(&server.url("m.pt"));

    let imported = tempfile::tempdir().unwrap();
    let folder = Folder::new(imported.path());
    let done = import(&lock, &folder, &fixture("registry_checkpoint.pt"), false).unwrap();
    assert_eq!(done.model.as_deref(), Some("m"));
    assert_eq!(done.path, imported.path().join("sub/m.safetensors"));
    assert_eq!(std::fs::read(&done.path).unwrap(), expected);

    for origin in [
        Origin::Listed,
        Origin::Local(fixture("registry_checkpoint.pt")),
    ] {
        let pulled = tempfile::tempdir().unwrap();
        let folder = Folder::new(pulled.path());
        let files = Puller::new(&folder, Patience::default(), false)
            .pull(&lock.models[0], &origin, &mut Silent)
            .unwrap();
        assert_eq!(std::fs::read(&files[0].path).unwrap(), expected);
        let left = std::fs::read_dir(pulled.path().join("sub")).unwrap();
        assert_eq!(left.count(), 1);
    }
}

#[test]
fn safetensors_are_checked_and_copied() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path().join("models"));
    let good = fixture("registry_checkpoint.safetensors");
    let done = import(&built_in(), &folder, &good, false).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    assert_eq!(std::fs::read(&done.path).unwrap(), bytes);

    let mut longer = bytes.clone();
    longer.push(0);
    let mut header = bytes.clone();
    header[7] = 0xff;
    for (name, damaged) in [
        ("cut", &bytes[..bytes.len() - 1]),
        ("header", &header),
        ("longer", &longer),
        ("short", &bytes[..9]),
    ] {
        let path = root.path().join(name);
        std::fs::write(&path, damaged).unwrap();
        let error = import(&built_in(), &folder, &path, false).unwrap_err();
        assert!(matches!(error, Error::Checkpoint { .. }), "{name}: {error}");
        assert!(!folder.root().join(format!("{name}.safetensors")).exists());
    }
}

#[test]
fn nothing_in_a_checkpoint_is_run() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let input = fixture("registry_hostile.pt");
    let done = import(&built_in(), &folder, &input, false).unwrap();
    // Unpickled by Python, the checkpoint makes this file; read as a table of tensors, it does not.
    assert!(!Path::new("laennec-was-here").exists());
    let bytes = std::fs::read(done.path).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(tensors.names(), ["weight"]);
}

#[test]
fn damaged_checkpoints_are_errors_that_leave_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path().join("models"));
    let bytes = std::fs::read(fixture("registry_checkpoint.pt")).unwrap();
    let input = root.path().join("damaged.pt");
    for length in (0..bytes.len()).step_by(97) {
        std::fs::write(&input, &bytes[..length]).unwrap();
        assert!(
            import(&built_in(), &folder, &input, false).is_err(),
            "{length}"
        );
    }
    std::fs::write(&input, b"not a model at all").unwrap();
    let error = import(&built_in(), &folder, &input, false).unwrap_err();
    assert!(error.to_string().contains("neither a PyTorch checkpoint"));
    // A flipped byte may hit a name; then the file is read, but never with a panic.
    for position in (0..bytes.len()).step_by(13) {
        let mut flipped = bytes.clone();
        flipped[position] ^= 0x55;
        std::fs::write(&input, &flipped).unwrap();
        drop(import(&built_in(), &folder, &input, true));
    }
    let left = std::fs::read_dir(folder.root()).unwrap();
    let names: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        names.iter().all(|name| name == "damaged.safetensors"),
        "{names:?}"
    );
}
