#![doc = include_str!("../README.md")]

pub mod app;
pub mod clock;
pub mod commands;
mod demo;
pub mod files;
pub mod http;
pub mod jobs;
pub mod map;
pub mod package;
mod personal;
pub mod readings;
pub mod settings;
pub mod sheet;
pub mod store;

pub use app::App;
pub use settings::Settings;
