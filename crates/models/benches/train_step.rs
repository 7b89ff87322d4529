//! CPU time of mn04: inference on one clip of 10 s and a training step on a batch of 24 recordings of
//! 9.2 s, with random weights and inputs. Run with `RAYON_NUM_THREADS=1` for figures per core; the
//! first argument is the number of steps (default 3).
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Distribution, Tensor};
use laennec_models::mobilenet::{MobileNetV3, Mode};

const BATCH: usize = 24;

/// CPU seconds used by this process so far; wall time where /proc is missing.
fn cpu_seconds(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| {
            let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
            let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
            // User and system time, in hundredths of a second.
            Some((ticks(11)? + ticks(12)?) / 100.0)
        })
        .unwrap_or_else(|| start.elapsed().as_secs_f64())
}

/// Runs `work` once to warm up, then `times` times; gives CPU milliseconds per run.
fn milliseconds(start: Instant, times: usize, mut work: impl FnMut()) -> f64 {
    work();
    let before = cpu_seconds(start);
    (0..times).for_each(|_| work());
    (cpu_seconds(start) - before) * 1e3 / times as f64
}

fn main() {
    let start = Instant::now();
    let steps = std::env::args()
        .nth(1)
        .and_then(|argument| argument.parse().ok())
        .unwrap_or(3);
    let device = Device::flex();
    let clip = Tensor::random([1, 1, 128, 1000], Distribution::Normal(0.0, 1.0), &device);
    let model = MobileNetV3::init(1, &device);
    let inference = milliseconds(start, 20 * steps, || {
        let map = model.feature_map(clip.clone(), Mode::Infer);
        let (logits, _) = model.classify(map);
        assert!(logits.sum().into_scalar::<f32>().is_finite());
    });
    println!("inference, 1 x 128 x 1000: {inference:.1} ms");

    let batch: Tensor<4> = Tensor::random(
        [BATCH, 1, 128, 920],
        Distribution::Normal(0.0, 1.0),
        &device,
    );
    let forward = milliseconds(start, steps, || {
        let map = model.feature_map(batch.clone(), Mode::Train);
        assert!(map.sum().into_scalar::<f32>().is_finite());
    });
    let per_sample = forward / BATCH as f64;
    println!("training forward, {BATCH} x 128 x 920: {per_sample:.1} ms per sample");

    let model = model.train();
    let batch = Tensor::from_inner(batch);
    let step = milliseconds(start, steps, || {
        let map = model.feature_map(batch.clone(), Mode::Train);
        let grads = map.powi_scalar(2).mean().backward();
        drop(grads);
    });
    let per_sample = step / BATCH as f64;
    println!("training forward and backward, {BATCH} x 128 x 920: {per_sample:.1} ms per sample");

    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory: {}", peak.trim_start_matches("VmHWM:").trim());
    }
}
