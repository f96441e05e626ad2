#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod audit;
pub mod course;
pub mod delegation;
pub mod extension;
pub mod feedback;
pub mod figure;
pub mod file;
pub mod identity;
pub mod ids;
pub mod package;
pub mod password;
pub mod period;
pub mod policy;
pub mod record;
pub mod report;
pub mod target;
pub mod task;
pub mod unit;
pub mod unit_change;
pub mod view;
