#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

#[macro_use]
mod mirror;

pub mod audit;
pub mod course;
pub mod edition;
pub mod event;
pub mod explanation;
pub mod extension;
pub mod feedback;
pub mod figure;
pub mod file;
pub mod health;
pub mod ledger;
pub mod map;
pub mod page;
pub mod phrase;
pub mod problem;
pub mod programme;
pub mod report;
pub mod report_bulk;
pub mod roster;
pub mod session;
pub mod statistics;
pub mod tag;
pub mod target;
pub mod task;
pub mod unit;
pub mod unit_change;
pub mod user;
pub mod view;
pub mod workbench;

pub use figure::{Figure, FigureTree, LatestChange, MetricFigure, Overview, ProjectTile};
pub use page::Page;
pub use problem::{LineError, Problem};
pub use unit::UnitRef;
