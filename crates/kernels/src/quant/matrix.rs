//! A quantised weight matrix: in come the blocks of a GGUF tensor, out come products with
//! activations.

use half::f16;
use rayon::prelude::*;

use super::{Activations, BLOCK, GROUP, Group, Instructions, Line, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};

/// How the weights are stored in a GGUF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Per 32 weights a half-float scale, a half-float minimum, and 16 bytes of 4-bit numbers: `w =
    /// scale · q + minimum`.
    Q4_1,
    /// Per 32 weights a half-float scale and 32 signed bytes: `w = scale · q`.
    Q8_0,
}

impl Format {
    /// Bytes of the half floats before the numbers of a block.
    fn head(self) -> usize {
        match self {
            Self::Q4_1 => 4,
            Self::Q8_0 => 2,
        }
    }

    /// Bytes of the numbers of a block.
    fn body(self) -> usize {
        match self {
            Self::Q4_1 => BLOCK / 2,
            Self::Q8_0 => BLOCK,
        }
    }

    /// Bytes of one block.
    pub fn block_bytes(self) -> usize {
        self.head() + self.body()
    }

    /// Half floats for a block of each row of a group.
    pub(super) fn group_scales(self) -> usize {
        self.head() / 2 * GROUP
    }

    /// Lines for a block of each row of a group.
    pub(super) fn group_lines(self) -> usize {
        self.body() * GROUP / 64
    }
}

/// A weight matrix `[rows, columns]` that stays quantised. Sixteen rows are interleaved, so that
/// the lanes of a vector register belong to different rows and no sums across lanes are needed.
#[derive(Clone)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    format: Format,
    scales: Vec<u16>,
    quants: Vec<Line>,
}

impl std::fmt::Debug for Matrix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Matrix({} x {}, {:?})",
            self.rows, self.columns, self.format
        )
    }
}

/// Products with fewer multiplications than this stay on one thread.
const PARALLEL: usize = 1 << 20;

impl Matrix {
    /// Takes over the blocks of a tensor, row-major; `None` where their number does not fit the
    /// shape.
    pub fn new(bytes: &[u8], rows: usize, columns: usize, format: Format) -> Option<Self> {
        let blocks = columns / BLOCK;
        let row_bytes = blocks * format.block_bytes();
        if !columns.is_multiple_of(BLOCK)
            || blocks == 0
            || bytes.len() != rows.checked_mul(row_bytes)?
        {
            return None;
        }
        let groups = rows.div_ceil(GROUP);
        let mut scales = vec![0; groups * blocks * format.group_scales()];
        let mut quants = vec![Line([0; 64]); groups * blocks * format.group_lines()];
        for (row, bytes) in bytes.chunks_exact(row_bytes).enumerate() {
            let (group, lane) = (row / GROUP, row % GROUP);
            for (block, bytes) in bytes.chunks_exact(format.block_bytes()).enumerate() {
                let (head, body) = bytes.split_at(format.head());
                let at = group * blocks + block;
                for (part, half) in head.chunks_exact(2).enumerate() {
                    let scale = &mut scales[at * format.group_scales() + part * GROUP + lane];
                    *scale = u16::from_le_bytes([half[0], half[1]]);
                }
                for (line, word) in body.chunks_exact(4).enumerate() {
                    quants[at * format.group_lines() + line].0[lane * 4..][..4]
                        .copy_from_slice(word);
                }
            }
        }
        Some(Self {
            rows,
            columns,
            format,
            scales,
            quants,
        })
    }

    /// Rounds `f32` weights, row-major, to `Q8_0`: the largest magnitude of a block becomes 127.
    /// `None` where the number of weights does not fit the shape or a row is not whole blocks.
    pub fn quantise(weights: &[f32], rows: usize, columns: usize) -> Option<Self> {
        let mut bytes = Vec::with_capacity(weights.len() / BLOCK * Format::Q8_0.block_bytes());
        for block in weights.chunks_exact(BLOCK) {
            let largest = block.iter().fold(0.0f32, |largest, w| largest.max(w.abs()));
            let scale = f16::from_f32(largest / 127.0);
            let inverse = if scale.to_f32() > 0.0 {
                1.0 / scale.to_f32()
            } else {
                0.0
            };
            bytes.extend(scale.to_le_bytes());
            bytes.extend(
                block
                    .iter()
                    .map(|w| (w * inverse).round_ties_even() as i8 as u8),
            );
        }
        Self::new(&bytes, rows, columns, Format::Q8_0).filter(|_| weights.len() == rows * columns)
    }

    /// Number of rows (outputs).
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns (inputs).
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How the weights are stored.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Bytes of memory that the weights take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.scales.as_slice()) + size_of_val(self.quants.as_slice())
    }

    /// The weights of one row as `f32`.
    ///
    /// # Panics
    /// Where there is no such row.
    pub fn row(&self, row: usize) -> Vec<f32> {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        let (group, lane) = (self.group(row / GROUP), row % GROUP);
        let mut values = Vec::with_capacity(self.columns);
        let heads = group.scales.chunks_exact(self.format.group_scales());
        for (head, lines) in heads.zip(group.quants.chunks_exact(self.format.group_lines())) {
            let scale = f16::from_bits(head[lane]).to_f32();
            let bytes = lines.iter().flat_map(|line| &line.0[lane * 4..][..4]);
            match self.format {
                Format::Q8_0 => values.extend(bytes.map(|q| scale * f32::from(*q as i8))),
                Format::Q4_1 => {
                    let minimum = f16::from_bits(head[GROUP + lane]).to_f32();
                    values.extend(bytes.clone().map(|q| scale * f32::from(q & 15) + minimum));
                    values.extend(bytes.map(|q| scale * f32::from(q >> 4) + minimum));
                }
            }
        }
        values
    }

    fn group(&self, group: usize) -> Group<'_> {
        let blocks = self.columns / BLOCK;
        let (scales, lines) = (
            blocks * self.format.group_scales(),
            blocks * self.format.group_lines(),
        );
        Group {
            scales: &self.scales[group * scales..][..scales],
            quants: &self.quants[group * lines..][..lines],
        }
    }

    /// `x Wᵀ` for activations `[n, columns]`: row-major `[n, rows]`.
    ///
    /// # Panics
    /// Where the activations have another number of columns.
    pub fn product(&self, x: &Activations) -> Vec<f32> {
        self.product_with(x, Instructions::best())
    }

    /// [`Self::product`] with given instructions.
    ///
    /// # Panics
    /// Where the activations have another number of columns, or the machine does not have the
    /// instructions.
    pub fn product_with(&self, x: &Activations, instructions: Instructions) -> Vec<f32> {
        assert_eq!(
            x.columns(),
            self.columns,
            "columns of activations and weights"
        );
        assert!(
            instructions.present(),
            "{instructions:?} is not available on this machine"
        );
        let n = x.rows();
        // Group after group, each [n, 16]: a group's weights stay in the nearest cache for all rows
        // of activations.
        let mut grouped = vec![0.0; self.rows.div_ceil(GROUP) * n * GROUP];
        let one = |(group, out): (usize, &mut [f32])| {
            self.group_product(&self.group(group), x, out, instructions);
        };
        if n > 0 && self.rows * self.columns * n >= PARALLEL {
            grouped
                .par_chunks_exact_mut(n * GROUP)
                .enumerate()
                .with_min_len(8)
                .for_each(one);
        } else if n > 0 {
            grouped
                .chunks_exact_mut(n * GROUP)
                .enumerate()
                .for_each(one);
        }
        if n == 1 {
            grouped.truncate(self.rows);
            return grouped;
        }
        let mut out = vec![0.0; n * self.rows];
        for (row, out) in out.chunks_exact_mut(self.rows).enumerate() {
            for (group, out) in out.chunks_mut(GROUP).enumerate() {
                let from = (group * n + row) * GROUP;
                out.copy_from_slice(&grouped[from..from + out.len()]);
            }
        }
        out
    }

    /// One group with all rows of activations, `[n, 16]`; four rows at a time, so that weights are
    /// unpacked once for them.
    fn group_product(
        &self,
        group: &Group<'_>,
        x: &Activations,
        out: &mut [f32],
        instructions: Instructions,
    ) {
        let mut row = 0;
        for out in out.chunks_mut(4 * GROUP) {
            if let Ok(out) = <&mut [f32; 4 * GROUP]>::try_from(&mut *out) {
                self.tile::<4>(
                    group,
                    x,
                    row,
                    out.as_chunks_mut().0.try_into().expect("four rows"),
                    instructions,
                );
                row += 4;
            } else {
                for out in out.as_chunks_mut().0 {
                    self.tile::<1>(group, x, row, std::array::from_mut(out), instructions);
                    row += 1;
                }
            }
        }
    }

    fn tile<const N: usize>(
        &self,
        group: &Group<'_>,
        x: &Activations,
        row: usize,
        out: &mut [[f32; GROUP]; N],
        instructions: Instructions,
    ) {
        match (instructions, self.format) {
            // SAFETY: `product_with` has checked that the machine has the instructions.
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512Vnni, Format::Q4_1) => unsafe { avx512::q4_1(group, x, row, out) },
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512Vnni, Format::Q8_0) => unsafe { avx512::q8_0(group, x, row, out) },
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx2, Format::Q4_1) => unsafe { avx2::q4_1(group, x, row, out) },
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx2, Format::Q8_0) => unsafe { avx2::q8_0(group, x, row, out) },
            (_, Format::Q4_1) => portable::q4_1(group, x, row, out),
            (_, Format::Q8_0) => portable::q8_0(group, x, row, out),
        }
    }
}
