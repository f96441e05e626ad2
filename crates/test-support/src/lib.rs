//! A server, actors and databases for tests.

pub mod app;
pub mod contract;
pub mod database;
pub mod process;
pub mod tree;

pub use app::{Answer, Ask, Caller, Fault, TestApp};
