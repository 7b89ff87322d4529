//! Fetching over HTTP: whole, cut, resumed, wrong, silent, slow, locked.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use laennec_models::registry::{
    Error, Folder, Lock, Origin, Patience, Pulled, Puller, Silent, State,
};

use crate::server::{Answer, Server};
use crate::{https, lock, sha256};

const CONTENT_LENGTH: usize = 300_000;

fn content() -> Vec<u8> {
    (0..CONTENT_LENGTH as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

fn pull_with(lock: &Lock, root: &Path, patience: Patience) -> Result<Vec<Pulled>, Error> {
    let folder = Folder::new(root);
    let model = lock.model("m").unwrap();
    Puller::new(&folder, patience, false).pull(model, &Origin::Listed, &mut Silent)
}

fn pull(lock: &Lock, root: &Path) -> Result<Vec<Pulled>, Error> {
    let patience = Patience {
        silence: Duration::from_millis(400),
        resumes: 3,
    };
    pull_with(lock, root, patience)
}

/// The only failure of a pull with one source.
fn failure(outcome: Result<Vec<Pulled>, Error>) -> Error {
    match outcome.unwrap_err() {
        Error::Exhausted { mut failures, .. } if failures.len() == 1 => failures.remove(0),
        other => panic!("{other:?}"),
    }
}

fn names(root: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_whole_file_is_fetched_once_and_then_known() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::Whole(content())]);
    let lock = lock(&content(), &https(&server.url("a")));
    let below = root.path().join("made/when/needed");
    let pulled = pull(&lock, &below).unwrap();
    assert_eq!(pulled[0].source.as_deref(), Some(&*server.url("a")));
    assert_eq!(std::fs::read(&pulled[0].path).unwrap(), content());
    assert_eq!(names(&below), ["m.bin"]);
    assert_eq!(pull(&lock, &below).unwrap()[0].source, None);
    assert_eq!(server.starts(), [0]);
    assert_eq!(server.asked()[0].path, "/a");
}

#[test]
fn a_cut_connection_goes_on_where_it_stopped() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::new(vec![
        Answer::Cut(content(), 100_000),
        Answer::Cut(content(), 50_000),
        Answer::Whole(content()),
    ]);
    let lock = lock(&content(), &https(&server.url("a")));
    let pulled = pull(&lock, root.path()).unwrap();
    assert_eq!(std::fs::read(&pulled[0].path).unwrap(), content());
    assert_eq!(server.starts(), [0, 100_000, 150_000]);
}

#[test]
fn a_broken_download_is_kept_and_resumed_by_the_next_call() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::new(vec![
        Answer::Cut(content(), 120_000),
        Answer::Cut(content(), 0),
        Answer::Whole(content()),
    ]);
    let lock = lock(&content(), &https(&server.url("a")));
    let error = failure(pull(&lock, root.path()));
    assert!(
        matches!(error, Error::Cut { .. } | Error::Connection { .. }),
        "{error}"
    );
    let folder = Folder::new(root.path());
    let file = &lock.models[0].files[0];
    assert_eq!(folder.state(file).unwrap(), State::Partial(120_000));
    pull(&lock, root.path()).unwrap();
    assert_eq!(server.starts(), [0, 120_000, 120_000]);
    assert_eq!(folder.state(file).unwrap(), State::Verified);
    assert_eq!(names(root.path()), ["m.bin"]);
}

#[test]
fn a_server_without_ranges_sends_everything_again() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::new(vec![
        Answer::Cut(content(), 100_000),
        Answer::NoRange(content()),
    ]);
    let lock = lock(&content(), &https(&server.url("a")));
    let pulled = pull(&lock, root.path()).unwrap();
    assert_eq!(std::fs::read(&pulled[0].path).unwrap(), content());
}

#[test]
fn a_partial_file_of_something_else_is_thrown_away() {
    for length in [7, CONTENT_LENGTH - 1, CONTENT_LENGTH, CONTENT_LENGTH + 1] {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("m.bin.part"), vec![1; length]).unwrap();
        let server = Server::new(vec![Answer::Whole(content())]);
        let lock = lock(&content(), &https(&server.url("a")));
        pull(&lock, root.path()).unwrap();
        assert_eq!(names(root.path()), ["m.bin"], "{length}");
        assert_eq!(server.starts().last(), Some(&0), "{length}");
    }
}

#[test]
fn wrong_bytes_are_never_put_in_place_and_the_next_source_is_tried() {
    let mut wrong = content();
    wrong[123_456] ^= 1;
    let root = tempfile::tempdir().unwrap();
    let bad = Server::new(vec![Answer::Whole(wrong)]);
    let only_bad = lock(&content(), &https(&bad.url("a")));
    let error = failure(pull(&only_bad, root.path()));
    assert!(matches!(&error, Error::Mismatch { expected, .. } if *expected == sha256(&content())));
    assert!(!root.path().join("m.bin").exists());

    let missing = Server::new(vec![Answer::Status(404)]);
    let good = Server::new(vec![Answer::Whole(content())]);
    let sources = [&bad, &missing, &good]
        .map(|server| https(&server.url("a")))
        .concat();
    let pulled = pull(&lock(&content(), &sources), root.path()).unwrap();
    assert_eq!(pulled[0].source.as_deref(), Some(&*good.url("a")));
    assert_eq!(names(root.path()), ["m.bin"]);
}

#[test]
fn a_status_other_than_success_is_said() {
    for status in [404, 403, 500, 503] {
        let root = tempfile::tempdir().unwrap();
        let server = Server::new(vec![Answer::Status(status)]);
        let lock = lock(&content(), &https(&server.url("a")));
        let error = failure(pull(&lock, root.path()));
        assert!(
            matches!(error, Error::Status { status: said, .. } if said == status),
            "{error}"
        );
        assert_eq!(server.starts().len(), 1);
    }
}

#[test]
fn a_longer_file_is_refused_before_it_fills_the_disk() {
    let root = tempfile::tempdir().unwrap();
    let mut long = content();
    long.extend(std::iter::repeat_n(0, 5_000_000));
    let server = Server::new(vec![Answer::Whole(long)]);
    let lock = lock(&content(), &https(&server.url("a")));
    let error = failure(pull(&lock, root.path()));
    assert!(
        error.to_string().contains("more than the expected"),
        "{error}"
    );
    assert!(!root.path().join("m.bin.part").exists());
}

#[test]
fn a_silent_server_is_given_up_and_a_slow_one_is_not() {
    let root = tempfile::tempdir().unwrap();
    let silent = Server::new(vec![Answer::Silent(Duration::from_secs(20))]);
    let one = lock(&content(), &https(&silent.url("a")));
    let start = Instant::now();
    let error = failure(pull(&one, root.path()));
    assert!(matches!(error, Error::Connection { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));

    // In all slower than the limit for silence, but never silent.
    let slow = Server::new(vec![Answer::Slow(
        content(),
        30_000,
        Duration::from_millis(100),
    )]);
    let one = lock(&content(), &https(&slow.url("a")));
    let start = Instant::now();
    pull(&one, root.path()).unwrap();
    assert!(start.elapsed() > Duration::from_millis(900));
    assert_eq!(slow.starts(), [0]);
}

#[test]
fn without_a_network_every_source_is_named() {
    let root = tempfile::tempdir().unwrap();
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/m.bin");
    let error = pull(&lock(&content(), &https(&url)), root.path()).unwrap_err();
    let Error::Exhausted { by_hand, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(by_hand, std::slice::from_ref(&url));
    assert!(error.to_string().contains(&url), "{error}");
}

#[test]
fn two_downloads_of_one_file_do_not_mix() {
    let root = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::Whole(content())]);
    let lock = lock(&content(), &https(&server.url("a")));
    let held = File::create(root.path().join("m.bin.part")).unwrap();
    held.lock().unwrap();
    let error = failure(pull(&lock, root.path()));
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    drop(held);
    pull(&lock, root.path()).unwrap();
}

#[test]
fn a_damaged_file_is_replaced_only_by_force() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("m.bin");
    std::fs::write(&path, b"damaged").unwrap();
    let server = Server::new(vec![Answer::Whole(content())]);
    let lock = lock(&content(), &https(&server.url("a")));
    let error = pull(&lock, root.path()).unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"damaged");
    let folder = Folder::new(root.path());
    Puller::new(&folder, Patience::default(), true)
        .pull(&lock.models[0], &Origin::Listed, &mut Silent)
        .unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), content());
}

#[test]
fn a_file_at_hand_is_taken_only_if_it_is_the_right_one() {
    let root = tempfile::tempdir().unwrap();
    let hand = tempfile::tempdir().unwrap();
    let lock = lock(&content(), "");
    let folder = Folder::new(root.path());
    let take = |from: &Path| {
        Puller::new(&folder, Patience::default(), false).pull(
            &lock.models[0],
            &Origin::Local(from.into()),
            &mut Silent,
        )
    };
    let wrong = hand.path().join("wrong.bin");
    std::fs::write(&wrong, b"wrong").unwrap();
    assert!(matches!(take(&wrong), Err(Error::Mismatch { .. })));
    assert!(matches!(take(hand.path()), Err(Error::Read { .. })));
    assert!(!root.path().join("m.bin").exists());
    std::fs::write(hand.path().join("m.bin"), content()).unwrap();
    take(hand.path()).unwrap();
    assert_eq!(names(root.path()), ["m.bin"]);
}
