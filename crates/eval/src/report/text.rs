//! In: figures that may be undefined. Out: the words for them in a report's tables.

use crate::intervals::{Estimate, GroupKind};
use crate::metrics::Undefined;

/// Stands where something was not measured.
pub(crate) const NONE: &str = "–";

/// Value and interval, or why there is none.
pub(crate) fn shown(estimate: &Result<Estimate, Undefined>) -> String {
    match estimate {
        Ok(estimate) => format!("{estimate:#}"),
        Err(reason) => format!("undefined: {reason}"),
    }
}

/// `443 / 50`: observations and the groups they come from; `134` where each is its own group.
pub(crate) fn counts(estimate: &Result<Estimate, Undefined>) -> String {
    match estimate {
        Ok(estimate) if estimate.kind == GroupKind::Recordings => estimate.n.to_string(),
        Ok(estimate) => format!("{} / {}", estimate.n, estimate.groups),
        Err(_) => NONE.to_owned(),
    }
}

/// Paragraphs and tables, each set apart by an empty line; empty ones are left out.
pub(crate) fn joined<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> String {
    let mut text = String::new();
    for part in parts {
        let part = part.as_ref().trim_end();
        if part.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(part);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intervals::wilson;

    #[test]
    fn what_is_undefined_says_why() {
        let defined = wilson(9, 10);
        assert_eq!(shown(&defined), "0.900 [0.596, 0.982]");
        assert_eq!(counts(&defined), "10");
        let by_patient = defined.map(|estimate| Estimate {
            groups: 4,
            kind: GroupKind::Patients,
            ..estimate
        });
        assert_eq!(counts(&by_patient), "10 / 4");
        let undefined = Err(Undefined::NoneOf("positive"));
        assert_eq!(shown(&undefined), "undefined: no observation is positive");
        assert_eq!(counts(&undefined), NONE);
        assert_eq!(joined(["a\n", "", "b"]), "a\n\nb\n");
    }
}
