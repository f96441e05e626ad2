//! Where one can go: the groups of the left navigation, and the bar of a phone.

use crate::routes::Route;
use crate::state::Session;
use zhenxing_api_types::session::Action;

/// A page in the navigation.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its address.
    pub route: Route,
    /// Its name.
    pub name: String,
    /// Its name where there is little room.
    pub brief: String,
}

/// Pages under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The heading.
    pub name: String,
    /// The pages that who is signed in may use.
    pub places: Vec<Place>,
}

fn place(route: Route, name: String, brief: String) -> Place {
    Place { route, name, brief }
}

/// The groups with the pages that who is signed in may use; groups without any are left out.
pub fn groups(session: &Session) -> Vec<Group> {
    let mut work = vec![place(Route::Workbench, t!("workbench"), t!("workbench"))];
    if session.may(Action::ReadFigures) {
        work.push(place(Route::Overview, t!("overview"), t!("overview-brief")));
        work.push(place(
            Route::Statistics,
            t!("statistics"),
            t!("statistics-brief"),
        ));
    }
    if session.may(Action::ReadTasks) {
        work.push(place(Route::Tasks, t!("tasks"), t!("tasks-brief")));
    }
    let mut reporting = Vec::new();
    if session.may(Action::FillReports) {
        reporting.push(place(Route::Reports, t!("reports"), t!("reports-brief")));
    }
    if session.may(Action::CheckReports) || session.may(Action::ApproveReports) {
        reporting.push(place(Route::Review, t!("review"), t!("review-brief")));
    }
    if session.may(Action::ReadRecords) {
        reporting.push(place(Route::Ledgers, t!("ledgers"), t!("ledgers-brief")));
    }
    let own = vec![
        place(Route::Feedback, t!("feedback"), t!("feedback")),
        place(Route::Mine, t!("mine"), t!("mine-brief")),
    ];
    let all = [
        (t!("nav-work"), work),
        (t!("nav-reporting"), reporting),
        (t!("nav-admin"), admin(session)),
        (t!("nav-own"), own),
    ];
    let groups = all.into_iter().map(|(name, places)| Group { name, places });
    groups.filter(|group| !group.places.is_empty()).collect()
}

/// 系统管理
fn admin(session: &Session) -> Vec<Place> {
    let all = [
        (
            Action::ReadUsers,
            place(Route::Departments, t!("departments"), t!("departments")),
        ),
        (
            Action::ReadUsers,
            place(Route::Users, t!("users"), t!("users")),
        ),
        (
            Action::ManageUnits,
            place(Route::Units, t!("units"), t!("units")),
        ),
        (
            Action::ManageUnits,
            place(Route::Tags, t!("unit-tags"), t!("unit-tags")),
        ),
        (
            Action::ManagePeriods,
            place(Route::Periods, t!("periods"), t!("periods")),
        ),
        (
            Action::ManagePeriods,
            place(Route::Programme, t!("programme"), t!("programme")),
        ),
        (
            Action::ReadAudit,
            place(Route::Audit, t!("audit"), t!("audit")),
        ),
    ];
    let allowed = all.into_iter().filter(|(action, _)| session.may(*action));
    allowed.map(|(_, place)| place).collect()
}

/// The bar of a phone: at most four, the work first and one's own last.
pub fn bar(session: &Session) -> Vec<Place> {
    let all: Vec<Place> = groups(session)
        .into_iter()
        .flat_map(|group| group.places)
        .collect();
    // Who fills in has the ledgers beside the reports; who only reads and decides looks at the whole first.
    let wanted = if session.may(Action::FillReports) {
        [Route::Workbench, Route::Reports, Route::Ledgers]
    } else {
        [Route::Workbench, Route::Review, Route::Overview]
    };
    let further = [Route::Ledgers, Route::Review, Route::Overview];
    let wanted = wanted
        .iter()
        .chain(further.iter().filter(|route| !wanted.contains(route)));
    let find = |route: &Route| all.iter().find(|place| place.route == *route).cloned();
    let mut bar: Vec<Place> = wanted.filter_map(find).take(3).collect();
    bar.extend(find(&Route::Mine));
    bar
}
