//! Fused CPU operations for Burn, each beside a slow reference.
