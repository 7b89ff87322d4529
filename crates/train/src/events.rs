//! Records that `TensorBoard` reads: named figures of a step in, bytes to append to an event file
//! out.
//!
//! The framing is `TFRecord`'s (length, masked CRC-32C of it, data, masked CRC-32C of them; tensorflow's
//! `lib/io/record_writer.h`), the data are `Event` messages (`tensorflow/core/util/event.proto`).
//! The wall time of an event is its step in seconds: a clock would make two equal runs differ.

/// Added after rotating a checksum, so that checksums of checksums stay strong.
const MASK: u32 = 0xa282_ead8;
/// Castagnoli's polynomial, bits reversed.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// The record with which an event file begins.
pub fn header() -> Vec<u8> {
    let mut event = Vec::new();
    bytes_field(&mut event, 3, b"brain.Event:2");
    record(&event)
}

/// One record with the figures of a step.
pub fn scalars(step: usize, figures: &[(&str, f64)]) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in figures {
        let mut entry = Vec::new();
        bytes_field(&mut entry, 1, tag.as_bytes());
        entry.push(2 << 3 | 5);
        entry.extend((*value as f32).to_le_bytes());
        bytes_field(&mut summary, 1, &entry);
    }
    let mut event = wall_time(step);
    event.push(2 << 3);
    varint(&mut event, step as u64);
    bytes_field(&mut event, 5, &summary);
    record(&event)
}

/// Field 1 of an event, a double.
fn wall_time(step: usize) -> Vec<u8> {
    let mut event = vec![1 << 3 | 1];
    event.extend((step as f64).to_le_bytes());
    event
}

/// A field of bytes, text or a message.
fn bytes_field(message: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    message.push(number << 3 | 2);
    varint(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut record = length.to_vec();
    record.extend(masked(&length).to_le_bytes());
    record.extend_from_slice(data);
    record.extend(masked(data).to_le_bytes());
    record
}

fn masked(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(MASK)
}

/// Bit by bit: a step has some hundred bytes.
fn crc32c(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc >>= 1;
            if low == 1 {
                crc ^= POLYNOMIAL;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 3720, appendix B.4.
    #[test]
    fn checksum_equals_the_standard() {
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        let rising: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&rising), 0x46dd_794e);
    }

    /// What `TensorBoard`'s own record writer gives for the same events (`make_events.py`).
    #[test]
    fn bytes_equal_tensorboards_own_writer() {
        let mut bytes = header();
        bytes.extend(scalars(1, &[("loss", 0.5), ("learning_rate", 1e-4)]));
        bytes.extend(scalars(300, &[("probe_auroc", 0.875)]));
        let expected: &[u8] = include_bytes!("../tests/fixtures/events.tfevents");
        assert_eq!(bytes, expected);
    }
}
