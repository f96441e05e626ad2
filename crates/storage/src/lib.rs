//! Everything that knows the database.

pub mod account;
pub mod audit;
pub mod db;
pub mod demo;
pub mod department;
pub mod derived;
pub mod dialect;
pub mod edition;
pub mod error;
pub mod event;
pub mod extension;
pub mod feedback;
pub mod figure;
pub mod file;
pub mod grant;
pub mod hand_down;
pub mod idempotency;
pub mod leave;
pub mod ledger_tally;
pub mod metric;
pub mod migrate;
pub mod period;
pub mod phrase;
pub mod placement;
mod pool;
pub mod record;
pub mod record_find;
pub mod record_former;
pub mod record_list;
pub mod record_look;
pub mod record_seal;
pub mod record_version;
pub mod report;
pub mod report_grid;
pub mod report_write;
pub mod rollup;
mod scope;
pub mod session;
pub mod sql;
pub mod tag;
pub mod target;
pub mod task;
pub mod task_entry;
pub mod task_request;
pub mod task_tally;
pub mod unit;
pub mod unit_change;
pub mod view;

pub use db::{Conn, Db, Plan};
pub use dialect::Dialect;
pub use error::StorageError;

mod failpoint;

pub use failpoint::Failpoint;
pub(crate) use failpoint::reach;
