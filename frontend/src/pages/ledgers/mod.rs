//! 工作台账: the list of ledgers; one ledger with its records; one record beside it; the form in which it is entered and
//! changed; many of them from a sheet. All of it is drawn from the ledger's definition.

mod acts;
mod all;
mod checks;
mod edit;
mod file;
mod filters;
mod form;
mod history;
mod input;
mod kept;
mod one;
mod panel;
mod reference;
mod replace;
mod roster;
mod roster_columns;
mod roster_found;
mod rows;
mod sheet;
mod shown;

#[cfg(test)]
mod tests;

pub use all::Ledgers;
pub use edit::{EditRecord, NewRecord};
pub use one::LedgerPage;
pub use roster::ImportRecords;
