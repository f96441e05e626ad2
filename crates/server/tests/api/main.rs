//! The API over HTTP, on the database that the environment names. Every answer is checked against the description.

mod access;
mod crash;
mod faults;
mod figures;
mod import;
mod session;
mod settings;
mod size;
mod steps;
mod story;
