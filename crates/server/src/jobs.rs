//! What runs beside the requests: the fold of figures, the numbering of events, periods that open, things that age.

use crate::app::{App, AppResult};
use actix_web::web;
use chrono::Days;
use std::sync::Arc;
use std::time::Duration;
use zhenxing_storage::{
    Db, derived, event, figure, idempotency, ledger_tally, session, task_tally,
};

const BATCH: i64 = 2_000;
const HOUR: i64 = 3_600_000_000;

/// Whether anything waits for the jobs; cheap, and without the writer.
///
/// # Errors
/// What the database says.
pub fn anything_waits(db: &Db) -> AppResult<bool> {
    db.read(|conn| {
        Ok(figure::oldest_queued(conn)?.is_some()
            || event::any_unnumbered(conn)?
            || task_tally::any_queued(conn)?
            || derived::any_queued(conn)?
            || ledger_tally::any_queued(conn)?)
    })
}

impl App {
    /// Folds until the queue is empty; returns how many rows it took.
    ///
    /// # Errors
    /// What the database says.
    pub fn fold_all(&self) -> AppResult<usize> {
        let mut total = 0;
        loop {
            let taken = self
                .db
                .write(|conn| figure::fold(conn, &self.shapes, BATCH))?;
            if taken == 0 {
                return Ok(total);
            }
            total += taken;
        }
    }

    /// Counts tasks until nothing waits to be counted; returns how many rows it took.
    ///
    /// # Errors
    /// What the database says.
    pub fn count_tasks(&self) -> AppResult<usize> {
        let today = self.clock.today();
        let mut total = 0;
        loop {
            let taken = self.db.write(|conn| task_tally::fold(conn, BATCH, today))?;
            if taken == 0 {
                return Ok(total);
            }
            total += taken;
        }
    }

    /// Counts records until nothing waits to be counted; returns how many rows it took.
    ///
    /// # Errors
    /// What the database says.
    pub fn count_records(&self) -> AppResult<usize> {
        let today = self.clock.today();
        let mut total = 0;
        loop {
            let taken = self
                .db
                .write(|conn| ledger_tally::fold(conn, BATCH, today))?;
            if taken == 0 {
                return Ok(total);
            }
            total += taken;
        }
    }

    /// Numbers every committed event.
    ///
    /// # Errors
    /// What the database says.
    pub fn number_events(&self) -> AppResult<usize> {
        let mut total = 0;
        loop {
            let taken = self.db.write(|conn| event::number(conn, 1_000))?;
            if taken == 0 {
                return Ok(total);
            }
            total += taken;
        }
    }

    fn work_once(&self) -> AppResult<()> {
        if anything_waits(&self.db)? {
            self.number_events()?;
            self.derive_all()?;
            self.fold_all()?;
            self.count_tasks()?;
            self.count_records()?;
        }
        self.flush_audit()?;
        self.seal_audit()?;
        Ok(())
    }

    fn tidy(&self) -> AppResult<()> {
        self.open_periods()?;
        self.open_derived()?;
        self.settle_mergers()?;
        self.do_transfers()?;
        self.purge_audit()?;
        let now = self.clock.now();
        self.sweep_files(now - 24 * HOUR)?;
        let today = self.clock.today();
        let before = today.checked_sub_days(Days::new(2)).unwrap_or(today);
        self.db.write(|conn| {
            task_tally::queue_placed(conn, before, today)?;
            idempotency::purge(conn, now - 48 * HOUR)?;
            session::purge_refresh_tokens(conn, now - 24 * HOUR)?;
            session::purge_failures(conn, now - 24 * HOUR)?;
            Ok(())
        })
    }
}

/// Runs the jobs until the server ends. A failure is logged and the work tried again.
pub async fn run(app: Arc<App>) {
    let mut ticks: u64 = 0;
    loop {
        let working = Arc::clone(&app);
        let hourly = ticks.is_multiple_of(18_000);
        let done = web::block(move || {
            if hourly {
                working.tidy()?;
            }
            working.work_once()
        })
        .await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the jobs failed; they are tried again"),
            Err(error) => tracing::error!(%error, "the jobs were not started"),
        }
        ticks = ticks.wrapping_add(1);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
