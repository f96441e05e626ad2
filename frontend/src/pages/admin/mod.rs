//! 系统管理

pub mod audit;
pub mod periods;
pub mod units;
