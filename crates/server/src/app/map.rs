//! The map of the programme.

use super::once::Answer;
use super::session::Who;
use super::{App, AppError, AppResult};
use zhenxing_domain::policy::Action;

impl App {
    /// The map of a programme.
    ///
    /// # Errors
    /// `not_found` where the programme is not this one, or its package ships no map.
    pub fn get_programme_map(&self, who: &Who, code: &str) -> AppResult<Answer> {
        who.scope(Action::ReadProgramme)?;
        let map = self
            .map
            .as_ref()
            .filter(|_| self.package.programme.code == code)
            .ok_or_else(|| AppError::not_found("code", "地图", "map"))?;
        Ok(Answer::new(200, map)?.tagged(i64::from(self.package.programme.version)))
    }
}
