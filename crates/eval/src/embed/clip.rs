//! In: recordings with the hash of their bytes, something that turns a signal into one vector, a
//! folder. Out: the vector of every recording, computed once and kept in that folder.
//!
//! One file of little-endian 32-bit floats per recording, named by the hash of its audio, in a
//! folder named by what computed it: an interrupted run goes on where it stopped. No name of a
//! recording is stored.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::{DecodeOptions, Signal, decode_file};
use rayon::prelude::*;

use crate::accuracy::Variant;
use crate::error::Error;

/// Turns a signal into one vector.
pub trait ClipEmbedder: Clone + Send {
    /// Names the folder of its vectors: what computes them, with the hash of its weights.
    fn key(&self) -> String;

    /// Number of values of a vector.
    fn width(&self) -> usize;

    /// The vector of a signal, `[width]`.
    fn embed(&self, signal: &Signal) -> Result<Vec<f32>, Error>;
}

/// A recording to embed.
#[derive(Debug, Clone, Copy)]
pub struct Clip<'a> {
    /// The audio file.
    pub path: &'a Path,
    /// SHA-256 of its bytes, 64 hex digits.
    pub audio_sha256: &'a str,
    /// What is done to it first.
    pub variant: Variant,
}

/// The vectors of `clips` in their order, several at a time. `progress` is told how many are done.
///
/// # Errors
/// A recording cannot be read or embedded, or the folder cannot be written.
pub fn embed_clips(
    cache: &Path,
    embedder: &impl ClipEmbedder,
    clips: &[Clip<'_>],
    progress: impl Fn(usize) + Sync,
) -> Result<Vec<Vec<f64>>, Error> {
    let folder = cache.join(embedder.key());
    std::fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    let done = AtomicUsize::new(0);
    clips
        .par_iter()
        .map_with(embedder.clone(), |embedder, clip| {
            let file = file_of(&folder, clip);
            let kept = std::fs::read(&file)
                .ok()
                .and_then(|bytes| decode(&bytes, embedder.width()));
            let vector = match kept {
                Some(vector) => vector,
                None => compute(embedder, clip, &file)?,
            };
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            Ok(vector.into_iter().map(f64::from).collect())
        })
        .collect()
}

fn compute(embedder: &impl ClipEmbedder, clip: &Clip<'_>, file: &Path) -> Result<Vec<f32>, Error> {
    let signal = decode_file(clip.path, &DecodeOptions::default())?.signal;
    let vector = embedder.embed(&clip.variant.apply(signal)?)?;
    if vector.len() != embedder.width() {
        return Err(Error::Shape {
            expected: format!("{} values", embedder.width()),
            found: format!("{} values", vector.len()),
        });
    }
    let bytes: Vec<u8> = vector.iter().flat_map(|v| v.to_le_bytes()).collect();
    // Two recordings may have the same sound, so two threads may write the same file.
    let thread = rayon::current_thread_index().unwrap_or(usize::MAX);
    let beside = file.with_extension(format!("{}-{thread}.part", std::process::id()));
    std::fs::write(&beside, bytes).map_err(Error::io(&beside))?;
    std::fs::rename(&beside, file).map_err(Error::io(file))?;
    Ok(vector)
}

fn file_of(folder: &Path, clip: &Clip<'_>) -> PathBuf {
    let hash = clip.audio_sha256;
    folder.join(match clip.variant {
        Variant::AsRecorded => format!("{hash}.f32"),
        Variant::Gain(db) => format!("{hash}-gain{db}.f32"),
        Variant::LowPass(hz) => format!("{hash}-low{hz}.f32"),
        Variant::Rate(rate) => format!("{hash}-rate{rate}.f32"),
    })
}

/// None where the file is not whole; it is then computed anew.
fn decode(bytes: &[u8], width: usize) -> Option<Vec<f32>> {
    let (values, rest) = bytes.as_chunks::<4>();
    let whole = rest.is_empty() && values.len() == width;
    whole.then(|| values.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Root mean square and length, counting how often it was asked.
    #[derive(Clone)]
    struct Level(std::sync::Arc<AtomicUsize>);

    impl ClipEmbedder for Level {
        fn key(&self) -> String {
            "level".into()
        }

        fn width(&self) -> usize {
            2
        }

        fn embed(&self, signal: &Signal) -> Result<Vec<f32>, Error> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let power: f32 = signal.samples.iter().map(|s| s * s).sum();
            let n = signal.samples.len() as f32;
            Ok(vec![(power / n).sqrt(), n / signal.rate as f32])
        }
    }

    /// A mono WAV file of 16 bit with `samples`.
    fn wav(path: &Path, samples: &[i16]) {
        let bytes = samples.len() as u32 * 2;
        let mut file = b"RIFF".to_vec();
        file.extend((36 + bytes).to_le_bytes());
        file.extend(b"WAVEfmt ");
        for word in [16_u32, 0x0001_0001, 8000, 16_000, 0x0010_0002] {
            file.extend(word.to_le_bytes());
        }
        file.extend(b"data");
        file.extend(bytes.to_le_bytes());
        file.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
        std::fs::write(path, file).unwrap();
    }

    #[test]
    fn vectors_are_computed_once_and_damaged_ones_anew() {
        let folder = tempfile::tempdir().unwrap();
        let sound = folder.path().join("a.wav");
        wav(&sound, &[8192; 4000]);
        let asked = std::sync::Arc::new(AtomicUsize::new(0));
        let level = Level(asked.clone());
        let hash = "a".repeat(64);
        let clip = |variant| Clip {
            path: &sound,
            audio_sha256: &hash,
            variant,
        };
        let all = [clip(Variant::AsRecorded), clip(Variant::Gain(6.0206))];
        let embed = || embed_clips(folder.path(), &level, &all, |_| {}).unwrap();
        let first = embed();
        assert!((first[0][0] - 0.25).abs() < 1e-3 && (first[0][1] - 0.5).abs() < 1e-6);
        assert!((first[1][0] - 0.5).abs() < 1e-3);
        assert_eq!(embed(), first);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        let file = folder.path().join("level").join(format!("{hash}.f32"));
        std::fs::write(&file, [0_u8; 5]).unwrap();
        assert_eq!(embed(), first);
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }
}
