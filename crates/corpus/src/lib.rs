//! What is known about recordings: data-set readers, manifests, splits, the clinical vocabulary.
