//! In: a smooth function with gradient and a start. Out: its minimum by limited-memory BFGS.
//!
//! Two-loop recursion (Nocedal & Wright 2006, algorithm 7.4) with a bisection line search for the
//! weak Wolfe conditions (Lewis & Overton, Math. Program. 141, 2013).

use std::collections::VecDeque;

use crate::matrix::{add_scaled, dot};

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Largest absolute gradient component at the minimum.
    pub gradient: f64,
    /// Most iterations.
    pub iterations: usize,
}

/// Where the search ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    /// The point.
    pub x: Vec<f64>,
    /// The function there.
    pub value: f64,
    /// Iterations used.
    pub iterations: usize,
    /// Whether the gradient fell below [`Stop::gradient`]. Otherwise the iterations ran out, or
    /// no step along the search direction lowered the function any more (its rounding limit).
    pub converged: bool,
}

const HISTORY: usize = 12;
const SUFFICIENT_DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;

struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    rho: f64,
}

/// Minimises `function`, which receives a point and a gradient buffer to fill, and returns the
/// value.
pub fn minimise(
    start: Vec<f64>,
    stop: Stop,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Minimum {
    let mut x = start;
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(&x, &mut gradient);
    let mut history: VecDeque<Pair> = VecDeque::new();
    for iteration in 0..stop.iterations {
        if largest(&gradient) <= stop.gradient {
            return Minimum {
                x,
                value,
                iterations: iteration,
                converged: true,
            };
        }
        let direction = direction(&gradient, &history);
        let Some(next) = line_search(&x, value, &gradient, &direction, &mut function) else {
            if history.is_empty() {
                return Minimum {
                    x,
                    value,
                    iterations: iteration,
                    converged: false,
                };
            }
            // The curvature model has gone stale: go on from the gradient alone.
            history.clear();
            continue;
        };
        let step: Vec<f64> = next.x.iter().zip(&x).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = next
            .gradient
            .iter()
            .zip(&gradient)
            .map(|(a, b)| a - b)
            .collect();
        let curvature = dot(&step, &change);
        if curvature > f64::EPSILON * dot(&change, &change) {
            if history.len() == HISTORY {
                history.pop_front();
            }
            history.push_back(Pair {
                step,
                change,
                rho: 1.0 / curvature,
            });
        }
        x = next.x;
        gradient = next.gradient;
        value = next.value;
    }
    Minimum {
        converged: largest(&gradient) <= stop.gradient,
        x,
        value,
        iterations: stop.iterations,
    }
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, g| most.max(g.abs()))
}

/// Minus the inverse Hessian's estimate times the gradient.
fn direction(gradient: &[f64], history: &VecDeque<Pair>) -> Vec<f64> {
    let mut q = gradient.to_vec();
    let mut alphas = Vec::with_capacity(history.len());
    for pair in history.iter().rev() {
        let alpha = pair.rho * dot(&pair.step, &q);
        add_scaled(&mut q, -alpha, &pair.change);
        alphas.push(alpha);
    }
    let scale = history.back().map_or_else(
        || 1.0 / dot(gradient, gradient).sqrt().max(1.0),
        |last| 1.0 / (last.rho * dot(&last.change, &last.change)),
    );
    for value in &mut q {
        *value *= scale;
    }
    for (pair, alpha) in history.iter().zip(alphas.into_iter().rev()) {
        let beta = pair.rho * dot(&pair.change, &q);
        add_scaled(&mut q, alpha - beta, &pair.step);
    }
    for value in &mut q {
        *value = -*value;
    }
    q
}

struct Point {
    x: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

fn line_search(
    x: &[f64],
    value: f64,
    gradient: &[f64],
    direction: &[f64],
    function: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<Point> {
    let slope = dot(gradient, direction);
    if slope >= 0.0 {
        return None;
    }
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
    let mut best: Option<Point> = None;
    for _ in 0..50 {
        let mut point = Point {
            x: x.to_vec(),
            value: 0.0,
            gradient: vec![0.0; x.len()],
        };
        add_scaled(&mut point.x, length, direction);
        point.value = function(&point.x, &mut point.gradient);
        let decreased = point.value <= value + SUFFICIENT_DECREASE * length * slope;
        if !decreased {
            high = length;
        } else if dot(&point.gradient, direction) < CURVATURE * slope {
            low = length;
            best = Some(point);
        } else {
            return Some(point);
        }
        length = if high.is_finite() {
            f64::midpoint(low, high)
        } else {
            2.0 * low
        };
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_minimum_of_rosenbrocks_valley() {
        let stop = Stop {
            gradient: 1e-8,
            iterations: 500,
        };
        let minimum = minimise(vec![-1.2, 1.0], stop, |x, g| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            g[0] = -2.0 * a - 400.0 * x[0] * b;
            g[1] = 200.0 * b;
            a * a + 100.0 * b * b
        });
        assert!(minimum.converged);
        assert!((minimum.x[0] - 1.0).abs() < 1e-6 && (minimum.x[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn says_when_the_iterations_ran_out() {
        let stop = Stop {
            gradient: 0.0,
            iterations: 1,
        };
        let minimum = minimise(vec![3.0, -2.0], stop, |x, g| {
            g[0] = 2.0 * x[0];
            g[1] = 20.0 * x[1];
            x[0] * x[0] + 10.0 * x[1] * x[1]
        });
        assert!(!minimum.converged && minimum.value < 49.0);
    }
}
