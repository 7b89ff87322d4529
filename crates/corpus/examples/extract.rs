//! Shows what is extracted from each line of standard input:
//! `echo "No wheeze, fine crackles at both bases." | cargo run -q -p laennec-corpus --example extract`
#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use laennec_corpus::extract;

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lines() {
        let line = line?;
        println!("{line}");
        for said in extract(&line) {
            let site = said
                .site
                .map(|site| format!(" at {site}"))
                .unwrap_or_default();
            println!(
                "    {} {}{site}: {:?}",
                said.finding, said.presence, &line[said.span]
            );
        }
    }
    Ok(())
}
