//! What can go wrong at the database.

use thiserror::Error;

/// An error of the storage. It knows nothing of HTTP.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The database could not be reached or opened.
    #[error("cannot open the database {url}: {cause}")]
    Open {
        /// The address without its password.
        url: String,
        /// The cause.
        cause: String,
    },
    /// No connection came free in time.
    #[error("no database connection came free: {0}")]
    Pool(String),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(String),
    /// Two wrote the same unique thing.
    #[error("a unique value exists already: {0}")]
    Duplicate(String),
    /// What stands in the database cannot be read.
    #[error("the stored {what} cannot be read: {cause}")]
    Corrupt {
        /// What it is.
        what: &'static str,
        /// Why.
        cause: String,
    },
    /// A sum does not fit.
    #[error(transparent)]
    Overflow(#[from] zhenxing_domain::figure::Overflow),
    /// Any other failure of a statement.
    #[error("the database refused a statement: {0}")]
    Statement(diesel::result::Error),
}

impl From<diesel::result::Error> for StorageError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                StorageError::Duplicate(info.message().to_owned())
            }
            other => StorageError::Statement(other),
        }
    }
}

impl StorageError {
    /// An unreadable stored thing.
    pub(crate) fn corrupt(what: &'static str, cause: impl std::fmt::Display) -> Self {
        StorageError::Corrupt {
            what,
            cause: cause.to_string(),
        }
    }
}
