//! Opaque ids: samples come in, an id that says nothing of file, place or person goes out.

use laennec_audio::Signal;
use sha2::{Digest, Sha256};

/// `rec-` and the first 16 hexadecimal digits of the SHA-256 of the rate (32 bit, little endian)
/// and the samples (32-bit float, little endian).
pub fn recording_id(signal: &Signal) -> String {
    let mut hash = Sha256::new();
    hash.update(signal.rate.to_le_bytes());
    for block in signal.samples.chunks(4096) {
        let bytes: Vec<u8> = block
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        hash.update(bytes);
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    format!("rec-{:016x}", u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_alone_decide() {
        let one = Signal {
            samples: vec![0.1; 9000],
            rate: 8000,
        };
        let mut other = one.clone();
        assert_eq!(recording_id(&one), recording_id(&other));
        assert_eq!(recording_id(&one).len(), 20);
        other.samples[8999] = 0.2;
        assert_ne!(recording_id(&one), recording_id(&other));
        other = Signal {
            rate: 4000,
            ..one.clone()
        };
        assert_ne!(recording_id(&one), recording_id(&other));
    }
}
