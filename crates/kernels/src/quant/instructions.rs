//! Which instructions the products use.

/// A set of instructions with its own kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    /// AVX-512 with VNNI: 64 products of bytes in one instruction.
    Avx512Vnni,
    /// AVX2 with FMA and F16C.
    Avx2,
    /// Plain Rust.
    Portable,
}

impl Instructions {
    /// All sets that this machine has, the fastest first.
    pub fn available() -> Vec<Self> {
        let all = [Self::Avx512Vnni, Self::Avx2, Self::Portable];
        all.into_iter().filter(|set| set.present()).collect()
    }

    /// The fastest set that this machine has.
    pub fn best() -> Self {
        if Self::Avx512Vnni.present() {
            Self::Avx512Vnni
        } else if Self::Avx2.present() {
            Self::Avx2
        } else {
            Self::Portable
        }
    }

    /// Whether this machine has the set.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn present(self) -> bool {
        match self {
            Self::Avx512Vnni => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vnni")
            }
            Self::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("f16c")
            }
            Self::Portable => true,
        }
    }

    /// Whether this machine has the set.
    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn present(self) -> bool {
        self == Self::Portable
    }
}
