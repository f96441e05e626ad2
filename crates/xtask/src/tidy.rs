//! The rules of the house.
use crate::process::Done;
/// tidy
pub fn command() -> Done<()> {
    Ok(())
}
