//! Stop strings in a stream: in come pieces of text, out goes the text that can no longer be part
//! of a stop string.

/// Looks for stop strings across the borders of pieces.
#[derive(Debug, Clone)]
pub struct StopStrings {
    stops: Vec<String>,
    held: String,
}

impl StopStrings {
    /// Looks for any of `stops`; empty ones are left out.
    pub fn new(stops: &[String]) -> Self {
        Self {
            stops: stops
                .iter()
                .filter(|stop| !stop.is_empty())
                .cloned()
                .collect(),
            held: String::new(),
        }
    }

    /// Takes a piece; gives the text that is safe to show, and the stop string where one is
    /// complete (the earliest). After that nothing more should be pushed.
    pub fn push(&mut self, piece: &str) -> (String, Option<String>) {
        self.held.push_str(piece);
        let found = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop).map(|at| (at, stop)));
        // Where two begin at the same place the longer one is meant.
        if let Some((at, stop)) = found.min_by_key(|(at, stop)| (*at, usize::MAX - stop.len())) {
            let (text, stop) = (self.held[..at].to_owned(), stop.clone());
            self.held.clear();
            return (text, Some(stop));
        }
        let held = self
            .stops
            .iter()
            .map(|stop| overlap(&self.held, stop))
            .max()
            .unwrap_or(0);
        let kept = self.held.split_off(self.held.len() - held);
        (std::mem::replace(&mut self.held, kept), None)
    }

    /// Ends the stream: the text that was held back.
    pub fn finish(self) -> String {
        self.held
    }
}

/// Bytes at the end of `text` that are a beginning of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let beginnings = stop.char_indices().map(|(at, _)| at).rev();
    beginnings
        .filter(|at| *at > 0)
        .find(|at| text.ends_with(&stop[..*at]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(stops: &[&str], pieces: &[&str]) -> (Vec<String>, Option<String>, String) {
        let stops: Vec<String> = stops.iter().map(|&stop| stop.to_owned()).collect();
        let mut strings = StopStrings::new(&stops);
        let mut shown = Vec::new();
        for piece in pieces {
            let (text, found) = strings.push(piece);
            shown.push(text);
            if found.is_some() {
                return (shown, found, strings.finish());
            }
        }
        (shown, None, strings.finish())
    }

    #[test]
    fn a_stop_string_may_span_pieces() {
        let (shown, found, held) = run(&["END", "\n\n"], &["a E", "N", "Q\n", "x E", "ND z"]);
        assert_eq!(shown, ["a ", "", "ENQ", "\nx ", ""]);
        assert_eq!(found.as_deref(), Some("END"));
        assert_eq!(held, "");
    }

    #[test]
    fn what_is_held_back_comes_out_at_the_end() {
        assert_eq!(
            run(&["stop→now"], &["x stop→"]),
            (vec!["x ".to_owned()], None, "stop→".to_owned())
        );
    }

    #[test]
    fn the_earliest_wins_and_empty_ones_are_ignored() {
        let (shown, found, _) = run(&["", "c", "bc"], &["abcd"]);
        assert_eq!((shown[0].as_str(), found.as_deref()), ("a", Some("bc")));
    }
}
