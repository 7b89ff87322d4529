//! Objectives, the optimisation loop, checkpoints.
