//! The stream of events.

use super::page::PageAsk;
use super::session::Who;
use super::{App, AppResult};
use crate::clock::instant;
use zhenxing_api_types::event::{Event, Events};
use zhenxing_domain::policy::Action;
use zhenxing_storage::event;

impl App {
    /// The events after a position.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_events(&self, who: &Who, after: i64, ask: &PageAsk) -> AppResult<Events> {
        let scope = who.scope(Action::ReadEvents)?;
        let limit = ask.limit()?;
        let today = self.clock.today();
        let rows = self
            .db
            .read(|conn| event::after(conn, &scope, after, limit, today))?;
        let position = rows.last().map_or(after, |row| row.seq);
        let items = rows
            .into_iter()
            .map(|row| Event {
                seq: row.seq,
                kind: row.kind,
                subject: row.subject,
                unit: row.unit,
                at: instant(row.at),
            })
            .collect();
        Ok(Events { items, position })
    }
}
