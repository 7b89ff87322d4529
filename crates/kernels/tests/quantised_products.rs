//! Quantised products against the same products of dequantised numbers in `f64`, with each set of
//! instructions.

use laennec_kernels::quant::{Activations, BLOCK, Format, Instructions, Matrix};

/// Deterministic numbers that look random (a multiplicative congruential generator).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn unit(&mut self) -> f32 {
        (self.next() % 20_001) as f32 / 10_000.0 - 1.0
    }
}

/// Blocks of a tensor and the weights they stand for.
fn weights(format: Format, rows: usize, columns: usize) -> (Vec<u8>, Vec<f64>) {
    let mut numbers = Numbers(17);
    let (mut bytes, mut values) = (Vec::new(), Vec::new());
    let half = |value: f32| half::f16::from_f32(value);
    for _ in 0..rows * columns / BLOCK {
        let scale = half(numbers.unit() * 0.05);
        bytes.extend(scale.to_le_bytes());
        match format {
            Format::Q8_0 => {
                // All bytes occur, also -128, which a proper writer does not use.
                let quants: Vec<u8> = (0..BLOCK).map(|_| numbers.next() as u8).collect();
                values.extend(quants.iter().map(|q| scale.to_f64() * f64::from(*q as i8)));
                bytes.extend(quants);
            }
            Format::Q4_1 => {
                let minimum = half(numbers.unit() * 0.4);
                bytes.extend(minimum.to_le_bytes());
                let quants: Vec<u8> = (0..BLOCK / 2).map(|_| numbers.next() as u8).collect();
                let value = |q: u8| scale.to_f64() * f64::from(q) + minimum.to_f64();
                values.extend(quants.iter().map(|q| value(q & 15)));
                values.extend(quants.iter().map(|q| value(q >> 4)));
                bytes.extend(quants);
            }
        }
    }
    (bytes, values)
}

/// `x` rounded to 8 bits in blocks, as the products see it.
fn rounded(x: &[f32]) -> Vec<f64> {
    let round = |block: &[f32]| {
        let scale = f64::from(block.iter().fold(0.0f32, |m, x| m.max(x.abs())) / 127.0);
        block
            .iter()
            .map(|x| (f64::from(*x) / scale).round_ties_even() * scale)
            .collect::<Vec<_>>()
    };
    x.chunks(BLOCK).flat_map(round).collect()
}

#[test]
fn products_equal_those_of_the_dequantised_numbers() {
    let available = Instructions::available();
    eprintln!("instructions: {available:?}");
    assert_eq!(available.first(), Some(&Instructions::best()));
    assert!(available.contains(&Instructions::Portable));
    let mut numbers = Numbers(4);
    for format in [Format::Q4_1, Format::Q8_0] {
        // Whole groups and not; one row, a tile of four, and both; one product large enough for
        // threads.
        for (rows, columns, n) in [
            (16, 32, 1),
            (37, 96, 5),
            (64, 576, 4),
            (5, 64, 9),
            (640, 576, 4),
        ] {
            let (bytes, values) = weights(format, rows, columns);
            let matrix = Matrix::new(&bytes, rows, columns, format).unwrap();
            assert_eq!(
                (matrix.rows(), matrix.columns(), matrix.format()),
                (rows, columns, format)
            );
            let x: Vec<f32> = (0..n * columns).map(|_| numbers.unit() * 3.0).collect();
            let activations = Activations::quantise(&x, columns);
            let seen = rounded(&x);
            for instructions in &available {
                let found = matrix.product_with(&activations, *instructions);
                assert_eq!(found.len(), n * rows);
                for (at, found) in found.iter().enumerate() {
                    let (x, w) = (
                        &seen[at / rows * columns..][..columns],
                        &values[at % rows * columns..][..columns],
                    );
                    let expected: f64 = x.iter().zip(w).map(|(x, w)| x * w).sum();
                    let size: f64 = x.iter().zip(w).map(|(x, w)| (x * w).abs()).sum();
                    let error = (f64::from(*found) - expected).abs();
                    assert!(
                        error < 2e-5 * size,
                        "{format:?} {instructions:?} {rows}x{columns}: {found} {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn rows_come_back_as_they_were() {
    for format in [Format::Q4_1, Format::Q8_0] {
        let (bytes, values) = weights(format, 19, 64);
        let matrix = Matrix::new(&bytes, 19, 64, format).unwrap();
        for row in 0..19 {
            for (found, expected) in matrix.row(row).iter().zip(&values[row * 64..]) {
                assert!(
                    (f64::from(*found) - expected).abs() < 1e-6,
                    "{found} {expected}"
                );
            }
        }
    }
}

#[test]
fn bytes_that_do_not_fit_the_shape_are_refused() {
    let (bytes, _) = weights(Format::Q4_1, 4, 64);
    assert!(Matrix::new(&bytes, 4, 64, Format::Q4_1).is_some());
    assert!(Matrix::new(&bytes, 5, 64, Format::Q4_1).is_none());
    assert!(Matrix::new(&bytes, 4, 63, Format::Q4_1).is_none());
    assert!(Matrix::new(&bytes, 4, 64, Format::Q8_0).is_none());
    assert!(Matrix::new(&bytes, usize::MAX, 64, Format::Q4_1).is_none());
    assert!(Matrix::new(&[], 4, 0, Format::Q4_1).is_none());
}
