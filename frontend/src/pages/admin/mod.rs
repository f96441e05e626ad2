//! 系统管理

pub mod audit;
pub mod people;
pub mod periods;
pub mod programme;
pub mod tags;
pub mod units;
