//! One recording and a bundle to an analysis: quality, findings, events, report.
