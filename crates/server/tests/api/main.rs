//! The API over HTTP, on the database that the environment names. Every answer is checked against the description.

mod access;
mod audit;
mod bodies;
mod bulk;
mod crash;
mod faults;
mod figures;
mod forms;
mod import;
mod migrations;
mod plans;
mod privacy;
mod samples;
mod samples_audit;
mod samples_users;
mod samples_workflow;
mod session;
mod settings;
mod size;
mod steps;
mod story;
mod table;
mod users;
