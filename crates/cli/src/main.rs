//! The program: the command line comes in, an exit code (see [`exit`]) goes out. Each subcommand
//! is one file, which reads its arguments, calls the crates and prints.
#![forbid(unsafe_code)]

mod analyze;
mod arguments;
mod corpus;
mod ear;
mod eval;
mod exit;
mod generator;
mod models;
mod output;
mod recordings;
mod render;
mod reword_rate;
mod train;
mod voters;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;
use exit::{Exit, Failure};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The panic's own message is on the terminal already; the exit code says that it is our fault.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&arguments)));
    match outcome {
        Ok(Ok(())) => Exit::Success.into(),
        Ok(Err(failure)) => {
            failure.report();
            failure.exit.into()
        }
        Err(_) => Exit::Internal.into(),
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Analyze(analyze) => analyze::run(analyze, &arguments.folders),
        Command::Corpus(corpus) => corpus::run(corpus, &arguments.folders),
        Command::Eval(eval) => eval::run(eval, &arguments.folders),
        Command::Models(models) => models::run(models, &arguments.folders),
        Command::RewordRate(rate) => reword_rate::run(rate, &arguments.folders),
        Command::Train(train) => train::run(train, &arguments.folders),
    }
}
