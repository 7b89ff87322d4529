//! Bytes to samples to features: decoding, resampling, log-mel, signal measures, augmentation.
