//! Buffers for results, used again: a training step makes and drops hundreds of megabytes, which the
//! system would otherwise clear and map page by page each time. Lengths in, buffers out; dropped
//! tensors in again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

/// Shorter buffers are left to the allocator, which keeps them at hand itself.
const SMALLEST: usize = 16_384;
/// Free buffers kept, in f32 (1.5 GiB): the activations of a batch of 24 recordings fit.
const KEPT: usize = 384 << 20;

/// Free buffers, by capacity.
struct Pool {
    free: Vec<Vec<f32>>,
    total: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    free: Vec::new(),
    total: 0,
});

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    /// The smallest free buffer that holds `length` and is at most a quarter too large.
    fn take(&mut self, length: usize) -> Option<Vec<f32>> {
        let index = self
            .free
            .partition_point(|buffer| buffer.capacity() < length);
        let found = self.free.get(index)?;
        if found.capacity() / 5 > length / 4 {
            return None;
        }
        let buffer = self.free.remove(index);
        self.total -= buffer.capacity();
        Some(buffer)
    }

    /// Keeps `buffer`; the smallest buffers make room where there is too much.
    fn put(&mut self, buffer: Vec<f32>) {
        let index = self
            .free
            .partition_point(|free| free.capacity() < buffer.capacity());
        self.total += buffer.capacity();
        self.free.insert(index, buffer);
        while self.total > KEPT {
            self.total -= self.free.remove(0).capacity();
        }
    }
}

/// A buffer of `length` values, whose content is whatever was there before.
pub(crate) fn take(length: usize) -> Vec<f32> {
    if length < SMALLEST {
        return vec![0.0; length];
    }
    let found = pool().take(length);
    match found {
        Some(mut buffer) => {
            buffer.resize(length, 0.0);
            buffer
        }
        None => vec![0.0; length],
    }
}

/// A tensor of `shape` over `values`.
pub(crate) fn tensor(shape: Shape, values: Vec<f32>) -> FlexTensor {
    FlexTensor::new(
        Bytes::from_elems(values),
        Layout::contiguous(shape),
        DType::F32,
    )
}

/// Takes the buffer of a tensor that nobody else holds; other tensors are just dropped.
pub(crate) fn recycle(tensor: FlexTensor) {
    let whole = tensor.layout().num_elements() * size_of::<f32>() == tensor.bytes().len();
    if !whole || !tensor.is_unique() || !tensor.is_contiguous() || tensor.dtype() != DType::F32 {
        return;
    }
    // Fails for buffers that were not allocated as f32; they are dropped.
    if let Ok(buffer) = tensor.into_data().into_bytes().try_into_vec::<f32>()
        && buffer.capacity() >= SMALLEST
    {
        pool().put(buffer);
    }
}
