//! Connections of the pools: made, asked whether they live, thrown away when they are broken.

use crate::db::AnyConnection;
use diesel::r2d2::{ConnectionManager, Error, ManageConnection};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A connection that was in use so lately is taken without being asked whether it lives.
const FRESH: Duration = Duration::from_secs(1);

/// A connection of a pool.
pub(crate) struct Pooled {
    pub conn: AnyConnection,
    used: Instant,
    breaks: u64,
}

/// Makes connections. Asking each one before each use would cost a round trip more than the use itself; so one is asked
/// after a pause, and after any other has broken, which happens when the database was started anew.
pub(crate) struct Manager {
    inner: ConnectionManager<AnyConnection>,
    breaks: AtomicU64,
}

impl Manager {
    pub fn new(address: &str) -> Self {
        Self {
            inner: ConnectionManager::new(address),
            breaks: AtomicU64::new(0),
        }
    }
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = Error;

    fn connect(&self) -> Result<Pooled, Error> {
        let breaks = self.breaks.load(Ordering::Acquire);
        Ok(Pooled {
            conn: self.inner.connect()?,
            used: Instant::now(),
            breaks,
        })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Error> {
        let breaks = self.breaks.load(Ordering::Acquire);
        if pooled.breaks != breaks || pooled.used.elapsed() > FRESH {
            self.inner.is_valid(&mut pooled.conn)?;
            pooled.breaks = breaks;
        }
        pooled.used = Instant::now();
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        let broken = self.inner.has_broken(&mut pooled.conn);
        if broken {
            self.breaks.fetch_add(1, Ordering::AcqRel);
        }
        broken
    }
}
