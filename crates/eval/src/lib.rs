//! Metrics with confidence intervals, probes, benchmarks, figures.
