//! What is known of the recordings that the reports state, as classification: recordings in;
//! questions, each with the class of every recording, out. The supervised term learns them, and the
//! look at held-out patients after each epoch asks them.
//!
//! They are the tasks of `laennec eval probe` on the recipe's data sets, so that the figure that
//! decides when to stop is the figure of the report, on calibration instead of validation patients.

use laennec_corpus::{DataSet, Located};
use laennec_eval::benchmark::{Design, Selection, Task, tasks};

/// A task with the selections that it is fitted on and judged on.
#[derive(Clone)]
pub(super) struct Question {
    task: Task,
    fit: Selection,
    judge: Selection,
}

/// Class of each recording in each question, by question; none where it takes no part.
pub(super) struct Answers {
    /// As one to learn from.
    pub(super) fitted: Vec<Vec<Option<usize>>>,
    /// As one to be judged.
    pub(super) judged: Vec<Vec<Option<usize>>>,
}

impl Question {
    /// The task's name.
    pub(super) fn name(&self) -> &str {
        &self.task.name
    }

    /// Number of its classes.
    pub(super) fn classes(&self) -> usize {
        self.task.classes.len()
    }

    /// Whether it asks those that it is fitted on: the others ask what carries over to another
    /// database, and are no label to learn.
    pub(super) fn is_label(&self) -> bool {
        self.fit == self.judge
    }
}

/// The questions that recordings of `data_sets` can answer.
pub(super) fn questions(data_sets: &[DataSet]) -> Vec<Question> {
    let within = |selection: &Selection| {
        let mut all = selection.data_sets.iter();
        all.all(|set| data_sets.contains(set))
    };
    tasks()
        .into_iter()
        .filter_map(|task| match task.design {
            Design::Split { fit, judge } if within(&fit) && within(&judge) => {
                Some(Question { task, fit, judge })
            }
            _ => None,
        })
        .collect()
}

/// The answers that `recordings` have.
pub(super) fn answers(questions: &[Question], recordings: &[&Located]) -> Answers {
    let of = |question: &Question, selection: Selection| {
        let class = |located: &&Located| {
            let held = selection.holds(&located.recording);
            held.then(|| (question.task.class_of)(&located.recording))
                .flatten()
        };
        recordings.iter().map(class).collect()
    };
    Answers {
        fitted: questions.iter().map(|q| of(q, q.fit)).collect(),
        judged: questions.iter().map(|q| of(q, q.judge)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_those_of_the_data_sets() {
        let both = questions(&[DataSet::SprSound, DataSet::PhysioNet2016]);
        let lungs = questions(&[DataSet::SprSound]);
        assert!(lungs.len() >= 9 && both.len() > lungs.len());
        assert!(lungs.iter().all(Question::is_label));
        let across = both.iter().filter(|question| !question.is_label());
        assert_eq!(across.count(), 2, "a and e from the others");
        assert!(questions(&[]).is_empty());
    }
}
