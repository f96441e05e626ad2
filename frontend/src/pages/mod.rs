//! The pages.

pub mod entry;
pub mod overview;
pub mod reports;
pub mod review;
pub mod sign_in;
pub mod workbench;
