//! In: start and end. Out: an interval of time and how it overlaps others.

/// An interval in s, end after start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Start, in s.
    pub start_s: f64,
    /// End, in s.
    pub end_s: f64,
}

impl Span {
    /// Duration, in s; 0 where the end is not after the start.
    pub fn seconds(self) -> f64 {
        (self.end_s - self.start_s).max(0.0)
    }

    /// Common time of the two, in s.
    pub fn overlap(self, other: Self) -> f64 {
        (self.end_s.min(other.end_s) - self.start_s.max(other.start_s)).max(0.0)
    }

    /// Intersection over union, in [0, 1]; 0 where they do not overlap.
    pub fn iou(self, other: Self) -> f64 {
        let common = self.overlap(other);
        if common > 0.0 {
            common / (self.seconds() + other.seconds() - common)
        } else {
            0.0
        }
    }

    /// Share of this interval that the union of `others` covers, in [0, 1].
    pub fn covered_by(self, others: &[Self]) -> f64 {
        let mut clipped: Vec<(f64, f64)> = others
            .iter()
            .filter(|other| self.overlap(**other) > 0.0)
            .map(|other| (other.start_s.max(self.start_s), other.end_s.min(self.end_s)))
            .collect();
        clipped.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut covered, mut reached) = (0.0, self.start_s);
        for (start, end) in clipped {
            covered += (end - start.max(reached)).max(0.0);
            reached = reached.max(end);
        }
        if self.seconds() > 0.0 {
            covered / self.seconds()
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start_s: f64, end_s: f64) -> Span {
        Span { start_s, end_s }
    }

    #[test]
    fn overlapping_annotations_are_not_counted_twice() {
        let event = span(1.0, 3.0);
        let covered = event.covered_by(&[span(0.0, 1.5), span(1.2, 2.0), span(2.8, 9.0)]);
        assert!((covered - 0.6).abs() < 1e-12);
        assert_eq!(event.covered_by(&[span(3.0, 4.0)]), 0.0);
    }

    #[test]
    fn half_of_each_is_a_third_of_both() {
        assert!((span(0.0, 2.0).iou(span(1.0, 3.0)) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(span(0.0, 1.0).iou(span(1.0, 2.0)), 0.0);
    }
}
